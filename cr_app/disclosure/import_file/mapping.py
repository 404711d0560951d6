"""The mapping of a file that another system wrote: which of its columns are ours, and what its values mean. Pure."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

HEADER = (
    *(
        "reference",
        "force",
        "unit",
        "offence_code",
        "encouraging_or_assisting",
        "offence_on",
        "decided_on",
        "issued_on",
    ),
    *("offender_age", "offender_sex", "offender_ethnicity", "victim_kind", "victim_agrees", "exception"),
)
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_PARTS = frozenset({"columns", "constants", "values", "date_format", "separator", "ignore_other_columns"})
# A format must write each of these so that it reads the same again.
_TRIED = (date(2021, 3, 9), date(2013, 12, 31), date(2020, 2, 29))


class BadFile(ValueError):
    """A file or mapping that cannot be imported at all; its text is the sentence to show."""


@dataclass(frozen=True)
class Translation:
    """How a file is read: a column of ours by the file's name for it, or the same value for every row; values by column.

    `date_format` is as strptime has it, empty for ISO. `digest` is the SHA-256 of the mapping file, empty without one.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    date_format: str = ""
    separator: str = ","
    ignores_others: bool = False
    digest: str = ""

    def heading_of(self, column: str) -> str:
        """Return what the file calls a column of ours."""
        return self.columns.get(column, column)


PLAIN = Translation()


def read_mapping(content: bytes) -> Translation:
    """Read a mapping file; raises BadFile with one sentence for what is not TOML, unknown or of another kind."""
    try:
        told = tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise BadFile("The mapping is not UTF-8.") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadFile(f"The mapping is not TOML: {error}.") from None
    if unknown := sorted(set(told) - _PARTS):
        raise BadFile(f"The mapping says {unknown[0]!r}, which is not known: it takes {', '.join(sorted(_PARTS))}.")
    columns, constants = _texts(told, "columns"), _texts(told, "constants")
    if both := sorted(set(columns) & set(constants)):
        raise BadFile(f"The mapping gives {both[0]} a column and a constant: give it one of them.")
    if twice := sorted({name for name in columns.values() if list(columns.values()).count(name) > 1}):
        raise BadFile(f"The mapping names the column {twice[0]!r} twice.")
    return Translation(
        columns=columns,
        constants=constants,
        values=_values(told),
        date_format=_date_format(told),
        separator=_separator(told),
        ignores_others=_is_true(told, "ignore_other_columns"),
        digest=hashlib.sha256(content).hexdigest(),
    )


def _table(told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return a table whose keys are columns of ours."""
    found = told.get(name, {})
    if not isinstance(found, dict):
        raise BadFile(f"{name!r} of the mapping must be a table: [{name}].")
    if unknown := sorted(set(found) - set(HEADER)):
        raise BadFile(f"{name!r} of the mapping names {unknown[0]!r}: the columns are {', '.join(HEADER)}.")
    return found


def _texts(told: Mapping[str, Any], name: str) -> dict[str, str]:
    return {column: _text(value, f"{column!r} in {name!r}") for column, value in _table(told, name).items()}


def _values(told: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    found = {}
    for column, table in _table(told, "values").items():
        if not isinstance(table, dict):
            raise BadFile(f"The values of {column!r} in the mapping must be a table: [values.{column}].")
        found[column] = {theirs.strip(): _text(ours, f"a value of {column!r}") for theirs, ours in table.items()}
    return found


def _text(value: object, what: str) -> str:
    """Return a text; true and false stand for themselves."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str) or len(value) > 100 or not value.isprintable():
        raise BadFile(f"The mapping must give {what} as a text of at most 100 characters.")
    return value.strip()


def _is_true(told: Mapping[str, Any], name: str) -> bool:
    found = told.get(name, False)
    if not isinstance(found, bool):
        raise BadFile(f"{name!r} of the mapping must be true or false.")
    return found


def _separator(told: Mapping[str, Any]) -> str:
    found = told.get("separator", ",")
    if not isinstance(found, str) or found not in SEPARATORS:
        raise BadFile("'separator' of the mapping must be one character: ',', ';', '|' or a tab, '\\t'.")
    return found


def _date_format(told: Mapping[str, Any]) -> str:
    found = told.get("date_format", "")
    if found == "":
        return ""
    try:
        is_whole = all(datetime.strptime(day.strftime(found), found).date() == day for day in _TRIED)  # noqa: DTZ007
    except (TypeError, ValueError):
        is_whole = False
    if not is_whole:
        raise BadFile("'date_format' of the mapping must tell day, month and year, such as %d/%m/%Y.")
    return str(found)
