"""Whatever was written comes back: on a stale page, after another's decision, after a lost session, with bad input."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.authorisations import actions
from cr_app.authorisations.models import Decision
from cr_app.cases.actions import submission
from cr_app.cases.lifecycle import Status
from tests import make
from tests.authorisations import making
from tests.authorisations.pages import (
    REASONS,
    answers,
    box,
    client_of,
    decide,
    path_of,
    refusals,
    review,
    statuses,
)
from tests.cast import PASSWORD, Cast, give_password
from tests.journeys.browsing import Page, open_page, page_of

ANOTHER = "The knife was on the table, not in a hand."


def written(page: Page) -> str:
    """Return what stands in the box for reasons."""
    return page.form["reasons"]


def submit_anew(reference: str, officer: Officer) -> None:
    """Take a case back, change an answer and submit it again."""
    submission.reopen(reference, by=officer)
    make.answer(reference, officer, "rationale", case__rationale=ANOTHER)
    making.ask_about(reference, officer)


def test_a_stale_page_says_what_changed_keeps_every_word_and_can_be_sent_again(cast: Cast) -> None:
    reference = making.asked(cast.amina)
    client = client_of(cast.priya)
    page = review(client, reference)
    submit_anew(reference, cast.amina)
    stale = decide(client, page, "granted")
    assert stale.status == 409
    assert ANOTHER in stale.html
    assert make.knife().answers["case.rationale"] in stale.html
    assert written(stale) == REASONS
    assert stale.form["outcome"] == "granted"
    # What is authorised has changed, so it is declared anew.
    assert "declared" not in stale.form
    assert not Decision.objects.exists()
    assert refusals(reference) == [(cast.priya.warrant_number, "authority_review")]
    decide(client, stale, "granted")
    assert make.read(reference).status_now is Status.READY
    assert Decision.objects.get().digest == make.frozen(reference).digest


def test_whoever_comes_second_is_told_who_decided_what_and_when(cast: Cast) -> None:
    reference = making.asked(cast.amina)
    priya, helen = client_of(cast.priya), client_of(cast.helen)
    first, second = review(priya, reference), review(helen, reference)
    decide(priya, first, "refused")
    told = decide(helen, second, "granted", reasons="I would grant it.")
    assert told.status == 409
    assert "Inspector 2051 Priya Shah refused authority on" in told.html
    assert "I would grant it." in told.html
    assert not box(told).find_all("form")
    assert statuses(reference) == ["awaiting_authority", "refused"]
    assert refusals(reference) == [(cast.helen.warrant_number, "authority_review")]


@pytest.mark.parametrize("again", [False, True], ids=["still a draft", "and changed"])
def test_a_case_taken_back_meanwhile_is_told_with_the_words_kept(cast: Cast, again: bool) -> None:
    reference = making.asked(cast.amina)
    client = client_of(cast.priya)
    page = review(client, reference)
    submission.reopen(reference, by=cast.amina)
    if again:
        make.answer(reference, cast.amina, "rationale", case__rationale=ANOTHER)
    told = decide(client, page, "granted")
    assert told.status == 409
    assert "PC 4127 Amina Khan took this case back" in told.html
    assert (ANOTHER in told.html) is again
    assert "A tool of her trade" in told.html
    assert make.read(reference).is_draft


def test_a_suitable_case_waits_for_authority_and_the_finding_is_not_taken_twice(cast: Cast) -> None:
    reference = making.referred(cast.amina, make.police_knife())
    yusuf = client_of(cast.yusuf)
    page = review(yusuf, reference)
    done = decide(yusuf, page, "suitable")
    assert "now waits for authority" in done.html
    assert "You cannot decide on this case" in box(done).text()
    other = decide(yusuf, page, "unsuitable")
    assert other.status == 409
    assert "You found this case suitable" in other.html
    assert statuses(reference) == ["referred", "awaiting_authority"]


BAD: dict[str, tuple[dict[str, str], str]] = {
    "nothing chosen": ({"outcome": ""}, "Select what you decide"),
    "what is not offered": ({"outcome": "suitable"}, "choose one of the answers shown"),
    "no reasons": ({"reasons": " \n\t "}, "Give your reasons, or the question that you ask"),
    "4,001 characters": ({"reasons": "x" * 4001}, "4,000 characters"),
    "NUL": ({"reasons": "a\x00b"}, "character that cannot be kept"),
    "text that runs backwards": ({"reasons": "a\u202eb"}, "hidden character"),
    "no declaration": ({"declared": ""}, "Tick the declaration"),
    "a made-up declaration": ({"declared": "on"}, "choose one of the answers shown"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_told_beside_the_field_and_in_the_summary_and_nothing_is_lost(cast: Cast, case: str) -> None:
    changed, sentence = BAD[case]
    reference = making.asked(cast.amina)
    client = client_of(cast.priya)
    page = review(client, reference)
    sent = page.form | answers("granted") | changed
    told = page_of(client.post(page.path, sent), page.path)
    assert told.status == 422
    assert any(sentence in line for line in told.summary)
    assert any(sentence in line for line in told.errors)
    assert set(told.summary_targets) <= told.ids
    assert written(told) == sent["reasons"].replace("\x00", "\ufffd").replace("\n\t ", "\n\t ")
    assert not Decision.objects.exists()
    decide(client, told, "granted")
    assert make.read(reference).status_now is Status.READY


def test_a_question_needs_no_declaration(cast: Cast) -> None:
    reference = making.asked(cast.amina)
    client = client_of(cast.priya)
    decide(client, review(client, reference), "returned", reasons=making.QUESTION)
    assert make.read(reference).is_draft
    assert making.QUESTION in open_page(client_of(cast.amina), reverse("desk")).html


def confirmed(client: Client, response: Any) -> Any:
    """Give the password where it is asked for; return where that leads."""
    assert response["Location"].startswith("/confirm-it-is-you/")
    is_parked = any(name.startswith("parked-") for name in response.cookies)
    assert ("What you wrote is kept." in client.get(response["Location"]).content.decode()) is is_parked
    return client.post(response["Location"], {"password": PASSWORD})


def test_the_password_is_asked_for_before_the_form_and_holds_five_minutes(cast: Cast) -> None:
    give_password(cast.priya)
    give_password(cast.tom)
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        reference = making.asked(cast.amina)
        client, tom = client_of(cast.priya), client_of(cast.tom)
        clock.move_to(now + timedelta(minutes=6))
        asked = client.get(path_of(reference))
        assert confirmed(client, asked)["Location"] == path_of(reference)
        assert "stamp" in open_page(client, path_of(reference)).form
        clock.move_to(now + timedelta(minutes=10))
        assert client.get(path_of(reference)).status_code == 200
        clock.move_to(now + timedelta(minutes=12))
        assert client.get(path_of(reference)).status_code == 302
        # Who may not decide gets no form, and is not asked.
        tom.post(f"{reverse('case_why', args=[reference])}", {"reason": "Mine is the same offender."})
        assert tom.get(path_of(reference)).status_code == 200


def forged(page: Page, cast: Cast, reference: str) -> list[str]:
    """Return stamps that are not good: none, altered, of another key, another's, of another case."""
    good = page.form["stamp"]
    what = ["authority", 1, make.frozen(reference).digest, timezone.now().isoformat()]
    salt = "cr_app.authorisations.stamp"
    return [
        "",
        "x",
        "\x00",
        good[:-1],
        signing.dumps([cast.priya.pk, reference, *what], salt=salt, key="another"),
        signing.dumps([cast.priya.pk, reference, *what], salt="cr_app.accounts.parked"),
        signing.dumps([cast.helen.pk, reference, *what], salt=salt),
        signing.dumps([cast.priya.pk, "ANOTHER1", *what], salt=salt),
        signing.dumps([cast.priya.pk, reference, *what[2:]], salt=salt),
    ]


def test_a_page_without_its_good_stamp_decides_nothing_and_comes_back_with_every_word(cast: Cast) -> None:
    reference = making.asked(cast.amina)
    client = client_of(cast.priya)
    page = review(client, reference)
    for stamp in forged(page, cast, reference):
        sent = client.post(page.path, page.form | answers("granted") | {"stamp": stamp})
        assert (sent.status_code, sent["Location"]) == (302, page.path), stamp
        back = open_page(client, page.path)
        assert "Nothing has been decided yet" in back.html
        assert written(back) == REASONS
        assert "declared" not in back.form
    assert not Decision.objects.exists()
    decide(client, back, "granted")
    assert make.read(reference).status_now is Status.READY


def test_a_page_left_open_for_an_hour_leads_through_the_password_and_says_what_changed(cast: Cast) -> None:
    give_password(cast.priya)
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        reference = making.asked(cast.amina)
        client = client_of(cast.priya)
        page = open_page(client, path_of(reference))
        for minutes in (25, 50, 61):
            clock.move_to(now + timedelta(minutes=minutes))
            client.get(reverse("session_stay"))
        submit_anew(reference, cast.amina)
        sent = client.post(page.path, page.form | answers("granted"))
        assert confirmed(client, sent)["Location"] == page.path
        back = open_page(client, page.path)
        assert written(back) == REASONS
        assert "What changed while you read" in back.html
        assert ANOTHER in back.html
        assert not Decision.objects.exists()
        decide(client, back, "granted")
        assert Decision.objects.get().digest == make.frozen(reference).digest


@pytest.mark.parametrize("meanwhile", ["waits", "decided"])
def test_after_a_lost_session_the_same_officer_finds_what_she_wrote(cast: Cast, meanwhile: str) -> None:
    give_password(cast.priya)
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        reference = making.asked(cast.amina)
        client = client_of(cast.priya)
        page = open_page(client, path_of(reference))
        clock.move_to(now + timedelta(minutes=40))
        ended = client.post(page.path, page.form | answers("granted"))
        assert ended["Location"] == f"/sign-in/?next={page.path}"
        if meanwhile == "decided":
            making.grant(reference, cast.helen)
        client.post("/sign-in/", {"login": cast.priya.warrant_number, "password": PASSWORD, "next": page.path})
        response = client.get(page.path)
        if meanwhile == "waits":
            back = page_of(response, page.path)
            assert "Nothing has been decided yet" in back.html
            assert written(back) == REASONS
            assert not Decision.objects.exists()
        else:
            told = page_of(response, page.path)
            assert "A tool of her trade" in told.html
            assert "was not sent" in told.html


def test_an_outcome_made_up_by_hand_is_refused_in_words(cast: Cast) -> None:
    reference = making.asked(cast.amina)
    client = client_of(cast.priya)
    page = review(client, reference)
    submission.reopen(reference, by=cast.amina)
    for made_up in ("", "authorised", "\x00"):
        told = page_of(client.post(page.path, page.form | answers("granted") | {"outcome": made_up}), page.path)
        assert told.status == 403
        assert "what you sent is no decision" in told.html
        assert "A tool of her trade" in told.html
    assert not Decision.objects.exists()
    assert make.read(reference).is_draft


def test_a_stamp_of_what_was_asked_before_says_who_decided_that(cast: Cast) -> None:
    cast.helen.roles = ["authorising_officer", "professional_standards"]
    cast.helen.save()
    reference = making.referred(cast.amina, make.police_knife())
    client = client_of(cast.helen)
    page = review(client, reference)
    actions.find_suitable(reference, by=cast.yusuf, reasons="Minor.", seen=making.seen(reference))
    told = decide(client, page, "returned", reasons="Why?")
    assert told.status == 409
    assert "found this case suitable" in told.html
    assert written(told) == "Why?"
    assert statuses(reference) == ["referred", "awaiting_authority"]
