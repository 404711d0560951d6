"""Erases personal values from the audit trail, of records or before a day; the trail goes on to verify."""

import re
import sys
from argparse import ArgumentParser
from datetime import date, datetime, time
from typing import Any, NoReturn

from django.core.management.base import BaseCommand
from django.db import Error
from django.utils import timezone

from cr_app.audit.erasing import CannotErase, count, erase
from cr_app.audit.trail import NotRecordable, system_actor

_SUBJECT = re.compile(r"[a-z_]{1,20}:[A-Za-z0-9._-]{1,59}")
_LONGEST = 1000


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
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask, erase, and say how many values there were; anything wrong is one sentence and exit status 2."""
        try:
            self._erase(options)
        except (CannotErase, NotRecordable) as error:
            self._refuse(str(error))
        except Error as error:
            self._refuse(
                f"The database does not do what is asked of it ({type(error).__name__}). "
                "What was erased before is recorded; run the command again for the rest."
            )

    def _erase(self, options: dict[str, Any]) -> None:
        subjects = [f"case:{reference}" for reference in options["case"]] + options["subject"]
        wrong = [subject for subject in subjects if not _SUBJECT.fullmatch(subject)]
        if wrong:
            raise CannotErase("A case is named by its reference, any other record as kind:key, such as officer:12.")
        reason = options["reason"]
        if len(reason) > _LONGEST or not reason.isprintable():
            raise CannotErase(f"Give the reason in one line of up to {_LONGEST} characters.")
        before = _midnight(options["before"]) if options["before"] else None
        if not options["yes"]:
            self._ask(subjects, before)
        values = erase(subjects=subjects, before=before, reason=reason, by=system_actor("erase_audit_values"))
        self.stdout.write(f"Erased {values} personal values." if values else "There was nothing to erase.")

    def _ask(self, subjects: list[str], before: datetime | None) -> None:
        """Raise CannotErase unless somebody at a terminal says so."""
        if not sys.stdin.isatty():
            raise CannotErase("Nobody is there to be asked: say --yes if the values are to be erased for good.")
        values = count(subjects=subjects, before=before) if subjects or before else 0
        self.stdout.write(f"{values} personal values will be erased, and cannot be brought back.")
        if input("Type erase to go on: ").strip() != "erase":
            raise CannotErase("Nothing was erased.")

    def _refuse(self, sentence: str) -> NoReturn:
        self.stderr.write(sentence)
        sys.exit(2)


def _midnight(text: str) -> datetime:
    try:
        return timezone.make_aware(datetime.combine(date.fromisoformat(text), time.min))
    except (ValueError, OverflowError):
        raise CannotErase(f"{text} is no day: write it as 2020-01-31.") from None
