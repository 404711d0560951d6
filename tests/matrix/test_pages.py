"""Who may open what: every address of the service, every role, near and far, held to the table of the journeys.

The addresses come from the URL resolver: one that is not in the tables fails.
"""

import re
from collections.abc import Iterator
from itertools import product

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from cr_app.accounts.roles import Role
from cr_app.audit.models import Access
from tests import make
from tests.cast import Cast, sign_in
from tests.matrix.tables import (
    ACCOUNT_POSTS,
    ADMINISTERS,
    ANSWERS,
    CASE_PAGES,
    DISCLOSURE_POSTS,
    MAY,
    OF_A_DESK,
    OF_A_FORCE,
    OTHER_PAGES,
    OVERSEES,
    OVERSIGHT_POSTS,
    PUBLIC,
    RELATIONS,
    RESTRICTED,
    SEARCHES,
)
from tests.matrix.trying import (
    address,
    cases,
    handed,
    held,
    officer_with,
    plain_address,
    searches,
    staged,
    tried_to_change,
    tried_to_read,
)

# Whose work is with cases, and whose is not: each half tries the cases of one world.
WITH_CASES = (Role.RECORDING_OFFICER, Role.SERGEANT, Role.AUTHORISING_OFFICER, Role.PROFESSIONAL_STANDARDS)
WITHOUT_CASES = tuple(role for role in Role if role not in WITH_CASES)


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


@pytest.mark.parametrize("roles", [WITH_CASES, WITHOUT_CASES], ids=["with cases", "without"])
def test_each_role_is_answered_as_the_table_says(cast: Cast, roles: tuple[Role, ...]) -> None:
    mine = cases(cast) | {"to_issue": make.submitted(cast.amina)}
    wrong: list[tuple[object, ...]] = []
    for role in roles:
        with make.undone():
            wrong += [(role, *each) for each in answered_otherwise(role, mine, cast)]
    assert not wrong, wrong


def answered_otherwise(role: Role, mine: dict[str, str], cast: Cast) -> Iterator[tuple[object, ...]]:
    """Try every page of a case as officers of this role, near and far; yield what the table says otherwise."""
    officers = {relation: officer_with(role, relation, cast) for relation in RELATIONS}
    clients = {relation: sign_in(Client(), officer) for relation, officer in officers.items()}
    # What is one's own was handed over; whoever is further away tries the same cases.
    near, far = (officers["own"], RELATIONS[:1]), (None, RELATIONS[1:])
    for restricted, (owner, relations) in product((False, True), (near, far)):
        with make.undone():
            tried = handed(mine, cast, owner, restricted=restricted)
            before = held()
            for relation in relations:
                may = (RESTRICTED if restricted else MAY)[role][RELATIONS.index(relation)]
                found = list(tried_to_read(clients[relation], tried, may))
                # A refusal to read is one to change; the far and the restricted are tried once each.
                if not restricted or relation == "own force":
                    found += tried_to_change(clients[relation], tried, may, role)
                if held() != before:
                    found.append(("some page changed a case", may))
                yield from ((relation, restricted, *each) for each in found)


@pytest.mark.parametrize("role", Role)
def test_pages_of_no_case_open_by_role(cast: Cast, role: Role) -> None:
    officer = officer_with(role, "own unit", cast)
    client = sign_in(Client(), officer)
    tokens = searches(officer)
    staged(cast)
    wrong = {}
    for name, (roles, status, refusal) in OTHER_PAGES.items():
        answered = client.get(plain_address(name, cast, tokens)).status_code
        if answered != (status if role in roles else refusal):
            wrong[name] = answered
    assert not wrong, wrong
    searched = client.post(reverse("case_search"), {"sought": "Ransome"}).status_code
    assert searched == (302 if role in SEARCHES else 403)


@pytest.mark.parametrize("role", Role)
def test_accounts_and_units_are_changed_by_administrators_of_the_force_alone(cast: Cast, role: Role) -> None:
    staged(cast)
    wrong: dict[tuple[str, str], int] = {}
    for relation in ("own force", "other force"):
        client = sign_in(Client(), officer_with(role, relation, cast))
        before = held("accounts")
        for name, roles in ACCOUNT_POSTS.items():
            path = plain_address(name, cast)
            with make.undone():
                answered = client.post(path, {}).status_code
            if role not in roles:
                as_wanted = answered == 403
            elif relation == "other force" and re.search(r"/[0-9]+/", path):
                as_wanted = answered == 404
            else:
                as_wanted = answered not in (403, 404, 405)
            if not as_wanted:
                wrong[relation, name] = answered
        assert role is Role.ADMINISTRATOR or held("accounts") == before
    assert not wrong, wrong


@pytest.mark.parametrize("role", Role)
def test_the_trail_is_overseen_by_reviewers_of_the_force_alone(cast: Cast, role: Role) -> None:
    staged(cast)
    names = [name for name, (roles, _, _) in OTHER_PAGES.items() if roles == OVERSEES]
    tokens = searches(officer_with(Role.REVIEWER, "own", cast))
    wrong: dict[tuple[str, str, str], int] = {}
    for relation in ("own force", "other force"):
        officer = officer_with(role, relation, cast)
        client = sign_in(Client(), officer)
        before = held("oversight")
        for name in names:
            path = plain_address(name, cast, tokens)
            with make.undone():
                got, sent = client.get(path).status_code, client.post(path, {}).status_code
            is_theirs = name not in OF_A_FORCE or (relation == "own force" and name != "trail_found")
            if role is not Role.REVIEWER:
                wanted = (403, 403 if name in OVERSIGHT_POSTS else 405)
            elif not is_theirs:
                wanted = (404, 404 if name in OVERSIGHT_POSTS else 405)
            elif name in OVERSIGHT_POSTS:
                wanted = (200, sent if sent in (200, 302, 422) else 0)
            else:
                wanted = (OTHER_PAGES[name][1], 405)
            wrong |= {(relation, name, "GET"): got} if got != wanted[0] else {}
            wrong |= {(relation, name, "POST"): sent} if sent != wanted[1] else {}
        assert role is Role.REVIEWER or held("oversight") == before
    assert not wrong, wrong


@pytest.mark.parametrize("role", Role)
def test_requests_are_answered_by_analysts_of_the_force_alone(cast: Cast, role: Role) -> None:
    staged(cast)
    names = [name for name, (roles, _, _) in OTHER_PAGES.items() if roles == ANSWERS]
    wrong: dict[tuple[str, str, str], int] = {}
    for relation in ("own force", "other force"):
        client = sign_in(Client(), officer_with(role, relation, cast))
        before = held("disclosure")
        for name in names:
            path = plain_address(name, cast)
            with make.undone():
                got, sent = client.get(path).status_code, client.post(path, {}).status_code
            wanted: tuple[int, int]
            if role is not Role.FOI_ANALYST:
                wanted = (403, 403 if name in DISCLOSURE_POSTS else 405)
            elif name in OF_A_DESK and relation == "other force":
                wanted = (404, 404 if name in DISCLOSURE_POSTS else 405)
            elif name in DISCLOSURE_POSTS:
                wanted = (OTHER_PAGES[name][1], sent if sent in (200, 302, 422) else 0)
            else:
                wanted = (200, 405)
            wrong |= {(relation, name, "GET"): got} if got != wanted[0] else {}
            wrong |= {(relation, name, "POST"): sent} if sent != wanted[1] else {}
        assert held("disclosure") == before
    assert not wrong, wrong


def test_no_page_of_accounts_shows_a_case(cast: Cast) -> None:
    mine = cases(cast)
    staged(cast)
    client = sign_in(Client(), cast.colin)
    for name, (roles, status, _) in OTHER_PAGES.items():
        if roles == ADMINISTERS and status == 200:
            shown = client.get(plain_address(name, cast)).content.decode()
            assert not [each for each in (*mine.values(), "Ransome", make.REPORT) if each in shown], name
    assert not Access.objects.filter(actor_key=str(cast.colin.pk), subjects__0__startswith="case:").exists()


def test_whoever_is_not_signed_in_is_asked_to_sign_in_on_every_page(cast: Cast) -> None:
    mine = cases(cast)
    staged(cast)
    client = Client()
    before = (held(), held("accounts"), Access.objects.count())
    for name, (_, which) in CASE_PAGES.items():
        path = address(name, mine[which])
        assert client.get(path)["Location"].startswith("/sign-in/"), name
        assert client.post(path)["Location"].startswith("/sign-in/"), name
    for name in OTHER_PAGES:
        if name != "account_logout":
            path = plain_address(name, cast)
            assert client.get(path)["Location"].startswith("/sign-in/"), name
            assert client.post(path)["Location"].startswith("/sign-in/"), name
    assert (held(), held("accounts"), Access.objects.count()) == before


def test_methods_that_no_page_knows_are_refused(cast: Cast) -> None:
    mine = cases(cast)
    client = sign_in(Client(), cast.amina)
    paths = [address(name, mine[which]) for name, (_, which) in CASE_PAGES.items()]
    staged(cast)
    paths += [plain_address(name, cast) for name in OTHER_PAGES if "account" not in name]
    before = held()
    for method in ("PUT", "PATCH", "DELETE", "TRACE", "BREW"):
        for path in paths:
            assert client.generic(method, path).status_code == 405, (method, path)
    assert held() == before
