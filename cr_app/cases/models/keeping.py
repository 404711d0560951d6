"""What is kept about a case besides its answers: snapshots, changes of status, one-time tokens, searches."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from cr_app.cases.lifecycle import Status
from cr_app.cases.models.case import Case

_OFFICER = settings.AUTH_USER_MODEL


class Snapshot(models.Model):
    """Everything the review page showed when the case was submitted, frozen; `digest` is the SHA-256 of `content`.

    `content` is canonical JSON text: sections of questions as asked with the answers as shown, offences, findings,
    rulebook, decision date and the digest of the catalogue.
    """

    ROW: ClassVar[str] = "snapshot"
    PLAIN: ClassVar[frozenset[str]] = frozenset({"case_id", "number", "taken_at", "taken_by_id", "digest"})

    case = models.ForeignKey(Case, models.PROTECT, related_name="snapshots")
    number = models.PositiveSmallIntegerField()
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(_OFFICER, models.PROTECT, related_name="+")
    content = models.TextField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="snapshot_is_numbered_within_its_case"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} snapshot {self.number}"


class StatusChange(models.Model):
    """One move of a case from one status to another, never changed afterwards."""

    ROW: ClassVar[str] = "status_change"
    PLAIN: ClassVar[frozenset[str]] = frozenset({"case_id", "move", "from_status", "to_status", "at", "by_id"})

    case = models.ForeignKey(Case, models.PROTECT, related_name="status_changes")
    move = models.CharField(max_length=24)
    from_status = models.CharField(max_length=20)
    to_status = models.CharField(max_length=20)
    at = models.DateTimeField()
    by = models.ForeignKey(_OFFICER, models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.from_status} to {self.to_status}"

    @property
    def from_label(self) -> str:
        """Return the status before, as pages say it."""
        return Status(self.from_status).label

    @property
    def to_label(self) -> str:
        """Return the status after, as pages say it."""
        return Status(self.to_status).label


class OnceToken(models.Model):
    """A form that was sent: sending it again does nothing and leads to the same page."""

    token = models.UUIDField(primary_key=True)
    officer = models.ForeignKey(_OFFICER, models.PROTECT, related_name="+")
    content_digest = models.CharField(max_length=64)
    leads_to = models.CharField(max_length=200)
    used_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.token)


class Search(models.Model):
    """What an officer searched for, so that no name stands in a URL; kept for a day."""

    token = models.UUIDField(primary_key=True, default=uuid.uuid4)
    officer = models.ForeignKey(_OFFICER, models.PROTECT, related_name="+")
    sought = models.CharField(max_length=200)
    searched_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["searched_at"], name="search_by_time")]

    def __str__(self) -> str:
        return str(self.token)
