"""Refusals survive the rollback that they cause."""

import logging

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import ResolverMatch

from cr_app.audit.denials import DOOR, RecordDenials, keep_refusal, record_refusal
from cr_app.audit.events import EVENTS
from cr_app.audit.models import Access, Entry
from cr_app.audit.requests import RequestContext
from cr_app.audit.trail import Actor, record, system_actor
from cr_app.pages.refusals import AccessDenied, NeedsReason, NotAllowed, Refusal, Stale

AMINA = Actor("officer", "12", "P241775", "PC", "Amina Khan")
CASE = "case:7KQM2PXR"
ACTION = "action.refused"


class SignedIn(AnonymousUser):
    """Somebody whom the trail can name, with no row of their own."""

    def as_actor(self) -> Actor:
        """Return who acts."""
        return AMINA


class OutOfReach(AnonymousUser):
    """Somebody whose row cannot be read because the database has gone."""

    def as_actor(self) -> Actor:
        """Fail as a query would."""
        raise OperationalError("server closed the connection; parameters: O'Neill")


def request_by(user: AnonymousUser, method: str = "GET") -> HttpRequest:
    """Return a request for a page of a case."""
    request = RequestFactory().generic(method, "/cases/7KQM2PXR/?q=O'Neill")
    request.user = user
    request.resolver_match = ResolverMatch(
        lambda: None, (), {}, url_name="case", app_names=["cases"], namespaces=["cases"]
    )
    return request


def refuse(refusal: Refusal, user: AnonymousUser, method: str = "GET") -> HttpResponse | None:
    """Serve a request whose action is recorded, then refused, so that its transaction is undone."""
    request = request_by(user, method)
    answered: list[HttpResponse | None] = []

    def view(request: HttpRequest) -> HttpResponse:
        try:
            with transaction.atomic():
                record("case.submitted", actor=AMINA, subject=CASE)
                raise refusal
        except Refusal as exception:
            answered.append(middleware.process_exception(request, exception))
        return HttpResponse()

    middleware = RecordDenials(view)
    RequestContext(middleware)(request)
    return answered[0]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("refusal", "event", "status", "told"),
    [
        (NotAllowed("Only a sergeant may reassign.", subject=CASE), ACTION, 403, "Only a sergeant may reassign."),
        (Stale("Tom Reed saved first.", subject=CASE), ACTION, 409, "Tom Reed saved first."),
        (AccessDenied("Not within reach.", subject=CASE), DOOR, 404, AccessDenied.NOT_FOUND),
        (AccessDenied("Ask their desk.", subject=CASE, known=True), DOOR, 403, "Ask their desk."),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Refusal) else None,
)
def test_the_refusal_is_kept_and_what_it_undid_is_not(refusal: Refusal, event: str, status: int, told: str) -> None:
    response = refuse(refusal, SignedIn(), "POST")
    assert response is not None
    assert response.status_code == status
    assert told in response.content.decode()
    (entry,) = Entry.objects.filter(subject=CASE)
    assert (entry.event, entry.outcome, entry.actor_key) == (event, "refused", "12")
    assert (entry.details["page"], entry.details["method"], entry.details["status"]) == ("cases:case", "POST", status)
    # The trail keeps the true reason, erasable, also where the page says nothing.
    assert entry.personal.get(path="sentence").value == f'"{refusal.sentence}"'
    assert entry.request_id is not None
    # Only who was turned away at the door looked, or tried to; who may see a record looked at nothing by a refused action.
    looks = Access.objects.filter(subjects__contains=[CASE])
    kept = [(access.outcome, access.actor_key, access.implied, access.page) for access in looks]
    assert kept == ([("refused", "12", False, "cases:case")] if event == DOOR else [])
    assert "Neill" not in f"{entry.details}{bytes(entry.body)!r}"


@pytest.mark.django_db(transaction=True)
def test_a_refusal_that_a_page_tells_of_itself_names_the_page_and_never_its_address() -> None:
    request = request_by(SignedIn(), "POST")
    entry = keep_refusal(request, NotAllowed("Already listed.", subject=CASE))
    assert (entry.event, entry.details["page"], entry.details["method"]) == (ACTION, "cases:case", "POST")
    request.resolver_match, request.method = None, "BREW"
    entry = keep_refusal(request, NotAllowed("Already listed.", subject=CASE))
    assert (entry.details["page"], entry.details["method"]) == ("", "other")


@pytest.mark.django_db(transaction=True)
def test_somebody_not_signed_in_is_refused_and_recorded_as_such() -> None:
    response = refuse(NotAllowed("Sign in first."), AnonymousUser())
    assert response is not None
    assert response.status_code == 403
    entry = Entry.objects.filter(event=ACTION).latest("id")
    assert (entry.actor_kind, entry.actor_key, entry.subject) == ("anonymous", "", "")
    assert not Access.objects.filter(request_id=entry.request_id).exists()


@pytest.mark.django_db(transaction=True)
def test_asking_for_a_reason_and_other_exceptions_are_left_alone() -> None:
    assert refuse(NeedsReason("/next/", subject=CASE), SignedIn()) is None
    request = request_by(SignedIn())
    assert RecordDenials(lambda _: HttpResponse()).process_exception(request, ZeroDivisionError()) is None
    assert not Entry.objects.filter(subject=CASE).exists()


@pytest.mark.django_db(transaction=True)
def test_a_refusal_that_cannot_be_written_is_a_refusal_all_the_same(caplog: pytest.LogCaptureFixture) -> None:
    def lose_the_database(*_: object) -> object:
        raise OperationalError("connection lost while inserting O'Neill")

    with caplog.at_level(logging.DEBUG):
        unread = refuse(NotAllowed("Not for O'Neill.", subject=CASE), OutOfReach())
    request = request_by(SignedIn())
    with caplog.at_level(logging.DEBUG), connection.execute_wrapper(lose_the_database):
        unwritten = RecordDenials(lambda _: HttpResponse()).process_exception(request, NotAllowed("No.", subject=CASE))
    for response in (unread, unwritten):
        assert response is not None
        assert response.status_code == 503
        assert response["Retry-After"] == "60"
        assert "Nothing was changed" in response.content.decode()
        assert "Neill" not in response.content.decode()
    assert "A refusal could not be written: OperationalError" in caplog.text
    assert "Neill" not in caplog.text
    assert not Entry.objects.filter(subject=CASE).exists()


@pytest.mark.django_db(transaction=True)
def test_a_command_records_its_refusal_after_the_rollback_and_not_within() -> None:
    refusal = NotAllowed("This officer has left.", subject="officer:12")
    entry = record_refusal(refusal, system_actor("add_officer"))
    assert (entry.actor_kind, entry.actor_key, entry.subject) == ("system", "add_officer", "officer:12")
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        record_refusal(refusal, system_actor("add_officer"))


def test_every_refusal_names_an_event_of_the_trail() -> None:
    kinds = [Refusal]
    for kind in kinds:
        kinds.extend(kind.__subclasses__())
        assert kind.event in EVENTS
