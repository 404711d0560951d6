"""What is kept for a while only goes when its time is over, and nothing else does."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import models
from django.test import override_settings
from django.utils import timezone

from cr_app.accounts.models import ParkedAnswers
from cr_app.audit.models import Entry
from cr_app.cases.actions.once import content_digest
from cr_app.cases.models import Case, OnceToken, Search
from tests import make
from tests.cast import Cast

_KINDS: dict[str, tuple[type[models.Model], timedelta, Callable[[Cast, datetime], models.Model]]] = {
    "parked answers": (
        ParkedAnswers,
        timedelta(0),
        lambda cast, at: ParkedAnswers(
            token_digest=uuid4().hex * 2, officer=cast.amina, path="/", ciphertext=b"x", expires_at=at
        ),
    ),
    "sessions": (
        Session,
        timedelta(0),
        lambda cast, at: Session(session_key=uuid4().hex, session_data="x", expire_date=at),
    ),
    "searches": (Search, timedelta(days=1), lambda cast, at: Search(officer=cast.amina, sought="x", searched_at=at)),
    "tokens of sent forms": (
        OnceToken,
        timedelta(days=7),
        lambda cast, at: OnceToken(token=uuid4(), officer=cast.amina, content_digest="x", leads_to="", used_at=at),
    ),
}


@pytest.mark.django_db
def test_what_has_expired_goes_once_and_the_rest_stays(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    reference = make.case(cast.amina)
    OnceToken.objects.all().delete()
    entries, now, staying = Entry.objects.count(), timezone.now(), {}
    for kind, (model, kept_for, made) in _KINDS.items():
        expired, current = (
            made(cast, now - kept_for - timedelta(minutes=5)),
            made(cast, now - kept_for + timedelta(minutes=5)),
        )
        expired.save(force_insert=True)
        current.save(force_insert=True)
        staying[kind] = (model, current.pk)
    call_command("forget_expired")
    call_command("forget_expired")
    said = capsys.readouterr().out.splitlines()
    assert said == [f"{count} expired {kind} deleted." for count in (1, 0) for kind in _KINDS]
    for kind, (model, key) in staying.items():
        assert [row.pk for row in model._default_manager.all()] == [key], kind
    assert Case.objects.filter(reference=reference).exists()
    assert Entry.objects.count() == entries


def test_what_stands_for_a_sent_form_cannot_be_tried_against_names() -> None:
    sent = {"last_names": "Ransome", "first_names": "Jade"}
    digest = content_digest(sent)
    assert digest == content_digest(dict(reversed(sent.items())))
    assert digest != content_digest(sent, about="7KQM2PXR victim") != content_digest(sent, about="2B3C4D5F victim")
    with override_settings(SECRET_KEY="another key than the one that made it"):
        assert digest != content_digest(sent)
