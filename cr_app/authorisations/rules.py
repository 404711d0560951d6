"""Who may decide on a case: never one's own, in the role and at the rank that the force's rulebook asks for. Pure.

Source: docs/policy.md (authority from an officer of at least the rulebook's rank, substantive where it says so, who did
not record the case; a case referred to professional standards is decided by them alone).
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from cr_app.accounts.ranks import RankHeld
from cr_app.accounts.roles import Role
from cr_app.policy.ranks import Rank

Kind: TypeAlias = Literal["authority", "suitability"]

ROLE_FOR: dict[Kind, Role] = {
    "authority": Role.AUTHORISING_OFFICER,
    "suitability": Role.PROFESSIONAL_STANDARDS,
}


@dataclass(frozen=True)
class Decider:
    """An officer at the moment of deciding; `name` as names are compared, `rank` as it is held on that day."""

    pk: int
    warrant_number: str
    name: str
    force: str
    rank: RankHeld
    roles: frozenset[Role]
    is_active: bool = True
    must_change_password: bool = False


@dataclass(frozen=True)
class Matter:
    """What is to be decided, and whose it is.

    `edited_by` are the officers who changed its answers, `interested` those who declared an interest; `accounts_of_theirs`
    the warrant numbers of those whose account was added, changed or given a password by whoever has or had a hand in the
    case. Warrant numbers in their normal form, names as they are compared. `needed` is the lowest rank whose authority
    counts: None while that is not known, and for professional standards, who decide whatever their rank.
    """

    kind: Kind
    force: str
    recorded_by: int
    officer: int
    edited_by: frozenset[int] = frozenset()
    interested: frozenset[int] = frozenset()
    accounts_of_theirs: frozenset[str] = frozenset()
    party_numbers: frozenset[str] = frozenset()
    party_names: frozenset[str] = frozenset()
    needed: Rank | None = None
    needs_substantive: bool = False

    @property
    def hands(self) -> frozenset[int]:
        """Return who recorded it, has it now or changed its answers."""
        return self.edited_by | {self.recorded_by, self.officer}


@dataclass(frozen=True)
class Answer:
    """Whether an officer may decide: every reason why not, and what they should think of all the same."""

    reasons: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def allowed(self) -> bool:
        """Tell whether nothing stands in the way."""
        return not self.reasons


def may_decide(decider: Decider, matter: Matter) -> Answer:
    """Return whether an officer may decide on a matter, with every reason why not."""
    reasons = (
        *_of_account(decider),
        *_of_duty(decider, matter),
        *_of_rank(decider, matter),
        *_of_part(decider, matter),
    )
    warnings: tuple[str, ...] = ()
    if any(_are_alike(decider.name, name) for name in matter.party_names):
        warnings = ("Somebody in this case has a name like yours. If you know them, declare an interest.",)
    return Answer(reasons, warnings)


def needed_in_words(matter: Matter) -> str:
    """Return who may decide, as pages say it: "a substantive Inspector or above", "professional standards"."""
    if matter.kind == "suitability":
        return "professional standards"
    if matter.needed is None:
        return "an authorising officer, of a rank that is not known yet"
    words = f"substantive {matter.needed.name}" if matter.needs_substantive else matter.needed.name
    return f"{'an' if words[0] in 'AEIOU' else 'a'} {words} or above"


def rank_decided_in(rank: RankHeld, matter: Matter) -> tuple[Rank, bool]:
    """Return the rank that a decision rests on, and whether it is held substantively.

    It is the rank acted in, but where the matter asks for substantive rank: there the substantive one counts.
    """
    if rank.is_acting and not matter.needs_substantive:
        return rank.rank, False
    return rank.substantive, True


def _of_account(decider: Decider) -> tuple[str, ...]:
    reasons = []
    if not decider.is_active:
        reasons.append("Your account is closed.")
    if decider.must_change_password:
        reasons.append("You have not changed your first password. Change it, then decide.")
    return tuple(reasons)


def _of_duty(decider: Decider, matter: Matter) -> tuple[str, ...]:
    reasons = []
    if decider.force != matter.force:
        reasons.append("This case belongs to another force.")
    role = ROLE_FOR[matter.kind]
    if role in decider.roles:
        return tuple(reasons)
    if matter.kind == "suitability":
        reasons.append(
            "Only professional standards decide whether this case is suitable, and no other officer of any rank "
            "can override them."
        )
    else:
        reasons.append(
            f"You have not been given the role of {role.words.lower()}. An administrator of your force can give it."
        )
    return tuple(reasons)


def _of_rank(decider: Decider, matter: Matter) -> tuple[str, ...]:
    if matter.kind == "suitability":
        return ()
    if matter.needed is None:
        return ("It is not known yet which rank may decide on this case.",)
    held = decider.rank
    if held.is_at_least(matter.needed, substantive=matter.needs_substantive):
        return ()
    wanted = f"Authority for this case needs {needed_in_words(matter)}."
    if held.is_acting:
        acting = f"You are acting as {held.rank.name}, and your substantive rank is {held.substantive.name}"
        counts = held.is_at_least(matter.needed, substantive=False)
        return (f"{wanted} {acting}{': an acting or temporary rank does not count here' if counts else ''}.",)
    return (f"{wanted} Your rank is {held.rank.name}.",)


def _of_part(decider: Decider, matter: Matter) -> tuple[str, ...]:
    reasons = []
    if decider.pk == matter.recorded_by:
        reasons.append("You recorded this case, and nobody decides on a case of their own.")
    elif decider.pk == matter.officer:
        reasons.append("This case is yours now, and nobody decides on a case of their own.")
    if decider.pk in matter.edited_by - {matter.recorded_by, matter.officer}:
        reasons.append("You changed answers in this case, so another officer must decide on it.")
    if decider.warrant_number in matter.accounts_of_theirs and decider.pk not in matter.hands:
        reasons.append(
            "Somebody who recorded this case, has it now or changed its answers has added or changed your account, or given "
            "it a password, so another officer must decide on it."
        )
    if decider.warrant_number in matter.party_numbers:
        reasons.append("You are a party to this case: your warrant number is given for one of its people.")
    if decider.pk in matter.interested:
        reasons.append("You declared an interest in this case, so another officer must decide on it.")
    return tuple(reasons)


def _are_alike(one: str, other: str) -> bool:
    """Tell whether two names may be one person's: the same last word, and first words of which one begins the other."""
    mine, theirs = one.split(), other.split()
    if not mine or not theirs:
        return False
    return mine[-1] == theirs[-1] and (mine[0].startswith(theirs[0]) or theirs[0].startswith(mine[0]))
