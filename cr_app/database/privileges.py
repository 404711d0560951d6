"""Reads from PostgreSQL's catalogue what a role may do, and says what is more or less than the list of grants."""

from collections import defaultdict
from collections.abc import Mapping
from typing import TypeAlias

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from cr_app.database.grants import ON_SEQUENCES, granted_on

Grants: TypeAlias = Mapping[str, frozenset[str]]

POWERS = """
    SELECT power FROM pg_roles CROSS JOIN LATERAL (VALUES
        (rolcreatedb, 'may create databases'),
        (rolcreaterole, 'may create roles'),
        (rolreplication, 'may replicate the whole server'),
        (rolbypassrls, 'may pass by row security')
    ) AS powers (has, power)
    WHERE rolname = current_user AND has
"""
MEMBERSHIPS = """
    SELECT 'is a member of ' || rolname FROM pg_roles
    WHERE rolname <> current_user AND pg_has_role(oid, 'MEMBER') ORDER BY rolname
"""
OWNED = r"""
    SELECT 'owns the database ' || datname FROM pg_database
        WHERE datname = current_database() AND pg_get_userbyid(datdba) = current_user
    UNION ALL
    SELECT 'owns the schema ' || nspname FROM pg_namespace
        WHERE nspname NOT LIKE 'pg\_%' AND pg_get_userbyid(nspowner) = current_user
    UNION ALL
    SELECT 'owns the relation ' || c.oid::regclass FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
        WHERE nspname NOT LIKE 'pg\_%' AND pg_get_userbyid(relowner) = current_user
    UNION ALL
    SELECT 'owns the function ' || p.oid::regproc FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace
        WHERE nspname NOT LIKE 'pg\_%' AND pg_get_userbyid(proowner) = current_user
"""
BEYOND_TABLES = r"""
    SELECT 'may create schemas' WHERE has_database_privilege(current_database(), 'CREATE')
    UNION ALL
    SELECT 'may create in the schema ' || nspname FROM pg_namespace
        WHERE nspname NOT LIKE 'pg\_%' AND has_schema_privilege(oid, 'CREATE')
    UNION ALL
    SELECT 'may switch triggers off' WHERE has_parameter_privilege('session_replication_role', 'SET')
"""
# Column privileges count as the table's. MAINTAIN came with PostgreSQL 17.
TABLES = r"""
    SELECT CASE nspname WHEN 'public' THEN relname ELSE nspname || '.' || relname END, privilege,
        has_table_privilege(c.oid, privilege) OR (is_for_columns AND has_any_column_privilege(c.oid, privilege))
    FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
    CROSS JOIN (
        SELECT privilege, true FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) AS privilege
        UNION ALL SELECT privilege, false FROM unnest(ARRAY['DELETE', 'TRUNCATE', 'TRIGGER']) AS privilege
        UNION ALL SELECT 'MAINTAIN', false WHERE current_setting('server_version_num')::integer >= 170000
    ) AS privileges (privilege, is_for_columns)
    WHERE nspname NOT LIKE 'pg\_%' AND nspname <> 'information_schema' AND relkind IN ('r', 'p', 'v', 'm', 'f')
    ORDER BY 1, 2
"""
SEQUENCES = r"""
    SELECT c.oid::regclass::text, privilege, has_sequence_privilege(c.oid, privilege)
    FROM (SELECT pg_class.* FROM pg_class WHERE relkind = 'S' OFFSET 0) c JOIN pg_namespace n ON n.oid = relnamespace
    CROSS JOIN unnest(ARRAY['SELECT', 'USAGE', 'UPDATE']) AS privilege
    WHERE nspname NOT LIKE 'pg\_%' ORDER BY 1, 2
"""


def table_privileges(cursor: CursorWrapper) -> dict[str, set[str]]:
    """Return what the connected role may do on each table and view, by whatever way it came to it."""
    return _held(cursor, TABLES)


def excess_privileges(connection: BaseDatabaseWrapper, grants: Grants | None = None) -> list[str]:
    """Return a sentence for each thing that the connected role may do and the list of grants does not give it.

    The list is the application's, or the `grants` of a role of commands, which has nothing besides.
    """
    on_sequences = ON_SEQUENCES if grants is None else frozenset()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        role = cursor.fetchone()[0]
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone()[0]:
            return [f"The role {role} is a superuser."]
        excess = []
        for query in (OWNED, POWERS, MEMBERSHIPS, BEYOND_TABLES):
            cursor.execute(query)
            excess += [words for (words,) in cursor.fetchall()]
        for table, held in table_privileges(cursor).items():
            if more := sorted(held - _given(table, grants)):
                excess.append(f"may {', '.join(more)} on {table}")
        for sequence, held in _held(cursor, SEQUENCES).items():
            if more := sorted(held - on_sequences):
                excess.append(f"may {', '.join(more)} on the sequence {sequence}")
    return [f"The role {role} {words}." for words in excess]


def lacking_privileges(connection: BaseDatabaseWrapper, grants: Grants | None = None) -> list[str]:
    """Return a sentence for each right of the list of grants that the connected role does not have on a table; see above."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        role = cursor.fetchone()[0]
        return [
            f"The role {role} may not {', '.join(missing)} on {table}."
            for table, held in table_privileges(cursor).items()
            if (missing := sorted(_given(table, grants) - held))
        ]


def _given(table: str, grants: Grants | None) -> frozenset[str]:
    return granted_on(table) if grants is None else grants.get(table, frozenset())


def _held(cursor: CursorWrapper, query: str) -> dict[str, set[str]]:
    held: dict[str, set[str]] = defaultdict(set)
    cursor.execute(query)
    for name, privilege, is_held in cursor.fetchall():
        held[name] |= {privilege} if is_held else set()
    return dict(held)
