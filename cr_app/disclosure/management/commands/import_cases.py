"""`import_cases`: imports a force's closed cases from before, from a CSV file."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import Error
from django.utils import timezone
from tqdm import tqdm

from cr_app.audit.management.asking import Unusable, one_line
from cr_app.audit.trail import system_actor
from cr_app.disclosure.access import Busy
from cr_app.disclosure.actions.importing import Imported, import_cases
from cr_app.disclosure.import_file import MOST_ROWS, BadFile

CANNOT = 2


class Command(BaseCommand):
    """Imports the rows that are right; what is wrong with each of the others is written beside the file."""

    help = (
        f"Import closed cases from a CSV file, at most {MOST_ROWS:,} rows. Nothing is counted before all of it is read;"
        " run it again after it was cut short, and it goes on. docs/operations.md names the columns."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, and how to read one that another system wrote."""
        parser.add_argument("file", type=Path, help="CSV in UTF-8, a row a case and offence")
        parser.add_argument("--by", default="", help="who has it imported, for the trail")
        parser.add_argument("--mapping", type=Path, help="TOML: whose columns these are and what their values mean")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, or say in one sentence what keeps the file from being imported, with exit status 2."""
        try:
            # No bar where nobody looks; and none before there is something to do.
            with tqdm(unit=" lines", disable=None, leave=False) as bar:

                def show(done: int, total: int) -> None:
                    bar.total = total
                    bar.update(done - bar.n)
                    bar.refresh()

                asked_by = one_line("who has it imported", options["by"]) if options["by"] else ""
                by = system_actor("import_cases")
                done = import_cases(options["file"], options["mapping"], by=by, progress=show, asked_by=asked_by)
        except (BadFile, Unusable) as error:
            self._refuse(str(error))
        except Busy:
            self._refuse("Releases of the same force take long at this moment. Run this again to go on.")
        except Error as error:
            self._refuse(
                f"The database does not do what is asked of it ({type(error).__name__}). Run this again to go on."
            )
        except KeyboardInterrupt:
            self._refuse("Stopped. Nothing of it is counted yet; run this again to go on.")
        else:
            if done.rejected and not done.cases and not done.was_there:
                self._refuse(f"Nothing of {options['file']} was imported. {_rejected(done)}")
            self.stdout.write(_said(options["file"], done))

    def _refuse(self, sentence: str) -> None:
        self.stderr.write(sentence)
        sys.exit(CANNOT)


def _said(file: Path, done: Imported) -> str:
    """Return what became of the file, in one line."""
    what = (
        f"{done.cases:,} {'case' if done.cases == 1 else 'cases'} with "
        f"{done.offences:,} {'offence' if done.offences == 1 else 'offences'}"
    )
    if done.was_there:
        on = f"{timezone.localtime(done.completed_at):%-d %B %Y}"
        rejects = f" {_rejected(done)}" if done.rejected else ""
        return f"{file} was imported already, on {on} (import {done.pk}: {what}). Nothing was done.{rejects}"
    went_on = f", going on after line {done.after:,}" if done.after else ""
    return f"Imported {what} from {file}{went_on} (import {done.pk}). {_rejected(done)}"


def _rejected(done: Imported) -> str:
    if not done.rejected:
        return "No line was rejected."
    lines = "1 line was" if done.rejected == 1 else f"{done.rejected:,} lines were"
    return f"{lines} rejected: {done.rejects} says why."
