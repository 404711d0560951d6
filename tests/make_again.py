"""A story recorded again as it was recorded before: the same rows and the same entries, with nothing judged anew.

To judge every page of a case takes a tenth of a second, and most tests only want a case to begin with. So the first
case of a kind in each process goes page by page through the actions; what they wrote is then read from its trail, and
the next case of that kind has the same written at once, with the answers of its own story. Two cases are of one kind
where whatever a judgement may look at is the same: day, rulebook, answers, offence types as they are now, earlier cases
of the person. The tokens of forms, which stop a second click, are not kept again.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.forms import model_to_dict
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.audit import trail
from cr_app.audit.models import Entry, EntryPersonal
from cr_app.cases.judgement import rulebook_for
from cr_app.cases.models import AgreedAction, Case, CaseOffence, EarlierDisposal, ExceptionGrounds, Offender, Victim
from cr_app.cases.queries.earlier import EarlierCase, earlier_cases_of
from cr_app.cases.queries.records import cases_to_change
from cr_app.cases.rows import CaseRow, personal_columns, value_kept, values_of
from cr_app.reference.models import OffenceType
from tests.make_stories import Answers, Story

_MODELS: dict[str, type[Victim] | type[CaseOffence] | type[EarlierDisposal] | type[AgreedAction]] = {
    "victim": Victim,
    "offence": CaseOffence,
    "disposal": EarlierDisposal,
    "action": AgreedAction,
}


@dataclass(frozen=True)
class Written:
    """One entry of a case's trail: what happened, what it told, and which rows were changed in which columns."""

    event: str
    details: Mapping[str, object]
    changes: Sequence[Mapping[str, Any]]


_written: dict[Hashable, tuple[Written, ...]] = {}


def rows_of(story: Story) -> dict[str, Sequence[Answers]]:
    """Return the rows that a story tells, by the name of the row."""
    return {
        "offence": [
            {"offence_type": OffenceType.objects.get(code=code), "encouraging_or_assisting": False}
            for code in story.offences
        ],
        "disposal": story.disposals,
        "victim": story.victims,
        "action": story.actions,
    }


def kind_of(officer: Officer, story: Story) -> Hashable:
    """Return what stands for all that a judgement of the story would look at, were it recorded now by this officer."""
    today = timezone.localdate()
    earlier = _earlier(officer, story)
    return (
        today,
        officer.force_id,
        rulebook_for(officer.force_id, on=today).name,
        _shape(story.answers),
        _shape(story.victim_safeguards),
        tuple((name, tuple(map(_shape, rows))) for name, rows in rows_of(story).items()),
        any(each.is_same_report and not each.is_restricted for each in earlier),
        tuple((each.given_on, each.offence_codes) for each in earlier if each.counts),
    )


def learn(kind: Hashable, reference: str) -> None:
    """Keep what a case of this kind, recorded page by page to its last one, had written after its start."""
    entries = Entry.objects.filter(subject=f"case:{reference}").order_by("pk")[1:]
    _written[kind] = tuple(
        Written(
            entry.event,
            {name: told for name, told in entry.details.items() if name not in ("changes", "version")},
            entry.details["changes"],
        )
        for entry in entries
    )


def record_as_before(kind: Hashable, reference: str, officer: Officer, story: Story) -> bool:
    """Write a draft that was just started to its last page, as one of its kind was; False where there was none yet."""
    if kind not in _written:
        return False
    with transaction.atomic():
        writing = _Writing(cases_to_change().get(reference=reference), officer, story)
        for written in _written[kind]:
            writing.write(written)
        writing.keep()
    return True


class _Writing:
    """One case being recorded again: each row and each entry as an action leaves it, kept in the tables in the end.

    `Changes` and `trail.record` would go to the tables at every page: three times for each, and that is most of the time.
    """

    def __init__(self, case: Case, officer: Officer, story: Story) -> None:
        """Start from a draft in which nothing is answered."""
        self.case = case
        self.officer = officer
        self.story = story
        self.rows = rows_of(story)
        self.victims: list[Victim] = []
        self.touched: dict[CaseRow, set[str]] = {}
        self.entries: list[Entry] = []
        self.apart: list[EntryPersonal] = []

    def write(self, written: Written) -> None:
        """Change what one action changed, with what this story tells, and make its entry."""
        at = timezone.now()
        changes = [
            self._create(change) if change["operation"] == "create" else self._update(change, at)
            for change in written.changes
        ]
        entry, apart = trail.entry_of(
            written.event,
            actor=self.officer.as_actor(),
            subject=self.case.subject,
            changes=changes,
            details={"version": self.case.version, **written.details},
            at=at,
        )
        self.entries.append(entry)
        self.apart += apart

    def keep(self) -> None:
        """Save the rows that were changed and add the entries, in the order in which they were made."""
        for row, columns in self.touched.items():
            row.save(update_fields=columns)
        Entry.objects.bulk_create(self.entries)
        EntryPersonal.objects.bulk_create(self.apart)

    def _create(self, change: Mapping[str, Any]) -> trail.Change:
        name, new = change["row"], change["new"]
        row: CaseRow
        if name == ExceptionGrounds.ROW:
            told = self.story.answers[f"grounds.{new['rule']}"]
            row = ExceptionGrounds(case=self.case, rule=new["rule"], circumstances=told)
        else:
            position = new["position"]
            row = _MODELS[name](case=self.case, position=position, **self.rows[name][position - 1])
        row.save(force_insert=True)
        if isinstance(row, Victim):
            self.victims.append(row)
        return trail.Change("create", row.ROW, str(row.pk), new=values_of(row), personal=personal_columns(row))

    def _update(self, change: Mapping[str, Any], at: datetime) -> trail.Change:
        row, told = self._row_and_told(change["row"], change["new"])
        told |= {"version": self.case.version + 1, "changed_at": at, "changed_by_id": self.officer.pk}
        old = {column: value_kept(getattr(row, column)) for column in change["new"]}
        for column in old:
            setattr(row, column, told[column])
        self.touched.setdefault(row, set()).update(old)
        new = {column: value_kept(told[column]) for column in old}
        return trail.Change("update", row.ROW, str(row.pk), new=new, old=old, personal=personal_columns(row))

    def _row_and_told(self, name: str, new: Mapping[str, Any]) -> tuple[CaseRow, dict[str, Any]]:
        """Return the row that an update is of, and what the story tells of the columns; else what was written before."""
        if name == "victim":
            # Only the page of safeguards changes a victim, in the order in which they were added.
            victim = next(each for each in self.victims if each.capacity_evident is None and each.mental_health_concern)
            return victim, {column: self.story.victim_safeguards[f"victim.{column}"] for column in new}
        row = self.case if name == "case" else self.case.offender
        return row, {column: self.story.answers.get(_key(name, column), was) for column, was in new.items()}


def _key(row: str, column: str) -> str:
    return f"{row}.{column.removesuffix('_id') if column.endswith('_ethnicity_id') else column}"


def _earlier(officer: Officer, story: Story) -> Sequence[EarlierCase]:
    """Return the earlier cases of the person whom the story is about, as the case will find them."""
    case = Case(pk=0, force_id=officer.force_id, crime_report_reference=story.report)
    known = ("pnc_id", "cro_number", "last_names", "born_on")
    case.offender = Offender(**{name: story.answers.get(f"offender.{name}") for name in known})
    return earlier_cases_of(case)


def _shape(told: object) -> Hashable:
    """Return what judging may look at in an answer: of a moment its day, of an offence type all its columns."""
    if isinstance(told, Mapping):
        return tuple((name, _shape(value)) for name, value in told.items())
    if isinstance(told, OffenceType):
        return _shape(model_to_dict(told))
    if isinstance(told, datetime):
        return timezone.localdate(told)
    assert isinstance(told, Hashable), told
    return told
