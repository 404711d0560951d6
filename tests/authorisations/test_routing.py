"""Whom to ask: tables of who is there, and who is then asked."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from cr_app.authorisations.routing import MOST_ROUNDS, Asked, Candidate, due_at, round_at, whom_to_ask

CAMDEN, LAMBETH = 1, 2


def inspector(
    pk: int, unit: int = CAMDEN, *, on: bool = False, away: bool = False, cover: int | None = None, may: bool = True
) -> Candidate:
    """Return an officer of a unit: on duty, away, with a cover, eligible."""
    return Candidate(pk, unit, is_eligible=may, is_on_duty=on, is_absent=away, covered_by=cover)


@dataclass(frozen=True)
class Line:
    """Who is there, who was asked, how often the target has passed, and who is then asked, for whom."""

    name: str
    candidates: tuple[Candidate, ...]
    wanted: dict[int, int | None]
    now_round: int = 0
    asked: tuple[Asked, ...] = ()
    kind: str = "authority"


PRIYA, HELEN = inspector(1, on=True), inspector(2, LAMBETH, on=True)
TABLE = (
    Line("on duty in the unit before others", (PRIYA, HELEN, inspector(3)), {1: None}),
    Line("all who are on duty in the unit", (PRIYA, inspector(3, on=True), HELEN), {1: None, 3: None}),
    Line("nobody on duty in the unit: on duty in the force", (inspector(1), HELEN), {2: None}),
    Line("nobody on duty: every eligible officer", (inspector(1), inspector(2, LAMBETH)), {1: None, 2: None}),
    Line("the only Inspector is conflicted", (inspector(1, on=True, may=False),), {}),
    Line("nobody has the role", (), {}),
    Line(
        "the unit's is conflicted: the force's",
        (inspector(1, on=True, may=False), inspector(2, LAMBETH)),
        {2: None},
    ),
    Line("absent, with a cover off duty", (inspector(1, away=True, cover=3), inspector(3), HELEN), {3: 1}),
    Line(
        "absent, covered from another unit",
        (inspector(1, away=True, cover=2), inspector(2, LAMBETH)),
        {2: 1},
    ),
    Line("on duty and absent is absent", (inspector(1, on=True, away=True, cover=3), inspector(3), HELEN), {3: 1}),
    Line(
        "the cover is conflicted",
        (inspector(1, away=True, cover=3), inspector(3, may=False), HELEN),
        {2: None},
    ),
    Line("the cover is away too", (inspector(1, away=True, cover=3), inspector(3, away=True), HELEN), {2: None}),
    Line("the cover has no such role", (inspector(1, away=True, cover=9), HELEN), {2: None}),
    Line("absent without a cover", (inspector(1, away=True), HELEN), {2: None}),
    Line("everybody is away", (inspector(1, away=True), inspector(2, LAMBETH, away=True)), {}),
    Line(
        "one who covers and is on duty is asked for herself",
        (inspector(1, away=True, cover=3), inspector(3, on=True)),
        {3: None},
    ),
    Line(
        "one cover of two is asked once",
        (inspector(1, away=True, cover=3), inspector(2, away=True, cover=3), inspector(3)),
        {3: 1},
    ),
    Line(
        "a conflicted absent officer is not covered",
        (inspector(1, away=True, cover=3, may=False), inspector(3)),
        {3: None},
    ),
    Line("asked already", (PRIYA, HELEN), {}, asked=(Asked(1),)),
    Line("asked, and since conflicted", (inspector(1, on=True, may=False), HELEN), {2: None}, asked=(Asked(1),)),
    Line("asked, and since away", (inspector(1, away=True), HELEN), {2: None}, asked=(Asked(1),)),
    Line("asked, and since without the role", (HELEN,), {2: None}, asked=(Asked(1),)),
    Line("asked, one of two conflicted", (inspector(1, may=False), HELEN), {}, asked=(Asked(1), Asked(2))),
    Line("late: a reminder, and on duty in the force", (PRIYA, HELEN), {1: None, 2: None}, 1, (Asked(1),)),
    Line("late: asked before and off duty", (inspector(1), HELEN), {1: None, 2: None}, 1, (Asked(1),)),
    Line(
        "late, and nobody on duty: every eligible officer",
        (inspector(1), inspector(2, LAMBETH), inspector(3, LAMBETH)),
        {1: None, 2: None, 3: None},
        1,
        (Asked(1),),
    ),
    Line("late: asked before and conflicted", (inspector(1, may=False), HELEN), {2: None}, 1, (Asked(1),)),
    Line(
        "late: who covered is reminded as the cover",
        (inspector(1, away=True, cover=3), inspector(3), HELEN),
        {3: 1, 2: None},
        1,
        (Asked(3, 1),),
    ),
    Line("late, asked in this round", (PRIYA, HELEN), {}, 1, (Asked(1), Asked(1, None, 1))),
    Line(
        "late twice, never asked in between",
        (PRIYA, HELEN),
        {1: None, 2: None},
        2,
        (Asked(1),),
    ),
    Line("late, and nobody was ever asked", (inspector(1, may=False), HELEN), {2: None}, 3),
    Line(
        "professional standards all together, on duty or not",
        (inspector(1), inspector(2, LAMBETH), inspector(3, LAMBETH, away=True)),
        {1: None, 2: None},
        kind="suitability",
    ),
    Line("professional standards with an interest", (inspector(1, may=False),), {}, kind="suitability"),
    Line(
        "professional standards again",
        (inspector(1), inspector(2)),
        {1: None, 2: None},
        1,
        (Asked(1), Asked(2)),
        kind="suitability",
    ),
)


@pytest.mark.parametrize("line", TABLE, ids=lambda line: line.name)
def test_who_is_asked(line: Line) -> None:
    found = whom_to_ask(
        "suitability" if line.kind == "suitability" else "authority",
        unit=CAMDEN,
        candidates=line.candidates,
        asked=line.asked,
        now_round=line.now_round,
    )
    assert {each.officer: each.covering_for for each in found} == line.wanted
    assert {each.round for each in found} <= {line.now_round}


@pytest.mark.parametrize("line", TABLE, ids=lambda line: line.name)
def test_asked_once_nobody_is_asked_again_in_the_round(line: Line) -> None:
    def wanted(asked: tuple[Asked, ...]) -> tuple[Asked, ...]:
        return whom_to_ask(
            "suitability" if line.kind == "suitability" else "authority",
            unit=CAMDEN,
            candidates=line.candidates,
            asked=asked,
            now_round=line.now_round,
        )

    assert wanted((*line.asked, *wanted(line.asked))) == ()


ASKED_AT = datetime(2026, 5, 3, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes_waited", "expected"),
    [(-5, 0), (0, 0), (59, 0), (60, 1), (119, 1), (120, 2), (300, 5), (301, MOST_ROUNDS), (100_000, MOST_ROUNDS)],
)
def test_the_target_passes_again_and_again_up_to_a_limit(minutes_waited: int, expected: int) -> None:
    assert round_at(ASKED_AT, ASKED_AT + timedelta(minutes=minutes_waited), minutes=60) == expected


def test_the_target_is_due_after_its_minutes() -> None:
    assert due_at(ASKED_AT, minutes=90) == datetime(2026, 5, 3, 3, 30, tzinfo=UTC)
    # A rulebook that allows no time at all is late from the next minute on, not an error.
    assert round_at(ASKED_AT, ASKED_AT + timedelta(minutes=3), minutes=0) == 3
