"""Reference is loaded whole or not at all, says what changed, and leaves its entry."""

from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from cr_app.audit.models import Entry
from cr_app.policy.catalogue import shipped_catalogue
from cr_app.reference.models import Ethnicity, Force, OffenceType, Outcome
from tests.reference.tables import load_tables

pytestmark = pytest.mark.django_db

HEADING = "code,title,group,subgroup,statute,mode_of_trial,max_penalty,exclusion_category,withdrawn_on"
OWN = "901/01,Swimming in a dock,Byelaws,,Port Byelaws 2020 s.4,summary,Level 3 fine,,"


@pytest.fixture(autouse=True)
def tables(db: None) -> None:
    """Have the shipped tables."""
    load_tables()


def written(tmp_path: Path, *lines: str) -> str:
    file = tmp_path / "offences.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(file)


def refused(file: str, capsys: pytest.CaptureFixture[str], **options: str) -> list[str]:
    """Run load_offences, which must refuse the file; returns its sentences."""
    before = set(OffenceType.objects.values_list("code", "title", "withdrawn_on"))
    entries = Entry.objects.count()
    with pytest.raises(SystemExit) as left:
        call_command("load_offences", file, **options)
    assert left.value.code == 2
    assert set(OffenceType.objects.values_list("code", "title", "withdrawn_on")) == before
    assert Entry.objects.count() == entries
    *sentences, last = capsys.readouterr().err.splitlines()
    assert last == "Nothing was loaded."
    assert all(sentence.endswith(".") for sentence in sentences), sentences
    return sentences


def test_the_tables_hold_what_is_shipped() -> None:
    counts = [model.objects.count() for model in (Force, Outcome, Ethnicity)]
    assert counts == [44, 25, 27]
    assert OffenceType.objects.filter(added_by_force=None).count() == len(shipped_catalogue()) == 176


def test_loading_again_changes_nothing_and_records_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    before = Entry.objects.count()
    call_command("load_reference")
    assert Entry.objects.count() == before
    assert capsys.readouterr().out.splitlines() == [
        "forces: 0 added, 0 changed, 44 as before",
        "outcomes: 0 added, 0 changed, 25 as before",
        "ethnicities: 0 added, 0 changed, 27 as before",
        "offence types: 0 added, 0 changed, 176 as before",
    ]


def test_what_differs_is_brought_up_to_date_with_one_entry_and_a_withdrawal_stays() -> None:
    before = Entry.objects.count()
    OffenceType.objects.filter(code="46/00").update(title="Shopliftin", withdrawn_on=date(2026, 1, 1))
    call_command("load_reference", verbosity=0)
    kind = OffenceType.objects.get(code="46/00")
    assert (kind.title.startswith("Shoplifting"), kind.withdrawn_on) == (True, date(2026, 1, 1))
    entry = Entry.objects.order_by("id").last()
    assert entry is not None
    assert Entry.objects.count() == before + 1
    assert (entry.event, entry.actor_kind, entry.details["changed"]) == ("reference.loaded", "system", 1)


def test_a_forces_own_list_is_loaded_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, HEADING, OWN, "", '901/02,"Fishing, at night",Byelaws,,Port Byelaws 2020 s.5,summary,,,')
    call_command("load_offences", file, force="46")
    call_command("load_offences", file, force="46")
    assert capsys.readouterr().out.splitlines() == [
        "offence types: 2 added, 0 changed, 0 as before",
        "offence types: 0 added, 0 changed, 2 as before",
    ]
    entry = Entry.objects.get(event="offences.loaded")
    assert (entry.details["force"], entry.details["added"], len(entry.details["changes"])) == ("46", 2, 2)
    assert OffenceType.objects.get(code="901/02").added_by_force_id == "46"


def test_a_type_is_changed_and_withdrawn_by_a_later_file(tmp_path: Path) -> None:
    call_command("load_offences", written(tmp_path, HEADING, OWN), force="46", verbosity=0)
    later = OWN.replace("in a dock", "in any dock") + "2026-12-01"
    call_command("load_offences", written(tmp_path, HEADING, later), force="46", verbosity=0)
    kind = OffenceType.objects.get(code="901/01")
    assert (kind.title, kind.withdrawn_on) == ("Swimming in any dock", date(2026, 12, 1))
    assert "any dock" in kind.search
    assert Entry.objects.get(event="offence.withdrawn").details["code"] == "901/01"


def test_a_home_office_type_is_withdrawn_by_code_and_date(tmp_path: Path) -> None:
    file = written(tmp_path, "code,withdrawn_on", "8/71,2024-01-31")
    call_command("load_offences", file, verbosity=0)
    assert OffenceType.objects.get(code="8/71").withdrawn_on == date(2024, 1, 31)


def test_every_bad_row_is_one_sentence_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        OWN,
        "nine,Title,Group,,Act 2020 s.1,summary,,,",
        "901/02,Title,Group,,Act 2020 s.1,by ordeal,,,",
        "901/03,Title,Group,,Act 2020 s.1,summary,,witchcraft,",
        "901/04,Title,Group,,Act 2020 s.1,summary,,,2026-02-30",
        "901/05,Title",
        OWN,
        f"901/06,{'x' * 201},Group,,Act 2020 s.1,summary,,,",
        "901/07,Bad\x07bell,Group,,Act 2020 s.1,summary,,,",
    ]
    assert refused(written(tmp_path, HEADING, *rows), capsys, force="46") == [
        "Line 3: 'NINE' is not an offence code such as 46/00.",
        "Line 4: 'by ordeal' is not a mode of trial; write summary, either way, indictable only.",
        "Line 5: 'witchcraft' is not an exclusion category; write domestic_abuse, hate_crime, sexual_offence, firearm, "
        "weapon_or_blade.",
        "Line 6: '2026-02-30' is not a date; write withdrawn_on as 2026-11-30.",
        "Line 7: it has 2 cells, which is not what the heading has.",
        "Line 8: the code 901/01 stands on line 2 already.",
        "Line 9: Shorten title to 200 characters or fewer; it has 201 now.",
        "Line 10: Type title again: it has a character that cannot be kept, perhaps from copying and pasting.",
    ]


def test_what_a_file_may_not_do_is_said_row_by_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_offences", written(tmp_path, HEADING, OWN), force="46", verbosity=0)
    home_office = "46/00,Shop theft,Theft offences,,Theft Act 1968 s.1,either way,,,"
    assert refused(written(tmp_path, HEADING, OWN, home_office), capsys, force="01") == [
        "Line 2: 901/01 is on the list of force 46; load it with --force 46.",
        "Line 3: 46/00 is a Home Office type; withdraw it for everyone without --force.",
    ]
    assert refused(written(tmp_path, HEADING, "902/01,,,,,,,,2026-01-01", home_office), capsys) == [
        "Line 2: 902/01 is a new type: say whose list it is on with --force.",
        "Line 3: 46/00 is a Home Office type, whose title cannot be changed here.",
    ]
    assert refused(written(tmp_path, HEADING, "902/01,,,,,,,,2026-01-01"), capsys, force="46") == [
        "Line 2: 902/01 is a new type and needs its title, group, statute, mode_of_trial."
    ]
    assert refused(written(tmp_path, HEADING, OWN), capsys, force="99")[0] == "'99' is not the code of a force."


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The first line must name the columns"),
        (b"code,title\n", "The file has no rows below its heading."),
        (b"code,colour\n1/01,red\n", "Line 1: 'colour' is not a column"),
        (b"code,code\n1/01,1/01\n", "Line 1: a column stands there twice."),
        (b'{"code": "46/00"}', "The first line must name the columns"),
        (b'code,title\n1/01,"unclosed', "this is not CSV"),
        (b"code\n\xff\xfe", "is not a text file in UTF-8"),
        (b"code\n46/00\0\n", "has NUL bytes"),
        (b"code\n" + b"x" * 5_000_001, "is larger than 5 MB"),
        (b"code\n" + b"1/01\n" * 10_001, "more than 10,000 rows"),
    ],
)
def test_a_file_that_is_no_list_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, sentence: str
) -> None:
    file = tmp_path / "offences.csv"
    file.write_bytes(content)
    (told,) = refused(str(file), capsys, force="46")
    assert sentence in told


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert refused(str(tmp_path), capsys) == [f"{tmp_path} is not a file."]


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"mode_of_trial": "by ordeal"}, "an_offence_type_has_a_known_mode_of_trial"),
        ({"exclusion_category": "witchcraft"}, "an_offence_type_has_a_known_exclusion_category"),
        ({"title": ""}, "an_offence_type_has_title_and_statute"),
    ],
)
def test_the_database_refuses_a_type_that_cannot_be(values: dict[str, str], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        OffenceType.objects.filter(code="46/00").update(**values)
