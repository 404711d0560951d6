"""An export goes to whoever may have it, checks itself, and is kept as one disclosure before it leaves."""

import base64
import io
import json
import subprocess
import sys
import time
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from cr_app.accounts.sessions import SIGNED_IN_AT
from cr_app.audit import trail
from cr_app.audit.exporting import log
from cr_app.audit.models import Access, AccessKind, Entry
from cr_app.audit.sealer import seal
from cr_app.audit.witness import Witness
from cr_app.cases.models import OnceToken
from tests import make
from tests.audit.sealing import tampering, witness
from tests.authorisations import making
from tests.cast import PASSWORD, Cast, give_password, make_cast, sign_in
from tests.disposable_database import Connection

__all__ = ["witness"]
sealed = pytest.mark.django_db(transaction=True, databases=["default", "sealer"])
PAGE = "/trail/export/"


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """An export does not wait four seconds for a sealer that there is not."""
    monkeypatch.setattr(log, "WAIT_SECONDS", 0.0)


def sent(**changed: Any) -> dict[str, Any]:
    """Return what the page sends for a case, but for what is changed."""
    return {
        "token": str(uuid4()),
        "what": "case",
        "reference": "",
        "recipient": "Clerk, Highbury Corner Magistrates' Court",
        "purpose": "Ordered by the court on 12 November, T20261234.",
        "declared": "yes",
        **changed,
    }


def days(first: int, last: int) -> dict[str, Any]:
    """Return a period as the page sends it, from so many days ago until so many."""
    found: dict[str, Any] = {"what": "period"}
    for name, ago in (("first", first), ("last", last)):
        day = timezone.localdate() - timedelta(days=ago)
        found |= {f"{name}_{part}": str(getattr(day, part)) for part in ("day", "month", "year")}
    return found


def bytes_of(response: Any) -> bytes:
    """Return the file of an answer."""
    assert response.status_code == 200, response.content.decode()
    assert response.headers["Content-Type"] == "application/zip"
    assert response.headers["Cache-Control"] == "no-store"
    return b"".join(response.streaming_content)


def zip_of(response: Any) -> zipfile.ZipFile:
    """Return the zip file of an answer."""
    return zipfile.ZipFile(io.BytesIO(bytes_of(response)))


def checked(archive: zipfile.ZipFile, folder: Path) -> subprocess.CompletedProcess[str]:
    """Unpack an export and check it as its recipient does."""
    archive.extractall(folder)
    (script,) = folder.rglob("verify.py")
    return subprocess.run(
        [sys.executable, "-I", str(script)], cwd=script.parent, capture_output=True, text=True, check=False
    )


def rows_in(archive: zipfile.ZipFile) -> list[dict[str, Any]]:
    """Return the rows of an export."""
    (name,) = (name for name in archive.namelist() if name.endswith("rows.jsonl"))
    return [json.loads(line) for line in archive.read(name).splitlines()]


@sealed
def test_a_case_is_downloaded_checks_itself_and_is_one_disclosure(
    witness: Witness, client: Client, tmp_path: Path
) -> None:
    cast = make_cast()
    reference, other = make.case(cast.amina), make.case(cast.tom)
    seal()
    sign_in(client, cast.ruth)
    form = sent(reference=f" {reference.lower()} ")
    response = client.post(PAGE, form)
    assert response.headers["Content-Disposition"] == f'attachment; filename="trail-case-{reference}.zip"'
    archive = zip_of(response)
    result = checked(archive, tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr
    assert other not in b"".join(archive.read(name) for name in archive.namelist()).decode(errors="replace")
    disclosure = Access.objects.get(kind=AccessKind.DISCLOSURE)
    assert (disclosure.subjects, disclosure.implied) == ([f"case:{reference}"], False)
    assert {row.path: json.loads(row.value) for row in disclosure.personal.all()} == {
        "reason": form["purpose"],
        "recipient": form["recipient"],
    }
    entry = Entry.objects.get(event="trail.exported")
    assert (entry.subject, entry.details["rows"]) == (f"case:{reference}", len(rows_in(archive)))
    assert Access.objects.filter(kind=AccessKind.DISCLOSURE).count() == 1


@sealed
@pytest.mark.parametrize("what", ["case", "period"])
def test_a_form_sent_twice_gets_the_same_file_and_is_one_disclosure(
    witness: Witness, client: Client, what: str
) -> None:
    cast = make_cast()
    reference = make.case(cast.amina)
    seal()
    sign_in(client, cast.ruth)
    form = sent(reference=reference) if what == "case" else sent(**days(1, 0))
    first = bytes_of(client.post(PAGE, form))
    # The log has grown since, by the disclosure itself.
    seal()
    assert bytes_of(client.post(PAGE, form)) == first
    assert Entry.objects.filter(event="trail.exported").count() == 1
    assert Access.objects.filter(kind=AccessKind.DISCLOSURE).count() == 1


@sealed
@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("since", ["a minute later", "a value erased"])
def test_a_form_sent_again_that_would_make_another_file_or_comes_late_is_told_so(
    witness: Witness, client: Client, since: str, owner: Connection
) -> None:
    cast = make_cast()
    reference = make.case(cast.amina)
    with transaction.atomic():
        actor = cast.amina.as_actor()
        trail.record("case.withdrawn", actor=actor, subject=f"case:{reference}", reason="Entered twice.")
    seal()
    sign_in(client, cast.ruth)
    form = sent(reference=reference)
    zip_of(client.post(PAGE, form))
    if since == "a minute later":
        OnceToken.objects.filter(token=form["token"]).update(used_at=timezone.now() - timedelta(seconds=61))
    else:
        with tampering(owner):
            owner.execute("DELETE FROM audit_entrypersonal")
    again = client.post(PAGE, form)
    assert again.status_code == 409
    assert "made already" in again.content.decode()
    assert f'value="{form["token"]}"' not in again.content.decode()
    assert Access.objects.filter(kind=AccessKind.DISCLOSURE).count() == 1


@sealed
def test_the_export_of_a_case_names_no_other_case_and_nobody_elses_looks(
    witness: Witness, client: Client, tmp_path: Path
) -> None:
    cast = make_cast()
    reference, other = make.case(cast.amina), make.case(cast.amina)
    sign_in(client, cast.amina)
    # A list of both.
    assert reference in client.get("/").content.decode()
    assert Access.objects.filter(subjects__contains=[f"case:{reference}", f"case:{other}"]).exists()
    seal()
    sign_in(client, cast.ruth)
    archive = zip_of(client.post(PAGE, sent(reference=reference)))
    shown = b"".join(base64.b64decode(row["body"]) for row in rows_in(archive) if "body" in row).decode()
    assert reference in shown
    assert other not in shown
    assert any("leaf" in row for row in rows_in(archive))
    assert checked(archive, tmp_path).returncode == 0


@sealed
def test_what_nobody_of_the_force_did_is_withheld_from_a_period(witness: Witness, client: Client) -> None:
    cast = make_cast()
    make.case(cast.amina)
    with transaction.atomic():
        nobodys = trail.record(
            "officer.sign_in_failed",
            actor=trail.ANONYMOUS,
            details={"sign_in_name": "P000000", "because": "unknown"},
            outcome="refused",
        )
        unknown = trail.record("access.refused", actor=cast.amina.as_actor(), subject="unit:9", outcome="refused")
        own = trail.record("case.searched", actor=cast.amina.as_actor(), details={"found": 0})
    seal()
    sign_in(client, cast.ruth)
    rows = rows_in(zip_of(client.post(PAGE, sent(**days(1, 0)))))
    whole = {row["id"] for row in rows if row.get("table") == "entry"}
    assert [entry.pk in whole for entry in (nobodys, unknown, own)] == [False, False, True]


@sealed
def test_more_rows_than_a_page_makes_are_told(
    witness: Witness, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cr_app.oversight.actions.exports.MOST_ROWS", 1)
    cast = make_cast()
    reference = make.case(cast.amina)
    sign_in(client, cast.amina)
    client.get("/")
    seal()
    sign_in(client, cast.ruth)
    for form in (sent(reference=reference), sent(**days(1, 0))):
        response = client.post(PAGE, form)
        assert response.status_code == 422
        assert "more than 1 rows" in response.content.decode()
    assert not Access.objects.filter(kind=AccessKind.DISCLOSURE).exists()


@sealed
def test_a_period_withholds_other_forces_and_restricted_cases_and_still_checks(
    witness: Witness, client: Client, tmp_path: Path
) -> None:
    cast = make_cast()
    mine, kents, referred = make.case(cast.amina), make.case(cast.kieran), making.referred(cast.tom)
    with transaction.atomic():
        # Names no record: whose doing it is says whether it is of the force.
        for officer in (cast.amina, cast.kieran):
            trail.record("case.searched", actor=officer.as_actor(), details={"found": 0})
    seal()
    sign_in(client, cast.ruth)
    response = client.post(PAGE, sent(**days(1, 0)))
    archive = zip_of(response)
    assert "trail-20" in response.headers["Content-Disposition"]
    assert mine not in response.headers["Content-Disposition"]
    result = checked(archive, tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr
    rows = rows_in(archive)
    subjects = {subject for row in rows if "body" in row for subject in _subjects(row)}
    assert f"case:{mine}" in subjects
    assert not subjects & {f"case:{kents}", f"case:{referred}"}
    assert any("leaf" in row for row in rows)
    assert not any(row.get("personal") for row in rows)
    searches = Entry.objects.filter(event="case.searched").order_by("pk").values_list("pk", flat=True)
    whole = {row["id"] for row in rows if "body" in row and row["table"] == "entry"}
    assert [pk in whole for pk in searches] == [True, False]
    assert f"case:{kents}" not in Access.objects.filter(kind=AccessKind.DISCLOSURE).latest("pk").subjects


def _subjects(row: dict[str, Any]) -> set[str]:
    kind = Entry.objects.filter(pk=row["id"]) if row["table"] == "entry" else Access.objects.filter(pk=row["id"])
    found = kind.get()
    return {found.subject} if isinstance(found, Entry) else set(found.subjects)


def test_a_case_that_the_reviewer_may_not_see_is_not_exported_and_the_attempt_is_kept(
    cast: Cast, client: Client
) -> None:
    referred, kents = making.referred(cast.amina), make.case(cast.kieran)
    sign_in(client, cast.ruth)
    for reference, words in (
        (referred, "restricted"),
        (kents, "No case of your force"),
        ("0", "No case of your force"),
    ):
        response = client.post(PAGE, sent(reference=reference))
        assert response.status_code == 422
        assert words in response.content.decode()
    assert not Access.objects.filter(kind=AccessKind.DISCLOSURE).exists()
    assert Entry.objects.filter(event="access.refused", subject=f"case:{kents}").exists()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"what": ""}, "Select what you export"),
        ({"reference": ""}, "Enter the reference of the case"),
        ({"purpose": " "}, "Say what the export is for"),
        ({"recipient": ""}, "Enter who gets it"),
        ({"declared": ""}, "Tick the declaration"),
        (days(31, 0), "31 days or fewer"),
        (days(0, 1), "not before the first"),
        (days(0, -1), "not to come"),
        ({"what": "period"}, "Enter the first day"),
    ],
)
def test_what_is_missing_or_too_much_is_said(cast: Cast, client: Client, changed: dict[str, Any], words: str) -> None:
    sign_in(client, cast.ruth)
    response = client.post(PAGE, sent(reference=make.case(cast.amina)) | changed)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Access.objects.filter(kind=AccessKind.DISCLOSURE).exists()


def test_the_password_is_asked_for_first_and_what_was_typed_comes_back(cast: Cast, client: Client) -> None:
    give_password(cast.ruth)
    sign_in(client, cast.ruth)
    page = client.get(PAGE).content.decode()
    shown_to = page.partition('name="shown_to" value="')[2].partition('"')[0]
    session = client.session
    session[SIGNED_IN_AT] = int(time.time()) - 301
    session.save()
    asked = client.get(PAGE)
    assert asked.headers["Location"].startswith("/confirm-it-is-you/")
    purpose = "Ordered by the coroner."
    response = client.post(PAGE, sent(reference=make.case(cast.amina), purpose=purpose, shown_to=shown_to))
    assert response.headers["Location"] == asked.headers["Location"]
    client.post(response.headers["Location"], {"password": PASSWORD, "next": PAGE})
    assert purpose in client.get(PAGE).content.decode()
    assert not Access.objects.filter(kind=AccessKind.DISCLOSURE).exists()


def test_only_a_reviewer_exports(cast: Cast, client: Client) -> None:
    for officer in (cast.amina, cast.grace, cast.priya, cast.yusuf, cast.colin, cast.olivia, cast.margaret):
        sign_in(client, officer)
        assert client.get(PAGE).status_code == 403
        assert client.post(PAGE, sent(reference=make.case(cast.amina))).status_code == 403


@sealed
@pytest.mark.usefixtures("impatient")
def test_nothing_is_kept_as_disclosed_where_nothing_could_be_made(witness: Witness, client: Client) -> None:
    cast = make_cast()
    reference = make.case(cast.amina)
    sign_in(client, cast.ruth)
    response = client.post(PAGE, sent(reference=reference))
    assert response.status_code == 422
    assert "sealed" in response.content.decode()
    assert not Entry.objects.filter(event="trail.exported").exists()
