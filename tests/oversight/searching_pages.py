"""A reviewer at the search of the trail, for tests: what is sent, where it leads, what a page says."""

from typing import Any

from django.test import Client
from django.urls import reverse

from cr_app.accounts.models import Officer
from cr_app.cases.models import Case
from tests.cast import sign_in
from tests.pages.markup import Node, read


def reviewer(officer: Officer) -> Client:
    """Return a browser in which a reviewer is signed in."""
    return sign_in(Client(), officer)


def send(client: Client, what: str = "things", **asked: Any) -> Any:
    """Send the form of the search; a date is "27 3 2026"."""
    data: dict[str, Any] = {"what": what}
    for name, value in asked.items():
        if name in ("since", "until"):
            data |= dict(zip((f"{name}_day", f"{name}_month", f"{name}_year"), value.split(), strict=False))
        else:
            data[name] = value
    return client.post(reverse("trail"), data)


def search(client: Client, what: str = "things", **asked: Any) -> Node:
    """Search, follow to what was found, and return the page."""
    sent = send(client, what, **asked)
    assert sent.status_code == 302, read(sent.content.decode()).text()
    return page_of(client.get(sent["Location"]))


def page_of(response: Any) -> Node:
    """Return a page that was answered with 200."""
    assert response.status_code == 200
    return read(response.content.decode())


def lines(page: Node) -> list[str]:
    """Return the words of each line found."""
    return [" ".join(item.text().split()) for item in page.find_all("li", class_="cr-line")]


def restrict(reference: str) -> Case:
    """Restrict a case, as its referral to professional standards does, and return it."""
    Case.objects.filter(reference=reference).update(is_restricted=True)
    return Case.objects.get(reference=reference)
