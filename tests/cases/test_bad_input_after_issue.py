"""Whatever is sent to the pages of contacts, corrections and rescissions is answered in words, and changes nothing."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cr_app.audit.models import Entry
from cr_app.cases.models import Contact, Correction, Rescission
from tests import make
from tests.cast import Cast, sign_in
from tests.make_afterwards import MISSPELT, WRONG

_FIGURES = "9" * 5000
BAD: dict[str, tuple[str, dict[str, str], str]] = {
    "NUL in a note": ("case_contacts", {"note": "a\x00b"}, "character"),
    "a note too long": ("case_contacts", {"note": "x" * 1001}, "1,000 characters"),
    "somebody who is not in the case": ("case_contacts", {"victim_id": _FIGURES}, "Select who it was"),
    "a day of 5,000 figures": ("case_contacts", {"happened_at_day": _FIGURES}, "ay"),
    "a contact to come": ("case_contacts", {"happened_at_year": "2099"}, "past"),
    "a way that is not offered": ("case_contacts", {"how": "pigeon"}, "Select how it was"),
    "a token that is none": ("case_contacts", {"token": "x"}, "valid UUID"),
    "a name that is not there": ("case_correct", {"key": "offender.address"}, "Select which name is wrong"),
    "a name without a letter": ("case_correct", {"new": "123"}, "letters"),
    "reordering in a name": ("case_correct", {"new": "Ran\u202esom"}, "character"),
    "a name too long": ("case_correct", {"new": "x" * 201}, "200 characters"),
    "another press": ("case_correct", {"then": "destroy"}, "Correct a name"),
    "another name before": ("case_correct", {"old": "\x00", "then": "correct"}, "Somebody has corrected this name"),
    "no name before": ("case_correct", {"old": "", "then": "correct"}, "Somebody has corrected this name"),
    "NUL in the reasons": ("case_rescind", {"reason": "a\x00b"}, "character"),
    "reasons too long": ("case_rescind", {"reason": "x" * 4001}, "4,000 characters"),
    "nothing declared": ("case_rescind", {"declared": ""}, "Tick the declaration"),
    "something else declared": ("case_rescind", {"declared": "maybe"}, "Select the declaration"),
    "a state that never was": ("case_rescind", {"seen": _FIGURES}, "Something was recorded"),
}


def good(name: str) -> dict[str, Any]:
    """Return what a form sends that is taken."""
    at = timezone.localtime()
    forms: dict[str, dict[str, Any]] = {
        "case_contacts": {
            "victim_id": "offender",
            **{f"happened_at_{part}": str(getattr(at, part)) for part in ("day", "month", "year")},
            "happened_at_time": f"{at:%H:%M}",
            "how": "phone",
            "result": "reached",
            "told": "nothing",
            "note": "",
        },
        "case_correct": {
            "key": "offender.last_names",
            "old": "Ransome",
            "new": "Ransom",
            "reason": MISSPELT,
            "then": "correct",
        },
        "case_rescind": {"reason": WRONG, "declared": "yes", "seen": "issued.0.0"},
    }
    return {"token": str(uuid4())} | forms[name]


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_refused_in_words_and_the_same_without_it_is_taken(cast: Cast, case: str) -> None:
    name, changed, words = BAD[case]
    reference = make.issued(cast.amina)
    officer = cast.priya if name == "case_rescind" else cast.amina
    client, path = sign_in(Client(), officer), reverse(name, args=[reference])
    client.post(reverse("case_why", args=[reference]), {"reason": "A complaint."})
    before = Entry.objects.filter(outcome="done").count()
    answer = client.post(path, good(name) | changed)
    assert answer.status_code in (200, 409, 422)
    assert words in answer.content.decode()
    assert [rows.objects.count() for rows in (Contact, Correction, Rescission)] == [0, 0, 0]
    assert Entry.objects.filter(outcome="done").count() == before
    assert client.post(path, good(name)).status_code == 302
