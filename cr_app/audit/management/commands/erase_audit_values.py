"""Erases personal values from the audit trail, of records or before a day; the trail goes on to verify."""

import re
import sys
from argparse import ArgumentParser
from datetime import date, datetime, time
from typing import Any, NoReturn

from django.core.management.base import BaseCommand
from django.db import Error, connections
from django.utils import timezone

from cr_app.audit.erasing import ALIAS, CannotErase, copies_of, count, erase, unknown
from cr_app.audit.management.asking import ASKED_BY, Unusable, case_subject, one_line
from cr_app.audit.trail import NotRecordable, system_actor

_SUBJECT = re.compile(r"[a-z_]{1,20}:[A-Za-z0-9._-]{1,59}")


class Command(BaseCommand):
    """What is erased cannot be brought back, so it asks first; exit status 0, or 2 with a sentence."""

    help = (
        "Erase personal values (answers, names, reasons, recipients) from the audit trail. They cannot be brought back."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whose values, and why."""
        parser.add_argument("--case", action="append", default=[], metavar="REFERENCE", help="a case; may be repeated")
        parser.add_argument(
            "--subject", action="append", default=[], metavar="KIND:KEY", help="another record, such as officer:12"
        )
        parser.add_argument(
            "--before", default="", metavar="DATE", help="all that was before this day, such as 2020-01-01"
        )
        parser.add_argument("--reason", required=True, help="why; it is kept in the trail, so it names nobody")
        parser.add_argument("--by", required=True, metavar="WHO", help=ASKED_BY)
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask, erase, and say how many values there were; anything wrong is one sentence and exit status 2."""
        try:
            self._erase(options)
        except (CannotErase, NotRecordable, Unusable) as error:
            self._refuse(str(error))
        except KeyboardInterrupt:
            self._refuse("Interrupted. What was erased before is recorded; run the command again for the rest.")
        except Error as error:
            self._refuse(
                f"The database does not do what is asked of it ({type(error).__name__}). "
                "What was erased before is recorded; run the command again for the rest."
            )

    def _erase(self, options: dict[str, Any]) -> None:
        subjects = [*map(case_subject, options["case"]), *options["subject"]]
        if not all(map(_SUBJECT.fullmatch, subjects)):
            raise Unusable("A record that is no case is named as kind:key, such as officer:P241775.")
        reason, asked_by = one_line("the reason", options["reason"]), one_line("who asks", options["by"])
        before = _midnight(options["before"]) if options["before"] else None
        if nowhere := unknown(subjects) if ALIAS in connections else []:
            raise CannotErase(f"Nothing in the trail is about {', '.join(map(_called, nowhere))}: nothing was erased.")
        if not options["yes"]:
            self._ask(subjects, before)
        by = system_actor("erase_audit_values")
        values = erase(subjects=subjects, before=before, reason=reason, by=by, asked_by=asked_by)
        self.stdout.write(f"Erased {values} personal values." if values else "There was nothing to erase.")
        if subjects:
            self._tell_of_copies(subjects)

    def _tell_of_copies(self, subjects: list[str]) -> None:
        """Say what is still there of these records, for whoever thinks that all of it is gone."""
        if copies := copies_of(subjects):
            self.stdout.write(
                f"Cases started from what is erased keep copies: {', '.join(map(_called, copies))}. Erase those too."
            )
        self.stdout.write(
            "Not reached: words searched for, reasons of looks at several records, exports, backups, and the case itself."
        )

    def _ask(self, subjects: list[str], before: datetime | None) -> None:
        """Raise CannotErase unless somebody at a terminal says so."""
        if not sys.stdin.isatty():
            raise CannotErase("Nobody is there to be asked: say --yes if the values are to be erased for good.")
        values = count(subjects=subjects, before=before) if subjects or before else 0
        self.stdout.write(f"{values} personal values will be erased, and cannot be brought back.")
        try:
            answer = input("Type erase to go on: ")
        except (EOFError, KeyboardInterrupt):
            answer = ""
        if answer.strip() != "erase":
            raise CannotErase("Nothing was erased.")

    def _refuse(self, sentence: str) -> NoReturn:
        self.stderr.write(sentence)
        sys.exit(2)


def _called(subject: str) -> str:
    return subject.removeprefix("case:")


def _midnight(text: str) -> datetime:
    try:
        return timezone.make_aware(datetime.combine(date.fromisoformat(text), time.min))
    except (ValueError, OverflowError):
        raise CannotErase(f"{text} is no day: write it as 2020-01-31.") from None
