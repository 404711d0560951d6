"""The demo's clock: what happened days ago in an invented story is recorded as if it were that day."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

_NOW = timezone.now


class NotTheDemo(Exception):
    """The clock was to be set back outside the demo."""


@contextmanager
def days_ago(days: int) -> Iterator[None]:
    """Let everything within happen so many days ago; the rest of the process goes on by the same clock meanwhile.

    An action that is overdue was agreed before today, and no action of the service takes a day that is past. Raises
    NotTheDemo where this is not the demo.
    """
    if not settings.DEMO:
        raise NotTheDemo("The clock is set back in the demo only.")

    def then() -> datetime:
        return _NOW() - timedelta(days=days)

    before, timezone.now = timezone.now, then
    try:
        yield
    finally:
        timezone.now = before
