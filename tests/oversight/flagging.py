"""Flags of what a test did, and the looks that make them: through the door, refused at it, and in an export."""

import pytest

from cr_app.accounts.models import Officer
from cr_app.audit import following, trail
from cr_app.audit.following import Stretch
from cr_app.audit.models import Access, Entry
from cr_app.cases import access
from cr_app.oversight.actions import flags as actions
from cr_app.oversight.models import Flag, Rule
from cr_app.oversight.queries.flagging import standing_out
from cr_app.pages.refusals import AccessDenied
from tests import make


def everything() -> Stretch:
    """Return all that the test's own transaction holds as one stretch of the log, of which nothing is sealed here."""
    return Stretch(
        done=tuple(following._done(Entry.objects.filter(actor_kind="officer").order_by("id"))),
        looked=tuple(following._looked(Access.objects.filter(actor_kind="officer").order_by("id"))),
        end=1,
    )


def flags() -> dict[str, list[Flag]]:
    """Keep every flag that stands out and return those of each rule."""
    actions._keep(standing_out(everything()))
    found: dict[str, list[Flag]] = {rule: [] for rule in Rule.values}
    for flag in Flag.objects.order_by("pk"):
        found[flag.rule].append(flag)
    return found


def look(officer: Officer, reference: str, page: str = "case") -> None:
    """Open a case through the door, with a reason where one is needed."""
    if access.sight_of(officer, make.read(reference)).needs_reason:
        access.give_reason(officer, reference, reason="A complaint is looked into.", sitting=f"s{officer.pk}")
    access.look(officer, reference, page=page, sitting=f"s{officer.pk}", path="/")


def refused(officer: Officer, reference: str) -> None:
    """Keep that an officer was turned away at the door of a case, as a page does."""
    with pytest.raises(AccessDenied) as turned_away:
        access.look(officer, reference, page="case", sitting="s", path="/")
    assert turned_away.value.subject == f"case:{reference}"
    trail.look(
        actor=officer.as_actor(),
        subjects=[turned_away.value.subject],
        page="case",
        kind="consultation",
        implied=False,
        outcome="refused",
    )


def disclose(officer: Officer, *references: str) -> None:
    """Keep that an officer exported these cases."""
    trail.look(
        actor=officer.as_actor(),
        subjects=[f"case:{reference}" for reference in references],
        page="trail_export",
        kind="disclosure",
        implied=False,
        reason="For the court.",
        recipient="The court",
    )
