"""Whoever meets a release or an import that is being completed is asked to try again, and no refused attempt is kept."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from cr_app.audit.models import Entry
from cr_app.disclosure.models import Proposal, PublishedTotal, Release
from tests.cast import Cast, sign_in
from tests.disclosure import make_desk
from tests.disclosure.desk_work import few_cases, proposed
from tests.disposable_database import Connection

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(owner: Connection) -> Iterator[None]:
    """Somebody else numbers the releases of a force for long."""
    name = ["disclosure releases of 01 "]
    owner.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", name)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '50ms'")
    yield
    owner.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", name)


def test_a_release_that_has_to_wait_too_long_is_asked_for_again(cast: Cast, held: None) -> None:
    few_cases()
    proposal = proposed(cast.olivia)
    sam, address = sign_in(Client(), cast.sam), reverse("foi_release", args=[proposal.request_id])
    sent = {"proposal": Proposal.objects.get().pk, "declared": "yes"}
    refused = sam.post(address, sent)
    assert refused.status_code == 409
    page = refused.content.decode()
    for words in ("Somebody is at it already", "try again in a minute", 'name="declared"'):
        assert words in page, words
    assert not Entry.objects.filter(outcome="refused").exists()
    assert not Release.objects.exists()


def test_a_total_that_has_to_wait_too_long_keeps_what_was_typed(cast: Cast, held: None) -> None:
    total, olivia = make_desk.total(cast), sign_in(Client(), cast.olivia)
    told: dict[str, object] = {"source": "A long source", "basis": "cases", "what": "all", "count": "68"}
    for name, (day, month, year) in {
        "published_on": (1, 6, 2023),
        "period_from": (1, 1, 2020),
        "period_to": (31, 12, 2021),
    }.items():
        told |= {f"{name}_day": day, f"{name}_month": month, f"{name}_year": year}
    withdrawing = reverse("total_withdraw", args=[total.pk])
    for address, sent, typed in (
        ("/disclosure/elsewhere/", told, "A long source"),
        (withdrawing, {"reason": "A long reason"}, "A long reason"),
    ):
        response = olivia.post(address, sent)
        assert response.status_code == 422
        assert "try again in a minute" in response.content.decode()
        assert typed in response.content.decode()
    assert PublishedTotal.objects.get() == total
    assert not Entry.objects.filter(outcome="refused").exists()
