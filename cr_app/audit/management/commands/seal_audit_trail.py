"""`seal_audit_trail`: seals the trail, under the sealer's own database role, until it is stopped."""

import math
import sys
from argparse import ArgumentTypeError
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandParser
from django.db import Error

from cr_app.audit.keys import NoKey
from cr_app.audit.sealer import CannotSeal, Sealed, check_role, seal, seal_continuously
from cr_app.audit.witness import CannotWitness
from cr_app.database.companions import EndOfService, add_parent_argument

CANNOT = 2


class Command(BaseCommand):
    """Runs until SIGTERM or SIGINT, which end it between two rounds; killed otherwise, its next start goes on."""

    help = "Seal what was committed to the audit trail: extend the log, sign a checkpoint, hand it to the witness."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how often, how long, and whether a database was restored."""
        parser.add_argument("--once", action="store_true", help="seal what there is, then end")
        parser.add_argument("--every", type=_seconds, default=1.0, metavar="SECONDS", help="from round to round (1)")
        parser.add_argument(
            "--after-restore", action="store_true", help="begin a new epoch on a restored database, then end"
        )
        add_parent_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Seal; whatever an operator can mend is one sentence and exit status 2."""
        try:
            if options["once"] or options["after_restore"]:
                check_role()
                self.stdout.write(_words(_seal_all(after_restore=options["after_restore"])))
                return
            with EndOfService(options["stop_with_parent"]) as end:
                seal_continuously(options["every"], end.wait)
        except (CannotSeal, CannotWitness, NoKey, ImproperlyConfigured) as error:
            self._refuse(str(error))
        except Error as error:
            self._refuse(
                f"The database does not do what is asked of it ({type(error).__name__}): is it there, and migrated?"
            )
        except KeyboardInterrupt:
            self._refuse("Stopped.")

    def _refuse(self, sentence: str) -> None:
        self.stderr.write(sentence)
        sys.exit(CANNOT)


def _seal_all(*, after_restore: bool) -> Sealed:
    """Seal round after round until nothing is left that can be; return what all rounds did."""
    sealed = seal(after_restore=after_restore)
    added = sealed.added
    while sealed.has_more:
        sealed = seal()
        added += sealed.added
    return Sealed(added, sealed.size, sealed.waiting_since, is_busy=sealed.is_busy)


def _words(sealed: Sealed) -> str:
    if sealed.is_busy:
        return f"Another sealer is at work. The log has {sealed.size} rows."
    waits = (
        f" Rows since {sealed.waiting_since:%Y-%m-%dT%H:%M:%SZ} wait for an open transaction."
        if sealed.waiting_since
        else ""
    )
    return f"Sealed {sealed.added} rows. The log has {sealed.size}.{waits}"


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0.01 <= seconds <= 3600:
        raise ArgumentTypeError("give seconds, from 0.01 to 3600")
    return seconds
