"""`find_red_flags`: looks through what the sealed log has grown by, until there is no more."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.db import Error

from cr_app.oversight.actions.flags import find_flags
from cr_app.pages.moments import counted


class Command(BaseCommand):
    """Idempotent, and safe to run twice at once; `watch_trail` does the same each minute."""

    help = "Find red flags in the sealed trail: in everything that was not looked through yet."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Look through all there is, and say how much; anything wrong is one sentence and exit status 2."""
        leaves = flags = 0
        try:
            while (looked := find_flags()).leaves:
                leaves, flags = leaves + looked.leaves, flags + looked.flags
        except Error as error:
            self.stderr.write(
                f"The database does not do what is asked of it ({type(error).__name__}). What was found before is kept."
            )
            sys.exit(2)
        self.stdout.write(
            f"Looked through {counted(leaves, 'row')} of the sealed trail and found {counted(flags, 'flag')}."
        )
