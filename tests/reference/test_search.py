"""Offence types are found as officers look for them."""

from datetime import date
from time import perf_counter

import pytest
from pytest_django import DjangoAssertNumQueries

from cr_app.policy.catalogue import shipped_catalogue
from cr_app.reference import shipped
from cr_app.reference.models import Force, OffenceType
from cr_app.reference.queries import (
    catalogue_of,
    common_offence_types,
    ethnicity_label,
    offence_type,
    officer_defined_ethnicities,
    outcome_label,
    outcome_types,
    search_offence_types,
    self_defined_ethnicities,
)
from cr_app.reference.search_text import code_beginnings, folded, search_line, search_words
from tests.reference.tables import load_tables

TODAY = date(2026, 11, 21)


@pytest.fixture(autouse=True)
def tables(request: pytest.FixtureRequest) -> None:
    """Have the shipped tables, whoever made the database."""
    if "db" in request.fixturenames or request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")
        load_tables()


def codes(text: str, *, force: str = "01", on: date = TODAY, limit: int = 20) -> list[str]:
    return [kind.code for kind in search_offence_types(text, on=on, force_code=force, limit=limit)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("shoplifting", "46/00"),
        ("Shop Lifting", "46/00"),
        ("shoplfting", "46/00"),
        ("shop theft", "46/00"),
        ("46/00", "46/00"),
        ("46/0", "46/00"),
        ("4600", "46/00"),
        ("04600", "46/00"),
        ("46", "46/00"),
        ("046/00", "46/00"),
        ("theft act s1", "46/00"),
        ("Theft Act 1968 section 1", "46/00"),
        ("weed", "92/61"),
        ("canabis", "92/61"),
        ("pocession of cannabis", "92/61"),
        ("knife", "8/26"),
        ("bladed article", "8/26"),
        ("blade", "8/26"),
        ("cja 1988 s139", "8/26"),
        ("ABH", "8/06"),
        ("a.b.h", "8/06"),
        ("GBH", "8/01"),
        ("TWOC", "130/01"),
        ("D&D", "141/01"),
        ("d & d", "141/01"),
        ("drunk", "141/01"),
        ("drunk and disorderley", "141/01"),
        ("common asault", "105/01"),
        ("section 39", "105/01"),
        ("criminal damage", "149/00"),
        ("crim dam", "149/00"),
        ("graffitti", "149/00"),
        ("s.5 public order", "125/12"),
        ("section 5", "125/12"),
        ("harrassment", "195/94"),
        ("emergency worker", "8/73"),
        ("pedal cycle", "44/00"),
        ("bike", "44/00"),
        ("breach of bail", "83/01"),
        ("r\u00e9sist constable", "104/33"),
    ],
)
def test_the_first_answer_is_the_offence_meant(typed: str, first: str) -> None:
    assert codes(typed)[0] == first


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed",
    ["", "   ", "%", "_", "\\", "\0", "\ud800", "zzzz", "'; DROP TABLE", "\U0001f642", "9" * 5000, "a " * 3000, "/"],
)
def test_odd_text_finds_little_or_nothing_and_breaks_nothing(typed: str) -> None:
    assert len(codes(typed, limit=5)) <= 5


@pytest.mark.django_db
def test_a_code_brings_codes_alone() -> None:
    assert codes("46/00") == ["46/00"]
    assert all(code.startswith("92/") for code in codes("92/"))


@pytest.mark.django_db
def test_a_withdrawn_type_is_not_offered_and_still_reads() -> None:
    OffenceType.objects.filter(code="46/00").update(withdrawn_on=TODAY)
    assert "46/00" not in codes("shoplifting")
    assert "46/00" in codes("shoplifting", on=date(2026, 11, 20))
    assert "46/00" not in [kind.code for kind in common_offence_types(on=TODAY)]
    kind = offence_type("46/00")
    assert kind is not None
    assert kind.title.startswith("Shoplifting")


@pytest.mark.django_db
def test_a_forces_own_type_is_offered_to_that_force_alone() -> None:
    make_own("901/01", "Bathing in the Serpentine at night", "46")
    assert codes("serpentine", force="46") == ["901/01"]
    assert codes("serpentine", force="01") == []
    assert catalogue_of(["46/00", "901/01"])["901/01"].title == "Bathing in the Serpentine at night"


@pytest.mark.django_db
def test_shipped_types_cost_the_rules_no_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        assert catalogue_of(["46/00"])["46/00"].mode_of_trial == "either way"


@pytest.mark.django_db
def test_quick_picks_are_the_frequent_ones() -> None:
    picked = [kind.code for kind in common_offence_types(on=TODAY)]
    assert picked[:6] == ["46/00", "105/01", "149/00", "92/61", "125/12", "141/01"]


@pytest.mark.django_db
def test_a_search_is_one_query_and_quick(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    codes("theft")
    took = []
    for typed in ["shoplfting", "theft act s1", "knife", "criminal damage", "46/0"]:
        with django_assert_num_queries(1):
            began = perf_counter()
            codes(typed)
            took.append(perf_counter() - began)
    # A few milliseconds when nothing else runs; the bound is for a machine that is busy.
    assert min(took) < 0.05


def test_every_everyday_name_and_quick_pick_names_a_shipped_type() -> None:
    catalogue = shipped_catalogue()
    assert set(shipped.everyday_names()) <= set(catalogue)
    assert set(shipped.common_codes()) <= set(catalogue)


@pytest.mark.parametrize(
    ("typed", "beginnings"),
    [
        ("46/00", ("46/00",)),
        ("46/0", ("46/0",)),
        ("046-00", ("46/00",)),
        ("4600", ("46/00",)),
        ("10501", ("105/01",)),
        ("826", ("8/26", "826/")),
        ("46", ("46/",)),
        ("5", ()),
        ("shop", ()),
        ("123456", ()),
    ],
)
def test_how_a_code_can_be_written(typed: str, beginnings: tuple[str, ...]) -> None:
    assert code_beginnings(typed) == beginnings


def test_sections_accents_and_marks_are_folded() -> None:
    assert folded("Th\u00e9ft Act 1968, section 1 & ss.9") == "theft act 1968 s1 and s9"
    assert search_words("the Theft of a bike") == ("theft", "bike")
    assert search_words("of the") == ("of", "the")


def test_pickers_and_labels_need_no_database() -> None:
    assert len(self_defined_ethnicities()) == 19
    assert [code.code for code in officer_defined_ethnicities()] == ["IC1", "IC2", "IC3", "IC4", "IC5", "IC6", "IC9"]
    assert ethnicity_label("O1") == "Chinese (replaced by A4 in 18+1)"
    assert ethnicity_label("??") == "??"
    assert outcome_label("8") == "Community resolution"
    assert [code.code for code in outcome_types()][:3] == ["1", "1A", "2"]


def make_own(code: str, title: str, force: str) -> None:
    OffenceType.objects.create(
        code=code,
        title=title,
        group="Byelaws",
        statute="Byelaws 2026 s.1",
        mode_of_trial="summary",
        added_by_force=Force.objects.get(code=force),
        search=search_line(code, title, "Byelaws 2026 s.1", ()),
    )
