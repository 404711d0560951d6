"""The Django app of the trail."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Names the app and its label."""

    name = "cr_app.audit"
    label = "audit"
    verbose_name = "Audit trail"
