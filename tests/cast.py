"""The named cast of officers that every test shares, and how one of them signs in.

Load it as a pytest plugin for the `cast` fixture; a test that needs only one officer takes `cast.amina`.
"""

import time
from dataclasses import dataclass

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from cr_app.accounts.demo_cast import CAST, KENT, MET, Team
from cr_app.accounts.models import Officer, Unit
from cr_app.accounts.sessions import SEEN_AT, SIGNED_IN_AT
from cr_app.reference.models import Force

PASSWORD = "a long enough password of the tests"
_BACKEND = "cr_app.accounts.backends.OfficerBackend"
FORCES = {MET: "Metropolitan Police Service", KENT: "Kent Police"}


@dataclass(frozen=True)
class Cast:
    """Everybody, by given name; what each may do stands in cr_app/accounts/demo_cast.py."""

    # The Metropolitan Police: Camden
    amina: Officer  # constable, records
    tom: Officer  # constable, records
    grace: Officer  # sergeant of the unit
    daniel: Officer  # sergeant acting as inspector, authorises
    priya: Officer  # inspector, authorises
    # Lambeth
    marcus: Officer  # constable, records
    helen: Officer  # inspector, authorises
    # Departments
    yusuf: Officer  # professional standards
    ruth: Officer  # reviewer
    olivia: Officer  # FOI analyst
    sam: Officer  # FOI analyst
    colin: Officer  # administrator
    margaret: Officer  # policy owner
    # Kent
    kieran: Officer  # constable, records
    laura: Officer  # sergeant, supervises and authorises
    owen: Officer  # inspector, authorises

    def everybody(self) -> dict[str, Officer]:
        """Return all officers by the names of the cast."""
        return {name: getattr(self, name) for name in CAST}


def make_cast() -> Cast:
    """Insert the cast with its forces and units: a few queries, no password, no entry in the trail."""
    forces = {code: Force.objects.get_or_create(code=code, defaults={"name": name})[0] for code, name in FORCES.items()}
    teams: dict[Team, Unit] = {
        team: Unit(name=team.name, area=team.area, force=forces[team.force])
        for team in dict.fromkeys(member.team for member in CAST.values())
    }
    Unit.objects.bulk_create(teams.values())
    officers = {
        name: Officer(
            warrant_number=member.warrant_number,
            email=member.email,
            given_names=member.given_names,
            family_name=member.family_name,
            substantive_rank=member.rank,
            acting_rank=member.acting_rank,
            acting_from=member.acting_from,
            force=forces[member.team.force],
            unit=teams[member.team],
            roles=[role.value for role in member.roles],
            # Nobody signs in with it, and hashing sixteen passwords is what a test should not wait for.
            password=UNUSABLE_PASSWORD_PREFIX,
        )
        for name, member in CAST.items()
    }
    Officer.objects.bulk_create(officers.values())
    return Cast(**officers)


def give_password(officer: Officer) -> None:
    """Let the officer sign in with PASSWORD, for tests of the sign-in itself."""
    officer.password = make_password(PASSWORD)
    officer.save(update_fields=["password"])


def sign_in(client: Client, officer: Officer) -> Client:
    """Sign the officer in without the sign-in page, in a session like the one that page makes; returns the client.

    A client that nobody signed in with has its session put down at once, which takes a fifth of the queries.
    """
    if settings.SESSION_COOKIE_NAME in client.cookies:
        client.force_login(officer, backend=_BACKEND)
        session = client.session
    else:
        session = SessionStore()
        session[SESSION_KEY] = str(officer.pk)
        session[BACKEND_SESSION_KEY] = _BACKEND
        session[HASH_SESSION_KEY] = officer.get_session_auth_hash()
    session[SIGNED_IN_AT] = session[SEEN_AT] = int(time.time())
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)
    return client


@pytest.fixture
def cast(db: None) -> Cast:
    """The cast in the test's own transaction."""
    return make_cast()
