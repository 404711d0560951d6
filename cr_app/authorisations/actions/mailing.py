"""Messages to those asked, and to a case's officer: that something waits and where, and nothing about anybody."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.urls import reverse

from cr_app.accounts.models import Officer
from cr_app.pages.mail import linking, send_after_commit

_ABOUT = "requests"


def tell_of_requests(reference: str, asked: Sequence[tuple[str, bool]]) -> None:
    """Send each of these addresses a link once the transaction has ended well; True beside one says it is a reminder."""
    messages = [_message(reference, address, is_reminder=is_reminder) for address, is_reminder in asked]
    send_after_commit(messages, about=_ABOUT)


def tell_of_change(reference: str, officer: Officer) -> None:
    """Send a case's officer a link to it once the transaction has ended well: it was decided, or what was given is void."""
    if officer.is_active:
        message = linking("One of your cases has moved on", reverse("case", args=[reference]), officer.email)
        send_after_commit([message], about=_ABOUT)


def _message(reference: str, address: str, *, is_reminder: bool) -> EmailMessage:
    path = reverse("authority_review", args=[reference])
    return linking("A request still waits for you" if is_reminder else "A request waits for you", path, address)
