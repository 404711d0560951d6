"""The demo's cases that were followed up: one of every kind, by the actions, never made twice."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.audit.queries import replay
from cr_app.cases.demo.clock import NotTheDemo, days_ago
from cr_app.cases.demo.following import EXAMPLES, make_follow_ups
from cr_app.cases.models import Case, Correction, Document, SigningRefusal
from cr_app.cases.presenting.calendar import who_is_untold
from cr_app.cases.queries import Record, rows_now
from cr_app.cases.queries.follow_up import Scope, When, open_actions_read, to_follow_up, untold_read
from cr_app.pages.refusals import AccessDenied
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _demo(settings: Any) -> None:
    settings.DEMO = True


def test_every_kind_is_there_with_its_trail_and_something_to_follow_up_and_a_second_start_adds_nothing(
    cast: Cast,
) -> None:
    assert make_follow_ups(cast.everybody()) == len(EXAMPLES)
    cases = list(Case.objects.select_related("offender"))
    statuses = sorted(case.status for case in cases)
    assert statuses == ["completed", "issued", "issued", "issued", "not_complied", "ready", "rescinded"]
    assert SigningRefusal.objects.get().case.status == "ready"
    correction = Correction.objects.get()
    assert {each.version for each in Document.objects.filter(case=correction.case)} == {1, 2}
    for case in cases:
        assert replay(case.subject) == rows_now(case)

    # Amina has something overdue with a changed date, and somebody to tell.
    scope, today = Scope(cast.amina), timezone.localdate()
    overdue = open_actions_read(to_follow_up(scope).actions(When.OVERDUE, on=today))
    assert any(each.due_on != each.first_due_on for each in overdue)
    untold = [who_is_untold(each) for each in untold_read(to_follow_up(scope).cases)]
    assert "Victims 2 and 3 of 3 not told of the decision" in untold
    three = next(case for case in cases if len(Record(case).victims) == 3)
    assert {action.victim_id for action in Record(three).actions} == {victim.pk for victim in Record(three).victims}

    said = StringIO()
    call_command("make_demo_follow_ups", stdout=said)
    assert said.getvalue() == f"All {len(EXAMPLES)} cases that were followed up are here already.\n"
    assert Case.objects.count() == len(EXAMPLES)


def test_a_story_that_cannot_be_told_to_its_end_leaves_nothing_and_is_told_at_the_next_start(cast: Cast) -> None:
    # The rescission is the fourth story: nobody may rescind while the Inspector has no role.
    roles = cast.priya.roles
    Officer.objects.filter(pk=cast.priya.pk).update(roles=[])
    with pytest.raises(AccessDenied):
        make_follow_ups(cast.everybody() | {"priya": Officer.objects.get(pk=cast.priya.pk)})
    assert Case.objects.count() == 3
    Officer.objects.filter(pk=cast.priya.pk).update(roles=roles)
    assert make_follow_ups(cast.everybody()) == len(EXAMPLES) - 3
    assert Case.objects.filter(status="rescinded").count() == 1


def test_the_clock_goes_back_in_the_demo_only_and_comes_back(cast: Cast, settings: Any) -> None:
    now = timezone.now()
    with days_ago(3):
        assert (now - timezone.now()).days in (2, 3)
    assert timezone.now() >= now
    settings.DEMO = False
    with pytest.raises(NotTheDemo), days_ago(3):
        pass
