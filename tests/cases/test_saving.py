"""Saving a page: one version, one entry, nothing lost where two save at once."""

from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.audit.models import Entry
from cr_app.audit.queries import replay
from cr_app.cases import journey
from cr_app.cases.actions.answers import (
    MOST_ROWS,
    Saved,
    StaleAnswers,
    add_row,
    change_row,
    keys_of,
    record_none,
    remove_row,
    row_digest,
    save_answers,
)
from cr_app.cases.models import Case, CaseOffence, ExceptionGrounds, OnceToken, Victim
from cr_app.cases.queries import rows_now
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


def asked(reference: str, slug: str, item: int | None = None) -> tuple[str, ...]:
    """Return the keys that a page asks of the case today."""
    return keys_of(journey.Page(slug, item), make.record(reference), on=timezone.localdate())


def test_a_page_of_the_journey_knows_its_keys(draft: str) -> None:
    assert asked(draft, "victim-safeguards", 1) == journey.VICTIM_SAFEGUARD_KEYS
    assert asked(draft, "no-such-page") == ()
    assert asked(draft, "rationale") == ("case.rationale",)
    assert asked(draft, "exception") == journey.STEP["exception"].keys


def test_who_waits_is_asked_with_the_rationale_where_every_case_needs_authority(cast: Cast) -> None:
    theirs = make.case(cast.kieran)
    assert asked(theirs, "rationale") == ("case.rationale", "case.detained_or_waiting")
    make.row(theirs, cast.kieran, "offence", make.offence(make.ROBBERY))
    assert asked(theirs, "rationale") == ("case.rationale",)
    assert asked(theirs, "exception")[0] == "grounds.indictable-only"


def grounds_of(reference: str) -> dict[str, str]:
    """Return the exceptional circumstances as the table holds them, by the exclusion's rule."""
    return dict(ExceptionGrounds.objects.filter(case__reference=reference).values_list("rule", "circumstances"))


def with_a_blade(officer: Officer) -> str:
    """Start a case that is excluded for its blade."""
    reference = make.case(officer)
    make.row(reference, officer, "offence", make.offence(make.KNIFE))
    make.answer(reference, officer, "incident", case__venue="none")
    return reference


def excluded(officer: Officer) -> str:
    """Start a case that is excluded for its blade and as a hate crime."""
    reference = with_a_blade(officer)
    make.answer(reference, officer, "circumstances", case__hate_crime=True)
    return reference


EXCEPTION = journey.Page("exception")


def save_exception(reference: str, officer: Officer, seen: str | None = None, **answers: Any) -> Saved:
    """Save the page of the exception; `hate_crime="…"` is the exclusion of that name, `advice` the question."""
    given = {
        f"case.{name}" if name in ("advice", "advice_from") else f"grounds.{name.replace('_', '-')}": value
        for name, value in answers.items()
    }
    told = make.seen(reference, EXCEPTION) if seen is None else seen
    return save_answers(reference, by=officer, page=EXCEPTION, answers=given, seen=told)


def test_the_grounds_of_two_exclusions_are_saved_at_once_in_one_entry_that_a_replay_retells(cast: Cast) -> None:
    reference = excluded(cast.amina)
    version = make.read(reference).version
    save_exception(reference, cast.amina, hate_crime="Said once.", weapon_or_blade="Forgotten.", advice="Fine.")
    assert grounds_of(reference) == {"hate-crime": "Said once.", "weapon-or-blade": "Forgotten."}
    assert make.read(reference).version == version + 1
    entry = Entry.objects.filter(event="case.answers_saved").latest("id")
    written = [change for change in entry.details["changes"] if change["row"] == "grounds"]
    assert [change["new"]["rule"] for change in written] == ["hate-crime", "weapon-or-blade"]
    save_exception(reference, cast.amina, hate_crime="Said once, and withdrawn.", weapon_or_blade="Forgotten.")
    entry = Entry.objects.filter(event="case.answers_saved").latest("id")
    (changed,) = [change for change in entry.details["changes"] if change["row"] == "grounds"]
    assert set(changed["new"]) == {"circumstances"}
    case = make.read(reference)
    assert replay(case.subject) == rows_now(case)


def test_grounds_are_never_emptied_and_the_refusal_says_so(cast: Cast) -> None:
    reference = excluded(cast.amina)
    save_exception(reference, cast.amina, hate_crime="Said once.")
    for nothing in ("", None):
        with pytest.raises(NotAllowed, match="Write the exceptional circumstances"):
            save_exception(reference, cast.amina, hate_crime=nothing, advice="Changed with it.")
    assert grounds_of(reference) == {"hate-crime": "Said once."}
    assert make.read(reference).advice is None


def test_grounds_saved_over_somebody_elses_are_stale_and_both_texts_are_still_there(cast: Cast) -> None:
    reference = excluded(cast.amina)
    seen = make.seen(reference, EXCEPTION)
    save_exception(reference, cast.amina, hate_crime="Theirs.")
    with pytest.raises(StaleAnswers) as refused:
        save_exception(reference, cast.amina, seen, hate_crime="Mine.")
    assert [each.circumstances for each in refused.value.record.grounds] == ["Theirs."]
    assert grounds_of(reference) == {"hate-crime": "Theirs."}


def test_an_exclusion_that_comes_while_the_page_is_open_does_not_make_it_stale(cast: Cast) -> None:
    reference = with_a_blade(cast.amina)
    seen = make.seen(reference, EXCEPTION)
    make.answer(reference, cast.amina, "circumstances", case__hate_crime=True)
    save_exception(reference, cast.amina, seen, weapon_or_blade="Forgotten.")
    assert grounds_of(reference) == {"weapon-or-blade": "Forgotten."}


def test_an_exclusion_that_ceases_to_apply_takes_its_question_away_and_keeps_what_was_written(cast: Cast) -> None:
    reference = excluded(cast.amina)
    save_exception(reference, cast.amina, hate_crime="Said once.", weapon_or_blade="Forgotten.")
    make.answer(reference, cast.amina, "circumstances", case__hate_crime=False)
    assert asked(reference, "exception")[:2] == ("grounds.weapon-or-blade", "case.investigation_team")
    with pytest.raises(NotAllowed, match="does not ask"):
        save_exception(reference, cast.amina, hate_crime="Changed.")
    make.answer(reference, cast.amina, "circumstances", case__hate_crime=True)
    assert asked(reference, "exception")[0] == "grounds.hate-crime"
    assert grounds_of(reference)["hate-crime"] == "Said once."
