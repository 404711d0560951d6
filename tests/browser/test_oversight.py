"""A reviewer before a browser: finds a refused attempt, reads a case and an officer, looks into a flag, checks, exports."""

import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.browser.authority import WHY
from tests.browser.making import Maker
from tests.browser.overseeing import Overseen, oversee
from tests.browser.programs import Server
from tests.browser.seat import Seat, Way

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-2")]

_DECLARED = (
    "I may disclose this to the recipient named, for the purpose named. I have checked that no less would do, "
    "and I send it in a way that fits what it holds."
)
_PATIENCE = 40


@pytest.fixture(scope="module")
def overseen(server: Server) -> Iterator[Overseen]:
    """The trail of the server, sealed and watched while these tests run."""
    with oversee(server) as running:
        yield running


@pytest.fixture
def refused_to_tom(maker: Maker, take_seat: Callable[..., Seat]) -> str:
    """The reference of a case of a colleague that Tom read for a reason, and tried to change."""
    made = maker.submitted("amina", "knife")
    tom = take_seat().come_in("tom")
    tom.open(made.address("withdraw/"))
    tom.answer({WHY: "The shop called about it."})
    tom.press("Open the record")
    assert tom.says("Only the officer who recorded this case")
    return made.reference


def search(ruth: Seat, reference: str) -> None:
    """Search the trail for what was refused with one case."""
    ruth.follow("Trail")
    ruth.answer(
        {
            "What do you want to find?": "Things done or refused",
            "Case reference": reference,
            "Outcome": "Refused attempts only",
        }
    )
    ruth.press("Search the trail")
    assert not ruth.errors(), ruth.errors()
    assert ruth.heading == "Things done or refused"


@pytest.mark.parametrize("script", [True, False])
def test_a_refused_attempt_leads_to_the_case_and_to_the_officer(
    take_seat: Callable[..., Seat], refused_to_tom: str, script: bool
) -> None:
    ruth = take_seat(script=script).come_in("ruth")
    ruth.follow("Trail")
    ruth.press("Search the trail")
    assert ruth.errors() == ["Select what you want to find"]
    search(ruth, refused_to_tom)
    assert ruth.page.locator(".cr-line").count() == 1
    assert ruth.says("Tom O'Neill")
    found = ruth.page.url
    ruth.follow(re.compile(refused_to_tom))
    ruth.answer({WHY: "A complaint of the shop."})
    ruth.press("Open the record")
    assert ruth.path.endswith("/history/")
    assert ruth.says("tried to")
    looks = ruth.page.locator("ol[aria-labelledby=looked]").inner_text()
    assert "Ruth Adeyemi" in looks
    assert "A complaint of the shop." in looks
    assert "The shop called about it." in looks
    ruth.page.goto(found)
    ruth.follow(re.compile("Constable Tom O'Neill"))
    assert ruth.heading == "What PC 4213 Tom O'Neill did"
    ruth.follow("7 days")
    assert ruth.says("In numbers, since")
    assert ruth.says(refused_to_tom)


def test_a_name_of_several_officers_is_asked_about_and_an_unknown_case_is_not_found(
    take_seat: Callable[..., Seat], overseen: Overseen
) -> None:
    ruth = take_seat(width=390).come_in("ruth")
    ruth.open("/trail/")
    ruth.answer({"What do you want to find?": "Looks at records", "Case reference": "7KQM2PXR", "Officer": "a"})
    ruth.press("Search the trail")
    no_case, several = ruth.errors()
    assert no_case == "No case of your force has this reference. Check it and enter it again"
    assert several.startswith("Enter the warrant number of one officer.")


def test_a_flag_is_looked_into_by_touch_and_what_was_found_is_kept(
    take_seat: Callable[..., Seat], maker: Maker, overseen: Overseen
) -> None:
    made = maker.submitted("amina", "knife")
    maker.decided(made, "priya", "grant")
    ruth = take_seat(Way.FINGER, width=390).come_in("ruth")
    ruth.open("/trail/flags/")
    until = time.monotonic() + _PATIENCE
    while not ruth.says(made.reference) and time.monotonic() < until:
        overseen.find_flags()
        ruth.page.reload()
    ruth.follow(re.compile(r"Authority granted within a minute\s*, "))
    assert ruth.says(made.reference)
    assert ruth.says("Insp 2051 Priya Shah")
    ruth.press("Keep what you found")
    assert ruth.errors() == ["Write what you found"]
    ruth.answer({"What did you find?": "They had talked it over on the phone: the reasons say so."})
    ruth.press("Keep what you found")
    assert ruth.says("What you found is kept.")
    assert ruth.says("They had talked it over on the phone: the reasons say so.")
    ruth.open("/trail/flags/")
    assert ruth.says("Looked into")


def test_the_trail_is_checked_to_its_end_by_keyboard(
    take_seat: Callable[..., Seat], maker: Maker, overseen: Overseen
) -> None:
    maker.submitted("amina", "knife")
    overseen.run("seal_audit_trail", "--once")
    ruth = take_seat(Way.KEYBOARD).come_in("ruth")
    ruth.follow("Integrity")
    assert ruth.says("The latest checkpoint")
    ruth.press("Check the trail now")
    until = time.monotonic() + _PATIENCE
    while ruth.heading == "Checking the trail" and time.monotonic() < until:
        ruth.page.wait_for_timeout(500)
    ruth.arrive()
    assert ruth.heading == "The trail holds"
    assert ruth.says("Rows checked")
    ruth.follow("Integrity")
    assert ruth.says("Holds")


def test_an_exported_case_is_checked_by_whoever_gets_it(
    take_seat: Callable[..., Seat], maker: Maker, overseen: Overseen, tmp_path: Path
) -> None:
    made = maker.submitted("amina", "knife")
    ruth = take_seat().come_in("ruth")
    ruth.follow("Exports")
    ruth.press("Export it")
    assert "Select what you export" in ruth.errors()
    ruth.answer(
        {
            "What do you export?": "The trail of one case",
            "Which case?": made.reference,
            "Who gets it?": "The clerk of Highbury Corner Magistrates' Court",
            "What for?": "Disclosure ordered by the court, order 14.",
            "Your declaration": _DECLARED,
        }
    )
    with ruth.page.expect_download(timeout=_PATIENCE * 1000) as waited:
        ruth.page.get_by_role("button", name="Export it").click()
    packed = tmp_path / waited.value.suggested_filename
    waited.value.save_as(packed)
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(folder)
    script = next(folder.rglob("verify.py"))
    held = verified(script)
    assert held.returncode == 0, held.stdout + held.stderr
    rows = script.with_name("rows.jsonl")
    good = rows.read_bytes()
    place = good.index(b'"body"') + 20
    rows.write_bytes(good[:place] + (b"A" if good[place : place + 1] != b"A" else b"B") + good[place + 1 :])
    assert verified(script).returncode != 0
    rows.write_bytes(good)
    assert verified(script).returncode == 0
    ruth.open(made.address("history/"))
    ruth.answer({WHY: "To see that the export is kept."})
    ruth.press("Open the record")
    assert ruth.says("given to The clerk of Highbury Corner Magistrates' Court")


def verified(script: Path) -> "subprocess.CompletedProcess[str]":
    """Run the script of an export as its recipient would, without any package."""
    command = [sys.executable, "-I", "-S", script.name]
    return subprocess.run(command, cwd=script.parent, capture_output=True, text=True, timeout=60, check=False)
