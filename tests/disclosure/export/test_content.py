"""release.json is read strictly: another key, another type, another digest, and nothing is made of it."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from cr_app.disclosure.export.content import BadContent, content_of, read_content
from cr_app.disclosure.export.json_file import json_of
from cr_app.disclosure.export.names import file_name
from cr_app.disclosure.release_text import digest_of, text_of, with_digest
from cr_app.disclosure.row_meanings import rows_from_json
from tests.disclosure.export.told import ASKED, EXTRACTED, RELEASED, SUPPRESSED, TABLE, asked_by, content, told

FROZEN = Path(__file__).parents[1] / "fixtures" / "release-before-zeros-withheld.json"


def test_a_release_is_read_as_it_was_told() -> None:
    read = read_content(text_of(told(worst_interval=None)))
    assert (read.table, read.asked, read.number) == (TABLE, ASKED, 3)
    assert (read.released_at, read.extracted_at) == (RELEASED, EXTRACTED)
    assert read.table.combined[0].rows == ("Encouraging an offence", "Knives")
    assert [row.label for row in read.rows] == [group.label for group in ASKED.groups]
    assert read.standing == "Release 3, 3 March 2026 at 14:00"
    assert read.heading == "Community Resolutions, 2020 to 2021"
    assert content(title="Knives and threats").heading == "Knives and threats"


def test_a_release_frozen_before_a_key_was_added_is_read_as_it_stands() -> None:
    text = FROZEN.read_text(encoding="utf-8")
    read = read_content(text)
    assert "zeros_withheld" not in json.loads(text)
    assert (read.number, read.table.zeros_withheld, read.table) == (3, False, SUPPRESSED)
    assert json_of(read).decode() == text
    assert len(rows_from_json(read.told["rows"])[0]) == len(read.rows) > 0
    with pytest.raises(BadContent, match="otherwise"):
        content_of({**json.loads(text), "zeros_withheld": 1})
    with pytest.raises(BadContent, match="rounded_to"):
        content_of({name: value for name, value in told().items() if name != "rounded_to"})


def test_a_draft_has_neither_number_nor_time() -> None:
    draft = content(SUPPRESSED, asked_by("group", method="suppress"), number=None)
    assert (draft.number, draft.released_at, draft.standing) == (None, None, "Draft, not released")
    assert draft.table.values[0] == (None, None, 31)


def test_the_file_is_the_text_whose_digest_anybody_can_find() -> None:
    read = content()
    kept = json_of(read).decode()
    assert read_content(kept) == read
    rest = {name: value for name, value in json.loads(kept).items() if name != "digest"}
    found = json.dumps(rest, sort_keys=True, ensure_ascii=False, indent=2) + "\n"
    assert hashlib.sha256(found.encode()).hexdigest() == read.digest


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"true_counts": [[3]]}, "true_counts"),
        ({"digest": "0" * 64}, "digest"),
        ({"part": "1"}, "whole number"),
        ({"part": True}, "whole number"),
        ({"number": None}, "a number, a time"),
        ({"released_at": "2026-03-03T14:00:00"}, "time zone"),
        ({"notes": ["Said"]}, "understood"),
        ({"notes": [{"about": "Zero", "text": "0", "count": 3}]}, "otherwise"),
        ({"rows": [{"label": "Knives", "what": 3}]}, "a text"),
        ({"collisions": [{"release": 2.5, "what": ""}]}, "whole number"),
        ({"request": {**ASKED.as_json(), "threshold": 1}}, "threshold"),
        ({"request": {**ASKED.as_json(), "breakdown": ""}}, "breakdown"),
        ({"combined": [{"label": "Combined", "rows": ["A"], "counts": [3]}]}, "otherwise"),
        ({"protection": {"rule": "", "threshold": 5, "worst_interval": None, "withheld": 1}}, "otherwise"),
        ({"protection": {"rule": "", "threshold": 5, "worst_interval": None, "withheld": 0, "small": 1}}, "otherwise"),
        ({"table": {**TABLE.as_json(), "values": [[1.5, 0, 1], [1, 1, 2], [1, 1, 2]]}}, "whole number"),
        ({"table": {**TABLE.as_json(), "values": [[1, 0, 1]]}}, "each row and column"),
        ({"table": {**TABLE.as_json(), "counts": [[3]]}}, "otherwise"),
        ({"rounded_to": True}, "otherwise"),
    ],
)
def test_what_is_not_a_release_is_refused(change: dict[str, Any], says: str) -> None:
    changed = {**told(), **change}
    with pytest.raises(BadContent, match=says):
        content_of(changed if "digest" in change else with_digest(changed))


def test_a_key_that_is_missing_is_refused_and_so_is_what_is_no_object() -> None:
    short = told()
    del short["refusal_notice"]
    with pytest.raises(BadContent, match="refusal_notice"):
        content_of(with_digest(short))
    for text in ("[]", "null", "{", '"text"', "[" * 100_000):
        with pytest.raises(BadContent):
            read_content(text)


def test_a_digest_is_of_everything_else() -> None:
    whole = told()
    assert digest_of(whole) == whole["digest"] == digest_of({**whole, "digest": "other"})
    assert digest_of({**whole, "title": "Other"}) != whole["digest"]


@pytest.mark.parametrize(
    ("reference", "number", "name"),
    [
        ("01.FOI.22.024759", 3, "01.FOI.22.024759-table-1-release-3.csv"),
        ("01.FOI.22.024759", None, "01.FOI.22.024759-table-1-draft.csv"),
        ("FOI 2024/017", 12, "FOI-2024-017-table-1-release-12.csv"),
        ("../../etc/passwd", 1, "etc-passwd-table-1-release-1.csv"),
        ('a"; filename=b\\c', 1, "a-filename-b-c-table-1-release-1.csv"),
        ("Môn 7", 1, "M-n-7-table-1-release-1.csv"),
        ("???", 1, "request-table-1-release-1.csv"),
    ],
)
def test_a_file_is_called_after_request_table_and_release(reference: str, number: int | None, name: str) -> None:
    assert file_name(content(asked=asked_by("group", reference=reference), number=number), ".csv") == name
