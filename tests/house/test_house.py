"""The house keeps its own rules: floors, sizes, docs that say what is there, nothing left open."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 400
VENDORED = ("static/vendor/", "tests/browser/axe", "tests/pages/fixtures/")


def tracked(*suffixes: str) -> list[Path]:
    """Return the files of the project with these endings, as git knows them or, without git, as they lie."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    kept = [name for name in listed if name.endswith(suffixes) and not name.startswith(VENDORED)]
    return [ROOT / name for name in kept if (ROOT / name).is_file()]


def test_every_import_contract_is_kept() -> None:
    run = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports")], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout


def test_no_contract_ignores_an_import() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = settings["tool"]["importlinter"]["contracts"]
    assert len(contracts) >= 9
    assert not [contract["name"] for contract in contracts if contract.get("ignore_imports")]


def test_no_file_is_longer_than_it_should_be() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in tracked(".py", ".html", ".css", ".js")
        if (lines := len(path.read_text().splitlines())) > LONGEST
    }
    assert long == {}


def test_every_path_that_the_house_page_names_is_there() -> None:
    page = (ROOT / "docs/house.md").read_text()
    named = re.findall(r"`((?:cr_app|templates|static|tests|docs|benchmarks)/[^`]*)`", page)
    assert len(named) > 10
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_app_is_on_the_house_page() -> None:
    page = (ROOT / "docs/house.md").read_text()
    folders = {path.name for path in (ROOT / "cr_app").iterdir() if (path / "__init__.py").is_file()}
    assert {name for name in folders if f"  {name}/" not in page} == set()


def test_every_module_and_public_function_says_what_it_promises() -> None:
    silent = []
    for path in tracked(".py"):
        relative = path.relative_to(ROOT)
        if relative.parts[0] != "cr_app" or "migrations" in relative.parts:
            continue
        tree = ast.parse(path.read_text())
        if path.name != "__init__.py" or tree.body:
            silent += [str(relative)] if not ast.get_docstring(tree) else []
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                silent += [] if ast.get_docstring(node) else [f"{relative}:{node.name}"]
    assert silent == []


# Written in two parts, so that this file does not find itself.
LEFT_OPEN = re.compile(r"\b(?:TO" + "DO|FIX" + "ME|X" + r"XX\b)\b")


def test_nothing_is_left_open() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked(".py", ".html", ".css", ".js", ".toml", ".md")
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if LEFT_OPEN.search(line)
    ]
    assert found == []


@pytest.mark.parametrize("page", ["house.md", "policy.md", "audit.md", "operations.md"])
def test_the_docs_are_there_and_link_to_what_exists(page: str) -> None:
    text = (ROOT / "docs" / page).read_text()
    links = re.findall(r"\]\((?!https?:)([^)#]+)", text)
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []


def test_every_runtime_library_has_a_decision() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    pages = "\n".join(path.read_text() for path in (ROOT / "docs/decisions").glob("*.md"))
    names = [re.split(r"[\[~=<> ]", each)[0] for each in settings["project"]["dependencies"]]
    assert [name for name in names if name != "Django" and name.lower() not in pages.lower()] == []


def test_templates_hold_no_logic_beyond_choosing_and_repeating() -> None:
    allowed = {
        *("if", "elif", "else", "endif", "for", "empty", "endfor", "include", "extends", "block", "endblock", "load"),
        *("with", "endwith", "url", "static", "csrf_token", "comment", "endcomment", "firstof"),
        *("question", "problems", "only_question", "crispy"),
    }
    used = {
        (tag, str(path.relative_to(ROOT)))
        for path in tracked(".html")
        if path.is_relative_to(ROOT / "templates")
        for tag in re.findall(r"{%-?\s*(\w+)", path.read_text())
    }
    assert {each for each in used if each[0] not in allowed} == set()
