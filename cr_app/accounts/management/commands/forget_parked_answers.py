"""Deletes answers that were parked when a session ended and that nobody came back for."""

from typing import Any

from django.core.management.base import BaseCommand

from cr_app.accounts.parked import forget_expired


class Command(BaseCommand):
    """Idempotent: run it once a day, or as often as wanted."""

    help = "Delete parked answers that have expired (PARKED_ANSWERS_SECONDS after they were parked)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Delete them, and say how many there were."""
        forgotten = forget_expired()
        if options["verbosity"]:
            self.stdout.write(f"{forgotten} expired parked answers deleted.")
