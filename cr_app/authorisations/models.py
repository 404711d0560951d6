"""Who was asked to decide on a case, who may not, and what was decided: rows that are only ever added."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cr_app.cases.models import Case, Snapshot

_OFFICER = settings.AUTH_USER_MODEL


class Kind(models.TextChoices):
    """What is asked for: authority for an exception (or for any case, where a force wants it), or suitability."""

    AUTHORITY = "authority", "Authority"
    SUITABILITY = "suitability", "Suitability, by professional standards"


class Outcome(models.TextChoices):
    """What was decided."""

    GRANTED = "granted", "Authority granted"
    REFUSED = "refused", "Authority refused"
    SUITABLE = "suitable", "Suitable"
    UNSUITABLE = "unsuitable", "Unsuitable"
    RETURNED = "returned", "Returned with a question"


OUTCOMES: dict[str, tuple[Outcome, ...]] = {
    Kind.AUTHORITY: (Outcome.GRANTED, Outcome.REFUSED, Outcome.RETURNED),
    Kind.SUITABILITY: (Outcome.SUITABLE, Outcome.UNSUITABLE, Outcome.RETURNED),
}


class Request(models.Model):
    """One officer asked to decide on one snapshot: at first (round 0), or when the target passed for the nth time.

    `covering_for` is the absent officer in whose place this one was asked.
    """

    ROW: ClassVar[str] = "request"
    PLAIN: ClassVar[frozenset[str]] = frozenset(
        {"case_id", "snapshot_id", "kind", "officer_id", "covering_for_id", "round", "asked_at"}
    )

    case = models.ForeignKey(Case, models.PROTECT, related_name="requests")
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="requests")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    officer = models.ForeignKey(_OFFICER, models.PROTECT, related_name="+")
    covering_for = models.ForeignKey(_OFFICER, models.PROTECT, null=True, related_name="+")
    round = models.PositiveSmallIntegerField()
    asked_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="request_is_of_a_known_kind"),
            models.CheckConstraint(
                condition=Q(covering_for__isnull=True) | ~Q(covering_for=F("officer")),
                name="request_nobody_covers_for_themselves",
            ),
            models.UniqueConstraint(
                fields=["snapshot", "kind", "officer", "round"], name="request_is_made_once_of_each_in_a_round"
            ),
        ]
        indexes = [models.Index(fields=["officer", "-asked_at"], name="request_by_officer")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.case_id}, asked of {self.officer_id}"


class Interest(models.Model):
    """An officer's own word that they have an interest in a case, and so may not decide on it."""

    ROW: ClassVar[str] = "interest"
    PLAIN: ClassVar[frozenset[str]] = frozenset({"case_id", "officer_id", "declared_at"})

    case = models.ForeignKey(Case, models.PROTECT, related_name="interests")
    officer = models.ForeignKey(_OFFICER, models.PROTECT, related_name="+")
    reason = models.TextField()
    declared_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "officer"], name="interest_is_declared_once_by_each"),
            models.CheckConstraint(condition=~Q(reason=""), name="interest_says_what_it_is"),
        ]

    def __str__(self) -> str:
        return f"{self.officer_id} in {self.case_id}"


class Decision(models.Model):
    """What one officer decided on one snapshot, with reasons; nothing of it is ever changed.

    `rank` is the rank held when deciding (acting rank included), `is_substantive` whether it was held substantively;
    `shown_at` is when the page decided on was shown, so that the time taken can be told; `covering_for` is the absent
    officer in whose place this one was asked.
    """

    ROW: ClassVar[str] = "decision"
    PLAIN: ClassVar[frozenset[str]] = frozenset(
        {
            *(
                "case_id",
                "snapshot_id",
                "kind",
                "outcome",
                "asked_by_id",
                "asked_at",
                "recorded_by_id",
                "decided_by_id",
            ),
            *("decided_at", "shown_at", "rank", "is_substantive", "number", "covering_for_id", "digest"),
        }
    )

    case = models.ForeignKey(Case, models.PROTECT, related_name="decisions")
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="decisions")
    # The snapshot's digest, as it was read: what the signature covers.
    digest = models.CharField(max_length=64)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    reasons = models.TextField()
    asked_by = models.ForeignKey(_OFFICER, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    recorded_by = models.ForeignKey(_OFFICER, models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(_OFFICER, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    shown_at = models.DateTimeField()
    rank = models.CharField(max_length=60)
    is_substantive = models.BooleanField()
    number = models.CharField(max_length=24)
    covering_for = models.ForeignKey(_OFFICER, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=Kind.AUTHORITY, outcome__in=OUTCOMES[Kind.AUTHORITY])
                | Q(kind=Kind.SUITABILITY, outcome__in=OUTCOMES[Kind.SUITABILITY]),
                name="decision_is_one_that_can_be_made",
            ),
            models.CheckConstraint(condition=~Q(decided_by=F("asked_by")), name="decision_is_never_the_askers_own"),
            models.CheckConstraint(
                condition=~Q(decided_by=F("recorded_by")), name="decision_is_never_the_recorders_own"
            ),
            models.CheckConstraint(condition=~Q(reasons=""), name="decision_has_reasons"),
            models.CheckConstraint(condition=Q(decided_at__gte=F("asked_at")), name="decision_comes_after_the_request"),
            models.CheckConstraint(
                condition=Q(covering_for__isnull=True) | ~Q(covering_for=F("decided_by")),
                name="decision_nobody_covers_for_themselves",
            ),
            models.UniqueConstraint(fields=["snapshot", "kind"], name="decision_is_made_once_on_a_snapshot"),
        ]
        indexes = [models.Index(fields=["decided_by", "-decided_at"], name="decision_by_officer")]

    def __str__(self) -> str:
        return f"{self.outcome} by {self.number}"
