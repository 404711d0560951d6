"""The Django app that holds the database server, its two roles and their grants."""

from django.apps import AppConfig


class DatabaseConfig(AppConfig):
    """Registers the commands and migrations of the database's own."""

    name = "cr_app.database"
    label = "database"
    verbose_name = "Database"
