"""Whom a case waits for, for whoever may see the case; and submitting leads there."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.accounts.roles import Role
from cr_app.authorisations import actions
from cr_app.authorisations.models import Request
from tests import make
from tests.authorisations import making
from tests.authorisations.pages import client_of
from tests.cast import Cast
from tests.journeys.browsing import Page, open_page


def standing(officer: Officer, reference: str) -> Page:
    """Open the page about whom the case waits for."""
    return open_page(client_of(officer), reverse("case_authority", args=[reference]))


def test_submitting_asks_and_leads_to_who_was_asked(cast: Cast) -> None:
    making.put_on_duty(cast.priya)
    reference = make.complete(cast.amina, make.knife())
    amina = client_of(cast.amina)
    check = open_page(amina, reverse("case_check", args=[reference]))
    led = [amina.post(check.path, check.form)["Location"] for _ in range(2)]
    assert led == [reverse("case_authority", args=[reference])] * 2
    assert making.asked_of(reference) == [(cast.priya.warrant_number, "", 0)]
    page = open_page(amina, led[0])
    assert "Waiting for authority" in page.html
    assert "Insp 2051 Priya Shah</bdi> (on duty)" in page.html
    assert "A substantive Inspector or above" in page.html
    assert "everybody on duty in the force" in page.html
    assert "Who can help" not in page.html


def test_a_plain_case_leads_to_its_own_page(cast: Cast) -> None:
    reference = make.complete_shop_theft(cast.amina)
    amina = client_of(cast.amina)
    check = open_page(amina, reverse("case_check", args=[reference]))
    assert amina.post(check.path, check.form)["Location"] == reverse("case", args=[reference])
    assert "Nothing more has to be decided" in standing(cast.amina, reference).html


def test_cover_keeps_both_names(cast: Cast) -> None:
    making.send_away(cast.priya, cover=cast.helen)
    making.put_on_duty(cast.priya)
    page = standing(cast.amina, making.asked(cast.amina))
    assert "Insp 2077 Helen Brandt" in page.html
    assert "for <bdi>Insp 2051 Priya Shah</bdi> who is away" in page.html


def test_nobody_on_duty_says_whom_to_ring(cast: Cast) -> None:
    page = standing(cast.amina, making.asked(cast.amina))
    assert "Nobody who may decide is on duty now" in page.html
    for officer in (cast.priya, cast.helen):
        assert officer.name in page.html
    assert cast.daniel.name not in page.html


def test_where_nobody_else_may_decide_nobody_else_is_promised(cast: Cast) -> None:
    making.put_on_duty(cast.priya)
    reference = making.asked(cast.amina)
    assert "everybody on duty in the force who may decide will be asked too" in standing(cast.amina, reference).html
    cast.helen.roles = [Role.RECORDING_OFFICER.value]
    cast.helen.save(update_fields=["roles"])
    page = standing(cast.amina, reference)
    assert "those asked are reminded. Nobody else may decide on it." in page.html
    assert "will be asked too" not in page.html


def test_nobody_eligible_says_who_can_make_someone_so(cast: Cast) -> None:
    for officer in (cast.priya, cast.helen):
        officer.roles = [Role.RECORDING_OFFICER.value]
        officer.save(update_fields=["roles"])
    reference = making.asked(cast.amina)
    assert not Request.objects.exists()
    page = standing(cast.amina, reference)
    assert "Nobody in the force may decide on it as things are." in page.html
    assert "a substantive Inspector or above" in page.html
    assert "If nobody decides by" not in page.html
    assert cast.colin.name in page.html
    assert cast.colin.email in page.html
    Officer.objects.filter(pk=cast.colin.pk).update(is_active=False)
    assert "has no administrator" in standing(cast.amina, reference).html


def test_the_page_is_right_although_nothing_ever_escalated(cast: Cast) -> None:
    making.put_on_duty(cast.priya, cast.helen, hours=100)
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        reference = making.asked(cast.amina)
        clock.move_to(now + timedelta(hours=25))
        page = standing(cast.amina, reference)
        assert "Late by 1 hour" in page.html
        assert "Helen Brandt" in page.html
        assert "to be asked now" in page.html
        assert Request.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "status"), [("amina", 200), ("grace", 200), ("tom", 302), ("owen", 404), ("colin", 404)]
)
def test_whoever_may_see_the_case_may_see_whom_it_waits_for(cast: Cast, name: str, status: int) -> None:
    reference = making.asked(cast.amina)
    path = reverse("case_authority", args=[reference])
    assert client_of(cast.everybody()[name]).get(path).status_code == status
    assert client_of(cast.amina).post(path).status_code == 405


def test_a_referred_case_tells_its_officer_alone_that_it_waits(cast: Cast) -> None:
    reference = making.referred(cast.amina)
    page = standing(cast.amina, reference)
    assert "Waiting for professional standards" in page.html
    assert cast.yusuf.name in page.html
    assert standing(cast.grace, reference).status == 403
    assert standing(cast.priya, reference).status == 403


def suitable_and_asked(cast: Cast) -> str:
    """Return a restricted case for which Priya, on duty when it was asked, was asked for authority."""
    making.put_on_duty(cast.priya)
    reference = making.referred(cast.amina, make.police_knife())
    actions.find_suitable(reference, by=cast.yusuf, reasons="Minor.", seen=making.seen(reference))
    return reference


def test_of_a_restricted_case_those_alone_are_named_to_whom_it_opens(cast: Cast) -> None:
    reference = suitable_and_asked(cast)
    Officer.objects.filter(pk=cast.priya.pk).update(on_duty_until=None)
    page = standing(cast.amina, reference)
    assert "Nobody who may decide is on duty now. Ring one of those who have been asked" in page.html
    assert "nobody else can open it" in page.html
    assert cast.priya.name in page.html
    assert cast.helen.name not in page.html


def test_with_everybody_away_and_no_cover_an_administrator_is_named(cast: Cast) -> None:
    for officer in (cast.priya, cast.helen):
        making.send_away(officer)
    page = standing(cast.amina, making.asked(cast.amina))
    assert "Insp 2051 Priya Shah</bdi>, away" in page.html
    assert "None of them is there to decide." in page.html
    assert "An administrator can end an absence, or name somebody to cover for it." in page.html
    assert cast.colin.email in page.html
    assert "Ring one" not in page.html


def test_who_lacks_nothing_but_a_password_of_her_own_is_named(cast: Cast) -> None:
    for officer in (cast.priya, cast.helen, cast.daniel):
        officer.must_change_password = True
        officer.save()
    page = standing(cast.amina, making.asked(cast.amina))
    assert "Nobody in the force may decide on it as things are." in page.html
    assert "have not signed in and changed their first password" in page.html
    assert cast.priya.name in page.html
    # He acts as Inspector only: a password would not help.
    assert cast.daniel.name not in page.html


def test_a_restricted_case_leads_its_inspector_to_no_page_that_refuses_her(cast: Cast) -> None:
    reference = suitable_and_asked(cast)
    case = reverse("case", args=[reference])
    priya = standing(cast.priya, reference)
    assert f'href="{case}"' not in priya.html
    assert f'href="{reverse("authority_review", args=[reference])}"' in priya.html
    assert f'href="{case}"' in standing(cast.amina, reference).html
