"""Whom an export for one force may name."""

from cr_app.accounts.models import Officer


def officers_of(force_id: str) -> frozenset[str]:
    """Return the officers of a force, as the trail names them by the numbers that they have now."""
    numbers = Officer.objects.filter(force_id=force_id).order_by().values_list("warrant_number", flat=True)
    return frozenset(f"officer:{number}" for number in numbers)
