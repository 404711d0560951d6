"""What is worked out for a request: the table as it would leave, why values are withheld, which releases it collides with."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from cr_app.disclosure.asked import Asked
from cr_app.disclosure.row_meanings import Row
from cr_app.disclosure.tables import ReleasedTable

# Why a value is withheld, in the order in which pages say it.
SMALL, CHOSEN, DIFFERENCE, EARLIER, PROTECTS = "small", "chosen", "difference", "earlier", "protects"


@dataclass(frozen=True)
class Choice:
    """A person's decision on one cell: by the labels of its row and column; kept back, or opened."""

    row: str
    column: str
    is_withheld: bool


@dataclass(frozen=True)
class Why:
    """Why a value is withheld, for the desk alone, and what an outsider could work out of it at best; None: no end.

    `reasons` are of this module's constants. `is_pinned`: earlier publications alone narrow it below the rule already.
    """

    row: str
    column: str
    reasons: tuple[str, ...]
    low: int
    high: int | None
    is_pinned: bool = False


@dataclass(frozen=True)
class Guard:
    """What an outsider could work out of something that no table shows: a merged row, an earlier withheld value, a difference.

    `is_told`: with this table it can be worked out too closely, and nothing that may be withheld keeps it wide. `releases` are
    the earlier tables that it comes from.
    """

    label: str
    low: int
    high: int | None
    is_pinned: bool = False
    is_told: bool = False
    releases: tuple[int | str, ...] = ()


@dataclass(frozen=True)
class Collision:
    """An earlier release that mattered, by its number, or by the name of what was told with --after or published elsewhere.

    `what` says in one sentence what was done, and leaves with the table. `cells` are the values that are withheld because
    of it, as "row, column", and `as_of` the moment as which to count so that nothing differs by single cases: for the
    desk alone.
    """

    release: int | str
    what: str
    cells: tuple[str, ...] = ()
    as_of: str | None = None


@dataclass(frozen=True)
class Draft:
    """What was worked out. `content` is release.json with its digest, the number and the time of release null.

    `unused_choices` are decisions that no value of the table answers to.
    """

    asked: Asked
    table: ReleasedTable
    content: Mapping[str, Any]
    extracted_at: datetime
    why: tuple[Why, ...] = ()
    guards: tuple[Guard, ...] = ()
    collisions: tuple[Collision, ...] = ()
    unused_choices: tuple[Choice, ...] = ()

    @property
    def digest(self) -> str:
        """Return the digest of the content."""
        return str(self.content["digest"])

    def for_the_desk(self) -> dict[str, Any]:
        """Return what WorkedOut keeps for the desk alone: `cells`, `guards`, `collisions` and `unused`, with no withheld count."""
        return {
            "cells": [{**asdict(each), "reasons": list(each.reasons)} for each in self.why],
            "guards": [{**asdict(each), "releases": list(each.releases)} for each in self.guards],
            "collisions": [{**asdict(each), "cells": list(each.cells)} for each in self.collisions],
            "unused": [asdict(each) for each in self.unused_choices],
        }


@dataclass(frozen=True)
class Earlier:
    """A table that was published before, or that is to be protected as if it had been.

    `base` are its rows before any were merged, `values` those of its breakdown that have rows.
    """

    number: int | str
    asked: Asked
    table: ReleasedTable
    extracted_at: datetime
    base: tuple[Row, ...]
    values: tuple[str, ...] = ()
