"""Searches of the trail, checks of its integrity, and red flags with what their reviewers wrote."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

_OFFICER = settings.AUTH_USER_MODEL


class Rule(models.TextChoices):
    """What makes a happening stand out; `oversight.red_flags` says each in words."""

    QUICK_GRANT = "quick_grant", "Authority granted within a minute"
    EDITED_AFTER_GRANT = "edited_after_grant", "Changed after authority was granted"
    SAME_PAIR = "same_pair", "The same two officers again and again"
    OWN_RECORD = "own_record", "Looked at a record with their own or a relative's name"
    UNUSUAL_VOLUME = "unusual_volume", "An unusual number of records looked at"
    VICTIM_NOT_TOLD = "victim_not_told", "Issued without consulting a victim"


class CheckOutcome(models.TextChoices):
    """How a check of the trail's integrity ended."""

    HOLDS = "holds", "Holds"
    BROKEN = "broken", "Does not hold"
    FAILED = "failed", "Could not be finished"


class TrailSearch(models.Model):
    """What a reviewer searched the trail for, so that nothing of it stands in an address; kept for a day."""

    token = models.UUIDField(primary_key=True, default=uuid.uuid4)
    officer = models.ForeignKey(_OFFICER, models.PROTECT, related_name="+")
    criteria = models.JSONField()
    searched_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["searched_at"], name="trail_search_by_time")]

    def __str__(self) -> str:
        return str(self.token)


class IntegrityCheck(models.Model):
    """One check of the trail that a reviewer asked for: how far it is, how it ended, and what it found, in words."""

    token = models.UUIDField(primary_key=True, default=uuid.uuid4)
    asked_by = models.ForeignKey(_OFFICER, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    alive_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    checked = models.BigIntegerField(default=0)
    to_check = models.BigIntegerField(default=0)
    outcome = models.CharField(max_length=6, choices=CheckOutcome.choices, blank=True)
    # What a page says of the end: size, root, times and sentences; no personal value.
    report = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=["", *CheckOutcome.values]), name="check_ends_in_a_known_way"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, outcome="") | Q(ended_at__isnull=False) & ~Q(outcome=""),
                name="check_has_an_outcome_when_it_has_ended",
            ),
        ]
        indexes = [models.Index(fields=["asked_at"], name="check_by_time")]

    def __str__(self) -> str:
        return str(self.token)


class Flag(models.Model):
    """One thing that stands out, found once: `key` says what, so that finding it again adds nothing.

    It points into the trail by the ids of entry and access and names officers and records as the trail does. `words`
    holds what its rule fills its sentence with, no personal value.
    """

    rule = models.CharField(max_length=20, choices=Rule.choices)
    key = models.CharField(max_length=200)
    force_id = models.CharField(max_length=2)
    at = models.DateTimeField()
    found_at = models.DateTimeField()
    actor_key = models.CharField(max_length=64)
    subject = models.CharField(max_length=80, blank=True)
    entry_id = models.BigIntegerField(null=True)
    access_id = models.BigIntegerField(null=True)
    words = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule", "key"], name="flag_is_found_once"),
            models.CheckConstraint(condition=Q(rule__in=Rule.values), name="flag_is_of_a_known_rule"),
        ]
        indexes = [
            models.Index(fields=["force_id", "at", "id"], name="flag_by_time"),
            models.Index(fields=["force_id", "rule", "at", "id"], name="flag_by_rule"),
            models.Index(fields=["actor_key", "at"], name="flag_by_actor"),
            models.Index(fields=["subject"], name="flag_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.key}"


class FlagReview(models.Model):
    """What a reviewer found when looking into a flag; a later one does not replace an earlier one."""

    flag = models.ForeignKey(Flag, models.PROTECT, related_name="reviews")
    reviewed_by = models.ForeignKey(_OFFICER, models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField()
    note = models.TextField()

    def __str__(self) -> str:
        return f"{self.flag_id} {self.reviewed_at}"


class FlagRun(models.Model):
    """How far the trail has been looked through for flags: all leaves of the sealed log below `through`."""

    through = models.BigIntegerField(unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.through)
