"""What an officer is told by mail about the own account: that it was changed, and nothing of what."""

import logging
from functools import partial

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse

from cr_app.accounts.models import Officer

_log = logging.getLogger(__name__)

_TEXT = """An administrator has changed your account in Community Resolutions: your email address, rank, unit, roles, password
or whether it is open.

{link}

If you did not expect this, ask another administrator of your force or your service desk.
"""


def tell_of_change(officer: Officer, *, former: str = "") -> None:
    """Send the officer the mail once the transaction has ended well; to the `former` address too, where it has changed.

    A message each: whoever had the address changed hears of it, and neither address is told the other.
    """
    addresses = {address.casefold(): address for address in (former, officer.email) if address}
    text = _TEXT.format(link=f"{settings.CR_BASE_URL}{reverse('desk')}")
    for address in addresses.values():
        transaction.on_commit(partial(_send, address, text), robust=True)


def _send(address: str, text: str) -> None:
    """Send it; a failure is logged by its kind alone, since what was changed stands all the same."""
    try:
        send_mail("Your account was changed", text, None, [address])
    except OSError as error:
        # SMTP's own errors are of this kind too.
        _log.error("A message about a changed account could not be sent: %s", type(error).__name__)
