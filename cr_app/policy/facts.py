"""All that a rule may look at: the facts of one decision, where None always means not asked yet."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date

DISPOSAL_KINDS = (
    "community_resolution",
    "cannabis_warning",
    "penalty_notice",
    "caution",
    "conditional_caution",
    "youth_caution",
    "conviction",
    "other",
)
NO_VENUE = "none"


class BadFacts(Exception):
    """Facts that cannot be judged; `sentence` names the field and says what is wrong with it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class OffenceFact:
    """One offence of the case, by its Home Office code."""

    code: str
    encouraging_or_assisting: bool = False


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is asked of every case, whatever its offences."""

    domestic_abuse: bool | None = None
    intimate_partner: bool | None = None
    hate_crime: bool | None = None
    sexual: bool | None = None
    firearm: bool | None = None
    weapon_or_blade: bool | None = None


@dataclass(frozen=True, slots=True)
class Disposal:
    """An earlier disposal of the offender: what it was, for which offence, on which day."""

    kind: str
    on: date
    offence_code: str | None = None


@dataclass(frozen=True, slots=True)
class OffenderFacts:
    """What the rules ask of the offender."""

    age_at_offence: int | None = None
    age_at_decision: int | None = None
    police_officer_or_staff: bool | None = None
    accepts_responsibility: bool | None = None
    admits_offence: bool | None = None
    agrees_to_take_part: bool | None = None
    consequences_explained: bool | None = None
    history_checked: bool | None = None
    previous_disposals: tuple[Disposal, ...] | None = None
    mental_health_concern: bool | None = None
    professional_consulted: bool | None = None
    capacity_evident: bool | None = None
    appropriate_adult_present: bool | None = None


@dataclass(frozen=True, slots=True)
class VictimFacts:
    """What the rules ask of each victim."""

    kind: str | None = None
    consulted: bool | None = None
    reason_not_consulted_recorded: bool | None = None
    agrees: bool | None = None
    mental_health_concern: bool | None = None
    professional_consulted: bool | None = None
    capacity_evident: bool | None = None
    appropriate_adult_present: bool | None = None


@dataclass(frozen=True, slots=True)
class ExceptionFacts:
    """What must be written down before and after an exclusion is lifted."""

    grounds_documented: bool | None = None
    investigation_team_advice: bool | None = None
    recorded_on_crime_report: bool | None = None


@dataclass(frozen=True, slots=True)
class AuthorityFacts:
    """The decision on authority, and who gave it; a case without one has them all None."""

    decision: str | None = None
    rank: str | None = None
    substantive: bool | None = None
    is_recording_officer: bool | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of one Community Resolution decision, field by field as `facts.schema.json` has them."""

    decided_on: date
    force: str = "01"
    offences: tuple[OffenceFact, ...] | None = None
    circumstances: Circumstances = Circumstances()
    venue: str | None = None
    visitor_from_abroad: bool | None = None
    lawful_at_home: bool | None = None
    evidence_sufficient: bool | None = None
    less_serious: bool | None = None
    gravity_score: int | None = None
    rationale_recorded: bool | None = None
    reparation_agreed: bool | None = None
    youth_justice_consulted: bool | None = None
    offender: OffenderFacts = OffenderFacts()
    victims: tuple[VictimFacts, ...] | None = None
    exception: ExceptionFacts = ExceptionFacts()
    authority: AuthorityFacts = AuthorityFacts()
    professional_standards: str | None = None

    @property
    def listed_offences(self) -> tuple[OffenceFact, ...] | None:
        """The offences, where an empty list is the same as none asked yet."""
        return self.offences or None


_CASE = tuple(field.name for field in fields(Facts) if field.name not in ("decided_on", "force"))
_NESTED: dict[str, tuple[tuple[str, str], ...]] = {
    name: tuple((field.name, f"{name}.{field.name}") for field in fields(shape))
    for name, shape in (
        ("circumstances", Circumstances),
        ("offender", OffenderFacts),
        ("exception", ExceptionFacts),
        ("authority", AuthorityFacts),
    )
}
_VICTIM = tuple(field.name for field in fields(VictimFacts))


def null_facts(facts: Facts) -> Iterator[str]:
    """Yield the path of every fact that is not asked yet, in the order of the schema, list items by index."""
    for name in _CASE:
        if name in _NESTED:
            part = getattr(facts, name)
            for leaf, path in _NESTED[name]:
                if getattr(part, leaf) is None:
                    yield path
                elif leaf == "previous_disposals":
                    yield from _null_codes(facts)
        elif name == "victims":
            if facts.victims is None:
                yield name
                continue
            for index, victim in enumerate(facts.victims):
                for leaf in _VICTIM:
                    if getattr(victim, leaf) is None:
                        yield f"victims[{index}].{leaf}"
        elif name == "offences":
            if facts.listed_offences is None:
                yield name
        elif getattr(facts, name) is None:
            yield name


def _null_codes(facts: Facts) -> Iterator[str]:
    for index, disposal in enumerate(facts.offender.previous_disposals or ()):
        if disposal.offence_code is None:
            yield f"offender.previous_disposals[{index}].offence_code"
