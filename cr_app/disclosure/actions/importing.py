"""Imports a file of closed cases in whole chunks; nothing of it is counted until the last one, and a run that ends goes on."""

import base64
import csv
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import TypeVar

from django.db import OperationalError, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from cr_app.audit import trail
from cr_app.audit.trail import Actor
from cr_app.database.patience import patiently, took_too_long
from cr_app.disclosure.actions import imported_rows as rows
from cr_app.disclosure.actions.numbers import lock_numbers
from cr_app.disclosure.import_file import (
    PLAIN,
    BadFile,
    FurtherOffence,
    Known,
    NewCase,
    Reader,
    Rejected,
    Row,
    Sorter,
    Source,
    Translation,
    read_mapping,
    read_source,
)
from cr_app.disclosure.models import ImportBatch, ImportReject
from cr_app.reference.models import Ethnicity, Force, OffenceType

EVENT = "cases.imported"
_SALT_BYTES = 32
CHUNK = 5000
LONGEST = "120s"
Progress = Callable[[int, int], None]
Item = TypeVar("Item")
# Clocks of two machines that import may differ by as much.
_SKEW = timedelta(hours=1)
_ANOTHER = "Another import is running: try again when it has ended."


@dataclass(frozen=True)
class Imported:
    """What became of a file; `was_there` where it had been imported before, `after` the line that an earlier run got to."""

    pk: int
    cases: int
    offences: int
    rejected: int
    completed_at: datetime
    was_there: bool
    after: int
    rejects: Path


@dataclass(frozen=True)
class _Work:
    """One run: the batch, the file and what reads it."""

    batch: int
    source: Source
    reader: Reader
    sorter: Sorter


def import_cases(
    path: Path, mapping: Path | None, *, by: Actor, progress: Progress, chunk: int = CHUNK, asked_by: str = ""
) -> Imported:
    """Import the closed cases of a file, going on where a run that was cut short had got to.

    Rejected lines are written beside the file; the same file with the same mapping is imported once. `asked_by` is whoever had
    a command do it, for the trail. Raises BadFile with one sentence for what cannot be imported.
    """
    translation = _mapping_of(mapping) if mapping else PLAIN
    source = read_source(path, translation)
    rejects = path.with_suffix(".rejects.csv")
    batch = _begin(source, translation)
    after = batch.lines_done
    if batch.completed_at is None:
        work = _work_of(batch, source, translation)
        done = max(after, 1)
        progress(done, source.lines)
        for lines in _chunks(source.after(done), chunk):
            _import_chunk(work, lines, done=batch.lines_done, waits=batch.lines_done > after)
            batch.lines_done = lines[-1][0]
            progress(batch.lines_done, source.lines)
        _write_rejects(batch.pk, rejects)
        _complete(batch.pk, by=by, asked_by=asked_by)
        batch.refresh_from_db()
        return _imported(batch, rejects, after=after, was_there=False)
    if batch.rejected and not rejects.exists():
        # Whoever lost the list has it again.
        _write_rejects(batch.pk, rejects)
    return _imported(batch, rejects, after=after, was_there=True)


def _imported(batch: ImportBatch, rejects: Path, *, after: int, was_there: bool) -> Imported:
    if batch.completed_at is None:
        raise BadFile(_ANOTHER)
    return Imported(
        pk=batch.pk,
        cases=batch.cases,
        offences=batch.offences,
        rejected=batch.rejected,
        completed_at=batch.completed_at,
        was_there=was_there,
        after=after,
        rejects=rejects,
    )


def _mapping_of(path: Path) -> Translation:
    try:
        return read_mapping(path.read_bytes())
    except OSError as error:
        raise BadFile(f"The mapping {path} cannot be read: {error.strerror or type(error).__name__}.") from None


def _begin(source: Source, translation: Translation) -> ImportBatch:
    """Return the batch of this file, made where there is none."""
    with transaction.atomic():
        batch, _ = ImportBatch.objects.get_or_create(
            digest=source.digest,
            mapping_digest=translation.digest,
            defaults={"started_at": timezone.now(), "salt": secrets.token_bytes(_SALT_BYTES)},
        )
    if batch.completed_at is None:
        _refuse_imported_since(batch)
    return batch


def _work_of(batch: ImportBatch, source: Source, translation: Translation) -> _Work:
    reader = Reader(source.header, translation, _known())
    work = _Work(batch.pk, source, reader, Sorter(reader.say))
    if batch.lines_done:
        _remember_rejected(work, batch.lines_done)
    return work


def _known() -> Known:
    return Known(
        forces=frozenset(Force.objects.values_list("code", flat=True)),
        codes=dict(OffenceType.objects.values_list("code", "added_by_force")),
        ethnicities=frozenset(Ethnicity.objects.exclude(scheme__startswith="IC").values_list("code", flat=True)),
        today=timezone.localdate(),
    )


def _remember_rejected(work: _Work, done: int) -> None:
    """Read again what an earlier run rejected: a case whose first row it was takes no later one."""
    rejected = set(ImportReject.objects.filter(batch=work.batch).values_list("line", flat=True))
    found = []
    for line, text in work.source.after(1):
        if line > done:
            break
        if line in rejected:
            read = work.reader.read(line, text)
            found.append(Rejected(line, "", read.key))
    for some in _chunks(iter(found), CHUNK):
        with transaction.atomic(), connection.cursor() as cursor:
            standing, _ = rows.cases_of(cursor, work.batch, [each.key for each in some if each.key])
        for each in some:
            work.sorter.remember(each, standing)


def _chunks(items: Iterator[Item], size: int) -> Iterator[list[Item]]:
    while some := list(islice(items, size)):
        yield some


def _import_chunk(work: _Work, lines: Sequence[tuple[int, str]], *, done: int, waits: bool) -> None:
    """Import some lines in one transaction; raises BadFile where another run has gone on with this file meanwhile."""
    with patiently(LONGEST) as cursor:
        _take_turn(cursor, waits=waits)
        batch = ImportBatch.objects.select_for_update().get(pk=work.batch)
        if batch.lines_done != done or batch.completed_at is not None:
            raise BadFile(_ANOTHER)
        read = [work.reader.read(line, text) for line, text in lines if text.strip()]
        standing, before = rows.cases_of(cursor, work.batch, {each.key for each in read if each.key})
        keys = iter(rows.new_keys(cursor, len({each.key for each in read if isinstance(each, Row)} - standing.keys())))
        cases, offences, rejected = list[NewCase](), list[FurtherOffence](), list[Rejected]()
        for each in read:
            match work.sorter.sort(each, standing=standing, before=before, next_pk=keys.__next__):
                case NewCase() as made:
                    cases.append(made)
                case FurtherOffence() as offence:
                    offences.append(offence)
                case Rejected() as refused:
                    rejected.append(refused)
        salt = bytes(batch.salt)
        rows.copy_cases(cursor, work.batch, cases, salt=salt)
        rows.copy_offences(cursor, work.batch, offences, salt=salt)
        rows.copy_rejects(cursor, work.batch, rejected)
        batch.lines_done = lines[-1][0]
        batch.cases += len(cases)
        batch.offences += len(cases) + len(offences)
        batch.rejected += len(rejected)
        batch.save(update_fields=["lines_done", "cases", "offences", "rejected"])


def _take_turn(cursor: CursorWrapper, *, waits: bool) -> None:
    """Keep other imports out until this transaction ends; the first chunk of a run does not wait for them, later ones do.

    That no chunk is imported twice rests on the batch's row, not on this: a lock of the session would not survive a pooler.
    """
    if waits:
        try:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('import of closed cases', 0))")
        except OperationalError as error:
            if took_too_long(error):
                raise BadFile(_ANOTHER) from error
            raise
        return
    cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended('import of closed cases', 0))")
    if cursor.fetchone() != (True,):
        raise BadFile(_ANOTHER)


def _write_rejects(batch: int, path: Path) -> None:
    """Write the rejected lines beside the file, whole or not at all."""
    unfinished = path.with_suffix(".unfinished")
    try:
        with unfinished.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("line", "reason"))
            found = ImportReject.objects.filter(batch=batch).order_by("line").values_list("line", "reason")
            writer.writerows(found.iterator(chunk_size=CHUNK))
        unfinished.rename(path)
    except OSError as error:
        raise BadFile(
            f"{path} cannot be written: {error.strerror}. Every line is read, and nothing is counted yet: run this again."
        ) from None
    finally:
        unfinished.unlink(missing_ok=True)


def _refuse_imported_since(batch: ImportBatch) -> None:
    """Refuse a batch with a case that another one completed after this was begun; raises BadFile."""
    others = ImportBatch.objects.filter(completed_at__gte=batch.started_at - _SKEW).exclude(pk=batch.pk)
    if not batch.lines_done or not others.exists():
        return
    with patiently(LONGEST) as cursor:
        number, line = rows.imported_elsewhere(cursor, batch.pk)
    if number:
        raise BadFile(
            f"{number:,} cases of this file were imported with another one after this import was begun, "
            f"the first on line {line:,}: it cannot be completed. Leave them out and import the others as a new file."
        )


def _complete(pk: int, *, by: Actor, asked_by: str) -> None:
    """Close the batch, so that its cases count, and record it with the digest of each row in the order of lines.

    The moment from which they count is taken last, while nothing of their forces is released, and never before what a release
    was extracted at: otherwise that release would have left out what it says it counted.
    """
    with patiently(LONGEST) as cursor:
        _take_turn(cursor, waits=True)
        batch = ImportBatch.objects.select_for_update().get(pk=pk)
        if batch.completed_at is not None:
            return
        _refuse_imported_since(batch)
        digests = rows.digests_of(cursor, pk)
        forces = rows.forces_of(cursor, pk)
        for force in forces:
            lock_numbers(force, "releases")
        batch.completed_at = rows.moment_after_releases(cursor, forces)
        batch.save(update_fields=["completed_at"])
        trail.record(
            EVENT,
            actor=by,
            subject=batch.subject,
            details={
                "cases": batch.cases,
                "offences": batch.offences,
                "rejected": batch.rejected,
                "forces": forces,
                "file_digest": batch.digest,
                "mapping_digest": batch.mapping_digest,
                "row_digests": base64.b64encode(digests).decode(),
                **({"asked_by": asked_by} if asked_by else {}),
            },
            at=batch.completed_at,
        )
