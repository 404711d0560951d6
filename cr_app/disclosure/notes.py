"""The notes that go with a table, and the paragraphs that refuse what is withheld of it, in plain words. Pure.

They are made from what leaves: the request and the released table. So they cannot tell more than the table does. The wording is
a proposal that a force's information manager confirms: docs/decisions/0024 says what it rests on.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from cr_app.disclosure.asked import Asked, Group
from cr_app.disclosure.tables import WITHHELD, ReleasedTable

LOCAL = ZoneInfo("Europe/London")
# A count that is rounded to 0 is 0, 1 or 2.
_WIDTH_ROUNDED = 2
_NARROWED = " Where what was published before had narrowed a range further than that, this table makes it no narrower."

_SPLIT_BY = {
    "age_band": "by the offender's age on the day of the decision",
    "sex": "by the offender's sex",
    "ethnicity": "by the group of the ethnicity that the offender gave",
    "unit": "by the unit of the force that recorded it",
    "victim": "by whether a victim was a person, an organisation, or there was none",
    "exception": "by whether an exception to the force's policy was authorised",
}


@dataclass(frozen=True)
class Note:
    """One thing to know about a table: what it is about, and what to know."""

    about: str
    text: str

    def as_json(self) -> dict[str, object]:
        """Return it as release.json has it."""
        return asdict(self)


def notes_of(
    table: ReleasedTable,
    asked: Asked,
    *,
    force_name: str,
    extracted_at: datetime,
    worst_interval: int | None = None,
    has_imported: bool = False,
    has_collisions: bool = False,
) -> tuple[Note, ...]:
    """Return the notes on a table, in the order in which they are read.

    `has_imported`: cases from before were counted. `has_collisions`: earlier releases had a say in what is withheld.
    """
    found = [
        Note("Request", f"{asked.reference}, received on {day_of(asked.received_on)}."),
        Note("Source", _source(force_name, has_imported=has_imported)),
        Note("Extracted", _extracted(asked, extracted_at)),
        Note("Live records", _LIVE),
        Note("What is counted", _BASIS[asked.basis]),
        Note("Years", _years(asked)),
        Note("Rows", _rows(table, asked)),
        *(Note(f"Row: {group.label}", described(group)) for group in asked.groups),
    ]
    if asked.breakdown:
        found.append(Note("Divided", _divided(asked)))
    found += [
        Note("Combined row" if len(table.combined) == 1 else f"Row: {each.label}", _combined(each.rows))
        for each in table.combined
    ]
    if table.rounded_to:
        found.append(Note("Rounding", _rounding(table.rounded_to)))
    if table.withheld:
        found.append(Note(f"{WITHHELD} withheld", _withheld(table, asked)))
    found.append(Note("Zero", _zero(table, asked, extracted_at)))
    found.append(Note("Protection", rule_of(asked, worst_interval=worst_interval)))
    if has_collisions:
        found.append(Note("Earlier releases", _EARLIER))
    if shows_small(table, asked):
        found.append(Note("Small counts shown", _SHOWN.format(largest=asked.threshold - 1)))
    return tuple(found)


def rule_of(asked: Asked, *, worst_interval: int | None = None) -> str:
    """Return the rule by which counts are protected; it owns up to what earlier releases narrowed already."""
    if asked.method == "round":
        told = (
            "Every number is rounded to the nearest 5, totals on their own. Some are withheld where that is needed, so that from "
            f"everything published nobody can bring a count that may be {_small(asked)} into a range narrower than "
            f"{_WIDTH_ROUNDED}."
        )
        return told + (_NARROWED if worst_interval is not None and worst_interval < _WIDTH_ROUNDED else "")
    told = f"A count of {_small(asked)} is withheld"
    if asked.method == "combine":
        told = (
            "Rows with a small count are added together into one row, which is shown in their place. "
            f"A count that is then still {_small(asked)} is withheld"
        )
    told += (
        ", and others where these need it, so that from everything published nobody can bring a withheld count into a range "
        f"narrower than {asked.threshold}: the least and the largest value it can have are at least {asked.threshold} "
        "apart."
    )
    return told + (_NARROWED if worst_interval is not None and worst_interval < asked.threshold else "")


def refusal_of(table: ReleasedTable, asked: Asked, *, force_name: str) -> tuple[str, ...]:
    """Return the paragraphs that refuse what is withheld, as section 17 of the Act wants; none where nothing is withheld.

    Sources: Freedom of Information Act 2000 sections 2(3)(fa), 17, 40(2), 40(3A)(a) and 50; UK GDPR Article 5(1)(a) and
    Article 10 with section 11(2) of the Data Protection Act 2018; Information Commissioner v Miller [2018] UKUT 229 (AAC).
    """
    what = _refused(table)
    if not what:
        return ()
    return (
        f"{force_name} holds the information you asked for and gives it to you in part. {what} This is a refusal notice under "
        "section 17 of the Freedom of Information Act 2000 for that part.",
        "What is withheld is exempt under section 40(2) of the Act, by the condition in section 40(3A)(a): it is personal data "
        "of other people, and giving it to the public would contravene the data protection principles. It is about people who "
        "were dealt with for an offence, and about victims. They do not expect it to be made public, and there is no "
        "lawful basis on which it could be (UK GDPR, Article 5(1)(a) and Article 10, with section 11(2) of the Data Protection "
        "Act 2018).",
        "A small number is not personal data by itself (Information Commissioner v Miller [2018] UKUT 229 (AAC)). We asked "
        "whether somebody determined to find out, with what is known locally or was reported or published already, could tell "
        f"from it who a person is or learn something new about them. The threshold of {asked.threshold} is where that question "
        "begins; other numbers are withheld only where a withheld one could be worked out from them.",
        "To this part of section 40(2) the public interest test does not apply: by section 2(3)(fa) of the Act the exemption "
        "is absolute.",
        "If you are not content with this answer, you can ask us for an internal review within 40 working days of it. If you are "
        "not content with the outcome of that, you can complain to the Information Commissioner under section 50 of the Act: "
        "ico.org.uk, or Wycliffe House, Water Lane, Wilmslow SK9 5AF.",
    )


def described(group: Group) -> str:
    """Return what a named row counts."""
    which = f"offence code{'s' if len(group.codes) > 1 else ''} {', '.join(group.codes)}"
    it = "it" if len(group.codes) < 2 else "them"
    if group.encouraging_or_assisting is None:
        return f"Counts {which}, and encouraging or assisting {it}."
    if not group.encouraging_or_assisting:
        return f"Counts {which if group.codes else 'every offence'}, without encouraging or assisting {it}."
    return f"Counts encouraging or assisting {which if group.codes else 'any offence'}."


def shows_small(table: ReleasedTable, asked: Asked) -> bool:
    """Tell whether a count below the threshold is shown as it is, which a person decided."""
    shown = (value for line in table.values for value in line if value is not None)
    return not table.rounded_to and any(0 < value < asked.threshold for value in shown)


def day_of(day: date) -> str:
    """Return a day as it is written in a sentence: 3 May 2026."""
    return f"{day.day} {day:%B %Y}"


def moment_of(at: datetime) -> str:
    """Return a moment by the clock of England and Wales: 3 May 2026 at 15:02."""
    local = at.astimezone(LOCAL)
    return f"{day_of(local)} at {local:%H:%M}"


_LIVE = (
    "The record is in daily use. Cases are added, corrected and rescinded, so figures extracted at another moment can differ "
    "from these without either being wrong."
)
_BASIS = {
    "cases": "Community Resolutions: each is counted once, under its principal offence, in the year in which it was issued.",
    "offences": (
        "Offences dealt with by Community Resolution: one resolution for two offences counts twice. Each is counted in the year "
        "in which the resolution was issued."
    ),
}
_EARLIER = (
    "What this force published before about the same cases was taken into account, so that nothing withheld can be worked out "
    "from the two together."
)
_SHOWN = "Some counts from 1 to {largest} are shown: the force considered each of them and decided that it identifies nobody."


def _source(force_name: str, *, has_imported: bool) -> str:
    told = f"The record of Community Resolutions of {force_name}."
    if has_imported:
        told += (
            " Cases closed before that record began were taken over from the force's earlier systems as those had them. What "
            "they did not say is not known."
        )
    return told


def _extracted(asked: Asked, extracted_at: datetime) -> str:
    told = f"Extracted on {moment_of(extracted_at)}"
    is_earlier = asked.as_of is not None and asked.as_of != extracted_at
    if asked.as_of is not None and is_earlier:
        told += f", and counted as of {moment_of(asked.as_of)}"
    told += ". What had been issued by that moment, and not rescinded by then, is counted."
    if is_earlier:
        # Said whether there are such cases or not: which of the two would tell of cases that are in no table.
        told += " Cases that were taken over from earlier systems after that moment are not."
    return told


def _years(asked: Asked) -> str:
    if asked.years == "calendar":
        told = "Calendar years, 1 January to 31 December."
    else:
        told = "Financial years, 1 April to 31 March: 2012/13 is 1 April 2012 to 31 March 2013."
    if cut := [year.label for year in asked.columns() if "," in year.label]:
        told += (
            f" The period is {day_of(asked.period_from)} to {day_of(asked.period_to)}, so not every year is a whole one: "
            f"{'; '.join(cut)}."
        )
    return told


def _rows(table: ReleasedTable, asked: Asked) -> str:
    if asked.rows_by == "named":
        return (
            "The rows that were asked for. What fits more than one is counted in the first that it fits, and what fits none is "
            "not in the table: Total is the sum of these rows, not of everything."
        )
    told = (
        "Offence groups, as the Home Office's counting rules have them."
        if asked.rows_by == "group"
        else "Offence types, each with its Home Office code in brackets."
    )
    return told + ("" if table.zeros_withheld else " Rows with nothing to count in the whole period are left out.")


def _divided(asked: Asked) -> str:
    return (
        f"Each row is divided {_SPLIT_BY[asked.breakdown]}. The row without a colon after its name is all of these together; "
        "Not known is what the record does not say."
    )


def _combined(rows: tuple[str, ...]) -> str:
    return (
        f"Stands for {len(rows)} rows added together, which are not shown by themselves because counts among them are small: "
        f"{'; '.join(rows)}."
    )


def _rounding(base: int) -> str:
    return (
        f"Every number is rounded to the nearest {base}. Totals are rounded on their own, so rows and columns need not add up "
        "to them."
    )


def _withheld(table: ReleasedTable, asked: Asked) -> str:
    zero = "It may be zero." if table.zeros_withheld or asked.method == "round" else "It is not zero."
    return (
        f"{WITHHELD} means that a number is withheld. {zero} It is exempt under section 40(2) of the Freedom of Information "
        "Act 2000, by section 40(3A)(a): personal data of other people. A number that is not small is withheld where a "
        "small one could be worked out from it."
    )


def _zero(table: ReleasedTable, asked: Asked, extracted_at: datetime) -> str:
    if table.rounded_to:
        return "0 can stand for 0, 1 or 2, because numbers are rounded."
    if asked.zeros == "withhold":
        return f"Zeros are withheld like small counts, so {WITHHELD} can stand for 0."
    told = "0 means that there was none."
    if asked.as_of is not None and asked.as_of != extracted_at:
        # What was imported since is in no table of that moment, and is not said to be none.
        told = "0 means that none was in the record at the moment as of which it is counted."
    if table.zeros_withheld:
        return (
            f"{told} Zeros may be withheld too, because what was published before could otherwise tell "
            f"other counts: {WITHHELD} can stand for 0."
        )
    return f"{told} A withheld number is never written as 0."


def _small(asked: Asked) -> str:
    """Return the counts that are withheld: 1 to 4, or 1 alone."""
    least, largest = (0 if asked.zeros == "withhold" else 1), asked.threshold - 1
    return f"{least} to {largest}" if least < largest else str(least)


def _refused(table: ReleasedTable) -> str:
    """Return what is withheld, in sentences; "" where nothing is."""
    told = []
    if table.withheld:
        told.append(f"Numbers shown as {WITHHELD} are withheld.")
    if table.combined:
        told.append("The numbers of rows that were added together are withheld one by one; their sum is given.")
    if table.rounded_to:
        told.append(f"Exact numbers are withheld; each is given to the nearest {table.rounded_to}.")
    return " ".join(told)
