"""The stories that other tests start from lead where they say."""

from collections.abc import Callable, Mapping, Sequence

import pytest

from cr_app.accounts.models import Officer
from cr_app.audit.models import Entry
from cr_app.cases.lifecycle import Status
from cr_app.cases.queries.records import rows_now
from cr_app.reference.models import OffenceType
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


def page_by_page(officer: Officer, story: make.Story) -> str:
    """Record a story through the actions alone."""
    reference = make.case(officer, report=story.report)
    make.answer_pages(reference, officer, story)
    return reference


def told(reference: str) -> tuple[object, ...]:
    """Return all that the tables hold of a draft and what is judged of it, but for keys, moments of saving and salts."""
    case = make.read(reference)
    rows = [(row, plain(values)) for (row, _), values in rows_now(case).items()]
    entries = Entry.objects.filter(subject=case.subject).order_by("pk")
    happened = [
        (entry.event, plain(entry.details), sorted(entry.personal.values_list("path", "value"))) for entry in entries
    ]
    return case.verdict, make.saved(reference).assessment, rows, happened


def plain(value: object, name: str = "") -> object:
    """Return a value without what differs from one case to the next that tells the same."""
    if isinstance(value, Mapping):
        if set(value) == {"sha256"}:
            return "kept apart"
        return {key: plain(each, key) for key, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(each) for each in value]
    return "its own" if name in ("key", "id", "case_id", "reference", "changed_at", "created_at") else value


@pytest.mark.parametrize("name", STORIES)
def test_a_case_recorded_again_tells_what_one_recorded_page_by_page_tells(cast: Cast, name: str) -> None:
    story = getattr(make, name)()
    found = []
    for recorded in (page_by_page, make.complete, make.complete):
        with make.undone():
            found.append(told(recorded(cast.amina, story)))
    assert found[1] == found[0]
    assert found[2] == found[0]


def test_a_case_is_recorded_again_only_where_judging_would_look_at_the_same(cast: Cast) -> None:
    changes: dict[str, Callable[[], object]] = {
        "earlier cases of the person": lambda: [
            make.complete(cast.amina, make.cannabis()),
            make.issued(cast.amina, make.cannabis()),
        ],
        "the offence type as it is now": lambda: OffenceType.objects.filter(code=make.CANNABIS).update(
            exclusion_category="weapon_or_blade"
        ),
    }
    usual = told(make.complete(cast.amina, make.cannabis()))[0]
    for change in changes.values():
        found = []
        for recorded in (page_by_page, make.complete, make.complete):
            with make.undone():
                change()
                found.append(told(recorded(cast.amina, make.cannabis())))
        assert found[0] == found[1] == found[2]
        assert found[0][0] != usual
