"""`watch_trail`: carries out the checks that reviewers ask for, and looks for red flags each minute."""

import logging
import sys
import time
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import Error, InterfaceError, OperationalError, connection

from cr_app.database.companions import EndOfService, add_parent_argument
from cr_app.oversight.actions.flags import find_flags
from cr_app.oversight.actions.integrity import run_next_check

_log = logging.getLogger(__name__)
# From one look for a check that was asked for to the next, and from one search for flags to the next.
ROUND = 1.0
FLAGS_EVERY = 60.0
LONGEST_PAUSE = 30.0
# What a stretch of the log takes is no request of an officer's.
_LIMITS = "SET statement_timeout = '2min'"


class Command(BaseCommand):
    """Runs under the application's role until SIGTERM or SIGINT; several at once share the work."""

    help = "Carry out checks of the trail that reviewers asked for, and find red flags each minute, until stopped."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take whether to end after one round, and whose end is the end."""
        parser.add_argument("--once", action="store_true", help="do what waits, then end")
        add_parent_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Watch; without a database in one round, one sentence and exit status 2."""
        if options["once"]:
            try:
                _do_what_waits()
            except Error as error:
                self.stderr.write(f"The database does not do what is asked of it ({type(error).__name__}).")
                sys.exit(2)
            return
        with EndOfService(options["stop_with_parent"]) as end:
            _watch(end.wait)


def _do_what_waits() -> None:
    while run_next_check() is not None:
        pass
    _find_all()


def _find_all() -> None:
    while find_flags().leaves:
        pass


def _watch(wait: Callable[[float], bool]) -> None:
    """Go round until `wait` says that it is enough; a database that is lost is tried again after growing pauses.

    In the first minute flags are looked for in each round: sealing, started together with this, catches up then.
    """
    failures, began, next_search = 0, time.monotonic(), 0.0
    while True:
        try:
            if connection.connection is None:
                with connection.cursor() as cursor:
                    cursor.execute(_LIMITS)
            is_busy = run_next_check() is not None
            if time.monotonic() >= next_search:
                # What is left of a long log is looked through in the next rounds, with no pause.
                if find_flags().leaves:
                    is_busy = True
                else:
                    now = time.monotonic()
                    next_search = now + (ROUND if now - began < FLAGS_EVERY else FLAGS_EVERY)
            failures = 0
        except (OperationalError, InterfaceError) as error:
            failures += 1
            is_busy = False
            _log.warning("Watching the trail waits for its database (%s), and tries again.", type(error).__name__)
            connection.close()
        if wait(0.0 if is_busy else min(LONGEST_PAUSE, ROUND * 2**failures)):
            return
