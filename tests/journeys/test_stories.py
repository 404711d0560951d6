"""Stories through the pages, without a script: from a new record to where it ends."""

import pytest
from django.test import Client
from django.urls import reverse

from cr_app.cases.lifecycle import Status
from cr_app.cases.models import Case
from tests import make
from tests.cast import Cast, sign_in
from tests.journeys.browsing import day, moment, open_page, page_of

CIRCUMSTANCES = ("domestic_abuse", "intimate_partner", "hate_crime", "sexual", "firearm", "weapon_or_blade")
SHOP_THEFT: dict[str, dict[str, str]] = {
    "new": {"crime_report_reference": "2312345/26"},
    "incident": {
        **moment("occurred_from"),
        "place": "Holloway Stores",
        "borough": "Camden",
        "circumstances_brief": "Took two bottles of squash.",
        "venue": "none",
    },
    "offences/add": {"offence_type": "46/00"},
    "circumstances": dict.fromkeys(CIRCUMSTANCES, "no"),
    "offender": {
        "first_names": "Jade",
        "last_names": "Ransome",
        **day("born_on", "1", "2", "1996"),
        "sex": "female",
        "self_defined_ethnicity": "W1",
        "officer_defined_ethnicity": "IC1",
    },
    "offender-details": {"address": "Flat 4", "police_officer_or_staff": "no"},
    "history": {
        "pnc_checked": "yes",
        **moment("pnc_checked_at", time="11:00"),
        "local_checked": "yes",
        **moment("local_checked_at", time="11:00"),
        "has_earlier_disposals": "no",
    },
    "responsibility": {
        "accepts_responsibility": "yes",
        "admits_offence": "yes",
        "account": "I took them.",
        "agrees_to_take_part": "yes",
        "consequences_explained": "yes",
        "legal_advice_offered": "yes",
    },
    "seriousness": {"evidence_sufficient": "yes", "less_serious": "yes", "gravity_score": "2"},
    "safeguards": {"mental_health_concern": "no", "interpreter": "no"},
    "victims/add": {
        "kind": "organisation",
        "organisation_name": "Holloway Stores",
        "consulted": "yes",
        **moment("consulted_at", time="11:30"),
        "consulted_how": "In person",
        "agrees": "yes",
    },
    "actions/add": {
        "remedy": "financial-compensation",
        "undertaking": "Pay for the squash",
        "amount": "12.40",
        **day("due_on", "1", "12", "2036"),
    },
    "rationale": {"rationale": "Small, admitted at once."},
    "check": {},
}


def record(client: Client, told: dict[str, dict[str, str]]) -> tuple[str, list[str]]:
    """Follow the pages as they lead, answering each; returns where it ended and the pages met."""
    path = reverse("case_new")
    met: list[str] = []
    while True:
        slug = path.partition("/record/")[2].strip("/") or ("new" if path.endswith("/new/") else "")
        if slug not in told:
            return path, met
        # A list with nothing in it asks for the first at once.
        response = client.post(path, open_page(client, path).form | told[slug])
        assert response.status_code == 302, (path, page_of(response, path).errors)
        met.append(slug)
        path = response["Location"]
        if client.get(path).status_code == 302:
            path = client.get(path)["Location"]


def test_the_shop_theft_is_issued_in_at_most_15_pages(client: Client, cast: Cast) -> None:
    sign_in(client, cast.amina)
    ended, met = record(client, SHOP_THEFT)
    assert met == list(SHOP_THEFT)
    assert len(met) <= 15
    case = Case.objects.get()
    assert (ended, case.status_now) == (reverse("case", args=[case.reference]), Status.READY)
    page = open_page(client, reverse("case_issue", args=[case.reference]))
    wrong = page_of(client.post(page.path, page.form | {"offender": "", "officer": "Somebody Else"}), page.path)
    assert (wrong.status, len(wrong.errors)) == (422, 2)
    done = client.post(page.path, wrong.form | {"offender": "Jade Ransome", "officer": "amina khan"})
    assert done["Location"] == reverse("case", args=[case.reference])
    assert make.read(case.reference).status_now is Status.ISSUED
    shown = client.get(done["Location"]).content.decode()
    for told in ("Jade Ransome", "Holloway Stores", "£12.40", "Small, admitted at once."):
        assert told in shown, told


# What is told otherwise, the pages that come with it, and where the record stops.
STOPS: dict[str, tuple[dict[str, dict[str, str]], str, str]] = {
    "no evidence": ({"seriousness": {"evidence_sufficient": "no"}}, "seriousness", "cannot be given"),
    "a knife": ({"offences/add": {"offence_type": "8/26"}}, "offences/add", "needs authority"),
    "domestic abuse": ({"circumstances": {"domestic_abuse": "yes"}}, "circumstances", "needs authority"),
    "a police officer": (
        {"offender-details": {"police_officer_or_staff": "yes"}},
        "offender-details",
        "professional standards",
    ),
}


@pytest.mark.parametrize("name", STOPS)
def test_a_case_that_needs_more_stops_at_the_answer_with_its_rule(client: Client, cast: Cast, name: str) -> None:
    changed, last, heading = STOPS[name]
    sign_in(client, cast.amina)
    told = {slug: answers | changed.get(slug, {}) for slug, answers in SHOP_THEFT.items()}
    ended, met = record(client, told)
    assert met[-1] == last
    assert ended.endswith("/record/result/")
    page = open_page(client, ended)
    (title,) = page.tree.find_all("h1")
    assert heading in title.text()
    assert "01.FOI." in page.html or "NPCC" in page.html or "national" in page.html.lower()


def test_a_child_is_asked_for_an_appropriate_adult_and_youth_justice(client: Client, cast: Cast) -> None:
    sign_in(client, cast.amina)
    young = SHOP_THEFT["offender"] | day("born_on", "1", "2", "2012")
    adult = {
        "appropriate_adult_present": "yes",
        "appropriate_adult_name": "Theresa Quill",
        "appropriate_adult_relationship": "Aunt",
        "appropriate_adult_contact": "07700 900123",
        "appropriate_adult_is": "none",
        **moment("appropriate_adult_from", time="09:00"),
    }
    youth = {
        "youth_justice_consulted": "yes",
        "youth_justice_name": "Camden Youth Justice",
        **moment("youth_justice_at", time="09:30"),
    }
    told = SHOP_THEFT | {"offender": young, "appropriate-adult": adult, "youth-justice": youth}
    _, met = record(client, told)
    assert met[met.index("safeguards") : met.index("victims/add")] == [
        "safeguards",
        "appropriate-adult",
        "youth-justice",
    ]
    reference = Case.objects.get().reference
    for barred in ("police", "victim", "witness", "suspect", "solicitor"):
        with make.undone():
            case = make.case(cast.amina, report="9/26")
            make.answer(case, cast.amina, "offender", offender__born_on=make.birthday(14))
            path = reverse("case_step", args=[case, "appropriate-adult"])
            page = page_of(
                client.post(path, open_page(client, path).form | adult | {"appropriate_adult_is": barred}), path
            )
            assert (page.status, len(page.errors)) == (422, 1), barred
    assert make.read(reference).status_now is Status.READY


def test_an_early_answer_changed_leads_on_to_what_it_opens(client: Client, cast: Cast) -> None:
    reference = make.complete_shop_theft(cast.amina)
    sign_in(client, cast.amina)
    path = reverse("case_step", args=[reference, "offender"])
    led = client.post(path, open_page(client, path).form | day("born_on", "1", "2", "2012"))["Location"]
    assert led == reverse("case_step", args=[reference, "appropriate-adult"])
    check = open_page(client, reverse("case_check", args=[reference]))
    assert "Youth justice service" in check.html
    assert not [form for form in check.tree.find_all("form") if form.find_all("input", name="seen")]
    led = client.post(path, open_page(client, path).form | day("born_on", "1", "2", "1996"))["Location"]
    assert led == reverse("case_check", args=[reference])


def test_a_raw_post_submits_no_case_that_is_not_ready(client: Client, cast: Cast) -> None:
    sign_in(client, cast.amina)
    for story in (
        make.shop_theft().answering({"case.evidence_sufficient": False}),
        make.shop_theft().but(actions=()),
        make.cannabis_again(),
        make.child().answering({"offender.appropriate_adult_present": False}),
    ):
        reference = make.complete(cast.amina, story)
        sent = {"seen": make.reviewed(reference)}
        assert client.post(reverse("case_check", args=[reference]), sent).status_code == 409
        assert make.read(reference).is_draft
        for name in ("case_issue", "case_reopen"):
            assert client.post(reverse(name, args=[reference]), sent).status_code in (403, 422), name
        assert make.read(reference).is_draft
