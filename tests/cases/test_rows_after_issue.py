"""What is kept after issue is only ever added, and only to a case that was issued: by SQL past every action."""

from collections.abc import Mapping

import pytest
from django.db import DatabaseError, connection, connections, models, transaction
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.cases.models import (
    ActionProgress,
    Case,
    Contact,
    Correction,
    Document,
    Reminder,
    Rescission,
    SigningRefusal,
)
from tests import make
from tests.cases.test_final_rows import AFTERWARDS, refusal_of
from tests.cast import Cast, make_cast

BEFORE = "cases_signingrefusal"
ONLY_ADDED = (*AFTERWARDS, BEFORE, "cases_reminder")


def rows_for(case: Case, by: Officer) -> Mapping[str, models.Model]:
    """Return a row of every kind for a case, by its table, not saved."""
    at, action = timezone.now(), case.actions.earliest("position")
    made: dict[str, models.Model] = {
        "cases_document": Document(
            case=case,
            kind="offender_copy",
            language="en",
            version=77,
            content="{}",
            digest="0" * 64,
            made_at=at,
            made_by=by,
            because="asked",
        ),
        "cases_actionprogress": ActionProgress(
            case=case, action=action, number=77, outcome="reopened", due_on=action.due_on, reason="So.", at=at, by=by
        ),
        "cases_contact": Contact(
            case=case, happened_at=at, how="phone", result="no_answer", told="nothing", at=at, by=by
        ),
        "cases_correction": Correction(
            case=case, column="last_names", old="Ransome", new="Ransom", reason="Misspelt.", at=at, by=by
        ),
        "cases_rescission": Rescission(
            case=case, rank="Inspector", is_substantive=True, reason="New evidence.", at=at, by=by
        ),
        "cases_signingrefusal": SigningRefusal(case=case, role="offender", said="No.", at=at, by=by),
        "cases_reminder": Reminder(action=action, kind="coming", due_on=action.due_on, sent_at=at),
    }
    assert {row._meta.db_table for row in made.values()} == set(made) == set(ONLY_ADDED)
    return made


def added(row: models.Model, *, at_end: bool = True) -> str:
    """Add the row and undo it; return what the database said against it, looked at as at the transaction's end."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            if at_end:
                with connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            transaction.set_rollback(True)
    except DatabaseError as error:
        return str(error).splitlines()[0]
    finally:
        row.pk = None
    return "added"


def test_no_row_tells_of_an_action_or_a_victim_of_another_case(cast: Cast) -> None:
    case, other = make.read(make.issued(cast.amina)), make.read(make.issued(cast.tom))
    rows, victims = rows_for(case, cast.amina), {each.pk: each.victims.earliest("position") for each in (case, other)}
    for table in ("cases_document", "cases_contact", "cases_correction"):
        row = rows[table]
        assert isinstance(row, Document | Contact | Correction)
        if isinstance(row, Correction):
            row.column, row.old = "organisation_name", "Holloway Stores"
        if isinstance(row, Document):
            row.kind = "victim_letter"
        row.victim = victims[other.pk]
        assert f"What a row of {table} tells of is not of case {case.reference}." in added(row)
        # The control: a victim of its own.
        row.victim = victims[case.pk]
        assert added(row) == "added"
    progress = rows["cases_actionprogress"]
    assert isinstance(progress, ActionProgress)
    progress.action = other.actions.earliest("position")
    assert "tells of is not of case" in added(progress)
    progress.action = case.actions.earliest("position")
    assert added(progress) == "added"


def test_nothing_that_follows_issue_is_added_to_a_case_that_was_not_issued(cast: Cast) -> None:
    draft, ready = make.read(make.complete_shop_theft(cast.amina)), make.read(make.submitted(cast.amina))
    for case in (draft, ready):
        rows = rows_for(case, cast.amina)
        for table in AFTERWARDS:
            assert added(rows[table]) == f"Case {case.reference} was not issued: INSERT on {table} is refused."
            # The control: it is the end of the transaction that refuses; a document is made while a case is being issued.
            assert added(rows[table], at_end=False) == "added"
        assert added(rows[BEFORE]) == "added"


@pytest.mark.parametrize("status", ["issued", "completed", "not_complied", "rescinded"])
def test_it_is_added_to_one_that_was_issued_and_who_would_not_sign_is_not(cast: Cast, status: str) -> None:
    case = make.read(make.issued(cast.amina))
    if status != "issued":
        Case.objects.filter(pk=case.pk).update(status=status)
    rows = rows_for(case, cast.amina)
    for table in (*AFTERWARDS, "cases_reminder"):
        assert added(rows[table]) == "added", table
    assert "is final" in added(rows[BEFORE])


def test_the_application_may_only_add(cast: Cast) -> None:
    case = make.read(make.issued(cast.amina))
    for table, row in rows_for(case, cast.amina).items():
        if table != BEFORE:
            row.save(force_insert=True)
        for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):  # noqa: S608
            assert "permission denied" in refusal_of(statement), statement


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_not_even_the_owner_of_the_tables_changes_or_removes_what_was_added(transactional_db: None) -> None:
    cast = make_cast()
    ready = make.submitted(cast.amina)
    rows_for(make.read(ready), cast.amina)[BEFORE].save(force_insert=True)
    make.issue_it(ready, cast.amina)
    for table, row in rows_for(make.read(ready), cast.amina).items():
        if table != BEFORE:
            row.save(force_insert=True)

    def said(statement: str) -> str:
        try:
            with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
                cursor.execute(statement)
                touched = cursor.rowcount
                transaction.set_rollback(True, using="owner")
        except DatabaseError as error:
            return str(error).splitlines()[0]
        return f"{touched} rows touched"

    for table in ONLY_ADDED:
        for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):  # noqa: S608
            operation = statement.split()[0]
            assert said(statement) == f"{operation} on {table} is refused: it is only ever added to."
        assert said(f"TRUNCATE {table}") == f"Emptying {table} is refused: it may hold final cases."
    # The control: what is no such table lets its owner do it.
    assert said("UPDATE accounts_unit SET name = name") != "0 rows touched"
    assert "rows touched" in said("UPDATE accounts_unit SET name = name")
