"""Officers of one role, near and far, cases to try them on, and what every page answers."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.accounts.roles import Role
from cr_app.cases.actions.searching import keep_search
from cr_app.cases.models import AgreedAction, Case, Document, EarlierDisposal, Victim
from cr_app.disclosure.models import InformationRequest, PublishedTotal, Release
from cr_app.oversight.actions.searching import THINGS, Sought
from cr_app.oversight.actions.searching import keep_search as keep_trail_search
from cr_app.oversight.models import CheckOutcome, Flag, IntegrityCheck, Rule
from tests import make
from tests.authorisations import making
from tests.cast import Cast
from tests.disclosure import make_desk
from tests.matrix.tables import CASE_PAGES, GET, OF_A_DESK, OVERSEES, POST, RECORDS, RELATIONS, SEARCHES, WHY


def address(name: str, reference: str) -> str:
    """Return an address of a page of the case."""
    kwargs: dict[str, Any] = {"reference": reference}
    if name == "case_step":
        kwargs["slug"] = "rationale"
    elif name == "case_row_add":
        kwargs["slug"] = "victims"
    elif name in ("case_row", "case_row_remove"):
        disposal = EarlierDisposal.objects.filter(case__reference=reference).first()
        kwargs |= {"slug": "disposals", "pk": disposal.pk if disposal else 0}
    elif name == "case_victim_safeguards":
        victim = Victim.objects.filter(case__reference=reference).order_by("position").last()
        kwargs["pk"] = victim.pk if victim else 0
    elif name == "case_progress_record":
        kwargs["pk"] = AgreedAction.objects.filter(case__reference=reference).earliest("position").pk
    elif name in ("case_document", "case_document_pdf"):
        kwargs["pk"] = Document.objects.filter(case__reference=reference).earliest("pk").pk
    return reverse(name, kwargs=kwargs)


def cases(cast: Cast) -> dict[str, str]:
    """Return a draft with a row of everything, and cases that are ready, wait for authority, were granted it, were issued."""
    story = (
        make.two_victims()
        .but(disposals=({"kind": "caution", "given_on": date(2024, 5, 1), "offence_code": None},))
        .answering({"case.has_earlier_disposals": True})
    )
    # So that authority is asked of her, and of no officer that a test adds.
    making.put_on_duty(cast.priya)
    granted = making.asked(cast.amina, make.knife())
    making.grant(granted, cast.priya)
    return {
        "draft": make.complete(cast.amina, story),
        "ready": make.submitted(cast.amina),
        "waiting": making.asked(cast.amina, make.knife()),
        "granted": granted,
        "issued": make.issued(cast.amina),
    }


def handed(mine: dict[str, str], cast: Cast, officer: Officer | None, *, restricted: bool) -> dict[str, str]:
    """Return these cases, handed to an officer where one is given, and restricted or not.

    What was issued is final, so that `to_issue` is issued in its stead, which was handed over before.
    """
    mine = mine | {"issued": mine["to_issue"]}
    owned = {} if officer is None else {"officer": officer}
    Case.objects.filter(reference__in=mine.values()).update(is_restricted=restricted, **owned)
    make.issue_it(mine["issued"], cast.amina)
    return mine


def plain_address(name: str, cast: Cast, tokens: Mapping[str, UUID] | None = None) -> str:
    """Return an address of a page that is about no case; of a colleague's account, unit and absence where it has one.

    `tokens` stand for searches by the name of the page that shows what they found.
    """
    if name in ("case_found", "trail_found"):
        return reverse(name, args=[(tokens or {}).get(name) or uuid4()])
    if name == "red_flag":
        return reverse(name, args=[Flag.objects.earliest("pk").pk])
    if name == "integrity_check":
        return reverse(name, args=[IntegrityCheck.objects.get().token])
    if name in ("officer", "officer_change", "officer_first_password", "officer_absence", "trail_officer"):
        return reverse(name, args=[cast.tom.pk])
    if name in ("release", "release_file", "foi_policy_file"):
        number = () if name == "foi_policy_file" else (Release.objects.get().number,)
        return reverse(name, args=[*number, *(("csv",) if name.endswith("_file") else ())])
    if name == "total_withdraw":
        return reverse(name, args=[PublishedTotal.objects.get().pk])
    if name in OF_A_DESK:
        return reverse(name, args=[InformationRequest.objects.get(release=None).pk])
    if name == "unit":
        return reverse(name, args=[cast.tom.unit_id])
    if name == "absence_end":
        return reverse(name, args=[cast.tom.absences.get().pk])
    return reverse(name)


def staged(cast: Cast, reference: str = "") -> None:
    """Record that a colleague is away, a check of the trail that found something, and flags about that colleague.

    Beside them one request for statistics is proposed, one was released, and a total published elsewhere is known.

    What the check found and the first flag are about the case of this reference, the second flag is about no case.
    """
    making.send_away(cast.tom)
    make_desk.released(cast, part=1)
    make_desk.proposed(cast, part=2)
    make_desk.total(cast)
    now = timezone.now()
    subject = f"case:{reference or 'ZZZZZZZZ'}"
    IntegrityCheck.objects.create(
        asked_by=cast.ruth,
        asked_at=now,
        started_at=now,
        ended_at=now,
        outcome=CheckOutcome.BROKEN,
        report={
            "asked": {"against": "", "cases": True},
            "rows": 1,
            "checkpoints": 1,
            "witnessed": 1,
            "sealed_at": None,
            "root": "",
            "personal": 0,
            "erased": 0,
            "unsealed": 0,
            "cases": 1,
            "problem_count": 1,
            "findings": [[subject, f"Case {reference}: it has no entries.", ""]],
        },
    )
    told: tuple[tuple[Rule, str, dict[str, object]], ...] = (
        (Rule.OWN_RECORD, subject, {"is_party": False, "own_work": False, "refused": False}),
        (Rule.UNUSUAL_VOLUME, "", {"records": 31, "minutes": 12}),
    )
    for rule, about, words in told:
        Flag.objects.create(
            rule=rule,
            key="1",
            force_id=cast.tom.force_id,
            at=now,
            found_at=now,
            actor_key=str(cast.tom.pk),
            subject=about,
            words=words,
        )


def searches(officer: Officer, about: Officer | None = None) -> dict[str, UUID]:
    """Return the tokens of searches by this officer, where her roles let her search; of the trail for one officer."""
    kept = {"case_found": keep_search(officer, make.REPORT)} if officer.given_roles() & SEARCHES else {}
    if officer.given_roles() & OVERSEES:
        kept["trail_found"] = keep_trail_search(officer, Sought(THINGS, officer=(about or officer).pk))
    return kept


def officer_with(role: Role, relation: str, cast: Cast) -> Officer:
    """Return an officer of one role alone, near or far from the cases of Amina Khan."""
    beside = {"own": cast.amina, "own unit": cast.amina, "own force": cast.marcus, "other force": cast.kieran}[relation]
    number = f"9{list(Role).index(role)}{RELATIONS.index(relation)}0"
    return Officer.objects.create(
        warrant_number=number,
        email=f"{number}@officers.example",
        given_names="Robin",
        family_name="Vale",
        substantive_rank="Inspector",
        force=beside.force,
        unit=beside.unit,
        roles=[role.value],
        # Without a password to confirm, no page asks for it; that it is asked for is held by tests of its own.
        password=UNUSABLE_PASSWORD_PREFIX,
    )


def held(*apps: str) -> dict[str, tuple[object, ...]]:
    """Return what stands for all rows of every table of these apps, or of cases and decisions."""
    started = tuple(f"{app}_" for app in apps or ("cases", "authorisations"))
    found = {}
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if name.startswith(started)]
        for table in sorted(tables):
            cursor.execute(f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t")  # noqa: S608
            found[table] = cursor.fetchone()
    return found


def answer_of(response: Any) -> object:
    """Return the status, and whether it leads to the question for a reason."""
    if response.status_code == 302 and "/why/" in response["Location"]:
        return WHY
    return response.status_code


def tried_to_read(client: Client, mine: dict[str, str], may: str) -> Iterator[tuple[object, ...]]:
    """Try every page of a case with GET; return those answered otherwise than the table says."""
    for name, (kind, which) in CASE_PAGES.items():
        path = address(name, mine[which])
        response = client.get(path)
        shown = response.content.decode(errors="replace")
        if answer_of(response) != GET[kind][may]:
            yield ("GET", name, may, answer_of(response))
        if kind != "button" and "no-store" not in response.headers.get("Cache-Control", ""):
            yield ("GET", name, may, "may be stored")
        if may in ("-", "told") and mine[which] in shown:
            yield ("GET", name, may, "names the case")
        if response.status_code != 200 and "Ransome" in shown:
            yield ("GET", name, may, "names the offender")


def tried_to_change(client: Client, mine: dict[str, str], may: str, role: Role) -> Iterator[tuple[object, ...]]:
    """Try every page of a case with a POST that holds no answer; return those answered otherwise than the table says."""
    for name, (kind, which) in CASE_PAGES.items():
        wanted = POST[kind][may]
        if name == "case_copy" and role not in RECORDS and wanted == 0:
            # Their own, but to start one is a recording officer's.
            wanted = 403
        if name == "authority_review" and role is Role.AUTHORISING_OFFICER and may in ("ask", "told"):
            # Nothing is decided without what the page itself signs: back to the page, which asks why or refuses.
            wanted = 302
        if name == "case_rescind" and role is Role.PROFESSIONAL_STANDARDS and may == "supervise":
            # A restricted case is theirs to rescind.
            wanted = 0
        path, sent = address(name, mine[which]), {"token": str(uuid4())}
        if name == "case_documents":
            # A button: one that asks for no document is refused to everybody.
            sent |= {"make": "one", "kind": "offender_copy", "language": "cy"}
        if wanted == 0:
            with make.undone():
                answered = answer_of(client.post(path, sent))
            if answered in (403, 404, 405, WHY):
                yield ("POST", name, may, answered)
        elif (answered := answer_of(client.post(path, sent))) != wanted:
            yield ("POST", name, may, answered)
