"""What is final stays as it is: as the application's role, by SQL past every action."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.cases import lifecycle
from cr_app.cases.actions import submission
from cr_app.cases.lifecycle import Status
from cr_app.cases.models import Case
from cr_app.cases.rows import ROW_MODELS
from tests import make
from tests.cast import Cast

CHILDREN = (
    *("cases_offender", "cases_victim", "cases_caseoffence", "cases_earlierdisposal", "cases_agreedaction"),
    "cases_exceptiongrounds",
)
ONLY_ADDED = ("cases_snapshot", "cases_signature", "cases_statuschange", "cases_void")
# What is added to an issued case, and who would not sign before: tests/cases/test_rows_after_issue.py has these.
AFTERWARDS = ("cases_document", "cases_actionprogress", "cases_contact", "cases_correction", "cases_rescission")
TRAIL = ("audit_entry", "audit_entrypersonal", "audit_access", "audit_accesspersonal")


def refusal_of(statement: str, *params: Any) -> str:
    """Run the statement and undo it; returns what the database said against it, or how many rows it touched."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, params)
            touched = cursor.rowcount
            transaction.set_rollback(True)
    except DatabaseError as error:
        return str(error).splitlines()[0]
    return f"{touched} rows touched"


def story() -> make.Story:
    """Return a story with a row in every table of a case."""
    disposal = {"kind": "caution", "given_on": make.birthday(2), "offence_code": "46/00"}
    return make.shop_theft().but(disposals=(disposal,)).answering({"case.has_earlier_disposals": True})


def complete(officer: Officer, report: str) -> str:
    """Return a draft with a row in every table of a case: one that was excluded, until an answer was put right."""
    reference = make.complete(officer, story().but(report=report).answering({"case.hate_crime": True}))
    make.answer(reference, officer, "circumstances", case__hate_crime=False)
    return reference


def copy_of(table: str, case_id: int, into: int) -> str:
    """Return an INSERT that copies a row of one case into another."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
            [table],
        )
        columns = [name for (name,) in cursor.fetchall() if name not in ("id", "case_id", "position", "number")]
    place = {"cases_snapshot": ("number", "77"), "cases_signature": ("", "")}.get(table, ("position", "77"))
    if table in ("cases_offender", "cases_statuschange", "cases_exceptiongrounds"):
        place = ("", "")
    names = ", ".join([*columns, "case_id", *([place[0]] if place[0] else [])])
    values = ", ".join([*columns, str(into), *([place[1]] if place[1] else [])])
    return f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE case_id = {case_id} LIMIT 1"  # noqa: S608


@pytest.fixture
def issued(cast: Cast) -> Case:
    """An issued case with a row in every table."""
    reference = complete(cast.amina, make.REPORT)
    make.submit_it(reference, cast.amina)
    make.issue_it(reference, cast.amina)
    return make.read(reference)


def test_every_row_of_an_issued_case_refuses_change_removal_and_company(cast: Cast, issued: Case) -> None:
    draft = make.read(complete(cast.amina, "2/26"))
    assert {model._meta.db_table for model in ROW_MODELS} == {
        *("cases_case", *CHILDREN, *ONLY_ADDED, *AFTERWARDS),
        "cases_signingrefusal",
    }
    for table in CHILDREN:
        one = f"{table} WHERE case_id = {issued.pk}"
        said = {
            "change": refusal_of(f"UPDATE {table} SET case_id = case_id WHERE case_id = {issued.pk}"),  # noqa: S608
            "removal": refusal_of(f"DELETE FROM {one}"),  # noqa: S608
            "addition": refusal_of(copy_of(table, draft.pk, issued.pk)),
            "leaving": refusal_of(f"UPDATE {table} SET case_id = {draft.pk} WHERE case_id = {issued.pk}"),  # noqa: S608
            "joining": refusal_of(f"UPDATE {table} SET case_id = {issued.pk} WHERE case_id = {draft.pk}"),  # noqa: S608
            "emptying": refusal_of(f"TRUNCATE {table} CASCADE"),
        }
        for what, sentence in said.items():
            assert "is refused" in sentence or "permission denied" in sentence, (table, what, sentence)
        # The same is done to a draft: what refuses is the final case, not a statement that is wrong.
        assert refusal_of(f"UPDATE {table} SET case_id = case_id WHERE case_id = {draft.pk}") != "0 rows touched"  # noqa: S608
        assert "rows touched" in refusal_of(f"UPDATE {table} SET case_id = case_id WHERE case_id = {draft.pk}")  # noqa: S608
        if table != "cases_offender":
            assert refusal_of(copy_of(table, draft.pk, draft.pk)) in (
                "1 rows touched",
                'duplicate key value violates unique constraint "offence_is_listed_once"',
                'duplicate key value violates unique constraint "grounds_are_given_once_for_an_exclusion"',
            )


def test_an_issued_case_itself_refuses_every_change_but_its_next_status(issued: Case) -> None:
    for field in Case._meta.concrete_fields:
        if field.column in {"id", "status", "version", "changed_at", "changed_by_id"}:
            continue
        said = refusal_of(
            f"UPDATE cases_case SET {field.column} = NULL WHERE id = %s",  # noqa: S608
            issued.pk,
        )
        assert "is final" in said, (field.column, said)
    assert "is final" in refusal_of("UPDATE cases_case SET version = version + 1 WHERE id = %s", issued.pk)
    assert "is final" in refusal_of(
        "UPDATE cases_case SET status = 'completed', rationale = 'Other' WHERE id = %s", issued.pk
    )
    for statement in ("DELETE FROM cases_case", "TRUNCATE cases_case CASCADE"):
        assert "permission denied" in refusal_of(statement)


def test_an_upsert_is_refused_like_the_update_it_is(issued: Case) -> None:
    said = refusal_of(
        "INSERT INTO cases_case SELECT * FROM cases_case WHERE id = %s ON CONFLICT (id) DO UPDATE SET rationale = 'Other'",
        issued.pk,
    )
    assert "is final" in said
    said = refusal_of(
        "INSERT INTO cases_victim SELECT * FROM cases_victim WHERE case_id = %s"
        " ON CONFLICT (id) DO UPDATE SET last_names = 'Other'",
        issued.pk,
    )
    assert "is final" in said


def test_snapshots_signatures_and_moves_are_only_ever_added(cast: Cast, issued: Case) -> None:
    ready = make.read(make.submitted(cast.amina, story().but(report="2/26")))
    for table in ONLY_ADDED:
        for statement in (
            f"UPDATE {table} SET case_id = case_id",  # noqa: S608
            f"DELETE FROM {table}",  # noqa: S608
            f"TRUNCATE {table} CASCADE",
        ):
            assert "permission denied" in refusal_of(statement), statement
    for table in ("cases_snapshot", "cases_signature"):
        assert "is final" in refusal_of(copy_of(table, issued.pk, issued.pk)), table
    assert refusal_of(copy_of("cases_signature", issued.pk, ready.pk)) == "1 rows touched"


def test_the_trail_of_a_case_refuses_change_and_removal(issued: Case) -> None:
    for table in TRAIL:
        for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):  # noqa: S608
            said = refusal_of(statement)
            assert "permission denied" in said or 'column "id"' in said, (statement, said)


@pytest.mark.parametrize("end", ["withdrawn", "not_used"])
def test_a_case_that_ended_without_being_issued_is_as_final(cast: Cast, end: str) -> None:
    reference = complete(cast.amina, make.REPORT)
    action = submission.withdraw if end == "withdrawn" else submission.record_not_used
    action(reference, by=cast.amina, reason="A good reason.")
    case = make.read(reference)
    assert "is refused" in refusal_of("UPDATE cases_case SET status = 'draft' WHERE id = %s", case.pk)
    for table in CHILDREN:
        said = refusal_of(f"UPDATE {table} SET case_id = case_id WHERE case_id = %s", case.pk)  # noqa: S608
        assert "is final" in said, table


def test_the_database_lets_a_status_move_only_along_the_lifecycle(cast: Cast) -> None:
    """Every pair of statuses is tried on a case that is in the first: what the table does not open is refused."""
    open_pairs = {(start, end) for rule in lifecycle.TABLE for start in rule.starts for end in rule.ends}
    now = timezone.now()
    wrong = []
    for place, start in enumerate(Status):
        about = {"force_id": "01", "unit": cast.amina.unit, "recorded_by": cast.amina, "officer": cast.amina}
        about |= {"created_at": now, "changed_at": now, "changed_by": cast.amina}
        about |= {"decided_on": now.date(), "issued_at": now, "issued_by": cast.amina}
        case = Case.objects.create(reference=f"MOVE{place:04}", status=start, **about)
        for end in Status:
            if end is start:
                continue
            said = refusal_of("UPDATE cases_case SET status = %s WHERE id = %s", str(end), case.pk)
            if ((start, end) in open_pairs) != (said == "1 rows touched"):
                wrong.append((str(start), str(end), said))
    assert wrong == []
