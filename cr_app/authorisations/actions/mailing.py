"""Messages to those asked: that a request waits and where, and nothing about anybody."""

import logging
from collections.abc import Sequence
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.urls import reverse

_log = logging.getLogger(__name__)


def tell_of_requests(reference: str, asked: Sequence[tuple[str, bool]]) -> None:
    """Send each of these addresses a link once the transaction has ended well; True beside one says it is a reminder."""
    messages = [_message(reference, address, is_reminder=is_reminder) for address, is_reminder in asked]
    transaction.on_commit(lambda: _send(messages))


def _message(reference: str, address: str, *, is_reminder: bool) -> EmailMessage:
    path = reverse("authority_review", args=[reference])
    subject = "A request still waits for you" if is_reminder else "A request waits for you"
    body = (
        f"{subject} in Community Resolutions:\n\n{settings.CR_BASE_URL}{path}\n\n"
        "Sign in to read it. This message says nothing else on purpose.\n"
    )
    return EmailMessage(subject, body, to=[address])


def _send(messages: list[EmailMessage]) -> None:
    """Send them over one connection; a failure is logged by its kind alone, since what was asked stands all the same."""
    try:
        get_connection().send_messages(messages)
    except (SMTPException, OSError) as error:
        _log.error("%s messages about requests could not be sent: %s", len(messages), type(error).__name__)
