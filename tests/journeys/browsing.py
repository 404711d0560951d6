"""A browser without scripts: opens pages with the test client, fills forms in by name and sends what a browser would."""

from dataclasses import dataclass
from typing import Any

from django.test import Client

from tests.pages.markup import Node, read


@dataclass(frozen=True)
class Page:
    """An answer as a browser holds it."""

    path: str
    status: int
    html: str
    tree: Node

    @property
    def form(self) -> dict[str, str]:
        """Return what the page's main form would send unchanged."""
        (form,) = [
            each
            for each in self.tree.find_all("form")
            if each.attrs.get("method") == "post" and each.attrs.get("action", self.path) in ("", self.path)
        ][:1]
        return fields_of(form)

    @property
    def summary(self) -> list[str]:
        """Return the lines of the error summary."""
        found = self.tree.find_all(class_="govuk-error-summary__list")
        return [line.text() for each in found for line in each.find_all("li")]

    @property
    def summary_targets(self) -> list[str]:
        """Return the ids that the error summary leads to."""
        found = self.tree.find_all(class_="govuk-error-summary__list")
        return [link.attrs["href"].removeprefix("#") for each in found for link in each.find_all("a")]

    @property
    def ids(self) -> set[str]:
        """Return every id on the page."""
        return {node.attrs["id"] for node in self.tree.find_all() if "id" in node.attrs}

    @property
    def errors(self) -> list[str]:
        """Return what is said beside fields."""
        return [node.text().removeprefix("Error: ") for node in self.tree.find_all(class_="govuk-error-message")]


def fields_of(form: Node) -> dict[str, str]:
    """Return the fields of a form and what is in them."""
    found: dict[str, str] = {}
    for node in form.find_all():
        name = node.attrs.get("name", "")
        if not name:
            continue
        if node.tag == "textarea":
            text = "".join(child for child in node.children if isinstance(child, str))
            found[name] = text.removeprefix("\n")
        elif node.tag == "select":
            chosen = [option for option in node.find_all("option") if "selected" in option.attrs]
            found[name] = chosen[0].attrs.get("value", "") if chosen else ""
        elif node.tag == "input" and node.attrs.get("type") in ("radio", "checkbox"):
            if "checked" in node.attrs:
                found[name] = node.attrs["value"]
        elif node.tag == "input":
            found[name] = node.attrs.get("value", "")
    return found


def page_of(response: Any, path: str) -> Page:
    """Return an answer as a browser reads it; markup that is not well nested fails."""
    html = response.content.decode()
    return Page(path, response.status_code, html, read(html))


def open_page(client: Client, path: str) -> Page:
    """Open a page."""
    return page_of(client.get(path), path)


def send(client: Client, path: str, answers: dict[str, str]) -> Any:
    """Open a page, fill in `answers` and send the form as it then stands."""
    return client.post(path, open_page(client, path).form | answers)


def moment(name: str, day: str = "1", month: str = "11", year: str = "2026", time: str = "10:00") -> dict[str, str]:
    """Return the four boxes of a date and time."""
    return {f"{name}_day": day, f"{name}_month": month, f"{name}_year": year, f"{name}_time": time}


def day(name: str, number: str, month: str, year: str) -> dict[str, str]:
    """Return the three boxes of a date."""
    return {f"{name}_day": number, f"{name}_month": month, f"{name}_year": year}
