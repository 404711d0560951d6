"""Seals round after round, until told that it is enough; what somebody should look at is said in the log, not too often."""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError, connections

from cr_app.audit.sealer import ALIAS, Sealed, check_role, seal

_log = logging.getLogger(__name__)

LONGEST_PAUSE = 30.0
LATE = "Rows of the trail are not sealed yet: a transaction has been open for too long."
BUSY = "Another sealer has held the log for too long: nothing is sealed here until it lets go of it, or is ended."
MET_AGAIN = "A row of the trail has a leaf already: see what verify_audit_trail says."


class Alarms:
    """What is wrong with sealing as its rounds tell it; each sentence again after a while only."""

    def __init__(self) -> None:
        """Begin with nothing said."""
        self._said: dict[str, float] = {}
        self._busy_since: float | None = None

    def after(self, sealed: Sealed) -> list[str]:
        """Return what is to be said after a round."""
        now = time.monotonic()
        if not sealed.is_busy:
            self._busy_since = None
        elif self._busy_since is None:
            self._busy_since = now
        is_held = self._busy_since is not None and now - self._busy_since > settings.TRAIL_LATE_SECONDS
        wrong = {LATE: _is_late(sealed), BUSY: is_held, MET_AGAIN: sealed.has_met_again}
        return [sentence for sentence, is_so in wrong.items() if is_so and self._is_due(sentence, now)]

    def _is_due(self, sentence: str, now: float) -> bool:
        if sentence in self._said and now - self._said[sentence] <= settings.TRAIL_LATE_SECONDS:
            return False
        self._said[sentence] = now
        return True


def seal_continuously(every: float, wait: Callable[[float], bool]) -> None:
    """Seal round after round until `wait`, which pauses for as many seconds as it is told, says that it is enough.

    A database that is lost is tried again after growing pauses. Raises what `seal` raises otherwise.
    """
    failures = 0
    alarms = Alarms()
    must_check = True
    while True:
        began = time.monotonic()
        try:
            if must_check:
                check_role()
            must_check = False
            sealed = seal()
        except (OperationalError, InterfaceError) as error:
            failures, must_check = failures + 1, True
            pause = min(LONGEST_PAUSE, every * 2**failures)
            _log.warning("Sealing waits for its database (%s), and tries again.", type(error).__name__)
            connections[ALIAS].close()
        else:
            if failures:
                _log.warning("Sealing goes on: its database is back.")
            failures = 0
            pause = 0.0 if sealed.has_more else max(0.0, every - (time.monotonic() - began))
            for sentence in alarms.after(sealed):
                _log.warning(sentence)
        if wait(pause):
            return


def _is_late(sealed: Sealed) -> bool:
    since = sealed.waiting_since
    return since is not None and datetime.now(UTC) - since > timedelta(seconds=settings.TRAIL_LATE_SECONDS)
