"""The veil over what was typed as an address: streets, postcodes, e-mails and telephones are found with and without commas."""

import pytest

from cr_app.cases.documents.veiling import Hidden, Veil
from tests.cases.documents.test_veiling import HARMED, LEFT_OUT, veil


def reached_at(typed: str) -> Veil:
    """Return a veil over one person harmed, of whom this was typed into the one field of how to reach them."""
    return veil(Hidden(HARMED, names=("Zara Malik",), lines=(typed,), phones=(typed,)))


@pytest.mark.parametrize(
    ("contact", "typed"),
    [
        ("Zara Malik, 14 Rye Lane SE15 4ST zara.malik@boots.example", "zara.malik@boots.example"),
        ("07700 900123 mary@shop.example", "mary@shop.example"),
        ("Email mary@shop.example / tel 07700900123", "mary@shop.example"),
        ("Email mary@shop.example / tel 07700900123", "07700 900 123"),
        ("14 Rye Lane SE15 4ST", "SE154ST"),
        ("14 Rye Lane SE154ST", "se15 4st"),
        ("14 Rye Lane Peckham London SE15 4ST", "14 Rye Lane"),
        ("14 Rye Lane Peckham London SE15 4ST", "14, Rye Lane"),
        ("14 Rye Lane Peckham London SE15 4ST", "rye lane"),
        ("14 Rye Lane", "14 Rye Ln"),
        ("14 Rye Ln", "14 Rye Lane"),
        ("Flat 2 14 Rye Lane", "14 Rye Lane"),
        ("flat 2 14 rye lane", "14 Rye Lane"),
        ("Flat 2, 22 Peckham Road", "22 Peckham Rd"),
        ("22B Upper Holloway Rd N7 8XX", "22b Upper Holloway Road"),
        ("5 St Mary's Ave", "5 St Marys Avenue"),
        ("Alder House Wells Row London", "Wells Row"),
        ("Alder House Wells Row London", "alder house"),
        ("9 Sia\u0302n Street", "9 Siân St"),
    ],
)
def test_what_reaches_somebody_is_found_without_commas_too(contact: str, typed: str) -> None:
    assert reached_at(contact).known(f"Take it to {typed}; soon") == f"Take it to {LEFT_OUT}; soon"


def test_an_undertaking_does_not_hand_the_offender_a_victims_address() -> None:
    contact = "Zara Malik, 14 Rye Lane SE15 4ST zara.malik@boots.example"
    typed = "Write to zara.malik@boots.example or 14 Rye Lane, SE154ST, by Friday"
    assert reached_at(contact).known(typed) == f"Write to {LEFT_OUT} or {LEFT_OUT}, by Friday"


@pytest.mark.parametrize(
    ("contact", "typed"),
    [
        ("14 Rye Lane", "Took 14 bottles from the lane behind Rye"),
        ("1 The Street", "He ran along the street"),
        ("at home, on his way from work", "He went on his way to the house"),
        ("07700 900123 mary@shop.example", "Pay the shop £9.00, order 123"),
        ("Ｆｌａｔ ２；14 Rye Lane", "Bought 2 flat tyres"),
    ],
)
def test_words_of_an_address_stand_where_they_are_no_address(contact: str, typed: str) -> None:
    assert reached_at(contact).free(typed) == typed
