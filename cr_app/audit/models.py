"""The tables of the trail. Rows are only ever added: triggers and grants (migration 0002) refuse anything else.

`trail` alone writes what happened, `sealer` alone the sealed log over it; `queries` and `searching` read for pages.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from cr_app.audit.fields import CurrentTransactionId, TransactionIdField


class ActorKind(models.TextChoices):
    """Who acts: an officer, the system itself, or somebody not signed in."""

    OFFICER = "officer"
    SYSTEM = "system"
    ANONYMOUS = "anonymous"


class Outcome(models.TextChoices):
    """Whether what was tried was done."""

    DONE = "done"
    REFUSED = "refused"


class AccessKind(models.TextChoices):
    """The operations that section 62 of the Data Protection Act 2018 wants logged."""

    COLLECTION = "collection"
    ALTERATION = "alteration"
    CONSULTATION = "consultation"
    DISCLOSURE = "disclosure"
    COMBINATION = "combination"
    ERASURE = "erasure"


class LeafTable(models.TextChoices):
    """Which of the two tables a leaf of the sealed log stands for."""

    ENTRY = "entry", "Entry"
    ACCESS = "access", "Access"


class Happening(models.Model):
    """What entries and accesses share: when, in which transaction and request, and who as they were then.

    The actor is a plain key and words, never a foreign key: officers come, change and go, the trail stays.
    `body` holds the canonical bytes of every other column but `id` and `transaction_id`, which the database gives.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    transaction_id = TransactionIdField(db_default=CurrentTransactionId(), editable=False)
    actor_kind = models.CharField(max_length=9, choices=ActorKind.choices)
    actor_key = models.CharField(max_length=64, blank=True)
    warrant_number = models.CharField(max_length=32, blank=True)
    rank = models.CharField(max_length=64, blank=True)
    actor_name = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=7, choices=Outcome.choices)
    request_id = models.UUIDField(null=True, blank=True)
    address = models.CharField(max_length=45, blank=True)
    format_version = models.PositiveSmallIntegerField()
    body = models.BinaryField()

    class Meta:
        """Abstract: each kind of happening has its own table."""

        abstract = True


class Entry(Happening):
    """One happening: what an actor did, or tried to do, to a subject such as case:7KQM2PXR."""

    event = models.CharField(max_length=40)
    subject = models.CharField(max_length=80, blank=True)
    details = models.JSONField()

    class Meta:
        """Found by subject, actor, event and time; sealed in the order of transactions."""

        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="entry_is_done_or_refused"),
            models.CheckConstraint(condition=Q(actor_kind__in=ActorKind.values), name="entry_has_a_kind_of_actor"),
        ]
        indexes = [
            models.Index(fields=["subject", "id"], name="entry_by_subject"),
            models.Index(fields=["actor_key", "at", "id"], name="entry_by_actor_and_time"),
            models.Index(fields=["event", "at", "id"], name="entry_by_event_and_time"),
            models.Index(fields=["at", "id"], name="entry_by_time"),
            models.Index(fields=["at", "id"], condition=Q(outcome="refused"), name="entry_refused_by_time"),
            models.Index(fields=["transaction_id", "id"], name="entry_by_transaction"),
        ]

    def __str__(self) -> str:
        """Name the entry without saying anything personal."""
        return f"{self.pk} {self.event} {self.subject}".rstrip()


class Access(Happening):
    """One look at records: which, where, why, and for a disclosure to whom; reason and recipient can be erased."""

    kind = models.CharField(max_length=12, choices=AccessKind.choices)
    subjects = ArrayField(models.CharField(max_length=80))
    page = models.CharField(max_length=200)
    # One's own work or duty needs no reason; any other look has one, kept as its digest here and as text in AccessPersonal.
    implied = models.BooleanField()
    sitting = models.CharField(max_length=64, blank=True)
    reason_digest = models.CharField(max_length=64, blank=True)
    recipient_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        """Found by record, by actor, by time, and by the sitting for which a reason was given."""

        verbose_name_plural = "accesses"
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="access_is_done_or_refused"),
            models.CheckConstraint(condition=Q(actor_kind__in=ActorKind.values), name="access_has_a_kind_of_actor"),
            models.CheckConstraint(condition=Q(kind__in=AccessKind.values), name="access_is_of_a_kind_in_law"),
        ]
        indexes = [
            GinIndex(fields=["subjects"], name="access_by_subject"),
            models.Index(fields=["actor_key", "at", "id"], name="access_by_actor_and_time"),
            models.Index(fields=["at", "id"], name="access_by_time"),
            models.Index(fields=["at", "id"], condition=Q(outcome="refused"), name="access_refused_by_time"),
            models.Index(fields=["transaction_id", "id"], name="access_by_transaction"),
            models.Index(
                fields=["sitting", "actor_key"],
                condition=Q(implied=False) & ~Q(sitting=""),
                name="access_with_a_reason_given",
            ),
        ]

    def __str__(self) -> str:
        """Name the access without saying anything personal."""
        return f"{self.pk} {self.kind} {' '.join(self.subjects)}".rstrip()


class EntryPersonal(models.Model):
    """A personal value of an entry, as JSON text, and the salt of its digest; retention may delete it."""

    pk = models.CompositePrimaryKey("entry", "path")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="personal", db_index=False)
    path = models.CharField(max_length=200)
    value = models.TextField()
    salt = models.BinaryField()

    def __str__(self) -> str:
        """Name the place, not the value."""
        return f"{self.entry_id} {self.path}"


class AccessPersonal(models.Model):
    """The reason or the recipient of an access, as JSON text, and the salt of its digest; retention may delete it."""

    pk = models.CompositePrimaryKey("access", "path")
    access = models.ForeignKey(Access, on_delete=models.PROTECT, related_name="personal", db_index=False)
    path = models.CharField(max_length=200)
    value = models.TextField()
    salt = models.BinaryField()

    def __str__(self) -> str:
        """Name the place, not the value."""
        return f"{self.access_id} {self.path}"


class Leaf(models.Model):
    """One row of the sealed log: which entry or access stands at this place, and the hash of its leaf (tree.leaf_hash).

    Places begin at 0 and have no gaps. The sealer alone adds them, in the order of transaction, table and id.
    """

    index = models.BigIntegerField(primary_key=True)
    table = models.CharField(max_length=6, choices=LeafTable.choices)
    row_id = models.BigIntegerField()
    transaction_id = TransactionIdField()
    hash = models.BinaryField()

    class Meta:
        """A row has one leaf, which is all that it needs to be found by; places begin at 0."""

        constraints = [
            models.UniqueConstraint(fields=["table", "row_id"], name="leaf_stands_for_one_row_once"),
            models.CheckConstraint(condition=Q(index__gte=0), name="leaf_has_a_place_from_0"),
            models.CheckConstraint(condition=Q(table__in=LeafTable.values), name="leaf_is_of_a_table_of_the_trail"),
        ]

    def __str__(self) -> str:
        """Name its place, and the row that stands there."""
        return f"{self.index} {self.table} {self.row_id}"


class Subtree(models.Model):
    """The root of 256 to the power of `level` leaves that are all there: what proofs need, without reading the leaves."""

    pk = models.CompositePrimaryKey("level", "index")
    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    root = models.BinaryField()

    def __str__(self) -> str:
        """Name its place among those of its level."""
        return f"{self.level} {self.index}"


class Checkpoint(models.Model):
    """A signed statement of the log at one size; `note` is the signed note as it is handed out (audit.checkpoints).

    `horizon`: rows of earlier transactions are all in the log, or were undone. `database` tells one server's numbers of
    transactions from another's; an `epoch` begins where a restored database goes on.
    """

    epoch = models.PositiveIntegerField()
    size = models.BigIntegerField()
    root = models.BinaryField()
    made_at = models.DateTimeField()
    origin = models.CharField(max_length=200)
    algorithm = models.CharField(max_length=20)
    key_id = models.CharField(max_length=8)
    horizon = TransactionIdField()
    database = models.CharField(max_length=64)
    note = models.TextField()

    class Meta:
        """One for each size of an epoch: of two that differ nobody could tell which is meant."""

        constraints = [models.UniqueConstraint(fields=["epoch", "size"], name="checkpoint_is_the_only_one_of_its_size")]

    def __str__(self) -> str:
        """Name epoch and size."""
        return f"{self.epoch} {self.size}"
