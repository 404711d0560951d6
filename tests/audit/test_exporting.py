"""Exports: what stands in them, that they hold, what they leave in the trail, and what is refused."""

import base64
import hashlib
import json
import threading
import zipfile
from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections, transaction

from cr_app.audit.checkpoints import new_signing_key
from cr_app.audit.exporting import CannotExport, export_case, export_period, log, periods, record_export, write_zip
from cr_app.audit.models import Access, Checkpoint, Entry
from cr_app.audit.queries import looks_at, timeline_of
from cr_app.audit.sealer import seal
from cr_app.audit.trail import ANONYMOUS, NotRecordable, look, record
from tests.audit.exported import AMINA, CASE, OTHER, TOLD, nothing, of_case, of_period, tell, told, verify
from tests.audit.sealing import close_sealer, tampering, witness
from tests.disposable_database import Connection

__all__ = ["told", "witness"]

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "sealer"])


def rows(folder: Path) -> list[dict[str, Any]]:
    """Return the rows of an export."""
    return [json.loads(line) for line in (folder / "rows.jsonl").read_text().splitlines()]


def shown_by(folder: Path) -> bytes:
    """Return the bytes of all rows that an export shows."""
    return b"".join(base64.b64decode(row["body"]) for row in rows(folder) if "body" in row)


def about(folder: Path) -> dict[str, Any]:
    """Return what an export says of itself."""
    found: dict[str, Any] = json.loads((folder / "about.json").read_text())
    return found


def test_a_case_is_exported_with_every_entry_and_look_of_it_and_holds(told: None, tmp_path: Path) -> None:
    exported = of_case(tmp_path / "out")
    assert (exported.rows, exported.size, exported.not_sealed, exported.subjects) == (7, 11, 0, (CASE,))
    assert [row.get("table") for row in rows(tmp_path / "out")] == ["entry", "access"] * 3 + [None]
    said = about(tmp_path / "out")
    assert (said["entries"], said["accesses"], said["withheld"]) == (3, 3, 1)
    assert (said["personal_values"], said["subject"]) == (12, CASE)
    assert (said["purpose"], said["recipient"]) == ("Complaint 44", "Panel of Wandsworth")
    status, told_by_script = verify(tmp_path / "out")
    assert (status, told_by_script.splitlines()[0]) == (0, f"Everything holds: 6 rows of {CASE}.")
    assert "Rows of which only the hash is here: 1." in told_by_script
    assert "Compare it with the key that was given to you in another way." in told_by_script
    assert "Neill" not in told_by_script


def test_a_period_is_exported_without_a_gap_and_holds(told: None, tmp_path: Path) -> None:
    exported = of_period(tmp_path / "out")
    assert (exported.rows, exported.withheld, exported.subjects) == (11, 0, (OTHER, CASE))
    assert [row["index"] for row in rows(tmp_path / "out")] == list(range(11))
    assert verify(tmp_path / "out")[0] == 0


def test_a_period_within_the_log_is_proved_by_what_stands_left_and_right_of_it(witness: object, tmp_path: Path) -> None:
    times = []
    for _ in range(3):
        tell()
        times.append(datetime.now(UTC))
    seal()
    exported = export_period(times[0], times[1], to=tmp_path / "out", withhold=nothing, **TOLD)
    assert (exported.rows, exported.size) == (11, 33)
    said = about(tmp_path / "out")
    assert (said["first"], said["last"]) == (11, 21)
    assert [part[:2] for part in said["left"]] == [[0, 8], [8, 10], [10, 11]]
    assert [part[:2] for part in said["right"]] == [[22, 24], [24, 32], [32, 33]]
    assert verify(tmp_path / "out")[0] == 0


def test_a_period_leaves_personal_values_out_unless_they_are_asked_for(told: None, tmp_path: Path) -> None:
    of_period(tmp_path / "without", personal=False)
    assert {json.dumps(row["personal"]) for row in rows(tmp_path / "without")} == {"{}"}
    status, said = verify(tmp_path / "without", "--show")
    assert (status, "Neill" in said) == (0, False)
    of_period(tmp_path / "with")
    assert about(tmp_path / "with")["personal_values"] == 20
    assert "Neill" in verify(tmp_path / "with", "--show")[1]


def test_rows_of_restricted_records_are_their_hash_alone_and_cannot_be_taken_out(told: None, tmp_path: Path) -> None:
    exported = of_period(tmp_path / "out", withhold=lambda subject: subject == OTHER)
    assert (exported.withheld, exported.subjects) == (5, (CASE,))
    assert OTHER.partition(":")[2] not in (tmp_path / "out/rows.jsonl").read_text()
    assert {frozenset(row) for row in rows(tmp_path / "out") if "leaf" in row} == {frozenset({"index", "leaf"})}
    status, said = verify(tmp_path / "out")
    assert (status, "only the hash is here: 5" in said) == (0, True)
    lines = (tmp_path / "out/rows.jsonl").read_text().splitlines(keepends=True)
    (tmp_path / "out/rows.jsonl").write_text("".join(line for line in lines if '"leaf"' not in line))
    assert verify(tmp_path / "out")[0] == 1


def test_rows_that_tell_of_a_withheld_record_or_are_by_a_withheld_officer_are_their_hash_alone(
    witness: object, tmp_path: Path
) -> None:
    reference = OTHER.partition(":")[2]
    with transaction.atomic():
        record("case.searched", actor=AMINA, details={"found": 1, "references": [reference]})
        record("case.copied", actor=AMINA, subject=CASE, details={"copied_from": reference})
        record("case.searched", actor=AMINA, details={"found": 0, "references": []})
    seal()
    assert of_period(tmp_path / "case", withhold=lambda subject: subject == OTHER).withheld == 2
    assert reference not in (tmp_path / "case/rows.jsonl").read_text()
    assert of_period(tmp_path / "officer", withhold=lambda subject: subject == "officer:P241775").withheld == 2


def test_what_is_read_in_many_parts_is_the_same(told: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    of_period(tmp_path / "whole")
    of_case(tmp_path / "whole case")
    for module in ("cases", "periods"):
        monkeypatch.setattr(f"cr_app.audit.exporting.{module}.ROWS_AT_ONCE", 2)
    monkeypatch.setattr(periods, "_IDS_AT_ONCE", 2)
    of_period(tmp_path / "parts")
    of_case(tmp_path / "parts case")
    for name in ("", " case"):
        assert (tmp_path / f"parts{name}/rows.jsonl").read_bytes() == (
            tmp_path / f"whole{name}/rows.jsonl"
        ).read_bytes()


def test_an_export_waits_for_what_is_about_to_be_sealed(told: None, tmp_path: Path) -> None:
    tell()

    def later() -> None:
        seal()
        close_sealer()
        connections.close_all()

    timer = threading.Timer(0.5, later)
    timer.start()
    exported = of_case(tmp_path / "out")
    timer.join()
    assert (exported.rows, exported.not_sealed, exported.size) == (14, 0, 22)


def test_what_is_not_sealed_in_time_is_counted_and_left_out(
    told: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "WAIT_SECONDS", 0.0)
    tell()
    for export, missing in ((of_case, 7), (of_period, 11)):
        exported = export(tmp_path / str(missing))
        assert (exported.rows, exported.not_sealed) == (missing, missing)
        assert about(tmp_path / str(missing))["not_sealed"] == missing
        assert verify(tmp_path / str(missing))[0] == 0


def test_a_row_that_was_changed_after_sealing_is_not_exported(told: None, tmp_path: Path, owner: Connection) -> None:
    entry = Entry.objects.filter(subject=CASE).earliest("pk")
    with tampering(owner):
        owner.execute("UPDATE audit_entry SET body = body || 'e' WHERE id = %s", [entry.pk])
    for export in (of_case, of_period):
        with pytest.raises(CannotExport, match=f"The entry {entry.pk} is not what was sealed"):
            export(tmp_path / "out")
    assert list(tmp_path.glob("*out*")) == []


def test_nothing_is_exported_without_checkpoint_or_key(
    witness: object, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "WAIT_SECONDS", 0.0)
    tell()
    with pytest.raises(CannotExport, match="Nothing of the trail is sealed yet"):
        of_case(tmp_path / "out")
    seal()
    settings.TRAIL_VERIFIER_FILE = tmp_path / "none"
    with pytest.raises(CannotExport, match="There is no verifier key"):
        of_case(tmp_path / "out")
    settings.TRAIL_VERIFIER_FILE.write_text(new_signing_key(settings.TRAIL_ORIGIN).verifier.text)
    with pytest.raises(CannotExport, match="has no signature of the key"):
        of_case(tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_what_the_log_does_not_hold_is_told(told: None, tmp_path: Path) -> None:
    with pytest.raises(CannotExport, match="holds nothing about NEVER222"):
        export_case("case:NEVER222", to=tmp_path / "out", withhold=nothing, **TOLD)
    long_ago = datetime(2001, 1, 1, tzinfo=UTC)
    for first, last, sentence in (
        (long_ago, long_ago + timedelta(days=1), "nothing from 1 January 2001 to 1 January 2001"),
        (long_ago, long_ago, "ends before it begins"),
    ):
        with pytest.raises(CannotExport, match=sentence):
            export_period(first, last, to=tmp_path / "out", withhold=nothing, **TOLD)
    later = Checkpoint.objects.get().note.replace("\n11\n", "\n12\n")
    with pytest.raises(CannotExport, match="not one of this log"):
        of_case(tmp_path / "out", against=later)


def test_a_folder_with_anything_in_it_is_left_as_it_is(told: None, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    of_case(tmp_path / "out")
    before = {path: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    with pytest.raises(CannotExport, match="is there already, and not an empty folder"):
        of_case(tmp_path / "out")
    assert {path: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before
    (tmp_path / "file").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path)
    for name in ("file", "link", "file/below"):
        with pytest.raises(CannotExport):
            of_case(tmp_path / name)


def test_zip_files_of_one_export_are_the_same_bytes_and_hold_the_same_files(told: None, tmp_path: Path) -> None:
    of_case(tmp_path / "out")
    one, two = tmp_path / "one/trail-case.zip", tmp_path / "two/trail-case.zip"
    for each in (one, two):
        each.parent.mkdir()
        write_zip(tmp_path / "out", each)
    assert one.read_bytes() == two.read_bytes()
    with zipfile.ZipFile(one) as archive:
        archive.extractall(tmp_path / "opened")
    status, _ = verify(tmp_path / "opened/trail-case", script=tmp_path / "opened/trail-case/verify.py")
    assert status == 0


def test_the_digest_is_what_sha256sum_gives_twice(told: None, tmp_path: Path) -> None:
    exported = of_case(tmp_path / "out")
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    lines = [f"{hashlib.sha256((tmp_path / 'out' / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    assert exported.digest == hashlib.sha256("".join(lines).encode()).hexdigest()


def test_an_export_is_recorded_as_a_disclosure_with_purpose_recipient_and_digest(told: None, tmp_path: Path) -> None:
    exported = of_case(tmp_path / "out")
    with pytest.raises(NotRecordable):
        record_export(exported, actor=AMINA, page="trail_export", **TOLD)
    with transaction.atomic():
        record_export(exported, actor=AMINA, page="trail_export", **TOLD)
    line = timeline_of(CASE).lines[0]
    assert line.sentence == "PC Amina Khan exported case 7KQM2PXR (7 rows)."
    assert line.reason == "Complaint 44"
    assert Entry.objects.latest("pk").details["file_digest"] == exported.digest
    seen = looks_at(CASE).lines[0]
    assert (seen.kind, seen.reason, seen.recipient) == ("disclosure", "Complaint 44", "Panel of Wandsworth")
    assert "Panel" not in json.dumps(Entry.objects.latest("pk").details)


def test_the_export_of_a_period_is_a_disclosure_of_every_record_that_it_shows(
    told: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exported = of_period(tmp_path / "out")
    monkeypatch.setattr("cr_app.audit.trail._SUBJECTS_IN_ONE", 1)
    with transaction.atomic():
        entry = record_export(exported, actor=AMINA, page="trail_export", **TOLD)
    assert {tuple(each.subjects) for each in Access.objects.filter(kind="disclosure")} == {(CASE,), (OTHER,)}
    assert (entry.subject, entry.details["rows"], entry.details["size"]) == ("", 11, 11)
    first, last = (date.fromisoformat(entry.details[name]) for name in ("from_on", "until_on"))
    words = f"the trail from {first.day} {first:%B %Y} to {last.day} {last:%B %Y}"
    assert entry.details["what"] == words


def test_no_statement_of_an_export_takes_a_table_as_a_whole(told: None, tmp_path: Path) -> None:
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        of_period(tmp_path / "out")
    reads = [each["sql"] for each in queries if " FROM " in each["sql"]]
    assert reads
    assert [
        sql for sql in reads if "LIMIT" not in sql and " IN (" not in sql and "COUNT(" not in sql and "index" not in sql
    ] == []


def test_the_export_of_a_case_names_no_other_record_that_a_look_was_at(witness: object, tmp_path: Path) -> None:
    officer = "officer:P241775"
    with transaction.atomic():
        record("case.started", actor=AMINA, subject=OTHER, reason="Nothing of this")
        look(actor=AMINA, subjects=[CASE], page="case", kind="consultation", implied=True)
        look(actor=AMINA, subjects=[CASE, OTHER], page="cases", kind="consultation", implied=True)
        look(actor=AMINA, subjects=[officer, CASE], page="trail_officer", kind="consultation", implied=True)
    seal()
    exported = of_case(tmp_path / "out")
    assert (exported.rows, exported.withheld) == (3, 2)
    shown = shown_by(tmp_path / "out")
    assert CASE.encode() in shown
    for hidden in (OTHER.partition(":")[2], officer, "trail_officer", "Nothing of this"):
        assert hidden.encode() not in shown
    whole = [row for row in rows(tmp_path / "out") if "body" in row]
    withheld = [row for row in rows(tmp_path / "out") if "body" not in row]
    assert len(whole) == 1
    assert {frozenset(row) for row in withheld} == {frozenset({"index", "leaf", "proof"})}
    assert verify(tmp_path / "out")[0] == 0


def test_an_entry_of_a_case_that_tells_of_a_withheld_one_is_its_hash_alone(witness: object, tmp_path: Path) -> None:
    reference = OTHER.partition(":")[2]
    with transaction.atomic():
        record("case.copied", actor=AMINA, subject=CASE, details={"copied_from": reference})
        record("case.withdrawn", actor=AMINA, subject=CASE)
    seal()
    # The case itself may be restricted, and is still what was asked for.
    exported = of_case(tmp_path / "out", withhold=lambda subject: subject in {OTHER, CASE})
    assert (exported.rows, exported.withheld) == (2, 1)
    assert reference.encode() not in shown_by(tmp_path / "out")
    assert verify(tmp_path / "out")[0] == 0
    assert of_case(tmp_path / "open").withheld == 0
    assert reference.encode() in shown_by(tmp_path / "open")


def test_a_row_of_nobody_is_withheld_where_the_export_is_for_some(witness: object, tmp_path: Path) -> None:
    with transaction.atomic():
        record("officer.sign_in_failed", actor=ANONYMOUS, details={"sign_in_name": "P000001"}, outcome="refused")
        record("case.withdrawn", actor=AMINA, subject=CASE)
    seal()
    assert of_period(tmp_path / "some", withhold=lambda subject: subject != CASE).withheld == 1
    assert of_period(tmp_path / "all").withheld == 0


def test_rows_of_other_times_within_a_period_are_counted(witness: object, tmp_path: Path) -> None:
    long_ago = datetime(2001, 1, 1, tzinfo=UTC)
    for at in (None, long_ago, None):
        with transaction.atomic():
            record("case.withdrawn", actor=AMINA, subject=CASE, at=at)
    seal()
    exported = of_period(tmp_path / "out")
    assert (exported.rows, exported.of_other_times, about(tmp_path / "out")["of_other_times"]) == (3, 1, 1)


def test_the_check_says_of_which_times_the_rows_are(witness: object, tmp_path: Path) -> None:
    moments = [datetime(2026, 11, day, 9, tzinfo=UTC) for day in (3, 5)]
    for at in moments:
        with transaction.atomic():
            record("case.withdrawn", actor=AMINA, subject=CASE, at=at)
    seal()
    # More days are claimed than the rows are of.
    first, last = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
    export_period(first, last, to=tmp_path / "out", withhold=nothing, **TOLD)
    said = verify(tmp_path / "out")[1]
    assert "Their own times: 2026-11-03T09:00:00.000000Z to 2026-11-05T09:00:00.000000Z." in said
    export_period(first, last, to=tmp_path / "none", withhold=lambda subject: True, **TOLD)
    assert "Their own times: none." in verify(tmp_path / "none")[1]


def test_more_rows_than_asked_for_at_most_are_not_exported(told: None, tmp_path: Path) -> None:
    now, day = datetime.now(UTC), timedelta(days=1)
    for at_most, is_let in ((11, True), (10, False)):
        to = tmp_path / str(at_most)
        with nullcontext() if is_let else pytest.raises(CannotExport, match="more than 10 rows"):
            export_period(now - day, now + day, to=to, withhold=nothing, at_most=at_most, **TOLD)
        assert to.exists() is is_let
    with pytest.raises(CannotExport, match="more than 6 rows"):
        export_case(CASE, to=tmp_path / "case", withhold=nothing, at_most=6, **TOLD)
