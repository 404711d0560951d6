"""The Django app of oversight."""

from django.apps import AppConfig


class OversightConfig(AppConfig):
    """Names the app and its label."""

    name = "cr_app.oversight"
    label = "oversight"
    verbose_name = "Oversight"
