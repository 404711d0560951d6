"""Files of closed cases: what is read, what is refused as a whole, and what one row must be."""

import codecs
import hashlib
import hmac
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cr_app.disclosure.import_file import (
    PLAIN,
    BadFile,
    Known,
    Reader,
    Rejected,
    Row,
    Translation,
    canonical_of,
    read_mapping,
    read_source,
    row_digest,
    source,
)
from cr_app.disclosure.import_file.mapping import HEADER

TODAY = date(2026, 3, 1)
KNOWN = Known(
    forces=frozenset({"01", "46"}),
    codes={"46/00": None, "3/01": None, "990/01": "46"},
    ethnicities=frozenset({"W1", "NS"}),
    today=TODAY,
)
VALUES = {
    "reference": "CR/1",
    "force": "01",
    "unit": "Camden",
    "offence_code": "46/00",
    "encouraging_or_assisting": "false",
    "offence_on": "2020-02-27",
    "decided_on": "2020-02-28",
    "issued_on": "2020-02-29",
    "offender_age": "17",
    "offender_sex": "female",
    "offender_ethnicity": "W1",
    "victim_kind": "person",
    "victim_agrees": "true",
    "exception": "",
}
ROW = Row(
    *(2, "CR/1", "01", "Camden", "46/00", False, date(2020, 2, 27), date(2020, 2, 28), date(2020, 2, 29)),
    *(17, "female", "W1", "person", True, None),
)


def line_of(**changed: str) -> str:
    """Return a line of a file in the order of the header."""
    return ",".join({**VALUES, **changed}.values())


def read(text: str, translation: Translation = PLAIN, header: list[str] | None = None) -> Row | Rejected:
    """Read one line."""
    return Reader(header or list(HEADER), translation, KNOWN).read(2, text)


def reason(text: str, translation: Translation = PLAIN, header: list[str] | None = None) -> str:
    """Return why a line is rejected."""
    found = read(text, translation, header)
    assert isinstance(found, Rejected), found
    return found.reason


def written(folder: Path, content: str | bytes) -> Path:
    """Write a file."""
    path = folder / "cases.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def refusal(path: Path, translation: Translation = PLAIN) -> str:
    """Return why a file is refused."""
    with pytest.raises(BadFile) as refused:
        read_source(path, translation)
    return str(refused.value)


# --- rows ---


def test_a_row_is_read_as_it_is_stored() -> None:
    assert read(line_of()) == ROW


def test_what_is_blank_is_not_known() -> None:
    blank = {name: "" for name in HEADER if name not in {"reference", "force", "offence_code", "issued_on"}}
    found = read(line_of(**blank))
    assert isinstance(found, Row)
    assert found[3:] == ("", "46/00", False, None, None, date(2020, 2, 29), None, "", None, "", None, None)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"reference": ""}, "reference: write the case's reference, at most 40 characters."),
        ({"reference": "R" * 41}, "reference: write the case's reference, at most 40 characters."),
        ({"force": "1"}, "force: write the two digits of a force that this service knows."),
        ({"force": ""}, "force: write the two digits of a force that this service knows."),
        ({"unit": "U" * 101}, "unit: write at most 100 characters."),
        ({"offence_code": "46/99"}, "offence_code: write a code of the offence catalogue, such as 46/00."),
        ({"offence_code": ""}, "offence_code: write a code of the offence catalogue, such as 46/00."),
        # Kent's own offence is none of the Metropolitan Police's.
        ({"offence_code": "990/01"}, "offence_code: write a code of the offence catalogue, such as 46/00."),
        (
            {"encouraging_or_assisting": "maybe"},
            "encouraging_or_assisting: write true or false, or nothing where it is not known.",
        ),
        ({"victim_agrees": "2"}, "victim_agrees: write true or false, or nothing where it is not known."),
        ({"exception": "-"}, "exception: write true or false, or nothing where it is not known."),
        ({"offence_on": "27/02/2020"}, "offence_on: write a day such as 2021-03-09."),
        ({"decided_on": "2020-02-30"}, "decided_on: write a day such as 2021-03-09."),
        ({"decided_on": "20200228"}, "decided_on: write a day such as 2021-03-09."),
        ({"decided_on": "2020-W09-5"}, "decided_on: write a day such as 2021-03-09."),
        ({"issued_on": "２０２０-02-29"}, "issued_on: write a day such as 2021-03-09."),
        ({"issued_on": ""}, "issued_on: is wanted, since cases are counted by it."),
        ({"issued_on": "2026-03-02"}, "issued_on: is in the future."),
        ({"issued_on": "1989-12-31", "decided_on": "", "offence_on": ""}, "issued_on: is before 1990."),
        ({"decided_on": "2020-03-01"}, "issued_on: is before the day of the decision."),
        ({"decided_on": "", "offence_on": "2020-03-01"}, "issued_on: is before the day of the offence."),
        ({"offence_on": "2020-02-29"}, "decided_on: is before the day of the offence."),
        ({"offender_age": "9"}, "offender_age: write whole years from 10 to 120, or nothing."),
        ({"offender_age": "121"}, "offender_age: write whole years from 10 to 120, or nothing."),
        ({"offender_age": "17.5"}, "offender_age: write whole years from 10 to 120, or nothing."),
        ({"offender_age": "²0"}, "offender_age: write whole years from 10 to 120, or nothing."),
        ({"offender_age": "9" * 900}, "offender_age: write whole years from 10 to 120, or nothing."),
        ({"offender_sex": "F"}, "offender_sex: write one of female, male, other, not_known, or nothing."),
        ({"offender_ethnicity": "IC1"}, "offender_ethnicity: write a self-defined code such as W1 or NS, or nothing."),
        ({"victim_kind": "shop"}, "victim_kind: write one of none, person, organisation, or nothing."),
    ],
)
def test_what_is_wrong_with_a_row_is_said_by_its_column(changed: Mapping[str, str], expected: str) -> None:
    assert reason(line_of(**changed)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (line_of() + ",", "The line has 15 values where the header has 14."),
        ("CR/1,01", "The line has 2 values where the header has 14."),
        (line_of(unit="Cam\0den"), "The line holds a NUL character."),
        (line_of(unit="Cam\x1fden"), "The line holds a character that cannot be printed."),
        (line_of(unit="Cam\u202eden"), "The line holds a character that cannot be printed."),
        (line_of(unit="Cam\tden"), "The line holds a tab."),
        (line_of(unit="x" * 4000), "The line is longer than 4,000 characters."),
        (
            line_of(unit='"Cam'),
            "A quoted value does not end on its line, or goes on after it: no value holds a line break.",
        ),
        (
            line_of(unit='"Cam"den'),
            "A quoted value does not end on its line, or goes on after it: no value holds a line break.",
        ),
        (line_of(unit='"Cam""den"'), "A value holds a quotation mark."),
        # The second line of a value that was broken in the first column.
        (line_of(reference='1"'), "A value holds a quotation mark."),
    ],
)
def test_a_line_that_is_no_row_is_rejected(text: str, expected: str) -> None:
    assert reason(text) == expected


@pytest.mark.parametrize(
    ("column", "value", "stored"),
    [
        ("unit", '"Camden, North"', "Camden, North"),
        ("unit", " Camden\N{NO-BREAK SPACE}North ", "Camden North"),
        ("offender_sex", "Female", "female"),
        ("offender_ethnicity", "w1", "W1"),
        ("victim_agrees", "No", False),
        ("exception", "Y", True),
        ("exception", "0", False),
        ("issued_on", "2026-03-01", TODAY),
        ("offender_age", "010", 10),
        ("offender_age", "120", 120),
    ],
)
def test_a_value_may_be_written_in_more_than_one_way(column: str, value: str, stored: object) -> None:
    found = read(line_of(**{column: value}))
    assert isinstance(found, Row)
    assert getattr(found, column) == stored


@given(st.text(max_size=300))
def test_any_line_is_read_or_rejected_without_saying_what_stood_in_it(text: str) -> None:
    found = read(text)
    assert isinstance(found, Rejected)
    assert len(found.reason) <= 300


@given(st.sampled_from(HEADER), st.text(alphabet=st.characters(exclude_characters='",'), min_size=1, max_size=60))
def test_any_value_is_stored_within_its_column_or_rejected_by_it(column: str, value: str) -> None:
    found = read(line_of(**{column: value}))
    if isinstance(found, Rejected):
        assert len(found.reason) <= 300
        return
    assert "\0" not in canonical_of(found)
    assert len(canonical_of(found).split("\x1f")) == len(HEADER)
    assert len(found.reference) <= 40
    assert len(found.unit) <= 100


def test_a_rejected_row_tells_nothing_of_what_stood_in_it() -> None:
    assert "4291" not in reason(line_of(offender_age="4291"))
    assert "Ransome" not in reason(line_of(offender_sex="Ransome"))


# --- digests ---

SALT = bytes(range(32))


def test_a_digest_is_of_the_row_as_the_file_of_the_contract_would_have_it_under_its_batchs_salt() -> None:
    text = "\x1f".join(VALUES.values())
    assert canonical_of(ROW) == text
    assert row_digest(ROW, salt=SALT) == hmac.new(SALT, text.encode(), hashlib.sha256).digest()[:16]
    assert row_digest(ROW, salt=b"another") != row_digest(ROW, salt=SALT)


@pytest.mark.parametrize("name", [name for name in Row._fields if name != "line"])
def test_every_column_but_the_line_is_in_the_digest(name: str) -> None:
    others: dict[type, Any] = {str: "other", bool: True, int: 18, date: date(2020, 2, 1), type(None): True}
    value = getattr(ROW, name)
    told: dict[str, Any] = {name: False if value is True else others[type(value)]}
    changed = ROW._replace(**told)
    assert row_digest(changed, salt=SALT) != row_digest(ROW, salt=SALT)
    assert row_digest(ROW._replace(line=9), salt=SALT) == row_digest(ROW, salt=SALT)


# --- mapping ---

MAPPING = b"""
date_format = "%d/%m/%Y"
separator = ";"
ignore_other_columns = true

[columns]
reference = "Occurrence"
issued_on = "Disposal date"
offender_sex = "Sex"
exception = "Exceptional"

[constants]
force = "01"
unit = ""
encouraging_or_assisting = "false"
offence_on = ""
decided_on = ""
offender_age = ""
offender_ethnicity = ""
victim_agrees = ""

[values.offender_sex]
F = "female"
M = "male"
U = ""

[values.exception]
"Insp auth" = true
"" = false

[values.offence_code]
"THEFT SHOP" = "46/00"
"""


def test_a_mapping_renames_columns_and_translates_values(tmp_path: Path) -> None:
    translation = read_mapping(MAPPING)
    assert translation.digest == hashlib.sha256(MAPPING).hexdigest()
    text = "Officer;Occurrence;Sex;offence_code;victim_kind;Exceptional;Disposal date\n"
    found = read_source(written(tmp_path, text + "x;CR/1;F;THEFT SHOP;person;Insp auth;29/02/2020\n"), translation)
    assert [number for number, _ in found.after(1)] == [2]
    header = found.header
    row = read("x;CR/1;F;THEFT SHOP;person;Insp auth;29/02/2020", translation, header)
    assert row == ROW._replace(
        unit="",
        offence_on=None,
        decided_on=None,
        offender_age=None,
        offender_ethnicity=None,
        victim_agrees=None,
        exception=True,
    )
    other = read("x;CR/1;U;THEFT SHOP;person;;29/02/2020", translation, header)
    assert isinstance(other, Row)
    assert (other.offender_sex, other.exception) == ("", False)
    said = reason("x;CR/1;F;THEFT SHOP;person;;2020-02-29", translation, header)
    assert said == "issued_on (in the file: Disposal date): write a day such as 09/03/2021."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("columns = 1", "'columns' of the mapping must be a table: [columns]."),
        ("[columns]\nname = 'x'", "'columns' of the mapping names 'name': the columns are reference, "),
        ("[colums]", "The mapping says 'colums', which is not known: it takes columns, constants, "),
        ("[columns]\nforce = 1", "The mapping must give 'force' in 'columns' as a text of at most 100 characters."),
        ("[values]\nforce = 'x'", "The values of 'force' in the mapping must be a table: [values.force]."),
        ("[values.force]\nx = 1", "The mapping must give a value of 'force' as a text of at most 100 characters."),
        ("[columns]\nforce = 'F'\n[constants]\nforce = '01'", "The mapping gives force a column and a constant"),
        ("[columns]\nforce = 'F'\nunit = 'F'", "The mapping names the column 'F' twice."),
        ("date_format = '%d/%m'", "'date_format' of the mapping must tell day, month and year"),
        ("date_format = '%'", "'date_format' of the mapping must tell day, month and year"),
        ("date_format = 5", "'date_format' of the mapping must tell day, month and year"),
        ("separator = 'x'", "'separator' of the mapping must be one character"),
        ("separator = 5", "'separator' of the mapping must be one character"),
        ("ignore_other_columns = 'yes'", "'ignore_other_columns' of the mapping must be true or false."),
        ("not toml", "The mapping is not TOML: "),
    ],
)
def test_a_mapping_that_cannot_be_understood_is_refused_with_a_sentence(text: str, expected: str) -> None:
    with pytest.raises(BadFile) as refused:
        read_mapping(text.encode())
    assert str(refused.value).startswith(expected)
    assert "\n" not in str(refused.value)


def test_a_mapping_that_is_not_utf8_is_refused() -> None:
    with pytest.raises(BadFile, match=r"The mapping is not UTF-8\."):
        read_mapping(b"\xff")


# --- the file ---

HEAD = ",".join(HEADER) + "\n"


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
def test_a_spreadsheets_file_is_read_as_it_is(tmp_path: Path, ends: str, mark: bytes) -> None:
    content = mark + (HEAD + line_of() + "\n\n" + line_of(unit="Bexley é")).replace("\n", ends).encode()
    found = read_source(written(tmp_path, content), PLAIN)
    assert (found.header, found.lines) == (list(HEADER), 4)
    assert found.digest == hashlib.sha256(content).hexdigest()
    assert list(found.after(1)) == [(2, line_of()), (3, ""), (4, line_of(unit="Bexley é"))]
    assert list(found.after(3)) == [(4, line_of(unit="Bexley é"))]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", "is empty, or its first line is: that line names the columns."),
        ("\n" + HEAD, "is empty, or its first line is: that line names the columns."),
        (HEAD, "has a header and no rows."),
        (HEAD + "\n \n", "has a header and no rows."),
        (line_of() + "\n" + line_of(), "has no column 'reference': its first line must name reference, force, "),
        (HEAD.replace("unit,", "") + line_of(), "has no column 'unit': "),
        (
            HEAD.replace("unit,", "unit,name,") + line_of(),
            "has a column 'name' that is not known: leave it out, or say ",
        ),
        (HEAD.replace("unit,", "unit,unit,") + line_of(), "has the column 'unit' twice."),
        (HEAD.replace(",", ";") + line_of(), "separates its columns with semicolons: save it with commas, or name "),
        (HEAD.replace(",", "\t") + line_of(), "separates its columns with tabs: save it with commas, or name "),
        (HEAD.replace("unit", "un\x07it") + line_of(), "does not name columns"),
        ('"reference,\n', "does not name columns"),
        (HEAD.encode() + line_of().encode() + b"\n\xe9\n", "is not UTF-8: save the file as CSV in UTF-8."),
        ((HEAD + line_of()).encode("utf-16"), "is not UTF-8: save the file as CSV in UTF-8."),
    ],
)
def test_a_file_that_cannot_be_imported_is_refused_with_a_sentence(
    tmp_path: Path, content: str | bytes, expected: str
) -> None:
    said = refusal(written(tmp_path, content))
    assert expected in said
    assert "\n" not in said
    assert str(tmp_path / "cases.csv") in said


def test_the_line_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    content = HEAD.encode() + line_of().encode() + b"\n\xe9\n"
    assert refusal(written(tmp_path, content)).startswith("Line 3 of ")


def test_a_file_that_is_not_there_is_refused_with_a_sentence(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.csv") == f"{tmp_path / 'none.csv'} cannot be read: No such file or directory."
    assert "Is a directory" in refusal(tmp_path)


def test_a_file_beyond_what_an_import_takes_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, HEAD + (line_of() + "\n") * 3)
    monkeypatch.setattr(source, "MOST_ROWS", 3)
    assert read_source(path, PLAIN).lines == 4
    monkeypatch.setattr(source, "MOST_ROWS", 2)
    assert "has 3 rows, and an import takes 2: split it, and keep the rows of a case together." in refusal(path)
    monkeypatch.setattr(source, "MOST_BYTES", 5)
    assert "split it, and keep the rows of a case together." in refusal(path)
