"""Seven ways to authorise one's own exception, each tried and refused; and by SQL, past every action."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from cr_app.accounts.actions.officers import (
    ChangedOfficer,
    add_colleague,
    change_officer,
    digest_of,
    give_first_password,
)
from cr_app.accounts.actions.signing_in import change_password
from cr_app.accounts.forms.officers import answers_of
from cr_app.accounts.models import Officer
from cr_app.authorisations import actions
from cr_app.authorisations.actions import MayNotDecide
from cr_app.authorisations.models import Decision
from cr_app.cases.actions import submission
from cr_app.cases.actions.answers import add_row
from cr_app.cases.lifecycle import Status
from cr_app.cases.models import Snapshot
from tests import make
from tests.accounts.test_officers import new
from tests.authorisations import making
from tests.cast import PASSWORD, Cast


def refused(reference: str, by: Officer) -> str:
    """Return why an officer may not grant; every other decision is refused for the same reasons."""
    said = set()
    for decide in (actions.grant, actions.refuse, actions.return_with_question):
        with pytest.raises(MayNotDecide) as told:
            decide(reference, by=by, reasons="Fine.", seen=making.seen(reference))
        said.add(told.value.sentence)
    assert not Decision.objects.filter(decided_by=by).exists()
    (sentence,) = said
    return sentence


def test_the_recorder_even_after_handing_it_over(cast: Cast) -> None:
    reference = making.asked(cast.priya)
    assert "You recorded this case" in refused(reference, cast.priya)
    submission.reassign(reference, by=cast.grace, to=cast.tom.warrant_number, reason="Leave.")
    assert "You recorded this case" in refused(reference, cast.priya)
    assert making.grant(reference, cast.helen) is Status.READY


def test_its_officer_after_it_was_handed_over(cast: Cast) -> None:
    reference = making.asked(cast.amina)
    submission.reassign(reference, by=cast.grace, to=cast.priya.warrant_number, reason="Leave.")
    assert "This case is yours now" in refused(reference, cast.priya)


def test_one_who_changed_an_answer_while_it_was_hers(cast: Cast) -> None:
    reference = make.complete(cast.amina, make.knife())
    submission.reassign(reference, by=cast.grace, to=cast.priya.warrant_number, reason="Leave.")
    make.answer(reference, cast.priya, "rationale", case__rationale="As I see it.")
    submission.reassign(reference, by=cast.grace, to=cast.amina.warrant_number, reason="Back.")
    assert making.ask_about(reference, cast.amina) is Status.AWAITING_AUTHORITY
    assert "You changed answers" in refused(reference, cast.priya)
    assert making.grant(reference, cast.helen) is Status.READY


@pytest.mark.parametrize("did", ["row added", "submitted"])
def test_one_who_added_a_row_or_submitted_it(cast: Cast, did: str) -> None:
    reference = make.complete(cast.amina, make.knife())
    submission.reassign(reference, by=cast.grace, to=cast.priya.warrant_number, reason="Leave.")
    if did == "row added":
        add_row(reference, by=cast.priya, row="offence", answers=make.offence(), token=uuid4())
        submission.reassign(reference, by=cast.grace, to=cast.amina.warrant_number, reason="Back.")
        making.ask_about(reference, cast.amina)
    else:
        making.ask_about(reference, cast.priya)
        submission.reassign(reference, by=cast.grace, to=cast.amina.warrant_number, reason="Back.")
    assert "You changed answers" in refused(reference, cast.priya)


def test_the_cover_of_an_inspector_who_is_away_where_it_is_her_own(cast: Cast) -> None:
    making.send_away(cast.helen, cover=cast.priya)
    reference = making.asked(cast.priya)
    # Nobody else is there, and still she is not asked in another's place.
    assert making.asked_of(reference) == []
    assert "You recorded this case" in refused(reference, cast.priya)


@pytest.mark.parametrize("how", ["acting from today", "promoted from tomorrow", "made a Sergeant again"])
def test_a_rank_changed_after_asking(cast: Cast, how: str) -> None:
    reference, today = making.asked(cast.amina), timezone.localdate()
    officer = cast.grace
    officer.roles = [*officer.roles, "authorising_officer"]
    if how == "acting from today":
        officer.acting_rank, officer.acting_from = "Inspector", today
    elif how == "promoted from tomorrow":
        officer.substantive_rank, officer.substantive_before = "Inspector", "Sergeant"
        officer.substantive_since = today + timedelta(days=1)
    else:
        officer = cast.priya
        officer.substantive_rank = "Sergeant"
    officer.save()
    assert "needs a substantive Inspector or above" in refused(reference, officer)


def test_a_party_by_warrant_number_however_it_is_typed(cast: Cast) -> None:
    story = make.knife().but(victims=(make.person(warrant_number=" 20 51 "),))
    reference = making.asked(cast.amina, story)
    assert cast.priya.warrant_number not in {number for number, _, _ in making.asked_of(reference)}
    assert "You are a party to this case" in refused(reference, cast.priya)


@pytest.mark.parametrize("who", ["the recorder", "its officer", "one who changed its answers"])
@pytest.mark.parametrize("how", ["added", "changed", "given a password"])
def test_a_second_account_that_she_added_changed_or_let_herself_into(cast: Cast, how: str, who: str) -> None:
    # Whoever looks after accounts may have recorded cases before, or do so after.
    hand = cast.amina if who == "the recorder" else cast.tom
    hand.roles = ["administrator"]
    second = cast.helen
    if how == "added":
        described = new(unit="", rank="Inspector", roles=["authorising_officer"])
        second = add_colleague(described, unit=hand.unit_id, password=PASSWORD, by=hand)
        second.must_change_password = False
        second.save()
    elif how == "changed":
        told: dict[str, Any] = answers_of(second) | {"unit": second.unit_id, "email": "h@officers.example"}
        second = change_officer(second.pk, by=hand, to=ChangedOfficer(**told), seen=digest_of(second))
    else:
        second = give_first_password(second.pk, by=hand, password=PASSWORD)
        change_password(second, f"{PASSWORD} of her own", by=second.as_actor())
    hand.roles = ["recording_officer"]
    reference = make.complete(cast.amina, make.knife())
    if who == "one who changed its answers":
        submission.reassign(reference, by=cast.grace, to=hand.warrant_number, reason="Leave.")
        make.answer(reference, hand, "rationale", case__rationale="As I see it.")
        submission.reassign(reference, by=cast.grace, to=cast.amina.warrant_number, reason="Back.")
    assert making.ask_about(reference, cast.amina) is Status.AWAITING_AUTHORITY
    if who == "its officer":
        submission.reassign(reference, by=cast.grace, to=hand.warrant_number, reason="Leave.")
    assert "has added or changed your account, or given it a password" in refused(reference, second)
    assert second.warrant_number not in {number for number, _, _ in making.asked_of(reference)} or who == "its officer"
    assert making.grant(reference, cast.priya) is Status.READY


def test_an_account_that_an_administrator_apart_from_the_case_looks_after_decides(cast: Cast) -> None:
    give_first_password(cast.priya.pk, by=cast.colin, password=PASSWORD)
    priya = Officer.objects.get(pk=cast.priya.pk)
    change_password(priya, f"{PASSWORD} of her own", by=priya.as_actor())
    assert making.grant(making.asked(cast.amina), priya) is Status.READY


# By SQL, as the application's role


def said_to(statement: str, *params: Any) -> str:
    """Run a statement and undo it; return what the database said against it, or how many rows it touched."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, params)
            touched = cursor.rowcount
            transaction.set_rollback(True)
    except DatabaseError as error:
        return str(error).splitlines()[0]
    return f"{touched} rows touched"


def decision_of(snapshot: Snapshot, **changed: Any) -> str:
    """Insert a decision as SQL and return what the database said."""
    case = snapshot.case
    values: dict[str, Any] = {
        "case_id": case.pk,
        "snapshot_id": snapshot.pk,
        "digest": snapshot.digest,
        "kind": "authority",
        "outcome": "granted",
        "reasons": "Fine.",
        "asked_by_id": case.officer_id,
        "asked_at": timezone.now() - timedelta(minutes=1),
        "recorded_by_id": case.recorded_by_id,
        "decided_by_id": None,
        "decided_at": timezone.now(),
        "shown_at": timezone.now(),
        "rank": "Inspector",
        "is_substantive": True,
        "number": "2051",
    } | changed
    marks = ", ".join(["%s"] * len(values))
    return said_to(
        f"INSERT INTO authorisations_decision ({', '.join(values)}) VALUES ({marks})",  # noqa: S608
        *values.values(),
    )


def test_by_sql_a_decision_is_another_officers_on_the_latest_snapshot_of_a_case_that_waits(cast: Cast) -> None:
    snapshot = make.frozen(making.asked(cast.amina))
    priya, amina = cast.priya.pk, cast.amina.pk
    assert decision_of(snapshot, decided_by_id=priya) == "1 rows touched"
    for wrong, against in (
        ({"decided_by_id": amina}, "nobody decides on a case of their own"),
        ({"decided_by_id": amina, "asked_by_id": cast.tom.pk}, "nobody decides on a case of their own"),
        ({"decided_by_id": priya, "asked_by_id": priya}, "decision_is_never_the_askers_own"),
        ({"decided_by_id": priya, "recorded_by_id": cast.tom.pk}, "nobody decides on a case of their own"),
        ({"decided_by_id": priya, "digest": "0" * 64}, "a decision is on the latest snapshot"),
        ({"decided_by_id": priya, "kind": "suitability", "outcome": "suitable"}, "does not wait for this decision"),
        ({"decided_by_id": priya, "outcome": "suitable"}, "decision_is_one_that_can_be_made"),
        ({"decided_by_id": priya, "reasons": ""}, "decision_has_reasons"),
        ({"decided_by_id": priya, "covering_for_id": priya}, "decision_nobody_covers_for_themselves"),
        (
            {"decided_by_id": priya, "asked_at": timezone.now() + timedelta(days=1)},
            "decision_comes_after_the_request",
        ),
    ):
        assert against in decision_of(snapshot, **wrong), wrong


def test_by_sql_a_case_that_was_reopened_or_is_a_draft_takes_no_decision(cast: Cast) -> None:
    reference = making.asked(cast.amina)
    snapshot = make.frozen(reference)
    submission.reopen(reference, by=cast.amina)
    assert "does not wait for this decision" in decision_of(snapshot, decided_by_id=cast.priya.pk)
    make.answer(reference, cast.amina, "rationale", case__rationale="Another reason.")
    making.ask_about(reference, cast.amina)
    assert "a decision is on the latest snapshot" in decision_of(snapshot, decided_by_id=cast.priya.pk)
    assert decision_of(make.frozen(reference), decided_by_id=cast.priya.pk) == "1 rows touched"


def test_by_sql_requests_interests_and_decisions_are_only_ever_added(cast: Cast) -> None:
    reference = making.asked(cast.amina)
    actions.declare_interest(reference, by=cast.helen, reason="A neighbour.")
    making.grant(reference, cast.priya)
    for table in ("authorisations_request", "authorisations_interest", "authorisations_decision"):
        for statement in (
            f"UPDATE {table} SET case_id = case_id",  # noqa: S608
            f"DELETE FROM {table}",  # noqa: S608
            f"TRUNCATE {table} CASCADE",
        ):
            assert "permission denied" in said_to(statement), statement
    assert "duplicate key" in said_to(
        "INSERT INTO authorisations_interest (case_id, officer_id, reason, declared_at)"
        " SELECT case_id, officer_id, reason, declared_at FROM authorisations_interest"
    )


def test_by_sql_a_case_carries_no_authority_that_was_not_decided(cast: Cast) -> None:
    reference = making.asked(cast.amina)
    case, snapshot = make.read(reference), make.frozen(reference)
    forged = (
        "UPDATE cases_case SET authority_decision = 'granted', authority_rank = 'Inspector', authority_number = '2051', "
        "authority_is_substantive = true, authority_by_id = %s, authority_at = now(), authority_snapshot_id = %s WHERE id = %s"
    )
    for officer in (cast.priya, cast.helen, cast.grace):
        assert "no such authority was decided" in said_to(forged, officer.pk, snapshot.pk, case.pk)
    assert "case_authority_is_never" in said_to(forged, cast.amina.pk, snapshot.pk, case.pk) or (
        "no such authority" in said_to(forged, cast.amina.pk, snapshot.pk, case.pk)
    )
    suitable = (
        "UPDATE cases_case SET professional_standards_decision = 'suitable', professional_standards_by_id = %s, "
        "professional_standards_at = now(), professional_standards_snapshot_id = %s WHERE id = %s"
    )
    assert "professional standards have not decided so" in said_to(suitable, cast.yusuf.pk, snapshot.pk, case.pk)
    # Granted, it is neither bettered nor taken away.
    making.grant(reference, cast.priya)
    for change in ("authority_rank = 'Superintendent'", "authority_at = now()", f"authority_by_id = {cast.helen.pk}"):
        assert "no such authority was decided" in said_to(
            f"UPDATE cases_case SET {change} WHERE id = %s",  # noqa: S608
            case.pk,
        )
    assert "only with a void" in said_to(
        "UPDATE cases_case SET authority_decision = NULL, authority_rank = NULL, authority_number = NULL, "
        "authority_is_substantive = NULL, authority_by_id = NULL, authority_at = NULL, authority_snapshot_id = NULL "
        "WHERE id = %s",
        case.pk,
    )


def test_by_sql_a_refusal_is_not_turned_into_a_grant(cast: Cast) -> None:
    reference = making.asked(cast.amina)
    actions.refuse(reference, by=cast.priya, reasons="No.", seen=making.seen(reference))
    assert "no such authority was decided" in said_to(
        "UPDATE cases_case SET authority_decision = 'granted' WHERE reference = %s", reference
    )
