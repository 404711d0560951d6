"""`migrate`, always as the owner of the database."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import migrate
from django.db import connections

from cr_app.database.grants import missing_roles, prepare_schema
from cr_app.database.roles import operator_sql
from cr_app.database.router import OWNER_ALIAS

# Any number will do; two migrations of one database wait for each other on it.
MIGRATION_LOCK = 5_290_417


class Command(migrate.Command):
    """Runs migrations through DATABASE_OWNER_URL, after giving the application's role its ordinary rights."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Take Django's arguments, with another database by default."""
        super().add_arguments(parser)
        parser.set_defaults(database=OWNER_ALIAS)

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Refuse any role but the owner, before Django's checks look for its connection."""
        if OWNER_ALIAS not in connections:
            raise CommandError(
                "Migrations run as the owner of the database: set DATABASE_OWNER_URL to it. "
                "If there are no roles yet, a database administrator makes them in psql:\n\n" + operator_sql(),
                returncode=2,
            )
        if options["database"] != OWNER_ALIAS:
            raise CommandError("Migrations run as the owner of the database: leave --database out.", returncode=2)
        return super().execute(*args, **options)

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate alone, after the application's role got its ordinary rights on what will be made."""
        if options["check_unapplied"] or options["plan"]:
            super().handle(*args, **options)
            return
        with connections[OWNER_ALIAS].cursor() as cursor:
            if missing := missing_roles(cursor):
                raise CommandError(
                    f"The server has no role {missing[0]}: a database administrator makes it in psql first. "
                    "These make all roles; leave out what is there:\n\n" + operator_sql(),
                    returncode=2,
                )
            cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
            try:
                prepare_schema(cursor)
                super().handle(*args, **options)
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])
