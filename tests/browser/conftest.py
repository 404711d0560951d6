"""A server, a browser, and officers sitting in front of it."""

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests import disposable_database
from tests.browser.axe import Axe
from tests.browser.making import Maker, start_maker
from tests.browser.programs import CHROMIUM_FLAGS, Server, find_chromium, serve
from tests.browser.seat import Seat, Way
from tests.database_plugin import DATA


@pytest.fixture(scope="session")
def server(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """gunicorn, as the project configures it, on a database of its own with the demo's officers."""
    with disposable_database.one_more(DATA) as urls, serve(tmp_path_factory.mktemp("server"), urls) as running:
        yield running


@pytest.fixture(scope="session")
def maker(server: Server) -> Iterator[Maker]:
    """Whoever makes cases in the server's database without its pages."""
    with start_maker(server) as started:
        yield started


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> Axe:
    """Whoever looks at each kind of page once, in all processes of a run together."""
    folder = tmp_path_factory.getbasetemp()
    shared = (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / "kinds-of-pages"
    shared.mkdir(exist_ok=True)
    return Axe(shared)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Headless Chromium. It closes when the tests of this folder end, as its event loop would disturb Django's."""
    program = find_chromium()
    if program is None:
        said = "The browser tests need Chromium: install your system's package chromium."
        if os.environ.get("CI") == "true":
            pytest.fail(said)
        pytest.skip(said)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=program, args=list(CHROMIUM_FLAGS))
        yield launched
        launched.close()


@pytest.fixture
def take_seat(
    browser: Browser,
    server: Server,
    axe: Axe,
    maker: Maker,
    record_property: Callable[[str, object], None],
    request: pytest.FixtureRequest,
) -> Iterator[Callable[..., Seat]]:
    """Open a browser of its own for somebody; at the end nothing of it may have complained."""
    seats: list[Seat] = []

    def sit(way: Way = Way.MOUSE, *, width: int = 1280, script: bool = True) -> Seat:
        seats.append(Seat(browser, server.address, axe, maker, way=way, width=width, script=script))
        return seats[-1]

    yield sit
    pages = sum(len(seat.shown) for seat in seats)
    kinds = sum(seat.kinds_checked for seat in seats)
    record_property("count", f"{request.node.name}: {pages} pages shown, {kinds} new kinds of them checked with axe")
    for seat in seats:
        seat.leave()


@pytest.fixture
def amina(take_seat: Callable[..., Seat]) -> Seat:
    """A constable who records, signed in at a desk."""
    return take_seat().come_in("amina")
