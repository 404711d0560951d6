"""The reference app."""

from django.apps import AppConfig


class ReferenceConfig(AppConfig):
    """Registers the app under its short label."""

    name = "cr_app.reference"
    label = "reference"
    verbose_name = "Reference data"
