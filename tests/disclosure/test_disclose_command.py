"""`manage.py disclose`: a draft as three files, protected beside the ledger and what --after names; nothing enters the ledger."""

import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command

from cr_app.audit.models import Entry
from cr_app.disclosure.export.content import read_content
from cr_app.disclosure.models import InformationRequest, Release, WorkedOut
from tests.cast import Cast
from tests.disclosure.desk_work import few_cases, left
from tests.disclosure.working import THEFT, asked, history

pytestmark = pytest.mark.django_db


def written(folder: Path, told: object) -> Path:
    """Write a request, or what is none, and return where."""
    path = folder / "REQUEST.json"
    path.write_text(told if isinstance(told, str) else json.dumps(told), encoding="utf-8")
    return path


def disclosed(request: Path, out: Path, *after: Path) -> dict[str, Any]:
    """Draft it, and return release.json."""
    call_command("disclose", str(request), out=str(out), after=[str(each) for each in after], verbosity=0)
    content: dict[str, Any] = json.loads((out / "release.json").read_text(encoding="utf-8"))
    return content


def refused(request: Path, out: Path, *after: Path) -> str:
    """Try to draft it and return the sentence; nothing is written."""
    said = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("disclose", str(request), out=str(out), after=[str(each) for each in after], stderr=said)
    assert ended.value.code == 2
    assert not (out / "table.csv").exists()
    sentence = said.getvalue().strip()
    assert "\n" not in sentence
    assert "Traceback" not in sentence
    return sentence


def test_a_draft_is_three_files_that_say_the_same_and_enters_nothing(cast: Cast, tmp_path: Path) -> None:
    few_cases()
    entries = Entry.objects.count()
    content = disclosed(written(tmp_path, asked().as_json()), tmp_path / "new" / "out")
    out = tmp_path / "new" / "out"
    assert sorted(path.name for path in out.iterdir()) == ["release.json", "table.csv", "table.xlsx"]
    assert (content["number"], content["released_at"]) == (None, None)
    values = content["table"]["values"]
    row = content["table"]["rows"].index("Threats")
    assert values[row][0] is None
    assert "[c]" in (out / "table.csv").read_text(encoding="utf-8-sig")
    sheet = openpyxl.load_workbook(out / "table.xlsx").worksheets[0]
    assert "[c]" in {cell.value for line in sheet.iter_rows() for cell in line}
    assert read_content((out / "release.json").read_text(encoding="utf-8")).digest == content["digest"]
    assert Entry.objects.count() == entries
    for model in (InformationRequest, WorkedOut, Release):
        assert not model.objects.exists()


def test_the_ledger_and_what_after_names_are_taken_into_account(cast: Cast, tmp_path: Path) -> None:
    few_cases()
    first = left(cast)
    wanted = written(tmp_path, asked(years="financial").as_json())
    beside_ledger = disclosed(wanted, tmp_path / "one")
    assert [each["release"] for each in beside_ledger["collisions"]] == [1]
    # The same release named again has no second say.
    path = tmp_path / "released.json"
    path.write_text(first.content, encoding="utf-8")
    assert disclosed(wanted, tmp_path / "two", path)["collisions"] == beside_ledger["collisions"]
    # A draft does, under the name of its file.
    third = disclosed(written(tmp_path, asked(reference="other").as_json()), tmp_path / "three", path)
    assert third["table"] == json.loads(first.content)["table"]
    both = disclosed(wanted, tmp_path / "four", tmp_path / "one" / "release.json")
    assert [each["release"] for each in both["collisions"]] == [1, "release.json"]


def test_what_is_wrong_is_one_sentence_and_status_2(cast: Cast, tmp_path: Path) -> None:
    few_cases()
    out, good = tmp_path / "out", asked().as_json()
    for told, sentence in (
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ([], "must be an object"),
        (good | {"force": "99"}, "no force '99'"),
        (good | {"period": {"from": "2098-01-01", "to": "2099-12-31"}}, "not ended"),
        (good | {"period": {"from": "2021-01-01", "to": "2020-12-31"}}, "ends before it begins"),
        (good | {"rows": {"by": "named", "groups": [{"label": "None", "codes": ["999/99"]}]}}, "999/99"),
        (good | {"colour": "red"}, "'colour'"),
    ):
        assert sentence in refused(written(tmp_path, told), out), told
    assert "cannot be read" in refused(tmp_path / "nowhere.json", out)
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe")
    assert "UTF-8" in refused(tmp_path / "bytes.json", out)


def test_an_after_that_is_no_release_or_of_another_force_is_refused(cast: Cast, tmp_path: Path) -> None:
    few_cases()
    request = written(tmp_path, asked().as_json())
    kent = tmp_path / "kent"
    kent.mkdir()
    disclosed(written(kent, asked(force="46").as_json()), kent)
    assert "is of force 46" in refused(request, tmp_path / "out", kent / "release.json")
    assert "no release.json" in refused(request, tmp_path / "out", request)
    changed = json.loads((kent / "release.json").read_text(encoding="utf-8")) | {"force_name": "Somewhere"}
    (tmp_path / "changed.json").write_text(json.dumps(changed), encoding="utf-8")
    assert "digest" in refused(request, tmp_path / "out", tmp_path / "changed.json")
    assert "cannot be read" in refused(request, tmp_path / "out", tmp_path / "nowhere.json")


def test_a_folder_that_cannot_be_written_to_is_said(cast: Cast, tmp_path: Path) -> None:
    few_cases()
    (tmp_path / "file").write_text("", encoding="utf-8")
    request = written(tmp_path, asked().as_json())
    assert "cannot be written to" in refused(request, tmp_path / "file")
    assert "cannot be written to" in refused(request, tmp_path / "file" / "below")


def test_counted_as_of_a_moment_it_is_the_same_table_ever_after(cast: Cast, tmp_path: Path) -> None:
    few_cases()
    moment = datetime(2026, 1, 6, tzinfo=UTC)
    request = written(tmp_path, asked(as_of=moment).as_json())
    first = disclosed(request, tmp_path / "one")
    history({("2020-06-01", THEFT): 7}, completed_at=moment + timedelta(days=1))
    assert disclosed(request, tmp_path / "two")["table"] == first["table"]
