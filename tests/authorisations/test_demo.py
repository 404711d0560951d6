"""The demo's requests for authority: one of every outcome, by the actions, never made twice and nobody else's decided."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from cr_app.audit.queries import replay
from cr_app.authorisations.demo import EXAMPLES, make_decisions
from cr_app.authorisations.models import Decision, Request
from cr_app.authorisations.queries import rows_of, waiting
from cr_app.cases.models import Case, Void
from cr_app.cases.queries import rows_now
from tests import make
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_every_outcome_is_there_with_its_trail_and_with_whoever_decides_and_a_second_start_adds_nothing(
    cast: Cast,
) -> None:
    assert make_decisions(cast.everybody()) == len(EXAMPLES)
    cases = list(Case.objects.all())
    by_status = {status: sum(case.status == status for case in cases) for status in {case.status for case in cases}}
    assert by_status == {"awaiting_authority": 3, "draft": 2, "ready": 2, "issued": 2, "refused": 1, "not_used": 1}
    outcomes = Decision.objects.values_list("outcome", flat=True)
    assert set(outcomes) == {"granted", "refused", "returned", "suitable", "unsuitable"}
    assert Void.objects.get().case.status == "draft"
    ready = Case.objects.get(status="ready", authority_decision="granted")
    assert not ready.crime_report_entry_reference
    assert Case.objects.get(status="issued", force_id="01").crime_report_entry_reference
    for case in cases:
        assert replay(case.subject) == rows_now(case) | rows_of(case)

    # In Camden cases wait for an Inspector, in Kent one for a Sergeant.
    camden = {
        case.reference for case in cases if case.unit_id == cast.priya.unit_id and case.status == "awaiting_authority"
    }
    assert len(camden) == 2
    for_priya = {line.reference for line in waiting(cast.priya).lines if not line.is_veiled}
    assert camden <= for_priya
    assert [line.is_veiled for line in waiting(cast.laura).lines] == [False]

    before = (Case.objects.count(), Decision.objects.count(), Request.objects.count())
    assert make_decisions(cast.everybody()) == 0
    assert _said() == f"All {len(EXAMPLES)} requests for authority are here already.\n"
    assert (Case.objects.count(), Decision.objects.count(), Request.objects.count()) == before


def test_what_a_visitor_made_is_asked_about_and_never_decided(cast: Cast) -> None:
    theirs = make.submitted(cast.tom, make.knife())
    assert "Made" in _said()
    case = make.read(theirs)
    assert case.status == "awaiting_authority"
    assert not Decision.objects.filter(case=case).exists()
    assert Request.objects.filter(case=case).exists()


def test_outside_the_demo_it_refuses_in_one_sentence(cast: Cast, settings: Any) -> None:
    settings.DEMO = False
    said = StringIO()
    with pytest.raises(SystemExit) as refused:
        call_command("make_demo_decisions", stderr=said)
    assert refused.value.code == 2
    assert said.getvalue().count("\n") == 1
    assert not Case.objects.exists()


def _said() -> str:
    said = StringIO()
    call_command("make_demo_decisions", stdout=said)
    return said.getvalue()
