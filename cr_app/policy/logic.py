"""Three-valued logic over facts: what is known, the formulas a condition is made of, and what decides them.

True, False and None (not asked yet) combine as Kleene has it: no and unknown is no, yes or unknown is yes. A formula
answers twice: `judge` from facts, with the paths of the facts that decide the value, or of those awaited when it is
None; and `value` from the truth of its leaves alone, which is how `missing` walks through answers not given yet.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter

from cr_app.policy.catalogue import OffenceKind
from cr_app.policy.facts import Facts, VictimFacts

Kleene = bool | None
Judged = tuple[Kleene, tuple[str, ...]]
Answer = bool | int | str | None
VICTIM = "victims[]."


@dataclass(frozen=True, slots=True)
class Known:
    """The facts of a case with the offence types they name and, when one victim is judged, that victim."""

    facts: Facts
    kinds: tuple[OffenceKind, ...] | None
    victim: VictimFacts | None = None
    at: str = ""


def reader(*names: str) -> "Callable[[Facts | VictimFacts], tuple[Answer, ...]]":
    """Return what reads several answers at once, by their dotted names; always a tuple."""
    if not names:
        return lambda of: ()
    if len(names) == 1:
        get: attrgetter[Answer] = attrgetter(names[0])
        return lambda of: (get(of),)
    several: attrgetter[tuple[Answer, ...]] = attrgetter(*names)
    return several


class Formula(ABC):
    """A question that facts answer with True, False or None."""

    @abstractmethod
    def judge(self, known: Known) -> Judged:
        """Return the value and the facts that decide it, or those awaited when it is None."""

    @abstractmethod
    def value(self, truth: "Mapping[Leaf, Kleene]") -> Kleene:
        """Return the value that follows from the truth of the leaves."""

    @abstractmethod
    def leaves(self) -> "tuple[Leaf, ...]":
        """Return the leaves, in the order of the formula."""


class Leaf(Formula):
    """A formula that looks at one fact itself."""

    @property
    @abstractmethod
    def path(self) -> str:
        """The fact it looks at, `victims[].x` for a fact of each victim."""

    def value(self, truth: "Mapping[Leaf, Kleene]") -> Kleene:
        """Return the truth given for this leaf."""
        return truth[self]

    def leaves(self) -> "tuple[Leaf, ...]":
        """Return the leaf itself."""
        return (self,)


class Test(ABC):
    """What is asked of one answer; `samples` are answers that between them give every outcome."""

    @abstractmethod
    def holds(self, answer: Answer) -> bool:
        """Whether an answer, never None, passes."""

    @property
    @abstractmethod
    def samples(self) -> tuple[Answer, ...]:
        """Return answers that give every outcome the test can have."""


@dataclass(frozen=True)
class Yes(Test):
    """The answer is yes."""

    samples = (True, False)

    def holds(self, answer: Answer) -> bool:
        """Whether the answer is yes."""
        return answer is True


@dataclass(frozen=True)
class Given(Test):
    """There is an answer, whichever it is."""

    samples = (3,)

    def holds(self, answer: Answer) -> bool:
        """Whether there is an answer: always, once asked."""
        return answer is not None


@dataclass(frozen=True)
class Under(Test):
    """The number is below a limit."""

    limit: int

    def holds(self, answer: Answer) -> bool:
        """Whether the number is below the limit."""
        return isinstance(answer, int) and answer < self.limit

    @property
    def samples(self) -> tuple[Answer, ...]:
        """Return the last number below the limit, and the limit."""
        return (self.limit - 1, self.limit)


@dataclass(frozen=True)
class OneOf(Test):
    """The answer is one of a few words; `others` are words that are not."""

    words: tuple[str, ...]
    others: tuple[str, ...]

    def holds(self, answer: Answer) -> bool:
        """Whether the answer is one of the words."""
        return answer in self.words

    @property
    def samples(self) -> tuple[Answer, ...]:
        """Return every word, and every other word."""
        return self.words + self.others


@dataclass(frozen=True)
class Asks(Leaf):
    """A test of one answer of the case or, under `victims[].`, of the victim being judged."""

    fact: str
    test: Test = Yes()

    @property
    def path(self) -> str:
        """The fact it looks at."""
        return self.fact

    @cached_property
    def _name(self) -> str:
        return self.fact.removeprefix(VICTIM)

    @cached_property
    def _get(self) -> "attrgetter[Answer]":
        return attrgetter(self._name)

    def answer(self, of: Facts | VictimFacts) -> Answer:
        """Return the answer given in the case or, for a fact of a victim, by that victim."""
        return self._get(of)

    def judge(self, known: Known) -> Judged:
        """Return whether the answer passes, None while there is none."""
        if known.victim is None:
            answer, where = self._get(known.facts), self.fact
        else:
            answer, where = self._get(known.victim), known.at + self._name
        return (None if answer is None else self.test.holds(answer)), (where,)


class OffenceLeaf(Leaf):
    """Whether any offence of the case is of a sort; None while no offence is listed."""

    @property
    def path(self) -> str:
        """The list of offences."""
        return "offences"

    @abstractmethod
    def holds(self, kind: OffenceKind) -> bool:
        """Whether an offence type is of the sort."""

    def judge(self, known: Known) -> Judged:
        """Return True with the offences of the sort, False with all of them."""
        if known.kinds is None:
            return None, ("offences",)
        hits = [self.holds(kind) for kind in known.kinds]
        found = any(hits)
        return found, tuple(f"offences[{i}].code" for i, hit in enumerate(hits) if hit or not found)


@dataclass(frozen=True)
class OffenceCategory(OffenceLeaf):
    """An offence whose own code brings an exclusion category."""

    category: str

    def holds(self, kind: OffenceKind) -> bool:
        """Whether the offence type is of the category."""
        return kind.exclusion_category == self.category


@dataclass(frozen=True)
class OffenceIndictable(OffenceLeaf):
    """An offence triable only on indictment."""

    def holds(self, kind: OffenceKind) -> bool:
        """Whether the offence type is triable only on indictment."""
        return kind.is_indictable_only


@dataclass(frozen=True)
class OffenceCode(OffenceLeaf):
    """An offence with one of some codes."""

    codes: tuple[str, ...]

    def holds(self, kind: OffenceKind) -> bool:
        """Whether the offence type has one of the codes."""
        return kind.code in self.codes


@dataclass(frozen=True)
class Not(Formula):
    """No for yes, yes for no."""

    part: Formula

    def judge(self, known: Known) -> Judged:
        """Return the opposite, for the same reasons."""
        value, facts = self.part.judge(known)
        return (None if value is None else not value), facts

    def value(self, truth: Mapping[Leaf, Kleene]) -> Kleene:
        """Return the opposite."""
        value = self.part.value(truth)
        return None if value is None else not value

    def leaves(self) -> tuple[Leaf, ...]:
        """Return the leaves of the part."""
        return self.part.leaves()


@dataclass(frozen=True)
class _Several(Formula):
    """Parts joined so that one of them having the `ending` value settles it, whatever the others are."""

    parts: tuple[Formula, ...]
    ending = False

    def judge(self, known: Known) -> Judged:
        """Return the ending value with the parts that have it, else None with those awaited, else the rest."""
        ending = self.ending
        settling: tuple[str, ...] = ()
        awaited: tuple[str, ...] = ()
        agreeing: tuple[str, ...] = ()
        settled = waits = False
        for part in self.parts:
            value, facts = part.judge(known)
            if value is ending:
                settled = True
                settling += facts
            elif value is None:
                waits = True
                awaited += facts
            else:
                agreeing += facts
        if settled:
            return ending, settling
        return (None, awaited) if waits else (not ending, agreeing)

    def value(self, truth: Mapping[Leaf, Kleene]) -> Kleene:
        """Return the ending value when a part has it, None when one waits, else the other."""
        waits = False
        for part in self.parts:
            value = part.value(truth)
            if value is self.ending:
                return value
            waits = waits or value is None
        return None if waits else not self.ending

    def leaves(self) -> tuple[Leaf, ...]:
        """Return the leaves of every part, in order."""
        return tuple(leaf for part in self.parts for leaf in part.leaves())


class All(_Several):
    """Yes when every part is; no as soon as one is no; yes of nothing."""

    ending = False


class OneHolds(_Several):
    """Yes as soon as one part is; no when every part is no; no of nothing."""

    ending = True


def both(*parts: Formula) -> Formula:
    """Return the formula that all the parts hold."""
    return All(parts)


def either(*parts: Formula) -> Formula:
    """Return the formula that at least one of the parts holds."""
    return OneHolds(parts)


ALWAYS: Formula = All(())
