"""Roles, and the one table of what each may do with a case, by whose case it is. Pure.

Rank is a fact and a role is given: this table says what a role allows; who may decide a request for authority is
checked against the rank as well, and nobody decides on their own case.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What an officer has been asked to do."""

    RECORDING_OFFICER = "recording_officer"
    SERGEANT = "sergeant"
    AUTHORISING_OFFICER = "authorising_officer"
    PROFESSIONAL_STANDARDS = "professional_standards"
    REVIEWER = "reviewer"
    FOI_ANALYST = "foi_analyst"
    ADMINISTRATOR = "administrator"
    POLICY_OWNER = "policy_owner"

    @property
    def words(self) -> str:
        """Return the role as officers read it."""
        return "FOI analyst" if self is Role.FOI_ANALYST else self.value.replace("_", " ").capitalize()


class Relation(StrEnum):
    """Whose case it is, seen from an officer; the nearest that holds counts alone."""

    OWN = "own"
    OWN_UNIT = "own_unit"
    OWN_FORCE = "own_force"
    OTHER_FORCE = "other_force"


class Right(StrEnum):
    """One thing that may be done with a case."""

    SEE = "see"
    EDIT = "edit"
    SUBMIT = "submit"
    ISSUE = "issue"
    FOLLOW_UP = "follow_up"
    REASSIGN = "reassign"
    DECIDE = "decide"
    RESCIND = "rescind"
    COUNT = "count"


class Duty(StrEnum):
    """One thing a role may do besides, with no case in particular."""

    UNIT_DESK = "unit_desk"
    ON_DUTY_SWITCH = "on_duty_switch"
    SEE_TRAIL = "see_trail"
    SAMPLE = "sample"
    PANELS = "panels"
    CHECK_INTEGRITY = "check_integrity"
    EXPORT_TRAIL = "export_trail"
    ANSWER_REQUESTS = "answer_requests"
    RELEASE = "release"
    MANAGE_OFFICERS = "manage_officers"
    MANAGE_RULEBOOKS = "manage_rulebooks"


class Why(StrEnum):
    """Whether looking at the case asks for a reason."""

    IMPLIED = "implied"
    ASKED = "asked"
    IMPLIED_WHEN_ROUTED = "implied_when_routed"


@dataclass(frozen=True)
class Allowance:
    """One cell of the table: the rights, whether looking asks why, and what narrows it."""

    rights: frozenset[Right] = frozenset()
    why: Why = Why.IMPLIED
    by_exact_reference: bool = False
    referred_only: bool = False


@dataclass(frozen=True)
class Sight:
    """What an officer may do with one case. Without SEE nothing of it is shown.

    `knows_of_it`: the case is restricted, and but for that could be looked at: the officer may learn that it exists and
    whom to ask. `by_exact_reference`: it is opened by typing its reference, and no list shows it.
    """

    rights: frozenset[Right]
    needs_reason: bool = False
    by_exact_reference: bool = False
    knows_of_it: bool = False

    def may(self, right: Right) -> bool:
        """Tell whether `right` is among the rights."""
        return right in self.rights


NOTHING = Allowance()
_OWN_WORK = Allowance(frozenset({Right.SEE, Right.EDIT, Right.SUBMIT, Right.ISSUE, Right.FOLLOW_UP}))
_LOOK = Allowance(frozenset({Right.SEE}), Why.ASKED)
_LOOK_UP = Allowance(frozenset({Right.SEE}), Why.ASKED, by_exact_reference=True)
_DECIDE = Allowance(frozenset({Right.SEE, Right.DECIDE, Right.RESCIND}), Why.IMPLIED_WHEN_ROUTED)
# A restricted case is closed to the inspectors who rescind others, and to the sergeants who follow theirs up once an
# officer has left, so that professional standards do.
_REFERRED = Allowance(
    frozenset({Right.SEE, Right.DECIDE, Right.REASSIGN, Right.RESCIND, Right.FOLLOW_UP}), referred_only=True
)


def _row(own: Allowance, own_unit: Allowance, own_force: Allowance) -> Mapping[Relation, Allowance]:
    # Nobody sees anything of another force.
    return {
        Relation.OWN: own,
        Relation.OWN_UNIT: own_unit,
        Relation.OWN_FORCE: own_force,
        Relation.OTHER_FORCE: NOTHING,
    }


TABLE: Mapping[Role, Mapping[Relation, Allowance]] = {
    Role.RECORDING_OFFICER: _row(_OWN_WORK, _LOOK, _LOOK_UP),
    Role.SERGEANT: _row(
        # What was issued has nobody else when its officer has left: it is followed up by the unit.
        _OWN_WORK,
        Allowance(frozenset({Right.SEE, Right.REASSIGN, Right.FOLLOW_UP})),
        _LOOK_UP,
    ),
    Role.AUTHORISING_OFFICER: _row(_OWN_WORK, _DECIDE, _DECIDE),
    Role.PROFESSIONAL_STANDARDS: _row(
        # A restricted case is closed to the sergeants of its unit, so that nobody else could hand it over.
        NOTHING,
        _REFERRED,
        _REFERRED,
    ),
    Role.REVIEWER: _row(NOTHING, _LOOK, _LOOK),
    Role.FOI_ANALYST: _row(NOTHING, NOTHING, Allowance(frozenset({Right.COUNT}))),
    Role.ADMINISTRATOR: _row(NOTHING, NOTHING, NOTHING),
    Role.POLICY_OWNER: _row(NOTHING, NOTHING, NOTHING),
}


def _with_any(*rights: Right) -> frozenset[Role]:
    return frozenset(
        role for role, row in TABLE.items() if any(cell.rights.intersection(rights) for cell in row.values())
    )


# Roles of which decisions are asked, and whose absence therefore matters.
DECIDING = _with_any(Right.DECIDE)
# Roles that follow up what was issued, be it their own alone: who was promoted keeps cases that were issued before.
FOLLOWING_UP = frozenset(role for role, row in TABLE.items() if Right.FOLLOW_UP in row[Relation.OWN].rights)
# Roles that record, supervise or decide cases. Whoever makes accounts has none of them: a second account, made by the
# same hand, would decide on the first one's cases.
TAKING_PART = _with_any(
    Right.EDIT, Right.SUBMIT, Right.ISSUE, Right.FOLLOW_UP, Right.REASSIGN, Right.DECIDE, Right.RESCIND
)

BESIDES: Mapping[Role, frozenset[Duty]] = {
    Role.RECORDING_OFFICER: frozenset(),
    Role.SERGEANT: frozenset({Duty.UNIT_DESK}),
    Role.AUTHORISING_OFFICER: frozenset({Duty.ON_DUTY_SWITCH}),
    Role.PROFESSIONAL_STANDARDS: frozenset(),
    Role.REVIEWER: frozenset({Duty.SEE_TRAIL, Duty.SAMPLE, Duty.PANELS, Duty.CHECK_INTEGRITY, Duty.EXPORT_TRAIL}),
    Role.FOI_ANALYST: frozenset({Duty.ANSWER_REQUESTS, Duty.RELEASE}),
    Role.ADMINISTRATOR: frozenset({Duty.MANAGE_OFFICERS}),
    Role.POLICY_OWNER: frozenset({Duty.MANAGE_RULEBOOKS}),
}


def sight(roles: Collection[Role], relation: Relation, *, restricted: bool = False, routed: bool = False) -> Sight:
    """Return what officers with `roles` may do with a case that stands in `relation` to them.

    `restricted`: the case is, or was, referred to professional standards. `routed`: authority for it was asked of this
    very officer. Rights of several roles add up; the kindest of their conditions holds.
    """
    cells = [TABLE[role][relation] for role in roles]
    open_cells = [
        cell for cell in cells if cell.rights and _is_open(cell, relation, restricted=restricted, routed=routed)
    ]
    seeing = [cell for cell in open_cells if Right.SEE in cell.rights]
    return Sight(
        rights=frozenset(right for cell in open_cells for right in cell.rights),
        needs_reason=bool(seeing) and all(_asks_why(cell, routed=routed) for cell in seeing),
        by_exact_reference=bool(seeing) and all(cell.by_exact_reference for cell in seeing),
        knows_of_it=restricted and not seeing and any(Right.SEE in cell.rights for cell in cells),
    )


def duties(roles: Collection[Role]) -> frozenset[Duty]:
    """Return what officers with `roles` may do besides cases."""
    return frozenset(duty for role in roles for duty in BESIDES[role])


def _is_open(cell: Allowance, relation: Relation, *, restricted: bool, routed: bool) -> bool:
    # A restricted case is for its officer, professional standards and the inspector asked; counts name nobody.
    if cell.referred_only:
        return restricted
    if not restricted or relation is Relation.OWN or Right.COUNT in cell.rights:
        return True
    return routed and cell.why is Why.IMPLIED_WHEN_ROUTED


def _asks_why(cell: Allowance, *, routed: bool) -> bool:
    return cell.why is Why.ASKED or (cell.why is Why.IMPLIED_WHEN_ROUTED and not routed)
