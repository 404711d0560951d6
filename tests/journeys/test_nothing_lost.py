"""Two tabs, a session that ended, a form sent twice: through the pages, nothing is lost and nothing is done twice."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from cr_app.accounts.models import ParkedAnswers
from cr_app.audit.models import Access, Entry
from cr_app.cases.models import Case, Snapshot, StatusChange, Victim
from tests import make
from tests.cast import PASSWORD, Cast, give_password, sign_in
from tests.journeys.browsing import Page, day, moment, open_page, page_of

MORNING = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)
TYPED = "Took two bottles; O’Neill’s nephew 🙂"


@pytest.fixture
def amina(client: Client, cast: Cast) -> Client:
    """The browser in which Amina Khan is signed in."""
    return sign_in(client, cast.amina)


def post(client: Client, page: Page, answers: dict[str, str]) -> Page:
    """Send an open page as it stands but for some answers."""
    return page_of(client.post(page.path, page.form | answers), page.path)


# Two tabs


def test_a_stale_save_shows_both_values_and_either_can_be_kept(amina: Client, cast: Cast) -> None:
    reference = make.case(cast.amina)
    path = reverse("case_step", args=[reference, "rationale"])
    tab = open_page(amina, path)
    post(amina, open_page(amina, path), {"rationale": "Theirs, saved first."})
    looks = Access.objects.count()
    conflict = post(amina, tab, {"rationale": "Mine, typed meanwhile."})
    assert conflict.status == 409
    (main,) = conflict.tree.find_all("main")
    assert "Theirs, saved first." in main.text()
    assert conflict.form["rationale"] == "Mine, typed meanwhile."
    assert make.read(reference).rationale == "Theirs, saved first."
    assert Access.objects.count() > looks
    assert Entry.objects.filter(subject=f"case:{reference}", outcome="refused").count() == 1
    assert post(amina, conflict, {}).status == 302
    assert make.read(reference).rationale == "Mine, typed meanwhile."


def test_a_conflict_met_again_is_a_conflict_again(amina: Client, cast: Cast) -> None:
    reference = make.case(cast.amina)
    path = reverse("case_step", args=[reference, "rationale"])
    tab = open_page(amina, path)
    post(amina, open_page(amina, path), {"rationale": "First."})
    conflict = post(amina, tab, {"rationale": "Mine."})
    post(amina, open_page(amina, path), {"rationale": "Second."})
    again = post(amina, conflict, {})
    assert (again.status, again.form["rationale"]) == (409, "Mine.")
    assert make.read(reference).rationale == "Second."


def test_two_tabs_on_two_pages_do_not_meet(amina: Client, cast: Cast) -> None:
    reference = make.case(cast.amina)
    one = open_page(amina, reverse("case_step", args=[reference, "rationale"]))
    two = open_page(amina, reverse("case_step", args=[reference, "seriousness"]))
    assert post(amina, one, {"rationale": "Small."}).status == 302
    answers = {"evidence_sufficient": "yes", "less_serious": "yes", "gravity_score": "2"}
    assert post(amina, two, answers).status == 302
    assert (make.read(reference).rationale, make.read(reference).gravity_score) == ("Small.", 2)


def test_a_row_changed_in_two_tabs_shows_both(amina: Client, cast: Cast) -> None:
    reference = make.case(cast.amina)
    pk = make.row(reference, cast.amina, "victim", make.shop())
    path = reverse("case_row", args=[reference, "victims", pk])
    tab = open_page(amina, path)
    assert post(amina, open_page(amina, path), {"organisation_name": "Archway Stores"}).status == 302
    conflict = post(amina, tab, {"organisation_name": "Tufnell Stores"})
    assert conflict.status == 409
    assert "Archway Stores" in conflict.html
    assert conflict.form["organisation_name"] == "Tufnell Stores"
    assert post(amina, conflict, {}).status == 302
    assert Victim.objects.get(pk=pk).organisation_name == "Tufnell Stores"


def test_a_victim_removed_in_another_tab_is_not_found_and_an_action_for_them_is_asked_again(
    amina: Client, cast: Cast
) -> None:
    reference = make.case(cast.amina)
    pk = make.row(reference, cast.amina, "victim", make.shop())
    victim = open_page(amina, reverse("case_row", args=[reference, "victims", pk]))
    action = open_page(amina, reverse("case_row_add", args=[reference, "actions"]))
    assert amina.post(reverse("case_row_remove", args=[reference, "victims", pk])).status_code == 302
    gone = amina.post(victim.path, victim.form)
    assert gone.status_code == 409
    assert "Ines" in gone.content.decode()
    told = {"remedy": "apology", "undertaking": "Write", "for_whom": str(pk), **day("due_on", "1", "12", "2036")}
    again = post(amina, action, told)
    assert (again.status, again.form["undertaking"]) == (422, "Write")


# Sent twice


def test_a_form_sent_twice_leads_to_the_same_page_and_does_one_thing(amina: Client, cast: Cast) -> None:
    new = open_page(amina, reverse("case_new"))
    sent = new.form | {"crime_report_reference": "7/26"}
    first, again = amina.post(new.path, sent), amina.post(new.path, sent)
    assert first["Location"] == again["Location"]
    assert Case.objects.count() == 1
    changed = page_of(amina.post(new.path, sent | {"crime_report_reference": "8/26"}), new.path)
    assert (changed.status, changed.form["crime_report_reference"]) == (409, "8/26")
    assert amina.post(new.path, changed.form).status_code == 302
    assert Case.objects.count() == 2


def test_a_row_sent_twice_is_added_once(amina: Client, cast: Cast) -> None:
    reference = make.case(cast.amina)
    page = open_page(amina, reverse("case_row_add", args=[reference, "victims"]))
    told = {
        "kind": "organisation",
        "organisation_name": "Holloway Stores",
        "consulted": "no",
        "reason_not_consulted": "The shop is closed today.",
    }
    first, again = (amina.post(page.path, page.form | told) for _ in range(2))
    assert (first.status_code, first["Location"]) == (302, again["Location"])
    assert Victim.objects.count() == 1


def test_submitting_and_issuing_twice_by_the_page_makes_one_move_each(amina: Client, cast: Cast) -> None:
    reference = make.complete_shop_theft(cast.amina)
    check = open_page(amina, reverse("case_check", args=[reference]))
    led = [amina.post(check.path, check.form)["Location"] for _ in range(2)]
    assert led == [reverse("case", args=[reference])] * 2
    assert Snapshot.objects.count() == 1
    page = open_page(amina, reverse("case_issue", args=[reference]))
    signed = page.form | {"offender": "Jade Ransome", "officer": "Amina Khan"}
    led = [amina.post(page.path, signed)["Location"] for _ in range(2)]
    assert led == [reverse("case", args=[reference])] * 2
    assert list(StatusChange.objects.order_by("pk").values_list("to_status", flat=True)) == ["ready", "issued"]


@pytest.mark.parametrize("name", ["case_withdraw", "case_not_used"])
def test_an_ending_sent_twice_is_made_once(amina: Client, cast: Cast, name: str) -> None:
    reference = make.case(cast.amina)
    page = open_page(amina, reverse(name, args=[reference]))
    sent = page.form | {"reason": "A good reason."}
    assert [amina.post(page.path, sent).status_code for _ in range(2)] == [302, 302]
    assert StatusChange.objects.count() == 1


def test_another_case_started_twice_from_one_page_is_one(amina: Client, cast: Cast) -> None:
    reference = make.submitted(cast.amina)
    page = open_page(amina, reverse("case", args=[reference]))
    copy = reverse("case_copy", args=[reference])
    (form,) = [each for each in page.tree.find_all("form") if each.attrs.get("action") == copy]
    (token,) = form.find_all("input", name="token")
    led = {amina.post(copy, {"token": token.attrs["value"]})["Location"] for _ in range(2)}
    assert len(led) == 1
    assert Case.objects.count() == 2
    assert amina.post(copy, {"token": "none"}).status_code == 403


def test_a_page_that_submits_what_it_did_not_show_is_told_so(amina: Client, cast: Cast) -> None:
    reference = make.complete_shop_theft(cast.amina)
    check = open_page(amina, reverse("case_check", args=[reference]))
    make.answer(reference, cast.amina, "seriousness", case__gravity_score=4)
    stale = post(amina, check, {})
    assert stale.status == 409
    assert stale.summary
    for seen in ("", "x", "\x00", "0" * 64):
        assert amina.post(check.path, {"seen": seen}).status_code in (409, 422), seen
    assert make.read(reference).is_draft
    assert post(amina, stale, {}).status == 302


# A session that ended


@pytest.mark.parametrize("slug", ["incident", "rationale", "offender", "victims/add", "new"])
def test_what_was_typed_comes_back_to_the_same_officer_on_the_same_page(client: Client, cast: Cast, slug: str) -> None:
    give_password(cast.amina)
    give_password(cast.tom)
    told = {
        "incident": {"place": TYPED, **moment("occurred_from")},
        "rationale": {"rationale": TYPED},
        "offender": {"last_names": TYPED, **day("born_on", "1", "2", "1996")},
        "victims/add": {"kind": "person", "last_names": TYPED},
        "new": {"crime_report_reference": "7/26 CANARY"},
    }[slug]
    with time_machine.travel(MORNING, tick=False) as clock:
        reference = make.case(cast.amina)
        version = make.read(reference).version
        path = reverse("case_new") if slug == "new" else f"/cases/{reference}/record/{slug}/"
        sign_in(client, cast.amina)
        page = open_page(client, path)
        clock.move_to(MORNING + timedelta(hours=2))
        ended = client.post(path, page.form | told)
        assert ended["Location"] == f"/sign-in/?next={path}"
        assert make.read(reference).version == version
        assert ParkedAnswers.objects.count() == 1
        client.post("/sign-in/", {"login": "4127", "password": PASSWORD, "next": path})
        back = open_page(client, path)
        assert back.status == 200
        assert {name: back.form[name] for name in told} == told
        assert "What you typed before you were signed out is here" in back.html
        assert make.read(reference).version == version
        assert "What you typed before" not in open_page(client, path).html
        if slug not in ("rationale", "new"):
            return
        assert client.post(path, back.form).status_code == 302


def test_another_officer_sees_nothing_of_it(client: Client, cast: Cast) -> None:
    give_password(cast.tom)
    with time_machine.travel(MORNING, tick=False) as clock:
        reference = make.case(cast.amina)
        path = reverse("case_step", args=[reference, "rationale"])
        sign_in(client, cast.amina)
        page = open_page(client, path)
        clock.move_to(MORNING + timedelta(hours=2))
        client.post(path, page.form | {"rationale": TYPED})
        client.post("/sign-in/", {"login": "4213", "password": PASSWORD, "next": path})
        assert not ParkedAnswers.objects.exists()
        for place in (path, reverse("desk"), reverse("case_new")):
            assert "nephew" not in client.get(place, follow=True).content.decode()


def test_what_comes_back_to_a_case_that_moved_on_is_told_and_nothing_breaks(client: Client, cast: Cast) -> None:
    give_password(cast.amina)
    with time_machine.travel(MORNING, tick=False) as clock:
        reference = make.complete_shop_theft(cast.amina)
        path = reverse("case_step", args=[reference, "rationale"])
        sign_in(client, cast.amina)
        page = open_page(client, path)
        clock.move_to(MORNING + timedelta(hours=2))
        client.post(path, page.form | {"rationale": TYPED})
        make.submit_it(reference, cast.amina)
        client.post("/sign-in/", {"login": "4127", "password": PASSWORD, "next": path})
        assert client.get(path).status_code == 403
        assert make.read(reference).rationale == make.shop_theft().answers["case.rationale"]


# Made up


def test_what_is_made_up_is_refused_and_never_breaks(amina: Client, cast: Cast) -> None:
    mine, other = make.case(cast.amina), make.case(cast.kieran)
    theirs = make.row(make.case(cast.tom), cast.tom, "victim", make.shop())
    before = {each: make.read(each).version for each in (mine, other)}
    for path in (
        f"/cases/{mine}/record/no-such-step/",
        f"/cases/{mine}/record/check/add/",
        f"/cases/{mine}/record/victims/{theirs}/",
        f"/cases/{mine}/record/victims/{theirs}/safeguards/",
        f"/cases/{mine}/record/victims/{theirs}/remove/",
        f"/cases/{other}/record/",
        f"/cases/{other}/record/rationale/",
        f"/cases/{other}/record/victims/add/",
        f"/cases/{other}/issue/",
        "/cases/NOTHERE1/record/rationale/",
        f"/cases/{'x' * 3000}/",
        f"/cases/{mine.lower()}/no/",
    ):
        assert amina.get(path).status_code in (404, 405), path
        # A row that is not there is as good as removed.
        expected = (302,) if path.endswith(f"{theirs}/remove/") else (404, 405)
        assert amina.post(path, {"rationale": "x", "reason": "x"}).status_code in expected, path
    assert {each: make.read(each).version for each in before} == before
    assert Victim.objects.filter(pk=theirs).exists()
