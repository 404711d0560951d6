"""What is kept after a case was issued: documents, progress of agreed actions, contacts, corrections, a rescission.

All of it is only ever added: a later row says how things stand now, an earlier one how they stood.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from cr_app.cases.models.agreement import AgreedAction
from cr_app.cases.models.case import Case
from cr_app.cases.models.parties import Victim

_OFFICER = settings.AUTH_USER_MODEL


class Document(models.Model):
    """One version of something handed over, in one language; `digest` is the SHA-256 of `content`.

    `content` is canonical JSON text of a `documents.sheets.Sheet`: every word of the page, so that the same document can
    be printed years later, whatever the templates say by then.
    """

    OFFENDER_COPY = "offender_copy"
    VICTIM_LETTER = "victim_letter"
    CRIME_REPORT_ENTRY = "crime_report_entry"
    OFFENDER_NOTICE = "offender_notice"
    VICTIM_NOTICE = "victim_notice"
    KINDS: ClassVar[tuple[str, ...]] = (
        OFFENDER_COPY,
        VICTIM_LETTER,
        CRIME_REPORT_ENTRY,
        OFFENDER_NOTICE,
        VICTIM_NOTICE,
    )
    LANGUAGES: ClassVar[tuple[str, ...]] = ("en", "cy")

    ROW: ClassVar[str] = "document"
    PLAIN: ClassVar[frozenset[str]] = frozenset(
        {"case_id", "kind", "victim_id", "language", "version", "digest", "made_at", "made_by_id", "because"}
    )

    case = models.ForeignKey(Case, models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=20)
    # The victim whom a letter or a notice is for; null for all others.
    victim = models.ForeignKey(Victim, models.PROTECT, null=True, related_name="+")
    language = models.CharField(max_length=2)
    version = models.PositiveSmallIntegerField()
    content = models.TextField()
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(_OFFICER, models.PROTECT, related_name="+")
    because = models.CharField(max_length=12)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind", "victim", "language", "version"],
                name="document_has_one_of_each_version",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "offender_copy",
                        "victim_letter",
                        "crime_report_entry",
                        "offender_notice",
                        "victim_notice",
                    ]
                ),
                name="document_kind_is_known",
            ),
            models.CheckConstraint(condition=Q(language__in=["en", "cy"]), name="document_is_in_english_or_welsh"),
            models.CheckConstraint(
                condition=Q(because__in=["issued", "asked", "corrected", "rescinded"]),
                name="document_says_why_it_was_made",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["victim_letter", "victim_notice"], victim__isnull=False)
                | Q(kind__in=["offender_copy", "crime_report_entry", "offender_notice"], victim__isnull=True),
                name="document_for_a_victim_names_which",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.language} {self.version}"


class ActionProgress(models.Model):
    """What came of an agreed action on a day, or a new date for it; the newest row says how the action stands.

    `due_on` is the date that holds from this row on; the date before stays in the rows before, or in the action itself.
    """

    COMPLETED = "completed"
    PARTLY = "partly"
    NOT_COMPLIED = "not_complied"
    DATE_CHANGED = "date_changed"
    REOPENED = "reopened"

    ROW: ClassVar[str] = "progress"
    PLAIN: ClassVar[frozenset[str]] = frozenset(
        {"case_id", "action_id", "number", "outcome", "happened_on", "due_on", "at", "by_id"}
    )

    case = models.ForeignKey(Case, models.PROTECT, related_name="progress")
    action = models.ForeignKey(AgreedAction, models.PROTECT, related_name="progress")
    number = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=12)
    # The day on which it was done, partly done, or found not done; null where only the date changed or it was reopened.
    happened_on = models.DateField(null=True)
    due_on = models.DateField()
    # What is still to be done, where it was done partly.
    left = models.CharField(max_length=500, blank=True)
    # What shows it, such as a receipt; and who says so.
    evidence = models.CharField(max_length=1000, blank=True)
    said_by = models.CharField(max_length=200, blank=True)
    # Why it was not complied with, why the date changes, why it is reopened.
    reason = models.CharField(max_length=1000, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(_OFFICER, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "progress of actions"
        constraints = [
            models.UniqueConstraint(fields=["action", "number"], name="progress_is_numbered_within_its_action"),
            models.CheckConstraint(
                condition=Q(outcome__in=["completed", "partly", "not_complied", "date_changed", "reopened"]),
                name="progress_outcome_is_known",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["completed", "partly"]) | ~Q(reason=""),
                name="progress_says_why_not_or_why_changed",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="partly") | ~Q(left=""), name="progress_partly_says_what_is_left"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["date_changed", "reopened"]) | (Q(happened_on__isnull=False) & ~Q(said_by="")),
                name="progress_says_when_and_who_says_so",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action_id} {self.outcome}"


class Contact(models.Model):
    """One attempt to reach a victim, or the offender where `victim` is null: when, how, what came of it, what was told."""

    ROW: ClassVar[str] = "contact"
    PLAIN: ClassVar[frozenset[str]] = frozenset(
        {"case_id", "victim_id", "happened_at", "how", "result", "told", "at", "by_id"}
    )

    case = models.ForeignKey(Case, models.PROTECT, related_name="contacts")
    victim = models.ForeignKey(Victim, models.PROTECT, null=True, related_name="+")
    happened_at = models.DateTimeField()
    how = models.CharField(max_length=10)
    result = models.CharField(max_length=12)
    told = models.CharField(max_length=10)
    note = models.CharField(max_length=1000, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(_OFFICER, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["happened_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(how__in=["phone", "in_person", "letter", "email", "text", "other"]),
                name="contact_how_is_known",
            ),
            models.CheckConstraint(
                condition=Q(result__in=["reached", "sent", "left_message", "no_answer", "wrong"]),
                name="contact_result_is_known",
            ),
            models.CheckConstraint(
                condition=Q(told__in=["nothing", "decision", "correction", "rescission"]), name="contact_told_is_known"
            ),
            # Nobody was told anything who was not reached and to whom nothing was sent.
            models.CheckConstraint(
                condition=Q(told="nothing") | Q(result__in=["reached", "sent"]),
                name="contact_tells_only_who_was_reached",
            ),
        ]
        indexes = [models.Index(fields=["case", "victim", "told"], name="contact_by_case_and_victim")]

    def __str__(self) -> str:
        return f"{self.how} {self.result}"


class Correction(models.Model):
    """A name put right after issue: which column of which row, what it said, what it should say, why, who says so."""

    ROW: ClassVar[str] = "correction"
    PLAIN: ClassVar[frozenset[str]] = frozenset({"case_id", "victim_id", "column", "at", "by_id"})

    case = models.ForeignKey(Case, models.PROTECT, related_name="corrections")
    # The victim whose name it is; null where it is the offender's.
    victim = models.ForeignKey(Victim, models.PROTECT, null=True, related_name="+")
    column = models.CharField(max_length=20)
    old = models.CharField(max_length=200)
    new = models.CharField(max_length=200)
    reason = models.CharField(max_length=1000)
    at = models.DateTimeField()
    by = models.ForeignKey(_OFFICER, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(column__in=["first_names", "last_names"])
                | Q(column="organisation_name", victim__isnull=False),
                name="correction_is_of_a_name",
            ),
            models.CheckConstraint(condition=~Q(old=models.F("new")), name="correction_changes_something"),
            models.CheckConstraint(condition=~Q(reason=""), name="correction_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.column} of case {self.case_id}"


class Rescission(models.Model):
    """A Community Resolution taken back: by whom, acting in which rank, why."""

    ROW: ClassVar[str] = "rescission"
    PLAIN: ClassVar[frozenset[str]] = frozenset({"case_id", "rank", "is_substantive", "at", "by_id"})

    case = models.OneToOneField(Case, models.PROTECT, related_name="rescission")
    rank = models.CharField(max_length=60)
    is_substantive = models.BooleanField()
    reason = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(_OFFICER, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="rescission_has_a_reason")]

    def __str__(self) -> str:
        return f"rescission of case {self.case_id}"


class Reminder(models.Model):
    """A message sent about an agreed action: once for each kind and due date; kept, so that nobody is told twice."""

    COMING = "coming"
    OVERDUE = "overdue"

    action = models.ForeignKey(AgreedAction, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8)
    due_on = models.DateField()
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["action", "kind", "due_on"], name="reminder_is_sent_once"),
            models.CheckConstraint(condition=Q(kind__in=["coming", "overdue"]), name="reminder_kind_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.due_on}"
