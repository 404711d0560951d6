"""Closed cases imported from before, requests for statistics, what was worked out for them, and what was released."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from cr_app.disclosure.asked import (
    BASES,
    BREAKDOWNS,
    LARGEST_THRESHOLD,
    LEAST_THRESHOLD,
    METHODS,
    ROWS_BY,
    YEARS,
    ZEROS,
)
from cr_app.disclosure.import_file.rows import SEXES, VICTIM_KINDS
from cr_app.reference.models import Ethnicity, Force, OffenceType

_OFFICER = settings.AUTH_USER_MODEL
_THRESHOLDS = (LEAST_THRESHOLD, LARGEST_THRESHOLD)


class ImportBatch(models.Model):
    """One file of closed cases; nothing of it is counted until `completed_at`, and nothing changes after it.

    `lines_done` is how far the file has been read in whole chunks, so that a run that was cut short goes on from there.
    `digest` and `mapping_digest` are SHA-256 of the two files, in hexadecimal. `salt` keys the digests of the rows, so that
    nobody can try what a person's row might say against the trail, where the salt is not.
    """

    salt = models.BinaryField(max_length=32)
    digest = models.CharField(max_length=64)
    mapping_digest = models.CharField(max_length=64, blank=True)
    started_at = models.DateTimeField()
    lines_done = models.PositiveIntegerField(default=0)
    cases = models.PositiveIntegerField(default=0)
    offences = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    completed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["digest", "mapping_digest"], name="a_file_is_imported_once"),
        ]

    def __str__(self) -> str:
        return f"Import {self.pk}"

    @property
    def subject(self) -> str:
        """Return how the trail names this batch."""
        return f"import:{self.pk}"


class ImportedCase(models.Model):
    """A closed case from before: what is counted of it, with its principal offence, and nobody's name.

    It has no rulebook, no facts and no wizard. `line` is where its first row stands in the file (the header is line 1);
    `row_digest` is the digest of that row as it was read, under the salt of its batch.
    """

    batch = models.ForeignKey(ImportBatch, models.PROTECT, related_name="+")
    line = models.PositiveIntegerField()
    reference = models.CharField(max_length=40)
    force = models.ForeignKey(Force, models.PROTECT, related_name="+")
    unit = models.CharField(max_length=100, blank=True)
    offence_type = models.ForeignKey(OffenceType, models.PROTECT, related_name="+")
    encouraging_or_assisting = models.BooleanField()
    offence_on = models.DateField(null=True)
    decided_on = models.DateField(null=True)
    issued_on = models.DateField()
    offender_age = models.PositiveSmallIntegerField(null=True)
    offender_sex = models.CharField(max_length=10, blank=True)
    offender_ethnicity = models.ForeignKey(Ethnicity, models.PROTECT, null=True, related_name="+")
    victim_kind = models.CharField(max_length=12, blank=True)
    victim_agrees = models.BooleanField(null=True)
    exception = models.BooleanField(null=True)
    row_digest = models.BinaryField(max_length=16)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "force", "reference"], name="a_batch_has_a_case_once"),
            models.CheckConstraint(
                condition=Q(offender_sex__in=("", *SEXES)), name="an_imported_sex_is_one_of_the_list"
            ),
            models.CheckConstraint(
                condition=Q(victim_kind__in=("", *VICTIM_KINDS)), name="an_imported_victim_is_of_a_known_kind"
            ),
        ]
        indexes = [
            models.Index(fields=["force", "issued_on"], name="imported_case_by_issue"),
            models.Index(fields=["force", "reference"], name="imported_case_by_reference"),
        ]

    def __str__(self) -> str:
        return self.reference


class ImportedOffence(models.Model):
    """A second or later offence of an imported case, in the order of the file."""

    batch = models.ForeignKey(ImportBatch, models.PROTECT, related_name="+")
    case = models.ForeignKey(ImportedCase, models.PROTECT, related_name="further_offences")
    line = models.PositiveIntegerField()
    offence_type = models.ForeignKey(OffenceType, models.PROTECT, related_name="+")
    encouraging_or_assisting = models.BooleanField()
    offence_on = models.DateField(null=True)
    row_digest = models.BinaryField(max_length=16)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "offence_type", "encouraging_or_assisting"], name="an_imported_offence_is_listed_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.offence_type_id}"


class ImportReject(models.Model):
    """A line of a file that was not imported, and why, in a sentence that names no value of a person."""

    batch = models.ForeignKey(ImportBatch, models.PROTECT, related_name="rejects")
    line = models.PositiveIntegerField()
    reason = models.CharField(max_length=300)

    class Meta:
        ordering = ["line"]

    def __str__(self) -> str:
        return f"{self.line}: {self.reason}"


class InformationRequest(models.Model):
    """One table that somebody asked for under the Freedom of Information Act; a request that asks for two is two of these.

    What is asked is in columns; `groups` are named rows, as REQUEST.json has them. It changes until it is released:
    `version` counts the changes, and what was worked out belongs to one version. One that is not answered here is closed.
    `working_since` and `working_by`: its table is being worked out for somebody, so that nobody has it worked out twice at a
    time. `refused_at` and `refused_because`: then it could not be protected as it was asked in `refused_version`.
    """

    force = models.ForeignKey(Force, models.PROTECT, related_name="+")
    reference = models.CharField(max_length=40)
    part = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120, blank=True)
    received_on = models.DateField()
    due_on = models.DateField()
    period_from = models.DateField()
    period_to = models.DateField()
    years = models.CharField(max_length=10)
    rows_by = models.CharField(max_length=10)
    groups = models.JSONField(default=list)
    breakdown = models.CharField(max_length=12, blank=True)
    basis = models.CharField(max_length=10)
    threshold = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(LEAST_THRESHOLD), MaxValueValidator(LARGEST_THRESHOLD)]
    )
    zeros = models.CharField(max_length=10)
    method = models.CharField(max_length=10)
    as_of = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey(_OFFICER, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    changed_by = models.ForeignKey(_OFFICER, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    working_since = models.DateTimeField(null=True)
    working_by = models.ForeignKey(_OFFICER, models.PROTECT, null=True, related_name="+")
    refused_at = models.DateTimeField(null=True)
    refused_because = models.TextField(blank=True)
    refused_version = models.PositiveIntegerField(default=0)
    closed_by = models.ForeignKey(_OFFICER, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_because = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["-received_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None, closed_because="")
                | Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(closed_because=""),
                name="a_request_is_closed_by_somebody_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(working_since=None, working_by=None)
                | Q(working_since__isnull=False, working_by__isnull=False),
                name="a_request_is_worked_out_for_somebody",
            ),
            models.UniqueConstraint(fields=["force", "reference", "part"], name="a_part_of_a_request_is_there_once"),
            models.CheckConstraint(condition=Q(period_from__lte=F("period_to")), name="a_period_begins_before_it_ends"),
            models.CheckConstraint(condition=Q(years__in=list(YEARS)), name="years_are_of_a_known_kind"),
            models.CheckConstraint(condition=Q(rows_by__in=list(ROWS_BY)), name="rows_are_of_a_known_kind"),
            models.CheckConstraint(condition=Q(breakdown__in=["", *BREAKDOWNS]), name="a_breakdown_is_of_a_known_kind"),
            models.CheckConstraint(condition=Q(basis__in=list(BASES)), name="a_basis_is_of_a_known_kind"),
            models.CheckConstraint(condition=Q(zeros__in=list(ZEROS)), name="zeros_are_shown_or_withheld"),
            models.CheckConstraint(condition=Q(method__in=list(METHODS)), name="a_method_is_of_a_known_kind"),
            models.CheckConstraint(condition=Q(threshold__range=_THRESHOLDS), name="a_threshold_is_from_2_to_100"),
        ]

    def __str__(self) -> str:
        return f"{self.reference}, table {self.part}"

    @property
    def subject(self) -> str:
        """Return how the trail names this request."""
        return f"request:{self.pk}"

    @property
    def named(self) -> dict[str, object]:
        """Return what each entry of the trail about this request names it by."""
        return {"reference": self.reference, "part": self.part, "version": self.version}


class CellChoice(models.Model):
    """A person's decision on one cell against the proposal, with the reason; the latest on a cell counts.

    `row` and `column` are labels of the table as it was shown. `is_withheld` keeps the cell, its contrary opens it; None takes
    an earlier decision back.
    """

    request = models.ForeignKey(InformationRequest, models.PROTECT, related_name="choices")
    version = models.PositiveIntegerField()
    row = models.CharField(max_length=300)
    column = models.CharField(max_length=60)
    is_withheld = models.BooleanField(null=True)
    reason = models.CharField(max_length=1000)
    by = models.ForeignKey(_OFFICER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.row}, {self.column}"


class WorkedOut(models.Model):
    """What was worked out for a request: the table as it would leave, as the text of release.json without a number.

    `why` says of each withheld cell why and what an outsider could work out at best, for the desk alone. It holds no
    count that is withheld. `after` is the number of the last release whose days hang together with the request's,
    `last_choice` the key of the last choice, 0 where there was none, and `totals` how often a total published elsewhere that
    counts had come or gone.
    """

    request = models.ForeignKey(InformationRequest, models.PROTECT, related_name="worked_out")
    version = models.PositiveIntegerField()
    content = models.TextField()
    why = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    extracted_at = models.DateTimeField()
    after = models.PositiveIntegerField(default=0)
    last_choice = models.PositiveBigIntegerField(default=0)
    totals = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(_OFFICER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.at}"


class Proposal(models.Model):
    """That one person proposes to release what was worked out; the last one of a request counts."""

    request = models.ForeignKey(InformationRequest, models.PROTECT, related_name="proposals")
    worked_out = models.ForeignKey(WorkedOut, models.PROTECT, related_name="+")
    note = models.TextField(blank=True)
    by = models.ForeignKey(_OFFICER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.at}"


class Release(models.Model):
    """Statistics that left the building: numbered within the force, frozen, released by a second person."""

    force = models.ForeignKey(Force, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    request = models.OneToOneField(InformationRequest, models.PROTECT, related_name="release")
    proposal = models.OneToOneField(Proposal, models.PROTECT, related_name="+")
    content = models.TextField()
    digest = models.CharField(max_length=64)
    extracted_at = models.DateTimeField()
    proposed_by = models.ForeignKey(_OFFICER, models.PROTECT, related_name="+")
    released_by = models.ForeignKey(_OFFICER, models.PROTECT, related_name="+")
    released_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["force", "number"], name="a_release_has_a_number_of_its_own"),
            models.CheckConstraint(condition=~Q(proposed_by=F("released_by")), name="a_release_takes_a_second_person"),
        ]

    def __str__(self) -> str:
        return f"Release {self.number}"

    @property
    def subject(self) -> str:
        """Return how the trail names this release."""
        return f"release:{self.force_id}-{self.number}"


class TotalsThatStand(models.Manager["PublishedTotal"]):
    """The totals that nobody withdrew: what counts for anything."""

    def get_queryset(self) -> models.QuerySet["PublishedTotal"]:
        """Return every total but those that were withdrawn."""
        return super().get_queryset().filter(withdrawal=None)


class PublishedTotal(models.Model):
    """A total of the same cases that somebody else published, such as the Home Office; the ledger takes it into account.

    `groups` are as in a request, and empty for all offences; `count` is what was published. `is_ours`: it was what the records
    gave when it was added, then or at an earlier moment that counts. `objects` are those that nobody withdrew.
    """

    force = models.ForeignKey(Force, models.PROTECT, related_name="+")
    source = models.CharField(max_length=300)
    published_on = models.DateField()
    period_from = models.DateField()
    period_to = models.DateField()
    groups = models.JSONField(default=list)
    basis = models.CharField(max_length=10)
    count = models.PositiveIntegerField()
    is_ours = models.BooleanField(default=False)
    by = models.ForeignKey(_OFFICER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = TotalsThatStand()
    every = models.Manager["PublishedTotal"]()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(period_from__lte=F("period_to")), name="a_published_period_begins_before_it_ends"
            ),
            models.CheckConstraint(condition=Q(basis__in=list(BASES)), name="a_published_basis_is_of_a_known_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.count}"

    @property
    def subject(self) -> str:
        """Return how the trail names this total."""
        return f"total:{self.pk}"


class TotalWithdrawal(models.Model):
    """That a total published elsewhere counts no more, and why, such as that it was mistyped; the total stays and is shown.

    `was_ours`: it was what the records gave, when it was added or when it was withdrawn, so tables were worked out beside it.
    """

    total = models.OneToOneField(PublishedTotal, models.PROTECT, related_name="withdrawal")
    reason = models.CharField(max_length=1000)
    was_ours = models.BooleanField()
    by = models.ForeignKey(_OFFICER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="a_total_is_withdrawn_for_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.total_id}: {self.at}"
