"""`disclose`: a draft of the table that a REQUEST.json asks for, as files; nothing enters the ledger."""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import Error
from django.utils import timezone

from cr_app.disclosure.actions.requests import check_asked
from cr_app.disclosure.asked import Asked, BadRequest, read_asked
from cr_app.disclosure.export.content import BadContent, content_of, read_content
from cr_app.disclosure.export.files import file_of
from cr_app.disclosure.releases import Draft, Earlier, earlier_from, earlier_releases, work_out
from cr_app.pages.moments import counted
from cr_app.pages.refusals import Refusal

# The files that are written, and the form of each.
FILES = {"table.csv": "csv", "table.xlsx": "xlsx", "release.json": "json"}
_LARGEST = 20_000_000


class CannotDisclose(Exception):
    """No draft can be made; the text says why in one sentence."""


class Command(BaseCommand):
    """Works the table out beside the ledger and what --after names, and writes it; anything wrong is one sentence and status 2."""

    help = (
        "Draft the table that REQUEST.json asks for: table.csv, table.xlsx and release.json in DIR. Nothing enters the ledger: "
        "releasing takes two people, each signed in."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the request, where to write, and what else to protect against."""
        parser.add_argument("request", metavar="REQUEST.json")
        parser.add_argument("--out", required=True, metavar="DIR", help="made if it is not there")
        parser.add_argument(
            "--after",
            nargs="+",
            action="extend",
            default=[],
            metavar="release.json",
            help="protect as if these had been released too, besides the ledger",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Draft it; exit with status 2 and one sentence where that cannot be done."""
        try:
            draft = self._drafted(Path(options["request"]), [Path(each) for each in options["after"]])
            written = _write(draft, Path(options["out"]))
        except (CannotDisclose, BadRequest, Refusal) as error:
            self._end(str(error))
        except Error as error:
            self._end(f"The database does not do what is asked of it ({type(error).__name__}).")
        else:
            withheld = counted(len(draft.table.withheld), "value")
            self.stdout.write(
                f"Drafted {', '.join(map(str, written))}: {withheld} withheld. Nothing is released by this."
            )

    def _drafted(self, request: Path, after: Sequence[Path]) -> Draft:
        asked = check_asked(read_asked(_text_of(request)), on=timezone.localdate())
        ledger = earlier_releases(asked.force)
        named = [*_told(after, asked, known=ledger)]
        return work_out(asked, extracted_at=timezone.now(), earlier=[*ledger, *named])

    def _end(self, sentence: str) -> None:
        self.stderr.write(sentence)
        sys.exit(2)


def _told(paths: Iterable[Path], asked: Asked, *, known: Sequence[Earlier]) -> Iterable[Earlier]:
    """Yield the tables that --after names, but for those of the ledger; raises CannotDisclose for what is none."""
    of_ledger = {each.number: each for each in known}
    for path in paths:
        try:
            content = read_content(_text_of(path))
            number = (
                content.number if content.number is not None and content.number not in of_ledger else str(path.name)
            )
            earlier = earlier_from(content.told, name=number)
        except (BadContent, BadRequest, ValueError) as error:
            raise CannotDisclose(f"{path} is no release.json: {error}") from error
        if earlier.asked.force != asked.force:
            raise CannotDisclose(
                f"{path} is of force {earlier.asked.force}, and the request is of force {asked.force}."
            )
        same = of_ledger.get(content.number or 0)
        if same is None or (same.asked, same.table, same.extracted_at) != (
            earlier.asked,
            earlier.table,
            earlier.extracted_at,
        ):
            yield earlier


def _text_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            found = file.read(_LARGEST + 1)
        if len(found) > _LARGEST:
            raise CannotDisclose(f"{path} is too large: a request or a release has at most {_LARGEST:,} bytes.")
        return found.decode()
    except OSError as error:
        raise CannotDisclose(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise CannotDisclose(f"{path} is not text in UTF-8.") from error


def _write(draft: Draft, folder: Path) -> list[Path]:
    """Write the files, whole or not at all each; return where they are."""
    content, written = content_of(draft.content), []
    bodies = {name: file_of(content, form).body for name, form in FILES.items()}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, body in bodies.items():
            path = folder / name
            unfinished = path.with_name(f".{name}.part")
            unfinished.write_bytes(body)
            unfinished.replace(path)
            written.append(path)
    except OSError as error:
        raise CannotDisclose(f"{folder} cannot be written to: {error.strerror}.") from error
    return written
