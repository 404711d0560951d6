"""Makes the key that signs the checkpoints of the sealed log, and the one that checks them."""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from cr_app.audit.keys import NoKey, make_keys, verifier_key


class Command(BaseCommand):
    """Every mistake is one sentence and exit status 2; a key that is there is never overwritten."""

    help = "Make the key that signs the checkpoints of the trail (CR_TRAIL_KEY_FILE), and the one that checks them."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Make both files, and print the verifier key, to be kept where this service cannot change it."""
        try:
            is_new = make_keys()
            verifier = verifier_key()
        except (NoKey, OSError) as error:
            self.stderr.write(str(error))
            sys.exit(2)
        made = "Made the signing key" if is_new else "There is a signing key already"
        self.stdout.write(f"{made}: {settings.TRAIL_KEY_FILE}. The sealer alone may read it.")
        self.stdout.write(f"Keep this verifier key elsewhere too, to check checkpoints with: {verifier.text}")
