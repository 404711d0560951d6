"""The page of the exception: asked only where it is needed, an exclusion a question, and nothing typed there is lost."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cr_app.audit.queries import replay
from cr_app.cases import journey
from cr_app.cases.lifecycle import Status
from cr_app.cases.queries import rows_now
from tests import make
from tests.cast import PASSWORD, Cast, give_password, sign_in
from tests.journeys.browsing import Page, moment, open_page, page_of
from tests.journeys.test_nothing_lost import MORNING

HATE, BLADE = "grounds-hate-crime", "grounds-weapon-or-blade"
HATE_ASKED = "Hate crime: what are the exceptional circumstances?"
BLADE_ASKED = "Offensive weapon, pointed or bladed article: what are the exceptional circumstances?"
NOW = timezone.localtime()
TOLD = {
    HATE: "Said once, by O’Neill 🙂, and taken back.",
    BLADE: "A fishing knife, handed over before the search.",
    "investigation_team": "Camden CID",
    "advice_from": "DS Ola O'Ward-Łukasz",
    **moment("advice_at", str(NOW.day), str(NOW.month), str(NOW.year), f"{NOW:%H:%M}"),
    "advice": "Supports it.",
    "detained_or_waiting": "no",
}


@pytest.fixture
def amina(client: Client, cast: Cast) -> Client:
    """The browser in which Amina Khan is signed in."""
    return sign_in(client, cast.amina)


def excluded_twice(cast: Cast) -> str:
    """Return a draft excluded for its blade and as a hate crime, with every page done but that of the exception."""
    reference = make.complete(cast.amina, make.knife().but(victims=(make.person(),), actions=(make.apology(),)))
    make.answer(reference, cast.amina, "circumstances", case__hate_crime=True)
    return reference


def path_of(reference: str) -> str:
    return reverse("case_step", args=[reference, "exception"])


def post(client: Client, page: Page, answers: dict[str, str]) -> Page:
    """Send an open page as it stands but for some answers."""
    return page_of(client.post(page.path, page.form | answers), page.path)


def blank(cast: Cast) -> str:
    """Return a draft excluded twice in which nothing else is answered."""
    reference = make.case(cast.amina)
    make.answer(reference, cast.amina, "incident", case__venue="none")
    make.row(reference, cast.amina, "offence", make.offence(make.KNIFE))
    make.answer(reference, cast.amina, "circumstances", case__hate_crime=True)
    return reference


def test_one_page_asks_for_the_grounds_of_every_exclusion_and_who_advised(amina: Client, cast: Cast) -> None:
    reference = blank(cast)
    page = open_page(amina, path_of(reference))
    assert set(TOLD) - set(page.form) == {"detained_or_waiting"}, "nothing is chosen beforehand"
    assert page.html.index(HATE_ASKED) < page.html.index(BLADE_ASKED) < page.html.index("Which investigation team")
    assert "reads these answers: an Inspector or above, substantive in that rank, and never you." in page.html
    assert post(amina, page, TOLD).status == 302
    again = open_page(amina, page.path)
    assert {name: again.form[name] for name in TOLD} == TOLD
    case = make.read(reference)
    assert case.advice_from == "DS Ola O'Ward-Łukasz"
    assert replay(case.subject) == rows_now(case)


def test_whatever_is_left_empty_is_asked_for_and_nothing_typed_is_lost(amina: Client, cast: Cast) -> None:
    page = open_page(amina, path_of(blank(cast)))
    nothing = post(amina, page, {})
    assert (nothing.status, len(nothing.summary)) == (422, 7)
    assert nothing.summary[:2] == [
        "Write the exceptional circumstances for: Hate crime",
        "Write the exceptional circumstances for: Offensive weapon, pointed or bladed article",
    ]
    assert set(nothing.summary_targets) <= nothing.ids
    half = post(amina, page, TOLD | {BLADE: "   "})
    assert half.summary == ["Write the exceptional circumstances for: Offensive weapon, pointed or bladed article"]
    assert half.form[HATE] == TOLD[HATE]


def test_advice_to_come_and_texts_without_end_are_refused(amina: Client, cast: Cast) -> None:
    page = open_page(amina, path_of(blank(cast)))
    tomorrow = timezone.localtime() + timedelta(days=1)
    to_come = moment("advice_at", str(tomorrow.day), str(tomorrow.month), str(tomorrow.year))
    refusal = post(amina, page, TOLD | to_come | {"advice_at_time": "23:59"}).summary
    assert refusal == ["Enter the date of the advice as today or a day in the past"]
    for name, most in ((HATE, 4000), ("advice", 4000), ("investigation_team", 200), ("advice_from", 200)):
        refused = post(amina, page, TOLD | {name: "x" * (most + 1)})
        assert (refused.status, len(refused.summary)) == (422, 1), name
        assert refused.form[name] == "x" * (most + 1)
    assert post(amina, page, TOLD | {HATE: "ﬃ" * 1000, "advice_from": "x" * 200}).status == 302


def test_advice_is_of_the_day_of_the_incident_or_later(amina: Client, cast: Cast) -> None:
    reference = blank(cast)
    began = timezone.localtime() - timedelta(days=2)
    make.answer(reference, cast.amina, "incident", case__occurred_from=began)
    page = open_page(amina, path_of(reference))
    before = began - timedelta(days=1)
    refused = post(amina, page, TOLD | moment("advice_at", str(before.day), str(before.month), str(before.year)))
    (said,) = refused.summary
    assert said.startswith("Enter the date of the advice as ")
    assert said.endswith(", the day of the incident, or later")
    same_day = moment("advice_at", str(began.day), str(began.month), str(began.year))
    assert post(amina, page, TOLD | same_day).status == 302


def test_grounds_saved_in_two_tabs_are_both_shown_named_by_their_exclusion(amina: Client, cast: Cast) -> None:
    reference = blank(cast)
    tab = open_page(amina, path_of(reference))
    assert post(amina, open_page(amina, path_of(reference)), TOLD | {HATE: "Theirs, first."}).status == 302
    conflict = post(amina, tab, TOLD | {HATE: "Mine, later."})
    assert conflict.status == 409
    (table,) = conflict.tree.find_all("table")
    assert all(told in table.text() for told in (HATE_ASKED, "Theirs, first.", "Mine, later."))
    assert BLADE_ASKED not in table.text()
    assert conflict.form[HATE] == "Mine, later."
    assert post(amina, conflict, {}).status == 302
    assert make.record(reference).grounds[0].circumstances == "Mine, later."


def test_what_was_typed_comes_back_after_the_session_ended(client: Client, cast: Cast) -> None:
    give_password(cast.amina)
    typed = TOLD | moment("advice_at", str(MORNING.day), str(MORNING.month), str(MORNING.year), "06:30")
    with time_machine.travel(MORNING, tick=False) as clock:
        reference = blank(cast)
        sign_in(client, cast.amina)
        page = open_page(client, path_of(reference))
        clock.move_to(MORNING + timedelta(hours=2))
        client.post(page.path, page.form | typed)
        client.post("/sign-in/", {"login": "4127", "password": PASSWORD, "next": page.path})
        back = open_page(client, page.path)
        assert {name: back.form[name] for name in typed} == typed
        assert make.record(reference).grounds == ()
        assert post(client, back, {}).status == 302


def test_an_exclusion_that_comes_while_the_page_is_open_is_asked_and_what_was_typed_stays(
    amina: Client, cast: Cast
) -> None:
    reference = blank(cast)
    make.answer(reference, cast.amina, "circumstances", case__hate_crime=False)
    page = open_page(amina, path_of(reference))
    assert HATE not in page.form
    make.answer(reference, cast.amina, "circumstances", case__hate_crime=True)
    alone = {name: value for name, value in TOLD.items() if name != HATE}
    asked = post(amina, page, alone)
    assert asked.summary == ["Write the exceptional circumstances for: Hate crime"]
    assert asked.form[BLADE] == TOLD[BLADE]
    assert post(amina, asked, {HATE: TOLD[HATE]}).status == 302


def tasks(client: Client, reference: str) -> list[str]:
    page = open_page(client, reverse("case_record", args=[reference]))
    return [node.text() for node in page.tree.find_all(class_="govuk-task-list__item")]


def test_the_section_is_listed_only_while_an_exclusion_applies_and_blocks_nothing_after(
    amina: Client, cast: Cast
) -> None:
    reference = make.complete_shop_theft(cast.amina)
    assert not [line for line in tasks(amina, reference) if line.startswith("Exception")]
    make.answer(reference, cast.amina, "circumstances", case__hate_crime=True)
    (line,) = [line for line in tasks(amina, reference) if line.startswith("Exception")]
    assert "Not started" in line
    make.answer(reference, cast.amina, "circumstances", case__hate_crime=False)
    assert not [line for line in tasks(amina, reference) if line.startswith("Exception")]
    assert make.submit_it(reference, cast.amina) is Status.READY


def test_authority_is_not_asked_while_the_page_of_the_exception_is_open(amina: Client, cast: Cast) -> None:
    reference = make.complete_shop_theft(cast.amina)
    make.answer(reference, cast.amina, "circumstances", case__hate_crime=True)
    check = open_page(amina, reverse("case_check", args=[reference]))
    left = [link.text() for link in check.tree.find_all("a", href=path_of(reference))]
    assert "The exception" in left
    refused = amina.post(check.path, {"seen": make.reviewed(reference)})
    assert refused.status_code == 409
    assert make.read(reference).is_draft
    assert (
        post(amina, open_page(amina, path_of(reference)), {k: v for k, v in TOLD.items() if k != BLADE}).status == 302
    )
    assert amina.post(check.path, {"seen": make.reviewed(reference)}).status_code == 302
    assert make.read(reference).status_now is Status.AWAITING_AUTHORITY


def test_grounds_that_are_gone_are_asked_for_again(cast: Cast) -> None:
    reference = make.complete(cast.amina, make.knife())
    assert journey.pages_left(make.saved(reference).situation) == ()
    make.record(reference).grounds[0].delete()
    assert journey.pages_left(make.saved(reference).situation) == (journey.Page("exception"),)


def test_the_result_leads_to_the_exception_and_says_who_gives_authority(amina: Client, cast: Cast) -> None:
    reference = blank(cast)
    page = open_page(amina, reverse("case_result", args=[reference]))
    (main,) = page.tree.find_all("main")
    buttons = [link.text() for link in main.find_all("a", class_="govuk-button")]
    assert buttons == ["Carry on", "Go to the Exception section"]
    for told in (
        "The Exception section asks why this case is exceptional and who advised on it.",
        "authority is then asked of an Inspector or above, substantive in that rank, never of you.",
    ):
        assert told in main.text(), told
    step = open_page(amina, reverse("case_step", args=[reference, "rationale"]))
    assert [link.attrs["href"] for link in step.tree.find_all("a") if "Exception section" in link.text()] == [
        path_of(reference)
    ]
    last = make.complete_shop_theft(cast.amina)
    make.answer(last, cast.amina, "circumstances", case__hate_crime=True)
    (main,) = open_page(amina, reverse("case_result", args=[last])).tree.find_all("main")
    assert [link.text() for link in main.find_all("a", class_="govuk-button")] == ["Go to the Exception section"]
    done = make.complete(cast.amina, make.knife())
    (main,) = open_page(amina, reverse("case_result", args=[done])).tree.find_all("main")
    assert [link.text() for link in main.find_all("a", class_="govuk-button")] == ["Carry on"]
    assert "The Exception section is answered." in main.text()


def test_where_every_case_needs_authority_the_rationale_asks_who_waits_and_the_result_names_a_sergeant(
    client: Client, cast: Cast
) -> None:
    sign_in(client, cast.kieran)
    reference = make.complete(cast.kieran, make.kent().but())
    assert not [line for line in tasks(client, reference) if line.startswith("Exception")]
    page = open_page(client, reverse("case_step", args=[reference, "rationale"]))
    assert page.form["detained_or_waiting"] == "yes"
    assert post(client, page, {"detained_or_waiting": "no"}).status == 302
    assert make.read(reference).detained_or_waiting is False
    (main,) = open_page(client, reverse("case_result", args=[reference])).tree.find_all("main")
    assert "Your force asks for authority in every case." in main.text()
    assert "authority is then asked of a Sergeant or above, never of you." in main.text()
    fresh = make.case(cast.kieran, report="46/9/26")
    asked = open_page(client, reverse("case_step", args=[fresh, "rationale"]))
    assert "Select yes if the offender is detained or waiting" in post(client, asked, {"rationale": "Small."}).summary


def test_elsewhere_the_rationale_asks_nothing_more(amina: Client, cast: Cast) -> None:
    page = open_page(amina, reverse("case_step", args=[make.case(cast.amina), "rationale"]))
    assert "detained_or_waiting" not in page.form
    assert post(amina, page, {"rationale": "Small.", "detained_or_waiting": "yes"}).status == 302


def test_the_history_names_the_exclusion_whose_grounds_were_written(amina: Client, cast: Cast) -> None:
    reference = blank(cast)
    assert post(amina, open_page(amina, path_of(reference)), TOLD).status == 302
    assert post(amina, open_page(amina, path_of(reference)), {BLADE: "Forgotten in the bag."}).status == 302
    (main,) = open_page(amina, reverse("case_history", args=[reference])).tree.find_all("main")
    said = main.text()
    assert said.count(BLADE_ASKED) == 2
    assert said.count(HATE_ASKED) == 1
    assert "Forgotten in the bag." in said
    assert "Whose advice was sought?" in said


def test_a_page_that_nothing_asks_for_says_so(amina: Client, cast: Cast) -> None:
    page = open_page(amina, path_of(make.complete_shop_theft(cast.amina)))
    assert "Nothing excludes this case as it stands" in page.html
