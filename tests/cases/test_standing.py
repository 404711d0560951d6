"""Who may not act in a case because of who they are in it."""

import pytest

from cr_app.cases.standing import is_party
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
