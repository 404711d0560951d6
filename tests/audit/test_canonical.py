"""The canonical bytes: one value, one encoding, for ever."""

import hashlib
import json
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cr_app.audit.bodies import access_body, entry_body, time_text
from cr_app.audit.canonical import (
    JSON,
    SALT_BYTES,
    NotCanonical,
    checked,
    decode,
    digest_of,
    encode,
    is_digest,
)

# A busy machine is no failure.
calm = settings(deadline=None)

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=8)
wholes = st.integers(-(2**63), 2**63 - 1)
values = st.recursive(
    st.none() | st.booleans() | wholes | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
times = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive


@dataclass
class AnEntry:
    """An entry that no table holds."""

    at: datetime
    actor_kind: str
    actor_key: str
    warrant_number: str
    rank: str
    actor_name: str
    outcome: str
    request_id: UUID | None
    address: str
    format_version: int
    event: str
    subject: str
    details: dict[str, JSON]


@dataclass
class AnAccess:
    """An access that no table holds."""

    at: datetime
    actor_kind: str
    actor_key: str
    warrant_number: str
    rank: str
    actor_name: str
    outcome: str
    request_id: UUID | None
    address: str
    format_version: int
    kind: str
    subjects: list[str]
    page: str
    implied: bool
    sitting: str
    reason_digest: str
    recipient_digest: str


entries = st.builds(
    AnEntry,
    at=times,
    **dict.fromkeys(
        ["actor_kind", "actor_key", "warrant_number", "rank", "actor_name", "outcome", "address", "event", "subject"],
        texts,
    ),
    request_id=st.none() | st.uuids(),
    format_version=st.integers(1, 3),
    details=st.dictionaries(texts, values, max_size=3),
)


def as_told_apart(value: object) -> str:
    """Return text in which 1 and True, which Python holds equal, differ."""
    return json.dumps(value, sort_keys=True, default=str)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, b"n"),
        (True, b"t"),
        (False, b"f"),
        (0, b"i0e"),
        (-12, b"i-12e"),
        ("", b"0:"),
        ("Zoë", b"4:Zo\xc3\xab"),
        ([], b"le"),
        ([1, "1", [True]], b"li1e1:1ltee"),
        ({}, b"de"),
        ({"b": 1, "a": None, "é": [], "z": {}}, b"d1:an1:bi1e1:zde2:\xc3\xa9lee"),
    ],
)
def test_each_type_is_written_as_documented(value: JSON, expected: bytes) -> None:
    assert encode(value) == expected
    assert decode(expected) == value


@calm
@given(values)
def test_what_is_written_reads_back_as_the_same_value(value: JSON) -> None:
    assert as_told_apart(decode(encode(value))) == as_told_apart(value)


@calm
@given(values, values)
def test_two_values_share_bytes_only_when_they_are_one(one: JSON, other: JSON) -> None:
    assert (encode(one) == encode(other)) == (as_told_apart(one) == as_told_apart(other))


@calm
@given(values, st.data())
def test_bytes_altered_anywhere_are_another_value_or_none(value: JSON, data: st.DataObject) -> None:
    body = bytearray(encode(value))
    at = data.draw(st.integers(0, len(body) - 1))
    body[at] ^= data.draw(st.integers(1, 255))
    try:
        read = decode(bytes(body))
    except NotCanonical:
        return
    assert encode(read) == bytes(body)
    assert as_told_apart(read) != as_told_apart(value)


@calm
@given(st.binary(max_size=40))
def test_no_value_has_two_encodings(body: bytes) -> None:
    try:
        value = decode(body)
    except NotCanonical:
        return
    assert encode(value) == body


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"x", b"i01e", b"i-0e", b"ie", b"i1", b"i9223372036854775808e", b"01:a", b"2:a", b"1:\xff", b"1:\x00"),
        *(b"l", b"lnn", b"d1:an1:ane", b"d1:bn1:ane", b"dnne", b"d1:ae", b"nn", b"l" * 100, b"99999999999:a"),
    ],
)
def test_bytes_that_no_value_has_are_refused(body: bytes) -> None:
    with pytest.raises(NotCanonical):
        decode(body)


class Colour(StrEnum):
    """Text of an enumeration."""

    RED = "red"


def test_checking_leaves_plain_values_and_refuses_all_others() -> None:
    plain = checked({"a": (1, Colour.RED), "b": {"c": None}})
    assert plain == {"a": [1, "red"], "b": {"c": None}}
    assert type(plain["a"][1]) is str  # type: ignore[index]
    for wrong in (
        *(1.5, b"bytes", {1}, object(), datetime(2026, 11, 21, tzinfo=UTC), 2**63, -(2**63) - 1, int("9" * 4_000)),
        *("\x00", "\ud800", {"\ud800": 1}, {1: 2}, {"sha256": "a" * 64}, [{"deep": {"sha256": 1}}]),
    ):
        with pytest.raises(NotCanonical):
            checked(wrong)


def test_a_value_nested_too_deep_is_refused_and_not_a_crash() -> None:
    value: object = 1
    for _ in range(100_000):
        value = [value]
    with pytest.raises(NotCanonical, match="nested"):
        checked(value)


def test_the_refusal_names_no_value() -> None:
    for wrong in ({"name": 1.25}, ["secret\x00"], {"sha256": "secret"}):
        with pytest.raises(NotCanonical) as refused:
            checked(wrong)
        assert "secret" not in str(refused.value)
        assert "1.25" not in str(refused.value)


def test_a_digest_covers_salt_and_value() -> None:
    salt = bytes(range(SALT_BYTES))
    digest = digest_of("Zoë", salt)
    by_hand = hashlib.sha256(b"community-resolutions personal value 1\n" + salt + b"4:Zo\xc3\xab").hexdigest()
    assert digest == {"sha256": by_hand}
    assert by_hand == "009022c4a4b616fbff70f220e7090d756a909e312ce8522ef4c1fa402ebeb0be"
    assert is_digest(digest)
    assert digest_of("Zoe", salt) != digest
    assert digest_of("Zoë", bytes(SALT_BYTES)) != digest
    with pytest.raises(NotCanonical, match="salt"):
        digest_of("Zoë", b"short")
    for other in ("text", None, {}, {"sha256": "a" * 63}, {"sha256": 1}, {"sha256": "a" * 64, "b": 1}):
        assert not is_digest(other)


@calm
@given(values, values, st.binary(min_size=SALT_BYTES, max_size=SALT_BYTES))
def test_a_digest_under_one_salt_tells_values_apart(one: JSON, other: JSON, salt: bytes) -> None:
    assert (digest_of(one, salt) == digest_of(other, salt)) == (as_told_apart(one) == as_told_apart(other))


@calm
@given(entries, entries)
def test_two_entries_share_bytes_only_when_they_are_one(one: AnEntry, other: AnEntry) -> None:
    assert (entry_body(one) == entry_body(other)) == (as_told_apart(vars(one)) == as_told_apart(vars(other)))
    assert entry_body(one) == entry_body(replace(one))


@calm
@given(entries, entries, st.sampled_from([each.name for each in fields(AnEntry)]))
def test_an_entry_with_one_field_of_another_has_other_bytes(one: AnEntry, other: AnEntry, name: str) -> None:
    mixed = replace(one, **{name: getattr(other, name)})
    is_same = as_told_apart(getattr(one, name)) == as_told_apart(getattr(other, name))
    assert (entry_body(one) == entry_body(mixed)) == is_same


AT = datetime(2026, 11, 21, 5, 28, 0, 1, tzinfo=UTC)
SHARED = {
    "at": AT,
    "actor_kind": "officer",
    "actor_key": "12",
    "warrant_number": "P241775",
    "rank": "PC",
    "actor_name": "Amina Khan",
    "outcome": "done",
    "request_id": UUID("6f1c2a30-9f0b-4b8e-9a51-2c9be1f3d001"),
    "address": "192.0.2.7",
    "format_version": 1,
}
ENTRY = AnEntry(
    **SHARED,  # type: ignore[arg-type]
    event="case.answers_saved",
    subject="case:7KQM2PXR",
    details={
        "section": "Incident",
        "version": 3,
        "changes": [
            {
                "operation": "update",
                "row": "case",
                "key": "9",
                "new": {"place": {"sha256": "ab" * 32}, "is_estimated": True},
                "old": {"place": None, "is_estimated": False},
            }
        ],
    },
)
ACCESS = AnAccess(
    **SHARED,  # type: ignore[arg-type]
    kind="consultation",
    subjects=["case:7KQM2PXR", "case:2B3C4D5F"],
    page="case",
    implied=False,
    sitting="cd" * 32,
    reason_digest="ef" * 32,
    recipient_digest="",
)

ENTRY_HEX = (
    "64353a6163746f7264333a6b6579323a3132343a6b696e64373a6f666669636572343a6e616d6531303a416d696e61204b68"
    "616e343a72616e6b323a504331343a77617272616e745f6e756d626572373a5032343137373565373a61646472657373393a"
    "3139322e302e322e37323a617432373a323032362d31312d32315430353a32383a30302e3030303030315a373a6465746169"
    "6c7364373a6368616e6765736c64333a6b6579313a39333a6e65776431323a69735f657374696d6174656474353a706c6163"
    "6564363a73686132353636343a61626162616261626162616261626162616261626162616261626162616261626162616261"
    "6261626162616261626162616261626162616261626162616261626565333a6f6c646431323a69735f657374696d61746564"
    "66353a706c6163656e65393a6f7065726174696f6e363a757064617465333a726f77343a636173656565373a73656374696f"
    "6e383a496e636964656e74373a76657273696f6e69336565353a6576656e7431383a636173652e616e73776572735f736176"
    "6564363a666f726d6174693165373a6f7574636f6d65343a646f6e65373a7265717565737433363a36663163326133302d39"
    "6630622d346238652d396135312d326339626531663364303031373a7375626a65637431333a636173653a374b514d325058"
    "52353a7461626c65353a656e74727965"
)
ACCESS_HEX = (
    "64353a6163746f7264333a6b6579323a3132343a6b696e64373a6f666669636572343a6e616d6531303a416d696e61204b68"
    "616e343a72616e6b323a504331343a77617272616e745f6e756d626572373a5032343137373565373a61646472657373393a"
    "3139322e302e322e37323a617432373a323032362d31312d32315430353a32383a30302e3030303030315a363a666f726d61"
    "74693165373a696d706c69656466343a6b696e6431323a636f6e73756c746174696f6e373a6f7574636f6d65343a646f6e65"
    "343a70616765343a63617365363a726561736f6e36343a656665666566656665666566656665666566656665666566656665"
    "66656665666566656665666566656665666566656665666566656665666566656665666566393a726563697069656e74303a"
    "373a7265717565737433363a36663163326133302d396630622d346238652d396135312d326339626531663364303031373a"
    "73697474696e6736343a63646364636463646364636463646364636463646364636463646364636463646364636463646364"
    "636463646364636463646364636463646364636463646364383a7375626a656374736c31333a636173653a374b514d325058"
    "5231333a636173653a324233433444354665353a7461626c65363a61636365737365"
)


def test_the_bytes_of_format_1_never_change() -> None:
    """Whoever must change these lines needs a new format version: what is stored was written with these bytes."""
    assert entry_body(ENTRY).hex() == ENTRY_HEX
    assert access_body(ACCESS).hex() == ACCESS_HEX


def test_a_time_is_written_in_utc_whatever_its_zone() -> None:
    assert time_text(AT) == "2026-11-21T05:28:00.000001Z"
    assert time_text(AT.astimezone(timezone(timedelta(hours=5, minutes=30)))) == "2026-11-21T05:28:00.000001Z"
    with pytest.raises(ValueError, match="zone"):
        time_text(AT.replace(tzinfo=None))
