"""Parts that several sheets have: where to ask, what happened when, the offences, an agreed action, how to complain."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cr_app.cases.documents.rulebook_words import rank
from cr_app.cases.documents.sheets import Block, Bullets, Fact, Facts, Heading, Language, Paragraph, Sheet
from cr_app.cases.documents.spoken import day, moment, pounds, typed_in, weekday
from cr_app.cases.documents.told import Told
from cr_app.cases.documents.veiling import Veil
from cr_app.cases.models import Correction
from cr_app.cases.queries import ActionStanding, Standing


@dataclass(frozen=True)
class Telling:
    """What is told, to whom and when: everything that words a sheet. `veil` is what its reader may not see."""

    told: Told
    language: Language
    at: datetime
    version: int
    veil: Veil

    @property
    def typed(self) -> str:
        """Return the language to mark typed words with."""
        return typed_in(self.language)

    def sheet(self, kind: str, reader: str, title: str, blocks: list[Block]) -> Sheet:
        """Return the sheet of these blocks, its foot saying what it is of which record."""
        reference = self.told.case.reference
        foot = _("%(title)s. Reference %(reference)s. Version %(version)d.") % {
            "title": title,
            "reference": reference,
            "version": self.version,
        }
        return Sheet(
            kind=kind,
            language=self.language,
            reader="child" if reader == "child" else "police" if reader == "police" else "adult",
            title=title,
            reference=reference,
            version=self.version,
            foot=foot,
            blocks=tuple(blocks),
        )


def when(telling: Telling) -> str:
    """Return when it happened: a moment, or from one to another; a day is named once."""
    case = telling.told.case
    began = moment(case.occurred_from) if case.occurred_from else ""
    if case.occurred_from is None or case.occurred_to in (None, case.occurred_from):
        return began
    first, last = (timezone.localtime(at) for at in (case.occurred_from, case.occurred_to) if at)
    if first.date() != last.date():
        return _("from %(began)s to %(ended)s") % {"began": began, "ended": moment(last)}
    return _("%(day)s, from %(began)s to %(ended)s") % {
        "day": day(first.date()),
        "began": f"{first:%H:%M}",
        "ended": f"{last:%H:%M}",
    }


def incident(telling: Telling) -> Facts:
    """Say when it happened and in which borough, as far as that is known."""
    rows = (Fact(_("When"), when(telling)), Fact(_("Where"), telling.told.case.borough or ""))
    return Facts("incident", tuple(row for row in rows if row.value))


def as_typed(telling: Telling) -> Paragraph:
    """Say that some words are the officer's own, and what square brackets stand for."""
    return Paragraph(
        "as_typed",
        _(
            "Some words here are shown as an officer typed them. Square brackets [ ] stand for a name or a detail left out."
        ),
    )


def offences(telling: Telling) -> Bullets:
    """List the offences by the names and the statutes of the catalogue, which are English."""
    return Bullets(
        "offence_list",
        tuple(
            f"{_before(offence.encouraging_or_assisting)}{offence.offence_type.title} ({offence.offence_type.statute})"
            for offence in telling.told.record.offences
        ),
        lang=telling.typed,
    )


def _before(is_encouraging: bool) -> str:
    return "Encouraging or assisting: " if is_encouraging else ""


def action(
    telling: Telling, standing: ActionStanding, place: int, *, what: Fact, labels: tuple[str, str], whom: str
) -> Facts:
    """Return one agreed action: what, in which words, how much, for whom, by when, and that it was done.

    `labels` are those of what exactly was agreed, and of the day; `whom` is "" where it need not be said.
    """
    exactly, by = labels
    agreed = standing.action
    rows = [what, Fact(exactly, telling.veil.known(agreed.undertaking), telling.typed)]
    if agreed.amount is not None:
        rows.append(Fact(_("Amount"), pounds(agreed.amount)))
    if whom:
        rows.append(Fact(pgettext("an action is done for somebody", "For"), whom))
    due = weekday(standing.due_on)
    if standing.due_on != standing.first_due_on:
        due = _("%(day)s (first agreed: %(first)s)") % {"day": due, "first": weekday(standing.first_due_on)}
    rows.append(Fact(by, due))
    if standing.standing is Standing.COMPLETED and standing.progress[-1].happened_on is not None:
        rows.append(Fact(_("Done on"), weekday(standing.progress[-1].happened_on)))
    return Facts(f"action_{place}", tuple(rows))


def contact(telling: Telling) -> list[Block]:
    """Say whom to contact: the officer, the unit, the force, the number of all police, the reference to give."""
    case = telling.told.case
    held = case.officer.rank_on(timezone.localdate(telling.at)).words
    return [
        Heading("contact", _("Who to contact")),
        Facts(
            "contact_rows",
            (
                Fact(_("Officer"), f"{rank(held)} {case.officer.warrant_number} {case.officer.name}"),
                Fact(_("Team"), case.unit.name, telling.typed),
                Fact(_("Police force"), case.force.name, telling.typed),
                Fact(_("Telephone"), _("101. In an emergency ring 999.")),
                Fact(_("Reference to give"), case.reference),
            ),
        ),
        Paragraph("formats", _("You can ask us for this in large print, in English or in Welsh.")),
    ]


def put_right(telling: Telling, mine: Callable[[Correction], bool]) -> list[Block]:
    """Say which names of the reader were put right since, and when; nothing where none was."""
    rows = tuple(
        Fact(
            _("Name put right on %(day)s") % {"day": day(timezone.localdate(each.at))},
            _("It said “%(old)s”. It should say “%(new)s”.") % {"old": each.old, "new": each.new},
        )
        for each in telling.told.corrections
        if mine(each)
    )
    return [Facts("put_right", rows)] if rows else []
