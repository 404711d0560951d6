"""Signed checkpoints: published examples are read, ours are opened by their key alone, and nothing altered is."""

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cr_app.audit.checkpoints import (
    BadKey,
    NotAStatement,
    NotSigned,
    SigningKey,
    Statement,
    VerifierKey,
    new_signing_key,
    open_note,
    parse_statement,
    signed_text,
    statement_text,
)

calm = settings(deadline=None)

# The example of https://c2sp.org/signed-note.
C2SP_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
C2SP_TEXT = "This is an example message.\n"
C2SP_NOTE = (
    f"{C2SP_TEXT}\n— example.com/foo"
    " Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
# The example of https://pkg.go.dev/golang.org/x/mod/sumdb/note, with its private key.
GO_SIGNING_KEY = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
GO_NOTE = (
    f"{GO_TEXT}\n— PeterNeumann"
    " x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
# A checkpoint of Go's log of modules, from whose size, root and signature https://c2sp.org/tlog-checkpoint made its example.
SUMDB_KEY = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
SUMDB_TEXT = "go.sum database tree\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
SUMDB_NOTE = (
    f"{SUMDB_TEXT}\n— sum.golang.org"
    " Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
)
PUBLISHED = [(C2SP_KEY, C2SP_TEXT, C2SP_NOTE), (GO_KEY, GO_TEXT, GO_NOTE), (SUMDB_KEY, SUMDB_TEXT, SUMDB_NOTE)]

KEY = SigningKey("cr.example.police.uk/trail", bytes(range(32)))
STATED = Statement(KEY.name, 2026, bytes(range(32)), 1, datetime(2026, 11, 21, 11, 20, tzinfo=UTC), 4711, "7575/5")
TEXT = """cr.example.police.uk/trail
2026
AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=
epoch 1
time 2026-11-21T11:20:00.000000Z
horizon 4711
database 7575/5
"""
NOTE = KEY.sign(TEXT)


@pytest.mark.parametrize(("key", "text", "note"), PUBLISHED, ids=["C2SP", "Go", "Go's log of modules"])
def test_published_notes_open_with_their_published_keys(key: str, text: str, note: str) -> None:
    verifier = VerifierKey.parse(key)
    assert verifier.text == key
    assert signed_text(note, verifier) == signed_text(note.encode(), verifier) == text
    with pytest.raises(NotAStatement):
        open_note(note, verifier)


def test_the_published_key_signs_the_published_note_byte_for_byte() -> None:
    key = SigningKey.parse(GO_SIGNING_KEY)
    assert (key.text, key.verifier.text, key.key_id) == (GO_SIGNING_KEY, GO_KEY, "c74f20a3")
    assert key.sign(GO_TEXT) == GO_NOTE


def test_a_checkpoint_is_written_in_seven_lines_and_read_again() -> None:
    assert statement_text(STATED) == TEXT
    assert parse_statement(TEXT) == STATED
    assert open_note(NOTE, KEY.verifier) == open_note(NOTE.encode(), KEY.verifier) == STATED
    assert NOTE.startswith(f"{TEXT}\n— {KEY.name} ")


def test_the_time_of_a_checkpoint_is_written_in_utc() -> None:
    summer = STATED.made_at.astimezone(timezone(timedelta(hours=1)))
    assert statement_text(replace(STATED, made_at=summer)) == TEXT


statements = st.builds(
    Statement,
    origin=st.text(st.characters(codec="utf-8", exclude_characters="+ "), min_size=1, max_size=200).filter(
        str.isprintable
    ),
    size=st.integers(0, 2**63 - 1),
    root=st.binary(min_size=32, max_size=32),
    epoch=st.integers(1, 10**6),
    made_at=st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    horizon=st.integers(0, 2**63 - 1),
    database=st.from_regex(r"[!-~]{1,64}", fullmatch=True),
)


@calm
@given(statements)
def test_every_checkpoint_opens_as_what_was_signed(stated: Statement) -> None:
    key = new_signing_key(stated.origin)
    assert parse_statement(statement_text(stated)) == stated
    assert open_note(key.sign(statement_text(stated)), VerifierKey.parse(key.verifier.text)) == stated
    assert SigningKey.parse(key.text) == key


def test_a_note_with_any_one_bit_altered_is_refused() -> None:
    note = NOTE.encode()
    for place in range(len(note) * 8):
        wrong = bytearray(note)
        wrong[place // 8] ^= 1 << place % 8
        with pytest.raises(NotSigned):
            open_note(bytes(wrong), KEY.verifier)


def test_a_note_with_any_piece_left_out_or_doubled_is_refused() -> None:
    for place in range(len(NOTE)):
        for wrong in (NOTE[:place] + NOTE[place + 1 :], NOTE[:place], NOTE[:place] + NOTE[place] + NOTE[place:]):
            with pytest.raises(NotSigned):
                open_note(wrong, KEY.verifier)


@pytest.mark.parametrize(
    "wrong",
    [
        TEXT.replace("2026\n", "02026\n", 1),
        TEXT.replace("2026\n", "+2026\n", 1),
        TEXT.replace("2026\n", "2_026\n", 1),
        TEXT.replace("2026\n", "٢٠٢٦\n", 1),
        TEXT.replace("2026\n", f"{'9' * 30}\n", 1),
        TEXT.replace("8=\n", "9=\n"),
        TEXT.replace("=\n", "\n"),
        TEXT.replace("AAEC", "AA-_"),
        TEXT.replace("epoch 1", "epoch 0"),
        TEXT.replace("epoch 1", "1"),
        TEXT.replace("epoch 1", "epoch 01"),
        TEXT.replace(".000000Z", "Z"),
        TEXT.replace("Z", "+00:00"),
        TEXT.replace("time ", ""),
        TEXT.replace("horizon ", ""),
        TEXT.replace("4711", "-4711"),
        TEXT.replace("4711", "04711"),
        TEXT.replace("database ", ""),
        TEXT.replace("7575/5", "7575 5"),
        TEXT.replace("horizon 4711\ndatabase 7575/5\n", ""),
        TEXT.replace("horizon 4711\ndatabase 7575/5", "database 7575/5\nhorizon 4711"),
        TEXT.replace("11-21T", "11-31T"),
        TEXT.replace("\n", "\r\n"),
        TEXT.replace("cr.", "cr "),
        TEXT + "more\n",
        TEXT + "\n",
        TEXT[:-1],
        "",
        "\n\n\n\n\n\n\n",
    ],
)
def test_a_checkpoint_has_one_way_to_be_written(wrong: str) -> None:
    with pytest.raises(NotAStatement):
        parse_statement(wrong)
    if wrong.endswith("\n") and "\r" not in wrong:
        with pytest.raises(NotSigned):
            open_note(KEY.sign(wrong), KEY.verifier)


def test_what_no_checkpoint_can_state_is_not_written() -> None:
    wrongs: list[dict[str, Any]] = [
        {"origin": ""},
        {"origin": "a b"},
        {"origin": "a\nb"},
        {"origin": "x" * 201},
        {"size": -1},
        {"root": b"short"},
        {"epoch": 0},
        {"horizon": -1},
        {"database": ""},
        {"database": "7575/5\nmore"},
        {"database": "x" * 65},
        {"made_at": STATED.made_at.replace(tzinfo=None)},
    ]
    for wrong in wrongs:
        with pytest.raises(NotAStatement):
            statement_text(replace(STATED, **wrong))


def test_another_key_opens_nothing_even_under_the_same_name() -> None:
    for other in (new_signing_key(KEY.name), new_signing_key("other.example/trail")):
        with pytest.raises(NotSigned, match="no signature of the key"):
            open_note(NOTE, other.verifier)


def test_a_signature_of_another_key_under_this_keys_name_and_id_is_refused() -> None:
    theirs = base64.b64decode(new_signing_key(KEY.name).sign(TEXT).split()[-1])[4:]
    forged = base64.b64encode(bytes.fromhex(KEY.key_id) + theirs).decode()
    with pytest.raises(NotSigned, match="not what the key"):
        open_note(f"{TEXT}\n— {KEY.name} {forged}\n", KEY.verifier)


def test_signatures_of_others_count_neither_way() -> None:
    witness = new_signing_key("witness.example").sign(TEXT).splitlines()[-1]
    strange = "— another.example " + "A" * 400
    assert open_note(f"{NOTE}{witness}\n{strange}\n", KEY.verifier) == STATED
    assert open_note(f"{TEXT}\n{witness}\n{NOTE.splitlines()[-1]}\n", KEY.verifier) == STATED
    with pytest.raises(NotSigned, match="no signature of the key"):
        open_note(f"{TEXT}\n{witness}\n", KEY.verifier)


def test_a_bad_signature_of_our_own_key_spoils_the_good_one_beside_it() -> None:
    bad = KEY.sign("Something else.\n").splitlines()[-1]
    for note in (f"{NOTE}{bad}\n", f"{TEXT}\n{bad}\n{NOTE.splitlines()[-1]}\n"):
        with pytest.raises(NotSigned, match="not what the key"):
            open_note(note, KEY.verifier)


def test_a_checkpoint_of_another_log_is_refused_whoever_signed_it() -> None:
    with pytest.raises(NotSigned, match="another name"):
        open_note(KEY.sign(TEXT.replace("cr.example", "cr2.example")), KEY.verifier)


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "\n",
        "\n\n",
        TEXT,
        f"{TEXT}\n",
        NOTE[:-1],
        f"{NOTE}Unexpected line.\n",
        f"{NOTE}\n",
        f"\x01{NOTE}",
        f"\ud800{NOTE}",
        NOTE.replace("— ", "- "),
        NOTE + NOTE.splitlines()[-1] * 101,
        f"{TEXT}\n" + "— a AAAAAAAA\n" * 101,
        "x" * 100_001,
        b"\xff" + NOTE.encode(),
        NOTE.encode("utf-16"),
    ],
    ids=range(16),
)
def test_what_is_no_note_is_told_in_one_sentence(wrong: str | bytes) -> None:
    with pytest.raises(NotSigned, match=r"^[A-Z][^\n]+\.$"):
        signed_text(wrong, KEY.verifier)


def test_text_that_no_note_can_hold_is_not_signed() -> None:
    for wrong in ("", "\n", "no end", "tab\there\n", "\ud800\n"):
        with pytest.raises(NotSigned):
            KEY.sign(wrong)


@pytest.mark.parametrize("key", [C2SP_KEY, GO_KEY, KEY.verifier.text])
def test_a_damaged_verifier_key_is_refused(key: str) -> None:
    pieces = {key[start:end] for start in range(len(key)) for end in range(start, len(key) + 1)} - {key}
    changed = {key[:place] + chr(ord(key[place]) + 1) + key[place + 1 :] for place in range(len(key))}
    for wrong in pieces | changed:
        with pytest.raises(BadKey):
            VerifierKey.parse(wrong)


def test_a_damaged_signing_key_is_refused_without_repeating_it() -> None:
    secret = KEY.text
    for place in range(len(secret)):
        for wrong in (secret[:place], secret[:place] + chr(ord(secret[place]) + 1) + secret[place + 1 :]):
            with pytest.raises(BadKey) as caught:
                SigningKey.parse(wrong)
            assert secret[-12:] not in str(caught.value)
    assert KEY.seed.hex() not in repr(KEY)
    assert repr(KEY.seed) not in repr(KEY)


@pytest.mark.parametrize(
    "wrong",
    [
        # A key of the wrong length and one of a type unknown, each with an id to match (Go's own tests).
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ],
)
def test_keys_of_other_kinds_are_refused(wrong: str) -> None:
    with pytest.raises(BadKey, match="not one of Ed25519"):
        VerifierKey.parse(wrong)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "a\u2003b", "a\x00", "x" * 201])
def test_a_name_that_cannot_stand_in_a_note_gets_no_key(name: str) -> None:
    with pytest.raises(BadKey, match="log's name"):
        new_signing_key(name)
