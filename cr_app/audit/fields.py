"""The number of a transaction, as PostgreSQL keeps it: never used twice, so rows can be taken in its order."""

from typing import TYPE_CHECKING, Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Func


class CurrentTransactionId(Func):
    """The id of the transaction that writes the row."""

    function = "pg_current_xact_id"
    arity = 0


if TYPE_CHECKING:
    _Field = Field[int, int]
else:
    _Field = Field


class TransactionIdField(_Field):
    """A column of type xid8, read as a whole number."""

    description = "Transaction id (64 bits)"

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """Name the column's type."""
        return "xid8"

    def from_db_value(self, value: str | int | None, *_: object) -> int | None:
        """Read the number; the driver hands xid8 over as text."""
        return None if value is None else int(value)

    def get_prep_value(self, value: Any) -> Any:
        """Send a number as text, the only thing PostgreSQL casts to xid8."""
        value = super().get_prep_value(value)
        return str(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> int | None:
        """Read a number from a fixture."""
        return None if value is None else int(value)
