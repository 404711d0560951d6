"""The two published requests this project started from, a history to answer them from, and the true counts.

01.FOI.22.024759 asks for two tables, 01.FOI.23.031611 for one. Of the five named categories of the first the published answer
names two; the other three stand in for those. The true counts are found here by plain Python over the lines of the file, apart
from everything that counts in the service.
"""

import csv
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from cr_app.disclosure.demo.history import COLUMNS, Line, Principal, invented, lines_of, ten_years

FIXTURES = Path(__file__).parent / "fixtures"
CATALOGUE = Path(__file__).parents[2] / "cr_app" / "policy" / "data" / "offences.csv"
GROUPS, NAMED, TEN_YEARS = "01.FOI.22.024759-1", "01.FOI.22.024759-2", "01.FOI.23.031611"
# In the order in which they were answered.
REQUESTS = (GROUPS, NAMED, TEN_YEARS)
MET, KENT = "01", "46"
TOTAL = "Total"
# Cases of the five named categories in the calendar years asked for: small ones, a zero, and one that is not small.
_PLANTED: Mapping[tuple[int, str, bool], int] = {
    (2020, "3/01", False): 3,
    (2021, "3/01", False): 7,
    (2020, "46/00", True): 2,
    (2021, "105/01", True): 1,
    (2020, "36/01", False): 4,
    (2020, "11/03", False): 6,
    (2021, "11/03", False): 9,
    (2020, "79/01", False): 1,
    (2021, "79/01", False): 1,
}
_NAMED_CODES = frozenset({"3/01", "36/01", "36/03", "11/03", "79/01"})
_NAMED_YEARS = (2020, 2021)
_FIRST, _FEWER, _MOST_TYPES = 2013, 40, 5


def request_path(name: str) -> Path:
    """Return where one of `REQUESTS` stands as REQUEST.json."""
    return FIXTURES / f"{name}.json"


def request_told(name: str) -> dict[str, Any]:
    """Return one of `REQUESTS` as it is written."""
    told: dict[str, Any] = json.loads(request_path(name).read_text(encoding="utf-8"))
    return told


def write_history(to: Path, *, seed: int = 24759) -> list[Line]:
    """Write a small file to import, for quick tests, and return its lines; cases of another force are among them."""
    return _write(to, list(invented(ten_years(_FIRST, times_fewer=_FEWER), seed=seed, most_types=_MOST_TYPES)), seed)


def write_published_history(to: Path, *, seed: int = 24759) -> list[Line]:
    """Write a file with as many cases in each financial year as the force published, and return its lines.

    The year before the published ones is as long as the first of them.
    """
    return _write(to, list(invented(ten_years(_FIRST), seed=seed)), seed)


def _write(to: Path, drawn: list[Principal], seed: int) -> list[Line]:
    """Write the cases, but for those of the named categories, of which there are as many as are planted."""
    others = [each for each in drawn if not _is_named(each)]
    lines = list(lines_of([*others, *_planted()], force=MET, prefix="MET", seed=seed))
    lines += lines_of(others[::40], force=KENT, prefix="KENT", seed=seed)
    with to.open("w", encoding="utf-8", newline="") as file:
        written = csv.writer(file)
        written.writerow(COLUMNS)
        written.writerows(lines)
    return lines


def _is_named(drawn: Principal) -> bool:
    return drawn.issued_on.year in _NAMED_YEARS and (drawn.encouraging or drawn.code in _NAMED_CODES)


def _planted() -> list[Principal]:
    return [
        Principal(date(year, 1 + place % 12, 1 + place), code, encouraging)
        for (year, code, encouraging), count in _PLANTED.items()
        for place in range(count)
    ]


@dataclass(frozen=True)
class TrueTable:
    """The true counts of a request: rows and columns in their order, the totals last."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: Mapping[tuple[str, str], int]

    def count(self, rows: Sequence[str], column: str) -> int:
        """Return the sum of a column over some rows, as where they are combined."""
        return sum(self.counts[row, column] for row in rows)


def true_table(lines: Iterable[Line], told: Mapping[str, Any]) -> TrueTable:
    """Count what a request asks for, a case once by its first line: by dictionaries, and nothing of the service."""
    principals: dict[tuple[str, str], Mapping[str, str]] = {}
    for line in lines:
        first = dict(zip(COLUMNS, line, strict=True))
        principals.setdefault((first["force"], first["reference"]), first)
    with CATALOGUE.open(encoding="utf-8", newline="") as file:
        catalogue = {each["ho_code"]: each for each in csv.DictReader(file)}
    period = told["period"]
    counts: Counter[tuple[str, str]] = Counter()
    for row in principals.values():
        if row["force"] == told["force"] and period["from"] <= row["issued_on"] <= period["to"]:
            label = _row_of(row, told["rows"], catalogue)
            if label:
                column = _column_of(row["issued_on"], told["years"])
                for cell in ((label, column), (label, TOTAL), (TOTAL, column), (TOTAL, TOTAL)):
                    counts[cell] += 1
    found = {row for row, _ in counts}
    rows = [label for label in _labels(told["rows"], catalogue) if label in found or told["rows"]["by"] == "named"]
    columns = sorted({column for _, column in counts} - {TOTAL})
    return TrueTable((*rows, TOTAL), (*columns, TOTAL), counts)


def _labels(rows: Mapping[str, Any], catalogue: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Return every row there can be, in the order of the catalogue or of the request."""
    if rows["by"] == "named":
        return [group["label"] for group in rows["groups"]]
    if rows["by"] == "group":
        return list(dict.fromkeys(row["group"] for row in catalogue.values()))
    return [f"{row['title']} ({code})" for code, row in catalogue.items()]


def _row_of(row: Mapping[str, str], rows: Mapping[str, Any], catalogue: Mapping[str, Mapping[str, str]]) -> str:
    """Return the row that a case falls in, "" for none; of named rows the first that it fits."""
    code = row["offence_code"]
    if rows["by"] == "offence":
        return f"{catalogue[code]['title']} ({code})"
    if rows["by"] == "group":
        return catalogue[code]["group"]
    for group in rows["groups"]:
        wanted = group.get("encouraging_or_assisting")
        if code in group.get("codes", [code]) and wanted in (None, row["encouraging_or_assisting"] == "yes"):
            return str(group["label"])
    return ""


def _column_of(day: str, years: str) -> str:
    year, month = int(day[:4]), int(day[5:7])
    if years == "calendar":
        return str(year)
    begins = year if month >= 4 else year - 1
    return f"{begins}/{str(begins + 1)[2:]}"
