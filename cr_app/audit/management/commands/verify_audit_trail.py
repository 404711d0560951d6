"""`verify_audit_trail`: checks the whole trail and says in plain words what holds and what does not."""

import json
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandParser
from django.db import Error

from cr_app.audit.keys import NoKey, verifier_key
from cr_app.audit.verifying import CannotVerify, Report, verify
from cr_app.audit.verifying.stated import in_words, note_in
from cr_app.audit.witness import CannotWitness

DOES_NOT_HOLD = 1
CANNOT = 2


class Command(BaseCommand):
    """Reads and changes nothing: the application's role may run it, while officers work."""

    help = "Check that nobody changed, removed, inserted or reordered anything in the audit trail."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what to check besides, and how to tell."""
        parser.add_argument(
            "--against",
            action="append",
            default=[],
            type=Path,
            metavar="FILE",
            help="a checkpoint that was kept elsewhere, mailed or typed from paper; can be given again",
        )
        parser.add_argument("--cases", action="store_true", help="also replay every case from its entries")
        parser.add_argument(
            "--known-restore",
            action="append",
            default=[],
            type=int,
            metavar="EPOCH",
            help="what the restore that began this epoch lost is told and no problem; can be given again",
        )
        parser.add_argument("--no-witness", action="store_true", help="do without the witness's file")
        parser.add_argument("--json", action="store_true", help="tell in JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify and tell: exit status 0 when all holds, 1 when something does not, 2 when it cannot be checked."""
        shows = self.stderr.isatty() and not options["json"]
        try:
            report = verify(
                witness=None if options["no_witness"] else settings.TRAIL_WITNESS_FILE,
                verifier=verifier_key(),
                against=[_read(path) for path in options["against"]],
                known_restores=options["known_restore"],
                progress=self._show if shows else None,
                cases=options["cases"],
            )
        except (CannotVerify, CannotWitness, NoKey, ImproperlyConfigured) as error:
            self._refuse(str(error))
        except Error as error:
            self._refuse(
                f"The database does not do what is asked of it ({type(error).__name__}): is it there, and migrated?"
            )
        except KeyboardInterrupt:
            self._refuse("Stopped.")
        if shows:
            self.stderr.write("\r\033[K", ending="")
        self.stdout.write(_as_json(report) if options["json"] else "\n".join(_as_words(report)))
        if not report.holds:
            sys.exit(DOES_NOT_HOLD)

    def _show(self, done: int, total: int) -> None:
        self.stderr.write(f"\r\033[KChecked {done:,} of {total:,} rows of the log.", ending="")
        self.stderr.flush()

    def _refuse(self, sentence: str) -> None:
        self.stderr.write(sentence)
        sys.exit(CANNOT)


def _read(path: Path) -> str:
    try:
        return note_in(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        raise CannotVerify(f"The checkpoint in {path} cannot be read.") from None


def _as_words(report: Report) -> list[str]:
    """Return the lines that tell a person what was found."""
    lines = [problem.sentence for problem in report.problems]
    if report.is_cut:
        lines.append(f"And {report.problem_count - len(report.problems):,} more.")
    if report.sealed_at is None:
        lines.append("Nothing is sealed yet: there is no log to hold the trail to.")
    else:
        lines.append(
            f"The log has {report.size:,} rows in epoch {report.epoch}, sealed last on {in_words(report.sealed_at)};"
            f" {report.checkpoints:,} checkpoints, {report.witnessed:,} with the witness. Its root is {report.root.hex()}."
        )
    lines.append(
        f"Checked {report.rows:,} rows and {report.personal:,} personal values; {report.erased:,} are erased or not kept."
    )
    if report.unsealed.oldest_at is not None:
        lines.append(
            f"Not sealed yet, so nobody can tell whether one of them is missing: {report.unsealed.count:,} rows,"
            f" the oldest of {in_words(report.unsealed.oldest_at)}."
        )
    if report.cases is not None:
        lines.append(
            f"Replayed {report.cases:,} cases; {report.erased_in_cases:,} erased values could not be compared."
        )
    lines += report.notices
    found = "one thing" if report.problem_count == 1 else f"{report.problem_count:,} things"
    lines.append("Everything holds." if report.holds else f"The trail does not hold: {found} above.")
    return lines


def _as_json(report: Report) -> str:
    """Return the same for a program."""
    oldest = report.unsealed.oldest_at
    return json.dumps(
        {
            "holds": report.holds,
            "size": report.size,
            "root": report.root.hex(),
            "epoch": report.epoch,
            "sealed_at": report.sealed_at.isoformat() if report.sealed_at else None,
            "checkpoints": report.checkpoints,
            "witnessed": report.witnessed,
            "rows": report.rows,
            "personal": report.personal,
            "erased": report.erased,
            "unsealed": {"count": report.unsealed.count, "oldest_at": oldest.isoformat() if oldest else None},
            "cases": report.cases,
            "erased_in_cases": report.erased_in_cases,
            "notices": report.notices,
            "problem_count": report.problem_count,
            "problems": [
                {
                    "kind": each.kind,
                    "sentence": each.sentence,
                    "table": each.table,
                    "id": each.row_id,
                    "index": each.index,
                    "subject": each.subject,
                }
                for each in report.problems
            ],
        },
        indent=2,
    )
