"""Each rule of the red flags finds what it says, and not what differs from that in one fact."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cr_app.oversight import red_flags
from cr_app.oversight.models import Flag, Rule
from cr_app.oversight.presenting.flags import sentence_of
from cr_app.oversight.red_flags import Decided, Found, Given, Opened, Party

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
        ("Smith-Jones", "SmithJones", True),
        ("Smith", "Jones‑Smith", True),
        ("García Márquez", "Marquez", True),
        ("Li", "Li", True),
        ("van der Berg", "Berg", True),
        ("van der Berg", "van der Meer", False),
        ("Li Wei", "Li Na", False),
        ("Khan", "Khanna", False),
        ("Khan", "", False),
    ],
)
def test_a_look_at_the_same_family_name_is_found(name: str, party_name: str, is_found: bool) -> None:
    names = red_flags.names_compared(party_name)
    party = Party(numbers=frozenset({"9999"}), family_names=names, own_work_of=frozenset({"3"}))
    found = red_flags.own_record(
        4, NOON, "1", "case:7KQM2PXR", number="4127", family_name=name, party=party, was_refused=False
    )
    assert (found is not None) is is_found
    if found is not None:
        assert found.words == {"is_party": False, "own_work": False, "refused": False}
        assert name not in str(found)


@pytest.mark.parametrize(
    ("own_work_of", "was_routed", "number", "is_found"),
    [
        ("3", False, "4127", True),
        ("1", False, "4127", False),
        ("3", True, "4127", False),
        # A number is no chance.
        ("1", False, "9999", True),
        ("3", True, "9999", True),
    ],
)
def test_in_own_work_and_where_one_was_asked_to_decide_a_name_alone_is_not_found(
    own_work_of: str, was_routed: bool, number: str, is_found: bool
) -> None:
    party = Party(frozenset({"9999"}), red_flags.names_compared("Khan"), frozenset({own_work_of}))
    found = red_flags.own_record(
        4,
        NOON,
        "1",
        "case:7KQM2PXR",
        number=number,
        family_name="Khan",
        party=party,
        was_refused=False,
        was_routed=was_routed,
    )
    assert (found is not None) is is_found


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


def opened(*minutes: float, records: int = 1000) -> list[Opened]:
    """Return looks so many minutes after noon, each at another record until there are no more."""
    return [Opened(NOON + timedelta(minutes=each), f"case:{pk % records:08}", pk) for pk, each in enumerate(minutes)]


def said(found: Found) -> str:
    """Return the sentence of what was found."""
    return sentence_of(Flag(rule=found.rule, words=dict(found.words)))


def test_more_records_in_an_hour_than_may_be_are_found_once_an_hour() -> None:
    assert red_flags.unusual_volume("1", opened(*range(30)), most=30, flagged=()) == []
    (found,) = red_flags.unusual_volume("1", opened(*range(31)), most=30, flagged=())
    assert (found.access_id, found.words) == (30, {"records": 31, "refused": 0, "exported": 0, "minutes": 30})
    assert said(found) == "31 different records were opened within 30 minutes; up to 30 an hour are usual."
    # Three hours of a look a minute.
    assert [flag.access_id for flag in red_flags.unusual_volume("1", opened(*range(180)), most=30, flagged=())] == [
        30,
        90,
        150,
    ]
    assert red_flags.unusual_volume("1", opened(*range(0, 93, 3)), most=30, flagged=()) == []
    assert red_flags.unusual_volume("1", opened(*range(50), records=30), most=30, flagged=()) == []
    assert red_flags.unusual_volume("1", opened(*range(31)), most=30, flagged=[found.at]) == []


def test_records_that_were_refused_count_and_the_sentence_says_how_many() -> None:
    tried = [replace(look, was_refused=look.access_id >= 20) for look in opened(*range(31))]
    # Refused first and opened after: it was opened.
    tried.insert(0, replace(tried[0], was_refused=True, access_id=100))
    (found,) = red_flags.unusual_volume("1", tried, most=30, flagged=())
    assert said(found) == (
        "31 different records were opened or tried within 30 minutes (11 refused); up to 30 an hour are usual."
    )


def test_the_records_of_one_export_are_counted_together_and_said() -> None:
    export = [Opened(NOON, f"case:{place:08}", 7, was_exported=True) for place in range(40)]
    (found,) = red_flags.unusual_volume("1", export, most=30, flagged=())
    assert said(found) == "40 different records were opened within 1 minute (40 exported); up to 30 an hour are usual."
    assert red_flags.unusual_volume("1", export[:30], most=30, flagged=()) == []


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
