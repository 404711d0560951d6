"""Reading the trail: timelines in words, looks with their reasons, rows derived from entries."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cr_app.audit.models import Entry
from cr_app.audit.queries import (
    done_to,
    last_change,
    looks_at,
    reason_given,
    replay,
    sitting_reason,
    timeline_of,
    who_did,
)
from cr_app.audit.trail import Actor, Change, look, record, system_actor

AMINA = Actor("officer", "12", "P241775", "PC", "Amina Khan")
GRACE = Actor("officer", "15", "P198220", "PS", "Grace Bello")
CASE, OTHER = "case:7KQM2PXR", "case:2B3C4D5F"
SITTING = "ab" * 32
PERSONAL = frozenset({"last_names", "place"})


def save(new: dict[str, object], old: dict[str, object], *, row: str = "cases.case", key: str = "9") -> Change:
    """Return an update."""
    return Change("update", row, key, new=new, old=old, personal=PERSONAL)


@pytest.fixture
def told() -> Iterator[None]:
    """A case as it goes: started, saved, refused to Grace, and another case beside it."""
    with transaction.atomic():
        created = Change("create", "cases.case", "9", new={"place": None, "version": 1}, personal=PERSONAL)
        record("case.started", actor=AMINA, subject=CASE, changes=[created])
        record("case.started", actor=GRACE, subject=OTHER, changes=[created])
        record(
            "case.answers_saved",
            actor=AMINA,
            subject=CASE,
            details={"section": "Incident"},
            changes=[save({"place": "12 Acre Lane", "version": 2}, {"place": None, "version": 1})],
        )
        record(
            "access.refused",
            actor=GRACE,
            subject=CASE,
            outcome="refused",
            details={"page": "cases:case", "sentence": "Not your unit."},
        )
        yield


@pytest.mark.django_db
def test_a_timeline_tells_newest_first_who_did_what_from_what_to_what(told: None) -> None:
    labels = {"cases.case.place": "Place", "version": ""}
    with CaptureQueriesContext(connection) as queries:
        refused, saved, started = timeline_of(CASE, labels=labels).lines
    assert len(queries) == 2
    assert started.sentence == "PC Amina Khan started the case."
    assert saved.sentence == "PC Amina Khan saved Incident: Place."
    assert [(each.label, each.old, each.new, each.operation) for each in saved.changes] == [
        ("Place", None, "12 Acre Lane", "update")
    ]
    assert started.changes == ()
    assert refused.sentence == "PS Grace Bello was refused cases:case."
    assert (refused.outcome, refused.refusal, refused.warrant_number) == ("refused", "Not your unit.", "P198220")
    unlabelled = timeline_of(CASE).lines[1]
    assert unlabelled.sentence == "PC Amina Khan saved Incident: place, version."
    assert [(each.label, each.old, each.new) for each in unlabelled.changes][1] == ("version", 1, 2)


@pytest.mark.django_db
def test_a_timeline_is_paged_by_key_and_never_twice_or_missing() -> None:
    written = [record("case.answers_saved", actor=AMINA, subject=CASE).pk for _ in range(7)]
    seen, before = [], None
    for _ in range(4):
        page = timeline_of(CASE, limit=2, before=before)
        seen += [line.id for line in page.lines]
        before = page.next_before
        # What comes meanwhile moves no page.
        record("case.answers_saved", actor=AMINA, subject=CASE)
        if before is None:
            break
    assert seen == written[::-1]
    assert before is None
    assert timeline_of("case:NONE").lines == ()


@pytest.mark.django_db
def test_who_did_something_is_told_by_key_and_who_was_refused_did_nothing(told: None) -> None:
    record("case.authority_granted", actor=GRACE, subject=OTHER)
    record("case.authority_granted", actor=GRACE, subject=CASE, outcome="refused")
    record("case.answers_saved", actor=system_actor("tests"), subject=CASE)
    with CaptureQueriesContext(connection) as queries:
        assert who_did(CASE, {"case.started", "case.answers_saved"}) == {"12"}
    assert len(queries) == 1
    assert who_did(CASE, {"case.authority_granted"}) == frozenset()
    assert who_did(OTHER, {"case.authority_granted", "case.started"}) == {"15"}


@pytest.mark.django_db
def test_to_what_somebody_did_something_is_told_by_subject_and_refusals_do_not_count(told: None) -> None:
    record("case.authority_granted", actor=GRACE, subject=OTHER)
    record("case.authority_granted", actor=GRACE, subject=CASE, outcome="refused")
    with CaptureQueriesContext(connection) as queries:
        assert done_to({"case.authority_granted"}, by={"15", "12"}) == {OTHER}
    assert len(queries) == 1
    assert done_to({"case.started", "case.authority_granted"}, by={"99"}) == frozenset()


@pytest.mark.django_db
def test_the_last_change_is_the_last_thing_done_and_no_refusal(told: None) -> None:
    with CaptureQueriesContext(connection) as queries:
        last = last_change(CASE)
    assert len(queries) == 1
    assert last is not None
    assert (last.actor, last.actor_key, last.warrant_number) == ("PC Amina Khan", "12", "P241775")
    assert last.at == Entry.objects.filter(event="case.answers_saved").latest("id").at
    assert last_change("case:NONE") is None


def look_as(actor: Actor, **what: object) -> None:
    """Look at the case."""
    usual = {"subjects": [CASE], "page": "case", "kind": "consultation", "implied": False, "sitting": SITTING}
    look(actor=actor, **{**usual, **what})  # type: ignore[arg-type]


@pytest.mark.django_db
def test_who_looked_is_told_with_the_reason_whatever_list_the_record_stood_in() -> None:
    look_as(AMINA, implied=True)
    look_as(GRACE, subjects=[OTHER])
    look_as(GRACE, reason="Complaint 44")
    look_as(GRACE, subjects=[OTHER, CASE], kind="disclosure", recipient="Court", reason="Order of the court")
    look_as(GRACE, outcome="refused")
    with CaptureQueriesContext(connection) as queries:
        lines = looks_at(CASE).lines
    assert len(queries) == 2
    assert [(each.actor, each.kind, each.implied, each.reason, each.recipient, each.outcome) for each in lines] == [
        ("PS Grace Bello", "consultation", False, "", "", "refused"),
        ("PS Grace Bello", "disclosure", False, "Order of the court", "Court", "done"),
        ("PS Grace Bello", "consultation", False, "Complaint 44", "", "done"),
        ("PC Amina Khan", "consultation", True, "", "", "done"),
    ]
    first = looks_at(CASE, limit=3)
    assert [each.actor for each in looks_at(CASE, limit=3, before=first.next_before).lines] == ["PC Amina Khan"]


@pytest.mark.django_db
def test_a_reason_holds_for_that_officer_that_record_and_that_sitting_alone() -> None:
    assert not reason_given("15", CASE, SITTING)
    look_as(GRACE, outcome="refused", reason="Let me in")
    look_as(GRACE)
    assert not reason_given("15", CASE, SITTING)
    look_as(GRACE, reason="Complaint 44", at=datetime.now(UTC) - timedelta(hours=2))
    assert reason_given("15", CASE, SITTING)
    assert sitting_reason("15", CASE, SITTING) == "Complaint 44"
    assert not reason_given("12", CASE, SITTING)
    assert not reason_given("15", OTHER, SITTING)
    assert not reason_given("15", CASE, "cd" * 32)
    assert not reason_given("15", CASE, "")
    assert not reason_given("15", CASE, SITTING, since=datetime.now(UTC) - timedelta(hours=1))
    assert reason_given("15", CASE, SITTING, since=datetime.now(UTC) - timedelta(hours=3))
    with CaptureQueriesContext(connection) as queries:
        reason_given("15", CASE, SITTING)
    assert len(queries) == 1


@pytest.mark.django_db
def test_replay_gives_the_rows_as_the_entries_leave_them(told: None) -> None:
    offender = {"last_names": "Neill", "age": 20}
    record(
        "case.row_added",
        actor=AMINA,
        subject=CASE,
        changes=[
            Change("create", "cases.offender", "3", new=offender, personal=PERSONAL),
            Change("create", "cases.victim", "4", new={"last_names": "Doe"}, personal=PERSONAL),
        ],
    )
    corrected = save({"last_names": "O'Neill"}, {"last_names": "Neill"}, row="cases.offender", key="3")
    record("case.row_changed", actor=AMINA, subject=CASE, changes=[corrected])
    gone = Change("delete", "cases.victim", "4", old={"last_names": "Doe"}, personal=PERSONAL)
    record("case.row_removed", actor=AMINA, subject=CASE, changes=[gone])
    refused = save({"age": 99}, {"age": 20}, row="cases.offender", key="3")
    record("case.row_changed", actor=GRACE, subject=CASE, changes=[refused], outcome="refused")
    with CaptureQueriesContext(connection) as queries:
        rows = replay(CASE)
    assert len(queries) == 2
    assert rows == {
        ("cases.case", "9"): {"place": "12 Acre Lane", "version": 2},
        ("cases.offender", "3"): {"last_names": "O'Neill", "age": 20},
    }


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from("ab"),
            st.none() | st.dictionaries(st.sampled_from(["place", "age"]), st.none() | st.integers(0, 9), min_size=1),
        ),
        max_size=8,
    ),
)
def test_whatever_is_done_to_rows_replay_ends_with_the_same_rows(
    steps: list[tuple[str, dict[str, object] | None]],
) -> None:
    # A subject of its own for each try: what an earlier try wrote stays, as the trail only grows.
    subject = f"case:{uuid4()}"
    rows: dict[str, dict[str, object]] = {}
    for key, values in steps:
        before = rows.get(key)
        if values is None:
            change = Change("delete", "x.row", key, old=rows.pop(key, {}), personal=PERSONAL)
        elif before is None:
            rows[key] = dict(values)
            change = Change("create", "x.row", key, new=values, personal=PERSONAL)
        else:
            old = {name: before.get(name) for name in values}
            rows[key] = before | values
            change = Change("update", "x.row", key, new=values, old=old, personal=PERSONAL)
        record("case.row_changed", actor=system_actor("tests"), subject=subject, changes=[change])
    assert replay(subject) == {("x.row", key): values for key, values in rows.items()}
