"""The quick way to the canonical bytes of details gives what the plain one gives, whatever the details hold."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cr_app.audit.canonical import JSON, NotCanonical, encode
from cr_app.audit.verifying.encoding import ALIKE, LAYOUTS_KEPT, WORDS_KEPT, DetailsEncoder

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
PLAIN = st.sampled_from(["", "a", '"', "%", "%d", ":", "{", "Łódź 🙂", "a\\b", "line\nline", "\u007f", "12", "true"])
SCALARS = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | TEXT | PLAIN
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT | PLAIN, inner, max_size=4),
    max_leaves=20,
)
DETAILS = st.dictionaries(TEXT | PLAIN, VALUES, max_size=5)


def as_jsonb(value: JSON) -> bytes:
    """Write a value as PostgreSQL does: shorter keys first, a blank after comma and colon, no escape without need."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: (len(key.encode()), key.encode()))
        return b"{" + b", ".join(as_jsonb(key) + b": " + as_jsonb(value[key]) for key in keys) + b"}"
    if isinstance(value, list):
        return b"[" + b", ".join(map(as_jsonb, value)) + b"]"
    return json.dumps(value, ensure_ascii=False).encode()


QUICK = DetailsEncoder()


@given(DETAILS)
def test_the_quick_way_gives_the_canonical_bytes(details: dict[str, JSON]) -> None:
    assert QUICK.encode(as_jsonb(details))[0] == encode(details)


@given(DETAILS, DETAILS)
def test_a_layout_met_before_gives_no_bytes_of_another(first: dict[str, JSON], second: dict[str, JSON]) -> None:
    quick = DetailsEncoder()
    quick.encode(as_jsonb(first))
    assert (quick.encode(as_jsonb(second))[0] == encode(first)) == (encode(first) == encode(second))


@pytest.mark.parametrize("odd", ["", "\\"])
def test_digests_are_found_at_their_paths(odd: str) -> None:
    change: JSON = {"new": {"last_names": {"sha256": "ab"}}, "old": {"last_names": {"sha256": "cd"}}, "key": odd}
    details: dict[str, JSON] = {"reason": {"sha256": "ef"}, "changes": [{"new": {}}, change], "section": "sha256"}
    _, (places, texts) = QUICK.encode(as_jsonb(details))
    assert {path: texts[place] for path, place in places.items()} == {
        b"reason": b"ef",
        b"changes.1.new.last_names": b"ab",
        b"changes.1.old.last_names": b"cd",
    }


@pytest.mark.parametrize("text", [b'{"a": 1.0}', b'{"a": 1e5}', b'{"a": "\\\\", "b": 1.5}'])
def test_a_number_that_has_no_canonical_bytes_is_refused(text: bytes) -> None:
    with pytest.raises(NotCanonical):
        QUICK.encode(text)


def test_texts_that_look_alike_are_told_apart_by_keys_words_and_places() -> None:
    quick = DetailsEncoder()
    alike = [
        b'{"ab": "cd", "ef": 1234, "x": {}}',
        b'{"ab": "ef", "cd": true, "x": {}}',
        b'{"cd": "ab", "ef": null, "x": {}}',
        b'{"ab": "cd", "ef": -123, "x": {}}',
        b'{"ab": "%d", "%b": null, "x": {}}',
        '{"ab": "é", "%%": 1000, "x": {}}'.encode(),
        *(b'{"%c%c": "cd", "ef": 1234, "x": {}}' % (97 + number, 97 + number) for number in range(2 * ALIKE)),
    ]
    assert len({len(text) for text in alike}) == 1
    for text in [*alike, *alike[::-1]]:
        assert quick.encode(text)[0] == encode(json.loads(text))
    with pytest.raises(NotCanonical):
        quick.encode(b'{"ab": "cd", "ef": 12.4, "x": {}}')
    # What stands between quotation marks may look like anything else.
    for text in (b'{"a": "b, c: d"}', b'{"a": "{1}[2] "}', b'{"a": "x", "b": [1, {"c": "1"}, "1"]}', b"{}", b'[""]'):
        for _ in range(2):
            assert quick.encode(text)[0] == encode(json.loads(text))


def test_any_number_of_layouts_is_met_with_the_memory_of_some() -> None:
    quick = DetailsEncoder()
    for number in range(2 * LAYOUTS_KEPT):
        text = b'{"%b": "a"}' % (b"n" * number)
        assert quick.encode(text)[0] == b"d%d:%b1:ae" % (number, b"n" * number)
        assert len(quick._alike) <= LAYOUTS_KEPT
    for number in range(2 * WORDS_KEPT):
        assert quick.encode(b'{"n": %d, "t": "a"}' % number)[0] == b"d1:ni%de1:t1:ae" % number
        assert len(quick._words) <= WORDS_KEPT
