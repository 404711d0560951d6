"""The database wrapper that Django loads as `cr_app.database.backend`."""

import functools
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.postgresql import base

from cr_app.database.embedded import PORT, Server
from cr_app.database.place import ServerFailed


@functools.cache
def embedded_server(folder: Path, durable: bool, programs: str) -> Server:
    """Return this process's one view of the embedded server in `folder`."""
    return Server(folder, durable=durable, programs=programs)


def server_of_settings() -> Server:
    """Return the embedded server that the settings describe."""
    return embedded_server(settings.CR_DATA, settings.EMBEDDED_DURABLE, settings.CR_PG_BIN)


class DatabaseWrapper(base.DatabaseWrapper):
    """A PostgreSQL connection that asks for the embedded server's address just before it connects."""

    def get_connection_params(self) -> dict[str, Any]:
        """Return Django's parameters, with the embedded server's address; that server is running afterwards."""
        params: dict[str, Any] = super().get_connection_params()
        if settings.EMBEDDED:
            params |= {"host": _start(), "port": PORT}
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect; an embedded server that has ended since is started once more."""
        try:
            return super().get_new_connection(conn_params)
        except self.Database.OperationalError:
            if not settings.EMBEDDED:
                raise
            return super().get_new_connection(conn_params | {"host": _start()})


def _start() -> str:
    try:
        return server_of_settings().start()
    except ServerFailed as error:
        raise ImproperlyConfigured(str(error)) from error
