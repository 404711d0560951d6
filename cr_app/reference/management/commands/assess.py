"""Assesses facts under the shipped rulebooks: facts in as JSON, verdict out as JSON, and no database anywhere."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

from django.core.management.base import BaseCommand, CommandParser

from cr_app.policy.facts import BadFacts
from cr_app.policy.interchange import LONGEST_TEXT, answer, error_line
from cr_app.policy.rulebook import Rulebook, rulebook_named
from cr_app.policy.wording import shown

STANDARD_INPUT = "-"
_LONGEST_SKIPPED = 100 * LONGEST_TEXT


class Command(BaseCommand):
    """Exit 0 with a verdict, 2 with one sentence on what is wrong with the facts."""

    help = "Assess the facts of a case: the verdict, a finding for every rule, and what is still missing."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, the rulebook to replay under, and whether each line is a case of its own."""
        parser.add_argument("facts", metavar="FACTS.json", help="a file of facts, or - for standard input")
        parser.add_argument("--rulebook", metavar="NAME", help="replay under this rulebook, such as met/2019-04-29")
        parser.add_argument("--lines", action="store_true", help="one JSON object a line in, one a line out")

    def handle(self, *args: Any, **options: Any) -> None:
        """Answer, or say in one sentence why not."""
        try:
            rulebook = rulebook_named(options["rulebook"]) if options["rulebook"] is not None else None
            with _opened(options["facts"]) as source:
                if options["lines"]:
                    self._each_line(source, rulebook)
                else:
                    self.stdout.write(answer(source.read(LONGEST_TEXT + 1), rulebook))
        except BadFacts as error:
            self._stop(error)
        except BrokenPipeError:
            # Whoever was reading has gone; leave nothing for Python to complain about when it flushes.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise SystemExit(2) from None

    def _each_line(self, source: BinaryIO, rulebook: Rulebook | None) -> None:
        """Answer every line that is not blank; a bad one is answered with its error and does not stop the rest."""
        worst = 0
        for line in _lines(source):
            try:
                self.stdout.write(answer(line.rstrip(b"\r\n"), rulebook))
            except BadFacts as error:
                worst = 2
                self.stdout.write(error_line(error))
        if worst:
            raise SystemExit(worst)

    def _stop(self, error: BadFacts) -> NoReturn:
        self.stderr.write(error.sentence)
        raise SystemExit(2)


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    """Give the bytes of a file or of standard input; BadFacts when they cannot be read."""
    try:
        if name == STANDARD_INPUT:
            yield sys.stdin.buffer
            return
        with Path(name).open("rb") as source:
            yield source
    except BrokenPipeError:
        raise
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else "not a name of a file"
        raise BadFacts(f"The file {shown(name)} cannot be read: {why}.") from None


def _lines(source: BinaryIO) -> Iterator[bytes]:
    """Yield the lines that are not blank; one too long comes cut, just long enough to be refused."""
    while line := source.readline(LONGEST_TEXT + 1):
        skipped = 0
        rest = line
        while len(line) > LONGEST_TEXT and not rest.endswith(b"\n"):
            rest = source.readline(LONGEST_TEXT)
            skipped += len(rest)
            if not rest:
                break
            if skipped > _LONGEST_SKIPPED:
                raise BadFacts(f"A line is longer than {_LONGEST_SKIPPED:,} bytes, so reading stops there.")
        if line.strip():
            yield line
