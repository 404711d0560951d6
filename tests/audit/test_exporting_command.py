"""The command that exports: what it says, what it leaves in the trail, and what it refuses."""

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils.timezone import localdate

from cr_app.audit.exporting import withholding
from cr_app.audit.models import Access, Checkpoint, Entry
from cr_app.audit.queries import looks_at, timeline_of
from cr_app.audit.sealer import seal
from cr_app.audit.trail import record
from tests.audit.exported import AMINA, CASE, OTHER, tell, told, verify
from tests.audit.sealing import witness
from tests.disposable_database import Connection

__all__ = ["told", "witness"]

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "sealer"])
WHY = ("--purpose", "Complaint 44", "--recipient", "Panel", "--by", "P204415")


def run(*arguments: object) -> tuple[int, str]:
    """Run the command; return exit status and what it says."""
    said = io.StringIO()
    try:
        call_command("export_audit_trail", *map(str, arguments), stdout=said, stderr=said)
    except SystemExit as end:
        return int(str(end.code)), said.getvalue().strip()
    return 0, said.getvalue().strip()


def test_a_case_is_exported_recorded_and_holds(told: None, tmp_path: Path) -> None:
    to = tmp_path / "out"
    status, said = run("--case", "7kqm-2pxr", "--to", to, *WHY)
    assert status == 0
    assert said.startswith(f"7 rows of case 7KQM2PXR are in {to}, proved from a log of 11.")
    assert verify(to)[0] == 0
    entry = Entry.objects.get(event="trail.exported")
    assert entry.details["file_digest"] in said
    sentence = "The system (export_audit_trail) exported case 7KQM2PXR (7 rows), asked by P204415."
    assert timeline_of(CASE).lines[0].sentence == sentence
    assert "1 rows name other records: of those it holds the hash alone." in said
    assert "restricted" not in said
    assert looks_at(CASE).lines[0].recipient == "Panel"
    assert [path.name for path in tmp_path.iterdir() if "out" in path.name] == ["out"]


def test_days_are_exported_without_restricted_records(
    told: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(withholding._registered, "case", lambda: [OTHER.partition(":")[2]])
    today = localdate()
    status, said = run("--from", today, "--until", today, "--to", tmp_path / "out", *WHY)
    assert (status, "5 rows name restricted records" in said) == (0, True)
    status, told_by_script = verify(tmp_path / "out", "--show")
    assert (status, "Neill" in told_by_script, OTHER in told_by_script) == (0, False, False)
    assert {tuple(each.subjects) for each in Access.objects.filter(kind="disclosure")} == {(CASE,)}


def test_cases_say_which_of_them_are_restricted(transactional_db: None) -> None:
    assert "case" in withholding._registered
    assert withholding.restricted_subjects() == frozenset()


def test_a_checkpoint_kept_elsewhere_is_proved_against(told: None, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text(Checkpoint.objects.get().note)
    tell()
    seal()
    assert run("--case", "7KQM2PXR", "--to", tmp_path / "out", "--against", tmp_path / "kept", *WHY)[0] == 0
    assert verify(tmp_path / "out", "--against", str(tmp_path / "kept"))[0] == 0


REFUSED: dict[str, tuple[list[str], str]] = {
    "no case of this reference": (["--case", "NEVER222"], "The sealed log holds nothing about NEVER222."),
    "no reference": (["--case", "../x"], "A case is named by its reference of eight letters and digits"),
    "too short": (["--case", "7KQM"], "A case is named by its reference of eight letters and digits"),
    "nothing": ([], "Say what to export: --case, or both --from and --until."),
    "both": (["--case", "7KQM2PXR", "--from", "2026-01-01", "--until", "2026-01-02"], "Say what to export"),
    "half a period": (["--from", "2026-01-01"], "Say what to export"),
    "turned round": (["--from", "2026-01-02", "--until", "2026-01-01"], "turn --from and --until round."),
    "no day": (["--from", "soon", "--until", "2026-01-01"], "soon is no day of this service"),
    "a day before all days": (["--from", "0001-01-01", "--until", "0001-01-01"], "0001-01-01 is no day"),
    "nothing in it": (
        ["--from", "2001-01-01", "--until", "2001-01-02"],
        "nothing from 1 January 2001 to 2 January 2001",
    ),
    "no checkpoint there": (["--case", "7KQM2PXR", "--against", "/nothing"], "The checkpoint /nothing cannot be read."),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_exported_is_told_in_a_sentence_and_leaves_nothing(
    told: None, tmp_path: Path, name: str
) -> None:
    arguments, sentence = REFUSED[name]
    status, said = run(*arguments, "--to", tmp_path / "out", *WHY)
    assert (status, len(said.splitlines())) == (2, 1)
    assert sentence in said
    assert not Entry.objects.filter(event="trail.exported").exists()
    assert [path for path in tmp_path.iterdir() if "out" in path.name] == []


def test_a_folder_in_use_and_an_empty_purpose_are_refused(told: None, tmp_path: Path) -> None:
    status, said = run("--case", "7KQM2PXR", "--to", tmp_path, *WHY)
    assert (status, "is there already, and not an empty folder" in said) == (2, True)
    status, said = run("--case", "7KQM2PXR", "--to", tmp_path / "out", "--purpose", " ", *WHY[2:])
    assert (status, said) == (2, "Give the purpose in one line of up to 1000 characters.")
    status, said = run("--case", "7KQM2PXR", "--to", tmp_path / "out", *WHY[:4], "--by", "\n")
    assert (status, said) == (2, "Give who asks in one line of up to 1000 characters.")


def test_nothing_is_exported_before_it_is_said_who_asks(told: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="--by"):
        run("--case", "7KQM2PXR", "--to", tmp_path / "out", *WHY[:4])
    assert not Entry.objects.filter(event="trail.exported").exists()


def test_the_export_of_a_restricted_case_says_so(told: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(withholding._registered, "case", lambda: [CASE.partition(":")[2]])
    status, said = run("--case", "7KQM2PXR", "--to", tmp_path / "out", *WHY)
    assert (status, "This case is restricted" in said, verify(tmp_path / "out")[0]) == (0, True, 0)


def test_an_export_that_is_interrupted_says_so_and_leaves_nothing(
    told: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("cr_app.audit.exporting.cases.write_rest", interrupted)
    monkeypatch.setattr("cr_app.audit.exporting.cases.write_rows", interrupted)
    status, said = run("--case", "7KQM2PXR", "--to", tmp_path / "out", *WHY)
    assert (status, said) == (2, "Interrupted: nothing was exported.")
    assert [path for path in tmp_path.iterdir() if "out" in path.name] == []


def test_a_row_of_another_time_within_the_period_is_told(witness: object, tmp_path: Path) -> None:
    for at in (None, datetime(2001, 1, 1, tzinfo=UTC), None):
        with transaction.atomic():
            record("case.withdrawn", actor=AMINA, subject=CASE, at=at)
    seal()
    today = localdate()
    status, said = run("--from", today, "--until", today, "--to", tmp_path / "out", *WHY)
    assert (status, "1 rows were written for another time" in said) == (0, True)


def test_an_export_that_cannot_be_recorded_is_not_made(told: None, tmp_path: Path, owner: Connection) -> None:
    # As in a database that stops taking rows between the export and its entry.
    owner.execute("REVOKE INSERT ON audit_access FROM " + _application())
    try:
        status, said = run("--case", "7KQM2PXR", "--to", tmp_path / "out", *WHY)
    finally:
        owner.execute("GRANT INSERT ON audit_access TO " + _application())
    assert (status, "nothing was exported" in said) == (2, True)
    assert [path for path in tmp_path.iterdir() if "out" in path.name] == []


def _application() -> str:
    from cr_app.database.grants import application_role

    role: Any = application_role()
    return f'"{role}"'
