"""How the sealing of the trail stands, and the checks that reviewers asked for."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q, QuerySet

from cr_app.audit.checkpoints import NotSigned, Statement, VerifierKey, open_note
from cr_app.audit.keys import NoKey, verifier_key
from cr_app.audit.proofs import SealedTree
from cr_app.audit.sealer import Unsealed, unsealed
from cr_app.audit.witness import last_of
from cr_app.oversight.models import IntegrityCheck

# The end of the witness's file that is read: dozens of notes.
_TAIL_BYTES = 16_384
LISTED = 10
# A check whose process has said nothing for so long is taken up by another: while rows are read, and before and after,
# when checkpoints, witness and cases are compared and nothing can be said of how far that is.
SILENT = timedelta(seconds=30)
SILENT_BESIDES = timedelta(minutes=5)


class Witnessed(StrEnum):
    """How the last checkpoint stands to the witness."""

    KEPT = "kept"
    ON_ITS_WAY = "on its way"
    MISSING = "missing"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Latest:
    """The latest checkpoint of the log: what it states, and the signed note that says so."""

    size: int
    root: bytes
    made_at: datetime
    epoch: int
    origin: str
    key_id: str
    note: str


@dataclass(frozen=True)
class Sealing:
    """How far the trail is sealed, what is not yet, and whether the witness has the last checkpoint."""

    latest: Latest | None
    unsealed: Unsealed
    is_late: bool
    witnessed: Witnessed


def latest_checkpoint() -> Latest | None:
    """Return the latest checkpoint; None where nothing is sealed yet."""
    found = SealedTree().latest_checkpoint()
    if found is None:
        return None
    return Latest(
        size=found.size,
        root=bytes(found.root),
        made_at=found.made_at,
        epoch=found.epoch,
        origin=found.origin,
        key_id=found.key_id,
        note=found.note,
    )


def sealing_now(at: datetime) -> Sealing:
    """Return how sealing stands; what cannot be read of the witness from here is said, and no fault of the page."""
    latest, waiting = latest_checkpoint(), unsealed()
    return Sealing(latest, waiting, waiting.is_late(at), _witnessed(latest, at))


def sealing_is_late(at: datetime) -> bool:
    """Tell whether a row has waited too long to be sealed."""
    return unsealed().is_late(at)


def _witnessed(latest: Latest | None, at: datetime) -> Witnessed:
    if latest is None:
        return Witnessed.KEPT
    try:
        last = _last_of_witness(settings.TRAIL_WITNESS_FILE, verifier_key())
    except (OSError, NoKey, NotSigned):
        return Witnessed.UNREADABLE
    if last is not None and (last.epoch, last.size) > (latest.epoch, latest.size):
        # Sealed since the database was asked.
        return Witnessed.KEPT
    if last is not None and (last.epoch, last.size, last.root) == (latest.epoch, latest.size, latest.root):
        return Witnessed.KEPT
    is_new = at - latest.made_at < timedelta(seconds=settings.TRAIL_LATE_SECONDS)
    return Witnessed.ON_ITS_WAY if is_new else Witnessed.MISSING


def _last_of_witness(path: Path, verifier: VerifierKey) -> Statement | None:
    """Read the last whole note from the end of the file, however long it is; never make or change it."""
    with path.open("rb") as file:
        start = max(0, path.stat().st_size - _TAIL_BYTES)
        file.seek(start)
        found = last_of(file.read().decode(errors="replace"), verifier.name, is_whole=start == 0)
    return open_note(found, verifier) if found else None


def is_silent(check: IntegrityCheck, at: datetime) -> bool:
    """Tell whether the process that carries out a check has said nothing for too long."""
    limit = SILENT if 0 < check.checked < check.to_check else SILENT_BESIDES
    return check.alive_at is not None and at - check.alive_at > limit


def free_checks(at: datetime) -> QuerySet[IntegrityCheck]:
    """Return the checks that nobody carries out: not begun, or their process has fallen silent."""
    reads_rows = Q(checked__gt=0, checked__lt=F("to_check"))
    free = Q(alive_at__isnull=True) | Q(alive_at__lt=at - SILENT_BESIDES) | (Q(alive_at__lt=at - SILENT) & reads_rows)
    return IntegrityCheck.objects.filter(free, ended_at__isnull=True)


def check_of(token: UUID) -> IntegrityCheck | None:
    """Return the check of this token, with who asked for it."""
    return IntegrityCheck.objects.select_related("asked_by").filter(token=token).first()


def last_checks() -> tuple[IntegrityCheck, ...]:
    """Return the last checks that were asked for, newest first; the trail is one, whichever force asked."""
    return tuple(IntegrityCheck.objects.select_related("asked_by").order_by("-asked_at")[:LISTED])
