"""`run_demo`: everything between a fresh clone and a demo that answers; `make run` calls it."""

import contextlib
import hashlib
import os
import secrets
import socket
import sys
import time
from collections.abc import Iterator
from importlib.metadata import version
from io import StringIO
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from cr_app.database.backend.base import server_of_settings
from cr_app.database.companions import start_companion
from cr_app.database.readiness import missing_migrations
from cr_app.database.router import OWNER_ALIAS

STOPPED_BY_HAND = 130
# What runs beside the service, in the background, and ends with it.
SEALS = "seal_audit_trail"
WATCHES = "watch_trail"
SEALER_ALIAS = "sealer"


class Command(BaseCommand):
    """Prepares database, reference data, demo cast, demo cases and static files, starts what runs beside it, then becomes gunicorn."""

    help = "Prepare the demo, whatever is there already, and serve it on http://127.0.0.1:8000 (PORT takes another)."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how many demo cases there shall be, and whether to stop before serving."""
        parser.add_argument("--cases", type=int, default=40, help="how many demo cases there shall be at least (40)")
        parser.add_argument("--prepare-only", action="store_true", help="prepare everything, but serve nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do each step that is not done yet; Ctrl-C ends it without a traceback."""
        if not settings.DEMO:
            raise CommandError("This makes a demo with known passwords: set CR_DEMO=1 if that is what you want.")
        port = _port()
        try:
            if not options["prepare_only"]:
                _refuse_used_port(port)
            sign_ins = self._prepare(options["cases"])
        except KeyboardInterrupt:
            self.stdout.write("Stopped.")
            sys.exit(STOPPED_BY_HAND)
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error
        if sign_ins:
            self.stdout.write(sign_ins)
        if not options["prepare_only"]:
            self._start_companions()
            self.stdout.flush()
            _become_gunicorn(port)

    def _prepare(self, cases: int) -> str:
        """Prepare everything and return the sign-ins to print."""
        _keep_secret_key(settings.CR_DATA)
        with self._step("Starting PostgreSQL" if settings.EMBEDDED else "Connecting to DATABASE_URL"):
            connections["default"].ensure_connection()
        if OWNER_ALIAS in connections or missing_migrations():
            with self._step("Migrating the database"):
                call_command("migrate", verbosity=0, interactive=False)
        known = get_commands()
        said = StringIO()
        if "load_reference" in known:
            with self._step("Loading reference data"):
                call_command("load_reference", verbosity=0, stdout=StringIO())
        if "make_demo_cast" in known:
            with self._step("Making the demo cast"):
                call_command("make_demo_cast", stdout=said)
        # Stopped half-way the last time, the rest is made now.
        if "make_demo_cases" in known and (lacking := cases - apps.get_model("cases", "Case").objects.count()) > 0:
            with self._step(f"Making {lacking} demo cases"):
                call_command("make_demo_cases", cases=lacking, more=True, stdout=StringIO())
        if "make_demo_decisions" in known and cases:
            with self._step("Making demo requests for authority"):
                call_command("make_demo_decisions", stdout=StringIO())
        if "make_demo_follow_ups" in known and cases:
            with self._step("Making demo cases that were followed up"):
                call_command("make_demo_follow_ups", stdout=StringIO())
        if "make_demo_oversight" in known and cases:
            call_command("make_demo_oversight", stdout=StringIO())
        if "make_demo_disclosure" in known and cases:
            with self._step("Making history and requests for statistics"):
                call_command("make_demo_disclosure", stdout=StringIO())
        if "forget_expired" in known:
            call_command("forget_expired", verbosity=0)
        self._collect_static()
        if "make_trail_key" in known:
            call_command("make_trail_key", stdout=StringIO())
        connections.close_all()
        return said.getvalue()

    def _start_companions(self) -> None:
        """Start the commands that run beside the service; they end with it, however it ends."""
        is_sealed = SEALER_ALIAS in connections
        for command in (*([SEALS] if is_sealed else []), WATCHES):
            if command in get_commands():
                start_companion(command)
        if is_sealed:
            self.stdout.write("A sealer seals the trail in the background; if it has to stop, it says why here.")
        else:
            self.stdout.write("The trail is not sealed: DATABASE_SEALER_URL is not set.")

    def _collect_static(self) -> None:
        """Collect, hash and compress static files when one of them changed."""
        stamp = Path(str(settings.STATIC_ROOT)) / ".collected"
        wanted = _static_digest()
        if stamp.is_file() and stamp.read_text() == wanted:
            return
        with self._step("Collecting static files"):
            call_command("collectstatic", interactive=False, clear=True, verbosity=0)
            stamp.write_text(wanted)

    @contextlib.contextmanager
    def _step(self, title: str) -> Iterator[None]:
        """Print what is being done, then how long it took."""
        self.stdout.write(f"{title} … ", ending="")
        self.stdout.flush()
        began = time.monotonic()
        try:
            yield
        except BaseException:
            self.stdout.write("")
            raise
        self.stdout.write(f"{time.monotonic() - began:.1f} s")


def _port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise CommandError(f"PORT is {text!r}: set it to a whole number from 1 to 65535.")
    return int(text)


def _refuse_used_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise CommandError(
                f"Port {port} cannot be used ({os.strerror(error.errno or 0)}): "
                "stop what listens there, or choose another with `make run PORT=8001`."
            ) from error


def _keep_secret_key(folder: Path) -> None:
    """Write the demo's secret key once, for its owner's eyes alone, so that sign-ins outlive a restart."""
    path = folder / "secret-key"
    if os.environ.get("SECRET_KEY") or path.is_file():
        return
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(50))
    unfinished.rename(path)


def _static_digest() -> str:
    """Return what changes when a static file, or the code that prepares them, does."""
    digest = hashlib.sha256(f"{version('Django')} {version('whitenoise')}".encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            digest.update(path.encode() + b"\0" + Path(storage.path(path)).read_bytes() + b"\0")
    return digest.hexdigest()


def _become_gunicorn(port: int) -> None:
    """Replace this process by the production server, which keeps the place among the database's users."""
    if settings.EMBEDDED:
        server_of_settings().hand_over()
    os.environ |= {"PORT": str(port), "BIND": f"127.0.0.1:{port}", "PYTHONUNBUFFERED": "1"}
    os.chdir(settings.BASE_DIR)
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", "cr_app.wsgi"])
