"""Makes the demo's cases: invented people and incidents, through the same actions as the pages."""

import sys
import time
from collections import Counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from cr_app.accounts.demo_cast import CAST
from cr_app.accounts.models import Officer
from cr_app.accounts.queries import officer_named
from cr_app.cases.demo.making import DemoCases
from cr_app.cases.queries import count_of_cases, statuses_of


class Command(BaseCommand):
    """Adds nothing where there are cases already, unless --more is said; the same seed makes the same cases."""

    help = "Make invented cases, with their trail. Only in the demo."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how many, from which seed, and whether to add to what is there."""
        parser.add_argument("--cases", type=int, default=40, help="how many (40)")
        parser.add_argument("--seed", type=int, default=1, help="what names, offences and answers are drawn from (1)")
        parser.add_argument("--more", action="store_true", help="add them to the cases that are here already")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make them, and say how many a second and how they stand."""
        if not settings.DEMO:
            self._refuse("Invented cases belong in the demo only: set CR_DEMO=1 if that is what you want.")
        if options["cases"] < 1:
            self._refuse("--cases is how many to make: 1 or more.")
        here = count_of_cases()
        if here and not options["more"]:
            self.stdout.write(f"There are {here} cases here already, so none was made; --more adds to them.")
            return
        self._make(here, options["cases"], DemoCases(self._cast(), seed=options["seed"]))

    def _make(self, first: int, wanted: int, cases: DemoCases) -> None:
        began = time.monotonic()
        references = []
        for number in range(first, first + wanted):
            references.append(cases.make(number))
            self._progress(len(references), wanted)
        seconds = time.monotonic() - began
        standing = Counter(status.label for status in statuses_of(references).values())
        told = ", ".join(f"{count} {status[0].lower()}{status[1:]}" for status, count in standing.most_common())
        self.stdout.write(f"Made {wanted} cases in {seconds:.1f} s, {wanted / seconds:.1f} a second: {told}.")

    def _progress(self, made: int, wanted: int) -> None:
        """Keep one line up to date on a terminal, and write one now and then elsewhere."""
        if self.stdout.isatty():
            self.stdout.write(f"\rMaking demo cases: {made} of {wanted}", ending="\n" if made == wanted else "")
            self.stdout.flush()
        elif made % 500 == 0:
            self.stdout.write(f"Making demo cases: {made} of {wanted}")

    def _cast(self) -> dict[str, Officer]:
        found = {name: officer_named(member.warrant_number) for name, member in CAST.items()}
        if None in found.values():
            self._refuse("The demo's officers are not all here: run manage.py make_demo_cast first.")
        return {name: officer for name, officer in found.items() if officer is not None}

    def _refuse(self, sentence: str) -> None:
        self.stderr.write(sentence)
        sys.exit(2)
