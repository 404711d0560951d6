"""Messages that say that something waits and where, and nothing about anybody; in the demo one line each on the console."""

import logging
from collections.abc import Sequence
from functools import partial
from smtplib import SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.console import EmailBackend
from django.db import transaction

_log = logging.getLogger(__name__)
# The mail host refuses one message, and takes others.
_REFUSED = (SMTPRecipientsRefused, SMTPResponseException)


class OneLineOnConsole(EmailBackend):
    """Prints to whom, what about and the link, instead of the whole message."""

    def write_message(self, message: EmailMessage) -> None:
        """Write one line."""
        links = [word for word in str(message.body).split() if word.startswith(("http://", "https://"))]
        self.stream.write(" ".join(["Mail to", ", ".join(message.to), f"({message.subject})", *links]) + "\n")


def linking(subject: str, path: str, address: str) -> EmailMessage:
    """Return a message that says one sentence and gives the link to a page, behind the sign-in."""
    body = (
        f"{subject} in Community Resolutions:\n\n{settings.CR_BASE_URL}{path}\n\n"
        "Sign in to read it. This message says nothing else on purpose.\n"
    )
    return EmailMessage(subject, body, to=[address])


def send_after_commit(messages: Sequence[EmailMessage], *, about: str) -> None:
    """Send these messages once the transaction has ended well; `about` is what the log says of those that failed."""
    transaction.on_commit(partial(send, messages, about=about), robust=True)


def send(messages: Sequence[EmailMessage], *, about: str) -> tuple[EmailMessage, ...]:
    """Send these messages now and return those that the mail host took; `about` is what the log says of the others.

    Each over one connection, opened again where it broke: nobody goes without because another was refused. What could
    not be sent is logged by number and kind alone, since what it tells of stands all the same.
    """
    mail_host, failures = get_connection(), set()
    sent: list[EmailMessage] = []
    try:
        mail_host.open()
        for message in messages:
            try:
                mail_host.send_messages([message])
                sent.append(message)
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
    unsent = len(messages) - len(sent)
    if unsent:
        kinds = ", ".join(sorted(failures))
        _log.error("%s of %s messages about %s could not be sent: %s", unsent, len(messages), about, kinds)
    return tuple(sent)
