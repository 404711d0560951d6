"""The people and organisations in a case."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from cr_app.cases.models.case import Case
from cr_app.cases.models.safeguards import SafeguardAnswers
from cr_app.reference.models import Ethnicity


class Offender(SafeguardAnswers):
    """The one person the decision is about; the row is made with the case and filled in as answers come."""

    ROW: ClassVar[str] = "offender"
    PLAIN: ClassVar[frozenset[str]] = frozenset({"case_id"})

    case = models.OneToOneField(Case, models.PROTECT, related_name="offender")
    first_names = models.CharField(max_length=200, null=True)
    last_names = models.CharField(max_length=200, null=True)
    born_on = models.DateField(null=True)
    estimated_age = models.PositiveSmallIntegerField(null=True)
    estimated_age_reason = models.CharField(max_length=300, null=True)
    sex = models.CharField(max_length=10, null=True)
    self_defined_ethnicity = models.ForeignKey(Ethnicity, models.PROTECT, null=True, related_name="+")
    officer_defined_ethnicity = models.ForeignKey(Ethnicity, models.PROTECT, null=True, related_name="+")
    address = models.TextField(null=True)
    postcode = models.CharField(max_length=10, null=True)
    phone = models.CharField(max_length=30, null=True)
    email = models.CharField(max_length=254, null=True)
    pnc_id = models.CharField(max_length=20, null=True)
    cro_number = models.CharField(max_length=20, null=True)
    occupation = models.CharField(max_length=100, null=True)
    police_officer_or_staff = models.BooleanField(null=True)
    warrant_number = models.CharField(max_length=20, null=True)
    interpreter = models.BooleanField(null=True)
    interpreter_language = models.CharField(max_length=200, null=True)

    class Meta:
        indexes = [
            models.Index(fields=["pnc_id"], name="offender_by_pnc_id", condition=Q(pnc_id__isnull=False)),
            models.Index(fields=["cro_number"], name="offender_by_cro_number", condition=Q(cro_number__isnull=False)),
            models.Index(fields=["last_names", "born_on"], name="offender_by_name_and_birth"),
        ]

    def __str__(self) -> str:
        return self.name or "Offender not named yet"

    @property
    def name(self) -> str:
        """Return the whole name; empty while it is not known."""
        return " ".join(part for part in (self.first_names, self.last_names) if part)


class Victim(SafeguardAnswers):
    """A person or organisation harmed; three victims are three rows, each with their own views."""

    ROW: ClassVar[str] = "victim"
    PLAIN: ClassVar[frozenset[str]] = frozenset({"case_id", "position", "kind"})

    case = models.ForeignKey(Case, models.PROTECT, related_name="victims")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, null=True)
    organisation_name = models.CharField(max_length=200, null=True)
    first_names = models.CharField(max_length=200, null=True)
    last_names = models.CharField(max_length=200, null=True)
    contact = models.CharField(max_length=300, null=True)
    warrant_number = models.CharField(max_length=20, null=True)
    consulted = models.BooleanField(null=True)
    consulted_at = models.DateTimeField(null=True)
    consulted_how = models.CharField(max_length=200, null=True)
    reason_not_consulted = models.TextField(null=True)
    agrees = models.BooleanField(null=True)
    wishes = models.TextField(null=True)
    departure_reason = models.TextField(null=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["case", "position"], name="victim_has_a_place_of_its_own"),
            models.CheckConstraint(
                condition=Q(kind__isnull=True) | Q(kind__in=["person", "organisation"]),
                name="victim_is_a_person_or_an_organisation",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Return the organisation's name, or the person's."""
        person = " ".join(part for part in (self.first_names, self.last_names) if part)
        if self.kind == "organisation":
            return self.organisation_name or "Organisation not named"
        return person or "Victim not named"

    @property
    def is_person(self) -> bool:
        """Tell whether safeguards are asked about: an organisation has none."""
        return self.kind == "person"
