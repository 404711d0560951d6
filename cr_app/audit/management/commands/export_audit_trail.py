"""Exports a case or a period of the audit trail into a folder that anyone checks with nothing but Python."""

import secrets
import shutil
import sys
from argparse import ArgumentParser
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand
from django.db import Error, transaction
from django.utils import timezone

from cr_app.audit.exporting import CannotExport, Exported, export_case, export_period, record_export
from cr_app.audit.exporting.files import must_be_new
from cr_app.audit.exporting.withholding import restricted_subjects
from cr_app.audit.management.asking import ASKED_BY, Unusable, case_subject, one_line
from cr_app.audit.trail import system_actor

_NAME = "export_audit_trail"


class Command(BaseCommand):
    """Writes the whole folder or nothing, and never an export without its entry; exit status 0, or 2 with a sentence."""

    help = "Export a case, or a period, of the audit trail with the proof that it is what was sealed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what to export, where to, what for and for whom."""
        parser.add_argument("--case", metavar="REFERENCE", default="", help="the case, such as 7KQM2PXR")
        parser.add_argument(
            "--from", dest="first", metavar="DATE", default="", help="the first day, such as 2026-11-01"
        )
        parser.add_argument("--until", dest="last", metavar="DATE", default="", help="the last day, itself included")
        parser.add_argument("--to", type=Path, required=True, help="a folder that is empty or not there yet")
        parser.add_argument("--purpose", required=True, help="what the export is for; it is kept in the trail")
        parser.add_argument("--recipient", required=True, help="to whom it is given; it is kept in the trail")
        parser.add_argument("--by", required=True, metavar="WHO", help=ASKED_BY)
        parser.add_argument(
            "--personal",
            action="store_true",
            help="give the personal values of a period too; those of a case are always given",
        )
        parser.add_argument(
            "--against", type=Path, help="a checkpoint kept elsewhere, to prove that the log adds to it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Export, record it, and say what stands where; anything wrong is one sentence and exit status 2."""
        to: Path = options["to"].absolute()
        # Nobody finds it under its name before the trail has it.
        draft = to.with_name(f".{to.name}.{secrets.token_hex(4)}.unrecorded")
        restricted = restricted_subjects()
        try:
            must_be_new(to)
            for name in ("purpose", "recipient", "by"):
                options[name] = one_line("who asks" if name == "by" else f"the {name}", options[name])
            exported = self._export(options, draft, restricted)
            with transaction.atomic():
                record_export(
                    exported,
                    actor=system_actor(_NAME),
                    purpose=options["purpose"],
                    recipient=options["recipient"],
                    page=_NAME,
                    asked_by=options["by"],
                )
            draft.rename(to)
        except (CannotExport, Unusable) as error:
            self._refuse(str(error))
        except KeyboardInterrupt:
            self._refuse("Interrupted: nothing was exported.")
        except OSError as error:
            self._refuse(f"{to} cannot be written ({error.strerror}): nothing was exported.")
        except Error as error:
            self._refuse(
                f"The database does not do what is asked of it ({type(error).__name__}): nothing was exported."
            )
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        self.stdout.write(_told(exported, to))
        if not exported.from_on and not restricted.isdisjoint(exported.subjects):
            self.stdout.write("This case is restricted: whoever gets the export reads of it what officers may not.")

    def _export(self, options: dict[str, Any], to: Path, restricted: frozenset[str]) -> Exported:
        against = _text_of(options["against"])
        what, days = options["case"], (options["first"], options["last"])
        if bool(what) == any(days) or (any(days) and not all(days)):
            raise CannotExport("Say what to export: --case, or both --from and --until.")
        given = {name: options[name] for name in ("purpose", "recipient")}
        withhold = restricted.__contains__
        if what:
            return export_case(case_subject(what), to=to, against=against, withhold=withhold, **given)
        first, last = map(_day, days)
        if first > last:
            raise CannotExport("The first day is after the last: turn --from and --until round.")
        return export_period(
            _midnight(first),
            _midnight(last + timedelta(days=1)),
            to=to,
            withhold=withhold,
            with_personal=options["personal"],
            against=against,
            **given,
        )

    def _refuse(self, sentence: str) -> NoReturn:
        self.stderr.write(sentence)
        sys.exit(2)


def _text_of(note: Path | None) -> str:
    try:
        return "" if note is None else note.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise CannotExport(f"The checkpoint {note} cannot be read.") from None


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if not 2000 <= day.year < 3000:
        raise CannotExport(f"{text} is no day of this service: write days as 2026-11-21.")
    return day


def _midnight(day: date) -> datetime:
    """Return the beginning of a day here; a day of 23 or 25 hours ends where the next begins."""
    return timezone.make_aware(datetime.combine(day, time.min))


def _told(exported: Exported, to: Path) -> str:
    lines = [
        f"{exported.rows} rows of {exported.what} are in {to}, proved from a log of {exported.size}.",
        f"Digest of its files, as the trail has it: {exported.digest}",
        "Hand the verifier key over in another way than the export.",
    ]
    if exported.withheld:
        names = "restricted" if exported.from_on else "other"
        lines.append(f"{exported.withheld} rows name {names} records: of those it holds the hash alone.")
    if exported.of_other_times:
        lines.append(
            f"{exported.of_other_times} rows were written for another time, and stand between those of the period."
        )
    if exported.not_sealed:
        lines.append(f"{exported.not_sealed} rows asked for are not sealed yet, and not in it.")
    return "\n".join(lines)
