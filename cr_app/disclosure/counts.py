"""Counts cases as they stood at a moment, live and imported: the only SQL of this service that counts people.

What is counted here tells of people: only `reports` may read it, and nothing of it leaves but through suppression.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Q
from psycopg import sql

from cr_app.accounts.models import Unit
from cr_app.database.patience import patiently
from cr_app.disclosure.asked import TookTooLong
from cr_app.disclosure.models import ImportedCase
from cr_app.policy.catalogue import shipped_catalogue
from cr_app.reference.models import Ethnicity, OffenceType
from cr_app.reference.queries import self_defined_ethnicities

NOT_KNOWN, NOT_STATED = "Not known", "Not stated"
AGE_BANDS = ("10 to 17", "18 to 24", "25 to 34", "35 to 44", "45 to 54", "55 to 64", "65 and over", NOT_KNOWN)
SEXES = ("Female", "Male", "Other", NOT_KNOWN)
VICTIMS = ("Person", "Organisation", "No victim", NOT_KNOWN)
EXCEPTIONS = ("Authorised exception", "No exception", NOT_KNOWN)
# A count over every year of a large force takes seconds, which no page of an officer's may; it takes no longer than this.
LONGEST = "120s"
_TOO_LONG = "Counting the cases took longer than it may, so nothing came of it. Try again in some minutes."


@dataclass(frozen=True)
class Asking:
    """What to count: cases of one force by their date of issue.

    `edges` cut time, in their order: stretch i runs from edges[i] to the day before edges[i + 1]. `breakdown` is one of
    asked.BREAKDOWNS, or empty. With `with_further` second and later offences of those cases are counted too.
    """

    force: str
    edges: tuple[date, ...]
    breakdown: str = ""
    with_further: bool = False


class Counted(NamedTuple):
    """What a number counts: offences of one code in one stretch; `value` of the breakdown, empty without one.

    `further` tells second and later offences of a case from its principal one.
    """

    stretch: int
    code: str
    encouraging: bool
    further: bool
    value: str


class Kind(NamedTuple):
    """An offence type as rows need it."""

    code: str
    title: str
    group: str


def counted_at_each(asking: Asking, moments: Sequence[datetime]) -> dict[datetime, dict[Counted, int]]:
    """Return the numbers that are not zero as of each of these moments, in one statement over live and imported cases.

    A live case counts if it was issued by the moment and not rescinded by then, an imported one if its batch was complete by
    then; restricted cases count like others. An issued case is frozen, so that the same moment gives the same numbers. Cases
    are grouped by the moments between which they came and went; where none did, two moments have the same mapping. Raises
    TookTooLong where it takes longer than LONGEST.
    """
    at = sorted(set(moments))
    live, imported = _VALUES[asking.breakdown]
    principal, further = (
        _OF_BATCHES.format(
            value=imported.value, joins=imported.joins, offences=offences, further=sql.Literal(bool(is_further))
        )
        for is_further, offences in enumerate((_IMPORTED, _IMPORTED_FURTHER))
    )
    statement = _ALL.format(
        live=live.value,
        live_joins=live.joins,
        live_offences=_EVERY_OFFENCE if asking.with_further else _PRINCIPAL_OFFENCE,
        imported=principal + further if asking.with_further else principal,
    )
    told: dict[str, Any] = {"force": asking.force, "edges": list(asking.edges), "moments": at, "last": at[-1]}
    told |= {"first": asking.edges[0], "end": asking.edges[-1]}
    changes: list[dict[Counted, int]] = [{} for _ in at]
    with patiently(LONGEST, refusal=TookTooLong(_TOO_LONG)) as cursor:
        cursor.execute(statement, told)
        for came, gone, *key, number in cursor.fetchall():
            counts = Counted(*key)
            changes[came][counts] = changes[came].get(counts, 0) + number
            if gone < len(at):
                changes[gone][counts] = changes[gone].get(counts, 0) - number
    found: dict[datetime, dict[Counted, int]] = {}
    now: dict[Counted, int] = {}
    for moment, change in zip(at, changes, strict=True):
        if change:
            now = now | {counts: now.get(counts, 0) + number for counts, number in change.items()}
            now = {counts: number for counts, number in now.items() if number}
        found[moment] = now
    return found


def kinds_of(force: str) -> tuple[Kind, ...]:
    """Return the offence types that a force's cases may have, withdrawn ones too: the catalogue's order, then its own."""
    places = {code: place for place, code in enumerate(shipped_catalogue())}
    found = OffenceType.objects.filter(Q(added_by_force=None) | Q(added_by_force=force))
    kinds = [Kind(*row) for row in found.values_list("code", "title", "group")]
    return tuple(sorted(kinds, key=lambda kind: (places.get(kind.code, len(places)), kind.code)))


def values_of(breakdown: str, force: str, *, as_of: datetime) -> tuple[str, ...]:
    """Return every value that a breakdown may have for a force, in the order of its rows; none without a breakdown.

    Raises TookTooLong where the units of imported cases take longer than LONGEST.
    """
    if breakdown == "ethnicity":
        offered = [code.group for code in self_defined_ethnicities()]
        groups = [*offered, *Ethnicity.objects.exclude(scheme__startswith="IC").values_list("group", flat=True)]
        return (*dict.fromkeys(group for group in groups if group != NOT_STATED), NOT_STATED)
    if breakdown == "unit":
        names = {*Unit.objects.filter(force=force).values_list("name", flat=True)}
        imported = ImportedCase.objects.filter(force=force, batch__completed_at__lte=as_of)
        with patiently(LONGEST, refusal=TookTooLong(_TOO_LONG)):
            names |= {*imported.values_list("unit", flat=True).distinct()}
        return (*sorted(names - {"", NOT_KNOWN}), NOT_KNOWN)
    fixed: Mapping[str, tuple[str, ...]] = {
        "age_band": AGE_BANDS,
        "sex": SEXES,
        "victim": VICTIMS,
        "exception": EXCEPTIONS,
        "": (),
    }
    return fixed[breakdown]


class _Value(NamedTuple):
    """How one set of tables says the value of a breakdown, and what it joins for that."""

    value: sql.Composable
    joins: sql.Composable = sql.SQL("")


def _band(age: sql.SQL) -> sql.Composable:
    """Return the age band of an age in whole years; under 10 nobody is responsible, so such an age is not known."""
    labels = sql.SQL(", ").join(sql.Literal(label) for label in (NOT_KNOWN, *AGE_BANDS[:-1]))
    return sql.SQL("(ARRAY[{}])[1 + coalesce(width_bucket({}, ARRAY[10, 18, 25, 35, 45, 55, 65]), 0)]").format(
        labels, age
    )


# On the day decided; an estimated age where the date of birth is not known: as `ages_of` in cr_app/cases/facts.py.
_AGE = sql.SQL(
    "CASE WHEN o.born_on IS NULL THEN o.estimated_age::int WHEN o.born_on <= c.decided_on"
    " THEN extract(year FROM age(c.decided_on::timestamp, o.born_on::timestamp))::int END"
)
_OFFENDER = sql.SQL("JOIN cases_offender o ON o.case_id = c.id")
_SEX = "CASE {} WHEN 'female' THEN 'Female' WHEN 'male' THEN 'Male' WHEN 'other' THEN 'Other' ELSE 'Not known' END"
# By breakdown, for live and for imported cases.
_VALUES: Mapping[str, tuple[_Value, _Value]] = {
    "": (_Value(sql.SQL("''")), _Value(sql.SQL("''"))),
    "age_band": (_Value(_band(_AGE), _OFFENDER), _Value(_band(sql.SQL("c.offender_age::int")))),
    "sex": (
        _Value(sql.SQL(_SEX).format(sql.SQL("o.sex")), _OFFENDER),
        _Value(sql.SQL(_SEX).format(sql.SQL("c.offender_sex"))),
    ),
    "ethnicity": (
        _Value(
            sql.SQL("coalesce(e.\"group\", 'Not stated')"),
            sql.SQL(
                "JOIN cases_offender o ON o.case_id = c.id"
                " LEFT JOIN reference_ethnicity e ON e.code = o.self_defined_ethnicity_id"
            ),
        ),
        _Value(
            sql.SQL("coalesce(e.\"group\", 'Not stated')"),
            sql.SQL("LEFT JOIN reference_ethnicity e ON e.code = c.offender_ethnicity_id"),
        ),
    ),
    "unit": (
        _Value(sql.SQL("u.name"), sql.SQL("JOIN accounts_unit u ON u.id = c.unit_id")),
        _Value(sql.SQL("coalesce(nullif(c.unit, ''), 'Not known')")),
    ),
    "victim": (
        _Value(
            sql.SQL(
                "CASE WHEN EXISTS (SELECT FROM cases_victim v WHERE v.case_id = c.id AND v.kind = 'person') THEN 'Person'"
                " WHEN EXISTS (SELECT FROM cases_victim v WHERE v.case_id = c.id AND v.kind = 'organisation')"
                " THEN 'Organisation' WHEN c.has_no_victim THEN 'No victim' ELSE 'Not known' END"
            )
        ),
        _Value(
            sql.SQL(
                "CASE c.victim_kind WHEN 'person' THEN 'Person' WHEN 'organisation' THEN 'Organisation'"
                " WHEN 'none' THEN 'No victim' ELSE 'Not known' END"
            )
        ),
    ),
    "exception": (
        _Value(
            sql.SQL("CASE WHEN c.authority_decision = 'granted' THEN 'Authorised exception' ELSE 'No exception' END")
        ),
        _Value(
            sql.SQL(
                "CASE WHEN c.exception THEN 'Authorised exception' WHEN NOT c.exception THEN 'No exception'"
                " ELSE 'Not known' END"
            )
        ),
    ),
}

_PRINCIPAL_OFFENCE = sql.SQL(
    "(SELECT DISTINCT ON (case_id) case_id, offence_type_id, encouraging_or_assisting, false AS further"
    " FROM cases_caseoffence ORDER BY case_id, position)"
)
_EVERY_OFFENCE = sql.SQL(
    "(SELECT case_id, offence_type_id, encouraging_or_assisting,"
    " position > min(position) OVER (PARTITION BY case_id) AS further FROM cases_caseoffence)"
)
# Of an imported case its own offence is the principal one.
_IMPORTED = sql.SQL(
    "disclosure_importedcase c CROSS JOIN LATERAL (SELECT c.offence_type_id, c.encouraging_or_assisting) a"
)
_IMPORTED_FURTHER = sql.SQL("disclosure_importedoffence a JOIN disclosure_importedcase c ON c.id = a.case_id")
# Of what came between two moments and went between two, the first moment at which it counts, and the first at which it does not:
# width_bucket says how many are before or at a time, and a time is of whole microseconds. Imported cases are counted by batch
# first, so that only few rows are looked up.
_OF_BATCHES = sql.SQL("""
    UNION ALL
    SELECT width_bucket(b.completed_at - interval '1 microsecond', %(moments)s::timestamptz[]),
           cardinality(%(moments)s::timestamptz[]), stretch, code, encouraging, further, value, number
    FROM (
        SELECT c.batch_id, width_bucket(c.issued_on, %(edges)s::date[]) - 1 AS stretch, a.offence_type_id AS code,
               a.encouraging_or_assisting AS encouraging, {further} AS further, {value} AS value, count(*) AS number
        FROM {offences} {joins}
        WHERE c.force_id = %(force)s AND c.issued_on >= %(first)s AND c.issued_on < %(end)s
          AND c.batch_id = ANY (ARRAY(SELECT id FROM disclosure_importbatch WHERE completed_at <= %(last)s))
        GROUP BY 1, 2, 3, 4, 5, 6
    ) AS imported JOIN disclosure_importbatch b ON b.id = imported.batch_id
""")
# A day begins at midnight in London; only what was issued has a status from `issued` on, and keeps one of these for good.
_ALL = sql.SQL("""
SELECT came, gone, stretch, code, encouraging, further, value, sum(number)::bigint FROM (
    SELECT width_bucket(c.issued_at - interval '1 microsecond', %(moments)s::timestamptz[]) AS came,
           CASE WHEN r.at IS NULL THEN cardinality(%(moments)s::timestamptz[])
                ELSE width_bucket(r.at - interval '1 microsecond', %(moments)s::timestamptz[]) END AS gone,
           width_bucket((c.issued_at AT TIME ZONE 'Europe/London')::date, %(edges)s::date[]) - 1 AS stretch,
           a.offence_type_id AS code, a.encouraging_or_assisting AS encouraging, a.further, {live} AS value,
           count(*) AS number
    FROM cases_case c JOIN {live_offences} a ON a.case_id = c.id {live_joins}
    LEFT JOIN cases_rescission r ON r.case_id = c.id
    WHERE c.force_id = %(force)s AND c.issued_at <= %(last)s
      AND c.issued_at >= %(first)s::timestamp AT TIME ZONE 'Europe/London'
      AND c.issued_at < %(end)s::timestamp AT TIME ZONE 'Europe/London'
      AND c.status IN ('issued', 'completed', 'not_complied', 'rescinded')
    GROUP BY 1, 2, 3, 4, 5, 6, 7
    {imported}
) AS counts
WHERE came < gone
GROUP BY came, gone, stretch, code, encouraging, further, value
""")
