"""An interest declared after deciding: what its officer gave is void, and everybody reads why and what to do."""

import pytest
from django.urls import reverse

from cr_app.audit.models import Entry
from cr_app.audit.queries import replay, timeline_of
from cr_app.authorisations import actions
from cr_app.authorisations.queries import rows_of
from cr_app.cases.actions.authority import record_crime_report_entry
from cr_app.cases.actions.issue import SentBack
from cr_app.cases.actions.submission import reopen
from cr_app.cases.lifecycle import Status
from cr_app.cases.models import Void
from cr_app.cases.queries import rows_now
from cr_app.pages.refusals import NotAllowed
from tests import make
from tests.authorisations import making
from tests.authorisations.pages import client_of
from tests.cast import Cast
from tests.journeys.browsing import open_page

WHY = "I see now that she is my cousin."


def granted(cast: Cast) -> str:
    """Return the reference of a case to which Priya gave authority."""
    reference = making.asked(cast.amina)
    assert making.grant(reference, cast.priya) is Status.READY
    return reference


def test_declaring_an_interest_voids_what_one_gave_and_says_no_more_of_it_than_that(cast: Cast) -> None:
    reference = granted(cast)
    version, entries = make.read(reference).version, Entry.objects.count()
    declared = actions.declare_interest(reference, by=cast.priya, reason=WHY)
    assert declared == actions.Declared(Status.READY, ("the authority given",))
    case, void = make.read(reference), Void.objects.get()
    assert (case.authority_decision, case.authority_by, case.authority_snapshot) == (None, None, None)
    assert (void.kind, void.given_by, void.voided_by) == ("authority", cast.priya, cast.priya)
    assert "Interest declared by whoever gave it" in void.changed
    assert "cousin" not in void.changed
    assert (case.status_now, case.version) == (Status.READY, version + 1)
    assert Entry.objects.count() == entries + 1
    line = timeline_of(case.subject).lines[0]
    assert "declared an interest in the case; this voided the authority given" in line.sentence
    assert line.reason == WHY
    assert replay(case.subject) == rows_now(case) | rows_of(case)
    # Once is enough.
    assert actions.declare_interest(reference, by=cast.priya, reason=WHY) == actions.Declared(Status.READY)
    assert Void.objects.count() == 1


def test_what_another_gave_stands_and_so_does_a_refusal(cast: Cast) -> None:
    reference = granted(cast)
    assert actions.declare_interest(reference, by=cast.helen, reason=WHY).voided == ()
    assert make.read(reference).authority_decision == "granted"
    refused = making.asked(cast.amina, make.knife().but(report="8/26"))
    actions.refuse(refused, by=cast.priya, reasons=making.REASONS, seen=making.seen(refused))
    assert actions.declare_interest(refused, by=cast.priya, reason=WHY) == actions.Declared(Status.REFUSED)
    assert make.read(refused).authority_decision == "refused"
    assert not Void.objects.exists()


def test_a_ready_case_then_goes_back_at_issue_and_is_decided_by_another(cast: Cast) -> None:
    reference = granted(cast)
    record_crime_report_entry(reference, by=cast.amina, entry_reference="DETS 14")
    actions.declare_interest(reference, by=cast.priya, reason=WHY)
    sent_back = make.issue_it(reference, cast.amina)
    assert isinstance(sent_back, SentBack)
    assert sent_back.sentences[0] == "Authority is void: Insp 2051 Priya Shah declared an interest in this case."
    assert make.read(reference).status_now is Status.DRAFT
    page = open_page(client_of(cast.amina), reverse("case", args=[reference])).tree.text()
    assert "Authority is void: Insp 2051 Priya Shah declared an interest" in page
    assert making.ask_about(reference, cast.amina) is Status.AWAITING_AUTHORITY
    with pytest.raises(actions.MayNotDecide, match="declared an interest"):
        making.grant(reference, cast.priya)
    assert making.grant(reference, cast.helen) is Status.READY


def test_its_officer_reads_that_it_is_void_and_why_and_to_reopen_it(cast: Cast) -> None:
    reference = granted(cast)
    actions.declare_interest(reference, by=cast.priya, reason=WHY)
    path, amina = reverse("case", args=[reference]), client_of(cast.amina)
    page = open_page(amina, path).tree.text()
    for said in (
        "Authority is void",
        "Insp 2051 Priya Shah declared an interest in this case on",
        "Reopen the case, then submit it. Authority is asked for again",
        "This case cannot be issued as it is",
    ):
        assert said in page
    assert "changed what it covered" not in page
    assert "cousin" not in page
    assert reverse("case_issue", args=[reference]) not in open_page(amina, path).html
    reopen(reference, by=cast.amina)
    page = open_page(amina, path).tree.text()
    assert "Authority is void" in page
    assert "Authority is asked for again when you submit the case." in page


def test_a_finding_of_suitability_becomes_void_too(cast: Cast) -> None:
    reference = making.referred(cast.amina)
    actions.find_suitable(reference, by=cast.yusuf, reasons="Minor.", seen=making.seen(reference))
    declared = actions.declare_interest(reference, by=cast.yusuf, reason=WHY)
    assert declared.voided == ("the finding of suitability",)
    case = make.read(reference)
    assert case.professional_standards_decision is None
    assert replay(case.subject) == rows_now(case) | rows_of(case)


@pytest.mark.parametrize(
    ("decided", "before", "after"),
    [
        ("", "Others decide on it instead.", "Others decide on it."),
        ("granted", "Declaring an interest voids the authority given", "That voids the authority given"),
        ("refused", "Nothing that was decided changes by it.", "Nothing that was decided changes by it"),
    ],
)
def test_the_page_says_what_truly_follows(cast: Cast, decided: str, before: str, after: str) -> None:
    reference = making.asked(cast.amina)
    if decided:
        decide = actions.grant if decided == "granted" else actions.refuse
        decide(reference, by=cast.priya, reasons=making.REASONS, seen=making.seen(reference))
    priya, path = client_of(cast.priya), reverse("authority_interest", args=[reference])
    assert path in open_page(priya, reverse("authority_review", args=[reference])).html
    form = open_page(priya, path)
    assert before in form.tree.text()
    sent = priya.post(form.path, form.form | {"reason": WHY})
    assert after in open_page(priya, sent["Location"]).tree.text()


def test_of_a_final_case_it_is_refused_with_whom_to_tell(cast: Cast) -> None:
    reference = granted(cast)
    record_crime_report_entry(reference, by=cast.amina, entry_reference="DETS 14")
    assert make.issue_it(reference, cast.amina) is None
    read = open_page(client_of(cast.priya), reverse("authority_review", args=[reference]))
    assert (read.status, reverse("authority_interest", args=[reference]) in read.html) == (200, False)
    with pytest.raises(NotAllowed, match=r"Tell professional standards .* its officer, PC 4127 Amina Khan"):
        actions.declare_interest(reference, by=cast.priya, reason=WHY)
    assert not Void.objects.exists()
