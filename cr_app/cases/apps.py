"""The cases app."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """The record: cases, their parties, offences, safeguards, agreement and life."""

    name = "cr_app.cases"
    label = "cases"
