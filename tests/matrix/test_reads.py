"""Every page that shows a case or an officer leaves an access that names it: all addresses of the service are walked."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.test import Client
from django.urls import get_resolver, reverse

from cr_app.accounts.models import Officer
from cr_app.audit.models import Access, Entry
from tests import make
from tests.cast import Cast, sign_in
from tests.matrix.reads import A_CASE, ASKS_WHY, BOTH, CASES, EVERY, NEITHER, OFFICERS
from tests.matrix.tables import CASE_PAGES, OTHER_PAGES
from tests.matrix.test_pages import names_of
from tests.matrix.trying import address, cases, plain_address, searches, staged

Found = list[tuple[object, ...]]
# What is sent to an address that shows somebody only where something is sent to it.
SENT = {
    "officer_add": {
        "warrant_number": "5150",
        "given_names": "Nana",
        "family_name": "Osei",
        "email": "n.osei@officers.example",
        "rank": "Constable",
        "roles": "recording_officer",
    },
    # A name of several.
    "trail": {"what": "things", "officer": "a"},
}


def test_every_address_says_what_it_shows() -> None:
    names = set(names_of(get_resolver()))
    assert names - EVERY == set()
    assert EVERY - names == set()
    assert not A_CASE & CASES
    assert not (A_CASE | CASES | OFFICERS | BOTH) & NEITHER.keys()


def looked_at(response: Any) -> set[str]:
    """Return the records that the accesses of this very request name; each is implied or has its reason."""
    accesses = Access.objects.filter(request_id=response["X-Request-Id"], outcome="done")
    assert all(access.implied or access.reason_digest for access in accesses)
    return {subject for access in accesses for subject in access.subjects}


def shown_unrecorded(
    response: Any, named: set[str], references: set[str], everybody: dict[str, Officer], who: Officer
) -> set[str]:
    """Return what the answer shows and is not `named` by an access of its request: cases by reference, officers by title."""
    body = response.content.decode(errors="replace")
    cases_shown = {f"case:{reference}" for reference in references if reference in body}
    unrecorded = cases_shown - named
    if unrecorded and "Ransome" not in body:
        # A refusal may name what it is about; its entry stands in the trail.
        refused = Entry.objects.filter(request_id=response["X-Request-Id"], outcome="refused")
        unrecorded -= set(refused.values_list("subject", flat=True))
    if "Ransome" in body and not any(subject.startswith("case:") for subject in named):
        unrecorded.add("an offender's name")
    if not any(subject.startswith("case:") for subject in named):
        others = [each for each in everybody.values() if each.pk != who.pk]
        unrecorded |= {each.subject for each in others if f"{each.warrant_number} {each.name}" in body} - named
    return unrecorded


def is_veiled(response: Any) -> bool:
    """Tell whether a list has lines that say no more of a case than that it is there."""
    return any(words in response.content.decode() for words in ("Another officer’s case", "You will be asked why"))


def tried(client: Client, path: str, **sent: str) -> Iterator[tuple[str, Any]]:
    """Get an address, then send it what no form takes."""
    yield "GET", client.get(path)
    with make.undone():
        yield "POST", client.post(path, sent)


def test_every_page_of_a_case_names_each_case_it_shows(cast: Cast) -> None:
    mine = cases(cast)
    references = set(mine.values())
    wrong: Found = []
    visitors = {cast.amina: A_CASE, cast.grace: A_CASE, cast.priya: A_CASE, cast.tom: A_CASE}
    opened: set[tuple[str, str]] = set()
    for officer in visitors:
        client = sign_in(Client(), officer)
        for reference in references:
            client.post(reverse("case_why", args=[reference]), {"reason": "Asked by the court."})
        for name, (_, which) in CASE_PAGES.items():
            for method, response in tried(client, address(name, mine[which]), sought="theft"):
                opened |= {(method, name)} if response.status_code in (200, 409, 422) else set()
                named = looked_at(response)
                shown = shown_unrecorded(response, named, references, cast.everybody(), officer)
                if shown and name != ASKS_WHY:
                    wrong.append((officer.given_names, method, name, response.status_code, shown))
                is_named = f"case:{mine[which]}" in named
                if name in A_CASE and response.status_code in (200, 409, 422) and not is_named:
                    wrong.append((officer.given_names, method, name, response.status_code, "no look"))
                if name in NEITHER and named:
                    wrong.append((officer.given_names, method, name, "shows what the list says it does not"))
    assert not wrong, "\n".join(map(str, wrong))
    # The control: every page was seen by somebody, and most forms were sent and came back.
    assert {name for method, name in opened if method == "GET"} >= A_CASE
    assert len({name for method, name in opened if method == "POST"}) >= 10, opened


def test_lists_and_pages_of_no_case_name_whom_they_show(cast: Cast) -> None:
    mine = cases(cast)
    references = set(mine.values())
    staged(cast, mine["draft"])
    Officer.objects.update(password=UNUSABLE_PASSWORD_PREFIX)
    wrong: Found = []
    seen: dict[str, set[str]] = {}
    # So that there is something to find: an attempt of his that is refused.
    sign_in(Client(), cast.tom).post(reverse("case_withdraw", args=[mine["draft"]]), {"reason": "Not mine."})
    for officer in sorted(cast.everybody().values(), key=lambda each: each.pk != cast.ruth.pk):
        client = sign_in(Client(), officer)
        tokens = searches(officer, about=cast.tom)
        for name in OTHER_PAGES:
            if name in ("account_logout", "account_change_password"):
                continue
            sent = {"unit": str(cast.tom.unit_id), **SENT.get(name, {"sought": "Khan"})}
            for method, response in tried(client, plain_address(name, cast, tokens), **sent):
                named = looked_at(response)
                shown = shown_unrecorded(response, named, references, cast.everybody(), officer)
                if is_veiled(response):
                    shown = {each for each in shown if not each.startswith("case:")}
                if shown:
                    wrong.append((officer.given_names, method, name, response.status_code, shown))
                seen.setdefault(name, set()).update(subject.partition(":")[0] for subject in named)
                if name in NEITHER and named:
                    wrong.append((officer.given_names, method, name, "shows what the list says it does not", named))
    assert not wrong, "\n".join(map(str, wrong))
    assert {name for name, kinds in seen.items() if kinds == {"case"}} == CASES
    assert {name for name, kinds in seen.items() if kinds == {"officer"}} == OFFICERS
    assert {name for name, kinds in seen.items() if kinds == {"case", "officer"}} == BOTH


def test_the_reason_that_was_given_stands_with_every_look_of_the_sitting(cast: Cast) -> None:
    reference = cases(cast)["draft"]
    client = sign_in(Client(), cast.ruth)
    client.post(reverse("case_why", args=[reference]), {"reason": "A complaint."})
    for name in ("case", "case_history", "case_print"):
        response = client.get(reverse(name, args=[reference]))
        accesses = Access.objects.filter(request_id=response["X-Request-Id"])
        assert f"case:{reference}" in looked_at(response)
        assert {(each.implied, each.personal.get().value) for each in accesses} == {(False, '"A complaint."')}, name
