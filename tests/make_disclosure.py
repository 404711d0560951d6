"""Makes imported cases for tests, many at once: rows of a complete batch, with no file behind them and no entry in the trail."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count

from django.utils import timezone

from cr_app.disclosure.models import ImportBatch, ImportedCase, ImportedOffence
from cr_app.reference.models import Force
from tests.cast import FORCES

_DIGEST = bytes(16)


@dataclass(frozen=True)
class Closed:
    """`number` closed cases that are alike; `further` are the codes of their second and later offences."""

    issued_on: date
    code: str = "46/00"
    number: int = 1
    force: str = "01"
    encouraging: bool = False
    further: tuple[str, ...] = ()
    unit: str = ""
    age: int | None = None
    sex: str = ""
    ethnicity: str | None = None
    victim: str = ""
    exception: bool | None = None


def imported(rows: Iterable[Closed], *, completed_at: datetime | None = None, is_complete: bool = True) -> ImportBatch:
    """Import these cases in a batch of their own, complete at a moment (now, unless one is told), or left open."""
    for code, name in FORCES.items():
        Force.objects.get_or_create(code=code, defaults={"name": name})
    now = timezone.now()
    made = ImportBatch.objects.count()
    batch = ImportBatch.objects.create(salt=bytes(32), digest=f"{made:064x}", started_at=completed_at or now)
    lines = count(2)
    cases, offences = [], list[ImportedOffence]()
    for row in rows:
        for _ in range(row.number):
            case = _case(batch, row, next(lines))
            cases.append(case)
            offences += [
                ImportedOffence(
                    batch=batch,
                    case=case,
                    line=next(lines),
                    offence_type_id=code,
                    encouraging_or_assisting=False,
                    row_digest=_DIGEST,
                )
                for code in row.further
            ]
    ImportedCase.objects.bulk_create(cases, batch_size=2000)
    for offence in offences:
        offence.case_id = offence.case.pk
    ImportedOffence.objects.bulk_create(offences, batch_size=2000)
    batch.lines_done, batch.cases, batch.offences = next(lines) - 1, len(cases), len(offences) + len(cases)
    if is_complete:
        batch.completed_at = completed_at or now
    batch.save()
    return batch


def _case(batch: ImportBatch, row: Closed, line: int) -> ImportedCase:
    return ImportedCase(
        batch=batch,
        line=line,
        reference=f"{batch.pk}/{line}",
        force_id=row.force,
        unit=row.unit,
        offence_type_id=row.code,
        encouraging_or_assisting=row.encouraging,
        issued_on=row.issued_on,
        offender_age=row.age,
        offender_sex=row.sex,
        offender_ethnicity_id=row.ethnicity,
        victim_kind=row.victim,
        exception=row.exception,
        row_digest=_DIGEST,
    )
