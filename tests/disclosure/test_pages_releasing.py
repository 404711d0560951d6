"""From what was worked out to the files: what the desk reads, who may release, what is kept of each download."""

import re
import time
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cr_app.accounts.models import Officer
from cr_app.accounts.sessions import SIGNED_IN_AT
from cr_app.audit.models import Entry
from cr_app.disclosure.export.content import read_content
from cr_app.disclosure.export.files import FORMS
from cr_app.disclosure.models import CellChoice, InformationRequest, Proposal, PublishedTotal, Release, WorkedOut
from cr_app.disclosure.presenting.preview import bounds_in_words
from tests.cast import Cast, give_password, sign_in
from tests.disclosure import make_desk
from tests.disclosure.desk_answers import THEFT, THREATS, history, typed
from tests.make_disclosure import Closed, imported

NEW = "/disclosure/new/"


def at_desk(officer: Officer) -> Client:
    """Return the browser of an analyst."""
    return sign_in(Client(), officer)


def said(response: Any) -> str:
    """Return the words of a page's main part."""
    return " ".join(re.sub(r"<[^>]*>", " ", response.content.decode().partition("<main")[2]).split())


def entered(client: Client, **but: object) -> str:
    """Return the address of a request that was entered and worked out, over the history."""
    history()
    address = str(client.post(NEW, typed(**but))["Location"])
    assert client.post(f"{address}work-out/")["Location"] == address
    return address


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (1, 9, "Between 1 and 9"),
        (1, None, "At least 1"),
        (0, None, "Nothing: 0 or more"),
        (3, 3, "Exactly 3"),
        (1200, 1300, "Between 1,200 and 1,300"),
    ],
)
def test_what_an_outsider_can_work_out_is_said_in_words(low: int, high: int | None, words: str) -> None:
    assert bounds_in_words(low, high) == words
    assert bounds_in_words(low, high, is_pinned=True) == f"{words}. What was published before tells that already"


def test_a_request_goes_from_one_analyst_to_another_and_into_the_ledger(cast: Cast) -> None:
    olivia, sam = at_desk(cast.olivia), at_desk(cast.sam)
    address = entered(olivia)
    preview = said(olivia.get(address))
    assert "The table as it would leave" in preview
    assert "[c] is a count that is withheld" in preview
    assert "Small: a count from 1 to 4." in preview
    assert "What an outsider can work out at best" in preview
    assert "Nothing is proposed" in said(sam.get(f"{address}release/"))
    shown = olivia.get(f"{address}propose/").content.decode()
    key = WorkedOut.objects.get().pk
    assert f'name="worked_out" id="id_worked_out" value="{key}"' in shown
    for _ in range(2):
        assert olivia.post(f"{address}propose/", {"worked_out": key, "note": "Look at 2020."})["Location"] == address
    proposal = Proposal.objects.get()
    # The proposer is told why she cannot, has no button, and is refused where she sends it all the same.
    own = olivia.get(f"{address}release/")
    assert "You proposed it, so somebody else releases it." in said(own)
    assert "id_proposal" not in own.content.decode()
    refused = olivia.post(f"{address}release/", {"proposal": proposal.pk, "declared": "yes"})
    assert (refused.status_code, Release.objects.count()) == (403, 0)
    read = said(sam.get(f"{address}release/"))
    for words in ("Proposed by Olivia Grant", "Look at 2020.", "I have read the whole table", "Small: a count"):
        assert words in read, words
    undeclared = sam.post(f"{address}release/", {"proposal": proposal.pk})
    assert undeclared.status_code == 422
    assert "Tick the declaration, or do not release" in said(undeclared)
    sent = {"proposal": proposal.pk, "declared": "yes"}
    assert sam.post(f"{address}release/", sent)["Location"] == reverse("release", args=[1])
    assert sam.post(f"{address}release/", sent)["Location"] == reverse("release", args=[1])
    assert Release.objects.get().released_by == cast.sam
    ledger = said(olivia.get("/disclosure/releases/"))
    assert "Release 1" in ledger
    assert "released by Sam Whitlock" in ledger
    assert "Released as number 1 by Sam Whitlock." in said(olivia.get("/disclosure/"))
    for place in ("change/", "cell/", "propose/", "work-out/"):
        assert olivia.post(f"{address}{place}", {}).status_code in (302, 403, 422), place
    assert (WorkedOut.objects.count(), Release.objects.count()) == (1, 1)


def test_a_cell_is_kept_back_for_a_reason_and_the_table_worked_out_around_it(cast: Cast) -> None:
    olivia = at_desk(cast.olivia)
    address = entered(olivia, method="round")
    chosen = {"row": "Theft", "column": "2020", "what": "withhold"}
    begun = olivia.get(f"{address}cell/", {"row": "Theft", "column": "2020"}).content.decode()
    assert '<option value="Theft" selected>' in begun
    asked_why = olivia.post(f"{address}cell/", chosen)
    assert asked_why.status_code == 422
    assert "Say why" in said(asked_why)
    for wrong in ({"row": "Arson"}, {"column": "1066"}, {"what": "burn"}):
        assert olivia.post(f"{address}cell/", chosen | {"reason": "Because."} | wrong).status_code == 422
    assert not CellChoice.objects.exists()
    assert olivia.post(f"{address}cell/", chosen | {"reason": "It was in the paper."})["Location"] == address
    shown = said(olivia.get(address))
    assert "Kept back: Theft , 2020" in shown
    assert "It was in the paper." in shown
    assert "Somebody of this desk keeps it back." in shown
    opened = olivia.post(f"{address}cell/", {"row": "Total", "column": "2021", "what": "open", "reason": "Public."})
    assert "This value is not withheld, so there is nothing to open." in said(opened)


def test_what_has_changed_since_it_was_worked_out_is_said_and_not_proposed(cast: Cast) -> None:
    olivia, asked = at_desk(cast.olivia), make_desk.request(cast)
    key = make_desk.worked_out(asked, cast).pk
    address = reverse("foi_request", args=[asked.pk])
    assert "It was not proposed yet." in said(olivia.get(address))
    assert "What is below still holds" in said(olivia.get(address))
    make_desk.released(cast, part=2)
    for page in (olivia.get(address), olivia.get("/disclosure/")):
        assert "Something has changed since it was worked out: work it out again." in said(page)
    assert "Work it out again" in said(olivia.get(address))
    assert "What is below still holds" not in said(olivia.get(address))
    stale = olivia.post(reverse("foi_propose", args=[asked.pk]), {"worked_out": key, "note": "A long note."})
    assert stale.status_code == 409
    assert "Something that counts has changed since it was worked out" in said(stale)
    assert "A long note." in stale.content.decode()
    assert not Proposal.objects.filter(request=asked).exists()


def test_whoever_releases_gives_the_password_first_where_it_is_long_ago(cast: Cast) -> None:
    asked = make_desk.proposed(cast)
    give_password(cast.sam)
    sam, address = at_desk(cast.sam), reverse("foi_release", args=[asked.pk])
    assert sam.get(address).status_code == 200
    session = sam.session
    session[SIGNED_IN_AT] = int(time.time()) - 6 * 60
    session.save()
    sent = {"proposal": Proposal.objects.get().pk, "declared": "yes"}
    for response in (sam.get(address), sam.post(address, sent)):
        assert response["Location"].startswith(reverse("account_reauthenticate"))
    assert not Release.objects.exists()


def test_each_file_is_handed_out_as_one_and_each_download_is_kept(cast: Cast) -> None:
    release, sam = make_desk.released(cast), at_desk(cast.sam)
    page = sam.get(reverse("release", args=[1])).content.decode()
    for form, kind in FORMS.items():
        address = reverse("release_file", args=[1, form])
        assert f'href="{address}"' in page
        response = sam.get(address)
        assert response.headers["Content-Type"] == kind.content_type
        name = re.fullmatch(r'attachment; filename="([\w.-]+)"', response.headers["Content-Disposition"])
        assert name
        assert name[1].startswith("01.FOI.22.024759-table-1-release-1")
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
    kept = Entry.objects.filter(event="release.downloaded", subject=release.subject)
    assert [entry.details["form"] for entry in kept.order_by("pk")] == list(FORMS)
    assert sam.get(reverse("release_file", args=[1, "exe"])).status_code == 404
    assert sam.get(reverse("release_file", args=[2, "csv"])).status_code == 404
    assert sam.post(reverse("release_file", args=[1, "csv"])).status_code == 405
    assert kept.count() == len(FORMS)


def test_the_page_of_a_release_says_nothing_of_why_for_the_desk(cast: Cast) -> None:
    make_desk.released(cast)
    request, words = make_desk.proposed(cast, part=2), ("Small: a count", "Between 1 and 9", "for your desk alone")
    page = said(at_desk(cast.sam).get(reverse("release", args=[1])))
    assert "Refusal notice" in page
    assert not [each for each in (*words, "keeps it back") if each in page]
    # The control: the page of a request says all of it.
    desk = said(at_desk(cast.sam).get(reverse("foi_request", args=[request.pk])))
    assert [each for each in (*words, "keeps it back") if each not in desk] == []


def test_no_page_holds_a_count_that_is_withheld(cast: Cast) -> None:
    olivia, sam = at_desk(cast.olivia), at_desk(cast.sam)
    true = {("Theft", "2020"): 613, ("Theft", "2021"): 587, ("Threats", "2020"): 3, ("Threats", "2021"): 409}
    codes = {"Theft": THEFT, "Threats": THREATS}
    imported([Closed(date(int(year), 6, 1), codes[row], number) for (row, year), number in true.items()])
    address = str(olivia.post(NEW, typed())["Location"])
    olivia.post(f"{address}work-out/")
    worked_out = WorkedOut.objects.get()
    olivia.post(f"{address}propose/", {"worked_out": worked_out.pk, "note": ""})
    pages = [olivia.get(f"{address}{place}") for place in ("", "change/", "cell/", "propose/", "release/")]
    pages += [sam.get(f"{address}release/"), olivia.get("/disclosure/")]
    sam.post(f"{address}release/", {"proposal": Proposal.objects.get().pk, "declared": "yes"})
    left = [sam.get(reverse("release", args=[1])), sam.get(address), sam.get("/disclosure/releases/")]
    table = read_content(worked_out.content).table
    withheld = [(table.rows[row], table.columns[column]) for row, column in table.withheld]
    planted = {str(true[cell]) for cell in withheld if true.get(cell, 0) > 100}
    assert planted
    everything = "".join(page.content.decode() for page in [*pages, *left])
    assert not [count for count in planted if re.search(rf"\b{count}\b", everything)]
    # The control: what is shown is found in the same way.
    assert re.search(r"\b1,612\b", "".join(page.content.decode() for page in left))


def test_a_total_published_elsewhere_is_kept_and_said_to_be_ours_or_not(cast: Cast) -> None:
    history()
    olivia = at_desk(cast.olivia)
    told: dict[str, object] = {"source": "Home Office, table 2", "basis": "cases", "what": "all", "count": "68"}
    days = {"published_on": (1, 6, 2023), "period_from": (1, 1, 2020), "period_to": (31, 12, 2021)}
    for name, (day, month, year) in days.items():
        told |= {f"{name}_day": day, f"{name}_month": month, f"{name}_year": year}
    place = "/disclosure/elsewhere/"
    assert "Enter the codes of the offences that it counts" in said(olivia.post(place, told | {"what": "some"}))
    assert "Enter a last day that is not before the first" in said(olivia.post(place, told | {"period_to_year": 2019}))
    assert not PublishedTotal.objects.exists()
    assert olivia.post(place, told)["Location"] == place
    olivia.post(place, told | {"count": "69", "what": "some", "codes": "46/00"})
    page = said(olivia.get(place))
    assert "68 Community Resolutions for all offences, 1 January 2020 to 31 December 2021" in page
    assert (page.count("Taken into account"), page.count("Left out")) == (1, 1)


def test_another_force_and_other_roles_reach_nothing_of_it(cast: Cast) -> None:
    asked, release = make_desk.proposed(cast), make_desk.released(cast, part=2)
    kent = Officer.objects.get(pk=cast.kieran.pk)
    kent.roles = ["foi_analyst"]
    kent.save(update_fields=["roles"])
    there = at_desk(kent)
    for address in (reverse("foi_request", args=[asked.pk]), reverse("release", args=[release.number])):
        assert there.get(address).status_code == 404
        assert at_desk(cast.amina).get(address).status_code == 403
    assert "01.FOI.22.024759" not in said(there.get("/disclosure/")) + said(there.get("/disclosure/releases/"))
    # The control: the same pages show it to the force's own.
    assert "01.FOI.22.024759" in said(at_desk(cast.olivia).get("/disclosure/"))
    assert InformationRequest.objects.count() == 2
