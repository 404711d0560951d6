"""Messages to those asked, and to a case's officer: that something waits and where, and nothing about anybody."""

import logging
from collections.abc import Sequence
from functools import partial
from smtplib import SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.urls import reverse

from cr_app.accounts.models import Officer

_log = logging.getLogger(__name__)
# The mail host refuses one message, and takes others.
_REFUSED = (SMTPRecipientsRefused, SMTPResponseException)


def tell_of_requests(reference: str, asked: Sequence[tuple[str, bool]]) -> None:
    """Send each of these addresses a link once the transaction has ended well; True beside one says it is a reminder."""
    messages = [_message(reference, address, is_reminder=is_reminder) for address, is_reminder in asked]
    transaction.on_commit(partial(_send, messages), robust=True)


def tell_of_change(reference: str, officer: Officer) -> None:
    """Send a case's officer a link to it once the transaction has ended well: it was decided, or what was given is void."""
    if officer.is_active:
        message = _linking("One of your cases has moved on", reverse("case", args=[reference]), officer.email)
        transaction.on_commit(partial(_send, [message]), robust=True)


def _message(reference: str, address: str, *, is_reminder: bool) -> EmailMessage:
    path = reverse("authority_review", args=[reference])
    return _linking("A request still waits for you" if is_reminder else "A request waits for you", path, address)


def _linking(subject: str, path: str, address: str) -> EmailMessage:
    body = (
        f"{subject} in Community Resolutions:\n\n{settings.CR_BASE_URL}{path}\n\n"
        "Sign in to read it. This message says nothing else on purpose.\n"
    )
    return EmailMessage(subject, body, to=[address])


def _send(messages: list[EmailMessage]) -> None:
    """Send each over one connection, opened again where it broke: nobody goes without because another was refused.

    What could not be sent is logged by number and kind alone, since what was asked stands all the same.
    """
    mail_host, sent, failures = get_connection(), 0, set()
    try:
        mail_host.open()
        for message in messages:
            try:
                mail_host.send_messages([message])
                sent += 1
            except _REFUSED as error:
                failures.add(type(error).__name__)
            except OSError as error:
                # SMTP's own errors are of this kind too.
                failures.add(type(error).__name__)
                mail_host.close()
                mail_host.open()
        mail_host.close()
    except OSError as error:
        failures.add(type(error).__name__)
    if sent < len(messages):
        kinds = ", ".join(sorted(failures))
        _log.error("%s of %s messages about requests could not be sent: %s", len(messages) - sent, len(messages), kinds)
