"""A request for statistics as it is understood: REQUEST.json read strictly, the columns and rows it asks for. Pure."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

YEARS = ("calendar", "financial")
ROWS_BY = ("group", "offence", "named")
BREAKDOWNS = ("age_band", "sex", "ethnicity", "unit", "victim", "exception")
BASES = ("cases", "offences")
METHODS = ("combine", "suppress", "round")
ZEROS = ("show", "withhold")
LEAST_THRESHOLD, LARGEST_THRESHOLD, USUAL_THRESHOLD = 2, 100, 5
MOST_YEARS, MOST_GROUPS = 30, 60
EARLIEST, LATEST = date(1990, 1, 1), date(2100, 12, 31)
_KEYS = (
    *("reference", "received_on", "force", "period", "years", "rows", "breakdown", "basis", "threshold", "zeros"),
    *("method", "as_of"),
)
_CODE = re.compile(r"[0-9]{1,3}/[0-9]{2}[A-Z]?")
# As the page takes one, so that a REQUEST.json is good for both.
_REFERENCE = re.compile(r"[A-Za-z0-9/\-. ]*[A-Za-z0-9][A-Za-z0-9/\-. ]*")


class BadRequest(ValueError):
    """What was asked cannot be understood or answered; its text is the sentence to show."""


class TookTooLong(BadRequest):
    """What was asked takes the database, or waits for others, longer than it may: nothing came of it, and nothing is wrong with it."""


@dataclass(frozen=True)
class Group:
    """A named row: the offence codes in it, or, where `encouraging_or_assisting` says so, only such offences.

    Without codes it is every offence. A case is counted in the first group that it fits.
    """

    label: str
    codes: tuple[str, ...] = ()
    encouraging_or_assisting: bool | None = None

    def fits(self, code: str, *, encouraging: bool) -> bool:
        """Tell whether an offence belongs here."""
        if self.encouraging_or_assisting is not None and self.encouraging_or_assisting != encouraging:
            return False
        return not self.codes or code in self.codes

    def as_json(self) -> dict[str, object]:
        """Return it as REQUEST.json has it."""
        kept: dict[str, object] = {"label": self.label}
        if self.codes:
            kept["codes"] = list(self.codes)
        if self.encouraging_or_assisting is not None:
            kept["encouraging_or_assisting"] = self.encouraging_or_assisting
        return kept


@dataclass(frozen=True)
class Year:
    """A column of time: its label, its first day and the day after its last."""

    label: str
    begins: date
    ends: date


@dataclass(frozen=True)
class Asked:
    """A request as understood. `groups` are the named rows; empty unless rows are `named`.

    `as_of` is the moment as which cases are counted; None is the moment of extraction.
    """

    reference: str
    received_on: date
    force: str
    period_from: date
    period_to: date
    years: str
    rows_by: str
    groups: tuple[Group, ...] = ()
    breakdown: str = ""
    basis: str = "cases"
    threshold: int = USUAL_THRESHOLD
    zeros: str = "show"
    method: str = "combine"
    as_of: datetime | None = None

    def columns(self) -> tuple[Year, ...]:
        """Return the years of the period in their order; one that the period cuts says from or to when."""
        found = []
        begins = self.period_from
        end = self.period_to + timedelta(days=1)
        while begins < end:
            first, after, label = _year_of(begins, self.years)
            ends = min(after, end)
            found.append(Year(_cut(label, begins, ends, first, after), begins, ends))
            begins = ends
        return tuple(found)

    def as_json(self) -> dict[str, object]:
        """Return it as REQUEST.json has it, with `as_of` where cases are counted as of a moment."""
        rows: dict[str, object] = {"by": self.rows_by}
        if self.rows_by == "named":
            rows["groups"] = [group.as_json() for group in self.groups]
        kept: dict[str, object] = {
            "reference": self.reference,
            "received_on": self.received_on.isoformat(),
            "force": self.force,
            "period": {"from": self.period_from.isoformat(), "to": self.period_to.isoformat()},
            "years": self.years,
            "rows": rows,
            "breakdown": self.breakdown or None,
            "basis": self.basis,
            "threshold": self.threshold,
            "zeros": self.zeros,
            "method": self.method,
        }
        if self.as_of is not None:
            kept["as_of"] = self.as_of.isoformat()
        return kept


def read_asked(text: str) -> Asked:
    """Read REQUEST.json and hold it to what may be asked today; raises BadRequest with one sentence that says what to do."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"The request is not JSON: {error}.") from None
    return checked(asked_from(told))


def asked_from(told: object) -> Asked:
    """Return the request of a mapping as REQUEST.json has it; raises BadRequest for what is missing, unknown or impossible.

    What was asked and released stays readable by it: a rule about what may be asked from now on belongs in `checked`.
    """
    if not isinstance(told, dict):
        raise BadRequest("The request must be an object with a reference, a force, a period and rows.")
    _takes(told, _KEYS, what="The request")
    period, rows = _mapping(told, "period"), _mapping(told, "rows")
    _takes(period, ("from", "to"), what="'period'")
    _takes(rows, ("by", "groups"), what="'rows'")
    asked = Asked(
        reference=_text(told, "reference", most=40),
        received_on=_day(told, "received_on"),
        force=_text(told, "force", most=2),
        period_from=_day(period, "from"),
        period_to=_day(period, "to"),
        years=_one_of(told, "years", YEARS, usual="calendar"),
        rows_by=_one_of(rows, "by", ROWS_BY),
        breakdown=_one_of(told, "breakdown", BREAKDOWNS, usual=""),
        basis=_one_of(told, "basis", BASES, usual="cases"),
        threshold=_threshold(told.get("threshold", USUAL_THRESHOLD)),
        zeros=_one_of(told, "zeros", ZEROS, usual="show"),
        method=_one_of(told, "method", METHODS, usual="combine"),
        as_of=_moment(told.get("as_of")),
    )
    if asked.rows_by != "named" and rows.get("groups") not in (None, []):
        raise BadRequest(
            "'rows' names 'groups', which only rows by 'named' have: write named, or leave the groups out."
        )
    groups = _groups(rows.get("groups")) if asked.rows_by == "named" else ()
    return _possible(replace(asked, groups=groups))


def moment_from(told: object) -> datetime:
    """Return the moment that a text says; raises BadRequest for what is none, has no time zone or is out of all bounds."""
    try:
        at = datetime.fromisoformat(told if isinstance(told, str) else "")
    except ValueError:
        raise BadRequest("'as_of' is not a moment such as 2026-03-01T09:30:00+00:00.") from None
    if at.tzinfo is None:
        raise BadRequest("'as_of' does not say in which time zone: write 2026-03-01T09:30:00+00:00.")
    if not EARLIEST <= at.date() < LATEST:
        raise BadRequest(f"'as_of' is before {EARLIEST:%Y} or after {LATEST:%Y}: choose a moment that is over.")
    return at


def checked(asked: Asked) -> Asked:
    """Return the request if it may be asked; raises BadRequest where its period or its rows cannot be, or mean nothing."""
    _possible(asked)
    if not _REFERENCE.fullmatch(asked.reference):
        raise BadRequest(
            "Write the reference in letters A to Z and numbers; only / - . and spaces may stand between them."
        )
    _check_alike(asked.groups)
    _check_taken(asked.groups)
    return asked


def _possible(asked: Asked) -> Asked:
    """Return the request if there can be a table of it; raises BadRequest where its period or its rows cannot be."""
    if asked.period_from > asked.period_to:
        raise BadRequest("The period ends before it begins: give the earlier day first.")
    if asked.period_from < EARLIEST:
        raise BadRequest(f"The period begins before {EARLIEST:%Y}: Community Resolutions are younger than that.")
    if asked.period_to > LATEST:
        raise BadRequest(f"The period ends after {LATEST:%Y}: choose a last day that is over.")
    if len(asked.columns()) > MOST_YEARS:
        raise BadRequest(f"The period comes to more than {MOST_YEARS} columns, one for each year: ask for fewer.")
    labels = [group.label for group in asked.groups]
    if asked.rows_by == "named" and not labels:
        raise BadRequest("Name at least one row, with its offence codes.")
    if len(labels) > MOST_GROUPS:
        raise BadRequest(f"There are more than {MOST_GROUPS} named rows: ask for fewer.")
    if twice := sorted({label for label in labels if labels.count(label) > 1}):
        raise BadRequest(f"Two rows are called {twice[0]!r}: give each a name of its own.")
    if reserved := [label for label in labels if label.casefold() == "total"]:
        raise BadRequest(f"A row cannot be called {reserved[0]!r}: that is the sum of the others.")
    return asked


def _check_alike(groups: tuple[Group, ...]) -> None:
    """Refuse a row that counts what an earlier one does: it would be 0 whatever happened."""
    first = dict[tuple[frozenset[str], bool | None], str]()
    for group in groups:
        before = first.setdefault((frozenset(group.codes), group.encouraging_or_assisting), group.label)
        if before != group.label:
            raise BadRequest(f"The rows {before!r} and {group.label!r} count the same: name it once.")


def _check_taken(groups: tuple[Group, ...]) -> None:
    """Refuse a row of which rows before it take everything: a case counts in the first that it fits."""
    for place, group in enumerate(groups):
        alone = group.encouraging_or_assisting
        kinds = [
            (code, each) for code in group.codes or ("",) for each in ((True, False) if alone is None else (alone,))
        ]
        before = groups[:place]
        if all(any(one.fits(code, encouraging=each) for one in before) for code, each in kinds):
            raise BadRequest(
                f"Rows before {group.label!r} count all that it counts, so it would always be 0: name it before them."
            )


def _year_of(day: date, years: str) -> tuple[date, date, str]:
    """Return the first day of a day's year, the day after its last, and its label: 2020, or 2012/13 from 1 April."""
    if years == "calendar":
        return date(day.year, 1, 1), date(day.year + 1, 1, 1), str(day.year)
    first = day.year if (day.month, day.day) >= (4, 1) else day.year - 1
    return date(first, 4, 1), date(first + 1, 4, 1), f"{first}/{(first + 1) % 100:02}"


def _cut(label: str, begins: date, ends: date, first: date, after: date) -> str:
    last = ends - timedelta(days=1)
    if begins == first and ends == after:
        return label
    if begins == first:
        return f"{label}, to {last.day} {last:%B %Y}"
    if ends == after:
        return f"{label}, from {begins.day} {begins:%B %Y}"
    return f"{label}, {begins.day} {begins:%B %Y} to {last.day} {last:%B %Y}"


def _takes(told: Mapping[str, Any], known: Iterable[str], *, what: str) -> None:
    """Refuse a name that is not known, so that nothing that was asked is left unanswered."""
    if unknown := sorted(set(told) - set(known)):
        raise BadRequest(f"{what} says {unknown[0]!r}, which is not known: it takes {', '.join(sorted(known))}.")


def _mapping(told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = told.get(name)
    if not isinstance(found, dict):
        raise BadRequest(f"The request lacks {name!r}, or it is not an object.")
    return found


def _text(told: Mapping[str, Any], name: str, *, most: int) -> str:
    found = told.get(name)
    if not isinstance(found, str) or not found.strip() or len(found) > most or not found.isprintable():
        raise BadRequest(f"The request lacks {name!r}, or it is not a text of at most {most} characters.")
    return found.strip()


def _day(told: Mapping[str, Any], name: str) -> date:
    found = told.get(name)
    try:
        # A day of a week, such as 2026-W05-1, is ISO too, and nobody means it.
        is_plain = isinstance(found, str) and len(found) == 10 and found[4] == found[7] == "-"
        return date.fromisoformat(str(found) if is_plain else "")
    except ValueError:
        raise BadRequest(f"The request lacks {name!r}, or it is not a day such as 2022-06-20.") from None


def _moment(found: object) -> datetime | None:
    return None if found is None else moment_from(found)


def _one_of(told: Mapping[str, Any], name: str, offered: tuple[str, ...], *, usual: str | None = None) -> str:
    found = told.get(name)
    if found is None and usual is not None:
        return usual
    if found not in offered:
        raise BadRequest(f"{name!r} must be one of {', '.join(offered)}.")
    return str(found)


def _threshold(found: object) -> int:
    if type(found) is not int or not LEAST_THRESHOLD <= found <= LARGEST_THRESHOLD:
        raise BadRequest(f"'threshold' must be a whole number from {LEAST_THRESHOLD} to {LARGEST_THRESHOLD}.")
    return found


def _groups(found: object) -> tuple[Group, ...]:
    if not isinstance(found, list):
        raise BadRequest("Rows by name need 'groups': a list of objects, each with a label.")
    return tuple(_group(each) for each in found)


def _group(found: object) -> Group:
    if not isinstance(found, dict):
        raise BadRequest("Each named row must be an object with a label.")
    _takes(found, ("label", "codes", "encouraging_or_assisting"), what="A named row")
    label = _text(found, "label", most=200)
    codes, encouraging = found.get("codes", []), found.get("encouraging_or_assisting")
    if not isinstance(codes, list) or not all(isinstance(code, str) and _CODE.fullmatch(code) for code in codes):
        raise BadRequest(f"The codes of {label!r} must be a list of offence codes such as 46/00.")
    if encouraging is not None and not isinstance(encouraging, bool):
        raise BadRequest(f"'encouraging_or_assisting' of {label!r} must be true or false.")
    if not codes and encouraging is None:
        raise BadRequest(f"The row {label!r} has neither codes nor encouraging_or_assisting: say what it counts.")
    return Group(label, tuple(dict.fromkeys(codes)), encouraging)
