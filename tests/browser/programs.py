"""The programs that the stories need: Chromium, and the server as it is run for officers."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

REPOSITORY = Path(__file__).resolve().parents[2]
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Scripts are compiled and tidied up where they run: threads for it only hand over what both processors do already.
    "--js-flags=--single-threaded",
    # Chromium loads two pages of its own, for its address bar, with each window. The last list of features counts, so
    # those that Playwright switches off are switched off again.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,AvoidUnnecessaryBeforeUnloadCheckSync,"
    "DestroyProfileOnBrowserClose,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,LensOverlay,MediaRouter,PaintHolding,"
    "ThirdPartyStoragePartitioning,OptimizationHints,NetworkTimeServiceQuerying,AimEnabled,PreconnectToSearch",
)
# Static files collected and the cast made, whose passwords cost least to check.
_PREPARE = """
import django
from tests.passwords import cost_least
cost_least()
django.setup()
from django.core.management import call_command
call_command("collectstatic", interactive=False, verbosity=0)
call_command("make_demo_cast", verbosity=0)
"""


@dataclass(frozen=True)
class Server:
    """Where the service answers, the addresses of the database behind it, and what its process was told."""

    address: str
    database_urls: dict[str, str]
    environment: dict[str, str]


def find_chromium() -> str | None:
    """Return the path of the browser of this system, or None: of several the shell without windows, which costs least."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None)


@contextlib.contextmanager
def serve(folder: Path, urls: dict[str, str]) -> Iterator[Server]:
    """Run gunicorn with the project's settings on a database, static files collected and the cast in it."""
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_OWNER_URL"},
        "CR_DATA": str(folder),
        "CR_DEMO": "1",
        "DATABASE_URL": urls["DATABASE_URL"],
        "SECRET_KEY": "a key of the tests that is long enough for a server",
        "DJANGO_SETTINGS_MODULE": "cr_app.settings",
        "PORT": str(_free_port()),
        "WEB_WORKERS": "1",
        "WEB_THREADS": "4",
    }
    subprocess.run([sys.executable, "-c", _PREPARE], cwd=REPOSITORY, env=environment, check=True)
    command = [sys.executable, "-m", "gunicorn", "tests.browser.served"]
    with subprocess.Popen(command, cwd=REPOSITORY, env=environment, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            assert "answers on" in server.stdout.readline(), "The server did not start; its reason stands above."
            # Mail goes there too; nobody reads it, but a full pipe would stop the server.
            Thread(target=server.stdout.read, daemon=True).start()
            yield Server(f"http://127.0.0.1:{environment['PORT']}", urls, environment)
        finally:
            server.terminate()
            server.wait(timeout=20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
