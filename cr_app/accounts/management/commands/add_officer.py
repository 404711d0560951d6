"""Adds an officer who can sign in."""

import getpass
import sys
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from cr_app.accounts.actions.describing import BadOfficer
from cr_app.accounts.actions.officers import NewOfficer, add_officer, made_password
from cr_app.accounts.roles import Role
from cr_app.audit.trail import system_actor

# Asked for when the option is left out and somebody is there to answer: option, question.
_ASKED = {
    "warrant_number": "Warrant number",
    "email": "Email address",
    "given_names": "Given names",
    "family_name": "Family name",
    "rank": "Substantive rank, such as Constable",
    "force": "Code of the force, such as 01",
    "unit": "Unit",
}


class Command(BaseCommand):
    """Every mistake is one sentence and exit status 2; nothing is then added."""

    help = "Add an officer. What is left out is asked for; a password that is not given is made and printed once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the officer's particulars."""
        for name, question in _ASKED.items():
            parser.add_argument(f"--{name.replace('_', '-')}", default=None, help=question)
        parser.add_argument("--area", default="", help="Borough, command unit or division of a unit that is new")
        parser.add_argument(
            "--role", action="append", default=[], metavar="ROLE", help=f"May be given again: {', '.join(Role)}"
        )
        parser.add_argument("--acting-rank", default="", help="Rank acted in")
        parser.add_argument("--acting-from", default="", metavar="YYYY-MM-DD", help="First day in the acting rank")
        parser.add_argument("--acting-until", default="", metavar="YYYY-MM-DD", help="Last day in the acting rank")
        passwords = parser.add_mutually_exclusive_group()
        passwords.add_argument("--password-stdin", action="store_true", help="Read the password from standard input")
        passwords.add_argument("--ask-password", action="store_true", help="Ask for the password, unseen")

    def handle(self, *args: Any, **options: Any) -> None:
        """Add the officer, and print the password when it was made here."""
        try:
            password, was_made = self._password(options)
            officer = add_officer(
                self._described(options),
                password=password,
                must_change_password=True,
                by=system_actor("add_officer"),
                command="add_officer",
            )
        except BadOfficer as error:
            self.stderr.write(str(error))
            sys.exit(2)
        self.stdout.write(
            f"{officer.title} of {officer.unit} can sign in with warrant number {officer.warrant_number}."
        )
        if was_made:
            self.stdout.write(f"First password, shown this once: {password}")
        self.stdout.write("The first page after signing in asks for a new password.")

    def _described(self, options: dict[str, Any]) -> NewOfficer:
        given: dict[str, Any] = {name: self._asked(name, options) for name in _ASKED}
        return NewOfficer(
            **given,
            area=options["area"],
            roles=options["role"],
            acting_rank=options["acting_rank"],
            acting_from=_day("--acting-from", options["acting_from"]),
            acting_until=_day("--acting-until", options["acting_until"]),
        )

    def _asked(self, name: str, options: dict[str, Any]) -> str:
        if options[name] is not None:
            return str(options[name])
        if options["password_stdin"] or not sys.stdin.isatty():
            raise BadOfficer(f"Give --{name.replace('_', '-')}: nobody is here to be asked.")
        return input(f"{_ASKED[name]}: ")

    def _password(self, options: dict[str, Any]) -> tuple[str, bool]:
        if options["password_stdin"]:
            return sys.stdin.readline().rstrip("\r\n"), False
        if options["ask_password"]:
            if not sys.stdin.isatty():
                raise BadOfficer("Use --password-stdin: nobody is here to be asked for a password.")
            password = getpass.getpass("Password: ")
            if getpass.getpass("The same again: ") != password:
                raise BadOfficer("The two passwords differ.")
            return password, False
        return made_password(), True


def _day(option: str, text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadOfficer(f"Write {option} as a date such as 2026-11-30.") from None
