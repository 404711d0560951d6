"""A request in words: what was asked for and how small counts are protected, one line each."""

from datetime import date, timedelta

from django.urls import reverse

from cr_app.disclosure.asked import Asked
from cr_app.disclosure.notes import described
from cr_app.pages.moments import counted, moment, written

ROWS = {"group": "Offence groups", "offence": "Offence types", "named": "Rows that were named"}
YEARS = {"calendar": "Calendar years", "financial": "Financial years"}
BASES = {"cases": "Community Resolutions", "offences": "Offences dealt with by Community Resolution"}
METHODS = {
    "combine": "Combine: rows with small counts become one row",
    "suppress": "Suppress: small counts, and what would give them away, show as [c]",
    "round": "Round: every count goes to the nearest 5",
}
BREAKDOWNS = {
    "": "None",
    "age_band": "Age of the offender, in bands",
    "sex": "Sex of the offender",
    "ethnicity": "Ethnicity of the offender, self-defined",
    "unit": "Unit",
    "victim": "Victim: a person, an organisation, none",
    "exception": "Authorised exception or not",
}
ZEROS = {"show": "Shown", "withhold": "Withheld like small counts"}
# So many days before it is due, a request says that it is due soon.
SOON = timedelta(days=5)


def period_in_words(asked: Asked) -> str:
    """Return the first and the last day of the period."""
    return f"{written(asked.period_from)} to {written(asked.period_to)}"


def rows_in_words(asked: Asked) -> str:
    """Return what the rows are, in a few words."""
    if asked.rows_by == "named":
        return counted(len(asked.groups), "named row")
    return ROWS[asked.rows_by]


def asked_rows(asked: Asked, *, due_on: date) -> list[dict[str, object]]:
    """Return what was asked for as the lines of a summary."""
    small = f"{asked.threshold}: counts from 1 to {asked.threshold - 1} are small"
    rows: list[dict[str, object]] = [
        {"key": "Received", "value": f"{written(asked.received_on)}, to be answered by {written(due_on)}"},
        {"key": "Period", "value": period_in_words(asked)},
        {"key": "Columns", "value": f"{YEARS[asked.years]}: {', '.join(year.label for year in asked.columns())}"},
        {"key": "Counted", "value": BASES[asked.basis]},
        {"key": "Rows", "value": ROWS[asked.rows_by]},
    ]
    if asked.groups:
        rows[-1] = {"key": "Rows", "lines": [f"{each.label}. {described(each)}" for each in asked.groups]}
    rows += [
        {"key": "Breakdown", "value": BREAKDOWNS[asked.breakdown]},
        {"key": "Small counts", "value": METHODS[asked.method]},
        {"key": "Threshold", "value": small if asked.threshold > 2 else "2: a count of 1 is small"},
        {"key": "Zeros", "value": ZEROS[asked.zeros]},
        {"key": "Cases as they stood", "value": moment(asked.as_of) if asked.as_of else "When the table is worked out"},
    ]
    return rows


def due_tag(due_on: date, today: date) -> dict[str, str] | None:
    """Return the tag of a request that is late or nearly so; None for any other."""
    if due_on < today:
        return {"text": "Overdue", "colour": "red"}
    if due_on == today:
        return {"text": "Due today", "colour": "orange"}
    if due_on - today <= SOON:
        return {"text": "Due soon", "colour": "yellow"}
    return None


def differences(saved: Asked, saved_title: str, yours: Asked, your_title: str) -> list[dict[str, str]]:
    """Return where two readings of a request differ: the question, what is saved, what was typed."""
    pairs = [("Title", saved_title, your_title), ("Reference", saved.reference, yours.reference)]
    theirs = _by_key(asked_rows(saved, due_on=saved.received_on))
    typed = _by_key(asked_rows(yours, due_on=yours.received_on))
    pairs += [(key, theirs.get(key, ""), typed.get(key, "")) for key in theirs]
    pairs = [(key if key != "Received" else "Received", one, two) for key, one, two in pairs]
    return [
        {"question": key, "theirs": one or "Nothing", "yours": two or "Nothing"}
        for key, one, two in pairs
        if one != two
    ]


def _by_key(rows: list[dict[str, object]]) -> dict[str, str]:
    found = {}
    for row in rows:
        lines = row.get("lines")
        found[str(row["key"])] = "\n".join(map(str, lines)) if isinstance(lines, list) else str(row["value"])
    return found


def back_to(name: str, *args: object, label: str) -> dict[str, str]:
    """Return the link back that a page shows."""
    return {"back_url": reverse(name, args=args), "back_label": label}
