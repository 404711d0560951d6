"""What an export for one force leaves out."""

from cr_app.accounts.models import Officer


def officers_elsewhere(force_id: str) -> frozenset[str]:
    """Return the officers of other forces, as the trail names them."""
    numbers = Officer.objects.exclude(force_id=force_id).order_by().values_list("warrant_number", flat=True)
    return frozenset(f"officer:{number}" for number in numbers)
