"""Watching the trail ends when it is told to, shares its work, and misses nothing that is committed late."""

import os
import signal
import subprocess
import sys
import threading
import time
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from cr_app.audit import following, trail
from cr_app.audit.models import Checkpoint, Leaf
from cr_app.audit.sealer import seal
from cr_app.audit.witness import Witness
from cr_app.oversight.actions import flags as finding
from cr_app.oversight.actions.integrity import ask_for_check
from cr_app.oversight.models import CheckOutcome, Flag, FlagRun, IntegrityCheck
from cr_app.oversight.queries.flags import looked_through, still_to_look_through
from tests.audit.sealing import witness, write
from tests.authorisations import making
from tests.cast import Cast, make_cast

__all__ = ["witness"]
sealed = pytest.mark.django_db(transaction=True, databases=["default", "sealer"])


@sealed
def test_the_log_is_looked_through_in_stretches_and_to_its_end(witness: Witness) -> None:
    write(7)
    seal()
    assert still_to_look_through() == 7
    assert [finding.find_flags(limit=3).leaves for _ in range(4)] == [3, 3, 1, 0]
    assert looked_through() == Checkpoint.objects.get().size == 7
    assert still_to_look_through() == 0
    write(2)
    seal()
    assert finding.find_flags().leaves == 2


@sealed
def test_a_stretch_has_the_rows_in_the_order_of_their_leaves_not_of_their_ids(witness: Witness) -> None:
    actor = make_cast().amina.as_actor()
    has_begun, may_write = threading.Event(), threading.Event()

    def happen() -> None:
        with transaction.atomic():
            trail.record("officer.off_duty", actor=actor)

    def begin_early_and_write_late() -> None:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_current_xact_id()")
            has_begun.set()
            may_write.wait(10)
            happen()
        connection.close()

    late = threading.Thread(target=begin_early_and_write_late)
    late.start()
    has_begun.wait(10)
    happen()
    may_write.set()
    late.join()
    seal()
    stretch = following.stretch_from(0, limit=100)
    first, second = (entry.id for entry in stretch.done)
    assert first > second
    assert [entry.id for entry in following.stretch_from(1, limit=100).done] == [second]


@sealed
def test_two_at_once_find_each_flag_once_and_nobody_fails(witness: Witness) -> None:
    cast = make_cast()
    for _ in range(2):
        making.grant(making.asked(cast.amina), cast.priya)
    seal()
    failures: list[BaseException] = []

    def look() -> None:
        try:
            while finding.find_flags(limit=20).leaves:
                pass
        except BaseException as error:  # noqa: BLE001 - told in the test's own thread
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert Flag.objects.filter(rule="quick_grant").count() == 2
    throughs = list(FlagRun.objects.order_by("through").values_list("through", flat=True))
    assert throughs[-1] == Leaf.objects.count()


@sealed
def test_the_watcher_carries_out_a_check_and_ends_when_told(witness: Witness, settings: Any) -> None:
    cast = make_cast()
    write(3)
    seal()
    check = ask_for_check(uuid4(), by=cast.ruth)
    name = connection.settings_dict["NAME"]
    program = (
        "import sys, django; from django.conf import settings; django.setup();"
        "from django.db import connections;"
        f"connections['default'].settings_dict['NAME'] = {name!r};"
        f"settings.TRAIL_VERIFIER_FILE = __import__('pathlib').Path({str(settings.TRAIL_VERIFIER_FILE)!r});"
        f"settings.TRAIL_WITNESS_FILE = __import__('pathlib').Path({str(settings.TRAIL_WITNESS_FILE)!r});"
        "from django.core.management import call_command; call_command('watch_trail')"
    )
    process = subprocess.Popen([sys.executable, "-c", program], env=os.environ, stderr=subprocess.PIPE, text=True)
    try:
        until = time.monotonic() + 30
        while not IntegrityCheck.objects.exclude(outcome="").exists() and time.monotonic() < until:
            assert process.poll() is None, process.stderr.read() if process.stderr else ""
            time.sleep(0.1)
        check.refresh_from_db()
        assert check.outcome == CheckOutcome.HOLDS
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    finally:
        process.kill()
        process.wait()
        if process.stderr:
            process.stderr.close()


def test_the_demo_makes_a_look_that_stands_out_and_asks_for_one_check(cast: Cast, settings: Any) -> None:
    settings.DEMO = False
    with pytest.raises((CommandError, SystemExit)):
        call_command("make_demo_oversight")
    assert not IntegrityCheck.objects.exists()
    settings.DEMO = True
    for _ in range(2):
        call_command("make_demo_oversight")
    assert IntegrityCheck.objects.count() == 1
