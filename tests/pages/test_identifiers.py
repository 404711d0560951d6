"""Numbers people carry: every way of writing leads to one; a wrong check letter is refused."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError

from cr_app.pages.identifiers import (
    CHECK_LETTERS,
    check_letter,
    read_cro_number,
    read_phone,
    read_pnc_id,
    read_postcode,
)

THIS_YEAR = 2026


def read_pnc(text: str) -> str:
    """Read a PNC ID in 2026."""
    return read_pnc_id(text, this_year=THIS_YEAR)


# 79/163: 790000163 leaves 4 by 23, the fifth letter of the list.
KEPT: dict[str, tuple[Callable[[str], str], str, str]] = {
    "PNC, long": (read_pnc, "2003/0011985X", "2003/0011985X"),
    "PNC, lower case and spaces": (read_pnc, " 2003 / 0011985 x", "2003/0011985X"),
    "PNC, serial not filled up": (read_pnc, "2003/11985X", "2003/0011985X"),
    "PNC, short": (read_pnc, "03/11985X", "2003/0011985X"),
    "PNC, long without the slash": (read_pnc, "20030011985X", "2003/0011985X"),
    "PNC, short without the slash": (read_pnc, "0311985X", "2003/0011985X"),
    "PNC, last century": (read_pnc, "79/163D", "1979/0000163D"),
    "CRO": (read_cro_number, "123456/21C", "123456/21C"),
    "CRO, not filled up, lower case": (read_cro_number, "85/94e", "000085/94E"),
    "CRO, short file": (read_cro_number, "sf39/1234d", "SF39/1234D"),
    "postcode": (read_postcode, "sw1a2aa", "SW1A 2AA"),
    "postcode, spaced oddly": (read_postcode, " M1  1 AE ", "M1 1AE"),
    "postcode of the forces": (read_postcode, "bf1 3aa", "BF1 3AA"),
    "phone": (read_phone, "(020) 7946-0018", "020 7946 0018"),
    "phone from abroad": (read_phone, "+44 20 7946 0018", "+44 20 7946 0018"),
    "phone, extension": (read_phone, "020 7946 0018 ext. 12", "020 7946 0018 ext 12"),
}


@pytest.mark.parametrize(("read", "typed", "kept"), KEPT.values(), ids=KEPT)
def test_every_way_of_writing_leads_to_one(read: Callable[[str], str], typed: str, kept: str) -> None:
    assert read(typed) == kept
    assert read(kept) == kept


REFUSED: dict[str, tuple[Callable[[str], str], str, str]] = {
    "PNC, wrong letter": (read_pnc, "2003/0011985Y", "letter"),
    "PNC, two figures swapped": (read_pnc, "2003/0019185X", "letter"),
    "PNC, a letter that is never used": (read_pnc, "2003/0011985S", "letter"),
    "PNC, a year to come": (read_pnc, f"2027/0000001{check_letter('270000001')}", "year"),
    "PNC, year 0": (read_pnc, f"0000/0000001{check_letter('000000001')}", "year"),
    "PNC, no letter": (read_pnc, "2003/0011985", "format"),
    "PNC, ten figures and no slash": (read_pnc, "2003011985X", "format"),
    "PNC, other digits": (read_pnc, "٢٠٠٣/0011985X", "format"),
    "PNC, 5,000 figures": (read_pnc, "9" * 5000 + "X", "format"),
    "CRO, wrong letter": (read_cro_number, "123456/21D", "letter"),
    "CRO, short file, wrong letter": (read_cro_number, "SF39/1234C", "letter"),
    "CRO, a PNC ID": (read_cro_number, "2003/0011985X", "format"),
    "postcode, half": (read_postcode, "SW1A", "format"),
    "postcode, letters that are never used": (read_postcode, "SW1A 2CA", "format"),
    "phone, words": (read_phone, "none", "format"),
    "phone, 16 figures": (read_phone, "1" * 16, "format"),
    "phone, other digits": (read_phone, "٠٢٠٧٩٤٦٠٠١٨", "format"),
}


@pytest.mark.parametrize(("read", "typed", "code"), REFUSED.values(), ids=REFUSED)
def test_what_is_mistyped_is_refused(read: Callable[[str], str], typed: str, code: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        read(typed)
    assert refusal.value.code == code
    assert refusal.value.messages[0].startswith(("Enter ", "Check "))


def test_one_letter_in_23_fits_and_the_refusal_does_not_give_it_away() -> None:
    fitting = []
    for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ":
        try:
            fitting.append(read_pnc(f"2003/0011985{letter}")[-1])
        except ValidationError as refusal:
            assert "X" not in refusal.messages[0]  # noqa: PT017 - the others are refused, each in the same words
    assert fitting == ["X"]
    assert len(set(CHECK_LETTERS)) == 23
