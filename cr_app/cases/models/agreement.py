"""What was agreed, and who signed for it."""

from typing import ClassVar

from django.conf import settings
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


# Strokes of whole numbers: M begins one, L goes on.
_PATH = r"^M[0-9]{1,3} [0-9]{1,3}( [ML][0-9]{1,3} [0-9]{1,3})*$"


class Signature(models.Model):
    """A name typed at issue by the offender, the appropriate adult or the officer, and drawn where there was a screen for it.

    `drawing` is a path in the SVG sense within a box of 600 by 200, of the letters M and L and whole numbers alone, made
    anew from what was posted; `language` is the one in which it was read to whoever signed.
    """

    ROW: ClassVar[str] = "signature"
    PLAIN: ClassVar[frozenset[str]] = frozenset({"case_id", "role", "signed_at", "language"})

    case = models.ForeignKey(Case, models.PROTECT, related_name="signatures")
    role = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    signed_at = models.DateTimeField()
    # When the appropriate adult came, named again at issue.
    present_from = models.DateTimeField(null=True)
    drawing = models.CharField(max_length=24_000, null=True)
    language = models.CharField(max_length=2, default="en", db_default="en")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "role"], name="signature_is_given_once_by_each"),
            models.CheckConstraint(condition=Q(language__in=["en", "cy"]), name="signature_is_in_english_or_welsh"),
            models.CheckConstraint(
                condition=Q(drawing__isnull=True) | Q(drawing__regex=_PATH),
                name="signature_drawing_is_a_bounded_path",
            ),
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


class SigningRefusal(models.Model):
    """That the offender or the appropriate adult would not sign, and what they said: nothing was issued then."""

    ROW: ClassVar[str] = "signing_refusal"
    PLAIN: ClassVar[frozenset[str]] = frozenset({"case_id", "role", "at", "by_id"})

    case = models.ForeignKey(Case, models.PROTECT, related_name="signing_refusals")
    role = models.CharField(max_length=20)
    said = models.CharField(max_length=1000)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=["offender", "appropriate_adult"]), name="signing_refusal_role_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} would not sign"
