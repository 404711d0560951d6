"""Makes the demo's officers: every role, two units of the Metropolitan Police, and Kent; some on duty, one away."""

import sys
from datetime import time, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from cr_app.accounts.actions.absences import record_absence
from cr_app.accounts.actions.describing import BadOfficer
from cr_app.accounts.actions.duty import go_on_duty
from cr_app.accounts.actions.officers import NewOfficer, add_officer
from cr_app.accounts.demo_cast import AWAY, CAST, COVERS, DEMO_PASSWORD, ON_DUTY, Member
from cr_app.accounts.models import Officer
from cr_app.accounts.queries import officer_named
from cr_app.audit.trail import system_actor
from cr_app.pages.moments import at_london


class Command(BaseCommand):
    """Idempotent: officers that are here already stay as they are, their passwords too; those on duty go on again."""

    help = "Add the demo officers that are not here yet, and print their sign-ins. Only in the demo."

    def handle(self, *args: Any, **options: Any) -> None:
        """Add them, each with an entry in the trail, and print the table."""
        if not settings.DEMO:
            self.stderr.write(
                "The demo's officers share a printed password, so they are made in the demo only: CR_DEMO=1."
            )
            sys.exit(2)
        try:
            officers = [officer_named(member.warrant_number) or self._add(member) for member in CAST.values()]
        except BadOfficer as error:
            self.stderr.write(str(error))
            sys.exit(2)
        self._put_on_duty()
        self._send_away()
        if options["verbosity"]:
            self._print(officers)

    def _add(self, member: Member) -> Officer:
        return add_officer(
            NewOfficer(
                warrant_number=member.warrant_number,
                email=member.email,
                given_names=member.given_names,
                family_name=member.family_name,
                rank=member.rank,
                force=member.team.force,
                unit=member.team.name,
                area=member.team.area,
                roles=member.roles,
                acting_rank=member.acting_rank,
                acting_from=member.acting_from,
            ),
            password=DEMO_PASSWORD,
            must_change_password=False,
            by=system_actor("make_demo_cast"),
            command="make_demo_cast",
        )

    def _put_on_duty(self) -> None:
        """Have some of the cast take requests until 06:00 tomorrow, where they do not take them now."""
        at = timezone.now()
        until = at_london(timezone.localdate(at) + timedelta(days=1), time(6, 0), what="the time")
        for name in ON_DUTY:
            officer = officer_named(CAST[name].warrant_number)
            if officer is not None and not officer.is_on_duty(at):
                go_on_duty(officer, until=min(until, at + timedelta(hours=24)), at=at)

    def _send_away(self) -> None:
        """Record, once, that one of the cast is away for a week and who covers."""
        officer = officer_named(CAST[AWAY].warrant_number)
        if officer is not None and not officer.absences.exists():
            today = timezone.localdate()
            cover = CAST[COVERS].warrant_number
            record_absence(officer.pk, by=officer, from_on=today, until_on=today + timedelta(days=6), cover=cover)

    def _print(self, officers: list[Officer]) -> None:
        today = timezone.localdate()
        rows = [("Warrant number", "Password", "Name", "Rank", "Force", "Unit", "Roles")]
        for officer in officers:
            roles = ", ".join(role.words for role in sorted(officer.given_roles()))
            rows.append(
                (
                    officer.warrant_number,
                    DEMO_PASSWORD if officer.check_password(DEMO_PASSWORD) else "changed since",
                    officer.name,
                    officer.rank_on(today).words,
                    officer.force_id,
                    officer.unit.name,
                    roles,
                )
            )
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        for row in rows:
            self.stdout.write("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
