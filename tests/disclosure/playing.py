"""Plays a story: each table is protected after those before it, published, and attacked with all of them at hand."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from cr_app.disclosure.suppression.puzzle import Protection, Puzzle
from tests.disclosure.attacker import Attack, Name, Range, is_narrow
from tests.disclosure.stories import Place, Story, merged_pieces, puzzle_of, seen_of

Protect = Callable[[Puzzle], Protection]


@dataclass
class Outcome:
    """What came of a story.

    `narrow` are withheld counts, differences and merged rows whose bounds are nearer than the width, though nothing before
    the table pinned them so; `pinned` are those that something did. `wrong` says what is not as it must be otherwise.
    """

    story: Story
    withheld: list[frozenset[Place]] = field(default_factory=list)
    narrow: dict[Name, Range] = field(default_factory=dict)
    pinned: int = 0
    targets: int = 0
    wrong: list[str] = field(default_factory=list)
    refused: str = ""
    seconds: float = 0.0
    protections: list[Protection] = field(default_factory=list)


def play(story: Story, protect: Protect, *, refusal: type[Exception], without_nothing: bool = True) -> Outcome:
    """Return what comes of a story. Where `protect` refuses a table it is not published, and that must be right."""
    outcome = Outcome(story)
    for number, grid in enumerate(story.grids):
        if number == 0 and story.is_elsewhere:
            outcome.withheld.append(frozenset())
            continue
        puzzle, places = puzzle_of(story, number, outcome.withheld, without_nothing=without_nothing)
        began = time.process_time()
        try:
            protection = protect(puzzle)
        except refusal as refused:
            outcome.refused = str(refused)
            if story.opened and number == len(story.grids) - 1:
                return outcome
            everything = frozenset(
                place for place, cell in zip(places, puzzle.cells, strict=True) if cell.may_be_withheld
            )
            if not _attacked(story, [*outcome.withheld, everything], Outcome(story)).narrow:
                outcome.wrong.append(f"{grid.name} was refused, but withholding everything protects it.")
            return outcome
        finally:
            outcome.seconds += time.process_time() - began
        outcome.protections.append(protection)
        withheld = frozenset(places[each] for each in protection.withheld)
        for each, cell in enumerate(puzzle.cells):
            if each in protection.withheld and not cell.may_be_withheld and not cell.is_small:
                outcome.wrong.append(f"{grid.name} {places[each]} was withheld, and must not be.")
            if each not in protection.withheld and (cell.is_small or cell.is_chosen):
                outcome.wrong.append(f"{grid.name} {places[each]} was not withheld, and must be.")
        _attacked(story, [*outcome.withheld, withheld], outcome)
        outcome.withheld.append(withheld)
    return outcome


def _attacked(story: Story, withheld: list[frozenset[Place]], outcome: Outcome) -> Outcome:
    """Attack everything withheld of the tables so far, and put what is narrow into the outcome."""
    targets = targets_of(story, withheld)
    outcome.targets += len(targets)
    found = Attack(seen_of(story, withheld)).narrow(targets, story.width)
    if not found:
        return outcome
    before = Attack(seen_of(story, withheld, is_last_told=False)) if len(withheld) > 1 else None
    for name, bounds in found.items():
        if before is not None and _was_pinned(before.whole_bounds(name), bounds, story.width):
            outcome.pinned += 1
        else:
            outcome.narrow[name] = bounds
    return outcome


def _was_pinned(before: Range, now: Range, width: int) -> bool:
    """Tell whether a number was narrow before the last table, which made it no narrower."""
    if not is_narrow(before, width):
        return False
    return now[0] <= before[0] and (now[1] is None or (before[1] is not None and now[1] >= before[1]))


def targets_of(story: Story, withheld: list[frozenset[Place]]) -> list[Name]:
    """Return what must not be worked out of the tables so far."""
    named: list[Name] = []
    for grid, places in zip(story.grids, withheld, strict=False):
        named += [(grid.name, *place) for place in sorted(places)]
    if len(withheld) == len(story.grids):
        named += [("difference", *place) for place in story.differences()]
        named += merged_pieces(story)
    return named
