"""Deletes what is kept for a while only: parked answers, sessions, searches and tokens of sent forms."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from cr_app.cases.actions.forgetting import forget_expired


class Command(BaseCommand):
    """Idempotent: run it once a day, or as often as wanted."""

    help = "Delete expired parked answers, sessions, searches and tokens of sent forms."

    def handle(self, *args: Any, **options: Any) -> None:
        """Delete them, and say how many of each there were."""
        forgotten = forget_expired(at=timezone.now())
        if options["verbosity"]:
            for kind, count in forgotten.items():
                self.stdout.write(f"{count} expired {kind} deleted.")
