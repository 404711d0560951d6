"""What a rulebook is made of: rules, and beside them remedies, venues, targets and what follows from not complying."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from cr_app.policy.conditions import Effect, Parameters, Shape
from cr_app.policy.ranks import Rank


@dataclass(frozen=True, slots=True)
class AuthorityNeeded:
    """Who may give authority: this rank or above, substantive where it says so, never the recording officer."""

    rank: Rank
    substantive: bool

    @property
    def words(self) -> str:
        """Return who that is, in words."""
        article = "an" if self.rank.name[0] in "AEIOU" else "a"
        return f"{article} {self.rank.name} or above{', substantive in that rank' if self.substantive else ''}"


@dataclass(frozen=True, eq=False)
class Rule:
    """One line of a rulebook; `says` is the sentence the officer reads for each state the rule can be in."""

    id: str
    title: str
    effect: Effect
    condition: str
    parameters: Parameters
    says: Mapping[str, str]
    source: str
    shape: Shape
    authority: AuthorityNeeded | None = None


@dataclass(frozen=True, slots=True)
class RemedyAction:
    """An action of the Community Remedy list: whether it is done for a victim, and whether a sum is agreed."""

    code: str
    title: str
    for_victim: bool
    amount: bool


@dataclass(frozen=True, slots=True)
class Venue:
    """A venue with a local arrangement."""

    code: str
    title: str


@dataclass(frozen=True, eq=False)
class Rulebook:
    """One force's policy from a date; `force` is empty for the national one, under which no case is judged alone.

    `targets` are minutes; `non_compliance` is what follows from not complying, a sentence each.
    """

    name: str
    force: str
    title: str
    in_force_from: date
    extends: str
    sources: tuple[str, ...]
    rules: tuple[Rule, ...]
    remedy_actions: tuple[RemedyAction, ...]
    venues: tuple[Venue, ...]
    targets: Mapping[str, int]
    non_compliance: tuple[str, ...]
    authority: AuthorityNeeded

    @property
    def authority_rank(self) -> Rank:
        """The lowest rank whose authority lifts an exclusion."""
        return self.authority.rank

    @property
    def authority_substantive(self) -> bool:
        """Whether that rank must be held substantively."""
        return self.authority.substantive

    def rule(self, rule_id: str) -> Rule:
        """Return the rule of this id; KeyError when the rulebook has none."""
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise KeyError(rule_id)
