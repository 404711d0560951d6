"""Makes, copies and resets the databases of the tests, always as their owner."""

import contextlib
import fcntl
import hashlib
import os
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

import psycopg
from django.conf import settings
from django.core.management import call_command, get_commands
from django.db import connections
from psycopg import sql

from cr_app.database.grants import GRANTS_OF_COMMANDS, application_role, prepare_schema, role_of
from cr_app.database.roles import make_extensions

PREFIX = "test_cr"
# Test processes, of whatever session, build or copy the template one at a time.
TEMPLATE_LOCK = 5_290_418
PATTERNS = (
    "*/migrations/*.py",
    "*/data/**/*",
    "database/**/*.py",
    "**/load_*.py",
    "policy/**/*.toml",
)
PACKAGES = ("Django", "django-allauth", "django-axes")
# Up to this size rows are deleted, which is faster by far than to truncate; beyond it, what deleting leaves adds up.
FEW_BYTES = 1_000_000

ALIASES = {
    "DATABASE_URL": "default",
    "DATABASE_OWNER_URL": "owner",
    "DATABASE_SEALER_URL": "sealer",
    "DATABASE_RETENTION_URL": "retention",
}

Connection = psycopg.Connection[tuple[object, ...]]
_owner: list[Connection] = []


def digest_of_sources() -> str:
    """Return the digest of all that the template is made from."""
    root = Path(__file__).resolve().parent.parent / "cr_app"
    files = {path for pattern in PATTERNS for path in root.glob(pattern) if path.is_file() and path.suffix != ".pyc"}
    digest = hashlib.sha256(" ".join([*(version(name) for name in PACKAGES), *settings.INSTALLED_APPS]).encode())
    for path in sorted(files):
        digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def connect_as_owner(database: str = "") -> Connection:
    """Connect as the owner, outside Django, to `database` or the one that Django's owner alias names."""
    params = connections["owner"].get_connection_params()
    names = {key: params[key] for key in ("host", "port", "user", "password") if params.get(key)}
    address = psycopg.conninfo.make_conninfo("", **names | {"dbname": database or params["dbname"]})
    return psycopg.connect(address, autocommit=True)


@contextlib.contextmanager
def copied(folder: Path, *, anew: bool) -> Iterator[None]:
    """Point every alias at a fresh copy of the template, and drop it afterwards."""
    usual = connections["owner"].settings_dict["NAME"]
    with _slot(folder) as name, contextlib.closing(connect_as_owner()) as server:
        server.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])
        template = _template(server, anew=anew)
        _drop(server, name)
        _run(server, "CREATE DATABASE {} TEMPLATE {}", name, template)
        server.execute("SELECT pg_advisory_unlock(%s)", [TEMPLATE_LOCK])
        _point_at(name)
        with connections["owner"].cursor() as cursor:
            prepare_schema(cursor)
        try:
            yield
        finally:
            while _owner:
                _owner.pop().close()
            _point_at(usual)
            _drop(server, name)


@contextlib.contextmanager
def one_more(folder: Path) -> Iterator[dict[str, str]]:
    """Make one more copy of the template, which no test of this process connects to; yields its addresses.

    For a server that lives longer than a test. It is dropped afterwards, whoever may still be connected.
    """
    with _slot(folder) as name, contextlib.closing(connect_as_owner()) as server:
        server.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])
        template = _template_known(server)
        _drop(server, name)
        _run(server, "CREATE DATABASE {} TEMPLATE {}", name, template)
        server.execute("SELECT pg_advisory_unlock(%s)", [TEMPLATE_LOCK])
        _run(server, "REVOKE ALL ON DATABASE {} FROM PUBLIC", name)
        for role in (application_role(), *map(role_of, GRANTS_OF_COMMANDS)):
            _run(server, "GRANT CONNECT ON DATABASE {} TO {}", name, role)
        try:
            yield {variable: f"{address.rpartition('/')[0]}/{name}" for variable, address in urls().items()}
        finally:
            _run(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def _template_known(server: Connection) -> str:
    """Return the name of the template that `copied` found or made; there is never a second."""
    row = server.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{PREFIX}_template\\_%"]).fetchone()
    assert row
    return str(row[0])


@contextlib.contextmanager
def _slot(folder: Path) -> Iterator[str]:
    """Hold the first database name that no other test process holds."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(100):
        descriptor = os.open(folder / f"{PREFIX}_{number}.lock", os.O_RDWR | os.O_CREAT)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            continue
        try:
            yield f"{PREFIX}_{number}"
        finally:
            os.close(descriptor)
        return
    raise RuntimeError("A hundred test processes run already.")


def _template(server: Connection, *, anew: bool) -> str:
    """Return the name of the template for the present sources, making it when it is not there."""
    name = f"{PREFIX}_template_{digest_of_sources()}"
    rows = server.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{PREFIX}_template%"])
    known = [str(row[0]) for row in rows]
    if name in known and not anew:
        return name
    unfinished = f"{PREFIX}_template"
    for old in {*known, unfinished}:
        _drop(server, old)
    _run(server, "CREATE DATABASE {} TEMPLATE template0", unfinished)
    with contextlib.closing(connect_as_owner(unfinished)) as database:
        make_extensions(database)
    _point_at(unfinished)
    call_command("migrate", verbosity=0, interactive=False)
    if "load_reference" in get_commands():
        call_command("load_reference", verbosity=0)
    connections.close_all()
    with contextlib.closing(connect_as_owner(unfinished)) as database:
        _keep_loaded_rows(database)
    _run(server, "ALTER DATABASE {} RENAME TO {}", unfinished, name)
    return name


def _keep_loaded_rows(database: Connection) -> None:
    """Keep a copy of every row there is, so that a reset needs no command to load it again."""
    database.execute("CREATE SCHEMA pristine")
    for table in _tables(database):
        if _fetch(database, "SELECT EXISTS (SELECT FROM {})", table):
            columns = _columns(database, table)
            statement = sql.SQL("CREATE TABLE pristine.{0} AS SELECT {1} FROM public.{0}")
            database.execute(statement.format(sql.Identifier(table), columns))


def reset() -> None:
    """Bring this process's database back to the template's rows, as a test that committed must.

    Tables that hold what they held at first are left alone.
    """
    database = owner_connection()
    with database.transaction():
        changed = _changed_tables(database)
        are_few = _size(database, changed) <= FEW_BYTES
        if not are_few:
            changed = _with_referring(database, changed)
        disabled = {str(row[0]) for row in database.execute(f"{_GUARDED} AND tgenabled = 'D'")}
        guarded = {str(row[0]) for row in database.execute(_GUARDED)} & changed
        for table in sorted(guarded):
            _run(database, "ALTER TABLE {} DISABLE TRIGGER USER", table)
        if are_few:
            database.execute("SET CONSTRAINTS ALL DEFERRED")
            for table in sorted(changed):
                _run(database, "DELETE FROM {}", table)
        else:
            names = sql.SQL(", ").join(sql.Identifier("public", table) for table in sorted(changed))
            database.execute(sql.SQL("TRUNCATE {}").format(names))
        for table in sorted(changed & _loaded_tables(database)):
            columns = _columns(database, table)
            statement = sql.SQL("INSERT INTO public.{0} ({1}) OVERRIDING SYSTEM VALUE SELECT {1} FROM pristine.{0}")
            database.execute(statement.format(sql.Identifier(table), columns))
        # Deferred constraints must have fired before triggers can be switched.
        database.execute("SET CONSTRAINTS ALL IMMEDIATE")
        # Also those that a test switched off and left so.
        for table in sorted(guarded | disabled):
            _run(database, "ALTER TABLE {} ENABLE TRIGGER USER", table)


_GUARDED = (
    "SELECT DISTINCT relname FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid"
    " WHERE NOT tgisinternal AND relnamespace = 'public'::regnamespace"
)


def _changed_tables(database: Connection) -> set[str]:
    """Return the tables whose rows are not those of the template: that hold any, or others than were loaded."""
    loaded = _loaded_tables(database)
    questions = []
    for table in _tables(database):
        has_changed = sql.SQL("EXISTS (SELECT FROM {})").format(sql.Identifier("public", table))
        if table in loaded:
            now, then = (
                sql.SQL("SELECT {} FROM {}").format(_columns(database, table), sql.Identifier(schema, table))
                for schema in ("public", "pristine")
            )
            has_changed = sql.SQL("EXISTS ({0} EXCEPT ALL {1}) OR EXISTS ({1} EXCEPT ALL {0})").format(now, then)
        questions.append(sql.SQL("SELECT {} WHERE {}").format(sql.Literal(table), has_changed))
    return {str(row[0]) for row in database.execute(sql.SQL(" UNION ALL ").join(questions))}


def _with_referring(database: Connection, tables: set[str]) -> set[str]:
    """Return these tables and all that refer to them: PostgreSQL truncates no table without those."""
    references = database.execute(
        "SELECT r.relname, t.relname FROM pg_constraint c JOIN pg_class r ON r.oid = conrelid"
        " JOIN pg_class t ON t.oid = confrelid WHERE contype = 'f' AND c.connamespace = 'public'::regnamespace"
    ).fetchall()
    found, before = set(tables), set[str]()
    while found != before:
        before = set(found)
        found |= {str(referring) for referring, referred in references if referred in before}
    return found


def _size(database: Connection, tables: set[str]) -> int:
    """Return how many bytes these tables take, with what was deleted or rolled back in them."""
    question = (
        "SELECT coalesce(sum(pg_relation_size(quote_ident(name)::regclass)), 0)::bigint FROM unnest(%s::text[]) name"
    )
    row = database.execute(question, [sorted(tables)]).fetchone()
    assert row
    return int(str(row[0]))


def _loaded_tables(database: Connection) -> set[str]:
    rows = database.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'pristine'")
    return {str(row[0]) for row in rows}


def owner_connection() -> Connection:
    """Return this process's connection as owner of its test database."""
    if not _owner or _owner[0].closed:
        _owner[:] = [connect_as_owner()]
        _owner[0].execute("SET lock_timeout = '10s'")
    return _owner[0]


def urls() -> dict[str, str]:
    """Return the addresses of this process's test database, one for each role."""
    said = {}
    for variable, alias in ALIASES.items():
        params = connections[alias].get_connection_params()
        secret = f":{quote(params['password'], safe='')}" if params.get("password") else ""
        address = f"{quote(params['host'], safe='')}:{params['port']}"
        said[variable] = f"postgres://{params['user']}{secret}@{address}/{params['dbname']}"
    return said


def _tables(database: Connection) -> list[str]:
    rows = database.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return sorted({str(row[0]) for row in rows} - {"django_migrations"})


def _columns(database: Connection, table: str) -> sql.Composed:
    """Return the columns that are not computed."""
    rows = database.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = format('public.%%I', %s::text)::regclass"
        " AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
        [table],
    )
    return sql.SQL(", ").join(sql.Identifier(str(row[0])) for row in rows)


def _fetch(database: Connection, statement: str, table: str) -> object:
    row = database.execute(sql.SQL(statement).format(sql.Identifier(table))).fetchone()
    return row[0] if row else None


def _run(database: Connection, statement: str, *names: object) -> None:
    database.execute(sql.SQL(statement).format(*(sql.Identifier(str(name)) for name in names)))


def _drop(server: Connection, name: str) -> None:
    """Drop a database, giving connections of a process that just ended a moment to go."""
    until = time.monotonic() + 10
    while True:
        try:
            return _run(server, "DROP DATABASE IF EXISTS {}", name)
        except psycopg.errors.ObjectInUse:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def _point_at(name: str) -> None:
    """Have every alias, in every thread, connect to database `name`."""
    connections.close_all()
    for alias in ALIASES.values():
        connections[alias].settings_dict["NAME"] = name
