"""The four roles of the service, as SQL: for the embedded server and for an operator (docs/operations.md)."""

from psycopg import Connection, sql

OWNER = "cr_owner"
APPLICATION = "cr_app"
# Seals the trail, and does nothing else.
SEALER = "cr_sealer"
# Erases personal values from the trail, and does nothing else.
RETENTION = "cr_retention"
DATABASE = "cr"
EXTENSIONS = ("btree_gist", "fuzzystrmatch", "pg_trgm", "unaccent")
# A request that waits longer than this is better told so: see docs/operations.md for long commands.
LIMITS = {"statement_timeout": "5s", "lock_timeout": "2s", "idle_in_transaction_session_timeout": "10s"}
# Roles that only ever run a command of their own.
OF_COMMANDS = (SEALER, RETENTION)

_NO_RIGHTS = "NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS"


def operator_sql() -> str:
    """Return the statements for psql that a database administrator runs once, before the first `migrate`."""
    limits = [f"ALTER ROLE {APPLICATION} SET {name} = '{value}';" for name, value in LIMITS.items()]
    extensions = [f"CREATE EXTENSION IF NOT EXISTS {name};" for name in EXTENSIONS]
    return "\n".join(
        [
            f"CREATE ROLE {OWNER} LOGIN {_NO_RIGHTS} NOCREATEDB;",
            f"CREATE ROLE {APPLICATION} LOGIN {_NO_RIGHTS} NOCREATEDB;",
            *(f"CREATE ROLE {name} LOGIN {_NO_RIGHTS} NOCREATEDB;" for name in OF_COMMANDS),
            *(f"\\password {name}" for name in (OWNER, APPLICATION, *OF_COMMANDS)),
            *limits,
            f"CREATE DATABASE {DATABASE} OWNER {OWNER} ENCODING 'UTF8' TEMPLATE template0;",
            f"\\connect {DATABASE}",
            *extensions,
        ]
    )


def make_roles(server: "Connection[tuple[object, ...]]") -> None:
    """Make the roles and the database on an embedded server, as its superuser; what is there already is set right.

    Its owner may also create databases, which the tests need and production does not.
    """
    for name, right in ((OWNER, "CREATEDB"), *((each, "NOCREATEDB") for each in (APPLICATION, *OF_COMMANDS))):
        known = server.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
        verb = sql.SQL("ALTER" if known else "CREATE")
        rights = sql.SQL(f"LOGIN {_NO_RIGHTS} {right}")
        server.execute(sql.SQL("{} ROLE {} {}").format(verb, sql.Identifier(name), rights))
    for name, value in LIMITS.items():
        statement = sql.SQL("ALTER ROLE {} SET {} = {}")
        server.execute(statement.format(sql.Identifier(APPLICATION), sql.Identifier(name), sql.Literal(value)))
    if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
        server.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER)))


def make_extensions(database: "Connection[tuple[object, ...]]") -> None:
    """Make the extensions in one database; all are trusted, so its owner may do so too."""
    for name in EXTENSIONS:
        database.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(name)))
