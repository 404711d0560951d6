"""The app's name."""

from django.apps import AppConfig


class AuthorisationsConfig(AppConfig):
    """Authority and professional standards."""

    name = "cr_app.authorisations"
    label = "authorisations"
