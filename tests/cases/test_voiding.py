"""Authority covers what was read: the change of any answer shown voids it, and is kept; nothing else does."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from cr_app.accounts.models import Unit
from cr_app.audit.models import Entry
from cr_app.audit.queries import replay, timeline_of
from cr_app.cases.actions import submission
from cr_app.cases.actions.answers import change_row, record_none, remove_row, row_digest, row_named
from cr_app.cases.actions.authority import record_crime_report_entry
from cr_app.cases.comparing import answers_in, changes_kept
from cr_app.cases.lifecycle import Status
from cr_app.cases.models import Void
from cr_app.cases.questions import ASKED, QUESTIONS, Kind
from tests import make, make_authority
from tests.cast import Cast

# Shown, and not answered here: the ages, the circumstance that the offence brings, what was asked. What makes the first
# two is tried itself; the last is nobody's to change.
DERIVED = {"offender.ages", "case.weapon_or_blade", ASKED}
# Not asked of this case: each is tried in one where it is.
ASKED_ELSEWHERE = {
    *("case.same_report_answer", "case.weapon_or_blade", "offender.estimated_age", "offender.warrant_number"),
}


def everything() -> make.Story:
    """Return a story that shows every answer that a case may show at once, two exclusions among it."""
    caution = {"kind": "caution", "given_on": make.birthday(2), "offence_code": make.SHOP_THEFT}
    return (
        make.knife_and_hate()
        .but(
            offences=(make.KNIFE, make.SHOP_THEFT),
            victims=(
                make.shop(warrant_number="9999"),
                make.person(
                    consulted=False,
                    reason_not_consulted="Abroad until March.",
                    agrees=False,
                    departure_reason="Little value.",
                    mental_health_concern=True,
                    warrant_number="9998",
                ),
            ),
            actions=(
                make.apology(),
                make.apology(remedy="financial-compensation", undertaking="Pay it back", amount=Decimal("12.40")),
            ),
            disposals=(caution,),
            victim_safeguards=make.safeguards("victim", appropriate_adult_to=make.hours_ago(1)),
        )
        .answering(
            {
                "case.occurred_to": make.hours_ago(2),
                "case.has_earlier_disposals": True,
                "case.venue": "houses-of-parliament",
                "case.visitor_from_abroad": False,
                "case.lawful_at_home": False,
                "offender.born_on": make.birthday(15),
                "offender.estimated_age_reason": "Said so.",
                "offender.email": "jade@example.org",
                "offender.pnc_id": "2003/0011985X",
                "offender.cro_number": "10/03A",
                "offender.mental_health_concern": True,
                "offender.interpreter": True,
                "offender.interpreter_language": "Welsh",
                "offender.appropriate_adult_to": make.hours_ago(1),
            }
        )
    )


def otherwise(key: str, value: Any, cast: Cast) -> Any:
    """Return another answer to the same question."""
    if key == "case.unit":
        return Unit.objects.filter(force_id="01").exclude(pk=cast.amina.unit_id).latest("pk").pk
    question = QUESTIONS.get(key)
    if question is not None and question.kind is Kind.CHOICE and question.choices:
        return next(choice.value for choice in question.choices if choice.value != value)
    special = {
        "case.venue": "none",
        "offender.self_defined_ethnicity": "A1",
        "offender.officer_defined_ethnicity": "IC3",
        "offender.appropriate_adult_is": "victim",
    }
    if key in special:
        return special[key]
    match value:
        case bool():
            return not value
        case datetime():
            return value + timedelta(minutes=10)
        case date():
            return value - timedelta(days=1)
        case int() | Decimal():
            return value + 1
        case _:
            return f"{value}2"


@pytest.fixture
def reopened(cast: Cast) -> str:
    """A case with everything in it that was authorised and then reopened: nothing is voided yet."""
    reference = make.submitted(cast.amina, everything())
    make_authority.returned(reference, cast.priya)
    make_authority.answered(reference, cast.amina)
    make.submit_it(reference, cast.amina)
    make_authority.granted(reference, cast.priya)
    record_crime_report_entry(reference, by=cast.amina, entry_reference="DETS 14")
    submission.reopen(reference, by=cast.amina)
    return reference


def is_voided(reference: str) -> bool:
    """Tell whether the authority of a case is void, and every trace of it as it should be."""
    case, voids = make.read(reference), Void.objects.filter(case__reference=reference)
    if case.authority_decision is not None:
        assert not voids.exists()
        return False
    void = voids.get()
    assert (case.authority_rank, case.authority_by, case.authority_snapshot) == (None, None, None)
    assert case.crime_report_entry_reference is None
    assert (void.kind, void.given_rank, void.voided_by) == ("authority", "Inspector", case.changed_by)
    assert changes_kept(void.changed)
    assert Entry.objects.filter(subject=case.subject).latest("id").details["voided"] == "the authority given"
    return True


def test_the_change_of_any_answer_shown_voids_the_authority(cast: Cast, reopened: str) -> None:
    record = make.record(reopened)
    rows: dict[str, Any] = {"case": record.case, "offender": record.offender}
    shown = answers_in(make.frozen(reopened).content)
    tried, survived = set(), []
    for answer in shown:
        row, _, field = answer.key.partition(".")
        if answer.key in DERIVED or row in ("offence", "action", "disposal"):
            continue
        tried.add(answer.key)
        with make.undone():
            if row == "grounds":
                new: Any = "Something else."
                make.answer(reopened, cast.amina, answer.slug, **{answer.key: new})
            elif row in rows or answer.slug == "victim-safeguards":
                held = rows.get(row) or row_named(record, row, answer.item or 0)
                is_key = field == "unit" or field.endswith("_defined_ethnicity")
                new = otherwise(answer.key, getattr(held, f"{field}_id" if is_key else field), cast)
                make.answer(reopened, cast.amina, answer.slug, answer.item, **{answer.key: new})
            else:
                _change_a_row(reopened, cast, row, answer.item or 0, field)
            if not is_voided(reopened):
                survived.append(answer.key)
    assert survived == []
    assert {answer.key for answer in shown} - tried - DERIVED == {
        "offence.offence_type",
        "action.undertaking",
        "disposal.kind",
    }
    # Whatever a case may be asked is among them, but for what is asked of other cases only.
    asked = {key for key in QUESTIONS if key.partition(".")[0] in ("case", "offender", "victim")}
    assert asked - tried == ASKED_ELSEWHERE


def test_the_change_of_an_answer_that_only_other_cases_are_asked_voids_the_authority(cast: Cast) -> None:
    someone = {"offender.born_on": None, "offender.estimated_age": 40}
    tries = {
        "case.same_report_answer": (make.knife(), "same-report", None),
        "case.weapon_or_blade": (make.domestic(), "circumstances", True),
        "offender.estimated_age": (make.knife().answering(someone), "offender", 41),
        "offender.warrant_number": (make.police_knife(), "offender-details", "5556"),
    }
    assert set(tries) == ASKED_ELSEWHERE
    make.complete(cast.tom, make.knife())
    for key, (story, slug, value) in tries.items():
        with make.undone():
            reference = make.submitted(cast.amina, story)
            if key == "offender.warrant_number":
                make_authority.found_suitable(reference, cast.yusuf)
            make_authority.granted(reference, cast.priya)
            submission.reopen(reference, by=cast.amina)
            make.answer(reference, cast.amina, slug, None, **{key: value})
            assert Void.objects.filter(kind="authority").count() == 1, key
            assert make.read(reference).authority_decision is None


def _change_a_row(reference: str, cast: Cast, row: str, pk: int, field: str) -> None:
    held = row_named(make.record(reference), row, pk)
    key = "victim_id" if field == "victim" else field
    answers = {field: otherwise(f"{row}.{field}", getattr(held, key), cast)}
    change_row(reference, by=cast.amina, row=row, pk=pk, answers=answers, seen=row_digest(held, tuple(answers)))


@pytest.mark.parametrize(
    ("row", "field", "value"),
    [
        ("action", "remedy", "behaviour-agreement"),
        ("action", "undertaking", "Something else"),
        ("action", "amount", Decimal("12.41")),
        ("action", "due_on", timezone.localdate() + timedelta(days=15)),
        ("disposal", "kind", "other"),
        ("disposal", "given_on", make.birthday(3)),
        ("disposal", "offence_code", None),
    ],
)
def test_the_change_of_any_part_of_a_row_voids_the_authority(
    cast: Cast, reopened: str, row: str, field: str, value: Any
) -> None:
    record = make.record(reopened)
    rows: dict[str, Any] = {"action": record.actions[-1], "disposal": record.disposals[0]}
    held = rows[row]
    assert getattr(held, field) != value
    seen = row_digest(held, (field,))
    change_row(reopened, by=cast.amina, row=row, pk=held.pk, answers={field: value}, seen=seen)
    assert is_voided(reopened)


ROW_CHANGES: dict[str, Callable[[str, Cast], object]] = {
    "another offence": lambda case, cast: make.row(case, cast.amina, "offence", make.offence("149/00")),
    "one offence less": lambda case, cast: _remove(case, cast, "offences"),
    "another victim": lambda case, cast: make.row(case, cast.amina, "victim", make.person(last_names="Third")),
    "one victim less": lambda case, cast: _remove(case, cast, "victims"),
    "another action": lambda case, cast: make.row(case, cast.amina, "action", make.apology(undertaking="Sweep up")),
    "the same action twice": lambda case, cast: make.row(case, cast.amina, "action", make.apology()),
    "one action less": lambda case, cast: _remove(case, cast, "actions"),
    "another disposal": lambda case, cast: make.row(
        case, cast.amina, "disposal", {"kind": "caution", "given_on": make.birthday(3), "offence_code": None}
    ),
    "one disposal less": lambda case, cast: _remove(case, cast, "disposals"),
    "an action for a victim": lambda case, cast: _change_a_row_to(case, cast),
}


def _remove(reference: str, cast: Cast, name: str) -> object:
    row = getattr(make.record(reference), name)[-1]
    return remove_row(reference, by=cast.amina, row=name.removesuffix("s"), pk=row.pk)


def _change_a_row_to(reference: str, cast: Cast) -> object:
    record = make.record(reference)
    action, victim = record.actions[0], record.victims[0]
    seen = row_digest(action, ("victim",))
    return change_row(reference, by=cast.amina, row="action", pk=action.pk, answers={"victim": victim}, seen=seen)


@pytest.mark.parametrize("name", ROW_CHANGES)
def test_a_row_added_or_removed_voids_the_authority(cast: Cast, reopened: str, name: str) -> None:
    ROW_CHANGES[name](reopened, cast)
    assert is_voided(reopened)


def test_saying_that_there_is_none_voids_what_covered_somebody(cast: Cast) -> None:
    reference = make.submitted(cast.amina, make.knife())
    make_authority.granted(reference, cast.priya)
    submission.reopen(reference, by=cast.amina)
    with make.undone():
        make.row(reference, cast.amina, "victim", make.shop())
        assert is_voided(reference)
    with make.undone():
        _remove(reference, cast, "actions")
        assert is_voided(reference)
        record_none(reference, by=cast.amina, row="action")
        assert Void.objects.count() == 1


def test_a_void_says_which_answer_was_changed_from_what_to_what_and_by_whom(cast: Cast, reopened: str) -> None:
    make.answer(reopened, cast.amina, "rationale", case__rationale="Another reason.")
    void = Void.objects.get()
    (changed,) = changes_kept(void.changed)
    assert (changed.question, changed.new) == (QUESTIONS["case.rationale"].text, "Another reason.")
    assert changed.old == make.shop_theft().answers["case.rationale"]
    assert (void.given_by, void.voided_by, void.snapshot) == (cast.priya, cast.amina, make.frozen(reopened))
    sentence = timeline_of(make.read(reopened).subject).lines[0].sentence
    assert "PC Amina Khan saved Rationale; this voided the authority given" in sentence.replace("Constable", "PC")


def test_an_action_in_another_place_is_the_same_action(cast: Cast, reopened: str) -> None:
    first = make.record(reopened).actions[0]
    remove_row(reopened, by=cast.amina, row="action", pk=first.pk)
    (changed,) = changes_kept(Void.objects.get().changed)
    assert changed.question == "Agreed action"
    assert (first.undertaking in changed.old, changed.new) == (True, "")


# What voids nothing


def test_nothing_is_voided_by_reopening_and_submitting_unchanged_and_it_is_ready_at_once(
    cast: Cast, reopened: str
) -> None:
    same = make.read(reopened).rationale
    make.answer(reopened, cast.amina, "rationale", case__rationale=same)
    assert make.submit_it(reopened, cast.amina) is Status.READY
    case = make.read(reopened)
    assert (case.authority_decision, case.crime_report_entry_reference) == ("granted", "DETS 14")
    assert not Void.objects.exists()
    assert make.issue_it(reopened, cast.amina) is None


def test_an_answer_that_no_page_shows_voids_nothing(cast: Cast) -> None:
    story = make.knife().answering({"case.venue": "none"})
    reference = make.submitted(cast.amina, story)
    make_authority.granted(reference, cast.priya)
    submission.reopen(reference, by=cast.amina)
    # At no listed venue: whether the visitor came from abroad is not shown.
    make.answer(reference, cast.amina, "venue-arrangement", case__visitor_from_abroad=True)
    assert not is_voided(reference)


def test_a_hand_over_voids_nothing_and_never_leads_to_who_decided(cast: Cast) -> None:
    reference = make.submitted(cast.amina, make.knife())
    make_authority.granted(reference, cast.priya)
    for decided in (cast.priya,):
        with pytest.raises(submission.NoSuchOfficer, match="has decided"):
            submission.reassign(reference, by=cast.grace, to=decided.warrant_number, reason="Leave.")
    submission.reassign(reference, by=cast.grace, to=cast.marcus.warrant_number, reason="Leave.")
    assert make.read(reference).unit == cast.marcus.unit
    submission.reopen(reference, by=cast.marcus)
    with make.undone():
        make.answer(reference, cast.marcus, "rationale", case__rationale="Another reason.")
        assert is_voided(reference)
        (changed,) = changes_kept(Void.objects.get().changed)
        assert changed.new == "Another reason."
    assert make.submit_it(reference, cast.marcus) is Status.READY
    assert not is_voided(reference)


def test_who_returned_or_refused_is_not_handed_the_case_either(cast: Cast) -> None:
    reference = make.submitted(cast.amina, make.knife())
    make_authority.returned(reference, cast.priya)
    with pytest.raises(submission.NoSuchOfficer, match="has decided"):
        submission.reassign(reference, by=cast.grace, to=cast.priya.warrant_number, reason="Leave.")
    submission.reassign(reference, by=cast.grace, to=cast.helen.warrant_number, reason="Leave.")


# What changes by itself


def test_a_birthday_between_voids_on_submitting_and_says_so_first(cast: Cast) -> None:
    story = make.knife().answering({"offender.born_on": make.birthday(30, tomorrow=True)})
    reference = make.submitted(cast.amina, story)
    make_authority.granted(reference, cast.priya)
    submission.reopen(reference, by=cast.amina)
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        review = submission.prepare_review(make.read(reference), on=timezone.localdate())
        (voided,) = review.voided
        assert [change.question for change in voided.changed] == ["Age"]
        assert make.submit_it(reference, cast.amina) is Status.AWAITING_AUTHORITY
    assert is_voided(reference)


def test_another_case_of_the_same_person_voids_on_submitting_and_not_at_issue(cast: Cast) -> None:
    story = make.knife().answering({"offender.pnc_id": "2003/0011985X"})
    issued, submitted = (make.submitted(cast.amina, story.but(report=f"{number}/26")) for number in (1, 2))
    for reference in (issued, submitted):
        make_authority.granted(reference, cast.priya)
        record_crime_report_entry(reference, by=cast.amina, entry_reference="DETS 14")
    submission.reopen(submitted, by=cast.amina)
    make.issued(cast.tom, make.shop_theft().but(report="3/26").answering({"offender.pnc_id": "2003/0011985X"}))
    assert make.issue_it(issued, cast.amina) is None
    assert not Void.objects.exists()
    assert make.submit_it(submitted, cast.amina) is Status.AWAITING_AUTHORITY
    assert is_voided(submitted)


# Both at once, and again


def test_a_change_voids_suitability_and_authority_together_in_one_entry(cast: Cast) -> None:
    reference = make.submitted(cast.amina, make.police_knife())
    make_authority.found_suitable(reference, cast.yusuf)
    make_authority.granted(reference, cast.priya)
    submission.reopen(reference, by=cast.amina)
    make.answer(reference, cast.amina, "rationale", case__rationale="Another reason.")
    assert sorted(Void.objects.values_list("kind", flat=True)) == ["authority", "suitability"]
    entry = Entry.objects.filter(subject=f"case:{reference}").latest("id")
    assert entry.details["voided"] == "the authority given and the finding of suitability"
    assert make.submit_it(reference, cast.amina) is Status.REFERRED
    assert make_authority.found_suitable(reference, cast.yusuf) is Status.AWAITING_AUTHORITY
    assert make_authority.granted(reference, cast.helen) is Status.READY
    submission.reopen(reference, by=cast.amina)
    make.answer(reference, cast.amina, "rationale", case__rationale="A third reason.")
    assert Void.objects.count() == 4


def test_what_is_void_is_found_in_the_trail_as_the_tables_have_it(cast: Cast, reopened: str) -> None:
    make.answer(reopened, cast.amina, "rationale", case__rationale="Another reason.")
    void = Void.objects.get()
    kept = replay(make.read(reopened).subject)
    assert kept["void", str(void.pk)]["changed"] == void.changed
    assert json.loads(void.changed)[0]["new"] == "Another reason."
    case = kept["case", str(make.read(reopened).pk)]
    assert (case["authority_decision"], case["crime_report_entry_reference"]) == (None, None)
