"""Writing the trail: what an entry and an access hold, and what is refused."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from cr_app.audit.bodies import access_body, entry_body
from cr_app.audit.canonical import decode, digest_of, encode
from cr_app.audit.events import EVENTS
from cr_app.audit.models import Access, Entry, EntryPersonal
from cr_app.audit.requests import RequestContext
from cr_app.audit.trail import ANONYMOUS, Actor, Change, NotRecordable, look, record, system_actor

AMINA = Actor("officer", "12", "P241775", "PC", "Amina Khan")
CASE = "case:7KQM2PXR"
SAVED = Change(
    operation="update",
    row="cases.offender",
    key="9",
    new={"last_names": "O'Neill", "occupation": "", "is_estimated": True, "aliases": ["Neil"]},
    old={"last_names": "Neill", "occupation": None, "is_estimated": None, "aliases": []},
    personal=frozenset({"last_names", "occupation", "aliases"}),
)
KEEPING: dict[str, Any] = {"actor": AMINA, "subject": CASE}


@pytest.mark.django_db
@time_machine.travel(datetime(2026, 11, 21, 5, 28, 0, 123456, tzinfo=UTC), tick=False)
def test_an_entry_holds_who_what_and_when_in_typed_columns() -> None:
    with transaction.atomic():
        written = record(
            "case.answers_saved", actor=AMINA, subject=CASE, changes=[SAVED], details={"section": "Offender"}
        )
    entry = Entry.objects.get(pk=written.pk)
    assert (entry.at, entry.event, entry.subject, entry.outcome) == (
        datetime(2026, 11, 21, 5, 28, 0, 123456, tzinfo=UTC),
        "case.answers_saved",
        CASE,
        "done",
    )
    assert (entry.actor_kind, entry.actor_key, entry.warrant_number, entry.rank, entry.actor_name) == (
        *("officer", "12", "P241775", "PC", "Amina Khan"),
    )
    assert entry.request_id is None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text")
        assert entry.transaction_id == int(cursor.fetchone()[0])
    assert Entry.objects.filter(transaction_id=entry.transaction_id, pk=entry.pk).exists()


@pytest.mark.django_db
def test_the_stored_bytes_are_those_of_the_stored_columns() -> None:
    entry = record("case.answers_saved", actor=AMINA, subject=CASE, reason="Because", changes=[SAVED])
    access = look(
        actor=AMINA, subjects=[CASE], page="case", kind="disclosure", implied=False, reason="Asked", recipient="J Doe"
    )
    entry, access = Entry.objects.get(pk=entry.pk), Access.objects.get(pk=access.pk)
    assert bytes(entry.body) == entry_body(entry)
    assert bytes(access.body) == access_body(access)
    read = decode(bytes(entry.body))
    assert isinstance(read, dict)
    assert read["details"] == entry.details


@pytest.mark.django_db
def test_personal_values_stand_apart_and_their_digests_verify() -> None:
    entry = record(
        "case.searched", actor=AMINA, reason="A call", changes=[SAVED], details={"terms": {"name": "Doe"}, "found": 0}
    )
    kept = {each.path: each for each in EntryPersonal.objects.filter(entry=entry)}
    assert {path: json.loads(each.value) for path, each in kept.items()} == {
        "reason": "A call",
        "terms": {"name": "Doe"},
        "changes.0.new.last_names": "O'Neill",
        "changes.0.new.aliases": ["Neil"],
        "changes.0.old.last_names": "Neill",
        "changes.0.old.aliases": [],
    }
    for path, each in kept.items():
        place = entry.details
        for step in path.split("."):
            place = place[int(step)] if isinstance(place, list) else place[step]
        assert place == digest_of(json.loads(each.value), bytes(each.salt))
        assert len(bytes(each.salt)) == 32
    assert len({bytes(each.salt) for each in kept.values()}) == len(kept)
    # What is not there is nobody's; what is not personal can be read.
    assert entry.details["changes"][0]["new"]["occupation"] == ""
    assert entry.details["changes"][0]["new"]["is_estimated"] is True
    for secret in (b"Neill", b"A call", b"Doe"):
        assert secret not in bytes(entry.body)


@pytest.mark.django_db
def test_the_reason_and_the_recipient_of_a_look_stand_apart() -> None:
    access = look(
        actor=AMINA, subjects=[CASE], page="letter", kind="disclosure", implied=False, reason="Asked", recipient="J Doe"
    )
    kept = {each.path: each for each in access.personal.all()}
    assert {path: json.loads(each.value) for path, each in kept.items()} == {"reason": "Asked", "recipient": "J Doe"}
    for path, each in kept.items():
        digest = getattr(access, f"{path}_digest")
        assert digest_of(json.loads(each.value), bytes(each.salt)) == {"sha256": digest}
    assert b"Doe" not in bytes(access.body)


@pytest.mark.django_db
def test_an_entry_costs_two_queries_at_most_and_a_look_one() -> None:
    many = [SAVED] * 40
    with transaction.atomic():
        for expected, write in (
            (1, lambda: record("case.submitted", **KEEPING)),
            (2, lambda: record("case.answers_saved", changes=many, reason="Why", **KEEPING)),
            (1, lambda: look(actor=AMINA, subjects=[CASE] * 50, page="desk", kind="consultation", implied=True)),
            (2, lambda: look(actor=AMINA, subjects=[CASE], page="x", kind="consultation", implied=False, reason="y")),
        ):
            with CaptureQueriesContext(connection) as queries:
                write()
            assert len(queries) == expected


@pytest.mark.django_db(transaction=True)
def test_nothing_is_written_outside_a_transaction() -> None:
    with pytest.raises(NotRecordable, match="inside the transaction"):
        record("case.submitted", **KEEPING)
    with pytest.raises(NotRecordable, match="inside the transaction"):
        look(actor=AMINA, subjects=[CASE], page="case", kind="consultation", implied=True)
    assert not Entry.objects.filter(subject=CASE).exists()


@pytest.mark.django_db(transaction=True)
def test_an_action_undone_leaves_no_entry() -> None:
    def submit() -> None:
        with transaction.atomic():
            record("case.submitted", reason="Why", **KEEPING)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        submit()
    assert not Entry.objects.filter(subject=CASE).exists()
    assert not EntryPersonal.objects.filter(entry__subject=CASE).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"event": "case.thought_about"}, "not an event"),
        ({"details": {"colour": "red"}}, "does not declare colour"),
        ({"details": {"sentence": "only refusals carry one"}}, "does not declare sentence"),
        ({"details": {"version": 1.5}}, "version holds a value of type float"),
        ({"details": {"version": datetime(2026, 1, 1, tzinfo=UTC)}}, "version holds a value of type datetime"),
        ({"details": {"verdict": {"sha256": "a" * 64}}}, "verdict holds an object with the key sha256"),
        ({"reason": "a\x00b"}, "reason holds text with a NUL"),
        ({"reason": "a\ud800b"}, "reason holds text with a lone surrogate"),
        ({"outcome": "maybe"}, "not an outcome"),
        ({"subject": "no kind"}, "A subject is"),
        ({"subject": "case:" + "x" * 100}, "A subject is"),
        ({"at": datetime(2026, 1, 1)}, "time zone"),  # noqa: DTZ001 - the naive time is what is refused
        ({"changes": [Change("create", "cases.case", "1", new={"a.b": 1})]}, "field named 'a.b'"),
        ({"changes": [Change("create", "cases.case", "1", new={"a": 2**63})]}, "changes.0.new.a holds a whole number"),
        ({"actor": Actor("officer", "1", name="a\x00")}, "name holds text with a NUL"),
    ],
)
def test_what_the_trail_cannot_hold_is_refused_and_not_written(wrong: dict[str, Any], sentence: str) -> None:
    before = Entry.objects.count()
    with pytest.raises(NotRecordable, match=sentence):
        record(**{"event": "case.submitted", **KEEPING, **wrong})
    assert Entry.objects.count() == before


@pytest.mark.django_db
def test_a_look_of_no_known_kind_and_a_disclosure_to_nobody_are_refused() -> None:
    with pytest.raises(NotRecordable, match="not a kind"):
        look(actor=AMINA, subjects=[CASE], page="case", kind="glance", implied=True)
    with pytest.raises(NotRecordable, match="recipient"):
        look(actor=AMINA, subjects=[CASE], page="case", kind="disclosure", implied=True)


@pytest.mark.django_db
def test_every_event_can_be_recorded_done_and_refused_with_all_that_it_declares() -> None:
    for event in EVENTS.values():
        details: dict[str, object] = {name: f"{name} of it" for name in event.details}
        done = record(event.name, actor=system_actor("tests"), details=details)
        refused = {**details, "page": "case", "method": "POST", "status": 403, "sentence": "No."}
        record(event.name, actor=ANONYMOUS, details=refused, outcome="refused")
        assert {each.path for each in done.personal.all()} == event.personal


@pytest.mark.django_db
def test_entries_and_looks_of_a_request_carry_its_id_and_address() -> None:
    written: list[Entry | Access] = []

    def view(request: object) -> object:
        from django.http import HttpResponse

        written.append(record("case.submitted", **KEEPING))
        written.append(look(actor=AMINA, subjects=[CASE], page="case", kind="consultation", implied=True))
        return HttpResponse()

    response = RequestContext(view)(RequestFactory().get("/", REMOTE_ADDR="2001:db8::7"))  # type: ignore[arg-type]
    assert {str(each.request_id) for each in written} == {response["X-Request-Id"]}
    assert {each.address for each in written} == {"2001:db8::7"}
    for each in written:
        assert encode("2001:db8::7") in bytes(each.body)
    assert record("case.submitted", **KEEPING).request_id is None
