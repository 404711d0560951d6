"""`check_imports`: compares the imported cases with what the trail says was imported."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.db import Error

from cr_app.disclosure.queries.imports import differences

DOES_NOT_HOLD = 1
CANNOT = 2


class Command(BaseCommand):
    """Reads and changes nothing; that the trail itself was not changed is for verify_audit_trail to say."""

    help = "Check that the imported cases are those that the trail says were imported."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Tell what differs, one sentence a line: exit status 0 when nothing does, 1 otherwise, 2 when it cannot be checked."""
        found = 0
        try:
            for found, sentence in enumerate(differences(), start=1):  # noqa: B007
                self.stdout.write(sentence)
        except Error as error:
            self.stderr.write(f"The database does not do what is asked of it ({type(error).__name__}).")
            sys.exit(CANNOT)
        if found:
            sys.exit(DOES_NOT_HOLD)
        self.stdout.write("Every import is what the trail says.")
