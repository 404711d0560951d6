"""Opening and sending the pages of authority, as a browser without scripts does."""

from typing import Any

from django.test import Client
from django.urls import reverse

from cr_app.accounts.models import Officer
from cr_app.audit.models import Entry
from cr_app.cases.models import StatusChange
from tests.cast import sign_in
from tests.journeys.browsing import Page, open_page, page_of
from tests.pages.markup import Node

WHY = "Asked by telephone to decide on it."
REASONS = "A tool of her trade, never taken out.\nThe advice supports it."


def client_of(officer: Officer) -> Client:
    """Return a browser in which the officer is signed in."""
    return sign_in(Client(), officer)


def path_of(reference: str) -> str:
    """Return the address of the page to decide on."""
    return reverse("authority_review", args=[reference])


def review(client: Client, reference: str) -> Page:
    """Open the page to decide on, giving a reason where one is asked."""
    response = client.get(path_of(reference))
    if response.status_code == 302 and "/why/" in response["Location"]:
        given = client.post(response["Location"], {"reason": WHY})
        assert given["Location"] == path_of(reference)
    return open_page(client, path_of(reference))


def answers(outcome: str, reasons: str = REASONS) -> dict[str, str]:
    """Return a decision as it is filled in."""
    return {"outcome": outcome, "reasons": reasons} | (
        {"declared": "yes"} if outcome in ("granted", "suitable") else {}
    )


def decide(client: Client, page: Page, outcome: str, **changed: str) -> Page:
    """Send a decision from the page as it is; return the answer, followed where it leads on."""
    response: Any = client.post(page.path, page.form | answers(outcome) | changed)
    return open_page(client, response["Location"]) if response.status_code == 302 else page_of(response, page.path)


def box(page: Page) -> Node:
    """Return the part of the page that holds the decision."""
    (found,) = page.tree.find_all(id="decision")
    return found


def refusals(reference: str) -> list[tuple[str, str]]:
    """Return who was refused what on a case."""
    rows = Entry.objects.filter(subject=f"case:{reference}", outcome="refused").order_by("id")
    return [(row.warrant_number, row.details["page"]) for row in rows]


def statuses(reference: str) -> list[str]:
    """Return where a case went, move by move."""
    return list(StatusChange.objects.filter(case__reference=reference).values_list("to_status", flat=True))
