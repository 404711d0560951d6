"""The stories that other tests start from lead where they say."""

import pytest

from cr_app.cases.lifecycle import Status
from tests import make
from tests.cast import Cast

STORIES = {
    "shop_theft": Status.READY,
    "child": Status.READY,
    "knife": Status.AWAITING_AUTHORITY,
    "knife_and_hate": Status.AWAITING_AUTHORITY,
    "domestic": Status.AWAITING_AUTHORITY,
    "robbery": Status.AWAITING_AUTHORITY,
    "knife_at_parliament": Status.READY,
    "police": Status.REFERRED,
    "police_knife": Status.REFERRED,
    "cannabis": Status.READY,
    "mental_health": Status.READY,
    "two_victims": Status.READY,
}


@pytest.mark.parametrize(("name", "status"), STORIES.items())
def test_each_story_is_submitted_to_the_status_that_its_verdict_says(cast: Cast, name: str, status: Status) -> None:
    reference = make.submitted(cast.amina, getattr(make, name)())
    assert make.read(reference).status_now is status


def test_a_case_of_kent_awaits_authority_whatever_it_is_about(cast: Cast) -> None:
    for story in (make.kent(), make.robbery().but(report="46/60002/26")):
        assert make.read(make.submitted(cast.kieran, story)).status_now is Status.AWAITING_AUTHORITY


def test_a_referral_is_made_early_with_hardly_a_page_answered(cast: Cast) -> None:
    reference = make.referred_early(cast.amina)
    assert make.read(reference).status_now is Status.REFERRED
    assert make.record(reference).offences == ()


def test_a_ready_case_is_issued(cast: Cast) -> None:
    for story in (make.shop_theft(), make.child(), make.mental_health()):
        assert make.read(make.issued(cast.amina, story)).status_now is Status.ISSUED
