"""The closed set of named conditions: each turns the parameters a rulebook gives into a question about facts.

A rulebook cannot say anything that is not one of these names, and each name says which effects it may serve and which
parameters it takes; `rulebook_files` holds a file to that when it is read.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from cr_app.policy.disposals import DisposalsExist, DisposalsWithin, EarlierDisposal
from cr_app.policy.facts import NO_VENUE
from cr_app.policy.logic import (
    ALWAYS,
    VICTIM,
    Asks,
    Formula,
    Given,
    Not,
    OffenceCategory,
    OffenceCode,
    OffenceIndictable,
    OneOf,
    Under,
    both,
    either,
)

Value = str | int | bool | tuple[str, ...]
Parameters = Mapping[str, Value]


class Effect(StrEnum):
    """What a rule does to the verdict."""

    BAR = "bar"
    REFERRAL = "referral"
    EXCLUSION = "exclusion"
    REQUIREMENT = "requirement"
    AUTHORITY = "authority"
    EXEMPTION = "exemption"
    ADVICE = "advice"


class Special(StrEnum):
    """Conditions that look at what other rules found, not only at facts."""

    NONE = ""
    AUTHORITY_REFUSED = "authority refused"
    CRIME_REPORT = "crime report after authority"


@dataclass(frozen=True)
class Shape:
    """What a condition asks: when the rule applies and, for a requirement, what satisfies it.

    With `each_victim` both are asked of every victim: a requirement must be met for each, any other applies for any.
    """

    applies: Formula = ALWAYS
    satisfied: Formula | None = None
    each_victim: bool = False
    special: Special = Special.NONE


class Kind(StrEnum):
    """What sort of value a parameter takes."""

    FACT = "a yes-or-no fact"
    VICTIM_FACT = "a yes-or-no fact of a victim"
    VICTIM_FACTS = "a list of yes-or-no facts of a victim"
    WHOLE = "a whole number from 0 to 1200"
    FLAG = "true or false"
    CODES = "a list of offence codes"
    DISPOSALS = "a list of kinds of disposal"
    CIRCUMSTANCE = "a circumstance"
    CATEGORY = "an exclusion category"
    VENUES = "a list of venues of the rulebook"
    RANK = "a rank"
    RULES = "a list of exclusions of the rulebook"


@dataclass(frozen=True)
class Condition:
    """A named condition: the effects it may serve, its parameters, the states it never gives, and how it is built."""

    effects: frozenset[Effect]
    parameters: Mapping[str, Kind]
    build: Callable[[Parameters], Shape]
    never: frozenset[str] = frozenset()


def _text(value: Value) -> str:
    return value if isinstance(value, str) else ""


def _whole(value: Value) -> int:
    return value if isinstance(value, int) else 0


def _texts(value: Value) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


CHILD_UNDER = 18
_CONCERN = Asks("offender.mental_health_concern")
_CHILD = Asks("offender.age_at_decision", Under(CHILD_UNDER))
_VICTIM_CONCERN = both(
    Asks(f"{VICTIM}kind", OneOf(("person",), ("organisation",))), Asks(f"{VICTIM}mental_health_concern")
)


def _answered_yes(given: Parameters) -> Shape:
    return Shape(Asks(_text(given["fact"])))


def _answered_no(given: Parameters) -> Shape:
    return Shape(Not(Asks(_text(given["fact"]))))


def _age_at_offence_under(given: Parameters) -> Shape:
    return Shape(Asks("offender.age_at_offence", Under(_whole(given["years"]))))


def _responsibility_not_accepted(given: Parameters) -> Shape:
    return Shape(both(Not(Asks("offender.accepts_responsibility")), Not(Asks("offender.admits_offence"))))


def _admission_required(given: Parameters) -> Shape:
    return Shape(Not(Asks("offender.admits_offence")))


def _a_victim_objects(given: Parameters) -> Shape:
    return Shape(Not(Asks(f"{VICTIM}agrees")), each_victim=True)


def _disposals_within(given: Parameters) -> Shape:
    return Shape(DisposalsWithin(_texts(given["kinds"]), _whole(given["months"]), _whole(given["at_most"])))


def _disposals_exist(given: Parameters) -> Shape:
    return Shape(DisposalsExist())


def _concern_without_capacity(given: Parameters) -> Shape:
    return Shape(both(_CONCERN, Not(Asks("offender.capacity_evident"))))


def _offence_repeated(given: Parameters) -> Shape:
    codes = _texts(given["codes"])
    return Shape(both(OffenceCode(codes), EarlierDisposal(codes, _texts(given["kinds"]))))


def _indictable_only(given: Parameters) -> Shape:
    return Shape(OffenceIndictable())


def _circumstance_or_offence(given: Parameters) -> Shape:
    circumstance = Asks(f"circumstances.{_text(given['circumstance'])}")
    return Shape(either(OffenceCategory(_text(given["category"])), circumstance))


def _lawful_at_venue(given: Parameters) -> Shape:
    at_venue = Asks("venue", OneOf(_texts(given["venues"]), (NO_VENUE,)))
    return Shape(both(at_venue, Asks("visitor_from_abroad"), Asks("lawful_at_home")))


def _police_officer_or_staff(given: Parameters) -> Shape:
    return Shape(Asks("offender.police_officer_or_staff"))


def _every_case(given: Parameters) -> Shape:
    return Shape()


def _authority_refused(given: Parameters) -> Shape:
    return Shape(special=Special.AUTHORITY_REFUSED)


def _crime_report_after_authority(given: Parameters) -> Shape:
    return Shape(satisfied=Asks("exception.recorded_on_crime_report"), special=Special.CRIME_REPORT)


def _must_be_yes(given: Parameters) -> Shape:
    return Shape(satisfied=Asks(_text(given["fact"])))


def _gravity_considered(given: Parameters) -> Shape:
    return Shape(satisfied=Asks("gravity_score", Given()))


def _child_needs(given: Parameters) -> Shape:
    return Shape(_CHILD, Asks(_text(given["fact"])))


def _concern_needs(given: Parameters) -> Shape:
    return Shape(_CONCERN, Asks(_text(given["fact"])))


def _each_victim_needs(given: Parameters) -> Shape:
    wanted = tuple(Asks(VICTIM + name) for name in _texts(given["any_of"]))
    return Shape(satisfied=either(*wanted), each_victim=True)


def _each_victim_with_concern_needs(given: Parameters) -> Shape:
    return Shape(_VICTIM_CONCERN, Asks(VICTIM + _text(given["fact"])), each_victim=True)


_BAR = frozenset({Effect.BAR})
_BAR_OR_ADVICE = frozenset({Effect.BAR, Effect.ADVICE})
_EXCLUSION = frozenset({Effect.EXCLUSION})
_REQUIREMENT = frozenset({Effect.REQUIREMENT})
_ADVICE = frozenset({Effect.ADVICE})
_NONE: Mapping[str, Kind] = {}
_FACT = {"fact": Kind.FACT}
_ALWAYS_ASKED = frozenset({"clear"})

CONDITIONS: Mapping[str, Condition] = {
    "answered_yes": Condition(frozenset({Effect.BAR, Effect.EXCLUSION, Effect.ADVICE}), _FACT, _answered_yes),
    "answered_no": Condition(_BAR_OR_ADVICE, _FACT, _answered_no),
    "age_at_offence_under": Condition(_BAR_OR_ADVICE, {"years": Kind.WHOLE}, _age_at_offence_under),
    "responsibility_not_accepted": Condition(_BAR, _NONE, _responsibility_not_accepted),
    "admission_required": Condition(_BAR, _NONE, _admission_required),
    "victim_must_agree": Condition(_BAR, _NONE, _a_victim_objects),
    "disposals_within": Condition(
        _BAR_OR_ADVICE,
        {"kinds": Kind.DISPOSALS, "months": Kind.WHOLE, "at_most": Kind.WHOLE},
        _disposals_within,
    ),
    "concern_without_capacity": Condition(_BAR, _NONE, _concern_without_capacity),
    "offence_repeated": Condition(_BAR, {"codes": Kind.CODES, "kinds": Kind.DISPOSALS}, _offence_repeated),
    "authority_refused": Condition(_BAR, _NONE, _authority_refused),
    "indictable_only": Condition(_EXCLUSION, _NONE, _indictable_only),
    "circumstance_or_offence": Condition(
        _EXCLUSION, {"circumstance": Kind.CIRCUMSTANCE, "category": Kind.CATEGORY}, _circumstance_or_offence
    ),
    "police_officer_or_staff": Condition(frozenset({Effect.REFERRAL}), _NONE, _police_officer_or_staff),
    "lawful_at_venue": Condition(
        frozenset({Effect.EXEMPTION}), {"venues": Kind.VENUES, "lifts": Kind.RULES}, _lawful_at_venue
    ),
    "every_case": Condition(
        frozenset({Effect.AUTHORITY}),
        {"rank": Kind.RANK, "substantive": Kind.FLAG},
        _every_case,
        frozenset({"clear", "not_asked"}),
    ),
    "must_be_yes": Condition(_REQUIREMENT, _FACT, _must_be_yes, _ALWAYS_ASKED),
    "gravity_considered": Condition(_REQUIREMENT, _NONE, _gravity_considered, frozenset({"clear", "unmet"})),
    "child_needs": Condition(_REQUIREMENT, _FACT, _child_needs),
    "concern_needs": Condition(_REQUIREMENT, _FACT, _concern_needs),
    "each_victim_needs": Condition(_REQUIREMENT, {"any_of": Kind.VICTIM_FACTS}, _each_victim_needs),
    "each_victim_with_concern_needs": Condition(
        _REQUIREMENT, {"fact": Kind.VICTIM_FACT}, _each_victim_with_concern_needs
    ),
    "crime_report_after_authority": Condition(_REQUIREMENT, _NONE, _crime_report_after_authority),
    "disposals_exist": Condition(_ADVICE, _NONE, _disposals_exist),
    "a_victim_objects": Condition(_ADVICE, _NONE, _a_victim_objects),
}

STATES: Mapping[Effect, tuple[str, ...]] = {
    Effect.BAR: ("applies", "clear", "not_asked"),
    Effect.REFERRAL: ("applies", "lifted", "clear", "not_asked"),
    Effect.EXCLUSION: ("applies", "lifted", "clear", "not_asked"),
    Effect.REQUIREMENT: ("unmet", "met", "clear", "not_asked"),
    Effect.AUTHORITY: ("applies", "lifted", "clear", "not_asked"),
    Effect.EXEMPTION: ("applies", "clear", "not_asked"),
    Effect.ADVICE: ("applies", "clear", "not_asked"),
}


UNSUITABLE = "unsuitable"


def says_of(effect: Effect, condition: str) -> tuple[str, ...]:
    """Return what a rule of this effect and condition needs a sentence for: the states it can be in.

    A referral has one more, for when it applies still because professional standards decided against.
    """
    never = CONDITIONS[condition].never
    states = tuple(state for state in STATES[effect] if state not in never)
    return (*states, UNSUITABLE) if effect is Effect.REFERRAL else states
