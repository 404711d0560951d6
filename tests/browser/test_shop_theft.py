"""The plain case: an adult, one organisation as victim, an apology and £12.40 to pay back."""

from collections.abc import Callable

import pytest

from tests.browser.journey import Journey, shop_theft
from tests.browser.seat import Seat

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-1")]
MOST_PAGES = 15


def test_a_shop_theft_goes_from_sign_in_to_issued_in_fifteen_pages(
    take_seat: Callable[..., Seat], record_property: Callable[[str, object], None]
) -> None:
    amina = take_seat().sign_in("amina")
    journey = Journey(amina, shop_theft())
    journey.start()
    journey.fill_until("check")
    journey.submit()
    assert amina.says("Ready to issue")
    record_property("count", f"shop theft: {len(journey.pages_shown)} pages from start to submitted, of {MOST_PAGES}")
    assert len(journey.pages_shown) <= MOST_PAGES
    journey.issue()
    assert amina.says("The Community Resolution has been issued.")
    amina.follow("Its history, and who looked at it")
    assert amina.says("issued the Community Resolution")
    amina.open(journey.address("print/"))
    printed = amina.page.pdf()
    assert printed.startswith(b"%PDF")
    assert len(printed) > 20_000
    amina.open("/")
    assert amina.says(journey.story.full_name)
