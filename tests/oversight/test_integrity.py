"""The page of integrity tells how sealing stands; a check that is asked for is carried out apart and ends in plain words."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.audit.checkpoints import new_signing_key
from cr_app.audit.models import Access, Checkpoint, Entry
from cr_app.audit.sealer import seal
from cr_app.audit.witness import Witness
from cr_app.cases.models import Case, Offender
from cr_app.oversight.actions import integrity as actions
from cr_app.oversight.forms.integrity import as_signed
from cr_app.oversight.models import CheckOutcome, Flag, FlagRun, IntegrityCheck
from tests import make
from tests.audit.sealing import tampering, witness, write
from tests.authorisations import making
from tests.cast import PASSWORD, Cast, give_password, make_cast, sign_in
from tests.disposable_database import Connection

__all__ = ["witness"]
sealed = pytest.mark.django_db(transaction=True, databases=["default", "sealer"])
PAGE = "/trail/integrity/"


def ask(client: Client, **sent: str) -> UUID:
    """Ask for a check as the page does, and return its token."""
    response = client.post(PAGE, {"token": str(uuid4()), **sent})
    assert response.status_code == 302, response.content.decode()
    return UUID(response.headers["Location"].rstrip("/").rpartition("/")[2])


def text_of(client: Client, address: str) -> str:
    """Return the main part of a page."""
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode().partition("<main")[2].partition("</main")[0]


@pytest.fixture
def ruth(client: Client) -> Client:
    """The reviewer signed in, where rows are committed."""
    return sign_in(client, make_cast().ruth)


@sealed
def test_nothing_sealed_is_an_alarm_and_then_the_page_shows_the_checkpoint_to_keep(
    witness: Witness, ruth: Client
) -> None:
    assert "Nothing is sealed" in text_of(ruth, PAGE)
    write(3)
    seal()
    page = text_of(ruth, PAGE)
    checkpoint = Checkpoint.objects.get()
    assert "Sealed up to" in page
    assert bytes(checkpoint.root).hex() in page
    assert "The witness has it" in page
    assert "cr-ticket--stop" not in page
    download = ruth.get("/trail/integrity/checkpoint/")
    assert download.content.decode() == checkpoint.note == next(iter(witness.notes()))
    assert "attachment" in download.headers["Content-Disposition"]


@sealed
def test_rows_that_wait_too_long_and_a_checkpoint_missing_in_the_witness_are_alarms(
    witness: Witness, ruth: Client
) -> None:
    write(3)
    seal()
    write(2)
    assert "2 rows wait to be sealed" in text_of(ruth, PAGE)
    witness.path.write_text("")
    with time_machine.travel(timezone.now() + timedelta(seconds=70), tick=False):
        page = text_of(ruth, PAGE)
        desk = text_of(ruth, "/")
    assert "Sealing is late" in page
    assert "The last checkpoint is not in the witness" in page
    assert "Sealing of the trail is late" in desk
    assert "Sealing of the trail is late" not in text_of(ruth, "/")


@sealed
def test_a_check_goes_from_asked_to_holds_and_leaves_an_entry(witness: Witness, ruth: Client) -> None:
    write(5)
    seal()
    token = ask(ruth)
    page = text_of(ruth, f"{PAGE}{token}/")
    assert "Checking the trail" in page
    assert "data-while-running" in page
    assert actions.run_next_check() is not None
    page = text_of(ruth, f"{PAGE}{token}/")
    assert "The trail holds" in page
    assert "data-while-running" not in page
    entry = Entry.objects.get(event="trail.checked")
    assert (entry.details["verdict"], entry.details["size"], entry.details["problems"]) == ("it holds", 5, 0)
    assert actions.run_next_check() is None


@sealed
def test_a_changed_row_is_named_on_the_page(witness: Witness, ruth: Client, owner: Connection) -> None:
    write(5)
    seal()
    changed = Entry.objects.order_by("pk")[2]
    with tampering(owner):
        owner.execute("UPDATE audit_entry SET event = 'case.issued' WHERE id = %s", [changed.pk])
    token = ask(ruth)
    actions.run_next_check()
    page = text_of(ruth, f"{PAGE}{token}/")
    assert "The trail does not hold" in page
    assert f"Entry {changed.pk}" in page
    assert IntegrityCheck.objects.get().outcome == CheckOutcome.BROKEN


@sealed
def test_what_a_check_finds_of_a_closed_case_is_told_to_nobody_whom_it_is_closed_to(
    witness: Witness, client: Client, owner: Connection
) -> None:
    cast = make_cast()
    tampered = {name: make.case(officer) for name, officer in of_each_standing(cast).items()}
    Case.objects.filter(reference=tampered["restricted"]).update(is_restricted=True)
    Case.objects.filter(reference=tampered["party"]).update(is_restricted=True)
    Offender.objects.filter(case__reference=tampered["party"]).update(warrant_number=cast.ruth.warrant_number)
    Case.objects.filter(reference=tampered["own"]).update(officer=cast.ruth, recorded_by=cast.ruth)
    Case.objects.filter(reference=tampered["open"]).update(place="Elsewhere")
    Case.objects.filter(reference=tampered["elsewhere"]).update(place="Elsewhere")
    seal()
    ruth = sign_in(client, cast.ruth)
    token = ask(ruth, cases="yes")
    actions.run_next_check()
    kept = str(IntegrityCheck.objects.get().report["findings"])
    assert all(reference in kept for reference in tampered.values()), "positive control"
    page = text_of(ruth, f"{PAGE}{token}/")
    assert "The trail does not hold" in page
    assert {name for name, reference in tampered.items() if reference in page} == {"open"}
    for words in ("restricted record that is closed to you", "case of your own", "of another force"):
        assert words in page
    access = Access.objects.latest("id")
    assert (access.page, access.subjects) == ("integrity_check", [f"case:{tampered['open']}"])


def of_each_standing(cast: Cast) -> dict[str, Officer]:
    """Return whose case each is that a reviewer may know of differently."""
    return {
        "open": cast.amina,
        "restricted": cast.amina,
        "party": cast.amina,
        "own": cast.amina,
        "elsewhere": cast.kieran,
    }


def test_who_asks_for_a_check_is_in_the_trail_before_it_ends(cast: Cast) -> None:
    other = Officer.objects.get(pk=cast.olivia.pk)
    other.roles = ["reviewer"]
    other.save()
    check = actions.ask_for_check(token := uuid4(), by=cast.ruth, cases=True)
    actions.ask_for_check(token, by=cast.ruth, cases=True)
    assert actions.ask_for_check(uuid4(), by=other, cases=True) == check
    asked = Entry.objects.filter(event="trail.check_asked").order_by("pk")
    assert [(each.actor_key, each.details.get("what"), "joined" in each.details) for each in asked] == [
        (str(cast.ruth.pk), "the trail and every case", False),
        (str(other.pk), "the trail and every case", True),
    ]


def test_a_page_follows_a_check_for_a_quarter_of_an_hour_alone(cast: Cast, client: Client) -> None:
    check = actions.ask_for_check(uuid4(), by=cast.ruth)
    actions._take_up()
    sign_in(client, cast.ruth)
    for minutes, is_followed in ((14, True), (16, False)):
        at = timezone.now() - timedelta(minutes=minutes)
        IntegrityCheck.objects.filter(pk=check.pk).update(asked_at=at, alive_at=timezone.now())
        assert ("data-while-running" in text_of(client, f"{PAGE}{check.token}/")) is is_followed


@sealed
def test_a_kept_checkpoint_can_be_pasted(witness: Witness, ruth: Client, settings: Any) -> None:
    write(5)
    seal()
    kept = Checkpoint.objects.get().note
    write(5)
    seal()
    held = ask(ruth, against=kept.replace("\n", "\r\n"))
    actions.run_next_check()
    assert "The trail holds" in text_of(ruth, f"{PAGE}{held}/")


@sealed
@pytest.mark.parametrize(
    ("before", "after"),
    [("", ""), ("^", "> "), ("^", "    "), ("^— ", "– "), ("^— ", "- "), ("^— ", "> - "), ("$", "  "), ("\\Z", "\n\n")],
)
def test_a_kept_checkpoint_is_read_as_mail_and_paper_give_it_back(witness: Witness, before: str, after: str) -> None:
    write(1)
    seal()
    note = Checkpoint.objects.get().note
    assert as_signed(re.sub(before, after, note, flags=re.MULTILINE)) == note


@sealed
def test_a_kept_checkpoint_that_is_none_is_refused_on_the_form_with_what_was_pasted(
    witness: Witness, ruth: Client
) -> None:
    write(5)
    seal()
    kept = Checkpoint.objects.get().note
    other = new_signing_key("another.example/trail").sign(kept.partition("\n\n")[0] + "\n")
    for pasted, why in (
        (kept.replace("\n5\n", "\n4\n"), "is not what the key"),
        (other, "has no signature of the key"),
        ("Dear Ruth", "This is no signed note"),
    ):
        response = ruth.post(PAGE, {"token": str(uuid4()), "against": pasted})
        assert response.status_code == 422
        page = response.content.decode()
        assert "Paste a checkpoint of this trail, all of it" in page
        assert why in page
        assert pasted.splitlines()[-1] in page
    assert not IntegrityCheck.objects.exists()


def test_a_token_that_is_none_is_refused_in_plain_words(cast: Cast, client: Client) -> None:
    response = sign_in(client, cast.ruth).post(PAGE, {"token": "made up"})
    assert response.status_code == 422
    assert "UUID" not in response.content.decode()
    assert "Open this page anew" in response.content.decode()


@pytest.mark.parametrize("address", [PAGE, "/trail/"])
def test_what_was_typed_survives_a_session_that_ends(cast: Cast, client: Client, address: str) -> None:
    give_password(cast.ruth)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        page = sign_in(client, cast.ruth).get(address).content.decode()
        shown = re.search(r'name="shown_to" value="([^"]+)"', page)
        assert shown
        clock.shift(timedelta(hours=1))
        client.post(address, {"shown_to": shown[1], "against": "Kept", "reference": "7KQM2PXR", "what": "things"})
        client.post("/sign-in/", {"login": "1733", "password": PASSWORD, "next": address})
        page = client.get(address).content.decode()
    assert "What you typed before you were signed out is here" in page
    assert "Kept" in page or "7KQM2PXR" in page


@sealed
def test_a_check_that_cannot_be_finished_says_why(witness: Witness, ruth: Client, settings: Any) -> None:
    write(1)
    seal()
    settings.TRAIL_VERIFIER_FILE.unlink()
    token = ask(ruth)
    actions.run_next_check()
    page = text_of(ruth, f"{PAGE}{token}/")
    assert "The check could not be finished" in page
    assert "There is no verifier key" in page


@sealed
def test_watching_once_carries_out_checks_and_finds_flags_in_the_sealed_log(witness: Witness) -> None:
    cast = make_cast()
    reference = making.asked(cast.amina)
    making.grant(reference, cast.priya)
    actions.ask_for_check(uuid4(), by=cast.ruth, cases=True)
    call_command("watch_trail", once=True)
    assert not Flag.objects.exists()
    seal()
    call_command("watch_trail", once=True)
    assert Flag.objects.get().subject == f"case:{reference}"
    through = FlagRun.objects.latest("through").through
    assert through == Checkpoint.objects.latest("size").size
    assert IntegrityCheck.objects.get().outcome == CheckOutcome.HOLDS
    call_command("find_red_flags")
    assert Flag.objects.count() == FlagRun.objects.count() == 1


def test_a_check_that_runs_is_joined_and_a_double_click_asks_once(cast: Cast) -> None:
    first = actions.ask_for_check(token := uuid4(), by=cast.ruth)
    assert actions.ask_for_check(token, by=cast.ruth) == first
    assert actions.ask_for_check(uuid4(), by=cast.ruth) == first
    other = actions.ask_for_check(uuid4(), by=cast.ruth, cases=True)
    assert other != first
    first.ended_at, first.outcome = timezone.now(), CheckOutcome.HOLDS
    first.save()
    assert actions.ask_for_check(token, by=cast.ruth) == first
    assert actions.ask_for_check(uuid4(), by=cast.ruth) not in (first, other)


@pytest.mark.parametrize(("checked", "seconds"), [(5, 31), (0, 301), (10, 301)])
def test_a_check_whose_process_fell_silent_is_taken_up_again_and_no_other(
    cast: Cast, client: Client, checked: int, seconds: int
) -> None:
    check = actions.ask_for_check(uuid4(), by=cast.ruth)
    assert actions._take_up() is not None
    actions._Progress(check)(checked, 10)
    sign_in(client, cast.ruth)
    for later, is_silent in ((seconds - 5, False), (seconds, True)):
        with time_machine.travel(timezone.now() + timedelta(seconds=later), tick=False):
            assert ("fallen silent" in text_of(client, f"{PAGE}{check.token}/")) is is_silent
            assert (actions._take_up() is not None) is is_silent


def test_a_check_that_nobody_begins_says_what_to_do(cast: Cast, client: Client) -> None:
    check = actions.ask_for_check(uuid4(), by=cast.ruth)
    sign_in(client, cast.ruth)
    assert "watch_trail" not in text_of(client, f"{PAGE}{check.token}/")
    check.asked_at -= timedelta(seconds=20)
    check.save()
    page = text_of(client, f"{PAGE}{check.token}/")
    assert "watch_trail" in page
    assert "data-while-running" not in page


def test_only_a_reviewer_may_look_or_ask(cast: Cast, client: Client) -> None:
    check = actions.ask_for_check(uuid4(), by=cast.ruth)
    for officer in (cast.amina, cast.grace, cast.priya, cast.yusuf, cast.colin, cast.olivia, cast.margaret):
        sign_in(client, officer)
        for address in (PAGE, f"{PAGE}{check.token}/", f"{PAGE}checkpoint/"):
            assert client.get(address).status_code == 403
        assert client.post(PAGE, {"token": str(uuid4())}).status_code == 403
    assert IntegrityCheck.objects.count() == 1
    sign_in(client, cast.ruth)
    assert client.get(f"{PAGE}{uuid4()}/").status_code == 404


def test_pages_of_integrity_show_no_case_and_leave_no_access(cast: Cast, client: Client) -> None:
    reference = make.case(cast.amina)
    before = Access.objects.count()
    assert reference not in text_of(sign_in(client, cast.ruth), PAGE)
    assert Access.objects.count() == before
