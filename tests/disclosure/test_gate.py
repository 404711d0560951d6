"""Nothing that is not protected gets out of the rooms that count."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from cr_app.disclosure.export.content import content_of
from cr_app.disclosure.export.files import file_of
from cr_app.disclosure.release_text import text_of
from tests.cast import Cast
from tests.disclosure.working import THEFT, THREATS, asked, history, value, worked

ROOT = Path(__file__).parents[2]
APP = ROOT / "cr_app" / "disclosure"
PURE = {
    "asked",
    "tables",
    "row_meanings",
    "notes",
    "release_text",
    "ledger",
    "suppression",
    "import_file",
    "working_days",
}
BELOW = PURE | {"models", "apps", "migrations", "counts", "reports"}


def contract(ending: str) -> dict[str, list[str]]:
    """Return the contract of the build whose name ends so."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (found,) = [each for each in told["tool"]["importlinter"]["contracts"] if each["name"].endswith(ending) and ending]
    return dict(found)


def rooms() -> set[str]:
    """Return every room of the app."""
    return {path.stem for path in APP.iterdir() if not path.name.startswith("_")}


@pytest.mark.parametrize(
    ("ending", "allowed"), [("only reports count", set()), ("only releases read reports", {"releases"})]
)
def test_the_contracts_name_every_room_that_could_pass_counts_on(ending: str, allowed: set[str]) -> None:
    named = {each.removeprefix("cr_app.disclosure.") for each in contract(ending)["source_modules"]}
    assert rooms() - BELOW - allowed - named == set()


def test_pages_and_files_and_whatever_makes_or_lists_them_know_no_withheld_count() -> None:
    told = contract("pages and files take what is released")
    named = {each.removeprefix("cr_app.disclosure.") for each in told["source_modules"]}
    assert rooms() - BELOW - {"releases"} - named == set()
    assert {f"cr_app.disclosure.{each}" for each in ("suppression", "ledger")} <= {*told["forbidden_modules"]}


def test_pages_of_the_desk_fetch_no_record_themselves() -> None:
    told = contract("Pages never fetch a record themselves")
    assert "cr_app.disclosure.views" in told["source_modules"]
    assert "cr_app.disclosure.models" in told["forbidden_modules"]


def test_only_reports_imports_what_counts_and_only_releases_imports_reports() -> None:
    # As text too, whatever the contracts say.
    importing = {
        wanted: {
            path.relative_to(APP).parts[0].removesuffix(".py")
            for path in APP.rglob("*.py")
            if any(line in path.read_text(encoding="utf-8") for line in _lines(wanted))
        }
        for wanted in ("counts", "reports")
    }
    assert importing == {"counts": {"reports"}, "reports": {"releases"}}


def _lines(wanted: str) -> tuple[str, ...]:
    return (
        f"from cr_app.disclosure import {wanted}\n",
        f"from cr_app.disclosure.{wanted} import",
        f"disclosure.{wanted}\n",
    )


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["suppress", "combine", "round"])
def test_no_withheld_count_is_in_what_is_kept_or_handed_out(cast: Cast, method: str) -> None:
    history({("2020-06-01", THEFT): 137, ("2021-06-01", THEFT): 271, ("2020-06-01", THREATS): 3})
    history({("2021-06-01", THREATS): 113})
    draft = worked(asked(method=method))
    hidden = [
        str(count)
        for row, column, count in (
            ("Theft", "2020", 137),
            ("Theft", "2021", 271),
            ("Threats", "2021", 113),
        )
        if row not in draft.table.rows or value(draft, row, column) != count
    ]
    assert hidden
    kept = [text_of({**draft.content, "digest": ""}), json.dumps(draft.for_the_desk()["collisions"])]
    content = content_of(draft.content)
    kept += [file_of(content, form).body.decode().replace(draft.digest, "") for form in ("csv", "txt", "svg")]
    for count in hidden:
        for text in kept:
            assert not re.search(rf"(?<![\d.]){count}(?![\d.])", text), count
