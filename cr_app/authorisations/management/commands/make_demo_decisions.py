"""Makes the demo's requests for authority: one of every outcome, and everything else that waits is asked about."""

import io
import sys
from contextlib import redirect_stdout
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from cr_app.accounts.demo_cast import CAST
from cr_app.accounts.models import Officer
from cr_app.accounts.queries import officer_named
from cr_app.authorisations.actions import ask_others
from cr_app.authorisations.demo import EXAMPLES, make_decisions


class Command(BaseCommand):
    """Idempotent: an example that is here already stays as it is, and no case of anybody else's is decided."""

    help = "Make invented requests for authority and decide on some. Only in the demo."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make those that are missing, and say how many."""
        if not settings.DEMO:
            self._refuse("Invented decisions belong in the demo only: set CR_DEMO=1 if that is what you want.")
        # A demo's mail is printed, and nobody waits for letters about cases that were never written.
        with redirect_stdout(io.StringIO()):
            made = make_decisions(self._cast())
            asked = ask_others(timezone.now()) if made else None
        if asked is None:
            self.stdout.write(f"All {len(EXAMPLES)} requests for authority are here already.")
        else:
            self.stdout.write(f"Made {made} requests for authority, and asked about {asked.cases} cases more.")

    def _cast(self) -> dict[str, Officer]:
        found = {name: officer_named(member.warrant_number) for name, member in CAST.items()}
        if None in found.values():
            self._refuse("The demo's officers are not all here: run manage.py make_demo_cast first.")
        return {name: officer for name, officer in found.items() if officer is not None}

    def _refuse(self, sentence: str) -> None:
        self.stderr.write(sentence)
        sys.exit(2)
