"""The app's name, and what it tells the floors below when it is ready."""

from django.apps import AppConfig


class AuthorisationsConfig(AppConfig):
    """Authority and professional standards."""

    name = "cr_app.authorisations"
    label = "authorisations"

    def ready(self) -> None:
        """Have the trail replay cases with what was asked and decided about them, the last of a case's tables."""
        from cr_app.authorisations.queries.replaying import register_cases

        register_cases()
