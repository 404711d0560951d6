"""Makes the demo's cases that were followed up: done, overdue, not complied with, rescinded, corrected, not signed."""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from cr_app.accounts.demo_cast import CAST
from cr_app.accounts.models import Officer
from cr_app.accounts.queries import officer_named
from cr_app.cases.demo.following import EXAMPLES, make_follow_ups


class Command(BaseCommand):
    """Idempotent: an example that is here already stays as it is, and no case of anybody else's is touched."""

    help = "Make invented cases that were followed up after issue. Only in the demo."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make those that are missing, and say how many."""
        if not settings.DEMO:
            self._refuse("Invented cases belong in the demo only: set CR_DEMO=1 if that is what you want.")
        made = make_follow_ups(self._cast())
        if made:
            self.stdout.write(f"Made {made} cases and followed them up.")
        else:
            self.stdout.write(f"All {len(EXAMPLES)} cases that were followed up are here already.")

    def _cast(self) -> dict[str, Officer]:
        found = {name: officer_named(member.warrant_number) for name, member in CAST.items()}
        if None in found.values():
            self._refuse("The demo's officers are not all here: run manage.py make_demo_cast first.")
        return {name: officer for name, officer in found.items() if officer is not None}

    def _refuse(self, sentence: str) -> None:
        self.stderr.write(sentence)
        sys.exit(2)
