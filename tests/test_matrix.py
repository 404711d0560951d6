"""Who may open what: every address of the service, every role, near and far, held to the table of the journeys.

The addresses come from the URL resolver: one that is not in PAGES fails. What each officer may do with a case is written
out in MAY, as docs tell it, apart from the table in code.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from cr_app.accounts.models import Officer
from cr_app.accounts.roles import Role
from cr_app.audit.models import Access, Entry
from cr_app.cases import journey
from cr_app.cases.actions.searching import keep_search
from cr_app.cases.models import Case, EarlierDisposal, Victim
from tests import make
from tests.cast import Cast, sign_in

# What an officer of one role may do with a case: by whose it is (own, own unit, own force, another force).
#   work: read and change as their own    hand over: read and reassign    both: the two    read: no reason asked
#   ask: read once a reason is given      told: learn that a restricted record exists    -: nothing, as if it were not there
MAY: dict[Role, tuple[str, str, str, str]] = {
    Role.RECORDING_OFFICER: ("work", "ask", "ask", "-"),
    Role.SERGEANT: ("both", "hand over", "ask", "-"),
    Role.AUTHORISING_OFFICER: ("work", "ask", "ask", "-"),
    Role.PROFESSIONAL_STANDARDS: ("-", "-", "-", "-"),
    Role.REVIEWER: ("-", "ask", "ask", "-"),
    Role.FOI_ANALYST: ("-", "-", "-", "-"),
    Role.ADMINISTRATOR: ("-", "-", "-", "-"),
    Role.POLICY_OWNER: ("-", "-", "-", "-"),
}
RESTRICTED: dict[Role, tuple[str, str, str, str]] = {
    Role.RECORDING_OFFICER: ("work", "told", "told", "-"),
    Role.SERGEANT: ("work", "told", "told", "-"),
    Role.AUTHORISING_OFFICER: ("work", "told", "told", "-"),
    Role.PROFESSIONAL_STANDARDS: ("-", "-", "read", "-"),
    Role.REVIEWER: ("-", "told", "told", "-"),
    Role.FOI_ANALYST: ("-", "-", "-", "-"),
    Role.ADMINISTRATOR: ("-", "-", "-", "-"),
    Role.POLICY_OWNER: ("-", "-", "-", "-"),
}
RELATIONS = ("own", "own unit", "own force", "other force")
WHY = "302 why"

# What GET answers on each kind of page, by what the officer may do.
GET: dict[str, dict[str, object]] = {
    "reading": {"work": 200, "hand over": 200, "read": 200, "ask": WHY, "told": 403, "-": 404},
    "recording": {"work": 200, "hand over": 403, "read": 403, "ask": WHY, "told": 403, "-": 404},
    "issuing": {"work": 200, "hand over": 403, "read": 403, "ask": 403, "told": 403, "-": 404},
    "handing over": {"work": 403, "hand over": 200, "read": 403, "ask": WHY, "told": 403, "-": 404},
    "saying why": {"work": 200, "hand over": 200, "read": 200, "ask": 200, "told": 403, "-": 404},
    "button": dict.fromkeys(("work", "hand over", "read", "ask", "told", "-"), 405),
}
# What POST with nothing in it answers to whoever may not do it; 0: this one may, whatever it then says of the form.
POST: dict[str, dict[str, object]] = {
    "reading": dict.fromkeys(("work", "hand over", "read", "ask", "told", "-"), 405),
    "recording": {"work": 0, "hand over": 403, "read": 403, "ask": 403, "told": 403, "-": 404},
    "issuing": {"work": 0, "hand over": 403, "read": 403, "ask": 403, "told": 403, "-": 404},
    "ending": {"work": 0, "hand over": 403, "read": 403, "ask": WHY, "told": 403, "-": 404},
    "handing over": {"work": 403, "hand over": 0, "read": 403, "ask": WHY, "told": 403, "-": 404},
    "saying why": {"work": 0, "hand over": 0, "read": 0, "ask": 0, "told": 403, "-": 404},
    "button": {"work": 0, "hand over": 403, "read": 403, "ask": 403, "told": 403, "-": 404},
}
POST["removing"] = {**POST["recording"]}
GET["ending"], GET["removing"] = GET["recording"], GET["recording"]
GET["checking"], POST["checking"] = GET["recording"], POST["recording"]
GET["looking"], POST["looking"] = GET["recording"], POST["reading"]
# A sergeant's own case is still one of her unit: any open one is hers to hand over.
for _answers in (*GET.values(), *POST.values()):
    _answers["both"] = _answers["work"]
GET["handing over"]["both"], POST["handing over"]["both"] = 200, 0

# Every named address: its kind, the case it is tried on, and what stands in it.
CASE_PAGES: dict[str, tuple[str, str]] = {
    "case": ("reading", "draft"),
    "case_history": ("reading", "draft"),
    "case_print": ("reading", "draft"),
    "case_why": ("saying why", "draft"),
    "case_withdraw": ("ending", "draft"),
    "case_not_used": ("ending", "draft"),
    "case_reopen": ("button", "ready"),
    "case_copy": ("button", "draft"),
    "case_reassign": ("handing over", "draft"),
    "case_issue": ("issuing", "ready"),
    "case_record": ("looking", "draft"),
    "case_result": ("looking", "draft"),
    "case_check": ("checking", "draft"),
    "case_step": ("recording", "draft"),
    "case_row_add": ("recording", "draft"),
    "case_row": ("recording", "draft"),
    "case_row_remove": ("removing", "draft"),
    "case_victim_safeguards": ("recording", "draft"),
}
RECORDS = frozenset({Role.RECORDING_OFFICER})
SEARCHES = frozenset(
    {Role.RECORDING_OFFICER, Role.SERGEANT, Role.AUTHORISING_OFFICER, Role.PROFESSIONAL_STANDARDS, Role.REVIEWER}
)
EVERYBODY = frozenset(Role)
# Pages with no case: who may GET, and what a GET answers to them.
OTHER_PAGES: dict[str, tuple[frozenset[Role], int]] = {
    "desk": (EVERYBODY, 200),
    "case_new": (RECORDS, 200),
    "case_search": (EVERYBODY, 405),
    "case_found": (SEARCHES, 200),
    "offence_suggestions": (EVERYBODY, 200),
    "account_logout": (EVERYBODY, 200),
    "account_change_password": (EVERYBODY, 200),
}
# Open to anybody; what they answer is held by the tests of signing in.
PUBLIC = {
    "health",
    "account_login",
    "account_reset_password",
    "account_signup",
    "account_inactive",
    "account_set_password",
    "account_reauthenticate",
    "session_left",
    "session_stay",
}


def names_of(resolver: URLResolver) -> Iterator[str]:
    """Return the names of every address."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from names_of(pattern)
        elif isinstance(pattern, URLPattern):
            yield pattern.name or str(pattern.pattern)


def test_every_address_is_in_the_matrix() -> None:
    known = {*CASE_PAGES, *OTHER_PAGES, *PUBLIC}
    assert set(names_of(get_resolver())) - known == set()
    assert {*CASE_PAGES, *OTHER_PAGES} - set(names_of(get_resolver())) == set()


def address(name: str, reference: str) -> str:
    """Return an address of a page of the case."""
    victim = Victim.objects.filter(case__reference=reference).order_by("position").last()
    disposal = EarlierDisposal.objects.filter(case__reference=reference).first()
    kwargs: dict[str, Any] = {"reference": reference}
    if name == "case_step":
        kwargs["slug"] = "rationale"
    elif name == "case_row_add":
        kwargs["slug"] = "victims"
    elif name in ("case_row", "case_row_remove"):
        kwargs |= {"slug": "disposals", "pk": disposal.pk if disposal else 0}
    elif name == "case_victim_safeguards":
        kwargs["pk"] = victim.pk if victim else 0
    return reverse(name, kwargs=kwargs)


def cases(cast: Cast) -> dict[str, str]:
    """Return a draft with a row of everything, and a case that is ready."""
    story = (
        make.two_victims()
        .but(disposals=({"kind": "caution", "given_on": date(2024, 5, 1), "offence_code": None},))
        .answering({"case.has_earlier_disposals": True})
    )
    return {"draft": make.complete(cast.amina, story), "ready": make.submitted(cast.amina)}


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
    )


def held() -> dict[str, tuple[object, ...]]:
    """Return what stands for all rows of every table of cases."""
    found = {}
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if name.startswith("cases_")]
        for table in sorted(tables):
            cursor.execute(f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t")  # noqa: S608
            found[table] = cursor.fetchone()
    return found


def answer_of(response: Any) -> object:
    """Return the status, and whether it leads to the question for a reason."""
    if response.status_code == 302 and "/why/" in response["Location"]:
        return WHY
    return response.status_code


@pytest.mark.parametrize("role", Role)
def test_each_role_is_answered_as_the_table_says(cast: Cast, role: Role) -> None:
    mine = cases(cast)
    wrong: list[tuple[object, ...]] = []
    for place, relation in enumerate(RELATIONS):
        officer = officer_with(role, relation, cast)
        client = sign_in(Client(), officer)
        for restricted in (False, True):
            may = (RESTRICTED if restricted else MAY)[role][place]
            with make.undone():
                owned = {"officer": officer} if relation == "own" else {}
                Case.objects.filter(reference__in=mine.values()).update(is_restricted=restricted, **owned)
                before = held()
                found = list(tried_to_read(client, mine, may))
                # A refusal to read is one to change; the far and the restricted are tried once each.
                if not restricted or relation == "own force":
                    found += tried_to_change(client, mine, may, role)
                if held() != before:
                    found.append(("some page changed a case", may))
                wrong += [(relation, restricted, *each) for each in found]
    assert wrong == []


def tried_to_read(client: Client, mine: dict[str, str], may: str) -> Iterator[tuple[object, ...]]:
    """Try every page of a case with GET; return those answered otherwise than the table says."""
    for name, (kind, which) in CASE_PAGES.items():
        path = address(name, mine[which])
        response = client.get(path)
        shown = response.content.decode()
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
        path, sent = address(name, mine[which]), {"token": str(uuid4())}
        if wanted == 0:
            with make.undone():
                answered = answer_of(client.post(path, sent))
            if answered in (403, 404, 405, WHY):
                yield ("POST", name, may, answered)
        elif (answered := answer_of(client.post(path, sent))) != wanted:
            yield ("POST", name, may, answered)


@pytest.mark.parametrize("role", Role)
def test_pages_of_no_case_open_by_role(cast: Cast, role: Role) -> None:
    officer = officer_with(role, "own unit", cast)
    client = sign_in(Client(), officer)
    token = keep_search(officer, "Ransome") if role in SEARCHES else uuid4()
    for name, (roles, status) in OTHER_PAGES.items():
        response = client.get(reverse(name, args=[token] if name == "case_found" else []))
        assert response.status_code == (
            status if role in roles else (403 if name == "case_new" else response.status_code)
        ), name
        assert (response.status_code == status) == (role in roles), (name, response.status_code)
    searched = client.post(reverse("case_search"), {"sought": "Ransome"}).status_code
    assert searched == (302 if role in SEARCHES else 403)


def test_whoever_is_not_signed_in_is_asked_to_sign_in_on_every_page(cast: Cast) -> None:
    mine = cases(cast)
    client = Client()
    before = (held(), Access.objects.count())
    for name, (_, which) in CASE_PAGES.items():
        path = address(name, mine[which])
        assert client.get(path)["Location"].startswith("/sign-in/"), name
        assert client.post(path)["Location"].startswith("/sign-in/"), name
    for name in OTHER_PAGES:
        if name != "account_logout":
            path = reverse(name, args=[uuid4()] if name == "case_found" else [])
            assert client.get(path)["Location"].startswith("/sign-in/"), name
    assert (held(), Access.objects.count()) == before


def test_methods_that_no_page_knows_are_refused(cast: Cast) -> None:
    mine = cases(cast)
    client = sign_in(Client(), cast.amina)
    paths = [address(name, mine[which]) for name, (_, which) in CASE_PAGES.items()]
    paths += [
        reverse(name, args=[uuid4()] if name == "case_found" else []) for name in OTHER_PAGES if "account" not in name
    ]
    before = held()
    for method in ("PUT", "PATCH", "DELETE", "TRACE", "BREW"):
        for path in paths:
            assert client.generic(method, path).status_code == 405, (method, path)
    assert held() == before


def test_a_reason_opens_reading_for_the_sitting_and_changing_never(cast: Cast) -> None:
    reference = cases(cast)["draft"]
    client = sign_in(Client(), cast.tom)
    page = reverse("case_history", args=[reference])
    asked = client.get(page)
    assert answer_of(asked) == WHY
    assert client.post(asked["Location"], {"reason": "  "}).status_code == 422
    assert answer_of(client.get(page)) == WHY
    given = client.post(asked["Location"], {"reason": "Same offender as in my case."})
    assert given["Location"] == page
    for name in ("case", "case_history", "case_print"):
        assert client.get(reverse(name, args=[reference])).status_code == 200
    look = Access.objects.filter(actor_key=str(cast.tom.pk), page="print").latest("id")
    assert (look.implied, look.personal.get().value) == (False, '"Same offender as in my case."')
    assert client.get(reverse("case_record", args=[reference])).status_code == 403
    assert client.post(reverse("case_withdraw", args=[reference]), {"reason": "x"}).status_code == 403
    assert answer_of(sign_in(Client(), cast.tom).get(page)) == WHY
    for place in ("//evil.example/", "/cases/OTHER/", "https://evil.example/", f"/cases/{reference}/\\evil"):
        led = client.post(f"{reverse('case_why', args=[reference])}?next={place}", {"reason": "A reason."})
        assert led["Location"] == reverse("case", args=[reference]), place


def test_every_look_at_a_case_leaves_an_access_with_its_page(cast: Cast) -> None:
    mine = cases(cast)
    client = sign_in(Client(), cast.amina)
    for name, (kind, which) in CASE_PAGES.items():
        if kind in ("button", "handing over") or name == "case_why":
            continue
        before = Access.objects.count()
        assert client.get(address(name, mine[which])).status_code == 200, name
        assert Access.objects.count() > before, name
        look = Access.objects.filter(subjects=[f"case:{mine[which]}"]).latest("id")
        assert (look.actor_key, look.implied, look.outcome) == (str(cast.amina.pk), True, "done"), name


def test_a_list_leaves_one_access_that_names_the_cases_it_showed(cast: Cast) -> None:
    mine = cases(cast)
    client = sign_in(Client(), cast.amina)
    before = Access.objects.count()
    client.get(reverse("desk"))
    look = Access.objects.latest("id")
    assert (Access.objects.count() - before, set(look.subjects)) == (1, {f"case:{each}" for each in mine.values()})
    client.get(client.post(reverse("case_search"), {"sought": "Ransome"})["Location"])
    look = Access.objects.latest("id")
    assert (look.page, set(look.subjects)) == ("search", {f"case:{each}" for each in mine.values()})
    assert Entry.objects.filter(event="case.searched", actor_key=str(cast.amina.pk)).count() == 1


def test_a_search_belongs_to_whoever_made_it(cast: Cast) -> None:
    place = sign_in(Client(), cast.amina).post(reverse("case_search"), {"sought": "Ransome"})["Location"]
    assert sign_in(Client(), cast.tom).get(place).status_code == 404
    assert sign_in(Client(), cast.amina).get(place).status_code == 200


def test_a_refused_attempt_survives_its_rollback_as_entry_and_access(cast: Cast) -> None:
    reference = cases(cast)["draft"]
    for officer, status, event in ((cast.kieran, 404, "access.refused"), (cast.grace, 403, "action.refused")):
        response = sign_in(Client(), officer).post(reverse("case_not_used", args=[reference]), {"reason": "A reason."})
        assert response.status_code == status
        entry = Entry.objects.filter(subject=f"case:{reference}").latest("id")
        assert (entry.event, entry.outcome, entry.actor_key) == (event, "refused", str(officer.pk))
        assert (entry.details["status"], entry.details["page"]) == (status, "case_not_used")
        refused = Access.objects.filter(outcome="refused", actor_key=str(officer.pk)).count()
        assert refused == (1 if event == "access.refused" else 0)
    history = sign_in(Client(), cast.amina).get(reverse("case_history", args=[reference])).content.decode()
    assert f"{cast.kieran.name} was refused: Not used." in history
    assert f"{cast.grace.name} tried what may not be done: Not used." in history
    assert make.read(reference).is_draft


def test_a_case_that_is_not_there_and_one_of_another_force_look_the_same(cast: Cast) -> None:
    reference = cases(cast)["draft"]
    client = sign_in(Client(), cast.kieran)
    there = client.get(reverse("case", args=[reference])).content.decode()
    nowhere = client.get(reverse("case", args=["ZZZZZZZZ"])).content.decode()
    there, nowhere = (re.sub(r'(?<=value=")[^"]*', "", page) for page in (there, nowhere))
    assert there.replace(reference, "ZZZZZZZZ") == nowhere


def test_every_step_of_ones_own_draft_opens_and_a_made_up_one_is_not_found(cast: Cast) -> None:
    reference = cases(cast)["draft"]
    client = sign_in(Client(), cast.amina)
    for step in journey.STEPS:
        assert client.get(reverse("case_step", args=[reference, step.slug])).status_code == 200, step.slug
    for path in (
        "record/no-such-step/",
        "record/victim-safeguards/",
        "record/rationale/add/",
        "record/victims/999999/",
    ):
        assert client.get(f"/cases/{reference}/{path}").status_code == 404, path
        assert client.post(f"/cases/{reference}/{path}").status_code == 404, path
    for pk in ("0", "99999999999999999999", "9" * 5000):
        for path in (f"record/victims/{pk}/", f"record/victims/{pk}/safeguards/", f"record/victims/{pk}/remove/"):
            assert client.get(f"/cases/{reference}/{path}").status_code == 404, path[:60]
