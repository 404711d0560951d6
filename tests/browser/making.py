"""Asks for cases that are made beside the browser, so that a story need not begin with fifteen pages.

The program that makes them (`workshop.py`) runs for itself, as a browser's loop disturbs Django; each question and each
answer is one line of JSON.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.browser.programs import REPOSITORY, Server

_PROGRAM = (
    "import django; from tests.passwords import cost_least; cost_least(); django.setup();"
    " from tests.browser.workshop import answer_all; answer_all()"
)


@dataclass(frozen=True)
class Made:
    """A case that was made: its reference, its crime report and the offender's whole name."""

    reference: str
    crime_report: str
    offender: str

    def address(self, place: str = "") -> str:
        """Return an address of the case."""
        return f"/cases/{self.reference}/{place}"

    @property
    def review(self) -> str:
        """Return the address of the page on which it is decided."""
        return f"/authority/{self.reference}/"


class Maker:
    """Asks the program that makes cases."""

    def __init__(self, program: "subprocess.Popen[str]") -> None:
        """Keep the program."""
        self._program = program

    def submitted(self, officer: str, story: str, *, victim: dict[str, Any] | None = None, **answers: Any) -> Made:
        """Record a story of `tests.make` as this officer of the cast, and submit it; `case__advice="…"` is one answer."""
        told = {key.replace("__", "."): value for key, value in answers.items()}
        return Made(**self._ask("submitted", officer=officer, story=story, victim=victim or {}, answers=told))

    def issued(self, officer: str, story: str, **answers: Any) -> Made:
        """Record a story of `tests.make` as this officer of the cast, submit it and issue it; answers as for `submitted`."""
        made = self.submitted(officer, story, **answers)
        self._ask("issued", reference=made.reference, officer=officer)
        return made

    def begun(self, officer: str, story: str, *, until: str, report: str, **answers: Any) -> str:
        """Start a record and answer its pages until the one of this slug, as for `submitted`; returns its reference."""
        told = {key.replace("__", "."): value for key, value in answers.items()}
        made = self._ask("begun", officer=officer, story=story, until=until, report=report, answers=told)
        return str(made["reference"])

    def gone_on(self, reference: str, officer: str, story: str) -> None:
        """Answer every page of a record that is left, as a story of `tests.make` tells it."""
        self._ask("gone_on", reference=reference, officer=officer, story=story)

    def decided(self, made: Made, officer: str, outcome: str, reasons: str = "Read and considered.") -> None:
        """Decide on it as this officer: grant, refuse, return_with_question, find_suitable or find_unsuitable."""
        self._ask("decided", reference=made.reference, officer=officer, outcome=outcome, reasons=reasons)

    def entry(self, made: Made, officer: str, reference: str) -> None:
        """Record the reference of the entry on the crime report."""
        self._ask("entry", reference=made.reference, officer=officer, entry=reference)

    def interest(self, made: Made, officer: str) -> None:
        """Declare an interest of this officer in it."""
        self._ask("interest", reference=made.reference, officer=officer)

    def closed(self, year: int, code: str, number: int) -> None:
        """Import closed cases of one offence, issued in June of a year."""
        self._ask("closed", year=year, code=code, number=number)

    def signed_in(self, officer: str) -> dict[str, str]:
        """Sign in as this officer of the cast, beside the browser; returns the name and the value of the cookie."""
        return self._ask("signed_in", officer=officer)

    def age_confirmation(self, session: str, *, minutes: int) -> None:
        """Have the password been given so many minutes earlier in a session."""
        self._ask("aged", session=session, minutes=minutes)

    def _ask(self, what: str, **told: Any) -> dict[str, Any]:
        assert self._program.stdin
        assert self._program.stdout
        self._program.stdin.write(json.dumps({"what": what, **told}) + "\n")
        self._program.stdin.flush()
        said = self._program.stdout.readline()
        assert said, f"The program that makes cases ended over {what}; its reason stands above."
        answer: dict[str, Any] = json.loads(said)
        return answer


@contextmanager
def start_maker(server: Server) -> Iterator[Maker]:
    """Run the program beside a server, on its database and as its role."""
    with subprocess.Popen(
        [sys.executable, "-c", _PROGRAM],
        cwd=REPOSITORY,
        env={**server.environment, "DJANGO_SETTINGS_MODULE": "cr_app.settings"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        try:
            yield Maker(program)
        finally:
            program.terminate()
            program.wait(timeout=20)
