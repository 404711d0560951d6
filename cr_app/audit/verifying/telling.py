"""Puts problems with rows in the words of whoever is responsible for the trail: which record, what was done, when and by whom.

What a row was is taken from its bytes where they are those that were sealed, else from its columns as they are now.
Details are left out but for a few words: they may name another record.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from cr_app.audit.canonical import JSON, decode
from cr_app.audit.events import actor_in_words, describe
from cr_app.audit.tree import leaf_bytes, leaf_hash
from cr_app.audit.verifying.differing import quoted
from cr_app.audit.verifying.reading import ENTRY, TABLES, Reader
from cr_app.audit.verifying.reports import Kind, Problem, named
from cr_app.audit.verifying.stated import in_words

_OF_ROWS = {Kind.CHANGED, Kind.COLUMNS, Kind.PERSONAL, Kind.GONE, Kind.INSERTED, Kind.ORDER}
_START = datetime(2000, 1, 1, tzinfo=UTC)
_WORDS_OF_DETAILS = ("section", "row", "kind")


@dataclass
class _Row:
    """What a row says that goes into a sentence; `subjects` are the records that it is about."""

    table: str
    subjects: tuple[str, ...]
    at: str
    event: str
    actor_kind: str
    rank: str
    actor_name: str
    warrant_number: str
    outcome: str
    page: str
    details: Mapping[str, object]
    is_sealed: bool

    @property
    def subject(self) -> str:
        """The one record that it is about; nothing where it is about several or none."""
        return self.subjects[0] if len(self.subjects) == 1 else ""


def told(opened: Reader, problems: Iterable[Problem], sealed_at: Callable[[int], datetime | None]) -> Iterator[Problem]:
    """Yield each problem, those with rows in more words; `sealed_at` tells when a place of the log was sealed."""
    problems = list(problems)
    wanted: defaultdict[str, set[int]] = defaultdict(set)
    for each in problems:
        if each.kind in _OF_ROWS and each.table in TABLES and each.row_id is not None:
            wanted[each.table].add(each.row_id)
    rows = {table: _rows(opened, table, sorted(ids)) for table, ids in wanted.items()}
    for each in problems:
        row = rows.get(each.table, {}).get(each.row_id or 0)
        if each.row_id is None or each.row_id not in wanted[each.table]:
            yield each
        elif row is not None:
            yield replace(each, sentence=_sentence(each, _about(row)), subject=row.subject)
        elif each.kind is Kind.GONE and each.index is not None and (at := sealed_at(each.index)):
            yield replace(each, sentence=_sentence(each, f"sealed on {in_words(at)}"))
        else:
            yield each


def _rows(opened: Reader, table: str, ids: list[int]) -> dict[int, _Row]:
    query = 'SELECT row_id, hash FROM audit_leaf WHERE "table" = %s AND row_id = ANY(%s)'
    leaves = dict(opened.rows(query, table, ids))
    wanted = set(ids)
    found = {}
    for row in opened.happenings(table, ids):
        if row[0] in wanted:
            is_sealed = leaf_hash(leaf_bytes(table, row[0], row[1], row[2])) == leaves.get(row[0])
            body = _decoded(row[2]) if is_sealed else None
            found[row[0]] = _of_bytes(table, body) if isinstance(body, dict) else _of_columns(table, row)
    return found


def _decoded(body: bytes) -> JSON:
    try:
        return decode(body)
    except (ValueError, RecursionError):
        return None


def _of_bytes(table: str, body: Mapping[str, JSON]) -> _Row:
    actor, details, subjects = body.get("actor"), body.get("details"), body.get("subjects")
    of_actor = actor if isinstance(actor, dict) else {}
    return _Row(
        table=table,
        subjects=tuple(map(str, subjects)) if isinstance(subjects, list) else _one(str(body.get("subject", ""))),
        at=_time(str(body.get("at", ""))),
        event=str(body.get("event", body.get("kind", ""))),
        actor_kind=str(of_actor.get("kind", "")),
        rank=str(of_actor.get("rank", "")),
        actor_name=str(of_actor.get("name", "")),
        warrant_number=str(of_actor.get("warrant_number", "")),
        outcome=str(body.get("outcome", "")),
        page=str(body.get("page", "")),
        details=details if isinstance(details, dict) else {},
        is_sealed=True,
    )


def _of_columns(table: str, row: tuple[Any, ...]) -> _Row:
    at, kind, _, warrant_number, rank, name, outcome = row[3:10]
    is_entry = table == ENTRY
    try:
        moment = in_words(_START + timedelta(microseconds=at))
    except OverflowError:
        moment = "a time of no calendar"
    return _Row(
        table=table,
        subjects=_one(row[14].decode()) if is_entry else tuple(each.decode() for each in row[14]),
        at=moment,
        event=row[13].decode(),
        actor_kind=kind.decode(),
        rank=rank.decode(),
        actor_name=name.decode(),
        warrant_number=warrant_number.decode(),
        outcome=outcome.decode(),
        page="" if is_entry else row[15].decode(),
        details={},
        is_sealed=False,
    )


def _one(subject: str) -> tuple[str, ...]:
    return (subject,) if subject else ()


def _time(text: str) -> str:
    try:
        return in_words(datetime.fromisoformat(text))
    except ValueError:
        return text


def _about(row: _Row) -> str:
    """Return which record, what was done, when and by whom, as it was sealed or as it stands there now."""
    kind, _, key = row.subject.partition(":")
    record = f"{kind.capitalize()} {key}: " if row.subject else ""
    if row.table == ENTRY:
        details = {name: row.details[name] for name in _WORDS_OF_DETAILS if isinstance(row.details.get(name), str)}
        done = describe(row, details).removesuffix(".")
    else:
        who = actor_in_words(row.actor_kind, row.rank, row.actor_name)
        number = f"{len(row.subjects)} records" if len(row.subjects) > 1 else "it"
        done = f"{who} looked at {number} on the page {quoted(row.page)} ({row.event})"
    warrant_number = f", warrant number {row.warrant_number}" if row.warrant_number else ""
    now = "" if row.is_sealed else "as it now reads, "
    return f"{now}{record}{done}, {row.at}{warrant_number}"


def _sentence(problem: Problem, about: str) -> str:
    """Return what is wrong, and then which row it is; nothing of it ends a line."""
    name = named(problem.table, problem.row_id or 0, problem.index)
    what = problem.sentence.removeprefix(f"{name}: ").removesuffix(".")
    tail = "".join(letter if letter.isprintable() else "?" for letter in about)
    return f"{what[:1].upper()}{what[1:]}. ({tail}; {name[:1].lower()}{name[1:]}.)"
