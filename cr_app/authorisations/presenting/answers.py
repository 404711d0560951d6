"""What was submitted, in the order in which whoever decides reads it: what happened, the exception, the rules, the rest."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cr_app.authorisations.queries.snapshots import exclusions_among, titles_in
from cr_app.cases import journey
from cr_app.cases.comparing import earlier_named
from cr_app.policy.findings import APPLIES, LIFTED, UNMET
from cr_app.policy.rulebook import NoRulebook, rulebook_named

Card = dict[str, Any]
TitledAnswers = tuple[str, list[Mapping[str, Any]]]

# The page of the exception: its grounds, then whose advice was sought, and whether somebody waits.
_EXCEPTION = "exception"
_GROUNDS = "grounds."
_HAPPENED_SLUGS = frozenset({"incident", "offences"})
_HISTORY_SLUGS = frozenset({"history", "disposals", "same-report"})
_DECIDING = frozenset({APPLIES, UNMET, LIFTED})
_STATES = {
    "applies": ("Applies", "orange"),
    "unmet": ("Not met", "red"),
    "lifted": ("Lifted", "turquoise"),
    "met": ("Met", "green"),
    "clear": ("Does not apply", "grey"),
    "not_asked": ("Not asked", "grey"),
}


@dataclass(frozen=True)
class RuleCard:
    """One rule as it stood when the case was submitted."""

    title: str
    state: str
    colour: str
    says: str
    source: str
    rests_on: str = ""


@dataclass(frozen=True)
class Submitted:
    """The parts of a snapshot as the page shows them."""

    happened: tuple[Card, ...]
    grounds: tuple[Card, ...]
    advice: tuple[Card, ...]
    history: tuple[Card, ...]
    others: tuple[Card, ...]
    deciding: tuple[RuleCard, ...]
    other_rules: tuple[RuleCard, ...]
    offences: tuple[str, ...]
    exclusions: tuple[str, ...]
    rulebook: str
    # Pages that were not answered yet: only an early referral leaves any.
    left_open: tuple[str, ...] = ()
    # The references of other cases that something is told of.
    earlier_cases: tuple[str, ...] = ()


def submitted_in(content: str) -> Submitted:
    """Return what a snapshot's text holds, sorted for reading; nothing of it is left out."""
    kept = json.loads(content)
    titles = titles_in(kept["rulebook"])
    findings = kept["findings"]
    sections = kept["sections"]
    asked = [answer for section in sections for answer in section["answers"] if answer["slug"] == _EXCEPTION]
    grounds = [answer for answer in asked if answer["key"].startswith(_GROUNDS)]
    rest = [(section["title"], answers) for section in sections if (answers := _besides_exception(section))]
    return Submitted(
        happened=_cards(each for each in rest if _slug_of(each) in _HAPPENED_SLUGS),
        grounds=_cards([("Exceptional circumstances", grounds)]),
        advice=_cards([("The advice sought", [answer for answer in asked if answer not in grounds])]),
        history=_cards(each for each in rest if _slug_of(each) in _HISTORY_SLUGS),
        others=_cards(each for each in rest if _slug_of(each) not in _HAPPENED_SLUGS | _HISTORY_SLUGS),
        deciding=tuple(_rule(each, titles) for each in findings if each["state"] in _DECIDING),
        other_rules=tuple(_rule(each, titles) for each in findings if each["state"] not in _DECIDING),
        offences=tuple(f"{kind['title']} ({kind['code']}), {kind['statute']}" for kind in kept["offence_types"]),
        exclusions=exclusions_among(findings, titles),
        rulebook=_policy(kept["rulebook"]),
        left_open=tuple(dict.fromkeys(_page_title(slug) for slug, _ in kept.get("open", []))),
        earlier_cases=earlier_named(
            (answer["key"], answer["question"]) for section in sections for answer in section["answers"]
        ),
    )


def _besides_exception(section: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [answer for answer in section["answers"] if answer["slug"] != _EXCEPTION]


def _slug_of(titled: TitledAnswers) -> str:
    return str(titled[1][0]["slug"])


def _cards(sections: Iterable[TitledAnswers]) -> tuple[Card, ...]:
    return tuple(
        {"title": title, "rows": [{"key": answer["question"], "value": answer["answer"]} for answer in answers]}
        for title, answers in sections
        if answers
    )


def _page_title(slug: str) -> str:
    step = journey.step_named(slug)
    return step.title if step is not None else slug.replace("-", " ").capitalize()


def _policy(rulebook: str) -> str:
    try:
        return rulebook_named(rulebook).title
    except NoRulebook:
        return rulebook


def _rule(finding: Mapping[str, str], titles: Mapping[str, str]) -> RuleCard:
    state, colour = _STATES.get(finding["state"], (finding["state"], "grey"))
    title = titles.get(finding["rule"], finding["rule"])
    return RuleCard(title, state, colour, finding["says"], finding["source"])
