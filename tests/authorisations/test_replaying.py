"""`verify_audit_trail --cases` replays every case, and names each whose rows say otherwise than its entries."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections

from cr_app.audit.keys import make_keys, verifier_key
from cr_app.audit.queries import ERASED, replay
from cr_app.audit.verifying import Kind, Report, verify
from cr_app.cases.models import ActionProgress, Case
from tests import make, make_afterwards, make_authority
from tests.audit.tampering import superuser
from tests.cast import Cast, make_cast
from tests.make_progress import recorded

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def cast(settings: Any, tmp_path: Any, transactional_db: None) -> Cast:
    """Officers in the database, and keys of this test alone."""
    for name in ("KEY", "VERIFIER", "WITNESS"):
        setattr(settings, f"TRAIL_{name}_FILE", tmp_path / name)
    # Nothing is sealed here, and other tests came before.
    settings.TRAIL_LATE_SECONDS = 1_000_000
    make_keys()
    return make_cast()


def check() -> Report:
    return verify(witness=None, verifier=verifier_key(), cases=True, processes=1)


def sentences() -> list[str]:
    report = check()
    assert {problem.kind for problem in report.problems} <= {Kind.CASE, Kind.MISSING}
    of_cases = [problem for problem in report.problems if problem.kind is Kind.CASE]
    assert all(problem.sentence.startswith(problem.subject.replace("case:", "Case ")) for problem in of_cases)
    return [problem.sentence for problem in of_cases]


def change(statement: str, *values: object) -> None:
    with superuser() as database:
        database.execute(statement, values)


def test_cases_nobody_touched_are_what_their_entries_say(cast: Cast) -> None:
    make.issued(cast.amina)
    asked = make_authority.asked(cast.amina, make.police_knife())
    make_authority.found_suitable(asked, cast.yusuf)
    make_authority.granted(asked, cast.priya)
    report = check()
    assert report.problems == ()
    assert (report.cases, report.erased_in_cases) == (2, 0)
    said = StringIO()
    call_command("verify_audit_trail", "--cases", "--no-witness", stdout=said)
    assert "Replayed 2 cases" in said.getvalue()


def test_cases_with_what_follows_their_issue_are_what_their_entries_say(cast: Cast) -> None:
    reference, other = make.issued(cast.amina, make.two_victims()), make.issued(cast.amina, make.child())
    shop, noor = make_afterwards.victims(reference)
    make_afterwards.contacted(reference, cast.amina, noor, result="no_answer", told="nothing", note="Łódź 🙂 <b>x</b>")
    make_afterwards.corrected(reference, cast.amina)
    make_afterwards.corrected(reference, cast.grace, f"{noor.pk}.last_names", old="Haddad", new="Hadad")
    make_afterwards.contacted(reference, cast.amina, shop, how="letter", result="sent")
    make_afterwards.rescinded(reference, cast.priya)
    make_afterwards.contacted(reference, cast.grace, None, told="rescission")
    make_afterwards.rescinded(other, cast.helen)
    make_afterwards.corrected(other, cast.amina)
    report = check()
    assert (report.problems, report.cases) == ((), 2)
    # The control: a correction, a contact and a rescission that no entry tells of are named.
    change("UPDATE cases_correction SET new = 'Other' WHERE victim_id = %s", noor.pk)
    change("UPDATE cases_contact SET told = 'nothing' WHERE how = 'letter'")
    change("DELETE FROM cases_rescission WHERE case_id = %s", make.read(other).pk)
    said = sentences()
    assert len(said) == 3
    assert any("the column new of correction" in each for each in said)
    assert any("the column told of contact" in each for each in said)
    assert any("rescission" in each and other in each for each in said)


def test_a_case_rewritten_without_its_entries_is_named(cast: Cast) -> None:
    reference, other = make.issued(cast.amina), make.issued(cast.amina)
    pk = make.read(reference).pk
    change("UPDATE cases_case SET rationale = 'Another.' WHERE reference = %s", reference)
    assert sentences() == [f"Case {reference}: the column rationale of case {pk} says something else than its entries."]
    with pytest.raises(SystemExit) as end:
        call_command("verify_audit_trail", "--cases", "--no-witness", stdout=StringIO())
    assert end.value.code == 1
    assert other


def test_what_was_decided_is_held_to_the_entries_too(cast: Cast) -> None:
    reference = make_authority.asked(cast.amina, make.knife_and_hate())
    make_authority.granted(reference, cast.priya)
    change("UPDATE authorisations_decision SET outcome = 'refused'")
    (sentence,) = sentences()
    assert sentence.startswith(f"Case {reference}: the column outcome of decision ")


def test_what_came_of_an_agreed_action_is_held_to_the_entries_too(cast: Cast) -> None:
    reference = make.issued(cast.amina)
    recorded(reference, cast.grace, "not_complied", 1)
    recorded(reference, cast.amina, "completed", 1)
    recorded(reference, cast.amina, "completed", 2)
    assert (check().problems, make.read(reference).status) == ((), "completed")
    first = ActionProgress.objects.earliest("pk")
    change("UPDATE cases_actionprogress SET outcome = 'completed', reason = '' WHERE id = %s", first.pk)
    assert sentences() == [
        f"Case {reference}: the column {name} of progress {first.pk} says something else than its entries."
        for name in ("outcome", "reason")
    ]


def test_rows_added_and_rows_removed_are_named(cast: Cast) -> None:
    reference = make.issued(cast.amina)
    offence = make.record(reference).offences[0].pk
    change("UPDATE cases_caseoffence SET id = 900000 WHERE id = %s", offence)
    assert set(sentences()) == {
        f"Case {reference}: its entries tell of offence {offence}, which is not there.",
        f"Case {reference}: offence 900000 is there, but no entry tells of it.",
    }


def test_a_case_that_is_gone_and_one_that_nobody_recorded_are_named(cast: Cast) -> None:
    reference, kept = make.case(cast.amina), make.case(cast.amina)
    pk = make.read(reference).pk
    for table, column in (("cases_offender", "case_id"), ("cases_statuschange", "case_id"), ("cases_case", "id")):
        change(f"DELETE FROM {table} WHERE {column} = %s", pk)  # noqa: S608
    assert sentences() == [f"Case {reference}: it has entries, and is not there any more."]
    change("DELETE FROM audit_entrypersonal")
    change("DELETE FROM audit_entry WHERE subject = %s", f"case:{kept}")
    assert f"Case {kept}: it has no entries." in sentences()


def test_an_erased_value_goes_with_any_and_is_counted(cast: Cast) -> None:
    reference = make.issued(cast.amina)
    connections["default"].close()
    change("DELETE FROM audit_entrypersonal")
    assert ERASED in {
        value for row in replay(Case.objects.get(reference=reference).subject).values() for value in row.values()
    }
    report = check()
    assert [problem.kind for problem in report.problems] == [Kind.MISSING]
    assert report.erased_in_cases > 10
    assert report.notices[-1].startswith("One case holds ")
    assert "values that were erased from the trail" in report.notices[-1]
    change("UPDATE cases_offender SET last_names = 'Another'")
    assert sentences() == []
    change("UPDATE cases_case SET status = 'withdrawn'")
    (sentence,) = sentences()
    assert "the column status of case" in sentence
