"""What each role may do, table by table: one list, which migrations carry out and `wsgi.py` checks."""

from collections.abc import Mapping

from django.conf import settings
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.utils import CursorWrapper
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.utils import DEFAULT_DB_ALIAS
from psycopg import sql

READ = frozenset({"SELECT"})
APPEND = READ | {"INSERT"}
ORDINARY = APPEND | {"UPDATE", "DELETE"}
ON_SEQUENCES = frozenset({"USAGE", "SELECT"})

# Tables that do not stand here are ordinary. What is written once and never changed can be read and appended to;
# a case and its offender are never deleted; what `migrate` alone writes can be read.
GRANTS: Mapping[str, frozenset[str]] = {
    "accounts_absence": APPEND | {"UPDATE"},
    "audit_access": APPEND,
    "audit_accesspersonal": APPEND,
    "audit_checkpoint": READ,
    "audit_entry": APPEND,
    "audit_entrypersonal": APPEND,
    "audit_leaf": READ,
    "audit_subtree": READ,
    "auth_group": READ,
    "auth_group_permissions": READ,
    "auth_permission": READ,
    "authorisations_decision": APPEND,
    "authorisations_interest": APPEND,
    "authorisations_request": APPEND,
    "cases_actionprogress": APPEND,
    "cases_case": APPEND | {"UPDATE"},
    "cases_contact": APPEND,
    "cases_correction": APPEND,
    "cases_document": APPEND,
    "cases_offender": APPEND | {"UPDATE"},
    "cases_reminder": APPEND,
    "cases_rescission": APPEND,
    "cases_signature": APPEND,
    "cases_signingrefusal": APPEND,
    "cases_snapshot": APPEND,
    "cases_statuschange": APPEND,
    "cases_void": APPEND,
    "disclosure_cellchoice": APPEND,
    "disclosure_importbatch": APPEND | {"UPDATE"},
    "disclosure_importedcase": APPEND,
    "disclosure_importedoffence": APPEND,
    "disclosure_importreject": APPEND,
    "disclosure_informationrequest": APPEND | {"UPDATE"},
    "disclosure_proposal": APPEND,
    "disclosure_publishedtotal": APPEND,
    "disclosure_release": APPEND,
    "disclosure_totalwithdrawal": APPEND,
    "disclosure_workedout": APPEND,
    "django_content_type": READ,
    "django_migrations": READ,
    "oversight_flag": APPEND,
    "oversight_flagreview": APPEND,
    "oversight_flagrun": APPEND,
    "oversight_integritycheck": APPEND | {"UPDATE"},
}
# The roles of commands have these and nothing else, by the alias of their connection.
ERASE = APPEND | {"DELETE"}
GRANTS_OF_COMMANDS: Mapping[str, Mapping[str, frozenset[str]]] = {
    "sealer": {
        "audit_access": READ,
        "audit_checkpoint": APPEND,
        "audit_entry": READ,
        "audit_leaf": APPEND,
        "audit_subtree": APPEND,
    },
    "retention": {
        "audit_access": APPEND,
        "audit_accesspersonal": ERASE,
        "audit_entry": APPEND,
        "audit_entrypersonal": ERASE,
    },
}


def granted_on(table: str) -> frozenset[str]:
    """Return the privileges that the application's role has on `table`; a table of another schema has its name before it."""
    return frozenset() if "." in table else GRANTS.get(table, ORDINARY)


def application_role() -> str:
    """Return the name of the application's role, as DATABASE_URL has it."""
    return str(settings.DATABASES[DEFAULT_DB_ALIAS]["USER"])


def role_of(alias: str) -> str:
    """Return the name of the role of the commands that connect as `alias`."""
    return str(settings.ROLES_OF_COMMANDS[alias])


def missing_roles(cursor: CursorWrapper) -> list[str]:
    """Return the roles that migrations give rights to, and that the server does not know."""
    wanted = [application_role(), *(role_of(alias) for alias in GRANTS_OF_COMMANDS)]
    cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [wanted])
    known = {name for (name,) in cursor.fetchall()}
    return [name for name in wanted if name not in known]


def prepare_schema(cursor: CursorWrapper) -> None:
    """As owner, before migrations: nothing for everybody, and for the application ordinary rights on tables to come."""
    application = sql.Identifier(application_role())
    everyone = sql.SQL(", ").join([application, *(sql.Identifier(role_of(alias)) for alias in GRANTS_OF_COMMANDS)])
    database = sql.Identifier(str(cursor.db.settings_dict["NAME"]))
    privileges = {"TABLES": ORDINARY, "SEQUENCES": ON_SEQUENCES}
    statements = [
        sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database),
        sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, everyone),
        sql.SQL("REVOKE ALL ON SCHEMA public FROM PUBLIC"),
        sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(everyone),
        *(
            sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {} ON {} TO {}").format(
                _words(rights), sql.SQL(kind), application
            )
            for kind, rights in privileges.items()
        ),
    ]
    for statement in statements:
        cursor.execute(statement)


def _words(privileges: frozenset[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.SQL(privilege) for privilege in sorted(privileges))


class HoldTo(Operation):
    """A migration's operation that leaves the application's role `privileges` alone on `table`."""

    reversible = True
    atomic = True

    def __init__(self, table: str, privileges: frozenset[str]) -> None:
        """Name the table and what is left of the ordinary rights on it."""
        self.table = table
        self.privileges = privileges

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change nothing in the models."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Revoke the rest of the ordinary rights."""
        self._run(schema_editor, "REVOKE {} ON {} FROM {}")

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Grant them again."""
        self._run(schema_editor, "GRANT {} ON {} TO {}")

    def _run(self, schema_editor: BaseDatabaseSchemaEditor, statement: str) -> None:
        rest = _words(ORDINARY - self.privileges)
        names = (sql.Identifier(self.table), sql.Identifier(application_role()))
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(sql.SQL(statement).format(rest, *names))

    def describe(self) -> str:
        """Say what the operation does."""
        return f"Leave the application {', '.join(sorted(self.privileges))} alone on {self.table}"


class AppendOnly(HoldTo):
    """A migration's operation: the application may read `table` and add to it, nothing else."""

    def __init__(self, table: str) -> None:
        """Name the table."""
        super().__init__(table, APPEND)


class ReadOnly(HoldTo):
    """A migration's operation: the application may read `table`, nothing else."""

    def __init__(self, table: str) -> None:
        """Name the table."""
        super().__init__(table, READ)


class GiveTo(Operation):
    """A migration's operation that gives the role of `alias` what the list says it has on `table`, and nothing else."""

    reversible = True
    atomic = True

    def __init__(self, alias: str, table: str) -> None:
        """Name the alias of the role's connection, and the table."""
        self.alias = alias
        self.table = table

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change nothing in the models."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Grant it."""
        self._run(schema_editor, "GRANT {} ON {} TO {}")

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Revoke it."""
        self._run(schema_editor, "REVOKE {} ON {} FROM {}")

    def _run(self, schema_editor: BaseDatabaseSchemaEditor, statement: str) -> None:
        names = (sql.Identifier(self.table), sql.Identifier(role_of(self.alias)))
        rights = _words(GRANTS_OF_COMMANDS[self.alias][self.table])
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(sql.SQL(statement).format(rights, *names))

    def describe(self) -> str:
        """Say what the operation does."""
        return f"Give the {self.alias} its rights on {self.table}"
