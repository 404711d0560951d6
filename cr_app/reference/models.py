"""Tables of reference: loaded by command from shipped files, read by every case and never deleted."""

from datetime import date

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

MODES_OF_TRIAL = ("summary", "either way", "indictable only")
EXCLUSION_CATEGORIES = ("domestic_abuse", "hate_crime", "sexual_offence", "firearm", "weapon_or_blade")


class Force(models.Model):
    """A police force, by its Home Office code."""

    code = models.CharField(max_length=2, primary_key=True)
    name = models.CharField(max_length=100, unique=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9]{2}$"), name="a_force_code_is_two_digits"),
        ]

    def __str__(self) -> str:
        return self.name


class OffenceType(models.Model):
    """A row of the Home Office catalogue, or one that a force added; withdrawn from a day, never deleted."""

    code = models.CharField(max_length=12, primary_key=True)
    title = models.CharField(max_length=200)
    group = models.CharField(max_length=100)
    subgroup = models.CharField(max_length=100, blank=True)
    statute = models.CharField(max_length=200)
    mode_of_trial = models.CharField(max_length=20, choices=[(mode, mode) for mode in MODES_OF_TRIAL])
    max_penalty = models.CharField(max_length=120, blank=True)
    exclusion_category = models.CharField(
        max_length=20, blank=True, choices=[(name, name) for name in EXCLUSION_CATEGORIES]
    )
    basis = models.CharField(max_length=200, blank=True)
    added_by_force = models.ForeignKey(
        Force, null=True, blank=True, on_delete=models.PROTECT, related_name="offence_types"
    )
    withdrawn_on = models.DateField(null=True, blank=True)
    # What officers call it, one name a line, from the shipped list of everyday names.
    also_called = models.TextField(blank=True)
    # Code, title, statute and everyday names as `search_text.folded` writes them; candidates are found here.
    search = models.TextField()

    class Meta:
        ordering = ["code"]
        indexes = [
            GinIndex(fields=["search"], opclasses=["gin_trgm_ops"], name="offence_type_search_trigrams"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=r"^[0-9]{1,3}/[0-9]{2}[A-Z]?$"), name="an_offence_code_has_class_and_subclass"
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(statute=""), name="an_offence_type_has_title_and_statute"
            ),
            models.CheckConstraint(
                condition=Q(mode_of_trial__in=MODES_OF_TRIAL), name="an_offence_type_has_a_known_mode_of_trial"
            ),
            models.CheckConstraint(
                condition=Q(exclusion_category__in=("", *EXCLUSION_CATEGORIES)),
                name="an_offence_type_has_a_known_exclusion_category",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.code})"

    def is_withdrawn_on(self, day: date) -> bool:
        """Tell whether the type may no longer be chosen on `day`; records that hold it still read it."""
        return self.withdrawn_on is not None and self.withdrawn_on <= day


class Outcome(models.Model):
    """A crime outcome type of the Home Office framework; 8 is the community resolution."""

    code = models.CharField(max_length=3, primary_key=True)
    label = models.CharField(max_length=200)
    group = models.CharField(max_length=100)
    # Place in the published list: 1, 1A, 2, 2A, 3 …
    place = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["place"]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"


class Ethnicity(models.Model):
    """An ethnicity code: self-defined (18+1, and the older 16+1 row) or defined by an officer (IC)."""

    code = models.CharField(max_length=3, primary_key=True)
    label = models.CharField(max_length=100)
    group = models.CharField(max_length=100)
    scheme = models.CharField(max_length=20)
    # Place in the published list, which no order of codes gives.
    place = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["place"]
        verbose_name_plural = "ethnicities"

    def __str__(self) -> str:
        return self.label
