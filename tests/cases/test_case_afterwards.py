"""The page of a case after issue: what remains, dates that were changed, who was told, corrected names, what was rescinded."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.cases.actions.contacts import Attempt, record_contact
from cr_app.cases.actions.correcting import NameCorrection, correct_name
from cr_app.cases.actions.progress import Came, record_progress
from cr_app.cases.actions.refusing import record_signing_refused
from cr_app.cases.actions.rescinding import rescind, seen_state
from cr_app.cases.actions.submission import reopen
from cr_app.cases.presenting.afterwards import Names, names_of
from cr_app.pages.moments import written
from tests import make
from tests.cast import Cast, sign_in
from tests.make_progress import recorded, with_actions
from tests.pages.markup import Node, read


@pytest.fixture
def issued(cast: Cast) -> str:
    """A case of Amina's with one action and one victim."""
    return make.issued(cast.amina, make.shop_theft().but(actions=(make.apology(),)))


def page(reference: str, officer: Officer, name: str = "case") -> Node:
    """Return a page of a case as this officer sees it."""
    response = sign_in(Client(), officer).get(reverse(name, args=[reference]))
    assert response.status_code == 200
    return read(response.content.decode())


def links(found: Node) -> set[str]:
    """Return where the links of a page lead."""
    return {node.attrs.get("href", "") for node in found.find_all("a")}


def came(reference: str, officer: Officer, outcome: str, **said: object) -> None:
    """Record what came of the one action."""
    standing = make.record(reference).standings[0]
    told = Came(outcome, **said)  # type: ignore[arg-type]
    record_progress(reference, standing.action.pk, by=officer, came=told, seen=len(standing.progress))


def tell(reference: str, officer: Officer, told: str = "decision", *, offender: bool = False) -> None:
    """Record that the victim, or the offender, was told."""
    victim = None if offender else make.record(reference).victims[0].pk
    attempt = Attempt(victim, timezone.now(), "phone", "reached", told)
    record_contact(reference, by=officer, attempt=attempt, token=uuid4())


def test_it_says_what_remains_until_nothing_does(cast: Cast, issued: str) -> None:
    due = make.record(issued).actions[0].due_on
    shown = page(issued, cast.amina)
    assert f"The agreed action is still to be done: due on {written(due)}." in shown.text()
    assert "The victim is still to be told of the decision." in shown.text()
    assert {reverse("case_progress", args=[issued]), reverse("case_contacts", args=[issued])} <= links(shown)
    assert "Record a contact" in shown.text()
    tell(issued, cast.amina)
    came(issued, cast.amina, "completed", happened_on=timezone.localdate(), said_by="The shop")
    shown = page(issued, cast.amina)
    assert "everything that was agreed has been done" in shown.text()
    for gone in ("still to be", "Record a contact", "Record what came of an action"):
        assert gone not in shown.text()


def test_its_documents_are_a_button_on_the_day_of_issue_alone(cast: Cast, issued: str) -> None:
    assert "Print or open its documents" in page(issued, cast.amina).text()
    assert "Print or open its documents" not in page(issued, cast.grace, "case_print").text()
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=True):
        shown = page(issued, cast.amina)
        assert "Print or open its documents" not in shown.text()
        assert reverse("case_documents", args=[issued]) in links(shown)


def test_a_changed_date_stands_beside_the_one_agreed(cast: Cast, issued: str) -> None:
    due = make.record(issued).actions[0].due_on
    later = due + timedelta(days=9)
    came(issued, cast.amina, "date_changed", due_on=later, reason="He was in hospital.")
    for name in ("case", "case_print"):
        shown = page(issued, cast.amina, name).text()
        assert f"As agreed: {written(due)}" in shown
        assert written(later) in shown
        assert "He was in hospital." in shown


def test_a_corrected_name_stands_beside_the_one_issued_wherever_it_is_named(cast: Cast, issued: str) -> None:
    record = make.record(issued)
    before, victim = record.offender.name, record.victims[0]
    wrong = NameCorrection("offender.last_names", record.offender.last_names or "", "Ransom-Bell", "Passport seen.")
    correct_name(issued, by=cast.amina, correction=wrong, token=uuid4())
    shop = NameCorrection(
        f"{victim.pk}.organisation_name", victim.organisation_name or "", "Hollow Way Stores", "Sign over the door."
    )
    correct_name(issued, by=cast.amina, correction=shop, token=uuid4())
    for name in ("case", "case_print"):
        shown = page(issued, cast.amina, name)
        assert shown.find_all("h1")[0].text() == before
        rows = [row.text() for row in shown.find_all("div", class_="govuk-summary-list__row")]
        assert f"Offender {before} Corrected to: Jade Ransom-Bell" in rows
        text = shown.text()
        assert "Corrected to: Hollow Way Stores" in text
        assert "Passport seen." in text
        assert "corrected to Hollow Way Stores" in text
        assert "English, version 2" in text
        assert "English, version 1" in text
        assert "Letter to the victim, Hollow Way Stores" in text
    # The control: another victim's or a plain case says nothing of the kind.
    assert "orrected" not in page(make.issued(cast.tom, make.shop_theft().but(report="1/26")), cast.tom).text()


def test_what_was_not_complied_with_is_counted_by_itself(cast: Cast) -> None:
    reference = make.issued(cast.amina, with_actions(make.apology(), make.apology(), make.apology()))
    due = written(make.record(reference).actions[0].due_on)
    assert f"3 agreed actions are still to be done: the next due on {due}." in page(reference, cast.amina).text()
    recorded(reference, cast.amina, "not_complied", 2)
    shown = page(reference, cast.amina).text()
    assert "1 of 3 agreed actions was not complied with." in shown
    assert f"2 of 3 agreed actions are still to be done: the next due on {due}." in shown


def namesakes(cast: Cast) -> str:
    """Issue a case of Jade Ransome, which harmed another Jade Ransome and a Jade Ransomeham."""
    same = make.person(first_names="Jade", last_names="Ransome")
    longer = make.person(first_names="Jade", last_names="Ransomeham")
    return make.issued(cast.amina, make.two_victims().but(victims=(same, longer), actions=(make.apology(),)))


def test_of_two_people_of_one_name_the_one_corrected_is_said_to_be(cast: Cast) -> None:
    reference = namesakes(cast)
    mother = make.record(reference).victims[0]
    assert mother.name == make.record(reference).offender.name
    wrong = NameCorrection(f"{mother.pk}.first_names", "Jade", "Jane", "Passport seen.")
    correct_name(reference, by=cast.amina, correction=wrong, token=uuid4())
    for name in ("case", "case_print"):
        text = page(reference, cast.amina, name).text()
        assert "The name was corrected to" not in text
        assert "Victim 1: Jade Ransome, corrected to Jane Ransome" in text
        assert text.count("corrected to") == 1
    record = make.record(reference)
    assert names_of(record, record.corrections).offender == ""
    wrong = NameCorrection("offender.first_names", "Jade", "Jayde", "Passport seen.")
    correct_name(reference, by=cast.amina, correction=wrong, token=uuid4())
    record = make.record(reference)
    names = names_of(record, record.corrections)
    assert (names.offender, names.victims, names.whole) == ("Jayde Ransome", {mother.pk: "Jane Ransome"}, {})


def test_a_name_inside_a_longer_word_is_not_said_to_be_corrected() -> None:
    names = Names(whole={"Boots": "Boots UK"})
    assert "Corrected" not in names.beside({"key": "case.place", "answer": "Outside Reboots, by Bootsy"})
    assert "Corrected name: Boots UK" in names.beside({"key": "case.place", "answer": "Outside Boots, Lewisham"})


def test_a_rescinded_case_shows_who_why_and_whom_to_tell(cast: Cast, issued: str) -> None:
    tell(issued, cast.amina)
    rescind(issued, by=cast.priya, reason="A caution was found.", seen=seen_state(make.read(issued)))
    shown = page(issued, cast.amina)
    text = shown.text()
    assert "It counts no more" in text
    assert "Inspector (substantive) 2051 Priya Shah" in text
    assert "A caution was found." in text
    assert "The offender and the victim are still to be told of the rescission." in text
    assert reverse("case_rescind", args=[issued]) not in links(shown)


def test_only_an_inspector_of_others_is_led_to_rescinding_it(cast: Cast, issued: str) -> None:
    address = reverse("case_rescind", args=[issued])
    assert address not in links(page(issued, cast.amina))
    assert address not in links(page(issued, cast.grace))
    client = sign_in(Client(), cast.priya)
    client.post(reverse("case_why", args=[issued]), {"reason": "A complaint."})
    shown = read(client.get(reverse("case", args=[issued])).content.decode())
    assert address in links(shown)
    # Who only looks is offered nothing that follows it up.
    assert reverse("case_correct", args=[issued]) not in links(shown)
    assert "Record a contact" not in shown.text()


def test_that_somebody_would_not_sign_stands_on_a_case_that_is_ready(cast: Cast) -> None:
    reference = make.submitted(cast.amina)
    assert "Not signed" not in page(reference, cast.amina).text()
    record_signing_refused(reference, by=cast.amina, token=uuid4(), role="offender", said="Not without my brother.")
    shown = page(reference, cast.amina)
    assert "Not without my brother." in shown.text()
    assert "The offender would not sign on" in shown.text()
    assert reverse("case_issue", args=[reference]) in links(shown)
    # Who may not issue it is told that, and not what to do.
    assert "Not without my brother." in page(reference, cast.grace).text()
    assert "Talk again" not in page(reference, cast.grace).text()


def test_that_somebody_would_not_sign_an_earlier_version_is_kept_and_no_longer_leads(cast: Cast) -> None:
    reference = make.submitted(cast.amina)
    record_signing_refused(reference, by=cast.amina, token=uuid4(), role="offender", said="Not without my brother.")
    assert "Talk again" in page(reference, cast.amina).text()
    reopen(reference, by=cast.amina)
    make.answer(reference, cast.amina, "rationale", case__rationale="Both agreed to less.")
    make.submit_it(reference, cast.amina)
    shown = page(reference, cast.amina).text()
    assert "Ready to issue" in shown
    assert "Not without my brother." in shown
    assert "Talk again" not in shown
