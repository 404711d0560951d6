"""Who may not act in a case because of who they are in it."""

import pytest

from cr_app.cases.standing import is_party, reasons_against
from tests import make
from tests.cast import Cast


@pytest.mark.django_db
@pytest.mark.parametrize(("number", "expected"), [("4127", True), ("41 27", True), ("4128", False), ("", False)])
def test_an_officer_is_known_by_the_warrant_number_however_it_is_spaced(
    cast: Cast, number: str, expected: bool
) -> None:
    record = make.record(make.case(cast.amina))
    assert cast.amina.warrant_number == "4127"
    record.offender.warrant_number = number
    assert is_party(cast.amina, record) is expected


@pytest.mark.django_db
def test_who_recorded_a_case_may_be_no_party_to_it_whoever_has_it_now(cast: Cast) -> None:
    record = make.record(make.case(cast.amina))
    record.offender.warrant_number = cast.amina.warrant_number
    (has_it,) = reasons_against(record, cast.amina)
    assert "who has this case is a party" in has_it
    record.case.officer = cast.tom
    (recorded_it,) = reasons_against(record, cast.tom)
    assert "who recorded this case is a party" in recorded_it
    record.offender.warrant_number = cast.grace.warrant_number
    assert reasons_against(record, cast.tom) == ()
