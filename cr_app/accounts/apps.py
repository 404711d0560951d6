"""The accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Registers the app under its short label."""

    name = "cr_app.accounts"
    label = "accounts"
    verbose_name = "Officers and sign-in"
