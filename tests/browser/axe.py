"""Has axe look at pages: at each kind of them once in a run of the tests, whichever process meets it first."""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

_SOURCE = Path(__file__).with_name("axe.min.js")
# What WCAG 2.2 AA asks, and what axe counts as good practice.
_RUN = "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"


@cache
def _source() -> str:
    return _SOURCE.read_text()


class Axe:
    """Knows which kinds of pages were looked at, by a folder that all processes of a run share."""

    def __init__(self, folder: Path) -> None:
        """Keep the folder."""
        self._folder = folder

    def is_new(self, *kind: str) -> bool:
        """Take note of a kind; tells whether it was met for the first time, to one process alone."""
        try:
            (self._folder / sha256("\n".join(kind).encode()).hexdigest()).touch(exist_ok=False)
        except FileExistsError:
            return False
        return True

    def complaints(self, page: Page) -> list[str]:
        """Return what axe finds wrong with a page as it stands."""
        if not page.evaluate("() => 'axe' in window"):
            page.evaluate(_source())
        found: list[dict[str, Any]] = page.evaluate(_RUN)
        return [f"{each['id']}: {each['help']}: {[node['html'] for node in each['nodes']][:3]}" for each in found]
