"""Contacts: who was tried, when and how, what they were told, and who still has to be told, in plain words."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cr_app.audit.models import Access, Entry
from cr_app.cases.models import Case, Contact, Victim
from cr_app.cases.presenting.contacts import contacts_page
from cr_app.cases.queries import Record
from cr_app.cases.queries.follow_up import Scope, untold_cases
from cr_app.cases.queries.telling import still_to_tell
from cr_app.pages.refusals import AccessDenied, NotAllowed, Refusal, Stale
from tests import make
from tests.cast import Cast, sign_in
from tests.make_afterwards import contacted, corrected, rescinded, victims


def shown(reference: str) -> dict[str, Any]:
    return contacts_page(make.read(reference), may_record=True)


def sent(victim: Victim | None, **changed: Any) -> dict[str, str]:
    """Return what the form sends of a telephone call this minute."""
    at = timezone.localtime()
    fields: dict[str, str] = {
        "victim_id": str(victim.pk) if victim else "offender",
        "happened_at_day": str(at.day),
        "happened_at_month": str(at.month),
        "happened_at_year": str(at.year),
        "happened_at_time": f"{at:%H:%M}",
        "how": "phone",
        "result": "no_answer",
        "told": "nothing",
        "note": "Try after six.",
        "token": str(uuid4()),
    }
    return fields | changed


def test_each_victim_is_not_told_until_a_contact_tells_the_decision(cast: Cast) -> None:
    reference = make.issued(cast.amina, make.two_victims())
    shop, noor = victims(reference)
    record = Record(make.read(reference))
    assert [each.victim for each in still_to_tell(record)] == [shop.pk, noor.pk]
    contacted(reference, cast.amina, noor, result="no_answer", told="nothing")
    assert shown(reference)["to_tell"][1].startswith(
        "Noor Haddad has not been told of the decision. Tried once, last on "
    )
    assert shown(reference)["to_tell"][1].endswith(": no answer.")
    contacted(reference, cast.grace, noor)
    assert shown(reference)["to_tell"] == ["Holloway Stores has not been told of the decision. Nobody has tried yet."]
    assert [each.victim for each in still_to_tell(Record(record.case))] == [shop.pk]
    contacted(reference, cast.amina, shop, how="letter", result="sent")
    assert shown(reference)["to_tell"] == []
    tried = Entry.objects.filter(subject=f"case:{reference}", event="case.contact_recorded").order_by("id")
    told = [(each.details["whom"], each.details["result"], each.details.get("told", "")) for each in tried]
    assert told == [
        ("victim 2", "no answer", ""),
        ("victim 2", "reached", "decision"),
        ("victim 1", "sent", "decision"),
    ]
    assert tried[1].actor_key == str(cast.grace.pk)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"happened_at": lambda issued: timezone.now() + timedelta(minutes=2)}, "that time has not come yet"),
        ({"happened_at": lambda issued: issued - timedelta(minutes=2)}, "before the Community Resolution was issued"),
        ({"result": "no_answer"}, "Nobody was reached"),
        ({"result": "left_message"}, "Nobody was reached"),
        ({"result": "wrong"}, "Nobody was reached"),
        ({"result": "sent"}, "Nothing is sent by speaking"),
        ({"how": "letter", "result": "left_message", "told": "nothing"}, "has no answer at once"),
        ({"told": "rescission"}, "what they were told"),
        ({"told": "correction"}, "what they were told"),
    ],
)
def test_what_cannot_be_so_is_refused(cast: Cast, changed: dict[str, Any], sentence: str) -> None:
    reference = make.issued(cast.amina)
    issued = make.read(reference).issued_at
    (shop,) = victims(reference)
    found = {name: value(issued) if isinstance(value, Callable) else value for name, value in changed.items()}  # type: ignore[arg-type]
    with pytest.raises(NotAllowed, match=sentence):
        contacted(reference, cast.amina, shop, **found)
    assert not Contact.objects.exists()
    # The control: in the very minute of the issue it is taken.
    contacted(reference, cast.amina, shop, happened_at=issued.replace(second=0, microsecond=0) if issued else None)
    assert Contact.objects.count() == 1


def test_an_attempt_before_the_issue_counts_as_long_as_nothing_was_told(cast: Cast) -> None:
    reference = make.issued(cast.amina)
    contacted(
        reference,
        cast.amina,
        victims(reference)[0],
        happened_at=timezone.now() - timedelta(hours=2),
        result="no_answer",
        told="nothing",
    )
    assert Contact.objects.count() == 1


def test_only_a_case_that_was_issued_has_contacts_and_only_its_own_victims(cast: Cast) -> None:
    ready, other = make.submitted(cast.amina), make.issued(cast.amina, make.cannabis())
    with pytest.raises(NotAllowed, match="once the Community Resolution is issued"):
        contacted(ready, cast.amina, victims(ready)[0])
    with pytest.raises(NotAllowed, match="no such victim"):
        contacted(other, cast.amina, victims(ready)[0])
    contacted(other, cast.amina, None)
    client = sign_in(Client(), cast.amina)
    assert client.get(reverse("case_contacts", args=[ready])).status_code == 403
    page = client.get(reverse("case_contacts", args=[other])).content.decode()
    assert "This case has no victim, so there is nobody else to tell." in page


def test_its_officer_and_the_sergeant_record_and_nobody_else(cast: Cast) -> None:
    reference = make.issued(cast.amina)
    (shop,) = victims(reference)
    refused: dict[str, type[Refusal]] = {
        "tom": NotAllowed,
        "priya": NotAllowed,
        "ruth": NotAllowed,
        "kieran": AccessDenied,
        "colin": AccessDenied,
    }
    for name, refusal in refused.items():
        with pytest.raises(refusal):
            contacted(reference, getattr(cast, name), shop)
    assert not Contact.objects.exists()
    contacted(reference, cast.amina, shop)
    contacted(reference, cast.grace, shop)
    assert Contact.objects.count() == 2


def test_in_summer_whoever_was_told_in_the_minute_of_the_correction_was_told(cast: Cast) -> None:
    # Half past midnight, summer time, half a minute into the minute.
    at = datetime(2026, 7, 1, 23, 30, 30, tzinfo=UTC)
    with time_machine.travel(at, tick=False):
        reference = make.issued(cast.amina)
        (shop,) = victims(reference)
        contacted(reference, cast.amina, shop, happened_at=at.replace(second=0))
        corrected(reference, cast.amina)
        assert [each.of for each in still_to_tell(Record(make.read(reference)))] == [("correction",)]
        with pytest.raises(NotAllowed, match="before the name was corrected, 2 July 2026"):
            contacted(
                reference, cast.amina, None, told="correction", happened_at=at.replace(second=0) - timedelta(minutes=1)
            )
        contacted(reference, cast.amina, None, told="correction", happened_at=at.replace(second=0))
        assert still_to_tell(Record(make.read(reference))) == ()


def test_a_restricted_case_is_closed_to_the_sergeant_and_followed_up_by_its_officer(cast: Cast) -> None:
    reference = make.submitted(cast.amina)
    Case.objects.filter(reference=reference).update(is_restricted=True)
    make.issue_it(reference, cast.amina)
    (shop,) = victims(reference)
    with pytest.raises(AccessDenied):
        contacted(reference, cast.grace, shop)
    contacted(reference, cast.amina, shop)


def test_after_a_rescission_both_parties_are_to_be_told_of_it(cast: Cast) -> None:
    reference = make.issued(cast.amina, make.two_victims())
    shop = victims(reference)[0]
    contacted(reference, cast.amina, shop)
    rescinded(reference, cast.priya)
    assert [sentence.partition(". ")[0].removesuffix(".") for sentence in shown(reference)["to_tell"]] == [
        "Holloway Stores has not been told that it was rescinded",
        "Noor Haddad has not been told of the decision, nor that it was rescinded",
        "Jade Ransome has not been told that it was rescinded",
    ]
    with pytest.raises(NotAllowed, match="before it was rescinded"):
        contacted(reference, cast.amina, None, told="rescission", happened_at=timezone.now() - timedelta(minutes=2))
    contacted(reference, cast.amina, None, told="rescission", how="in_person")
    contacted(reference, cast.amina, shop, told="rescission")
    assert len(shown(reference)["to_tell"]) == 1
    assert {case.pk for case in untold_cases(Scope(cast.amina))} == {make.read(reference).pk}
    # Whoever is told that it was taken back needs no more to be told that it was given.
    contacted(reference, cast.amina, victims(reference)[1], told="rescission")
    assert shown(reference)["to_tell"] == []
    assert not untold_cases(Scope(cast.amina)).exists()
    offender = shown(reference)["people"][-1]
    assert (offender.part, offender.is_told) == ("Offender", True)
    assert offender.standing.startswith("Told that it was rescinded on ")


def test_a_name_put_right_before_the_rescission_is_told_with_it_and_one_put_right_after_is_not(cast: Cast) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        reference = make.issued(cast.amina)
        (shop,) = victims(reference)
        corrected(reference, cast.amina)
        clock.shift(timedelta(minutes=5))
        rescinded(reference, cast.priya)
        for person in (shop, None):
            contacted(reference, cast.amina, person, told="rescission")
        assert (shown(reference)["to_tell"], untold_cases(Scope(cast.amina)).exists()) == ([], False)
        clock.shift(timedelta(minutes=5))
        corrected(reference, cast.amina, old="Ransom", new="Ransomme")
        assert (len(shown(reference)["to_tell"]), untold_cases(Scope(cast.amina)).exists()) == (1, True)


def test_whoever_was_misspelt_is_to_be_told_of_each_correction(cast: Cast) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        reference = make.issued(cast.amina)
        (shop,) = victims(reference)
        contacted(reference, cast.amina, shop)
        corrected(reference, cast.amina)
        assert shown(reference)["to_tell"] == [
            "Jade Ransom has not been told that the name was corrected. Nobody has tried yet."
        ]
        contacted(reference, cast.amina, None, told="correction")
        assert shown(reference)["to_tell"] == []
        clock.shift(timedelta(minutes=5))
        corrected(reference, cast.amina, old="Ransom", new="Ransomme")
        assert shown(reference)["to_tell"][0].startswith(
            "Jade Ransomme has not been told that the name was corrected. Nobody has tried yet."
        )


def test_a_form_sent_twice_is_recorded_once_and_a_token_used_for_something_else_is_stale(cast: Cast) -> None:
    reference = make.issued(cast.amina)
    (shop,) = victims(reference)
    client = sign_in(Client(), cast.amina)
    path = reverse("case_contacts", args=[reference])
    fields = sent(shop)
    for _ in range(2):
        assert client.post(path, fields)["Location"] == path
    assert Contact.objects.count() == 1
    assert Entry.objects.filter(event="case.contact_recorded").count() == 1
    token = uuid4()
    first = contacted(reference, cast.amina, shop, token=token)
    with pytest.raises(Stale):
        contacted(reference, cast.amina, shop, token=token, note="Another.", happened_at=first.happened_at)
    again = client.post(path, fields | {"note": "Something else.", "how": "in_person"})
    assert (again.status_code, Contact.objects.count()) == (409, 2)
    assert "Something else." in again.content.decode()
    # With the new token of that page it is another contact.
    fields |= {"note": "Something else.", "token": again.context["form"]["token"].value()}
    assert client.post(path, fields).status_code == 302
    assert Contact.objects.count() == 3


def test_the_page_lists_every_attempt_and_gives_a_refused_form_back(cast: Cast) -> None:
    reference = make.issued(cast.amina, make.two_victims())
    shop, noor = victims(reference)
    client = sign_in(Client(), cast.amina)
    path = reverse("case_contacts", args=[reference])
    empty = client.post(path, {"token": str(uuid4())})
    assert empty.status_code == 422
    for sentence in ("Select who it was", "Enter when it was", "Select how it was", "Select what came of it"):
        assert sentence in empty.content.decode()
    wrong = client.post(path, sent(noor, told="decision"))
    assert wrong.status_code == 422
    assert "Nobody was reached and nothing was sent" in wrong.content.decode()
    assert "Try after six." in wrong.content.decode()
    assert client.post(path, sent(shop, victim_id="0")).status_code == 422
    assert client.post(path, sent(noor)).status_code == 302
    assert client.post(path, sent(noor, result="reached", told="decision", note="<b>Glad</b>")).status_code == 302
    page = client.get(path).content.decode()
    for words in ("By phone: no answer", "By phone: reached", "Told: the decision", "Try after six.", "&lt;b&gt;Glad"):
        assert words in page
    assert page.count("<h1") == 1


def test_a_colleague_reads_with_a_reason_without_the_form_and_without_how_to_reach_anybody(cast: Cast) -> None:
    reference = make.issued(cast.amina)
    contacted(reference, cast.amina, victims(reference)[0])
    path = reverse("case_contacts", args=[reference])
    assert "07700 900456" in sign_in(Client(), cast.amina).get(path).content.decode()
    client = sign_in(Client(), cast.tom)
    asked = client.get(path)
    assert asked.status_code == 302
    assert client.post(asked["Location"], {"reason": "Same offender as in my case."})["Location"] == path
    page = client.get(path).content.decode()
    assert "By phone: reached" in page
    assert "Record a contact" not in page
    assert "07700 900456" not in page
    look = Access.objects.filter(actor_key=str(cast.tom.pk), page="contacts").get()
    assert look.subjects == [f"case:{reference}"]
    assert client.post(path, sent(None)).status_code == 403
