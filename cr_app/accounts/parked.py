"""What was posted after the session had ended is parked, and given back once to the officer to whom the page was shown.

A page that can be parked carries the field `shown_to`: the officer and the path, signed. The row holds no more than the
digest of a one-time token, the officer, the path and a ciphertext; token and secret key together make the key, and
the token is nowhere but in a cookie of the browser. Another officer who signs in there deletes the row unseen.
"""

import base64
import hashlib
import json
import secrets
from collections.abc import Iterator
from datetime import timedelta

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone

from cr_app.accounts.models import Officer, ParkedAnswers

SHOWN_TO = "shown_to"
_SALT = "cr_app.accounts.parked"
_LEFT_OUT = frozenset({"csrfmiddlewaretoken", SHOWN_TO})
# A whole form is at most DATA_UPLOAD_MAX_MEMORY_SIZE; JSON writes it a little longer.
_LARGEST = 512 * 1024
GIVEN_BACK = {
    "title": "Important",
    "heading": "What you typed is here",
    "text": "It is not saved yet. Check it, then save.",
}
# Open tabs of one officer; the oldest gives way.
_MOST = 20


def shown_to(officer: Officer, path: str) -> str:
    """Return the signed value of the hidden field that says to whom the page at `path` was shown."""
    return signing.dumps([officer.pk, path], salt=_SALT)


def shown_to_whom(request: HttpRequest) -> int | None:
    """Return the key of the officer to whom the posted page was shown; None when it does not say, or not truly."""
    signed = request.POST.get(SHOWN_TO, "")
    try:
        claim = signing.loads(signed, salt=_SALT, max_age=settings.PARKED_ANSWERS_SECONDS) if signed else None
    except signing.BadSignature:
        return None
    if not isinstance(claim, list) or len(claim) != 2 or claim[1] != request.path or not isinstance(claim[0], int):
        return None
    return claim[0]


def park(request: HttpRequest, response: HttpResponse, officer_key: int) -> bool:
    """Keep what was posted for the officer with this key, and put its one-time cookie on `response`.

    False, with nothing kept, when the officer is gone or the form too large. The caller has checked `shown_to_whom`.
    """
    plain = json.dumps(dict(_answers(request.POST))).encode()
    if len(plain) > _LARGEST or not Officer.objects.filter(pk=officer_key, is_active=True).exists():
        return False
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        ParkedAnswers.objects.filter(token_digest__in=_digests(request, request.path)).delete()
        kept = ParkedAnswers.objects.filter(officer_id=officer_key).order_by("-expires_at")
        kept.filter(pk__in=kept.values("pk")[_MOST - 1 :]).delete()
        ParkedAnswers.objects.create(
            token_digest=_digest(token),
            officer_id=officer_key,
            path=request.path[:500],
            ciphertext=_cipher(token).encrypt(plain),
            expires_at=timezone.now() + timedelta(seconds=settings.PARKED_ANSWERS_SECONDS),
        )
    response.set_cookie(
        _cookie(request.path),
        token,
        max_age=settings.PARKED_ANSWERS_SECONDS,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return True


def take(request: HttpRequest, path: str) -> QueryDict | None:
    """Return what the signed-in officer had posted to `path`, once; None when nothing waits for this officer here.

    Costs no query without the cookie. The row goes whatever the answer, and the cookie with the response.
    """
    token = request.COOKIES.get(_cookie(path))
    if not token:
        return None
    _spend(request, _cookie(path))
    with transaction.atomic():
        row = ParkedAnswers.objects.select_for_update().filter(token_digest=_digest(token)).first()
        if row is None:
            return None
        row.delete()
    if row.officer_id != request.user.pk or row.path != path or row.expires_at <= timezone.now():
        return None
    try:
        answers = json.loads(_cipher(token).decrypt(bytes(row.ciphertext)))
    except InvalidToken:
        # The secret key has changed since.
        return None
    posted = QueryDict(mutable=True)
    for name, values in answers.items():
        posted.setlist(name, values)
    return posted


def is_kept(request: HttpRequest, path: str) -> bool:
    """Tell whether this browser holds the token of something posted to `path`, whoever posted it; costs no query."""
    return bool(request.COOKIES.get(_cookie(path)))


def posted_or_given_back(request: HttpRequest) -> QueryDict | None:
    """Return what was posted, or on a GET what this officer had posted here before, once."""
    return request.POST if request.method == "POST" else take(request, request.path)


def banner_for(request: HttpRequest, typed: QueryDict | None) -> dict[str, str] | None:
    """Return the banner of a page that shows what was given back."""
    return GIVEN_BACK if typed is not None and request.method == "GET" else None


def forget_those_of_others(request: HttpRequest, officer: Officer) -> None:
    """Delete what this browser holds for others, as `officer` signs in; no query without a cookie."""
    digests = {_digest(token): name for name, token in _tokens(request)}
    if not digests:
        return
    others = ParkedAnswers.objects.filter(token_digest__in=digests).exclude(officer=officer)
    for digest in others.values_list("token_digest", flat=True):
        _spend(request, digests[digest])
    others.delete()


def forget_expired() -> int:
    """Delete what nobody came back for; returns how many rows that were."""
    return ParkedAnswers.objects.filter(expires_at__lte=timezone.now()).delete()[0]


def clear_spent_cookies(request: HttpRequest, response: HttpResponse) -> None:
    """Take the cookies of what was given back or forgotten out of the browser."""
    for name in getattr(request, "parked_spent", ()):
        response.delete_cookie(name, samesite="Lax")
        response.cookies[name]["secure"] = settings.SESSION_COOKIE_SECURE


def _answers(posted: QueryDict) -> Iterator[tuple[str, list[str]]]:
    for name, values in posted.lists():
        if name not in _LEFT_OUT and "password" not in name.lower():
            yield name, [str(value) for value in values]


def _prefix() -> str:
    # The browser then takes the cookie from this very host only, over TLS.
    return "__Host-parked-" if settings.SESSION_COOKIE_SECURE else "parked-"


def _cookie(path: str) -> str:
    """Return the name of the cookie for a path: one a page, so that two tabs lose nothing."""
    return _prefix() + hashlib.sha256(path.encode()).hexdigest()[:16]


def _tokens(request: HttpRequest) -> list[tuple[str, str]]:
    return [(name, token) for name, token in request.COOKIES.items() if name.startswith(_prefix())][:_MOST]


def _digests(request: HttpRequest, path: str) -> list[str]:
    token = request.COOKIES.get(_cookie(path))
    return [_digest(token)] if token else []


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def _cipher(token: str) -> Fernet:
    key = HKDF(algorithm=SHA256(), length=32, salt=settings.SECRET_KEY.encode(), info=_SALT.encode())
    return Fernet(base64.urlsafe_b64encode(key.derive(token.encode(errors="replace"))))


def _spend(request: HttpRequest, cookie: str) -> None:
    spent: list[str] = getattr(request, "parked_spent", [])
    request.parked_spent = [*spent, cookie]  # type: ignore[attr-defined]
