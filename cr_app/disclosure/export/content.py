"""What a release says, read strictly from release.json: every file and picture is made from this and nothing else.

A draft is the same without a number and a time.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cr_app.disclosure.asked import Asked, BadRequest, asked_from
from cr_app.disclosure.notes import Note, moment_of
from cr_app.disclosure.release_text import digest_of
from cr_app.disclosure.row_meanings import Row, rows_as_json, rows_from_json
from cr_app.disclosure.tables import ReleasedTable, table_of


class BadContent(ValueError):
    """What was given is not the content of a release; its text says in a sentence why."""


@dataclass(frozen=True)
class Protected:
    """By which rule counts are protected, and how well: the narrowest range of a withheld count, None without one."""

    rule: str
    threshold: int
    worst_interval: int | None
    withheld: int


@dataclass(frozen=True)
class Collision:
    """An earlier release that mattered, by its number or its file's name, and what was done about it."""

    release: int | str
    what: str


@dataclass(frozen=True)
class Meaning:
    """What a row counts, in words; `row` the same in codes, and `values` those of the breakdown that it is divided by."""

    label: str
    what: str
    row: Row | None = None
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Content:
    """The content of a release, or of a draft where `number` and `released_at` are None."""

    table: ReleasedTable
    asked: Asked
    part: int
    title: str
    force_name: str
    number: int | None
    released_at: datetime | None
    extracted_at: datetime
    protection: Protected
    collisions: tuple[Collision, ...]
    rows: tuple[Meaning, ...]
    notes: tuple[Note, ...]
    refusal_notice: tuple[str, ...]
    digest: str
    # The very mapping it was read from, for release.json.
    told: Mapping[str, object] = field(repr=False, compare=False)

    @property
    def heading(self) -> str:
        """Return what the table is called: as somebody titled it, or after what it counts."""
        if self.title:
            return self.title
        what = "Community Resolutions" if self.asked.basis == "cases" else "Offences dealt with by Community Resolution"
        years = self.asked.columns()
        return f"{what}, {years[0].label}" + (f" to {years[-1].label}" if len(years) > 1 else "")

    @property
    def row_heading(self) -> str:
        """Return what the labels of the rows are."""
        return {"group": "Offence group", "offence": "Offence type"}.get(self.asked.rows_by, "Category")

    @property
    def desk(self) -> str:
        """Return who answers."""
        return f"Freedom of Information desk, {self.force_name}"

    @property
    def standing(self) -> str:
        """Return which release it is, or that it is none yet."""
        if self.number is None or self.released_at is None:
            return "Draft, not released"
        return f"Release {self.number}, {moment_of(self.released_at)}"

    def about(self) -> tuple[Note, ...]:
        """Return what stands above the notes: what this is, whose, and how it can be checked."""
        return (
            Note("Table", f"{self.asked.reference}, table {self.part}"),
            Note("Release", self.standing),
            Note("Answered by", self.desk),
            Note("Digest (SHA-256)", self.digest),
        )


def read_content(text: str) -> Content:
    """Return the content of a release.json; raises BadContent."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        raise BadContent("It is not JSON.") from None
    return content_of(told)


def content_of(told: object) -> Content:
    """Return the content that a release.json tells; raises BadContent for another key, type or digest than it must have.

    A release is frozen, so one that was made before a key was added is read without it.
    """
    if not isinstance(told, Mapping):
        raise BadContent("It is not an object.")
    if wrong := (set(told) ^ _KEYS) - (_ADDED_LATER - set(told)):
        raise BadContent(f"It has other keys than it must: {', '.join(sorted(map(str, wrong)))}.")
    try:
        content = _content(told)
    except (AttributeError, KeyError, TypeError, BadRequest, ValueError) as error:
        raise BadContent(f"It cannot be understood: {error}") from None
    if {name: value for name, value in _as_told(content).items() if name in told} != told:
        raise BadContent("It says more, or says it otherwise, than a release does.")
    if content.digest != digest_of(told):
        raise BadContent("Its digest is not that of what it says.")
    return content


_KEYS = {
    *(
        "request",
        "part",
        "title",
        "force_name",
        "number",
        "released_at",
        "extracted_at",
        "table",
        "combined",
        "rounded_to",
        "zeros_withheld",
    ),
    *("protection", "collisions", "rows", "notes", "refusal_notice", "digest"),
}
# Keys that not every release has, for it was frozen before them: `table_of` and the like have what they are without.
_ADDED_LATER = frozenset({"zeros_withheld"})


def _content(told: Mapping[str, object]) -> Content:
    table = table_of(told)
    protection, number = told["protection"], told["number"]
    if not isinstance(protection, dict) or (number is None) != (told["released_at"] is None):
        raise BadContent("a release has a number, a time and a rule.")
    return Content(
        table=table,
        asked=asked_from(told["request"]),
        part=_whole(told["part"]),
        title=_text(told["title"]),
        force_name=_text(told["force_name"]),
        number=None if number is None else _whole(number),
        released_at=None if told["released_at"] is None else _moment(told["released_at"]),
        extracted_at=_moment(told["extracted_at"]),
        protection=Protected(
            rule=_text(protection["rule"]),
            threshold=_whole(protection["threshold"]),
            worst_interval=None if protection["worst_interval"] is None else _whole(protection["worst_interval"]),
            withheld=_whole(protection["withheld"]),
        ),
        collisions=tuple(Collision(_name(each["release"]), _text(each["what"])) for each in _list(told["collisions"])),
        rows=tuple(map(_meaning, _list(told["rows"]))),
        notes=tuple(Note(_text(each["about"]), _text(each["text"])) for each in _list(told["notes"])),
        refusal_notice=tuple(_text(each) for each in _list(told["refusal_notice"])),
        digest=_text(told["digest"]),
        told=told,
    )


def _as_told(content: Content) -> dict[str, object]:
    """Return what release.json says of this content: it must be what it was read from."""
    protection = content.protection
    return {
        "request": content.asked.as_json(),
        "part": content.part,
        "title": content.title,
        "force_name": content.force_name,
        "number": content.number,
        "released_at": None if content.released_at is None else content.released_at.isoformat(),
        "extracted_at": content.extracted_at.isoformat(),
        "table": content.table.as_json(),
        "combined": [{"label": each.label, "rows": list(each.rows)} for each in content.table.combined],
        "rounded_to": content.table.rounded_to,
        "zeros_withheld": content.table.zeros_withheld,
        "protection": {
            "rule": protection.rule,
            "threshold": content.asked.threshold,
            "worst_interval": protection.worst_interval,
            "withheld": len(content.table.withheld),
        },
        "collisions": [{"release": each.release, "what": each.what} for each in content.collisions],
        "rows": [_as_meant(each) for each in content.rows],
        "notes": [note.as_json() for note in content.notes],
        "refusal_notice": list(content.refusal_notice),
        "digest": content.digest,
    }


def _meaning(told: dict[str, object]) -> Meaning:
    label, what = _text(told["label"]), _text(told["what"])
    if "counts" not in told:
        return Meaning(label, what)
    (row,), values = rows_from_json([told])
    return Meaning(label, what, row, values)


def _as_meant(meaning: Meaning) -> dict[str, object]:
    told: dict[str, object] = {"label": meaning.label, "what": meaning.what}
    return told if meaning.row is None else {**told, **rows_as_json([meaning.row], meaning.values)[0]}


def _text(found: object) -> str:
    if not isinstance(found, str):
        raise TypeError("a text is missing.")
    return found


def _whole(found: object) -> int:
    if type(found) is not int or found < 0:
        raise TypeError("a whole number is missing.")
    return found


def _name(found: object) -> int | str:
    return found if isinstance(found, str) else _whole(found)


def _list(found: object) -> list[dict[str, object]]:
    if not isinstance(found, list):
        raise TypeError("a list is missing.")
    return found


def _moment(found: object) -> datetime:
    at = datetime.fromisoformat(_text(found))
    if at.tzinfo is None:
        raise ValueError("a moment does not say in which time zone.")
    return at
