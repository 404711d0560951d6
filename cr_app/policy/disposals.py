"""What the rules ask of the offender's earlier disposals."""

from abc import abstractmethod
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from cr_app.policy.facts import DISPOSAL_KINDS, Disposal
from cr_app.policy.logic import Judged, Kleene, Known, Leaf

DISPOSALS = "offender.previous_disposals"


def months_before(day: date, months: int) -> date:
    """Return the same day of the month that many months earlier, or that month's last day when it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    if year < 1:
        return date.min
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


class DisposalLeaf(Leaf):
    """A question about the list of earlier disposals; None while the list is not asked."""

    @property
    def path(self) -> str:
        """The list of earlier disposals."""
        return DISPOSALS

    def judge(self, known: Known) -> Judged:
        """Return what the list answers."""
        listed = known.facts.offender.previous_disposals
        if listed is None:
            return None, (DISPOSALS,)
        return self.of_list(listed, known.facts.decided_on)

    @abstractmethod
    def of_list(self, listed: tuple[Disposal, ...], decided_on: date) -> Judged:
        """Return the value and the facts of the list that decide it, or those awaited."""

    @abstractmethod
    def samples(self, decided_on: date) -> Iterator[tuple[Disposal, ...]]:
        """Yield lists that between them give every outcome the question can have."""


@dataclass(frozen=True)
class DisposalsExist(DisposalLeaf):
    """There is an earlier disposal."""

    def of_list(self, listed: tuple[Disposal, ...], decided_on: date) -> Judged:
        """Return whether the list holds any."""
        return bool(listed), (DISPOSALS,)

    def samples(self, decided_on: date) -> Iterator[tuple[Disposal, ...]]:
        """Yield none, and one."""
        yield ()
        yield (Disposal("other", decided_on, ""),)


@dataclass(frozen=True)
class EarlierDisposal(DisposalLeaf):
    """An earlier disposal for one of some codes, or of one of some kinds; a null code may still turn out to be one."""

    codes: tuple[str, ...]
    kinds: tuple[str, ...]

    def of_list(self, listed: tuple[Disposal, ...], decided_on: date) -> Judged:
        """Return True with the disposals that count, None with the codes awaited, False with the list."""
        hits: list[str] = []
        for index, disposal in enumerate(listed):
            if disposal.kind in self.kinds:
                hits.append(f"{DISPOSALS}[{index}].kind")
            elif disposal.offence_code in self.codes:
                hits.append(f"{DISPOSALS}[{index}].offence_code")
        if hits:
            return True, tuple(hits)
        awaited = tuple(f"{DISPOSALS}[{i}].offence_code" for i, one in enumerate(listed) if one.offence_code is None)
        value: Kleene = None if awaited else False
        return value, awaited or (DISPOSALS,)

    def samples(self, decided_on: date) -> Iterator[tuple[Disposal, ...]]:
        """Yield no disposal, one that counts, one that does not, one whose code is not asked."""
        yield ()
        yield (Disposal("conviction", decided_on, self.codes[0]),)
        for kind in DISPOSAL_KINDS:
            if kind not in self.kinds:
                yield (Disposal(kind, decided_on, None),)
                return


@dataclass(frozen=True)
class DisposalsWithin(DisposalLeaf):
    """More than `at_most` disposals of some kinds on or after the day that many months before the decision."""

    kinds: tuple[str, ...]
    months: int
    at_most: int

    def of_list(self, listed: tuple[Disposal, ...], decided_on: date) -> Judged:
        """Return whether there are too many, with those counted, or the list when there are not."""
        since = months_before(decided_on, self.months)
        counted = tuple(
            f"{DISPOSALS}[{i}].kind" for i, one in enumerate(listed) if one.kind in self.kinds and one.on >= since
        )
        if len(counted) > self.at_most:
            return True, counted
        return False, (DISPOSALS,)

    def samples(self, decided_on: date) -> Iterator[tuple[Disposal, ...]]:
        """Yield none, and one more than is allowed."""
        yield ()
        for kind in self.kinds:
            yield (Disposal(kind, decided_on, ""),) * (self.at_most + 1)
