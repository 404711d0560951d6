"""Makes cases in the server's database through `tests.make` and the actions: answers one line of JSON after another."""

import io
import json
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from datetime import date
from typing import Any
from uuid import uuid4

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY as CONFIRMED
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cr_app.accounts.demo_cast import CAST, DEMO_PASSWORD
from cr_app.accounts.models import Officer
from cr_app.accounts.queries import officer_named
from cr_app.accounts.sessions import SIGNED_IN_AT
from cr_app.authorisations import actions
from cr_app.authorisations.queries import kind_of
from cr_app.cases.actions.authority import record_crime_report_entry
from cr_app.cases.queries import latest_snapshot
from tests import make
from tests.make_disclosure import Closed, imported

Told = dict[str, Any]


def answer_all() -> None:
    """Answer each line that comes until there are no more; what is printed meanwhile (mail) is left out."""
    for line in sys.stdin:
        with redirect_stdout(io.StringIO()):
            answer = _DEEDS[(told := json.loads(line)).pop("what")](**told)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def submitted(*, officer: str, story: str, victim: Told, answers: Told) -> Told:
    """Record a story, submit it and ask for the decision that it needs."""
    told: make.Story = getattr(make, story)().answering(answers)
    if victim:
        told = told.but(victims=(make.person(**victim),), actions=(make.apology(),))
    report = f"{uuid4().int % 10**9:09}/26"
    last_name = f"Ransome-{uuid4().hex[:8].upper()}"
    told = told.but(report=report).answering({"offender.last_names": last_name})
    reference = make.complete(by := _officer(officer), told)
    actions.submit_and_ask(reference, by=by, seen=make.reviewed(reference))
    return {"reference": reference, "crime_report": report, "offender": make.read(reference).offender.name}


def begun(*, officer: str, story: str, until: str, report: str, answers: Told) -> Told:
    """Start a record on a crime report and answer its pages until one."""
    told: make.Story = getattr(make, story)().answering(answers)
    reference = make.case(by := _officer(officer), report=report)
    make.answer_pages(reference, by, told, until=until)
    return {"reference": reference}


def gone_on(*, reference: str, officer: str, story: str) -> Told:
    """Answer every page of a record that is left."""
    make.answer_pages(reference, _officer(officer), getattr(make, story)())
    return {}


def decided(*, reference: str, officer: str, outcome: str, reasons: str) -> Told:
    """Decide on a case as its page would."""
    case = make.read(reference)
    snapshot, kind = latest_snapshot(case), kind_of(case)
    assert snapshot
    assert kind
    seen = actions.Seen.of(snapshot, kind, timezone.now())
    getattr(actions, outcome)(reference, by=_officer(officer), reasons=reasons, seen=seen)
    return {}


def issued(*, reference: str, officer: str) -> Told:
    """Issue a case that is ready, with every signature."""
    make.issue_it(reference, _officer(officer))
    return {}


def entry(*, reference: str, officer: str, entry: str) -> Told:
    """Record the entry on the crime report."""
    record_crime_report_entry(reference, by=_officer(officer), entry_reference=entry)
    return {}


def interest(*, reference: str, officer: str) -> Told:
    """Declare an interest in a case."""
    actions.declare_interest(reference, by=_officer(officer), reason="I know the family.")
    return {}


def closed(*, year: int, code: str, number: int) -> Told:
    """Import closed cases of one offence, issued in June of a year."""
    imported([Closed(date(year, 6, 15), code=code, number=number)])
    return {}


def signed_in(*, officer: str) -> Told:
    """Send the sign-in page, filled in; returns the cookie that it answers with."""
    client = Client(HTTP_HOST="127.0.0.1")
    given = {"login": CAST[officer].warrant_number, "password": DEMO_PASSWORD}
    assert client.post(reverse("account_login"), given)["Location"] == "/"
    return {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}


def aged(*, session: str, minutes: int) -> Told:
    """Put the sign-in and the confirmations of a session back by some minutes, as if the officer had sat there since."""
    store = SessionStore(session)
    earlier = 60 * minutes
    store[SIGNED_IN_AT] -= earlier
    store[CONFIRMED] = [{**each, "at": each["at"] - earlier} for each in store[CONFIRMED]]
    store.save()
    return {}


def _officer(name: str) -> Officer:
    officer = officer_named(CAST[name].warrant_number)
    assert officer
    return officer


_DEEDS: dict[str, Callable[..., Told]] = {
    "submitted": submitted,
    "begun": begun,
    "gone_on": gone_on,
    "issued": issued,
    "decided": decided,
    "entry": entry,
    "interest": interest,
    "closed": closed,
    "signed_in": signed_in,
    "aged": aged,
}
