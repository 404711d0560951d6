"""Saving a page: one version, one entry, nothing lost where two save at once."""

from typing import Any
from uuid import uuid4

import pytest

from cr_app.audit.models import Entry
from cr_app.cases import journey
from cr_app.cases.actions.answers import (
    MOST_ROWS,
    StaleAnswers,
    add_row,
    change_row,
    keys_of,
    record_none,
    remove_row,
    row_digest,
    save_answers,
)
from cr_app.cases.models import Case, CaseOffence, OnceToken, Victim
from cr_app.pages.refusals import AccessDenied, NotAllowed, Stale
from tests import make
from tests.cast import Cast

SERIOUSNESS = journey.Page("seriousness")


@pytest.fixture
def draft(cast: Cast) -> str:
    """A draft of Amina Khan's in which nothing is answered."""
    return make.case(cast.amina)


def entries(reference: str) -> list[str]:
    """Return the events of the case's entries, oldest first."""
    return list(Entry.objects.filter(subject=f"case:{reference}").order_by("id").values_list("event", flat=True))


def test_a_save_writes_one_entry_and_one_version_and_the_same_again_nothing(cast: Cast, draft: str) -> None:
    assert (make.read(draft).version, entries(draft)) == (1, ["case.started"])
    make.answer(draft, cast.amina, "seriousness", case__evidence_sufficient=True, case__gravity_score=2)
    after = make.read(draft)
    assert (after.version, after.evidence_sufficient, after.gravity_score) == (2, True, 2)
    assert entries(draft) == ["case.started", "case.answers_saved"]
    make.answer(draft, cast.amina, "seriousness", case__evidence_sufficient=True, case__gravity_score=2)
    again = make.read(draft)
    assert (again.version, again.changed_at) == (2, after.changed_at)
    assert entries(draft) == ["case.started", "case.answers_saved"]


def test_an_entry_names_what_changed_with_old_and_new_and_nothing_else(cast: Cast, draft: str) -> None:
    make.answer(draft, cast.amina, "seriousness", case__evidence_sufficient=True)
    make.answer(draft, cast.amina, "seriousness", case__evidence_sufficient=False, case__less_serious=None)
    entry = Entry.objects.filter(event="case.answers_saved").latest("id")
    (change,) = entry.details["changes"]
    assert {
        name: change["old"][name] for name in change["new"] if name not in {"version", "changed_at", "verdict"}
    } == {"evidence_sufficient": True}
    assert (change["new"]["evidence_sufficient"], entry.details["step"]) == (False, "seriousness")


def test_a_stale_save_is_refused_and_both_values_are_still_there(cast: Cast, draft: str) -> None:
    seen = make.seen(draft, SERIOUSNESS)
    make.answer(draft, cast.amina, "seriousness", case__gravity_score=2)
    with pytest.raises(StaleAnswers) as refused:
        save_answers(draft, by=cast.amina, page=SERIOUSNESS, answers={"case.gravity_score": 4}, seen=seen)
    assert refused.value.record.case.gravity_score == 2
    assert "Amina Khan" in refused.value.sentence
    assert make.read(draft).gravity_score == 2
    fresh = make.seen(draft, SERIOUSNESS)
    save_answers(draft, by=cast.amina, page=SERIOUSNESS, answers={"case.gravity_score": 4}, seen=fresh)
    assert make.read(draft).gravity_score == 4


def test_saving_what_is_already_there_is_never_stale(cast: Cast, draft: str) -> None:
    seen = make.seen(draft, SERIOUSNESS)
    make.answer(draft, cast.amina, "seriousness", case__gravity_score=2)
    save_answers(draft, by=cast.amina, page=SERIOUSNESS, answers={"case.gravity_score": 2}, seen=seen)
    assert make.read(draft).version == 2


def test_answers_of_another_page_do_not_conflict(cast: Cast, draft: str) -> None:
    seen = make.seen(draft, SERIOUSNESS)
    make.answer(draft, cast.amina, "rationale", case__rationale="Small, and admitted.")
    save_answers(draft, by=cast.amina, page=SERIOUSNESS, answers={"case.gravity_score": 4}, seen=seen)
    case = make.read(draft)
    assert (case.rationale, case.gravity_score, case.version) == ("Small, and admitted.", 4, 3)


def test_a_page_takes_its_own_questions_alone(cast: Cast, draft: str) -> None:
    seen = make.seen(draft, SERIOUSNESS)
    with pytest.raises(NotAllowed, match="does not ask"):
        save_answers(draft, by=cast.amina, page=SERIOUSNESS, answers={"case.rationale": "x"}, seen=seen)
    assert make.read(draft).version == 1


def test_only_its_officer_saves_and_only_a_draft(cast: Cast) -> None:
    reference = make.submitted(cast.amina)
    before = make.read(reference).version
    for officer, error in (
        (cast.amina, NotAllowed),  # it is no draft any more
        (cast.tom, NotAllowed),  # of the unit: may see it with a reason
        (cast.kieran, AccessDenied),  # of another force
        (cast.colin, AccessDenied),  # an administrator sees no case
    ):
        with pytest.raises(error):
            make.answer(reference, officer, "seriousness", case__gravity_score=5)
    assert make.read(reference).version == before


def test_starting_twice_with_one_form_starts_one_case(cast: Cast) -> None:
    from cr_app.cases.actions.start import start_case

    told: dict[str, Any] = {"by": cast.amina, "unit_id": cast.amina.unit_id, "token": uuid4()}
    first = start_case(crime_report_reference="1/26", **told)
    assert start_case(crime_report_reference="1/26", **told) == first
    assert Case.objects.count() == 1
    assert entries(first) == ["case.started"]
    with pytest.raises(Stale):
        start_case(crime_report_reference="2/26", **told)
    with pytest.raises(Stale):
        start_case(crime_report_reference="1/26", **{**told, "by": cast.tom})
    assert start_case(crime_report_reference="1/26", **{**told, "token": uuid4()}) != first


def test_a_case_is_started_by_a_recording_officer_in_a_unit_of_the_force(cast: Cast) -> None:
    from cr_app.cases.actions.start import start_case

    for officer, unit_id in ((cast.ruth, cast.ruth.unit_id), (cast.amina, cast.kieran.unit_id), (cast.amina, 0)):
        with pytest.raises(NotAllowed):
            start_case(by=officer, crime_report_reference="1/26", unit_id=unit_id, token=uuid4())
    assert not Case.objects.exists()
    assert not OnceToken.objects.exists()


def test_adding_a_row_twice_with_one_form_adds_one(cast: Cast, draft: str) -> None:
    token = uuid4()
    _, first = add_row(draft, by=cast.amina, row="victim", answers=make.shop(), token=token)
    answers = {**make.shop(), "consulted_at": Victim.objects.get().consulted_at}
    _, again = add_row(draft, by=cast.amina, row="victim", answers=answers, token=token)
    assert (first, Victim.objects.count()) == (again, 1)
    assert entries(draft).count("case.row_added") == 1
    with pytest.raises(Stale):
        add_row(draft, by=cast.amina, row="victim", answers=make.person(), token=token)
    assert Victim.objects.count() == 1


def test_a_case_holds_a_bounded_number_of_rows(cast: Cast, draft: str) -> None:
    case = make.read(draft)
    Victim.objects.bulk_create(Victim(case=case, position=place) for place in range(1, MOST_ROWS))
    make.row(draft, cast.amina, "victim", make.shop())
    with pytest.raises(NotAllowed, match=f"at most {MOST_ROWS}"):
        make.row(draft, cast.amina, "victim", make.shop())
    assert Victim.objects.count() == MOST_ROWS


def test_an_offence_is_listed_once_but_encouraging_it_is_another(cast: Cast, draft: str) -> None:
    make.row(draft, cast.amina, "offence", make.offence())
    with pytest.raises(NotAllowed, match="already listed"):
        make.row(draft, cast.amina, "offence", make.offence())
    make.row(draft, cast.amina, "offence", make.offence(encouraging_or_assisting=True))
    assert CaseOffence.objects.count() == 2


def test_a_row_is_changed_by_whoever_saw_it_last(cast: Cast, draft: str) -> None:
    pk = make.row(draft, cast.amina, "victim", make.shop())
    fields = tuple(make.shop())
    seen = row_digest(Victim.objects.get(), fields)
    theirs = {**make.shop(), "organisation_name": "Archway Stores"}
    change_row(draft, by=cast.amina, row="victim", pk=pk, answers=theirs, seen=seen)
    mine = {**make.shop(), "organisation_name": "Tufnell Stores"}
    with pytest.raises(StaleAnswers):
        change_row(draft, by=cast.amina, row="victim", pk=pk, answers=mine, seen=seen)
    assert Victim.objects.get().organisation_name == "Archway Stores"
    fresh = row_digest(Victim.objects.get(), fields)
    change_row(draft, by=cast.amina, row="victim", pk=pk, answers=mine, seen=fresh)
    assert Victim.objects.get().organisation_name == "Tufnell Stores"


def test_a_row_of_another_case_is_not_there(cast: Cast, draft: str) -> None:
    other = make.case(cast.amina, report="9/26")
    pk = make.row(other, cast.amina, "victim", make.shop())
    with pytest.raises(AccessDenied):
        change_row(draft, by=cast.amina, row="victim", pk=pk, answers=make.shop(), seen="")
    remove_row(draft, by=cast.amina, row="victim", pk=pk)
    assert Victim.objects.filter(pk=pk).exists()


def test_a_victim_an_action_is_for_stays_until_the_action_goes(cast: Cast, draft: str) -> None:
    victim = make.row(draft, cast.amina, "victim", make.shop())
    action = make.row(draft, cast.amina, "action", make.apology(victim_id=victim))
    with pytest.raises(NotAllowed, match="An agreed action is for this victim"):
        remove_row(draft, by=cast.amina, row="victim", pk=victim)
    remove_row(draft, by=cast.amina, row="action", pk=action)
    remove_row(draft, by=cast.amina, row="victim", pk=victim)
    assert not Victim.objects.exists()
    version = make.read(draft).version
    remove_row(draft, by=cast.amina, row="victim", pk=victim)
    assert make.read(draft).version == version


def test_an_action_is_for_a_victim_of_the_same_case(cast: Cast, draft: str) -> None:
    other = make.case(cast.amina, report="9/26")
    stranger = make.row(other, cast.amina, "victim", make.shop())
    with pytest.raises((NotAllowed, AccessDenied)):
        make.row(draft, cast.amina, "action", make.apology(victim_id=stranger))
    mine = make.row(draft, cast.amina, "victim", make.shop())
    make.row(draft, cast.amina, "action", make.apology(victim_id=mine))


@pytest.mark.parametrize(
    ("name", "column", "answers"),
    [("victim", "has_no_victim", make.shop), ("action", "has_no_actions", make.apology)],
)
def test_none_said_and_then_one_added_is_not_none(
    cast: Cast, draft: str, name: str, column: str, answers: "type[make.Answers]"
) -> None:
    record_none(draft, by=cast.amina, row=name)
    version = make.read(draft).version
    record_none(draft, by=cast.amina, row=name)
    assert (getattr(make.read(draft), column), make.read(draft).version) == (True, version)
    pk = make.row(draft, cast.amina, name, answers())
    assert getattr(make.read(draft), column) is None
    with pytest.raises(NotAllowed, match="Remove those listed first"):
        record_none(draft, by=cast.amina, row=name)
    remove_row(draft, by=cast.amina, row=name, pk=pk)
    record_none(draft, by=cast.amina, row=name)
    assert getattr(make.read(draft), column) is True


def test_a_page_of_the_journey_knows_its_keys() -> None:
    assert keys_of(journey.Page("victim-safeguards", 1)) == journey.VICTIM_SAFEGUARD_KEYS
    assert keys_of(journey.Page("no-such-page")) == ()
