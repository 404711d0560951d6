"""The published figures that the demo's mix follows; data/sources.md names where they are from."""

import csv
from functools import cache
from pathlib import Path
from random import Random

_FOLDER = Path(__file__).parent / "data"


@cache
def offence_groups() -> dict[str, int]:
    """Return disposals by offence group in the latest year published."""
    rows = _rows("offence_groups.csv")
    latest = max(row["financial_year"] for row in rows)
    return {
        row["offence_group"]: int(row["out_of_court_disposals_met"]) for row in rows if row["financial_year"] == latest
    }


@cache
def years() -> dict[int, int]:
    """Return Community Resolutions by the calendar year in which the financial year began."""
    return {
        int(row["financial_year"][:4]): int(row["community_resolutions_closed_basis"]) for row in _rows("years.csv")
    }


def draw_group(rng: Random, known: frozenset[str]) -> str:
    """Draw an offence group as often as it was published, among those that the demo has stories of."""
    weights = {group: count for group, count in offence_groups().items() if group in known}
    return rng.choices(list(weights), list(weights.values()))[0]


def draw_year(rng: Random, *, until: int) -> int:
    """Draw a year as often as Community Resolutions were given in it, none later than `until`."""
    weights = {year: count for year, count in years().items() if year <= until}
    return rng.choices(list(weights), list(weights.values()))[0]


def _rows(name: str) -> list[dict[str, str]]:
    with (_FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
