"""Each rule of the red flags finds what it says, and not what differs from that in one fact."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cr_app.oversight import red_flags
from cr_app.oversight.models import Rule
from cr_app.oversight.red_flags import Decided, Given, Party

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
GIVEN = Given(
    entry_id=9,
    at=NOON,
    actor_key="2",
    subject="case:7KQM2PXR",
    event="case.authority_granted",
    asked_by="1",
    asked_at=NOON - timedelta(hours=2),
)


def ago(seconds: float) -> datetime:
    """Return a moment so many seconds before noon."""
    return NOON - timedelta(seconds=seconds)


def test_rules_are_those_of_the_table() -> None:
    named = {
        red_flags.QUICK_GRANT,
        red_flags.EDITED_AFTER_GRANT,
        red_flags.SAME_PAIR,
        red_flags.OWN_RECORD,
        red_flags.UNUSUAL_VOLUME,
        red_flags.VICTIM_NOT_TOLD,
    }
    assert named == set(Rule.values)


@pytest.mark.parametrize(
    ("looks", "seconds"),
    [
        ([34], 34),
        ([60], 60),
        ([0], 0),
        # The first look counts, not the last.
        ([34, 3], 34),
        # Read before it was asked: something else then.
        ([3 * 3600, 34], 34),
        ([], None),
        ([3 * 3600], None),
    ],
)
def test_a_grant_within_a_minute_of_the_first_look_is_found(looks: list[float], seconds: int | None) -> None:
    found = red_flags.quick_grant(GIVEN, map(ago, looks))
    assert found is not None
    assert (found.words["seconds"], found.entry_id, found.subject) == (seconds, 9, "case:7KQM2PXR")


@pytest.mark.parametrize("looks", [[61], [600, 5], [7200]])
def test_a_grant_after_more_than_a_minute_is_not_found(looks: list[float]) -> None:
    assert red_flags.quick_grant(GIVEN, map(ago, looks)) is None


_GRANT, _SUITABLE, _REFUSE = "case.authority_granted", "case.suitable", "case.authority_refused"


@pytest.mark.parametrize(
    ("decisions", "voids", "is_found"),
    [
        ([(3, _GRANT)], True, True),
        ([(3, _GRANT)], False, True),
        ([(3, _SUITABLE)], True, True),
        # An early referral goes on as a draft.
        ([(3, _SUITABLE)], False, False),
        ([], False, False),
        ([(3, _REFUSE)], False, False),
        ([(3, _GRANT), (5, "case.returned")], False, False),
        # Granted only afterwards.
        ([(30, _GRANT)], False, False),
        ([(2, _REFUSE), (3, _GRANT), (30, _GRANT)], True, True),
    ],
)
def test_a_change_after_a_grant_is_found(decisions: list[tuple[int, str]], voids: bool, is_found: bool) -> None:
    found = red_flags.edited_after_grant(9, NOON, "1", "case:7KQM2PXR", voids=voids, decisions=decisions)
    assert (found is not None) is is_found
    if found is not None:
        assert (found.key, found.entry_id) == ("case:7KQM2PXR 3", 9)


def decided(*days_ago: float, refused: tuple[int, ...] = ()) -> list[Decided]:
    """Return decisions of one pair so many days before noon, oldest first; `refused` are places of no grant."""
    return [
        Decided(pk, NOON - timedelta(days=days), "2", "1", f"case:{pk:08}", pk not in refused)
        for pk, days in enumerate(days_ago)
    ]


@pytest.mark.parametrize(
    ("made", "entries"),
    [
        (decided(5, 4, 3, 2), []),
        (decided(5, 4, 3, 2, 1), [4]),
        (decided(*range(9, 0, -1)), [4]),
        (decided(*range(10, 0, -1)), [4, 9]),
        (decided(5, 4, 3, 2, 1, refused=(2,)), []),
        (decided(9, 8, 7, 6, 5, 4, 3, 2, 1, refused=(2,)), [7]),
        # Five, but not within ninety days.
        (decided(95, 4, 3, 2, 1), []),
        (decided(90, 4, 3, 2, 0), [4]),
    ],
)
def test_the_same_pair_is_found_at_five_and_at_each_five_more(made: list[Decided], entries: list[int]) -> None:
    found = red_flags.same_pair(made, flagged=())
    assert [flag.entry_id for flag in found] == entries
    assert all(flag.words["times"] == 5 for flag in found)


def test_a_pair_that_was_found_is_counted_on_from_there() -> None:
    made = decided(*range(9, 0, -1))
    assert [flag.entry_id for flag in red_flags.same_pair(made[1:], flagged={4})] == [4]
    assert [flag.entry_id for flag in red_flags.same_pair(made[1:], flagged=())] == [5]


@pytest.mark.parametrize(
    ("name", "party_name", "is_found"),
    [
        ("Khan", "KHAN", True),
        ("O'Neill", "O’neill", True),
        ("O'Neill", "ONeill", True),
        ("Núñez", "Nunez", True),
        ("Smith-Jones", "Smith Jones", True),
        ("Khan", "Khanna", False),
        ("Khan", "", False),
    ],
)
def test_a_look_at_the_same_family_name_is_found(name: str, party_name: str, is_found: bool) -> None:
    names = frozenset({red_flags.plain_family_name(party_name)}) - {""}
    party = Party(numbers=frozenset({"9999"}), family_names=names, own_work_of=frozenset({"1"}))
    found = red_flags.own_record(
        4, NOON, "1", "case:7KQM2PXR", number="4127", family_name=name, party=party, was_refused=False
    )
    assert (found is not None) is is_found
    if found is not None:
        assert found.words == {"is_party": False, "own_work": True, "refused": False}
        assert name not in str(found)


def test_a_look_at_a_case_that_one_is_a_party_to_is_found() -> None:
    party = Party(numbers=frozenset({"4127"}), family_names=frozenset(), own_work_of=frozenset())
    found = red_flags.own_record(
        4, NOON, "1", "case:7KQM2PXR", number="4127", family_name="Khan", party=party, was_refused=True
    )
    assert found is not None
    assert found.words == {"is_party": True, "own_work": False, "refused": True}
    other = replace(party, numbers=frozenset({"4128"}))
    assert not red_flags.own_record(
        4, NOON, "1", "case:7KQM2PXR", number="4127", family_name="Khan", party=other, was_refused=True
    )


def opened(*minutes: float, records: int = 1000) -> list[tuple[datetime, str, int]]:
    """Return looks so many minutes after noon, each at another record until there are no more."""
    return [(NOON + timedelta(minutes=each), f"case:{pk % records:08}", pk) for pk, each in enumerate(minutes)]


def test_more_records_in_an_hour_than_may_be_are_found_once_an_hour() -> None:
    assert red_flags.unusual_volume("1", opened(*range(30)), most=30, flagged=()) == []
    (found,) = red_flags.unusual_volume("1", opened(*range(31)), most=30, flagged=())
    assert (found.access_id, found.words) == (30, {"records": 31, "minutes": 30})
    # Three hours of a look a minute.
    assert [flag.access_id for flag in red_flags.unusual_volume("1", opened(*range(180)), most=30, flagged=())] == [
        30,
        90,
        150,
    ]
    assert red_flags.unusual_volume("1", opened(*range(0, 93, 3)), most=30, flagged=()) == []
    assert red_flags.unusual_volume("1", opened(*range(50), records=30), most=30, flagged=()) == []
    assert red_flags.unusual_volume("1", opened(*range(31)), most=30, flagged=[found.at]) == []


@pytest.mark.parametrize(
    ("consulted", "words"),
    [
        ([False], {"not_told": 1, "no_answer": 0, "victims": 1}),
        ([True, None], {"not_told": 0, "no_answer": 1, "victims": 2}),
        ([True, True], None),
        ([], None),
    ],
)
def test_a_case_issued_without_each_victim_told_is_found(
    consulted: list[bool | None], words: dict[str, int] | None
) -> None:
    found = red_flags.victim_not_told(9, NOON, "1", "case:7KQM2PXR", consulted=consulted)
    assert (None if found is None else found.words) == words
