"""Nothing personal stands in an address, a log, a session or a cookie; and nothing raw in what an officer reads."""

import logging
import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from cr_app.cases.actions import submission
from cr_app.cases.models import Case
from cr_app.cases.questions import QUESTIONS
from tests import make
from tests.cast import Cast, sign_in
from tests.journeys.browsing import day, moment, open_page, page_of

# Words that can come from nowhere but what was typed.
CANARIES = {
    "first_names": "Canaryfirst",
    "last_names": "Canarylast",
    "address": "Canary Wharf 9",
    "phone": "07700900321",
    "pnc_id": "2003/0011985X",
    "place": "Canaryplace",
    "circumstances_brief": "Canarybrief",
    "rationale": "Canaryrationale",
    "reason": "Canaryreason",
}


def sent_by(client: Client, path: str, answers: dict[str, str]) -> str:
    """Send a page and return where it led."""
    response = client.post(path, open_page(client, path).form | answers)
    assert response.status_code in (302, 422), (path, response.status_code)
    return response.get("Location", "")


def test_what_is_typed_stands_in_no_address_log_session_or_cookie(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("django.db.backends").setLevel(logging.INFO)
    client = sign_in(Client(), cast.amina)
    reference = make.case(cast.amina)
    steps = {
        "incident": {
            **moment("occurred_from"),
            "place": CANARIES["place"],
            "borough": "Camden",
            "circumstances_brief": CANARIES["circumstances_brief"],
            "venue": "none",
        },
        "offender": {
            "first_names": CANARIES["first_names"],
            "last_names": CANARIES["last_names"],
            **day("born_on", "1", "2", "1996"),
            "sex": "female",
            "self_defined_ethnicity": "W1",
            "officer_defined_ethnicity": "IC1",
        },
        "offender-details": {
            "address": CANARIES["address"],
            "phone": CANARIES["phone"],
            "pnc_id": CANARIES["pnc_id"],
            "police_officer_or_staff": "no",
        },
        "rationale": {"rationale": CANARIES["rationale"]},
    }
    led = []
    for slug, answers in steps.items():
        path = reverse("case_step", args=[reference, slug])
        led.append(sent_by(client, path, answers))
        led.append(sent_by(client, path, answers | {"rationale": "", "last_names": CANARIES["last_names"] * 30}))
    assert make.read(reference).offender.last_names == CANARIES["last_names"]
    led.append(client.post(reverse("case_search"), {"sought": CANARIES["last_names"]})["Location"])
    led.append(client.post(reverse("case_search"), {"sought": CANARIES["pnc_id"]})["Location"])
    asked = sign_in(Client(), cast.tom).get(reverse("case", args=[reference]))["Location"]
    other = sign_in(Client(), cast.tom)
    led += [asked, other.post(asked, {"reason": CANARIES["reason"]})["Location"]]
    led.append(sent_by(client, reverse("case_not_used", args=[reference]), {"reason": CANARIES["reason"]}))
    # Refused, not found, and sent again: what goes wrong is told without what was typed.
    for officer in (cast.kieran, cast.grace):
        sign_in(Client(), officer).post(reverse("case_step", args=[reference, "rationale"]), steps["rationale"])
    client.post(reverse("case_step", args=[reference, "rationale"]), steps["rationale"])
    client.post(f"/cases/{reference}/no-such-page/", steps["rationale"])
    kept = " ".join(
        [
            *led,
            *(record.getMessage() + str(record.__dict__.get("exc_text")) for record in caplog.records),
            *(str(session.get_decoded()) for session in Session.objects.all()),
            *(morsel.OutputString() for morsel in client.cookies.values()),
        ]
    )
    for name, canary in CANARIES.items():
        assert canary not in kept, name


def test_a_search_is_kept_apart_and_what_was_sought_is_shown_to_its_officer_alone(cast: Cast) -> None:
    client = sign_in(Client(), cast.amina)
    place = client.post(reverse("case_search"), {"sought": "Canarylast"})["Location"]
    assert re.fullmatch(r"/cases/search/[0-9a-f-]{36}/", place)
    assert "Canarylast" in client.get(place).content.decode()


# What a reader must never meet: names of columns, of events, of codes that stand for words.
RAW = re.compile(
    r"\b[a-z]+_[a-z_]+\b|\bcase\.[a-z]+|\b(?:None(?! of these)|True|False|null)\b|\+00:00|\b\d{4}-\d\d-\d\d\b|houses-of-parliament"
    r"|financial-compensation|behaviour-agreement"
)


def test_the_history_of_a_case_is_told_in_words(cast: Cast) -> None:
    story = (
        make.two_victims()
        .but(disposals=({"kind": "cannabis_warning", "given_on": make.birthday(3), "offence_code": None},))
        .answering(
            {
                "case.has_earlier_disposals": True,
                "offender.mental_health_concern": True,
                "offender.born_on": make.birthday(15),
                "offender.sex": "not_known",
                "offender.professional_consulted": "nobody_responsible",
            }
        )
    )
    reference = make.complete(cast.amina, story)
    victim = make.record(reference).victims[0]
    make.row(reference, cast.amina, "action", make.apology(victim_id=victim.pk, remedy="mediation"))
    make.submit_it(reference, cast.amina)
    submission.reopen(reference, by=cast.amina)
    make.answer(reference, cast.amina, "incident", case__venue="houses-of-parliament")
    submission.reassign(reference, by=cast.grace, to="4213", reason="Leave.")
    client = sign_in(Client(), cast.amina)
    for officer, page in ((cast.kieran, "case"), (cast.grace, "case_not_used"), (cast.tom, "case_record")):
        sign_in(Client(), officer).get(reverse(page, args=[reference]))
        sign_in(Client(), officer).post(reverse("case_step", args=[reference, "rationale"]), {"rationale": ""})
    make.submit_it(reference, cast.amina)
    make.issue_it(reference, cast.amina)
    path = reverse("case_history", args=[reference])
    told = page_of(client.get(path), path)
    (main,) = told.tree.find_all("main")
    words = main.text()
    assert "Amina Khan" in words
    assert sorted(set(RAW.findall(words))) == []
    for key in QUESTIONS:
        assert key not in words


def test_every_page_of_a_case_is_told_in_words(cast: Cast) -> None:
    reference = make.issued(cast.amina, make.two_victims())
    client = sign_in(Client(), cast.amina)
    for name in ("case", "case_print"):
        path = reverse(name, args=[reference])
        (main,) = page_of(client.get(path), path).tree.find_all("main")
        # A rulebook is called by its dated name, so that it can be found again.
        assert RAW.findall(main.text().replace("met/2023-08-01", "")) == [], name
    assert Case.objects.count() == 1
