"""Makes what the demo's FOI desk finds: a history of closed cases, and requests for statistics."""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from cr_app.accounts.demo_cast import CAST
from cr_app.accounts.queries import officer_named
from cr_app.disclosure.demo.making import make_disclosure


class Command(BaseCommand):
    """Idempotent: what is here already stays as it is."""

    help = "Import an invented history and make requests for statistics, one of them released. Only in the demo."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make what is missing, and say whether anything was."""
        if not settings.DEMO:
            self._refuse("Invented statistics belong in the demo only: set CR_DEMO=1 if that is what you want.")
        found = {name: officer_named(member.warrant_number) for name, member in CAST.items()}
        cast = {name: officer for name, officer in found.items() if officer is not None}
        if len(cast) < len(CAST):
            self._refuse("The demo's officers are not all here: run manage.py make_demo_cast first.")
        is_new = make_disclosure(cast)
        self.stdout.write("Made history and requests." if is_new else "History and requests are here already.")

    def _refuse(self, sentence: str) -> None:
        self.stderr.write(sentence)
        sys.exit(2)
