"""A form sent twice does its work once: one-time tokens, unique in the database, bound to officer and content."""

import json
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.utils.crypto import salted_hmac

from cr_app.accounts.models import Officer
from cr_app.cases.models import OnceToken
from cr_app.cases.rows import value_kept
from cr_app.pages.refusals import Stale


def content_digest(answers: Mapping[str, object], *, about: str = "") -> str:
    """Return the keyed digest of what was sent and what it was about, whatever the order of its fields."""
    kept = {key: value_kept(value) for key, value in answers.items()}
    text = json.dumps([about, kept], sort_keys=True, default=str)
    return salted_hmac("cr_app.cases.once", text, algorithm="sha256").hexdigest()


def first_time(
    token: UUID, *, by: Officer, answers: Mapping[str, object], at: datetime, about: str = ""
) -> OnceToken | None:
    """Take the token inside the action's transaction and return None; return what it led to where it was used before.

    A second request waits for the first to commit. Raises Stale where the token was used by someone else, or for other
    answers: the form is then shown again with a new token and everything that was typed.
    """
    digest = content_digest(answers, about=about)
    mine = OnceToken(token=token, officer=by, content_digest=digest, leads_to="", used_at=at)
    OnceToken.objects.bulk_create([mine], ignore_conflicts=True)
    kept = OnceToken.objects.get(token=token)
    if kept.used_at == at and kept.leads_to == "" and kept.officer_id == by.pk and kept.content_digest == digest:
        return None
    if kept.officer_id != by.pk or kept.content_digest != digest:
        raise Stale("This form was already sent. Check what is below and send it again.")
    return kept


def leads_to(token: UUID, place: str) -> None:
    """Remember where the form led, for whoever sends it again."""
    OnceToken.objects.filter(token=token).update(leads_to=place)
