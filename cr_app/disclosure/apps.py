"""The statistics that leave the building."""

from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    """Requests for statistics, the tables that answer them, releases, and cases imported from before."""

    name = "cr_app.disclosure"
    default_auto_field = "django.db.models.BigAutoField"
