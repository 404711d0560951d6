"""Makes what the demo's reviewer finds: something that stands out, and a check of the trail."""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from cr_app.accounts.demo_cast import CAST
from cr_app.accounts.queries import officer_named
from cr_app.oversight.demo import make_oversight


class Command(BaseCommand):
    """Idempotent: what is here already stays as it is."""

    help = "Make an invented look at a record and ask for a check of the trail. Only in the demo."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make what is missing, and say whether anything was."""
        if not settings.DEMO:
            self._refuse("Invented looks belong in the demo only: set CR_DEMO=1 if that is what you want.")
        found = {name: officer_named(member.warrant_number) for name, member in CAST.items()}
        cast = {name: officer for name, officer in found.items() if officer is not None}
        if len(cast) < len(CAST):
            self._refuse("The demo's officers are not all here: run manage.py make_demo_cast first.")
        is_new = make_oversight(cast)
        self.stdout.write("Made what stands out." if is_new else "What stands out is here already.")

    def _refuse(self, sentence: str) -> None:
        self.stderr.write(sentence)
        sys.exit(2)
