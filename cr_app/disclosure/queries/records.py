"""What is told of a force's records beside the numbers: its name, and whether cases from before are among them."""

from datetime import datetime, time, timedelta

from cr_app.cases.models import Case
from cr_app.disclosure.asked import Asked
from cr_app.disclosure.models import ImportedCase
from cr_app.disclosure.notes import LOCAL
from cr_app.reference.models import Force, OffenceType


def force_name(code: str) -> str:
    """Return what a force is called; its code where there is none."""
    return Force.objects.filter(code=code).values_list("name", flat=True).first() or code


def is_force(code: str) -> bool:
    """Tell whether there is such a force."""
    return Force.objects.filter(code=code).exists()


def has_imported(asked: Asked, *, as_of: datetime) -> bool:
    """Tell whether cases from before were counted in the request's period as of a moment."""
    found = ImportedCase.objects.filter(force=asked.force, batch__completed_at__lte=as_of)
    return found.filter(issued_on__range=(asked.period_from, asked.period_to)).exists()


def imported_since(asked: Asked) -> bool:
    """Tell whether cases of the request's period were imported after the moment as of which it counts."""
    if asked.as_of is None:
        return False
    found = ImportedCase.objects.filter(force=asked.force, batch__completed_at__gt=asked.as_of)
    return found.filter(issued_on__range=(asked.period_from, asked.period_to)).exists()


def was_empty_then(asked: Asked) -> bool:
    """Tell whether cases of the request's period are in the records now, and none was at the moment as of which it counts."""
    if asked.as_of is None or not imported_since(asked) or has_imported(asked, as_of=asked.as_of):
        return False
    begins = datetime.combine(asked.period_from, time.min, LOCAL)
    ends = datetime.combine(asked.period_to + timedelta(days=1), time.min, LOCAL)
    live = Case.objects.filter(force=asked.force, issued_at__gte=begins, issued_at__lt=ends)
    return not live.filter(issued_at__lte=asked.as_of).exists()


def unknown_codes(codes: frozenset[str]) -> list[str]:
    """Return those of these offence codes that no catalogue has, in their order."""
    return sorted(codes - {*OffenceType.objects.filter(code__in=codes).values_list("code", flat=True)})
