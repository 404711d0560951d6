"""Asks others about what waits for longer than it should."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.db import Error
from django.utils import timezone

from cr_app.authorisations.actions import ask_others
from cr_app.pages.moments import counted


class Command(BaseCommand):
    """Idempotent, and safe to run twice at once: run it every few minutes."""

    help = "Ask others about cases whose target has passed, or about which nobody asked can decide any more."

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask them, and say how many; anything wrong is one sentence and exit status 2."""
        try:
            asked = ask_others(timezone.now())
        except Error as error:
            self._refuse(
                f"The database does not do what is asked of it ({type(error).__name__}): nobody more was asked."
            )
            return
        self.stdout.write(
            f"Asked {counted(asked.officers, 'officer')} about {counted(asked.cases, 'case')}."
            if asked.officers
            else "Nobody had to be asked."
        )
        if asked.failed:
            self._refuse(
                f"Nobody could be asked about {counted(asked.failed, 'case')}. The log says which, and what went wrong."
            )

    def _refuse(self, sentence: str) -> None:
        self.stderr.write(sentence)
        sys.exit(2)
