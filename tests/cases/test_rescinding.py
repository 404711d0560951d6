"""Rescinding: an Inspector or above who had no part in a case takes it back, with reasons, once and for good."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.audit.models import Entry
from cr_app.authorisations.actions.interest import declare_interest
from cr_app.cases.actions.authority import record_crime_report_entry
from cr_app.cases.actions.rescinding import MayNotRescind, reasons_against_rescinding, seen_state
from cr_app.cases.lifecycle import Move, Status
from cr_app.cases.models import Case, Document, Rescission, StatusChange
from cr_app.pages.refusals import AccessDenied, NotAllowed, Stale
from tests import make, make_authority
from tests.cast import PASSWORD, Cast, give_password, sign_in
from tests.make_afterwards import WRONG, corrected, rescinded


def reasons(officer: Officer, reference: str) -> str:
    return " ".join(reasons_against_rescinding(officer, make.read(reference), at=timezone.now()))


def restricted(cast: Cast) -> str:
    """Return a case that was referred, found suitable, and issued."""
    reference = make.submitted(cast.amina)
    Case.objects.filter(reference=reference).update(is_restricted=True)
    make.issue_it(reference, cast.amina)
    return reference


def moved(reference: str, to: Status, cast: Cast) -> None:
    """Have a case that was issued stand otherwise, as the progress of its actions would."""
    case = Case.objects.get(reference=reference)
    move = Move.COMPLETE if to is Status.COMPLETED else Move.RECORD_NOT_COMPLIED
    StatusChange.objects.create(
        case=case, move=move, from_status=case.status, to_status=to, at=timezone.now(), by=cast.amina, reason="So."
    )
    Case.objects.filter(pk=case.pk).update(status=to.value)


@pytest.mark.parametrize("stands", [Status.ISSUED, Status.COMPLETED, Status.NOT_COMPLIED])
def test_it_is_rescinded_from_wherever_an_issued_case_stands(cast: Cast, stands: Status) -> None:
    reference = make.issued(cast.amina, make.two_victims())
    if stands is not Status.ISSUED:
        moved(reference, stands, cast)
    made = rescinded(reference, cast.priya)
    case = make.read(reference)
    assert case.status == "rescinded"
    row = Rescission.objects.get(case=case)
    assert (row.rank, row.is_substantive, row.reason, row.by) == ("Inspector", True, WRONG, cast.priya)
    entry = Entry.objects.get(subject=case.subject, event="case.rescinded")
    assert (entry.details["status_from"], entry.details["status_to"]) == (stands.value, "rescinded")
    assert entry.details["rank"] == "Inspector"
    assert (StatusChange.objects.filter(case=case).latest("pk").move, entry.actor_key) == (
        Move.RESCIND,
        str(cast.priya.pk),
    )
    # A notice for the offender and each victim, and every document from before.
    assert sorted(each.kind for each in made) == ["offender_notice", "victim_notice", "victim_notice"]
    assert not [each for each in made if WRONG in each.content]
    assert Document.objects.filter(case=case, because="issued").count() == 4


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("amina", "You recorded this case"),
        ("tom", "you have not been given that role"),
        ("grace", "you have not been given that role"),
        ("ruth", "you have not been given that role"),
    ],
)
def test_whoever_has_not_the_role_or_recorded_it_may_not(cast: Cast, who: str, sentence: str) -> None:
    reference = make.issued(cast.amina)
    with pytest.raises(MayNotRescind, match=sentence):
        rescinded(reference, getattr(cast, who))
    assert make.read(reference).status == "issued"
    rescinded(reference, cast.helen)


@pytest.mark.parametrize("who", ["kieran", "owen", "colin", "margaret", "olivia", "yusuf"])
def test_whoever_may_not_see_it_learns_nothing(cast: Cast, who: str) -> None:
    reference = make.issued(cast.amina)
    with pytest.raises(AccessDenied) as refused:
        rescinded(reference, getattr(cast, who))
    assert refused.value.answer_status == 404
    assert make.read(reference).status == "issued"


def test_an_inspectors_own_case_is_rescinded_by_another(cast: Cast) -> None:
    reference = make.issued(cast.priya)
    assert reasons(cast.priya, reference) == "You recorded this case, so another officer must rescind it."
    assert reasons(cast.helen, reference) == ""
    handed = make.submitted(cast.amina)
    Case.objects.filter(reference=handed).update(officer=cast.priya)
    make.issue_it(handed, cast.priya)
    assert reasons(cast.priya, handed) == "This case is yours, so another officer must rescind it."
    assert reasons(cast.helen, handed) == ""


def test_whoever_changed_answers_before_may_not(cast: Cast) -> None:
    reference = make.complete_shop_theft(cast.amina)
    Case.objects.filter(reference=reference).update(officer=cast.priya)
    make.answer(reference, cast.priya, "rationale", case__rationale="A first offence, and the shop wants it settled.")
    Case.objects.filter(reference=reference).update(officer=cast.amina)
    make.submit_it(reference, cast.amina)
    make.issue_it(reference, cast.amina)
    assert reasons(cast.priya, reference) == "You changed answers in this case, so another officer must rescind it."
    assert reasons(cast.helen, reference) == ""


def test_a_party_and_whoever_declared_an_interest_may_not(cast: Cast) -> None:
    story = make.shop_theft().but(victims=(make.person(warrant_number=cast.priya.warrant_number),))
    reference = make.issued(cast.amina, story)
    assert "You are a party to this case" in reasons(cast.priya, reference)
    assert reasons(cast.helen, reference) == ""
    with pytest.raises(MayNotRescind, match="You are a party"):
        rescinded(reference, cast.priya)


def test_an_interest_declared_while_it_waited_still_counts(cast: Cast) -> None:
    from_before = make_authority.asked(cast.amina, make.knife())
    declare_interest(from_before, by=cast.helen, reason="My neighbour.")
    make_authority.granted(from_before, cast.priya)
    record_crime_report_entry(from_before, by=cast.amina, entry_reference="DETS 14")
    make.issue_it(from_before, cast.amina)
    assert (
        reasons(cast.helen, from_before) == "You declared an interest in this case, so another officer must rescind it."
    )
    # Whoever authorised it may take it back.
    rescinded(from_before, cast.priya)


def test_a_rank_acted_in_counts_but_where_the_rulebook_wants_it_substantive(cast: Cast) -> None:
    reference = make.issued(cast.amina)
    assert reasons(cast.daniel, reference) == (
        "To rescind it takes an Inspector or above, substantive in that rank. You are acting as Inspector, and your "
        "substantive rank is Sergeant: an acting or temporary rank does not count here."
    )
    with pytest.raises(MayNotRescind):
        rescinded(reference, cast.daniel)
    in_kent = make_authority.asked(cast.kieran, make.kent())
    make_authority.granted(in_kent, cast.laura)
    make.issue_it(in_kent, cast.kieran)
    assert "To rescind it takes an Inspector or above. Your rank is Sergeant." in reasons(cast.laura, in_kent)
    cast.laura.acting_rank, cast.laura.acting_from = "Inspector", timezone.localdate()
    assert reasons(cast.laura, in_kent) == ""
    # Acting until yesterday is acting no more.
    cast.laura.acting_from = cast.laura.acting_until = timezone.localdate() - timedelta(days=1)
    assert "Your rank is Sergeant." in reasons(cast.laura, in_kent)
    cast.laura.acting_until = None
    rescinded(in_kent, cast.laura)
    row = Rescission.objects.get(case__reference=in_kent)
    assert (row.rank, row.is_substantive) == ("Inspector", False)
    assert Entry.objects.get(event="case.rescinded").details["rank"] == "Acting Inspector"


def test_a_restricted_case_is_rescinded_by_professional_standards_alone(cast: Cast) -> None:
    reference = restricted(cast)
    with pytest.raises(AccessDenied):
        rescinded(reference, cast.priya)
    assert reasons(cast.yusuf, reference) == ""
    cast.yusuf.substantive_rank = "Sergeant"
    assert "Your rank is Sergeant." in reasons(cast.yusuf, reference)
    cast.yusuf.substantive_rank = "Chief Inspector"
    rescinded(reference, cast.yusuf)


@pytest.mark.parametrize("status", [Status.DRAFT, Status.READY, Status.RESCINDED])
def test_nothing_but_what_was_issued_is_rescinded(cast: Cast, status: Status) -> None:
    reference = make.complete_shop_theft(cast.amina) if status is Status.DRAFT else make.submitted(cast.amina)
    if status is Status.RESCINDED:
        make.issue_it(reference, cast.amina)
        rescinded(reference, cast.helen)
    with pytest.raises((MayNotRescind, Stale)):
        rescinded(reference, cast.priya)
    assert Rescission.objects.count() == (status is Status.RESCINDED)


def test_a_reason_is_wanted_and_a_case_that_moved_on_is_read_again(cast: Cast) -> None:
    reference = make.issued(cast.amina)
    with pytest.raises(NotAllowed, match="Give the reason"):
        rescinded(reference, cast.priya, reason=" \n")
    with pytest.raises(Stale, match="Something was recorded"):
        rescinded(reference, cast.priya, seen="issued.1.0")
    assert make.read(reference).status == "issued"
    rescinded(reference, cast.priya)


def test_it_counts_no_more_as_an_earlier_disposal_and_as_no_other_outcome(cast: Cast) -> None:
    story = make.shop_theft().answering({"offender.pnc_id": "2003/0011985X"})
    first = make.issued(cast.amina, story)
    second = make.case(cast.amina)
    make.answer(second, cast.amina, "offender-details", offender__pnc_id="2003/0011985X")
    assert [each.counts for each in make.record(second).earlier_cases] == [True]
    rescinded(first, cast.priya)
    assert [each.counts for each in make.record(second).earlier_cases] == [False]
    assert Case.objects.filter(status="rescinded").count() == 1


def test_two_inspectors_at_once_rescind_it_once_and_the_second_keeps_the_words(cast: Cast) -> None:
    reference = make.issued(cast.amina)
    priya, helen = (ready_to_rescind(officer, reference) for officer in (cast.priya, cast.helen))
    assert priya.post(reverse("case_rescind", args=[reference]), sent(reference)).status_code == 302
    late = helen.post(reverse("case_rescind", args=[reference]), sent(reference, reason="Mine, which is longer."))
    assert late.status_code == 409
    page = late.content.decode()
    for words in ("Insp 2051 Priya Shah rescinded it on", "Mine, which is longer.", "It is here to copy"):
        assert words in page
    assert "Rescind it</button>" not in page
    assert Rescission.objects.get().by == cast.priya


def ready_to_rescind(officer: Officer, reference: str) -> Client:
    """Return a client of an officer who has just signed in and said why they look at the case."""
    client = sign_in(Client(), officer)
    client.post(reverse("case_why", args=[reference]), {"reason": "A complaint about the decision."})
    return client


def sent(reference: str, **changed: Any) -> dict[str, Any]:
    return {"reason": WRONG, "declared": "yes", "seen": seen_state(make.read(reference))} | changed


def test_sent_twice_it_is_rescinded_once(cast: Cast) -> None:
    reference = make.issued(cast.amina)
    client, fields = ready_to_rescind(cast.priya, reference), sent(reference)
    for _ in range(2):
        assert client.post(reverse("case_rescind", args=[reference]), fields)["Location"] == reverse(
            "case", args=[reference]
        )
    assert Entry.objects.filter(event="case.rescinded").count() == 1
    assert Document.objects.filter(case__reference=reference, because="rescinded").count() == 2
    # Another text is no second click.
    assert client.post(reverse("case_rescind", args=[reference]), fields | {"reason": "Other."}).status_code == 403


def test_the_inspector_goes_from_the_search_by_way_of_the_reason_to_the_rescission(cast: Cast) -> None:
    reference = make.issued(cast.amina, make.two_victims())
    client = sign_in(Client(), cast.helen)
    found = client.get(client.post(reverse("case_search"), {"sought": reference})["Location"]).content.decode()
    assert reverse("case", args=[reference]) in found
    page = reverse("case_rescind", args=[reference])
    asked = client.get(page)
    assert (asked.status_code, "/why/" in asked["Location"]) == (302, True)
    assert client.post(asked["Location"], {"reason": "A complaint."})["Location"] == page
    case_page = client.get(reverse("case", args=[reference])).content.decode()
    assert f'href="{page}"' in case_page
    shown = client.get(page).content.decode()
    for words in (
        "What follows",
        "A notice is made for the offender and 2 victims",
        "2 agreed actions are still open",
        "This cannot be undone",
        "Rescind it</button>",
    ):
        assert words in shown
    wrong = client.post(page, {"seen": "issued.0.0"})
    assert wrong.status_code == 422
    for words in ("Say why it is rescinded", "Tick the declaration to rescind it"):
        assert words in wrong.content.decode()
    assert client.post(page, sent(reference)).status_code == 302
    done = client.get(reverse("case", args=[reference])).content.decode()
    assert "Both parties are to be told" in done
    assert "Rescinded" in done
    # Nothing is left to rescind, and the page says by whom it was.
    after = client.get(page).content.decode()
    assert "This case is rescinded, so it cannot be rescinded." in after
    assert "Insp 2077 Helen Brandt" in after


@pytest.mark.parametrize("who", ["amina", "grace", "daniel", "tom"])
def test_whoever_may_not_reads_why_and_finds_no_control(cast: Cast, who: str) -> None:
    reference = make.issued(cast.amina)
    officer = getattr(cast, who)
    client, page = ready_to_rescind(officer, reference), reverse("case_rescind", args=[reference])
    shown = client.get(page)
    assert shown.status_code == 200
    assert "You cannot rescind it" in shown.content.decode()
    assert "Rescind it</button>" not in shown.content.decode()
    assert "It takes an authorising officer of the force, an Inspector or above" in shown.content.decode()
    refused = client.post(page, sent(reference))
    assert refused.status_code == 403
    for words in ("You cannot rescind it", WRONG[:20]):
        assert words in refused.content.decode()
    entry = Entry.objects.filter(subject=f"case:{reference}", outcome="refused").latest("id")
    assert (entry.event, entry.actor_key) == ("action.refused", str(officer.pk))
    assert make.read(reference).status == "issued"


def test_a_case_that_moved_on_comes_back_with_the_words_and_is_rescinded_on_the_next_press(cast: Cast) -> None:
    reference = make.issued(cast.amina)
    client, page = ready_to_rescind(cast.priya, reference), reverse("case_rescind", args=[reference])
    fields = sent(reference)
    corrected(reference, cast.amina)
    stale = client.post(page, fields)
    assert (stale.status_code, make.read(reference).status) == (409, "issued")
    assert "£1,240" in stale.content.decode()
    fields["seen"] = stale.context["form"]["seen"].value()
    assert client.post(page, fields).status_code == 302


def test_the_password_is_asked_for_again_and_what_was_written_comes_back(cast: Cast) -> None:
    reference = make.issued(cast.amina)
    give_password(cast.priya)
    client, page = ready_to_rescind(cast.priya, reference), reverse("case_rescind", args=[reference])
    token = client.get(page).context["shown_to"]
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        asked = client.post(page, sent(reference) | {"shown_to": token})
        assert "/confirm-it-is-you/" in asked["Location"]
        assert make.read(reference).status == "issued"
        assert "/confirm-it-is-you/" in client.get(page)["Location"]
        assert client.post(asked["Location"], {"password": PASSWORD}).status_code == 302
        back = client.get(page).content.decode()
        assert "£1,240" in back
        assert client.post(page, sent(reference)).status_code == 302
    assert make.read(reference).status == "rescinded"


def test_what_was_written_before_a_reason_was_asked_for_comes_back(cast: Cast) -> None:
    reference = make.issued(cast.amina)
    client, page = ready_to_rescind(cast.priya, reference), reverse("case_rescind", args=[reference])
    shown_to = client.get(page).context["shown_to"]
    # In another sitting the reason of the one before opens nothing.
    fresh = sign_in(Client(), cast.priya)
    asked = fresh.post(page, sent(reference) | {"shown_to": shown_to})
    assert "/why/" in asked["Location"]
    assert make.read(reference).status == "issued"
    assert fresh.post(asked["Location"], {"reason": "A complaint."})["Location"] == page
    back = fresh.get(page).content.decode()
    assert "£1,240" in back
    assert "is here" in back
    assert fresh.post(page, sent(reference)).status_code == 302
