"""What is told of a force's records beside the numbers: its name, and whether cases from before are among them."""

from datetime import datetime, time

from django.db.models import BooleanField, Exists, Expression, ExpressionWrapper

from cr_app.cases.models import Case
from cr_app.disclosure.asked import Asked, Year
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


def years_empty_then(asked: Asked) -> list[str]:
    """Return the columns of a request of which cases were imported since the moment as of which it counts, and none was there then."""
    if asked.as_of is None or not imported_since(asked):
        return []
    years = asked.columns()
    wanted = [_is_empty_then(asked.force, year, asked.as_of) for year in years]
    (found,) = Force.objects.filter(code=asked.force).values_list(*wanted)
    return [year.label for year, is_empty in zip(years, found, strict=True) if is_empty]


def _is_empty_then(force: str, year: Year, as_of: datetime) -> Expression:
    imported = ImportedCase.objects.filter(force=force, issued_on__gte=year.begins, issued_on__lt=year.ends)
    begins, ends = (datetime.combine(day, time.min, LOCAL) for day in (year.begins, year.ends))
    live = Case.objects.filter(force=force, issued_at__gte=begins, issued_at__lt=ends, issued_at__lte=as_of)
    since, then = imported.filter(batch__completed_at__gt=as_of), imported.filter(batch__completed_at__lte=as_of)
    return ExpressionWrapper(Exists(since) & ~Exists(then) & ~Exists(live), output_field=BooleanField())


def unknown_codes(codes: frozenset[str]) -> list[str]:
    """Return those of these offence codes that no catalogue has, in their order."""
    return sorted(codes - {*OffenceType.objects.filter(code__in=codes).values_list("code", flat=True)})
