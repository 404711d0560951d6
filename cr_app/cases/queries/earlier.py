"""Earlier local cases of the same person."""

from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.utils import timezone

from cr_app.cases.lifecycle import Status
from cr_app.cases.models import Case

# Written out, as every save asks: to put these together anew takes longer than to answer them.
_BY_PNC_ID = "SELECT case_id FROM cases_offender WHERE pnc_id = %s"
_BY_CRO_NUMBER = "SELECT case_id FROM cases_offender WHERE cro_number = %s"
_BY_NAME = """
SELECT cases_case.id FROM cases_case JOIN cases_offender ON cases_offender.case_id = cases_case.id
WHERE cases_case.force_id = %s AND cases_case.crime_report_reference = %s AND cases_offender.born_on = %s
  AND (upper(cases_offender.last_names) = upper(%s) OR EXISTS (
    SELECT FROM cases_correction
    WHERE case_id = cases_case.id AND victim_id IS NULL AND "column" = 'last_names' AND upper(new) = upper(%s)))
"""
_NEWEST = """
SELECT cases_case.reference, crime_report_reference, status, issued_at, is_restricted,
  array_agg(reference_offencetype.code ORDER BY cases_caseoffence.position)
    FILTER (WHERE cases_caseoffence.id IS NOT NULL),
  array_agg(reference_offencetype.title ORDER BY cases_caseoffence.position)
    FILTER (WHERE cases_caseoffence.id IS NOT NULL)
FROM cases_case
LEFT JOIN cases_caseoffence ON cases_caseoffence.case_id = cases_case.id
LEFT JOIN reference_offencetype ON reference_offencetype.code = cases_caseoffence.offence_type_id
WHERE cases_case.id = ANY(%s) AND force_id = %s AND status <> %s
GROUP BY cases_case.id ORDER BY created_at DESC LIMIT 50
"""

# A Community Resolution that was given and not rescinded counts as an earlier disposal.
GIVEN = (Status.ISSUED, Status.COMPLETED, Status.NOT_COMPLIED)


@dataclass(frozen=True)
class EarlierCase:
    """An earlier local case of the same person; a restricted one counts, and is shown to nobody."""

    reference: str
    crime_report_reference: str
    status: Status
    given_on: date | None
    offence_codes: tuple[str, ...]
    offence_titles: tuple[str, ...]
    is_same_report: bool
    is_restricted: bool

    @property
    def counts(self) -> bool:
        """Tell whether it counts as an earlier disposal."""
        return self.status in GIVEN


def _of_same_person(case: Case) -> set[int]:
    """Return the keys of cases about the same person: exact PNC ID or CRO number, or the same report, last name and birth.

    A last name that was corrected is compared as it was issued and as it was put right.
    """
    offender = case.offender
    wanted: list[str] = []
    told: list[str | date] = []
    if offender.pnc_id:
        wanted.append(_BY_PNC_ID)
        told.append(offender.pnc_id)
    if offender.cro_number:
        wanted.append(_BY_CRO_NUMBER)
        told.append(offender.cro_number)
    if offender.last_names and offender.born_on:
        wanted.append(_BY_NAME)
        told += [case.force_id, case.crime_report_reference, offender.born_on]
        told += [offender.last_names, offender.last_names]
    if not wanted:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(" UNION ".join(wanted), told)
        return {key for (key,) in cursor.fetchall()}


def earlier_cases_of(case: Case) -> tuple[EarlierCase, ...]:
    """Return other local cases of the same person, newest first, withdrawn ones left out."""
    # The keys alone first: most people are known for the first time, and there it ends.
    keys = _of_same_person(case) - {case.pk}
    if not keys:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST, [list(keys), case.force_id, Status.WITHDRAWN.value])
        others = cursor.fetchall()
    return tuple(
        EarlierCase(
            reference=reference,
            crime_report_reference=report,
            status=Status(status),
            given_on=timezone.localdate(issued_at) if issued_at else None,
            offence_codes=tuple(codes or ()),
            offence_titles=tuple(f"{title} ({code})" for title, code in zip(titles or (), codes or (), strict=True)),
            is_same_report=report == case.crime_report_reference,
            is_restricted=is_restricted,
        )
        for reference, report, status, issued_at, is_restricted, codes, titles in others
    )


def lock_person(case: Case) -> None:
    """Make whoever decides about the same person wait until this transaction ends: by PNC ID, CRO number, name and birth."""
    offender = case.offender
    keys = {
        f"{case.force_id} pnc {offender.pnc_id}" if offender.pnc_id else "",
        f"{case.force_id} cro {offender.cro_number}" if offender.cro_number else "",
        f"{case.force_id} name {offender.last_names} {offender.born_on}".casefold() if offender.born_on else "",
    }
    with connection.cursor() as cursor:
        # In one order, so that two who wait for each other's keys cannot both wait for ever.
        for key in sorted(keys - {""}):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
