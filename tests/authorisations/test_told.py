"""A case's officer is sent one link when it is decided, or when what was given is void; and nothing of anybody."""

import pytest
from django.core import mail
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from cr_app.authorisations import actions
from tests import make
from tests.authorisations import making
from tests.cast import Cast


@pytest.mark.parametrize("outcome", ["grant", "refuse", "return_with_question"])
def test_its_officer_gets_one_link_once_it_is_decided(
    cast: Cast,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    settings: Settings,
    outcome: str,
) -> None:
    settings.CR_BASE_URL = "https://cr.example.police.uk"
    reference = making.asked(cast.amina)
    seen = making.seen(reference)
    decide = getattr(actions, outcome)
    with django_capture_on_commit_callbacks(execute=True), make.undone():
        decide(reference, by=cast.priya, reasons=making.REASONS, seen=seen)
    assert mail.outbox == []
    for _ in range(2):
        # Sent twice it is made once, and told once.
        with django_capture_on_commit_callbacks(execute=True):
            decide(reference, by=cast.priya, reasons=making.REASONS, seen=seen)
    (message,) = mail.outbox
    assert (message.to, message.subject) == ([cast.amina.email], "One of your cases has moved on")
    assert f"\nhttps://cr.example.police.uk/cases/{reference}/\n" in message.body
    written = f"{message.subject}\n{message.body}".replace(reference, "").casefold()
    for canary in ("ransome", "jade", make.REPORT, "knife", "grant", "refuse", "shah", "khan", "work tool"):
        assert canary.casefold() not in written, canary


def test_suitable_tells_its_officer_and_asks_the_inspectors(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    reference = making.referred(cast.amina, make.police_knife())
    with django_capture_on_commit_callbacks(execute=True):
        actions.find_suitable(reference, by=cast.yusuf, reasons="Minor.", seen=making.seen(reference))
    told = [(message.to, message.subject) for message in mail.outbox]
    assert ([cast.amina.email], "One of your cases has moved on") in told
    assert ([cast.priya.email], "A request waits for you") in told


def test_its_officer_is_told_that_what_was_given_is_void_and_of_no_other_interest(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    reference = making.asked(cast.amina)
    making.grant(reference, cast.priya)
    with django_capture_on_commit_callbacks(execute=True):
        actions.declare_interest(reference, by=cast.helen, reason="A neighbour.")
    assert mail.outbox == []
    with django_capture_on_commit_callbacks(execute=True):
        actions.declare_interest(reference, by=cast.priya, reason="My cousin.")
    assert [message.to for message in mail.outbox] == [[cast.amina.email]]


def test_nobody_writes_to_an_account_that_is_closed(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    reference = making.asked(cast.amina)
    cast.amina.is_active = False
    cast.amina.save(update_fields=["is_active"])
    with django_capture_on_commit_callbacks(execute=True):
        making.grant(reference, cast.priya)
    assert mail.outbox == []
