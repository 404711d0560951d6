"""Loads a force's own list of offence types, or withdraws types, from a CSV file."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from cr_app.audit.trail import system_actor
from cr_app.reference.actions import load_offences
from cr_app.reference.offence_file import COLUMNS, BadFile, read_offence_file


class Command(BaseCommand):
    """Loads all rows or none; every bad row is one sentence, and the exit status is then 2."""

    help = f"Load offence types from a CSV file with the columns {', '.join(COLUMNS)} (all but code may be left out)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, and the force whose list it is."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--force", default="", help="Home Office code of the force whose own list this is, e.g. 46")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, or say what keeps the file from being loaded."""
        try:
            file = read_offence_file(options["file"])
            loaded = load_offences(file, force_code=options["force"], by=system_actor("load_offences"))
        except BadFile as error:
            self.stderr.write(str(error))
            self.stderr.write("Nothing was loaded.")
            sys.exit(2)
        if options["verbosity"]:
            self.stdout.write(str(loaded))
