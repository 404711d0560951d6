"""Mail hosts for tests, that do not take every message."""

from collections.abc import Sequence
from smtplib import SMTPRecipientsRefused

from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection


class RefusingGrace(EmailBackend):
    """Takes every message but those to Grace Mensah."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Refuse hers, as a mail host refuses an address that it does not know."""
        for message in email_messages:
            if message.to[0].startswith("3088@"):
                raise SMTPRecipientsRefused({message.to[0]: (550, b"No such address")})
        return super().send_messages(email_messages)


class LosingTheDatabase(EmailBackend):
    """Takes every message; while it takes those to Amina Khan the database fails."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Fail as the database does, where the message is to her."""
        if any(message.to[0].startswith("4127@") for message in email_messages):
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 / 0")
        return super().send_messages(email_messages)
