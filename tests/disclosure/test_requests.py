"""Requests: what is taken in, changed and worked out, decisions on cells, totals published elsewhere; who may."""

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cr_app.audit.models import Entry
from cr_app.disclosure.actions.requests import (
    change_request,
    choose_cell,
    make_request,
    work_out_request,
)
from cr_app.disclosure.asked import BadRequest, Group
from cr_app.disclosure.models import CellChoice, WorkedOut
from cr_app.pages.refusals import AccessDenied, NotAllowed, Stale
from tests.cast import Cast, sign_in
from tests.disclosure.desk_work import few_cases, left, made
from tests.disclosure.working import THEFT, asked, history

pytestmark = pytest.mark.django_db


def events() -> list[str]:
    """Return what the trail has of requests, in its order."""
    return list(Entry.objects.filter(event__startswith="request.").order_by("pk").values_list("event", flat=True))


def table_of(worked_out: WorkedOut) -> dict[tuple[str, str], int | None]:
    """Return the values of what was worked out, by row and column."""
    table = json.loads(worked_out.content)["table"]
    return {
        (row, column): value
        for row, line in zip(table["rows"], table["values"], strict=True)
        for column, value in zip(table["columns"], line, strict=True)
    }


def test_a_request_is_the_next_part_of_its_reference_and_due_in_twenty_working_days(cast: Cast) -> None:
    first, second = made(cast.olivia), made(cast.olivia, years="financial")
    other = made(cast.olivia, reference="01.FOI.26.000002")
    assert [each.part for each in (first, second, other)] == [1, 2, 1]
    # Received on Monday 2 February 2026.
    assert first.due_on == date(2026, 3, 2)
    assert events() == ["request.made"] * 3


def test_a_double_click_makes_one_request_works_it_out_once_and_decides_once(cast: Cast) -> None:
    few_cases()
    first, again = made(cast.olivia), made(cast.olivia)
    assert first == again
    assert work_out_request(first.pk, by=cast.olivia) == work_out_request(first.pk, by=cast.sam)
    cell: dict[str, Any] = {
        "row": "Theft",
        "column": "Total",
        "is_withheld": True,
        "reason": "The local paper named a number.",
    }
    assert choose_cell(first.pk, by=cast.olivia, **cell) == choose_cell(first.pk, by=cast.olivia, **cell)
    assert events() == ["request.made", "request.worked_out", "request.cell_chosen"]


def test_after_a_minute_the_records_are_counted_anew(cast: Cast) -> None:
    few_cases()
    request = made(cast.olivia)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        first = work_out_request(request.pk, by=cast.olivia)
        history({("2021-06-02", THEFT): 7}, completed_at=timezone.now())
        clock.shift(timedelta(minutes=2))
        second = work_out_request(request.pk, by=cast.olivia)
    assert (second.pk != first.pk, second.extracted_at > first.extracted_at) == (True, True)
    assert (table_of(first)["Total", "Total"], table_of(second)["Total", "Total"]) == (82, 89)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"period_to": date(2099, 12, 31), "period_from": date(2098, 1, 1)}, "not ended"),
        ({"received_on": date(2099, 1, 1)}, "a day to come"),
        ({"groups": (Group("None", ("999/99",)),)}, "999/99"),
        ({"as_of": timezone.now() + timedelta(days=9)}, "moment to come"),
        ({"as_of": datetime(2021, 12, 31, 23, 59, tzinfo=UTC)}, "before the period was over"),
        ({"groups": (Group("Total", (THEFT,)),)}, "cannot be called"),
    ],
)
def test_what_cannot_be_answered_is_refused_with_a_sentence(cast: Cast, changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadRequest, match=sentence):
        make_request(asked(**changes), by=cast.olivia)
    request = made(cast.olivia)
    with pytest.raises(BadRequest, match=sentence):
        change_request(request.pk, asked(**changes), by=cast.olivia, seen=1)


def test_cases_are_counted_as_of_the_day_after_the_period_or_later(cast: Cast) -> None:
    # Local time: midnight in London, where days begin.
    assert make_request(asked(as_of=datetime(2022, 1, 1, tzinfo=UTC)), by=cast.olivia).pk


def test_a_period_that_ends_today_has_not_ended(cast: Cast) -> None:
    today = timezone.localdate()
    with pytest.raises(BadRequest, match="not ended"):
        make_request(asked(period_to=today), by=cast.olivia)
    assert make_request(asked(period_to=today - timedelta(days=1)), by=cast.olivia).pk


def test_nobody_without_the_duty_and_nobody_of_another_force(cast: Cast) -> None:
    few_cases()
    request = made(cast.olivia)
    works: list[Callable[[Any], object]] = [
        lambda by: make_request(asked(), by=by),
        lambda by: change_request(request.pk, asked(threshold=6), by=by, seen=1),
        lambda by: work_out_request(request.pk, by=by),
        lambda by: choose_cell(request.pk, by=by, row="Theft", column="2020", is_withheld=True, reason="x"),
    ]
    for name, officer in cast.everybody().items():
        if name not in ("olivia", "sam"):
            for work in works:
                with pytest.raises(NotAllowed):
                    work(officer)
    cast.sam.force = cast.kieran.force
    for work in works:
        with pytest.raises(AccessDenied):
            work(cast.sam)
    assert events() == ["request.made"]


def test_a_change_is_a_new_version_that_is_worked_out_anew(cast: Cast) -> None:
    few_cases()
    request = made(cast.olivia)
    before = work_out_request(request.pk, by=cast.olivia)
    assert change_request(request.pk, asked(), by=cast.sam, seen=1).version == 1
    changed = change_request(request.pk, asked(threshold=10), by=cast.sam, seen=1)
    assert (changed.version, changed.changed_by) == (2, cast.sam)
    with pytest.raises(Stale):
        change_request(request.pk, asked(threshold=7), by=cast.olivia, seen=1)
    after = work_out_request(request.pk, by=cast.olivia)
    assert after != before
    # 9 threats are small below 10, and not below 5.
    small = [
        [(each["row"], each["column"]) for each in worked_out.why["cells"] if "small" in each["reasons"]]
        for worked_out in (before, after)
    ]
    assert [("Threats", "2021") in cells for cells in small] == [False, True]
    (entry,) = Entry.objects.filter(event="request.changed")
    (change,) = entry.details["changes"]
    assert (change["old"]["threshold"], change["new"]["threshold"]) == (5, 10)


def test_a_person_opens_a_small_count_and_keeps_another_value_back(cast: Cast) -> None:
    few_cases()
    request = made(cast.olivia)
    first = work_out_request(request.pk, by=cast.olivia)
    assert table_of(first)["Threats", "2020"] is None
    decided: dict[str, Any] = {"by": cast.olivia, "reason": "It was in the force's own press release."}
    choose_cell(request.pk, row="Threats", column="2020", is_withheld=False, **decided)
    opened = work_out_request(request.pk, by=cast.olivia)
    assert None not in table_of(opened).values()
    assert table_of(opened)["Threats", "2020"] == 3
    choose_cell(request.pk, row="Total", column="Total", is_withheld=True, **decided)
    kept = work_out_request(request.pk, by=cast.olivia)
    assert table_of(kept)["Total", "Total"] is None
    (why,) = [each for each in kept.why["cells"] if (each["row"], each["column"]) == ("Total", "Total")]
    assert why["reasons"] == ["chosen"]
    assert why["high"] is None or why["high"] - why["low"] >= 5


def test_a_small_count_that_is_kept_back_too_is_one_cell_of_those_that_are_withheld(cast: Cast) -> None:
    few_cases()
    request, olivia = made(cast.olivia), sign_in(Client(), cast.olivia)
    for chosen in ((), ("Threats", "2020"), ("Total", "Total")):
        if chosen:
            choose_cell(request.pk, by=cast.olivia, row=chosen[0], column=chosen[1], is_withheld=True, reason="x")
        cells = work_out_request(request.pk, by=cast.olivia).why["cells"]
        page = olivia.get(reverse("foi_request", args=[request.pk])).content.decode()
        (sentence,) = re.findall(r"1 cell with a small count[^.<]*", page)
        assert sum(map(int, re.findall(r"(\d+) cell", sentence))) == len(cells)
        assert ("somebody keeps back" in sentence) == (chosen == ("Total", "Total"))


def test_a_value_that_only_protects_another_is_kept_back_and_stays_so_when_that_one_is_opened(cast: Cast) -> None:
    few_cases()
    request = made(cast.olivia)
    first = work_out_request(request.pk, by=cast.olivia)
    (place, *_) = [(each["row"], each["column"]) for each in first.why["cells"] if each["reasons"] == ["protects"]]
    decided: dict[str, Any] = {"by": cast.olivia, "reason": "The two are known in the village."}
    choose_cell(request.pk, row=place[0], column=place[1], is_withheld=True, **decided)
    kept = work_out_request(request.pk, by=cast.olivia)
    assert table_of(kept) == table_of(first)
    assert {(each["row"], each["column"]): each["reasons"] for each in kept.why["cells"]}[place] == ["chosen"]
    choose_cell(request.pk, row="Threats", column="2020", is_withheld=False, **decided)
    assert table_of(work_out_request(request.pk, by=cast.olivia))[place] is None
    # The control: without the decision it opens with what it protected.
    choose_cell(request.pk, row=place[0], column=place[1], is_withheld=None, **decided)
    assert table_of(work_out_request(request.pk, by=cast.olivia))[place] is not None


def test_a_decision_needs_a_reason_and_a_value_that_it_changes(cast: Cast) -> None:
    few_cases()
    request = made(cast.olivia)
    cell: dict[str, Any] = {
        "row": "Theft",
        "column": "Total",
        "is_withheld": True,
        "reason": "Asked for by the press office.",
    }
    with pytest.raises(BadRequest, match="Work the table out first"):
        choose_cell(request.pk, by=cast.olivia, **cell)
    work_out_request(request.pk, by=cast.olivia)
    for changed, sentence in (
        ({"reason": "  "}, "Say why"),
        ({"row": "Fraud"}, "no such value"),
        ({"column": "2019"}, "no such value"),
        ({"is_withheld": False}, "nothing to open"),
    ):
        with pytest.raises(BadRequest, match=sentence):
            choose_cell(request.pk, by=cast.olivia, **cell | changed)
    assert not CellChoice.objects.exists()


def test_what_is_kept_for_the_desk_has_no_count_that_is_withheld(cast: Cast) -> None:
    few_cases()
    worked_out = work_out_request(made(cast.olivia).pk, by=cast.olivia)
    for each in worked_out.why["cells"]:
        assert set(each) == {"row", "column", "reasons", "low", "high", "is_pinned"}
    assert Entry.objects.get(event="request.worked_out").details["digest"] == worked_out.digest


def test_nothing_of_a_released_request_changes(cast: Cast) -> None:
    few_cases()
    request = left(cast).request
    for work in (
        lambda: change_request(request.pk, asked(threshold=7), by=cast.olivia, seen=1),
        lambda: work_out_request(request.pk, by=cast.olivia),
        lambda: choose_cell(request.pk, by=cast.olivia, row="Theft", column="2020", is_withheld=True, reason="x"),
    ):
        with pytest.raises(NotAllowed, match="released"):
            work()
