"""The events, their words, and docs/audit.md, which lists them."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cr_app.audit.canonical import FORMAT_VERSION, JSON, digest_of
from cr_app.audit.events import EVENTS, REFUSED_DETAILS, REFUSED_PERSONAL, RESERVED, Event, describe
from tests.audit.test_canonical import ACCESS_HEX, ENTRY_HEX

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs" / "audit.md").read_text(encoding="utf-8")


@dataclass
class AnEntry:
    """An entry that no table holds."""

    event: str
    actor_kind: str = "officer"
    rank: str = "PC"
    actor_name: str = "Amina Khan"
    outcome: str = "done"


def documented(event: Event) -> str:
    """Return the line of the table that tells of an event."""
    carried = ", ".join(f"**{name}**" if name in event.personal else name for name in sorted(event.details))
    return f"| `{event.name}` | {event.words} | {carried or 'nothing'} |"


def test_every_event_is_documented_as_it_is() -> None:
    lines = [line for line in DOCUMENT.splitlines() if re.match(r"\| `[a-z_]+\.[a-z_]+` \|", line)]
    assert lines == [documented(event) for event in EVENTS.values()]


def test_what_every_refusal_carries_is_documented() -> None:
    carried = ", ".join(f"**{name}**" if name in REFUSED_PERSONAL else name for name in sorted(REFUSED_DETAILS))
    assert f"Any event can be refused, and then carries also: {carried}." in DOCUMENT


def test_the_format_in_force_and_its_vectors_are_documented() -> None:
    assert f"Format {FORMAT_VERSION}" in DOCUMENT
    printed = bytes.fromhex(ENTRY_HEX).decode()
    assert printed in re.sub(r"\n", "", DOCUMENT)
    assert ACCESS_HEX


def test_the_check_by_hand_in_the_documentation_works() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", DOCUMENT, flags=re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(code, "docs/audit.md", "exec"), names)  # noqa: S102 - our own page
    salt = bytes(range(32))
    values: list[JSON] = ["Zoë", None, True, 12, ["a", {"b": False, "a": -1}], {}]
    for value in values:
        assert names["digest"](value, salt) == digest_of(value, salt)["sha256"]
    assert names["encode"](names["decode"](bytes.fromhex(ENTRY_HEX))) == bytes.fromhex(ENTRY_HEX)


def test_every_event_and_every_detail_is_written_somewhere() -> None:
    sources = (path for path in (ROOT / "cr_app").rglob("*.py") if path.name != "events.py")
    written = {name for path in sources for name in re.findall(r'"([a-z_.]+)"', path.read_text(encoding="utf-8"))}
    assert set(EVENTS) - written == set()
    details = {name for event in EVENTS.values() for name in event.details}
    assert details - written == set()


@pytest.mark.parametrize("event", EVENTS.values(), ids=lambda event: event.name)
def test_an_event_names_only_what_it_carries(event: Event) -> None:
    assert event.personal <= event.details
    assert not event.details & RESERVED
    assert set(re.findall(r"\{(\w+)\}", event.words)) <= event.details | {"page"}
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in event.details)
    assert len(event.name) <= 40


@pytest.mark.parametrize("event", EVENTS.values(), ids=lambda event: event.name)
@pytest.mark.parametrize("carries", [True, False])
def test_every_event_reads_as_a_sentence_with_and_without_its_details(event: Event, carries: bool) -> None:
    details: dict[str, object] = {name: f"its {name.replace('_', ' ')}" for name in event.details} if carries else {}
    sentence = describe(AnEntry(event.name), details)
    assert sentence.startswith("PC Amina Khan ")
    assert sentence.endswith(".")
    assert not re.search(r"[\[\]{}_]|  ", sentence)


CHANGED = {
    "changes": [
        {"operation": "update", "row": "cases.case", "key": "1", "new": {"place": "a", "starts_at": 1}, "old": {}},
        {"operation": "update", "row": "cases.offender", "key": "2", "new": {"place": "b"}, "old": {}},
        {"operation": "delete", "row": "cases.victim", "key": "3", "new": {}, "old": {"last_names": "x"}},
    ]
}


@pytest.mark.parametrize(
    ("entry", "details", "sentence"),
    [
        (AnEntry("case.answers_saved"), {"section": "Incident"}, "PC Amina Khan saved Incident."),
        (
            AnEntry("case.answers_saved"),
            {"section": "Incident", **CHANGED},
            "PC Amina Khan saved Incident: Place, From, Place of the offender.",
        ),
        (AnEntry("case.row_added"), {"row": "a victim", **CHANGED}, "PC Amina Khan added a victim."),
        (AnEntry("case.submitted"), {"verdict": "available"}, "PC Amina Khan submitted the case: available."),
        (
            AnEntry("case.submitted", outcome="refused"),
            {},
            "PC Amina Khan tried, and was refused: submitted the case.",
        ),
        (AnEntry("access.refused", outcome="refused"), {"page": "case"}, "PC Amina Khan was refused case."),
        (
            AnEntry("action.refused", outcome="refused"),
            {"page": "case_issue"},
            "PC Amina Khan tried what may not be done on case_issue.",
        ),
        (
            AnEntry("case.searched"),
            {"by": "surname", "found": 0},
            "PC Amina Khan searched for cases by surname: 0 found.",
        ),
        (
            AnEntry("officer.sign_in_failed", actor_kind="anonymous", rank="", actor_name="", outcome="refused"),
            {"sign_in_name": {"sha256": "a" * 64}},
            "Somebody not signed in failed to sign in.",
        ),
        (
            AnEntry("reference.loaded", actor_kind="system", rank="", actor_name="load_reference"),
            {"table": "forces", "added": 44, "changed": 0},
            "The system (load_reference) loaded forces: 44 added, 0 changed.",
        ),
        (AnEntry("case.of_the_future"), {}, "PC Amina Khan case.of_the_future."),
    ],
)
def test_sentences(entry: AnEntry, details: dict[str, object], sentence: str) -> None:
    labels = {"place": "Place", "cases.offender.place": "Place of the offender", "starts_at": "From"}
    assert describe(entry, details, labels) == sentence
