"""A story recorded again as it was recorded before: the same rows and the same entries, with nothing judged anew.

To judge every page of a case takes a tenth of a second, and most tests only want a case to begin with. So the first
case of a kind in each process goes page by page through the actions; what they wrote is then read from its trail, and
the next case of that kind has the same written, with the answers of its own story, through the same `Changes`. Two
cases are of one kind where whatever a judgement may look at is the same: day, rulebook, answers, offence types as they
are now, earlier cases of the person. The tokens of forms, which stop a second click, are not kept again.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.forms import model_to_dict
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.audit.models import Entry
from cr_app.cases.actions.changes import Changes
from cr_app.cases.judgement import rulebook_for
from cr_app.cases.models import AgreedAction, Case, CaseOffence, EarlierDisposal, ExceptionGrounds, Offender, Victim
from cr_app.cases.queries.earlier import EarlierCase, earlier_cases_of
from cr_app.cases.queries.records import cases_to_change
from cr_app.reference.models import OffenceType
from tests.make_stories import Answers, Story

_MODELS: dict[str, type[Victim] | type[CaseOffence] | type[EarlierDisposal] | type[AgreedAction]] = {
    "victim": Victim,
    "offence": CaseOffence,
    "disposal": EarlierDisposal,
    "action": AgreedAction,
}
_OF_EVERY_SAVE = {"version", "changed_at", "changed_by_id"}


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
    rows = rows_of(story)
    with transaction.atomic():
        case = cases_to_change().get(reference=reference)
        victims: list[Victim] = []
        for written in _written[kind]:
            changes = Changes(case, by=officer, at=timezone.now())
            for change in written.changes:
                _write(changes, change, story, rows, victims)
            changes.record(written.event, details=dict(written.details))
    return True


def _write(
    changes: Changes,
    change: Mapping[str, Any],
    story: Story,
    rows: Mapping[str, Sequence[Answers]],
    victims: list[Victim],
) -> None:
    """Write one change of a row with what this story tells."""
    name, new, case = change["row"], change["new"], changes.case
    if change["operation"] == "create":
        if name == ExceptionGrounds.ROW:
            told = story.answers[f"grounds.{new['rule']}"]
            changes.create(ExceptionGrounds(case=case, rule=new["rule"], circumstances=told))
            return
        position = new["position"]
        row = _MODELS[name](case=case, position=position, **rows[name][position - 1])
        changes.create(row)
        if isinstance(row, Victim):
            victims.append(row)
        return
    columns = [column for column in new if column not in _OF_EVERY_SAVE]
    if name == "victim":
        # Only the page of safeguards changes a victim, in the order in which they were added.
        victim = next(each for each in victims if each.capacity_evident is None and each.mental_health_concern)
        changes.update(victim, **{column: story.victim_safeguards[f"victim.{column}"] for column in columns})
    elif columns:
        row_told = {column: story.answers.get(_key(name, column), new[column]) for column in columns}
        changes.update(case if name == "case" else case.offender, **row_told)


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
