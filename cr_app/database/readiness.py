"""Says why the service may not start."""

from pathlib import Path

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import Error

from cr_app.database.privileges import excess_privileges, lacking_privileges


def missing_migrations() -> list[str]:
    """Return the migrations that the database has not seen, as the application's role reads it."""
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    return [str(migration) for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def reasons_not_to_start() -> list[str]:
    """Return a sentence for each reason: a setting that is missing, a role that may too much or too little, a migration not run."""
    reasons = []
    if not settings.SECRET_KEY_IS_SET:
        reasons.append("SECRET_KEY is not set: give a random one of 50 characters or more, the same to every process.")
    if not any(settings.ALLOWED_HOSTS):
        reasons.append("ALLOWED_HOSTS is not set: name the hosts under which officers reach the service.")
    connection = connections[DEFAULT_DB_ALIAS]
    try:
        if excess := excess_privileges(connection):
            reasons.append(f"DATABASE_URL names a role with more than the application's grants. {_first_of(excess)}")
        if lacking := lacking_privileges(connection):
            reasons.append(
                f"DATABASE_URL names a role that lacks some of the application's grants. {_first_of(lacking)}"
            )
        if missing := missing_migrations():
            reasons.append(
                f"The database lacks migrations ({missing[0]}, {len(missing)} in all): run `manage.py migrate`."
            )
    except Error as error:
        reasons.append(f"The database cannot be used: {' '.join(str(error).split())}")
    finally:
        # A process that forks its workers must not hand them a connection.
        connections.close_all()
    if not (Path(str(settings.STATIC_ROOT)) / "staticfiles.json").is_file():
        reasons.append("Static files are not collected: run `manage.py collectstatic`.")
    return reasons


def _first_of(sentences: list[str]) -> str:
    more = f" And {len(sentences) - 1} more." if len(sentences) > 1 else ""
    return f"{sentences[0]}{more}"
