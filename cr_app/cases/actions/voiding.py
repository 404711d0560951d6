"""What authority and suitability cover: the answers of a snapshot. The first that changes voids them, and is kept."""

from collections.abc import Collection
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from cr_app.cases.actions.changes import Changes
from cr_app.cases.comparing import (
    BY_ITSELF,
    INTEREST_DECLARED,
    UNIT,
    ChangedAnswer,
    Shown,
    answers_in,
    asked_since,
    changes_between,
    kept_of,
    open_pages_in,
)
from cr_app.cases.judgement import rulebook_for
from cr_app.cases.models import Case, Snapshot, Void
from cr_app.cases.queries import Record
from cr_app.cases.review import review_of
from cr_app.cases.situation import situation_of

_AUTHORITY = (
    *("authority_decision", "authority_rank", "authority_is_substantive", "authority_number", "authority_by"),
    *("authority_at", "authority_snapshot"),
    # The entry on the crime report tells of this authority: another one needs an entry of its own.
    "crime_report_entry_reference",
)
_SUITABILITY = tuple(f"professional_standards_{name}" for name in ("decision", "by", "at", "snapshot"))


@dataclass(frozen=True)
class Cover:
    """Authority, or suitability, that a case holds: what it covers, who gave it as what, and when."""

    kind: str
    words: str
    snapshot: Snapshot
    given_by_id: int
    given_rank: str
    given_at: datetime
    columns: tuple[str, ...]
    # Of the entry that the crime report carries of it, where one was made.
    entry_reference: str = ""


@dataclass(frozen=True)
class Voided:
    """A cover that counts no more, and the answers that it covered and that differ now, or what else took it away."""

    cover: Cover
    changed: tuple[ChangedAnswer, ...]


def covers_of(case: Case) -> tuple[Cover, ...]:
    """Return what a case holds that a change of an answer would void: authority granted, suitability found."""
    found = []
    if case.authority_decision == "granted" and case.authority_snapshot and case.authority_by_id and case.authority_at:
        found.append(
            Cover(
                kind=Void.AUTHORITY,
                words="the authority given",
                snapshot=case.authority_snapshot,
                given_by_id=case.authority_by_id,
                given_rank=case.authority_rank or "",
                given_at=case.authority_at,
                columns=_AUTHORITY,
                entry_reference=case.crime_report_entry_reference or "",
            )
        )
    by, at = case.professional_standards_by_id, case.professional_standards_at
    if case.professional_standards_decision == "suitable" and case.professional_standards_snapshot and by and at:
        found.append(
            Cover(
                kind=Void.SUITABILITY,
                words="the finding of suitability",
                snapshot=case.professional_standards_snapshot,
                given_by_id=by,
                given_rank="",
                given_at=at,
                columns=_SUITABILITY,
            )
        )
    return tuple(found)


def void_what_changed(changes: Changes, record: Record) -> None:
    """Void what covered an answer that this save changes; `record` is the case with the save's answers.

    What changes by itself does not count here but on submitting, and the unit only where the save itself changes it.
    """
    covers = covers_of(changes.case)
    if not covers:
        return
    leaving_out = BY_ITSELF if changes.touches_case("unit_id") else BY_ITSELF | {UNIT}
    shown = _shown(record, on=timezone.localdate(changes.at))
    make_void(changes, _voided(covers, shown, leaving_out))


def voided_by_submitting(case: Case, shown: Collection[Shown]) -> tuple[Voided, ...]:
    """Return what submitting a case as it is shown voids: what changed by itself counts too, a hand-over never does."""
    return _voided(covers_of(case), shown, {UNIT})


def void_what_was_given_by(changes: Changes) -> tuple[Cover, ...]:
    """Void what the officer of these changes gave, who has an interest in the case; return what that was."""
    given = tuple(cover for cover in covers_of(changes.case) if cover.given_by_id == changes.by.pk)
    make_void(changes, [Voided(cover, (INTEREST_DECLARED,)) for cover in given])
    return given


def make_void(changes: Changes, voided: Collection[Voided]) -> None:
    """Keep a row for each thing voided, take it from the case, and have the entry say so."""
    for each in voided:
        cover = each.cover
        changes.create(
            Void(
                case=changes.case,
                kind=cover.kind,
                snapshot=cover.snapshot,
                given_by_id=cover.given_by_id,
                given_rank=cover.given_rank,
                given_at=cover.given_at,
                voided_by=changes.by,
                voided_at=changes.at,
                changed=kept_of(each.changed),
                entry_reference=cover.entry_reference,
            )
        )
        changes.update(changes.case, **dict.fromkeys(cover.columns))
    if voided:
        changes.tell("voided", " and ".join(each.cover.words for each in voided))


def without(record: Record, voided: Collection[Voided]) -> Record:
    """Return a record for judging alone, as if what is voided had never been given."""
    if not voided:
        return record
    case = copy(record.case)
    for each in voided:
        for column in each.cover.columns:
            setattr(case, column, None)
    return Record(case)


def _voided(covers: Collection[Cover], shown: Collection[Shown], leaving_out: Collection[str]) -> tuple[Voided, ...]:
    found = []
    for cover in covers:
        content = cover.snapshot.content
        covered = answers_in(content)
        changed = changes_between(
            covered,
            shown,
            leaving_out={*leaving_out, *asked_since(covered, shown)},
            open_before=open_pages_in(content) if cover.kind == Void.SUITABILITY else (),
        )
        if changed:
            found.append(Voided(cover, changed))
    return tuple(found)


def _shown(record: Record, *, on: date) -> tuple[Shown, ...]:
    rulebook = rulebook_for(record.case.force_id, on=on)
    sections = review_of(record, rulebook, situation_of(record, rulebook, on=on), on=on)
    return tuple(answer for section in sections for answer in section.answers)
