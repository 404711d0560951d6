"""A restricted case: who hands it over once its officer has gone, and that no party to it reads it."""

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cr_app.accounts.models import Officer
from cr_app.accounts.roles import Right
from cr_app.audit.models import Access
from cr_app.authorisations import actions
from cr_app.cases import access
from cr_app.cases.actions import submission
from cr_app.cases.actions.searching import find, keep_search
from cr_app.cases.models import Offender, Victim
from cr_app.cases.queries import referred_cases
from cr_app.pages.refusals import AccessDenied, NotAllowed
from tests import make, make_authority
from tests.authorisations import making
from tests.cast import Cast, sign_in
from tests.pages.markup import read

REASON = "Amina Khan has left the force."


@pytest.fixture
def referred(cast: Cast) -> str:
    """A case that waits for professional standards."""
    return make_authority.asked(cast.amina, make.police())


def hand_over(reference: str, by: Officer, to: str) -> None:
    """Hand a case over to the officer of a warrant number."""
    submission.reassign(reference, by=by, to=to, reason=REASON)


# Handing it over


def test_professional_standards_hand_over_a_case_whose_officer_has_gone(cast: Cast, referred: str) -> None:
    Officer.objects.filter(pk=cast.amina.pk).update(is_active=False)
    client = sign_in(Client(), cast.yusuf)
    place = reverse("case_reassign", args=[referred])
    shown = client.get(reverse("case", args=[referred])).content.decode()
    assert f'href="{place}"' in shown
    assert client.get(place).status_code == 200
    answered = client.post(place, {"warrant_number": " 4519 ", "reason": REASON})
    assert (answered.status_code, answered.headers["Location"]) == (302, reverse("case", args=[referred]))
    case = make.read(referred)
    assert (case.officer, case.unit, case.recorded_by) == (cast.marcus, cast.marcus.unit, cast.amina)
    assert case.is_restricted
    # It goes on: found suitable, and issued by whoever has it now.
    make_authority.found_suitable(referred, cast.yusuf)
    assert sign_in(Client(), cast.marcus).get(reverse("case", args=[referred])).status_code == 200
    assert make.issue_it(referred, cast.marcus) is None


def test_it_is_handed_over_as_a_draft_too_and_by_nobody_else(cast: Cast, referred: str) -> None:
    make_authority.found_suitable(referred, cast.yusuf)
    submission.reopen(referred, by=cast.amina)
    for officer, told in ((cast.grace, True), (cast.priya, True), (cast.kieran, False), (cast.colin, False)):
        with pytest.raises(AccessDenied) as refused:
            hand_over(referred, officer, "4519")
        assert refused.value.known is told, officer
    with pytest.raises(NotAllowed, match="Only professional standards may reassign a restricted case"):
        hand_over(referred, cast.amina, "4519")
    hand_over(referred, cast.yusuf, "4519")
    case = make.read(referred)
    assert (case.officer, case.professional_standards_decision) == (cast.marcus, "suitable")


def test_a_case_that_was_never_referred_is_no_matter_of_professional_standards(cast: Cast) -> None:
    with pytest.raises(AccessDenied):
        hand_over(make.submitted(cast.amina), cast.yusuf, "4519")


def test_it_goes_to_nobody_who_decided_on_it_or_is_a_party(cast: Cast, referred: str) -> None:
    Officer.objects.filter(pk=cast.yusuf.pk).update(roles=["professional_standards", "recording_officer"])
    cast.yusuf.refresh_from_db()
    make_authority.found_suitable(referred, cast.yusuf)
    with pytest.raises(submission.NoSuchOfficer, match="has decided on this case"):
        hand_over(referred, cast.yusuf, cast.yusuf.warrant_number)
    make_party(referred, cast.marcus, as_victim=False)
    with pytest.raises(submission.NoSuchOfficer, match="a party to this case"):
        hand_over(referred, cast.yusuf, "4519")


def test_no_case_goes_to_whoever_declared_an_interest_in_it(cast: Cast) -> None:
    reference = make_authority.asked(cast.amina, make.knife())
    actions.declare_interest(reference, by=cast.helen, reason="The offender is my neighbour.")
    with pytest.raises(submission.NoSuchOfficer, match="declared an interest"):
        hand_over(reference, cast.grace, cast.helen.warrant_number)
    assert make.read(reference).officer == cast.amina
    hand_over(reference, cast.grace, "4213")


# Finding it


def test_an_inspector_who_searches_for_what_she_was_asked_is_led_to_her_requests(cast: Cast) -> None:
    making.put_on_duty(cast.priya)
    reference = make_authority.asked(cast.amina, make.police_knife())
    make_authority.found_suitable(reference, cast.yusuf)
    requests = reverse("authority_queue")
    for officer, is_led in ((cast.priya, True), (cast.grace, False)):
        client = sign_in(Client(), officer)
        place = client.post(reverse("case_search"), {"sought": reference})["Location"]
        (told,) = read(client.get(place).content.decode()).find_all("main")[0].find_all(class_="govuk-inset-text")
        assert reference in told.text()
        assert [link.attrs["href"] for link in told.find_all("a")] == ([requests] if is_led else [])
    assert reverse("authority_review", args=[reference]) in sign_in(Client(), cast.priya).get(requests).content.decode()


# Whom it concerns


def make_party(reference: str, officer: Officer, *, as_victim: bool) -> None:
    """Give an officer's warrant number for the offender or a victim of a case."""
    case = make.read(reference)
    if as_victim:
        assert Victim.objects.filter(case=case).update(warrant_number=officer.warrant_number)
    else:
        Offender.objects.filter(pk=case.offender.pk).update(warrant_number=officer.warrant_number)


@pytest.mark.parametrize("as_victim", [False, True], ids=["offender", "victim"])
@pytest.mark.parametrize("name", ["yusuf", "grace", "priya", "ruth"])
def test_for_a_party_a_restricted_case_is_not_there(cast: Cast, referred: str, name: str, *, as_victim: bool) -> None:
    officer = getattr(cast, name)
    make_party(referred, officer, as_victim=as_victim)
    client = sign_in(Client(), officer)
    for page in ("case", "case_history", "case_print", "case_why", "case_reassign", "case_authority"):
        answered = client.get(reverse(page, args=[referred]))
        assert answered.status_code == 404, page
        assert "Ransome" not in answered.content.decode(), page
    assert "Ransome" not in client.get(reverse("desk")).content.decode()
    for right in Right:
        with pytest.raises(AccessDenied) as refused:
            access.lock_case(officer, referred, right, routed=True)
        assert not refused.value.known
    found = find(officer, keep_search(officer, referred))
    assert (found.lines, found.restricted) == ((), ())
    assert not Access.objects.filter(actor_key=str(officer.pk), outcome="done").exists()


def test_who_declares_an_interest_in_a_restricted_case_reads_it_no_more(cast: Cast, referred: str) -> None:
    client = sign_in(Client(), cast.yusuf)
    desk = reverse("desk")
    assert client.get(reverse("case", args=[referred])).status_code == 200
    assert "Ransome" in client.get(desk).content.decode()
    actions.declare_interest(referred, by=cast.yusuf, reason="The offender is my cousin.")
    for page in ("case", "case_history", "case_print", "case_why", "case_reassign", "case_authority"):
        answered = client.get(reverse(page, args=[referred]))
        assert answered.status_code == 403, page
        assert "Ransome" not in answered.content.decode(), page
    assert "Ransome" not in client.get(desk).content.decode()
    with pytest.raises(AccessDenied):
        hand_over(referred, cast.yusuf, "4519")
    assert find(cast.yusuf, keep_search(cast.yusuf, referred)).lines == ()


def test_a_desk_of_restricted_cases_costs_two_queries_however_many(cast: Cast, referred: str) -> None:
    for _ in range(2):
        make.referred_early(cast.amina)
    listed = referred_cases(cast.yusuf.force_id, limit=10)
    assert {case.reference for case in listed} >= {referred}
    with CaptureQueriesContext(connection) as asked:
        assert access.those_to_see(cast.yusuf, listed) == listed
    assert (len(listed), len(asked)) == (3, 2)


def test_its_own_officer_reads_it_though_a_party_and_others_do_not_lose_it(cast: Cast, referred: str) -> None:
    make_party(referred, cast.amina, as_victim=True)
    answered = sign_in(Client(), cast.amina).get(reverse("case", args=[referred]))
    assert isinstance(answered, HttpResponse)
    assert answered.status_code == 200
    assert sign_in(Client(), cast.yusuf).get(reverse("case", args=[referred])).status_code == 200
    # Of another officer only that it is there: the numbers of its parties are nobody else's.
    found = find(cast.grace, keep_search(cast.grace, referred))
    assert (found.lines, found.restricted) == ((), (referred,))


def test_a_party_to_a_case_that_is_not_restricted_is_asked_why_as_anybody_is(cast: Cast) -> None:
    reference = make.submitted(cast.amina)
    make_party(reference, cast.tom, as_victim=True)
    assert sign_in(Client(), cast.tom).get(reverse("case", args=[reference])).status_code == 302
