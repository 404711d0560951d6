"""Reminds of agreed actions that are due soon or overdue."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.db import Error
from django.utils import timezone

from cr_app.cases.actions.reminding import remind
from cr_app.pages.moments import counted


class Command(BaseCommand):
    """Idempotent, and safe to run twice at once: run it every morning."""

    help = (
        "Remind officers of agreed actions due within three days or overdue, and of those overdue their sergeants too."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Remind them, and say of how many; anything wrong is one sentence and exit status 2."""
        try:
            told = remind(timezone.now())
        except Error as error:
            self._refuse(f"The database does not do what is asked of it ({type(error).__name__}): nobody was reminded.")
            return
        self.stdout.write(
            f"Sent {counted(told.messages, 'message')} about {counted(told.actions, 'agreed action')}."
            if told.actions
            else "Nobody was reminded."
            if told.unsent
            else "Nobody had to be reminded."
        )
        if told.untold:
            self.stdout.write(
                f"Nobody follows up the cases of {counted(told.untold, 'agreed action')}: their units have no sergeant, "
                "or none who may."
            )
        troubles = []
        if told.unsent:
            troubles.append(
                f"The mail host did not take {counted(told.unsent, 'message')}: the next run tries again what nobody was "
                "told of."
            )
        if told.failed:
            troubles.append(
                f"Nobody could be reminded of {counted(told.failed, 'case')}. The log says which, and what went wrong."
            )
        if troubles:
            self._refuse(" ".join(troubles))

    def _refuse(self, sentence: str) -> None:
        self.stderr.write(sentence)
        sys.exit(2)
