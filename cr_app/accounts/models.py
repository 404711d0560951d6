"""Units, officers, their absences, and answers parked while an officer signs in again."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Lower
from django.utils import timezone

from cr_app.accounts.ranks import RankHeld, rank_held
from cr_app.accounts.roles import DECIDING, Role
from cr_app.accounts.warrant_numbers import is_warrant_number, normal_warrant_number
from cr_app.audit.trail import Actor
from cr_app.reference.models import Force


class Unit(models.Model):
    """A team of one force; a sergeant supervises the unit she belongs to."""

    name = models.CharField(max_length=100)
    force = models.ForeignKey(Force, on_delete=models.PROTECT, related_name="units")
    # The borough, command unit or division, as the force calls it.
    area = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ["force_id", "name"]
        constraints = [
            models.UniqueConstraint(fields=["force", "name"], name="a_force_has_no_two_units_of_one_name"),
            # The other end of the officers' composite key: see the migration.
            models.UniqueConstraint(fields=["id", "force"], name="a_unit_belongs_to_one_force"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.area}" if self.area else self.name


class OfficerManager(BaseUserManager["Officer"]):
    """Finds officers by warrant number, however it is typed."""

    def get_by_natural_key(self, username: str | None) -> Officer:
        """Return the officer of this warrant number; raises Officer.DoesNotExist, also for what is none."""
        number = normal_warrant_number(username or "")
        if not is_warrant_number(number):
            raise self.model.DoesNotExist
        return self.get(warrant_number=number)


class Officer(AbstractBaseUser):
    """Whoever signs in and acts, police officers and staff alike."""

    warrant_number = models.CharField(max_length=24, unique=True)
    email = models.EmailField(max_length=254)
    given_names = models.CharField(max_length=90, blank=True)
    family_name = models.CharField(max_length=100)
    substantive_rank = models.CharField(max_length=40)
    # A promotion has its first day, perhaps one to come, and before it the rank held until then.
    substantive_since = models.DateField(null=True, blank=True)
    substantive_before = models.CharField(max_length=40, blank=True, default="", db_default="")
    acting_rank = models.CharField(max_length=40, blank=True)
    acting_from = models.DateField(null=True, blank=True)
    # The last day in the acting rank; none while it has no end.
    acting_until = models.DateField(null=True, blank=True)
    force = models.ForeignKey(Force, on_delete=models.PROTECT, related_name="officers")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="officers")
    roles = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    # Takes requests for authority until then; the officer's own switch.
    on_duty_until = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[OfficerManager] = OfficerManager()

    USERNAME_FIELD = "warrant_number"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ["warrant_number"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="no_two_officers_share_an_email_address"),
            models.CheckConstraint(
                condition=Q(warrant_number__regex=r"^[0-9A-Z](-?[0-9A-Z]){1,11}$"),
                name="a_warrant_number_is_digits_and_capitals",
            ),
            models.CheckConstraint(condition=~Q(family_name=""), name="an_officer_has_a_name"),
            models.CheckConstraint(condition=~Q(substantive_rank=""), name="an_officer_has_a_substantive_rank"),
            models.CheckConstraint(
                condition=Q(substantive_before="") | Q(substantive_since__isnull=False),
                name="a_former_rank_was_held_until_a_day",
            ),
            models.CheckConstraint(
                condition=Q(acting_rank="", acting_from__isnull=True, acting_until__isnull=True)
                | (~Q(acting_rank="") & Q(acting_from__isnull=False)),
                name="an_acting_rank_has_a_first_day",
            ),
            models.CheckConstraint(
                condition=Q(acting_until__isnull=True) | Q(acting_until__gte=F("acting_from")),
                name="an_acting_rank_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(roles__contained_by=[role.value for role in Role]), name="an_officer_has_known_roles_only"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def name(self) -> str:
        """Given names and family name."""
        return f"{self.given_names} {self.family_name}".strip()

    @property
    def title(self) -> str:
        """Rank held today, warrant number and name: PC 4127 Amina Khan."""
        return f"{self.rank_on(timezone.localdate()).abbreviation} {self.warrant_number} {self.name}"

    def rank_on(self, day: date) -> RankHeld:
        """Return the rank held on `day`, substantive or acting."""
        return rank_held(
            self.substantive_rank,
            self.acting_rank,
            self.acting_from,
            self.acting_until,
            since=self.substantive_since,
            before=self.substantive_before,
            on=day,
        )

    def is_on_duty(self, at: datetime) -> bool:
        """Tell whether the officer takes requests for authority at this moment."""
        return self.on_duty_until is not None and at < self.on_duty_until

    def given_roles(self) -> frozenset[Role]:
        """Return the roles as a set of Role."""
        return frozenset(Role(name) for name in self.roles)

    def has_role(self, role: Role) -> bool:
        """Tell whether the role has been given to this officer."""
        return role.value in self.roles

    def deciding_roles(self) -> frozenset[Role]:
        """Return the given roles of which decisions are asked."""
        return self.given_roles() & DECIDING

    @property
    def subject(self) -> str:
        """Return how the trail names this officer as the subject of an entry."""
        return f"officer:{self.warrant_number}"

    def as_actor(self) -> Actor:
        """Return who acts, as the trail keeps it: key, warrant number, rank and name as they are now."""
        return Actor(
            kind="officer",
            key=str(self.pk),
            warrant_number=self.warrant_number,
            rank=self.rank_on(timezone.localdate()).words,
            name=self.name,
        )


class Absence(models.Model):
    """Days on which an officer is away, both included, and who takes what is asked of her meanwhile."""

    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="absences")
    from_on = models.DateField()
    until_on = models.DateField()
    covered_by = models.ForeignKey(Officer, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    # Came back early, or never went: from then on it counts no more.
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["from_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="an_absence_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(covered_by__isnull=True) | ~Q(covered_by=F("officer")), name="nobody_covers_for_themselves"
            ),
            ExclusionConstraint(
                name="an_officer_is_absent_once_at_a_time",
                expressions=[
                    ("officer", RangeOperators.EQUAL),
                    (
                        Func(
                            "from_on",
                            "until_on",
                            RangeBoundary(inclusive_lower=True, inclusive_upper=True),
                            function="DATERANGE",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(ended_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"absent from {self.from_on} to {self.until_on}"


class ParkedAnswers(models.Model):
    """What an officer posted after the session had ended: unreadable without the one-time token of the cookie."""

    token_digest = models.CharField(max_length=64, unique=True)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    path = models.CharField(max_length=500)
    ciphertext = models.BinaryField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(token_digest__regex=r"^[0-9a-f]{64}$"),  # noqa: S106
                name="a_parked_token_is_kept_as_its_digest",
            ),
        ]

    def __str__(self) -> str:
        return f"parked at {self.path}"
