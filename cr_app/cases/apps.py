"""The cases app, and what it tells the floors below when it is ready."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """The record: cases, their parties, offences, safeguards, agreement and life."""

    name = "cr_app.cases"
    label = "cases"

    def ready(self) -> None:
        """Have exports of the trail show nothing of restricted cases."""
        from cr_app.audit.exporting.withholding import register
        from cr_app.cases.queries.parties import restricted_references

        register("case", restricted_references)
