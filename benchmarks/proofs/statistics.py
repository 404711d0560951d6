"""Proves that nothing withheld of two thousand tables can be worked out too closely, and tells what that costs.

The attacker, the tables and the exact search are those of tests/disclosure, written apart from the suppressor. A story is one
table, or two that count the same cases; each table is protected after those before it, and attacked with all of them.
"""

import statistics
import time
from collections.abc import Callable, Iterator

from cr_app.disclosure.suppression.choosing import protect
from cr_app.disclosure.suppression.puzzle import Unprotectable
from tests.disclosure.attacker import Attack, Name, by_trial
from tests.disclosure.least import TooLarge, least_withheld
from tests.disclosure.playing import Outcome, play, targets_of
from tests.disclosure.random_tables import PAIRS, SINGLE, large, large_pair, large_three, story_of
from tests.disclosure.stories import Story, seen_of, whole_of

Say = Callable[[str], None]
_ONE = {"tiny": 380, "tiny-deep": 200, "two": 330, "nested": 120, "three": 60, "chosen": 80, "merged": 160}
_TWO = {"years": 110, "parts": 110, "longer": 80, "later": 110, "breakdowns": 60, "breakdown": 80, "elsewhere": 100}
HOW_MANY = {**_ONE, **_TWO}
LARGE: list[Callable[[int], Story]] = [
    *[lambda seed: large(seed, rows=30, columns=13)] * 8,
    *[lambda seed: large(seed, rows=180, columns=13)] * 3,
    *[lambda seed: large(seed, rows=200, columns=13)] * 2,
    *[lambda seed: large(seed, rows=40, columns=13, is_nested=True)] * 3,
    *[lambda seed: large_three(seed, rows=12, columns=6)] * 2,
    *[lambda seed: large_pair(seed, rows=30, years=8)] * 2,
]
TIMED = ("30 by 13", "180 by 13")
# Tables of so many cells are small enough for the exact search; of each kind so many are compared.
SMALL_ENOUGH, COMPARED = 70, 60
EXACT = ("tiny", "tiny-deep", "two", "nested", "three")
TRIED, TRIED_COUNTS = 400, 25
QUICK_PART = 25


def prove(quick: bool, say: Say) -> dict[str, object]:
    """Play all stories and return the figures; raises AssertionError with the stories in which something is not as promised."""
    outcomes: list[Outcome] = []
    wrong: list[str] = []
    tried, ratios, given_up = 0, [], 0
    for name, story in _stories(quick, say):
        outcome = play(story, protect, refusal=Unprotectable)
        outcomes.append(outcome)
        wrong += [f"{name}: {each}" for each in (*outcome.wrong, *map(str, outcome.narrow.items()))]
        kind = name.split()[0]
        if kind.startswith("tiny") and not outcome.refused:
            compared, differing = _compared_with_trial(outcome)
            tried += compared
            wrong += [f"{name}: {each}" for each in differing]
        number = int(name.split()[1])
        if kind in EXACT and number < COMPARED and sum(1 for _ in story.grids[0].places()) <= SMALL_ENOUGH:
            try:
                ratios += _ratios(outcome)
            except TooLarge:
                given_up += 1
    assert not wrong, "\n".join(wrong)
    by_trial_only = {"withheld counts that plain trial bounds the same": tried}
    return {**_figures(outcomes), **by_trial_only, **_losses(ratios, given_up), **_times(outcomes)}


def _stories(quick: bool, say: Say) -> Iterator[tuple[str, Story]]:
    part = QUICK_PART if quick else 1
    for kind, many in HOW_MANY.items():
        began = time.monotonic()
        for seed in range(many // part):
            yield f"{kind} {seed}", story_of(kind, seed)
        say(f"{many // part} of {kind}: {time.monotonic() - began:.0f} s")
    for seed, make in enumerate(LARGE[:1] if quick else LARGE):
        story = make(seed)
        began = time.monotonic()
        yield f"large {seed}", story
        say(f"{story.kind}: {time.monotonic() - began:.0f} s")


def _compared_with_trial(outcome: Outcome) -> tuple[int, list[str]]:
    """Compare the attacker with plain trial; return how many counts, and where they differ or trial finds a narrow one."""
    story = outcome.story
    if sum(story.counts(story.grids[0]).values()) > TRIED or len(outcome.withheld[0]) > TRIED_COUNTS:
        return 0, []
    seen = seen_of(story, outcome.withheld)
    attack = Attack(seen)
    differing = []
    targets = targets_of(story, outcome.withheld)
    for name in targets:
        low, high = by_trial(seen, name)
        if attack.whole_bounds(name) != (low, high) or (high is not None and high - low < story.width):
            differing.append(f"{name} is {low} to {high} by trial")
    return len(targets), differing


def _ratios(outcome: Outcome) -> list[tuple[float, float, float]]:
    """Return cells, counts and loss withheld, each to what the least loss withholds; nothing where nothing need be."""
    whole = whole_of(outcome.story)
    if not whole.must:
        return []
    least = least_withheld(whole)
    withheld: list[Name] = [("table", *place) for place in outcome.withheld[0]]
    found: tuple[list[Name], ...] = (withheld, list(least))
    losses = [sum(whole.loss[name] for name in names) for names in found]
    counts = [sum(whole.values[name] for name in names) for names in found]
    assert losses[0] >= losses[1] - 1e-6, "The exact search is not exact."
    return [(len(withheld) / len(least), counts[0] / max(counts[1], 1), losses[0] / losses[1])]


def _figures(outcomes: list[Outcome]) -> dict[str, object]:
    return {
        "stories": len(outcomes),
        "of which two tables": sum(len(outcome.story.grids) > 1 for outcome in outcomes),
        "kinds": len({*SINGLE, *PAIRS}),
        "largest, cells": max(sum(1 for _ in grid.places()) for outcome in outcomes for grid in outcome.story.grids),
        "tables protected": sum(len(outcome.protections) for outcome in outcomes),
        "tables refused, as nothing protects them": sum(bool(outcome.refused) for outcome in outcomes),
        "counts attacked": sum(outcome.targets for outcome in outcomes),
        "counts inside the protection interval": sum(len(outcome.narrow) for outcome in outcomes),
        "counts that earlier tables pinned, made no narrower": sum(outcome.pinned for outcome in outcomes),
    }


def _losses(ratios: list[tuple[float, float, float]], given_up: int) -> dict[str, object]:
    found: dict[str, object] = {"tables compared with the least loss": len(ratios), "too large to compare": given_up}
    for what, values in zip(("cells", "counts", "loss"), zip(*ratios, strict=True), strict=False):
        found[f"{what} withheld to the least, mean"] = round(statistics.mean(values), 3)
        found[f"{what} withheld to the least, worst"] = round(max(values), 3)
    found["tables at the least loss"] = sum(ratio[2] < 1 + 1e-9 for ratio in ratios)
    return found


def _times(outcomes: list[Outcome]) -> dict[str, object]:
    found: dict[str, object] = {}
    for kind in TIMED:
        if seconds := [outcome.seconds for outcome in outcomes if outcome.story.kind == kind]:
            found[f"seconds of processor for {kind} with totals, median"] = round(statistics.median(seconds), 2)
            found[f"seconds of processor for {kind} with totals, worst"] = round(max(seconds), 2)
    return found
