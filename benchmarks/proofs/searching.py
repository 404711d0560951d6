"""Proves that the trail is searched quickly at six million entries and a million looks: each filter alone, first page and deep.

The rows are made by the database: two forces, one with a tenth of all that happens; officers of whom some do far more than
others; events common and rare; one in fifty refused; nights quieter than days. Their bodies are short, since nothing is
verified here. Every page is fetched by the query function, with random values, and the whole page by Django's client.
"""

import json
import random
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from cr_app.accounts.models import Officer, Unit
from cr_app.accounts.roles import Role
from cr_app.accounts.sessions import SEEN_AT, SIGNED_IN_AT
from cr_app.audit.searching import (
    ANYBODY,
    Criteria,
    FoundEntry,
    FoundLook,
    FoundPage,
    Place,
    Scope,
    find_accesses,
    find_entries,
)
from cr_app.oversight.actions.searching import LOOKS, THINGS, Sought, keep_search
from cr_app.oversight.models import Rule
from cr_app.oversight.queries.officers import force_scope
from cr_app.oversight.queries.searching import flagged_looks

ENTRIES, LOOKED = 6_000_000, 1_000_000
QUICK_ENTRIES, QUICK_LOOKED = 200_000, 40_000
OFFICERS = {"01": 9_000, "46": 1_000}
RUNS, QUICK_RUNS, PAGE_RUNS = 60, 10, 40
P95_MS = 150.0
DEEP = 1_000 * 50
BEGAN, DAYS = datetime(2020, 1, 1, tzinfo=UTC), 2_190
RESTRICTED = 400
COMMON, RARE, NEVER = "case.answers_saved", "case.rescinded", "case.complied_late"

# Where a happening falls in its day: a tenth by six, a twentieth after ten at night.
_AT = """timestamptz '2020-01-01 00:00:00+00' + interval '1 day' * floor(n * {days}.0 / {total})
    + interval '1 hour' * CASE WHEN day < 0.1 THEN day * 60 WHEN day < 0.95 THEN 6 + (day - 0.1) * 16 / 0.85
        ELSE 22 + (day - 0.95) * 40 END"""
_FROM = """FROM (
    SELECT n, n * {days}.0 / {total} - floor(n * {days}.0 / {total}) AS day, random() AS kind, random() AS whose,
        power(random(), 2) AS busy, random() AS told, random() AS which
    FROM generate_series(0, {total} - 1) AS n
) AS drawn
CROSS JOIN LATERAL (SELECT CASE WHEN whose < 0.1 THEN (SELECT min(id) FROM accounts_officer WHERE force_id = '46')
        + floor(busy * {kent}) ELSE (SELECT min(id) FROM accounts_officer WHERE force_id = '01')
        + floor(busy * {met}) END AS officer) AS acting"""
_ENTRIES = f"""
INSERT INTO audit_entry (at, actor_kind, actor_key, warrant_number, rank, actor_name, outcome, address, format_version,
    body, event, subject, details)
SELECT {_AT}, actor_kind, CASE actor_kind WHEN 'officer' THEN officer::text ELSE '' END,
    CASE actor_kind WHEN 'officer' THEN 'B' || officer ELSE '' END, CASE actor_kind WHEN 'officer' THEN 'Constable' ELSE '' END,
    CASE actor_kind WHEN 'officer' THEN 'Officer Number ' || officer ELSE '' END,
    CASE WHEN event IN ('access.refused', 'action.refused', 'officer.sign_in_failed') THEN 'refused' ELSE 'done' END,
    '10.0.0.1', 1, '\\x7b7d', event,
    CASE WHEN event NOT LIKE 'case.%%' AND event <> 'access.refused' OR event = 'case.searched' THEN ''
        WHEN told < 0.0005 THEN 'case:00000000'
        ELSE 'case:' || lpad(upper(to_hex((n + floor(told * 3000))::int / 25 + 1)), 8, '0') END,
    jsonb_build_object('section', 'The incident', 'step', 'incident', 'version', 3, 'rulebook', '01-2025')
{_FROM}
CROSS JOIN LATERAL (SELECT CASE
    WHEN n %% 1000003 = 7 THEN '{RARE}' WHEN n %% 100003 = 7 THEN 'trail.exported'
    WHEN kind < 0.45 THEN '{COMMON}' WHEN kind < 0.56 THEN 'case.row_added' WHEN kind < 0.68 THEN 'officer.signed_in'
    WHEN kind < 0.78 THEN 'officer.signed_out' WHEN kind < 0.86 THEN 'case.searched' WHEN kind < 0.90 THEN 'case.started'
    WHEN kind < 0.93 THEN 'case.submitted' WHEN kind < 0.955 THEN 'case.issued' WHEN kind < 0.97 THEN 'case.decision_asked'
    WHEN kind < 0.98 THEN 'case.authority_granted' WHEN kind < 0.99 THEN 'access.refused'
    WHEN kind < 0.995 THEN 'action.refused' ELSE 'officer.sign_in_failed' END AS event) AS happening
CROSS JOIN LATERAL (SELECT CASE WHEN event = 'officer.sign_in_failed' THEN 'anonymous'
    WHEN which < 0.02 THEN 'system' ELSE 'officer' END AS actor_kind) AS kinds
"""
_LOOKS = f"""
INSERT INTO audit_access (at, actor_kind, actor_key, warrant_number, rank, actor_name, outcome, address, format_version,
    body, kind, subjects, page, implied, sitting, reason_digest, recipient_digest)
SELECT {_AT}, 'officer', officer::text, 'B' || officer, 'Constable', 'Officer Number ' || officer,
    CASE WHEN which < 0.02 THEN 'refused' ELSE 'done' END, '10.0.0.1', 1, '\\x7b7d', 'consultation',
    (SELECT array_agg('case:' || lpad(upper(to_hex((n * {{ratio}} + floor(told * 3000) + 25 * at_place)::int / 25 + 1)), 8, '0'))
        FROM generate_series(1, CASE WHEN kind < 0.8 THEN 1 ELSE 20 END) AS at_place),
    CASE WHEN kind < 0.8 THEN 'case' ELSE 'desk' END, which < 0.9, '', '', ''
{_FROM}
"""  # noqa: S608 - put together from this module's own text
_FLAGS = """
INSERT INTO oversight_flag (rule, key, force_id, at, found_at, actor_key, subject, access_id, words)
SELECT %s, access.id, officer.force_id, access.at, access.at, access.actor_key, '', access.id, '{}'
FROM audit_access AS access JOIN accounts_officer AS officer ON officer.id = access.actor_key::bigint
WHERE access.id %% %s = 3
"""


@dataclass(frozen=True)
class Filter:
    """One filter to measure: how a search by it is drawn, and whether it finds looks."""

    name: str
    draw: Callable[[random.Random], Criteria]
    looks: bool = False
    anybody: bool = False


def prove(*, quick: bool, say: Callable[[str], None]) -> dict[str, object]:
    """Fill, measure every filter for either force, and the whole page; return p50 and p95 in milliseconds, and plans."""
    entries, looked = (QUICK_ENTRIES, QUICK_LOOKED) if quick else (ENTRIES, LOOKED)
    officers = {force: number // 10 if quick else number for force, number in OFFICERS.items()}
    began = time.monotonic()
    with connections["owner"].cursor() as cursor:
        _fill(cursor, entries, looked, officers, say)
    say(f"{entries:,} entries and {looked:,} looks after {time.monotonic() - began:.0f} s")
    chance = random.Random(4)
    figures: dict[str, object] = {"entries": f"{entries:,}", "looks": f"{looked:,}"}
    slow: list[str] = []
    for force in OFFICERS:
        scope = force_scope(force)
        for one in filters(entries, force, chance):
            _measure(one, force, scope, chance, QUICK_RUNS if quick else RUNS, figures, slow, say)
    # Told apart: with the door, the officers of the force, the page itself and the access that it leaves.
    _measure_pages(chance, QUICK_RUNS if quick else PAGE_RUNS, figures, [], say)
    assert not slow, f"slower than {P95_MS:.0f} ms at p95: {'; '.join(slow)}"
    return figures


def _fill(cursor: Any, entries: int, looked: int, officers: dict[str, int], say: Callable[[str], None]) -> None:
    cursor.execute("SET statement_timeout = 0")
    cursor.execute("SELECT setseed(0.4)")
    for force, number in officers.items():
        unit = Unit.objects.create(name=f"Bench {force}", force_id=force)
        cursor.execute(
            "INSERT INTO accounts_officer (password, warrant_number, email, given_names, family_name, substantive_rank,"
            " acting_rank, roles, is_active, must_change_password, force_id, unit_id) SELECT '!', 'B' || %s || n,"
            " 'b' || %s || n || '@officers.example', 'Officer', 'Number ' || n, 'Constable', '',"
            " '{recording_officer}', true, false, %s, %s FROM generate_series(1, %s) AS n",
            [force, force, force, unit.pk, number],
        )
    shape = {"days": DAYS, "met": officers["01"], "kent": officers["46"]}
    # Formatted, since they are numbers of this module's own; %% stands for % once parameters are put in.
    cursor.execute(_ENTRIES.format(total=entries, **shape), [])
    say("entries are in")
    cursor.execute(_LOOKS.format(total=looked, ratio=entries // looked, **shape), [])
    cursor.execute(_FLAGS, [Rule.OWN_RECORD.value, 500])
    cursor.execute(_FLAGS, [Rule.UNUSUAL_VOLUME.value, 120])
    cursor.execute("VACUUM ANALYZE audit_entry, audit_access, oversight_flag, accounts_officer")


def filters(entries: int, force: str, chance: random.Random) -> Iterator[Filter]:
    """Yield each filter alone, with its rarest and its commonest values and those that find nothing."""
    keys = list(Officer.objects.filter(force_id=force).order_by("pk").values_list("pk", flat=True))
    cases = entries // 25
    restricted = [_case(chance.randrange(cases)) for _ in range(RESTRICTED)]

    def telling(**criteria: Any) -> Criteria:
        # What tells of a happening leaves restricted records out.
        return Criteria(leaving_out=restricted, **criteria)

    def any_officer(chance: random.Random) -> Criteria:
        return telling(actor_key=str(chance.choice(keys)))

    def any_week(chance: random.Random) -> Criteria:
        since = BEGAN + timedelta(days=chance.randrange(DAYS - 7))
        return Criteria(since=since, until=since + timedelta(days=7))

    def any_event(chance: random.Random) -> Criteria:
        return telling(event=chance.choice(("case.started", "case.issued", "access.refused", "case.authority_granted")))

    long_ago = Criteria(since=BEGAN - timedelta(days=900), until=BEGAN - timedelta(days=800))
    yield Filter("case", lambda chance: Criteria(subject=_case(chance.randrange(cases))), anybody=True)
    yield Filter("case, the busiest", lambda _: Criteria(subject=_case(-1)), anybody=True)
    yield Filter("case of which nothing happened", lambda _: Criteria(subject="case:ZZZZZZZZ"), anybody=True)
    yield Filter("officer", any_officer)
    yield Filter("officer, the busiest", lambda _: telling(actor_key=str(keys[0])))
    yield Filter("officer who did nothing", lambda _: telling(actor_key="987654321"))
    yield Filter("event", any_event)
    yield Filter("event, the commonest", lambda _: telling(event=COMMON))
    yield Filter("event, the rarest", lambda _: telling(event=RARE))
    yield Filter("event that never was", lambda _: telling(event=NEVER))
    yield Filter("a week", any_week)
    yield Filter("dates long ago", lambda _: long_ago)
    yield Filter("all until a day", lambda chance: replace(any_week(chance), since=None))
    yield Filter("refused", lambda _: telling(outcome="refused"))
    yield Filter("done", lambda _: telling(outcome="done"))
    yield Filter("out of hours", lambda _: Criteria(out_of_hours=True))
    yield Filter("looks at a case", lambda chance: Criteria(subject=_case(chance.randrange(cases))), True, True)
    yield Filter("looks of an officer", any_officer, True)
    yield Filter("looks in a week", any_week, True)
    yield Filter("looks refused", lambda _: telling(outcome="refused"), True)
    yield Filter("looks out of hours", lambda _: Criteria(out_of_hours=True), True)
    yield Filter("looks at own records", lambda _: telling(among=flagged_looks(force, [Rule.OWN_RECORD])), True)
    yield Filter("looks in unusual volume", lambda _: telling(among=flagged_looks(force, [Rule.UNUSUAL_VOLUME])), True)


def _case(number: int) -> str:
    return f"case:{number + 1:08X}"


def _find(
    one: Filter, criteria: Criteria, scope: Scope, before: Place | None, limit: int = 50
) -> FoundPage[FoundEntry] | FoundPage[FoundLook]:
    if one.looks:
        return find_accesses(criteria, scope=scope, before=before, limit=limit)
    return find_entries(criteria, scope=scope, before=before, limit=limit)


def _measure(
    one: Filter,
    force: str,
    scope: Scope,
    chance: random.Random,
    runs: int,
    figures: dict[str, object],
    slow: list[str],
    say: Callable[[str], None],
) -> None:
    """Measure the first page and page 1,000, or the last there is."""
    seen = ANYBODY if one.anybody else scope
    deep = _find(one, one.draw(chance), seen, None, DEEP)
    last = deep.lines[-1].line if deep.lines else None
    for place, before in (("first page", None), ("deep", Place(last.at, last.id) if last else None)):
        if place == "deep" and before is None:
            continue
        times: list[float] = []
        with CaptureQueriesContext(connections["default"]) as captured:
            lines = len(_find(one, one.draw(chance), seen, before).lines)
        for _ in range(runs):
            criteria = one.draw(chance)
            began = time.perf_counter()
            _find(one, criteria, seen, before)
            times.append((time.perf_counter() - began) * 1000)
        _tell(f"{force} {one.name}, {place}", times, figures, slow, say, f"{lines} lines, {_plan(captured)}")


def _measure_pages(
    chance: random.Random, runs: int, figures: dict[str, object], slow: list[str], say: Callable[[str], None]
) -> None:
    """Measure whole pages, as Django's client is given them: the door, the page and the access that it leaves."""
    reviewer = Officer.objects.filter(force_id="46").order_by("pk")[0]
    reviewer.roles = [Role.REVIEWER.value]
    reviewer.save(update_fields=["roles"])
    # As a test client must: nothing is collected of the static files, and it comes from no address of the service.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    storages = {**settings.STORAGES, "staticfiles": plain}
    with override_settings(ALLOWED_HOSTS=["testserver"], SECURE_SSL_REDIRECT=False, STORAGES=storages):
        client = Client()
        client.force_login(reviewer, backend="cr_app.accounts.backends.OfficerBackend")
        session = client.session
        session[SIGNED_IN_AT] = session[SEEN_AT] = int(time.time())
        session.save()
        colleagues = list(Officer.objects.filter(force_id="46").values_list("pk", flat=True)[:500])
        for name, sought in (
            ("dates", Sought(THINGS, since=date(2020, 1, 1))),
            ("officer", Sought(THINGS, officer=colleagues[7])),
            ("event", Sought(THINGS, event=COMMON)),
            ("refused", Sought(THINGS, outcome="refused")),
            ("out of hours", Sought(THINGS, out_of_hours=True)),
            ("looks", Sought(LOOKS, since=date(2020, 1, 1))),
            ("unusual volume", Sought(LOOKS, unusual_volume=True)),
        ):
            token = keep_search(reviewer, sought)
            # The first page of a process reads templates and modules.
            _fetched(client, f"/trail/found/{token}/")
            _tell(
                f"whole page: {name}",
                [_fetched(client, f"/trail/found/{token}/") for _ in range(runs)],
                figures,
                slow,
                say,
            )
        pages = [f"/trail/officers/{chance.choice(colleagues)}/?days=90" for _ in range(runs)]
        _tell("whole page: an officer", [_fetched(client, page) for page in pages], figures, slow, say)


def _fetched(client: Client, address: str) -> float:
    began = time.perf_counter()
    response = client.get(address)
    taken = (time.perf_counter() - began) * 1000
    assert response.status_code == 200, f"{address} answers {response.status_code}"
    return taken


def _tell(
    name: str,
    times: list[float],
    figures: dict[str, object],
    slow: list[str],
    say: Callable[[str], None],
    more: str = "",
) -> None:
    p50, p95 = statistics.median(times), statistics.quantiles(times, n=20, method="inclusive")[-1]
    figures[name] = f"p50 {p50:.1f} ms, p95 {p95:.1f} ms{more and f', {more}'}"
    say(f"{name}: {figures[name]}")
    if p95 > P95_MS:
        slow.append(f"{name} {p95:.0f} ms")


def _plan(captured: CaptureQueriesContext) -> str:
    """Return the plan of a query in short: its nodes from the inside out, with the indexes they use."""
    with connections["default"].cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {captured.captured_queries[-1]['sql']}")
        answer = cursor.fetchone()[0]
    plan = (json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"]
    return " > ".join(_nodes(plan))


def _nodes(plan: dict[str, Any]) -> Iterator[str]:
    for inner in plan.get("Plans", ()):
        yield from _nodes(inner)
    index = plan.get("Index Name", "")
    yield f"{plan['Node Type']}{index and f' ({index})'}"
