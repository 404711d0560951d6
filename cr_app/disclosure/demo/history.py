"""An invented history of closed cases as lines of a file to import: as many a year as a force published, and nobody real. Pure.

The same seed gives the same lines. How many fall on which offence group follows published proportions; within a group a few
offence types are common and most are rare, as in life.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cr_app.policy.catalogue import shipped_catalogue

COLUMNS = (
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
Line = tuple[str, ...]

# Community Resolutions of the Metropolitan Police by financial year, the year that it begins in, from 2014 on. Source: Home
# Office, police recorded crime and outcomes open data, Open Government Licence v3.0. 2013 stands in for a year before those.
_COUNTS = (6778, 6778, 10115, 7773, 7694, 20872, 30249, 33000, 27274, 22480, 17019, 18520, 19483)
PUBLISHED: Mapping[int, int] = dict(enumerate(_COUNTS, start=2013))
TEN = 10
# All out-of-court disposals of that force by offence group in 2018/19, from the same tables: a stand-in for the mix of
# Community Resolutions, whose own split is not published.
_MIX: Mapping[str, int] = {
    "Drug offences": 20341,
    "Violence against the person": 6989,
    "Theft offences": 4181,
    "Criminal damage and arson": 2084,
    "Public order offences": 1262,
    "Miscellaneous crimes against society": 1136,
    "Possession of weapons offences": 684,
    "Sexual offences": 81,
    "Robbery": 63,
}
# What comes up most in its group: the rest of a group follows in an order that is drawn.
_COMMON = ("92/61", "92/50", "105/01", "8/06", "195/41", "46/00", "49/10", "149/00", "125/12", "125/09", "8/26", "8/11")
# How much rarer an offence type is than the one before it: the weight of the n-th is n to this power.
_RARER = -1.8
_UNITS = ("Central North", "Central South", "North East", "South East", "West", "")
_SEXES = ("male", "male", "male", "female", "female", "other", "not_known", "")
_ETHNICITIES = ("W1", "W1", "W9", "B1", "B2", "A1", "A3", "M1", "O9", "NS", "")
_VICTIMS = ("none", "none", "organisation", "person", "person", "")
_SECOND_OFFENCE, _ENCOURAGING = 0.06, 0.012


@dataclass(frozen=True)
class Principal:
    """A case's date of issue, and its principal offence."""

    issued_on: date
    code: str
    encouraging: bool = False


def ten_years(first: int, *, times_fewer: int = 1) -> dict[int, int]:
    """Return the cases of ten financial years from the one that begins in `first`, that many times fewer than published."""
    last = max(PUBLISHED)
    return {year: PUBLISHED[min(year, last)] // times_fewer for year in range(first, first + TEN)}


def invented(cases: Mapping[int, int], *, seed: int, most_types: int | None = None) -> Iterator[Principal]:
    """Yield cases of financial years, by the year in which each begins: any day of it, an offence drawn by the mix.

    `most_types` is how many offence types of a group come up at most, for a small table.
    """
    draw = random.Random(seed)  # noqa: S311 (nothing is kept secret by it)
    codes, weights = _weighed(draw, most_types)
    for year, count in cases.items():
        begins = date(year, 4, 1)
        days = (date(year + 1, 4, 1) - begins).days
        for code in draw.choices(codes, weights, k=count):
            yield Principal(begins + timedelta(draw.randrange(days)), code, draw.random() < _ENCOURAGING)


def lines_of(principals: Sequence[Principal], *, force: str, prefix: str, seed: int) -> Iterator[Line]:
    """Yield the lines of these cases, a line a case and offence; the references begin with the prefix."""
    draw = random.Random(seed)  # noqa: S311
    others = [code for code, kind in shipped_catalogue().items() if kind.group in _MIX]
    for number, principal in enumerate(principals, start=1):
        decided_on = principal.issued_on - timedelta(draw.randrange(15))
        case = (f"{prefix}{number:06}", force, draw.choice(_UNITS))
        about = (
            (decided_on - timedelta(draw.randrange(60))).isoformat(),
            decided_on.isoformat(),
            principal.issued_on.isoformat(),
            draw.choice(("", str(draw.randrange(10, 80)), str(draw.randrange(14, 40)))),
            draw.choice(_SEXES),
            draw.choice(_ETHNICITIES),
            draw.choice(_VICTIMS),
            draw.choice(("", "yes", "no")),
            draw.choice(("no", "no", "yes", "")),
        )
        yield (*case, principal.code, _yes_no(principal.encouraging), *about)
        if draw.random() < _SECOND_OFFENCE:
            second = draw.choice([code for code in others if code != principal.code])
            yield (*case, second, "no", *about)


def _weighed(draw: random.Random, most_types: int | None) -> tuple[list[str], list[float]]:
    """Return the offence codes of the mix, and how often each comes up."""
    codes: list[str] = []
    weights: list[float] = []
    for group, share in _MIX.items():
        own = [code for code, kind in shipped_catalogue().items() if kind.group == group]
        draw.shuffle(own)
        own.sort(key=lambda code: _COMMON.index(code) if code in _COMMON else len(_COMMON))
        del own[most_types or len(own) :]
        parts = [float(place**_RARER) for place in range(1, len(own) + 1)]
        codes += own
        weights += [share * part / sum(parts) for part in parts]
    return codes, weights


def _yes_no(answer: bool) -> str:
    return "yes" if answer else "no"
