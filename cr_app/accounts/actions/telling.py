"""What an officer is told by mail about the own account: that it was changed, and nothing of what."""

import logging

from django.conf import settings
from django.core.mail import send_mail

from cr_app.accounts.models import Officer

_log = logging.getLogger(__name__)

_TEXT = """An administrator has changed your account in Community Resolutions: your rank, unit, roles, duty or whether it is open.

Sign in to see it: {link}

If you did not expect this, ask another administrator of your force or your service desk.
"""


def tell_of_change(officer: Officer, *, link: str) -> None:
    """Send the officer the mail; one that cannot be sent is logged, and changes nothing of what was done."""
    try:
        send_mail("Your account was changed", _TEXT.format(link=link), settings.DEFAULT_FROM_EMAIL, [officer.email])
    except OSError as error:
        # SMTP's own errors are of this kind too. The entry in the trail stands all the same.
        _log.error("Mail about a changed account could not be sent: %s", type(error).__name__)
