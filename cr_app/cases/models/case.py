"""The record of one Community Resolution decision about one offender."""

import re
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from cr_app.accounts.models import Unit
from cr_app.cases.lifecycle import LABELS, OPEN, Status
from cr_app.reference.models import Force

# Crockford's base 32: no I, L, O or U to be misread over the radio.
REFERENCE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
REFERENCE_LENGTH = 8
REFERENCE = re.compile(f"[{REFERENCE_ALPHABET}]{{{REFERENCE_LENGTH}}}")

_OFFICER = settings.AUTH_USER_MODEL


class Case(models.Model):
    """One decision about one offender; every answer is null until it is given, which never counts as no."""

    ROW: ClassVar[str] = "case"
    # What tells nothing of a person; every other column's value can be erased from the trail.
    PLAIN: ClassVar[frozenset[str]] = frozenset(
        {
            *("reference", "crime_report_reference", "force_id", "unit_id", "recorded_by_id", "officer_id"),
            *("status", "is_restricted", "version", "created_at", "changed_at", "changed_by_id", "copied_from_id"),
            *("occurred_from", "occurred_to", "borough", "venue"),
            *("pnc_checked", "pnc_checked_at", "local_checked", "local_checked_at"),
            *("evidence_sufficient", "less_serious", "gravity_score", "legal_advice_offered", "consequences_explained"),
            *("has_no_victim", "has_no_actions", "crime_report_entry_reference", "same_report_answer"),
            *(
                "authority_decision",
                "authority_rank",
                "authority_is_substantive",
                "authority_number",
                "authority_by_id",
            ),
            *("authority_at", "authority_snapshot_id", "detained_or_waiting", "advice_at"),
            *("professional_standards_decision", "professional_standards_by_id", "professional_standards_at"),
            *("professional_standards_snapshot_id", "verdict", "rulebook", "decided_on", "submitted_at"),
            *("issued_at", "issued_by_id"),
        }
    )

    reference = models.CharField(max_length=8, unique=True)
    crime_report_reference = models.CharField(max_length=40)
    force = models.ForeignKey(Force, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(_OFFICER, models.PROTECT, related_name="+")
    officer = models.ForeignKey(_OFFICER, models.PROTECT, related_name="+")
    status = models.CharField(
        max_length=20, choices=[(str(status), LABELS[status]) for status in Status], default=Status.DRAFT
    )
    is_restricted = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(_OFFICER, models.PROTECT, related_name="+")
    copied_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    occurred_from = models.DateTimeField(null=True)
    occurred_to = models.DateTimeField(null=True)
    place = models.CharField(max_length=300, null=True)
    borough = models.CharField(max_length=100, null=True)
    circumstances_brief = models.TextField(null=True)
    body_worn_video = models.CharField(max_length=100, null=True)
    venue = models.CharField(max_length=60, null=True)
    visitor_from_abroad = models.BooleanField(null=True)
    lawful_at_home = models.BooleanField(null=True)

    domestic_abuse = models.BooleanField(null=True)
    intimate_partner = models.BooleanField(null=True)
    hate_crime = models.BooleanField(null=True)
    sexual = models.BooleanField(null=True)
    firearm = models.BooleanField(null=True)
    weapon_or_blade = models.BooleanField(null=True)

    same_report_answer = models.CharField(max_length=10, null=True)
    pnc_checked = models.BooleanField(null=True)
    pnc_checked_at = models.DateTimeField(null=True)
    local_checked = models.BooleanField(null=True)
    local_checked_at = models.DateTimeField(null=True)
    has_earlier_disposals = models.BooleanField(null=True)

    accepts_responsibility = models.BooleanField(null=True)
    admits_offence = models.BooleanField(null=True)
    account = models.TextField(null=True)
    agrees_to_take_part = models.BooleanField(null=True)
    consequences_explained = models.BooleanField(null=True)
    legal_advice_offered = models.BooleanField(null=True)

    evidence_sufficient = models.BooleanField(null=True)
    less_serious = models.BooleanField(null=True)
    gravity_score = models.PositiveSmallIntegerField(null=True)

    youth_justice_consulted = models.BooleanField(null=True)
    youth_justice_name = models.CharField(max_length=200, null=True)
    youth_justice_at = models.DateTimeField(null=True)
    youth_justice_advice = models.TextField(null=True)

    has_no_victim = models.BooleanField(null=True)
    has_no_actions = models.BooleanField(null=True)
    rationale = models.TextField(null=True)

    # The exception; the exceptional circumstances stand in rows of their own, one for each exclusion.
    investigation_team = models.CharField(max_length=200, null=True)
    advice_from = models.CharField(max_length=200, null=True)
    advice_at = models.DateTimeField(null=True)
    advice = models.TextField(null=True)
    detained_or_waiting = models.BooleanField(null=True)

    # What whoever returned the case asked last, and its officer's answer: nobody is asked, and nothing is wanted, without.
    question = models.TextField(null=True)
    reply = models.TextField(null=True)

    # Set after the snapshot, and so outside it: authority, professional standards, the crime report entry. What covers
    # a snapshot is taken away, and kept as a row of its own, by the first change of an answer in it.
    authority_decision = models.CharField(max_length=10, null=True)
    authority_rank = models.CharField(max_length=60, null=True)
    authority_is_substantive = models.BooleanField(null=True)
    authority_number = models.CharField(max_length=24, null=True)
    authority_by = models.ForeignKey(_OFFICER, models.PROTECT, null=True, related_name="+")
    authority_at = models.DateTimeField(null=True)
    authority_snapshot = models.ForeignKey("cases.Snapshot", models.PROTECT, null=True, related_name="+")
    professional_standards_decision = models.CharField(max_length=12, null=True)
    professional_standards_by = models.ForeignKey(_OFFICER, models.PROTECT, null=True, related_name="+")
    professional_standards_at = models.DateTimeField(null=True)
    professional_standards_snapshot = models.ForeignKey("cases.Snapshot", models.PROTECT, null=True, related_name="+")
    crime_report_entry_reference = models.CharField(max_length=40, null=True)

    # What the rules said when an answer was last saved: what the officer has been told.
    verdict = models.CharField(max_length=20, null=True)
    rulebook = models.CharField(max_length=60, null=True)
    decided_on = models.DateField(null=True)
    submitted_at = models.DateTimeField(null=True)
    issued_at = models.DateTimeField(null=True)
    issued_by = models.ForeignKey(_OFFICER, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=[str(status) for status in Status]), name="case_status_is_in_the_lifecycle"
            ),
            models.CheckConstraint(
                condition=Q(gravity_score__isnull=True) | Q(gravity_score__range=(1, 5)),
                name="case_gravity_score_is_1_to_5",
            ),
            models.CheckConstraint(
                condition=Q(occurred_to__isnull=True) | Q(occurred_to__gte=models.F("occurred_from")),
                name="case_does_not_end_before_it_begins",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["issued", "completed", "not_complied", "rescinded"])
                | Q(issued_at__isnull=False, issued_by__isnull=False, decided_on__isnull=False),
                name="case_issued_has_time_officer_and_decision_date",
            ),
            models.CheckConstraint(
                condition=Q(authority_by__isnull=True) | ~Q(authority_by=models.F("recorded_by")),
                name="case_authority_is_never_the_recording_officers_own",
            ),
            models.CheckConstraint(
                condition=Q(authority_by__isnull=True) | ~Q(authority_by=models.F("officer")),
                name="case_authority_is_never_its_officers_own",
            ),
            models.CheckConstraint(
                condition=Q(authority_decision__isnull=True, authority_by__isnull=True, authority_snapshot__isnull=True)
                | Q(
                    authority_decision__in=["granted", "refused"],
                    authority_rank__isnull=False,
                    authority_is_substantive__isnull=False,
                    authority_number__isnull=False,
                    authority_by__isnull=False,
                    authority_at__isnull=False,
                    authority_snapshot__isnull=False,
                ),
                name="case_authority_says_who_when_as_what_and_of_what",
            ),
            models.CheckConstraint(
                condition=Q(
                    professional_standards_decision__isnull=True,
                    professional_standards_by__isnull=True,
                    professional_standards_snapshot__isnull=True,
                )
                | Q(
                    professional_standards_decision__in=["suitable", "unsuitable"],
                    professional_standards_by__isnull=False,
                    professional_standards_at__isnull=False,
                    professional_standards_snapshot__isnull=False,
                ),
                name="case_professional_standards_say_who_when_and_of_what",
            ),
        ]
        indexes = [
            models.Index(fields=["officer", "status", "-changed_at"], name="case_by_officer"),
            models.Index(fields=["unit", "status", "-changed_at"], name="case_by_unit"),
            models.Index(fields=["force", "crime_report_reference"], name="case_by_crime_report"),
            models.Index(fields=["recorded_by", "status", "-changed_at"], name="case_by_recorder"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def status_now(self) -> Status:
        """Return the status as a member of the lifecycle."""
        return Status(self.status)

    @property
    def status_label(self) -> str:
        """Return the status as pages say it."""
        return self.status_now.label

    @property
    def is_draft(self) -> bool:
        """Tell whether answers may still be changed."""
        return self.status_now is Status.DRAFT

    @property
    def is_open(self) -> bool:
        """Tell whether somebody still has to decide something about it."""
        return self.status_now in OPEN

    @property
    def awaits_reply(self) -> bool:
        """Tell whether it was returned with a question that is not answered yet."""
        return self.question is not None and not self.reply

    @property
    def subject(self) -> str:
        """Return how the trail names this case."""
        return f"case:{self.reference}"
