"""Sends migrations to the owner's connection, and everything else to the application's."""

from typing import Any

from django.db.models import Model

OWNER_ALIAS = "owner"


class OwnerMigrates:
    """Both aliases are one database; only `owner` may change its tables."""

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """Allow migrations as the owner alone."""
        return db == OWNER_ALIAS

    def allow_relation(self, obj1: Model, obj2: Model, **hints: Any) -> bool:
        """Allow any relation: a row read through one alias is the same row through the other."""
        return True
