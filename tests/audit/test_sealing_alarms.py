"""What somebody should look at is said while sealing goes on: late rows, a log held by another, a row met again."""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cr_app.audit import sealing
from cr_app.audit.sealer import Sealed
from cr_app.audit.sealing import BUSY, LATE, MET_AGAIN, Alarms, seal_continuously

GOOD = Sealed(added=1, size=9)
BUSY_ROUND = Sealed(added=0, size=9, is_busy=True)
MET = Sealed(added=0, size=9, has_met_again=True)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, settings: Any) -> list[float]:
    """A clock that stands where its one item says."""
    settings.TRAIL_LATE_SECONDS = 60
    now = [1000.0]
    monkeypatch.setattr("cr_app.audit.sealing.time.monotonic", lambda: now[0])
    return now


def test_a_log_that_another_holds_for_long_is_an_alarm(clock: list[float]) -> None:
    alarms = Alarms()
    said = []
    for _ in range(63):
        said += alarms.after(BUSY_ROUND)
        clock[0] += 1
    assert said == [BUSY]


def test_a_log_that_another_holds_now_and_then_is_none(clock: list[float]) -> None:
    alarms = Alarms()
    for round_number in range(300):
        assert alarms.after(GOOD if round_number % 50 == 49 else BUSY_ROUND) == []
        clock[0] += 1


def test_a_sentence_is_said_again_after_a_while_only(clock: list[float]) -> None:
    alarms = Alarms()
    late = Sealed(added=0, size=9, waiting_since=datetime.now(UTC) - timedelta(seconds=61))
    said = []
    for _ in range(130):
        said += alarms.after(MET) + alarms.after(late)
        clock[0] += 1
    assert (said.count(MET_AGAIN), said.count(LATE), len(said)) == (3, 3, 6)


def test_it_is_said_in_the_log(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(sealing, "check_role", lambda: None)
    monkeypatch.setattr(sealing, "seal", lambda: MET)
    rounds = iter([False, False, True])
    with caplog.at_level(logging.WARNING):
        seal_continuously(0.01, lambda _: next(rounds))
    assert [record.message for record in caplog.records] == [MET_AGAIN]
