"""The offences of a case, and what the offender was given before."""

from typing import ClassVar

from django.db import models

from cr_app.cases.models.case import Case
from cr_app.reference.models import OffenceType


class CaseOffence(models.Model):
    """One offence of the case; the first is the principal one."""

    ROW: ClassVar[str] = "offence"
    PLAIN: ClassVar[frozenset[str]] = frozenset({"case_id", "position", "offence_type_id", "encouraging_or_assisting"})

    case = models.ForeignKey(Case, models.PROTECT, related_name="offences")
    position = models.PositiveSmallIntegerField()
    offence_type = models.ForeignKey(OffenceType, models.PROTECT, related_name="+")
    encouraging_or_assisting = models.BooleanField(default=False)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["case", "position"], name="offence_has_a_place_of_its_own"),
            models.UniqueConstraint(
                fields=["case", "offence_type", "encouraging_or_assisting"], name="offence_is_listed_once"
            ),
        ]

    def __str__(self) -> str:
        prefix = "Encouraging or assisting: " if self.encouraging_or_assisting else ""
        return f"{prefix}{self.offence_type.title} ({self.offence_type_id})"


class EarlierDisposal(models.Model):
    """A disposal the officer found on PNC, PND or local systems; earlier local cases are found by the service itself."""

    ROW: ClassVar[str] = "disposal"
    PLAIN: ClassVar[frozenset[str]] = frozenset({"case_id", "position"})

    case = models.ForeignKey(Case, models.PROTECT, related_name="disposals")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=24)
    given_on = models.DateField()
    offence_code = models.CharField(max_length=10, null=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["case", "position"], name="disposal_has_a_place_of_its_own"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.given_on:%-d %B %Y}"
