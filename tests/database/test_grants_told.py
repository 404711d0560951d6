"""The page for administrators grants what the list does: whoever grants by it makes a service that starts."""

import re
from pathlib import Path

from cr_app.database.grants import APPEND, GRANTS, READ

PAGE = (Path(__file__).resolve().parents[2] / "docs/operations.md").read_text()


def told() -> dict[str, set[str]]:
    """Return what the page says of each table that it names."""
    table = PAGE.partition("## Grants")[2].partition("\n## ")[0]
    found: dict[str, set[str]] = {}
    for names, rights in re.findall(r"^\| (.*) \| ([A-Z, ]+) \|$", table, re.MULTILINE):
        for name in re.findall(r"`([a-z_]+)(?:…)?`", names):
            found[name] = set(rights.split(", "))
    return found


def test_the_page_says_of_every_table_on_the_list_what_the_list_says() -> None:
    page = told()
    # Two kinds of tables are told by the beginning of their names.
    begun = {"audit_": APPEND, "authorisations_": APPEND}
    assert {name: page[name] for name in begun} == begun
    wrong = {
        table: rights
        for table, rights in GRANTS.items()
        if page.get(table, next((begun[name] for name in begun if table.startswith(name)), set())) != rights
    }
    assert wrong == {}
    assert page["audit_leaf"] == READ


def test_the_page_names_no_table_that_the_list_does_not_know() -> None:
    assert set(told()) - set(GRANTS) - {"audit_", "authorisations_"} == set()
