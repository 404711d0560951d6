"""Loads forces, outcomes, ethnicities and the Home Office offence types from the shipped files."""

from typing import Any

from django.core.management.base import BaseCommand

from cr_app.audit.trail import system_actor
from cr_app.reference.actions import load_reference


class Command(BaseCommand):
    """Idempotent: a second run finds everything as it is."""

    help = "Load the shipped reference tables; what is there already stays, what differs is brought up to date."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say what changed, table by table."""
        for loaded in load_reference(by=system_actor("load_reference")):
            if options["verbosity"]:
                self.stdout.write(str(loaded))
