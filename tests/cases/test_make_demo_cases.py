"""The demo's cases: varied, made by the actions, the same for a seed, and never made twice or outside the demo."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from cr_app.accounts.demo_cast import CAST
from cr_app.audit.queries import replay, timeline_of
from cr_app.cases.demo import figures
from cr_app.cases.demo.making import DemoCases
from cr_app.cases.demo.plans import ROUND, plan_of
from cr_app.cases.demo.stories import CANNABIS, DOMESTIC, PARLIAMENT, SPREE, STORIES
from cr_app.cases.judgement import exclusions_of
from cr_app.cases.models import Case, Offender, Signature, Victim
from cr_app.cases.queries import Record, rows_now
from cr_app.cases.queries.telling import still_to_tell
from cr_app.cases.questions import QUESTIONS, Kind
from cr_app.cases.wizard.forms.asked import field_of
from cr_app.policy.catalogue import shipped_catalogue
from tests.cast import Cast

WRITTEN = (Kind.TEXT, Kind.REFERENCE, Kind.LONG, Kind.NAME, Kind.POSTCODE, Kind.PHONE, Kind.EMAIL, Kind.PNC, Kind.CRO)


def made(cast: Cast, numbers: range, seed: int = 1) -> list[Case]:
    cases = DemoCases(cast.everybody(), seed=seed)
    references = [cases.make(number) for number in numbers]
    found = {case.reference: case for case in Case.objects.select_related("offender", "officer")}
    return [found[reference] for reference in references]


@pytest.mark.django_db
def test_a_round_holds_every_kind_of_case_and_each_has_its_trail(cast: Cast) -> None:
    cases = made(cast, range(len(ROUND)))
    standing = {case.status for case in cases}
    assert standing == {
        "draft",
        "ready",
        "awaiting_authority",
        "referred",
        "issued",
        "not_used",
        "withdrawn",
    }
    issued = [case for case in cases if case.status == "issued"]
    assert len(issued) >= 18
    untold = [case for case in issued if still_to_tell(Record(case))]
    assert 1 <= len(untold) <= len(issued) / 3, "most victims were told, and a few were not"
    by_scene = {ROUND[number][0].name: case for number, case in enumerate(cases)}
    assert by_scene["POLICE"].is_restricted
    assert by_scene["CO_OFFENDER"].copied_from_id == by_scene["ASSAULT"].pk
    assert by_scene["FIVE_OFFENCES"].offences.count() == 5
    assert by_scene["TWO_VICTIMS"].victims.filter(kind="organisation").count() == 1
    assert by_scene["TWO_VICTIMS"].victims.count() == 2
    assert by_scene["PARLIAMENT"].status == "issued"
    assert by_scene["KENT"].force_id == "46"
    assert Signature.objects.filter(role="appropriate_adult").count() >= 3
    assert by_scene["SAME_PERSON"].offender.pnc_id == by_scene["KNOWN"].offender.pnc_id
    handed_over = [case for case in cases if case.officer_id != case.recorded_by_id]
    assert [case.officer.warrant_number for case in handed_over] == [CAST["amina"].warrant_number]
    names = " ".join(case.offender.name for case in cases)
    assert "'" in names
    assert any(0x590 <= ord(letter) < 0x700 for letter in names)
    assert max(len(case.offender.name) for case in cases) > 100

    events = [{line.event for line in timeline_of(case.subject, limit=100).lines} for case in cases]
    everything = set().union(*events)
    assert {"case.copied", "case.sent_back", "case.reopened", "case.reassigned", "case.withdrawn"} <= everything
    for case in cases:
        assert replay(case.subject) == rows_now(case)


@pytest.mark.django_db
def test_every_case_that_awaits_authority_says_why_and_who_waits_and_not_all_say_the_same(cast: Cast) -> None:
    places = [number for number, (scene, _) in enumerate(ROUND) if scene.name in ("KNIFE", "DOMESTIC", "KENT")]
    cases = [case for seed in (1, 2) for number in places for case in made(cast, range(number, number + 1), seed)]
    waiting = [case for case in cases if case.status == "awaiting_authority"]
    assert len(waiting) >= 5
    assert {case.detained_or_waiting for case in waiting} == {True, False}
    for case in waiting:
        excluded = {rule.id for rule in exclusions_of(Record(case), on=timezone.localdate())}
        assert {grounds.rule for grounds in case.grounds.all()} == excluded
        assert bool(case.advice) == bool(excluded)
    assert len({case.advice_from for case in waiting if case.advice_from}) > 1


@pytest.mark.django_db
def test_what_is_made_is_what_the_pages_would_take(cast: Cast) -> None:
    made(cast, range(4, 30, 8))
    rows: list[tuple[str, Any]] = [("offender", row) for row in Offender.objects.all()]
    rows += [("victim", row) for row in Victim.objects.all()]
    rows += [("case", row) for row in Case.objects.all()]
    for name, row in rows:
        for question in QUESTIONS.values():
            value = getattr(row, question.field) if question.row == name and question.kind in WRITTEN else None
            if value:
                assert field_of(question, required=False).clean(value) == value, question.key


@pytest.mark.django_db
def test_the_same_seed_makes_the_same_people_and_another_makes_others(cast: Cast) -> None:
    assert [plan_of(3, number) for number in range(40)] == [plan_of(3, number) for number in range(40)]
    first, again, other = (made(cast, range(2), seed=seed) for seed in (7, 7, 8))
    assert [case.offender.name for case in first] == [case.offender.name for case in again]
    assert [case.offender.name for case in first] != [case.offender.name for case in other]
    assert [case.reference for case in first] != [case.reference for case in again]


def test_offences_follow_the_published_mix() -> None:
    assert set(STORIES) <= set(figures.offence_groups())
    drawn = [plan_of(5, number).story for number in range(4000) if ROUND[number % len(ROUND)][0].name == "ORDINARY"]
    drugs = sum(story in STORIES["Drug offences"] for story in drawn) / len(drawn)
    published = figures.offence_groups()["Drug offences"] / sum(figures.offence_groups().values())
    assert abs(drugs - published) < 0.05


def test_every_code_of_a_story_is_in_the_catalogue() -> None:
    told = [story for group in STORIES.values() for story in group] + [CANNABIS, DOMESTIC, PARLIAMENT]
    assert {story.code for story in told} | set(SPREE) <= set(shipped_catalogue())


@pytest.mark.django_db
def test_the_command_makes_cases_once_and_adds_only_when_told(cast: Cast) -> None:
    assert "Made 2 cases" in _said(cases=2)
    assert "none was made" in _said(cases=2)
    assert Case.objects.count() == 2
    assert "Made 1 cases" in _said(cases=1, more=True)
    assert Case.objects.count() == 3


@pytest.mark.django_db
def test_outside_the_demo_it_refuses_in_one_sentence(cast: Cast, settings: Any) -> None:
    settings.DEMO = False
    said = StringIO()
    with pytest.raises(SystemExit) as refused:
        call_command("make_demo_cases", cases=1, stderr=said)
    assert refused.value.code == 2
    assert said.getvalue().count("\n") == 1
    assert not Case.objects.exists()


def _said(**options: Any) -> str:
    said = StringIO()
    call_command("make_demo_cases", stdout=said, **options)
    return said.getvalue()
