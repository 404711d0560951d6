"""Erasing: what goes, what stays, who may, what is recorded, and that everything verifies afterwards."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connections, transaction
from django.db.utils import Error, ProgrammingError

from cr_app.audit import erasing
from cr_app.audit.bodies import access_body, entry_body
from cr_app.audit.canonical import encode
from cr_app.audit.erasing import CannotErase, count, erase
from cr_app.audit.models import Access, AccessPersonal, Entry, EntryPersonal
from cr_app.audit.queries import looks_at, timeline_of
from cr_app.audit.sealer import seal
from cr_app.audit.trail import record, system_actor
from tests.audit.exported import CASE, OTHER, of_case, tell, told, verify
from tests.audit.sealing import witness
from tests.disposable_database import Connection

__all__ = ["told", "witness"]

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "sealer", "retention"])
BY = system_actor("erase_audit_values")


@pytest.fixture(autouse=True)
def disconnected() -> Iterator[None]:
    """Close the connections of the commands afterwards, as their processes would."""
    yield
    for alias in ("retention", "sealer"):
        connections[alias].close()


def values_of(subject: str) -> int:
    """Count the personal values of a record's entries, and of looks that name it alone."""
    return (
        EntryPersonal.objects.filter(entry__subject=subject).exclude(entry__event="trail.values_erased").count()
        + AccessPersonal.objects.filter(access__subjects=[subject]).exclude(access__kind="erasure").count()
    )


def test_the_values_of_a_case_go_and_those_of_others_stay(told: None) -> None:
    before, others = values_of(CASE), values_of(OTHER)
    assert before == 3 * 3 + 3
    assert count(subjects=[CASE]) == before
    assert erase(subjects=[CASE], reason="Review of 2033", by=BY) == before
    assert (values_of(CASE), values_of(OTHER)) == (0, others)
    assert others > 0


def test_everything_verifies_afterwards_and_reads_erased(told: None, tmp_path: Path) -> None:
    erase(subjects=[CASE], reason="Review of 2033", by=BY)
    seal()
    of_case(tmp_path / "out")
    status, said = verify(tmp_path / "out", "--show")
    assert status == 0
    assert "Neill" not in said
    assert "last_names: (erased, or not in this export)" in said
    for entry in Entry.objects.all():
        assert bytes(entry.body) == entry_body(entry)
    for access in Access.objects.all():
        assert bytes(access.body) == access_body(access)
    told_now = [line for line in timeline_of(CASE).lines if line.event == "case.row_changed"]
    assert {line.reason for line in told_now} == {"(erased)"}
    assert {str(pair.old) for line in told_now for pair in line.changes if pair.field == "last_names"} == {"(erased)"}
    assert {line.reason for line in looks_at(CASE).lines if line.kind == "consultation" and not line.implied} == {
        "(erased)"
    }


def test_an_erasure_is_recorded_with_its_reason_which_a_later_one_leaves(told: None) -> None:
    values = erase(subjects=[CASE], reason="Review of 2033", by=BY)
    entries = Entry.objects.filter(event="trail.values_erased").order_by("pk")
    assert sum(entry.details["values"] for entry in entries) == values
    assert {(entry.subject, entry.actor_kind, entry.actor_key) for entry in entries} == {
        (CASE, "system", "erase_audit_values")
    }
    looks = [line for line in looks_at(CASE).lines if line.kind == "erasure"]
    assert {(look.reason, look.actor_key) for look in looks} == {("Review of 2033", "erase_audit_values")}
    assert erase(subjects=[CASE], reason="Once more", by=BY) == 0
    assert entries.count() == len(looks) == 2
    assert {line.reason for line in timeline_of(CASE).lines if line.event == "trail.values_erased"} == {
        "Review of 2033"
    }


def test_a_look_at_several_records_keeps_its_reason_until_all_are_erased(witness: object) -> None:
    from cr_app.audit.trail import ANONYMOUS, look

    with transaction.atomic():
        look(actor=ANONYMOUS, subjects=[CASE, OTHER], page="cases", kind="consultation", implied=False, reason="Both")
    assert erase(subjects=[CASE], reason="Review", by=BY) == 0
    assert erase(subjects=[CASE, OTHER], reason="Review", by=BY) == 1


def test_what_was_before_a_day_goes_and_what_came_since_stays(told: None) -> None:
    between = datetime.now(UTC)
    tell()
    everything = EntryPersonal.objects.count() + AccessPersonal.objects.count()
    assert erase(before=between, reason="Ten years", by=BY) == everything / 2
    entry = Entry.objects.filter(event="trail.values_erased").earliest("pk")
    assert entry.details["before"] == between.isoformat().replace("+00:00", "Z")
    looked = Access.objects.filter(kind="erasure").earliest("pk")
    assert looked.subjects == [OTHER, CASE]
    assert erase(subjects=[CASE], before=between, reason="Once more", by=BY) == 0


def test_it_is_done_in_parts_each_recorded_with_what_it_erased(told: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasing, "_ROWS_AT_ONCE", 2)
    values = erase(subjects=[CASE], reason="Review", by=BY)
    parts = [entry.details["values"] for entry in Entry.objects.filter(event="trail.values_erased").order_by("pk")]
    assert parts == [6, 3, 2, 1]
    assert sum(parts) == values
    assert values_of(CASE) == 0


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({}, "Say whose values to erase"),
        ({"before": datetime.now(UTC) + timedelta(days=400)}, "lies in the future"),
        ({"subjects": [CASE], "reason": " "}, "Say why"),
    ],
)
def test_what_makes_no_sense_is_refused(told: None, asked: dict[str, Any], sentence: str) -> None:
    with pytest.raises(CannotErase, match=sentence):
        erase(**{"reason": "Review", "by": BY, **asked})
    assert values_of(CASE) > 0


@pytest.mark.parametrize("table", ["audit_entrypersonal", "audit_accesspersonal"])
def test_nobody_but_the_retention_role_deletes_a_personal_value(told: None, owner: Connection, table: str) -> None:
    statement = f"DELETE FROM {table}"  # noqa: S608 - a name from this file
    for alias in ("default", "sealer"):
        with pytest.raises(ProgrammingError, match="permission denied"), connections[alias].cursor() as cursor:
            cursor.execute(statement)
    with pytest.raises(Exception, match="only grows"):
        owner.execute(statement)
    with connections["retention"].cursor() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount > 0


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM audit_entry",
        "DELETE FROM audit_access",
        "UPDATE audit_entrypersonal SET value = '1'",
        "UPDATE audit_entry SET rank = ''",
        "TRUNCATE audit_entrypersonal",
        "INSERT INTO audit_leaf DEFAULT VALUES",
        "DELETE FROM cases_case",
        "ALTER TABLE audit_entrypersonal DISABLE TRIGGER USER",
        "SET session_replication_role = replica",
    ],
)
def test_the_retention_role_can_do_nothing_else_to_the_trail(told: None, statement: str) -> None:
    with pytest.raises(Error, match=r"permission denied|must be owner"), connections["retention"].cursor() as cursor:
        cursor.execute(statement)


def run(*arguments: str) -> tuple[int, str]:
    """Run the command as asked by somebody; return exit status and what it says."""
    said = io.StringIO()
    try:
        call_command("erase_audit_values", *arguments, "--by", "P204415", stdout=said, stderr=said)
    except SystemExit as end:
        return int(str(end.code)), said.getvalue().strip()
    return 0, said.getvalue().strip()


def test_the_command_erases_when_told_so_and_not_when_nobody_can_be_asked(told: None) -> None:
    status, said = run("--case", "7KQM2PXR", "--reason", "Review of 2033")
    assert (status, said.startswith("Nobody is there to be asked")) == (2, True)
    assert values_of(CASE) == 12
    for reference, sentence in (("7kqm 2pxr", "Erased 12 personal values."), ("7KQM2PXR", "There was nothing to")):
        status, said = run("--case", reference, "--reason", "Review of 2033", "--yes")
        assert (status, said.startswith(sentence)) == (0, True)
        assert "Not reached: words searched for" in said
    entry = Entry.objects.filter(event="trail.values_erased").earliest("pk")
    assert timeline_of(CASE).lines[-1].event != entry.event
    asked = {line.sentence for line in timeline_of(CASE).lines if line.event == entry.event}
    assert {each.endswith("personal values, asked by P204415.") for each in asked} == {True}
    assert "P204415" not in str(entry.details)


def test_the_command_wants_to_know_who_asks(told: None) -> None:
    with pytest.raises(CommandError, match="--by"):
        call_command("erase_audit_values", "--case", "7KQM2PXR", "--reason", "Review", "--yes")
    assert values_of(CASE) == 12


def test_the_command_names_the_cases_that_keep_copies(told: None) -> None:
    third = "case:3C4D5F6G"
    for copy, source in ((OTHER, CASE), (third, OTHER)):
        with transaction.atomic():
            record("case.copied", actor=BY, subject=copy, details={"copied_from": source.partition(":")[2]})
    said = run("--case", "7KQM2PXR", "--reason", "Review", "--yes")[1]
    assert "Cases started from what is erased keep copies: 2B3C4D5F, 3C4D5F6G. Erase those too." in said
    assert "keep copies" not in run("--subject", third, "--reason", "Review", "--yes")[1]


@pytest.mark.parametrize("ending", [EOFError, KeyboardInterrupt])
def test_whoever_ends_the_question_erases_nothing(
    told: None, monkeypatch: pytest.MonkeyPatch, ending: type[BaseException]
) -> None:
    def ended(_: str) -> str:
        raise ending

    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", ended)
    status, said = run("--case", "7KQM2PXR", "--reason", "Review of 2033")
    assert (status, said.splitlines()[-1]) == (2, "Nothing was erased.")
    assert values_of(CASE) == 12


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--before", "2999-01-01"], "The day lies in the future: nothing can be erased before it has come."),
        (["--before", "soon"], "soon is no day: write it as 2020-01-31."),
        (
            ["--case", "nope"],
            "A case is named by its reference of eight letters and digits, such as 7KQM2PXR.",
        ),
        (["--subject", "../x"], "A record that is no case is named as kind:key, such as officer:P241775."),
        (["--case", "7KQM2PXS"], "Nothing in the trail is about 7KQM2PXS: nothing was erased."),
        ([], "Say whose values to erase: those of records, those before a day, or both."),
    ],
)
def test_the_command_says_in_a_sentence_what_is_wrong(told: None, arguments: list[str], sentence: str) -> None:
    assert run(*arguments, "--reason", "Review", "--yes") == (2, sentence)
    assert values_of(CASE) == 12


def test_bytes_of_the_trail_name_nobody_after_an_erasure(told: None) -> None:
    erase(subjects=[CASE, OTHER], reason="Review", by=BY)
    everything = b"".join(bytes(body) for body in Entry.objects.values_list("body", flat=True))
    assert b"Neill" not in everything
    assert encode("Neill") not in everything
    assert not [value for value in EntryPersonal.objects.values_list("value", flat=True) if "Neill" in value]
