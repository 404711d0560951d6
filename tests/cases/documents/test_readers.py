"""The veil of each reader: organisations keep their names for the offender, officers theirs, and help stays readable."""

import pytest

from cr_app.cases.documents.advisers import persons_and_offices
from cr_app.cases.documents.readers import veil_for_offender, veil_for_victim
from tests import make, make_authority
from tests.cases.documents.told import copy_of, rows, text, told_now
from tests.cast import Cast


@pytest.mark.parametrize("name", ["Boots", "Tesco", "Next", "Tesco Express"])
def test_an_organisation_of_one_word_stands_by_name_on_the_offenders_copy(cast: Cast, name: str) -> None:
    story = make.shop_theft().but(
        victims=(make.shop(organisation_name=name), make.person(first_names="Ola", last_names="Brook")),
        actions=(make.apology(undertaking=f"Pay {name} £12.40; write to Ms Okafor and Ola"),),
    )
    told = told_now(make.submitted(cast.amina, story))
    copy = copy_of(told)
    assert rows(copy, "action_1")["In detail"] == f"Pay {name} £12.40; write to [not shown] and [the person harmed]"
    # Another victim does not read it.
    assert veil_for_victim(told, told.victims[1]).free(f"Paid {name}") == "Paid [another person harmed]"


def test_a_person_of_the_name_of_an_organisation_is_veiled_beside_it(cast: Cast) -> None:
    victims = (make.shop(organisation_name="Boots"), make.person(first_names="Ola", last_names="Boots"))
    told = told_now(make.submitted(cast.amina, make.shop_theft().but(victims=victims)))
    assert veil_for_offender(told).free("Ola Boots, in Boots") == "[the person harmed], in [the person harmed]"


@pytest.mark.parametrize(
    ("adviser", "typed"),
    [
        ("Community Mental Health Team", "Seek help for Mental Health, from a community team"),
        ("Burglary Team", "The burglary of a shed. Burglary it was"),
        ("DS Brown, Robbery Squad", "A robbery in a brown coat"),
        ("Public Protection Desk", "Public order, protection, at his desk, for the Public"),
        ("Camden CID", "He lives in Camden"),
        ("mental health nurse Sarah Khan", "Seek help for mental health. See a nurse"),
    ],
)
def test_no_common_word_of_an_office_is_veiled(cast: Cast, adviser: str, typed: str) -> None:
    told = told_now(make_authority.asked(cast.amina, make.knife_and_hate()))
    told.case.investigation_team = told.case.advice_from = told.case.youth_justice_name = adviser
    told.offender.professional_name = adviser
    for veil in (veil_for_offender(told), veil_for_victim(told, told.victims[0])):
        assert veil.free(typed) == typed
        # The whole of it is veiled, and so is whoever is named in it.
        assert veil.free(f"Ask {adviser} now") in ("Ask [not shown] now", "Ask mental health nurse [not shown] now")
        assert veil.free("DS Brown came") == ("[not shown] came" if "Brown" in adviser else "DS Brown came")


@pytest.mark.parametrize(
    ("typed", "persons", "offices"),
    [
        ("Dr Corwin Ashgrove", ("Dr Corwin Ashgrove",), ()),
        ("DS Brown, Robbery Squad", ("DS Brown",), ("Robbery Squad", "DS Brown, Robbery Squad")),
        ("PC Brown CID", ("Brown",), ("PC Brown CID",)),
        ("DI Ward of Camden CID", ("DI Ward",), ("Camden CID", "DI Ward of Camden CID")),
        ("mental health nurse sarah khan", ("sarah khan",), ()),
        ("", (), ()),
        (None, (), ()),
    ],
)
def test_persons_are_told_from_offices(typed: str | None, persons: tuple[str, ...], offices: tuple[str, ...]) -> None:
    assert persons_and_offices(typed) == (persons, offices)


def test_the_officer_of_the_case_stands_by_title_but_not_an_officer_who_was_harmed(cast: Cast) -> None:
    harmed = make.person(first_names="Sarah", last_names="Khan")
    story = make.shop_theft().but(victims=(harmed,)).answering({"case.circumstances_brief": "PC Khan saw Sarah Khan."})
    told = told_now(make.submitted(cast.amina, story))
    assert "PC Khan saw [the person harmed]." in text(copy_of(told))
    told.victims[0].warrant_number = "8123097"
    assert veil_for_offender(told).free("PC Khan fell.") == "PC [the person harmed] fell."
