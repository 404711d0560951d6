"""Why an exclusion should not stand in this case, and what was given for a case that has changed since."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from cr_app.cases.models.case import Case
from cr_app.cases.models.keeping import Snapshot

_OFFICER = settings.AUTH_USER_MODEL


class ExceptionGrounds(models.Model):
    """The exceptional circumstances for one exclusion that applies, named by its rule."""

    ROW: ClassVar[str] = "grounds"
    PLAIN: ClassVar[frozenset[str]] = frozenset({"case_id", "rule"})

    case = models.ForeignKey(Case, models.PROTECT, related_name="grounds")
    rule = models.CharField(max_length=60)
    circumstances = models.TextField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "rule"], name="grounds_are_given_once_for_an_exclusion"),
            models.CheckConstraint(condition=~Q(circumstances=""), name="grounds_say_something"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.rule}"


class Void(models.Model):
    """Authority, or suitability, that was given and counts no more: an answer that it covered has changed.

    `changed` is JSON text: a list of objects with question, old and new, as the review page showed them.
    `entry_reference` is that of the entry which the crime report carries of it, where one was made.
    """

    ROW: ClassVar[str] = "void"
    PLAIN: ClassVar[frozenset[str]] = frozenset(
        {
            *("case_id", "kind", "snapshot_id", "given_by_id", "given_rank", "given_at", "voided_by_id", "voided_at"),
            "entry_reference",
        }
    )
    AUTHORITY: ClassVar[str] = "authority"
    SUITABILITY: ClassVar[str] = "suitability"

    case = models.ForeignKey(Case, models.PROTECT, related_name="voids")
    kind = models.CharField(max_length=12)
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="+")
    given_by = models.ForeignKey(_OFFICER, models.PROTECT, related_name="+")
    # Empty for professional standards, who decide whatever their rank.
    given_rank = models.CharField(max_length=60, blank=True)
    given_at = models.DateTimeField()
    voided_by = models.ForeignKey(_OFFICER, models.PROTECT, related_name="+")
    voided_at = models.DateTimeField()
    changed = models.TextField()
    entry_reference = models.CharField(max_length=40, blank=True, default="", db_default="")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["authority", "suitability"]), name="void_is_of_a_known_kind"),
            models.UniqueConstraint(fields=["snapshot", "kind"], name="what_covers_a_snapshot_is_voided_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.snapshot_id} voided"
