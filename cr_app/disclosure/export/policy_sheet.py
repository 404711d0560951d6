"""The policy as an answer in files that leave: a CSV of one line a statement, and a tagged PDF of the same words."""

import csv
import hashlib
import io
from collections.abc import Iterator

from cr_app.cases.documents.pdf import pdf_of
from cr_app.cases.documents.sheets import Block, Bullets, Fact, Facts, Heading, Paragraph, Sheet
from cr_app.disclosure.export.plain import guarded
from cr_app.disclosure.notes import day_of
from cr_app.disclosure.policy_answer import ADVICE, BESIDE_OFFENCES, LINKS, Change, Edition, PolicyAnswer, RuleTold

HEADER = ("part", "title", "text", "who may authorise", "offence types", "source")
POLICY, EDITIONS, ADVISING = "The policy", "The policy and its updates", "Advice and assistance"
Line = tuple[str, str, str, str, str, str]


def policy_csv(answer: PolicyAnswer) -> bytes:
    """Return the answer as CSV, written as the tables of releases are: every cell is text that no spreadsheet runs."""
    written = io.StringIO()
    lines = csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    lines.writerow(HEADER)
    lines.writerows([[guarded(cell) for cell in line] for line in lines_of(answer)])
    text = written.getvalue()
    return text.encode("ascii" if text.isascii() else "utf-8-sig")


def policy_pdf(answer: PolicyAnswer) -> bytes:
    """Return the answer as a tagged PDF/UA-1 on A4: the same bytes for the same answer."""
    return pdf_of(sheet_of(answer))


def file_digest(content: bytes) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def title_of(answer: PolicyAnswer) -> str:
    """Return the title of the answer: whose policy it is."""
    return f"{answer.force_name}: policy on Community Resolutions"


def in_force(edition: Edition) -> str:
    """Return from when to when a rulebook is in force, in words."""
    if edition.last_day is None:
        return f"In force from {day_of(edition.begins)}"
    return f"In force from {day_of(edition.begins)} to {day_of(edition.last_day)}"


def changed_since(answer: PolicyAnswer) -> str:
    """Return the heading over what is otherwise than before."""
    if answer.is_first:
        return "What it adds to the rules that it extends"
    return "What changed since the policy before"


def changes_lead(answer: PolicyAnswer) -> str:
    """Return what the policy is compared with, and that nothing changed where nothing did."""
    if not answer.compared_with:
        return "It is the first of this force, and it extends no other rules."
    lead = f"Compared with: {answer.compared_with}."
    return lead if answer.changes or answer.restated else f"{lead} Nothing changed."


def change_text(change: Change) -> str:
    """Return what a change did, in words."""
    if change.before and change.after:
        return f"Before: {change.before} Now: {change.after}"
    return change.after or f"Before: {change.before}"


def lines_of(answer: PolicyAnswer) -> Iterator[Line]:
    """Yield every statement of the answer as the CSV has it, in the order of the page."""
    yield (POLICY, answer.edition.title, f"{in_force(answer.edition)}.", "", "", _joined(answer.edition.sources))
    for section in answer.sections:
        for rule in section.rules:
            says = rule.says
            yield (section.title, rule.title, says, rule.authority, _joined(rule.offences), rule.source)
    yield (POLICY, "Offence types", BESIDE_OFFENCES, "", "", "")
    for change in answer.changes:
        yield (changed_since(answer), f"{change.what}: {change.title}", change_text(change), "", "", "")
    for title in answer.restated:
        yield (changed_since(answer), f"Restated: {title}", "As before, under another source.", "", "", "")
    for edition in answer.editions:
        yield (EDITIONS, edition.title, f"{in_force(edition)}.", "", "", _joined(edition.sources))
    yield (ADVISING, "Section 16", ADVICE, "", "", "")
    for link in LINKS:
        yield (ADVISING, link.title, link.what, "", "", link.address)


def sheet_of(answer: PolicyAnswer) -> Sheet:
    """Return the answer as a sheet, in the order of the page."""
    title = title_of(answer)
    return Sheet(
        kind="policy",
        language="en",
        reader="adult",
        title=title,
        reference=answer.edition.name,
        version=1,
        foot=f"{title}, on {day_of(answer.on)}",
        blocks=tuple(_blocks(answer)),
    )


def _blocks(answer: PolicyAnswer) -> Iterator[Block]:
    yield Paragraph("in-force", f"{answer.edition.title}. {in_force(answer.edition)}.")
    for place, section in enumerate(answer.sections):
        yield Heading(f"section-{place}", section.title)
        yield Paragraph(f"lead-{place}", section.lead)
        yield Facts(f"rules-{place}", tuple(Fact(rule.title, _rule_words(rule)) for rule in section.rules))
    yield Heading("offences", "Offence types that the rules are about")
    yield Paragraph("beside-offences", BESIDE_OFFENCES)
    bringing = (
        rule for section in answer.sections if section.is_not_suitable for rule in section.rules if rule.offences
    )
    yield Facts("offence-types", tuple(Fact(rule.title, "\n".join(rule.offences)) for rule in bringing))
    yield Heading("changes", changed_since(answer))
    yield Paragraph("compared-with", changes_lead(answer))
    if answer.changes:
        rows = tuple(Fact(f"{change.what}: {change.title}", change_text(change)) for change in answer.changes)
        yield Facts("changed", rows)
    if answer.restated:
        yield Paragraph("restated", restated_words(answer))
    yield Heading("editions", EDITIONS)
    yield Facts("edition-list", tuple(Fact(each.title, _edition_words(each)) for each in answer.editions))
    yield Heading("advice", ADVISING)
    yield Paragraph("advice-words", ADVICE)
    yield Bullets("links", tuple(f"{link.title}. {link.what} {link.address}" for link in LINKS))


def restated_words(answer: PolicyAnswer) -> str:
    """Return which rules stand as before under another source, in a sentence; "" where there are none."""
    if not answer.restated:
        return ""
    count = len(answer.restated)
    return (
        f"{count} rule{'s' if count > 1 else ''} restated under another source, as before: {_joined(answer.restated)}."
    )


def _rule_words(rule: RuleTold) -> str:
    authority = f"\nAuthority: {rule.authority}." if rule.authority else ""
    return f"{rule.says}{authority}\nSource: {rule.source}."


def _edition_words(edition: Edition) -> str:
    return f"{in_force(edition)}.\nSources: {_joined(edition.sources)}."


def _joined(texts: tuple[str, ...]) -> str:
    return "; ".join(texts)
