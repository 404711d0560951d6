"""`seal_audit_trail`: seals the trail, under the sealer's own database role, until it is stopped."""

import math
import os
import pwd
import sys
from argparse import ArgumentTypeError
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandParser
from django.db import Error

from cr_app.audit.keys import NoKey
from cr_app.audit.sealer import CannotSeal, Sealed, check_role, seal
from cr_app.audit.sealing import MET_AGAIN, seal_continuously
from cr_app.audit.witness import CannotWitness
from cr_app.database.companions import EndOfService, add_parent_argument

CANNOT = 2
# What somebody has to answer for, by the name of its option, and what is said when it is done.
_DECISIONS = {
    "after_restore": "A new epoch was begun, decided by {by}, run by {account}, {at:%Y-%m-%dT%H:%M:%SZ}.",
    "new_witness": "The witness was filled anew, decided by {by}, run by {account}, {at:%Y-%m-%dT%H:%M:%SZ}.",
}


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
        parser.add_argument(
            "--new-witness", action="store_true", help="give a witness that has lost some every checkpoint, then end"
        )
        parser.add_argument("--by", default="", metavar="NAME", help="who decided on a new epoch or a new witness")
        add_parent_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Seal; whatever an operator can mend is one sentence and exit status 2."""
        try:
            if any(options[wish] for wish in ("once", *_DECISIONS)):
                self._seal_once({wish: options[wish] for wish in _DECISIONS}, options["by"].strip())
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

    def _seal_once(self, decisions: dict[str, bool], by: str) -> None:
        if any(decisions.values()) and not by:
            self._refuse("Say with --by who decided: a new epoch or a new witness needs somebody who answers for it.")
        check_role()
        self.stdout.write(_words(_seal_all(decisions)))
        # Nothing but the log is the sealer's to write to, so this is for the journal.
        for wish in (wish for wish, is_wanted in decisions.items() if is_wanted):
            self.stdout.write(_DECISIONS[wish].format(by=by, account=_account(), at=datetime.now(UTC)))

    def _refuse(self, sentence: str) -> None:
        self.stderr.write(sentence)
        sys.exit(CANNOT)


def _seal_all(decisions: dict[str, bool]) -> Sealed:
    """Seal round after round until nothing is left that can be; return what all rounds did."""
    sealed = seal(**decisions)
    added, has_met_again = sealed.added, sealed.has_met_again
    while sealed.has_more:
        sealed = seal()
        added, has_met_again = added + sealed.added, has_met_again or sealed.has_met_again
    return replace(sealed, added=added, has_met_again=has_met_again)


def _account() -> str:
    """Return the name of the account that this runs as."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def _words(sealed: Sealed) -> str:
    if sealed.is_busy:
        return f"Another sealer is at work. The log has {sealed.size} rows."
    waits = (
        f" Rows since {sealed.waiting_since:%Y-%m-%dT%H:%M:%SZ} wait for an open transaction."
        if sealed.waiting_since
        else ""
    )
    again = f" {MET_AGAIN}" if sealed.has_met_again else ""
    return f"Sealed {sealed.added} rows. The log has {sealed.size}.{waits}{again}"


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0.01 <= seconds <= 3600:
        raise ArgumentTypeError("give seconds, from 0.01 to 3600")
    return seconds
