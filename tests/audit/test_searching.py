"""Searching the trail: what each filter finds, in order, page by page, and no personal value read."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from cr_app.audit.models import Access, Entry
from cr_app.audit.searching import (
    ANYBODY,
    Criteria,
    FoundEntry,
    FoundPage,
    Place,
    Scope,
    activity_of,
    find_accesses,
    find_entries,
    is_out_of_hours,
)
from cr_app.audit.trail import ANONYMOUS, Actor, Change, look, record, system_actor

AMINA = Actor("officer", "12", "4127", "Constable", "Amina Khan")
GRACE = Actor("officer", "15", "5012", "Sergeant", "Grace Bello")
KIERAN = Actor("officer", "90", "K-77", "Constable", "Kieran Walsh")
CASE, OTHER = "case:7KQM2PXR", "case:2B3C4D5F"
NOON = datetime(2026, 6, 10, 12, 0, tzinfo=UTC)
EVERYBODY = Scope()
OURS = Scope(("12", "15"))


def at(days: int, hour: int = 12) -> datetime:
    """A moment so many days after the first, at that hour of UTC: in June an hour behind London."""
    return NOON.replace(hour=hour) + timedelta(days=days)


@pytest.fixture
def told(db: None) -> Iterator[None]:
    """Six happenings on different days, by two forces, the system and nobody; and four looks."""
    place = Change(
        "update", "case", "9", new={"place": "12 Acre Lane"}, old={"place": None}, personal=frozenset({"place"})
    )
    with transaction.atomic():
        record("case.started", actor=AMINA, subject=CASE, at=at(0))
        record("case.answers_saved", actor=AMINA, subject=CASE, changes=[place], reason="typed wrongly", at=at(1, 23))
        record(
            "access.refused",
            actor=GRACE,
            subject=OTHER,
            outcome="refused",
            details={"page": "case", "sentence": "Mr Larkin's case is not yours."},
            at=at(2),
        )
        record("case.started", actor=KIERAN, subject=OTHER, at=at(3))
        record("case.reopened", actor=system_actor("a_command"), subject=CASE, at=at(4))
        record(
            "officer.sign_in_failed", actor=ANONYMOUS, outcome="refused", details={"sign_in_name": "larkin"}, at=at(5)
        )
        for day, actor, subjects, implied in (
            (0, AMINA, [CASE], True),
            (1, GRACE, [CASE], False),
            (2, KIERAN, [OTHER], True),
            (3, AMINA, [CASE, OTHER], True),
        ):
            reason = "" if implied else "His mother rang."
            look(
                actor=actor,
                subjects=subjects,
                page="case",
                kind="consultation",
                implied=implied,
                reason=reason,
                at=at(day, 4 if day == 1 else 12),
            )
        yield


def events(page: FoundPage[FoundEntry]) -> list[str]:
    """Return the events found, in their order."""
    return [found.line.event for found in page.lines]


@pytest.mark.parametrize(
    ("criteria", "scope", "found"),
    [
        (Criteria(), OURS, ["access.refused", "case.answers_saved", "case.started"]),
        (Criteria(), EVERYBODY, ["case.started", "access.refused", "case.answers_saved", "case.started"]),
        (Criteria(subject=CASE), ANYBODY, ["case.reopened", "case.answers_saved", "case.started"]),
        (Criteria(actor_key="12"), OURS, ["case.answers_saved", "case.started"]),
        (Criteria(actor_key="90"), OURS, []),
        (Criteria(actor_key="404"), EVERYBODY, []),
        (Criteria(event="case.started"), OURS, ["case.started"]),
        (Criteria(event="case.issued"), OURS, []),
        (Criteria(outcome="refused"), OURS, ["access.refused"]),
        (Criteria(outcome="refused"), ANYBODY, ["officer.sign_in_failed", "access.refused"]),
        (Criteria(out_of_hours=True), OURS, ["case.answers_saved"]),
        (Criteria(since=at(1), until=at(2)), OURS, ["case.answers_saved"]),
        (Criteria(since=at(2), until=at(2)), OURS, []),
        (Criteria(until=at(-400)), OURS, []),
        (Criteria(leaving_out=[CASE]), OURS, ["access.refused"]),
    ],
)
@pytest.mark.usefixtures("told")
def test_each_filter_finds_what_it_says_newest_first(criteria: Criteria, scope: Scope, found: list[str]) -> None:
    """No other test below would notice a filter that narrows nothing."""
    assert events(find_entries(criteria, scope=scope)) == found


@pytest.mark.usefixtures("told")
def test_looks_are_found_by_the_same_filters() -> None:
    """Looks know records in the plural, and no event."""

    def who(criteria: Criteria, scope: Scope = OURS) -> list[str]:
        return [found.line.actor_key for found in find_accesses(criteria, scope=scope).lines]

    assert who(Criteria()) == ["12", "15", "12"]
    assert who(Criteria(subject=OTHER), ANYBODY) == ["12", "90"]
    assert who(Criteria(actor_key="15")) == ["15"]
    assert who(Criteria(out_of_hours=True)) == ["15"]
    assert who(Criteria(outcome="refused")) == []
    assert who(Criteria(leaving_out=[CASE])) == ["12"], "a list that showed others too is found"
    (grace,) = Access.objects.filter(actor_key="15")
    assert who(Criteria(among=lambda before, after, limit: [Place(grace.at, grace.id)])) == ["15"]


@pytest.mark.usefixtures("told")
def test_no_personal_value_is_read_or_told() -> None:
    """The reason, the answer and the sentence of the refusal stay where they are."""
    with CaptureQueriesContext(connection) as queries:
        entries = find_entries(Criteria(), scope=ANYBODY)
        looks = find_accesses(Criteria(), scope=ANYBODY)
    assert not [query for query in queries if "personal" in query["sql"]]
    said = f"{entries}{looks}"
    for word in ("Acre", "typed wrongly", "Larkin", "larkin", "mother"):
        assert word not in said
    assert {found.line.sentence for found in entries.lines} >= {
        "Constable Amina Khan saved: place.",
        "Sergeant Grace Bello was refused case.",
        "Somebody not signed in failed to sign in.",
    }


def test_pages_go_on_by_key_both_ways_though_moments_are_the_same(db: None) -> None:
    """Thirteen entries, some at one moment, read in pages of five forwards and back: each once, in one order."""
    with transaction.atomic():
        for number in range(13):
            record("officer.signed_in", actor=AMINA, at=NOON + timedelta(minutes=number // 4))
    order = list(Entry.objects.filter(actor_key="12").order_by("-at", "-id").values_list("id", flat=True))
    first = find_entries(Criteria(), scope=OURS, limit=5)
    second = find_entries(Criteria(), scope=OURS, limit=5, before=first.older)
    third = find_entries(Criteria(), scope=OURS, limit=5, before=second.older)
    pages = [[found.line.id for found in page.lines] for page in (first, second, third)]
    assert [pk for page in pages for pk in page] == order
    assert first.newer is None
    assert third.older is None
    back = find_entries(Criteria(), scope=OURS, limit=5, after=third.newer)
    assert [found.line.id for found in back.lines] == pages[1]
    newest = find_entries(Criteria(), scope=OURS, limit=5, after=back.newer)
    assert [found.line.id for found in newest.lines] == pages[0]
    assert newest.newer is None
    assert newest.older is not None


def test_a_page_costs_one_query_however_many_there_are(db: None) -> None:
    """The same for one line and for fifty."""
    counted = []
    for number in (1, 60):
        with transaction.atomic():
            for _ in range(number):
                record("officer.signed_in", actor=AMINA, at=NOON)
                look(actor=AMINA, subjects=[CASE], page="case", kind="consultation", implied=True, at=NOON)
        with CaptureQueriesContext(connection) as queries:
            find_entries(Criteria(), scope=OURS)
            find_accesses(Criteria(), scope=OURS)
        counted.append(len([query for query in queries if "SELECT" in query["sql"]]))
    assert counted == [2, 2]


def test_looks_that_stand_out_are_all_found_though_few_of_them_fit_the_rest(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that stand out are named twenty at a time; one in ten of them was refused. Each page is full, both ways."""
    monkeypatch.setattr("cr_app.audit.searching._AT_ONCE", 20)
    with transaction.atomic():
        for number in range(240):
            outcome = "refused" if number % 10 == 0 else "done"
            when = NOON + timedelta(minutes=number // 3)
            look(actor=AMINA, subjects=[CASE], page="case", kind="consultation", implied=True, outcome=outcome, at=when)
    places = [Place(*row) for row in Access.objects.filter(actor_key="12").order_by("at", "id").values_list("at", "id")]

    def order(place: Place) -> tuple[datetime, int]:
        return place.at, place.id

    def among(before: Place | None, after: Place | None, limit: int) -> list[Place]:
        if after is not None:
            return [place for place in places if order(place) > order(after)][:limit]
        return [place for place in reversed(places) if before is None or order(place) < order(before)][:limit]

    criteria = Criteria(outcome="refused", among=among)
    wanted = list(Access.objects.filter(outcome="refused").order_by("-at", "-id").values_list("id", flat=True))
    first = find_accesses(criteria, scope=OURS, limit=9)
    second = find_accesses(criteria, scope=OURS, limit=9, before=first.older)
    third = find_accesses(criteria, scope=OURS, limit=9, before=second.older)
    pages = [[found.line.id for found in page.lines] for page in (first, second, third)]
    assert [len(page) for page in pages] == [9, 9, 6]
    assert [pk for page in pages for pk in page] == wanted
    assert third.older is None
    back = find_accesses(criteria, scope=OURS, limit=9, after=third.newer)
    assert [found.line.id for found in back.lines] == pages[1]


@pytest.mark.parametrize(
    "text",
    ["", "x", "1-", "-1", "1-1-1", "g-1", "123456789abcdef-1", "fffffffffffffff-1", "1' OR 1-2"],
)
def test_a_place_made_up_is_none(text: str) -> None:
    """Whatever stands in an address, the first page is shown."""
    assert Place.parse(text) is None


def test_a_place_is_read_as_it_was_written() -> None:
    """To the microsecond."""
    place = Place(NOON + timedelta(microseconds=7), 6_000_000_123)
    assert Place.parse(str(place)) == place


@pytest.mark.parametrize(
    ("moment", "is_out"),
    [
        (datetime(2026, 6, 10, 20, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 6, 10, 21, 0, tzinfo=UTC), True),
        (datetime(2026, 6, 10, 4, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 6, 10, 5, 0, tzinfo=UTC), False),
        (datetime(2026, 1, 10, 21, 59, tzinfo=UTC), False),
        (datetime(2026, 1, 10, 22, 0, tzinfo=UTC), True),
        (datetime(2026, 1, 10, 5, 59, tzinfo=UTC), True),
        (datetime(2026, 1, 10, 6, 0, tzinfo=UTC), False),
    ],
)
def test_out_of_hours_goes_by_the_clock_in_london_in_database_and_pages_alike(
    db: None, moment: datetime, is_out: bool
) -> None:
    """Summer and winter, to the minute."""
    with transaction.atomic():
        record("officer.signed_in", actor=AMINA, at=moment)
    assert is_out_of_hours(moment) is is_out
    assert bool(find_entries(Criteria(out_of_hours=True), scope=OURS).lines) is is_out


@pytest.mark.usefixtures("told")
def test_what_an_officer_did_is_counted_within_the_period() -> None:
    """By event and outcome, with looks, the cases looked at and what was out of hours."""
    amina = activity_of("12", since=at(-1), until=at(9))
    assert amina.events == {("case.started", "done"): 1, ("case.answers_saved", "done"): 1}
    assert (amina.looks, amina.refused_looks, amina.records, amina.out_of_hours) == (2, 0, 2, 1)
    later = activity_of("12", since=at(1), until=at(2))
    assert (later.entries, later.looks, later.records) == (1, 0, 0)
    grace = activity_of("15", since=at(-1), until=at(9))
    assert grace.events == {("access.refused", "refused"): 1}
    assert grace.out_of_hours == 1
