"""The files that this app ships: forces, outcomes, ethnicities, everyday names. Read once; no database."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "data"
SELF_DEFINED, OFFICER_DEFINED = "SDE 18+1", "IC 6+1"


@dataclass(frozen=True)
class Code:
    """One row of a published list: its code, its words, the group it stands in and the list's name."""

    code: str
    label: str
    group: str
    scheme: str = ""


def rows_of(name: str) -> list[dict[str, str]]:
    """Return the rows of a shipped file, in its order."""
    with (_FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def file_of(name: str) -> Path:
    """Return the path of a shipped file."""
    return _FOLDER / f"{name}.csv"


@cache
def forces() -> Mapping[str, str]:
    """Return force codes and names, in the order of the codes."""
    return {row["code"]: row["name"] for row in rows_of("forces")}


@cache
def outcomes() -> tuple[Code, ...]:
    """Return the outcome types in the order of the framework."""
    return tuple(Code(row["code"], row["label"], row["group"]) for row in rows_of("outcomes"))


@cache
def ethnicities() -> tuple[Code, ...]:
    """Return every ethnicity code: 18+1, the older row, IC."""
    return tuple(Code(row["code"], row["label"], row["group"], row["scheme"]) for row in rows_of("ethnicity"))


@cache
def everyday_names() -> Mapping[str, tuple[str, ...]]:
    """Return what officers call an offence type, by its code."""
    names: dict[str, list[str]] = {}
    for row in rows_of("synonyms"):
        names.setdefault(row["code"], []).append(row["called"])
    return {code: tuple(called) for code, called in names.items()}


@cache
def common_codes() -> tuple[str, ...]:
    """Return the codes offered before anything is typed, the most frequent first."""
    return tuple(row["code"] for row in rows_of("common_offences"))
