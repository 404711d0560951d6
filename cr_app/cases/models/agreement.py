"""What was agreed, and who signed for it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from cr_app.cases.models.case import Case
from cr_app.cases.models.parties import Victim


class AgreedAction(models.Model):
    """One thing the offender undertakes to do; `amount` is in pounds."""

    ROW: ClassVar[str] = "action"
    PLAIN: ClassVar[frozenset[str]] = frozenset({"case_id", "position", "remedy", "amount", "victim_id", "due_on"})

    case = models.ForeignKey(Case, models.PROTECT, related_name="actions")
    position = models.PositiveSmallIntegerField()
    remedy = models.CharField(max_length=60)
    undertaking = models.CharField(max_length=500)
    amount = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    # Null: for the community at large, or nobody in particular.
    victim = models.ForeignKey(Victim, models.PROTECT, null=True, related_name="+")
    due_on = models.DateField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["case", "position"], name="action_has_a_place_of_its_own"),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gt=0), name="action_amount_is_more_than_0"
            ),
        ]

    def __str__(self) -> str:
        return self.undertaking


class Signature(models.Model):
    """A name typed at issue by the offender, the appropriate adult or the officer."""

    ROW: ClassVar[str] = "signature"
    PLAIN: ClassVar[frozenset[str]] = frozenset({"case_id", "role", "signed_at"})

    case = models.ForeignKey(Case, models.PROTECT, related_name="signatures")
    role = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    signed_at = models.DateTimeField()
    # When the appropriate adult came, named again at issue.
    present_from = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "role"], name="signature_is_given_once_by_each"),
            models.CheckConstraint(
                condition=Q(role__in=["offender", "appropriate_adult", "officer"]), name="signature_role_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role}: {self.name}"

    @property
    def role_label(self) -> str:
        """Return the role as pages say it."""
        return {"offender": "Offender", "appropriate_adult": "Appropriate adult", "officer": "Officer"}[self.role]
