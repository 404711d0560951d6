"""Authority is asked for a case in which nothing else is open, and the refusal says what is."""

from typing import Any

import pytest

from cr_app.cases.actions import submission
from cr_app.cases.lifecycle import Status
from cr_app.pages.refusals import NotAllowed
from tests import make
from tests.cast import Cast


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"case.pnc_checked": False}, "history"),
        ({"case.consequences_explained": False}, "consequences"),
        ({"case.agrees_to_take_part": False}, "agree"),
    ],
)
def test_authority_is_not_asked_while_anything_else_is_unmet(cast: Cast, told: dict[str, Any], words: str) -> None:
    reference = make.complete(cast.amina, make.knife().answering(told))
    with pytest.raises(submission.NotReady, match=words):
        make.submit_it(reference, cast.amina)
    assert make.read(reference).status_now is Status.DRAFT


@pytest.mark.parametrize("page", ["exception", "rationale", "seriousness"])
def test_authority_is_not_asked_while_a_page_is_open_and_the_refusal_names_it(cast: Cast, page: str) -> None:
    keys = {
        "exception": "case.advice",
        "rationale": "case.rationale",
        "seriousness": "case.gravity_score",
    }
    reference = make.complete(cast.amina, make.knife())
    make.answer(reference, cast.amina, page, **{keys[page]: None})
    titles = {"exception": "xception", "rationale": "Rationale", "seriousness": "seriousness"}
    with pytest.raises(submission.NotReady, match=f"not answered yet: .*{titles[page]}"):
        make.submit_it(reference, cast.amina)


def test_a_party_to_the_case_who_recorded_it_keeps_it_from_being_submitted_whoever_has_it_now(cast: Cast) -> None:
    victim = make.person(warrant_number=cast.amina.warrant_number)
    reference = make.complete(cast.amina, make.shop_theft().but(victims=(victim,)))
    with pytest.raises(NotAllowed, match="is a party to it"):
        make.submit_it(reference, cast.amina)
    submission.reassign(reference, by=cast.grace, to=cast.tom.warrant_number, reason="She is a party.")
    with pytest.raises(NotAllowed, match="who recorded this case is a party"):
        make.submit_it(reference, cast.tom)
