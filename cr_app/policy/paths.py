"""The names of facts, such as `victims[0].consulted`, and their order in the schema."""

from functools import lru_cache

ORDER: tuple[str, ...] = (
    "decided_on",
    "force",
    "offences",
    "offences[].code",
    "circumstances.domestic_abuse",
    "circumstances.intimate_partner",
    "circumstances.hate_crime",
    "circumstances.sexual",
    "circumstances.firearm",
    "circumstances.weapon_or_blade",
    "venue",
    "visitor_from_abroad",
    "lawful_at_home",
    "evidence_sufficient",
    "less_serious",
    "gravity_score",
    "rationale_recorded",
    "reparation_agreed",
    "youth_justice_consulted",
    "offender.age_at_offence",
    "offender.age_at_decision",
    "offender.police_officer_or_staff",
    "offender.accepts_responsibility",
    "offender.admits_offence",
    "offender.agrees_to_take_part",
    "offender.consequences_explained",
    "offender.history_checked",
    "offender.previous_disposals",
    "offender.previous_disposals[].kind",
    "offender.previous_disposals[].offence_code",
    "offender.mental_health_concern",
    "offender.professional_consulted",
    "offender.capacity_evident",
    "offender.appropriate_adult_present",
    "victims",
    "victims[].kind",
    "victims[].consulted",
    "victims[].reason_not_consulted_recorded",
    "victims[].agrees",
    "victims[].mental_health_concern",
    "victims[].professional_consulted",
    "victims[].capacity_evident",
    "victims[].appropriate_adult_present",
    "exception.grounds_documented",
    "exception.investigation_team_advice",
    "exception.recorded_on_crime_report",
    "authority.decision",
    "authority.rank",
    "authority.substantive",
    "authority.is_recording_officer",
    "professional_standards",
)
_PLACE = {path: place for place, path in enumerate(ORDER)}


@lru_cache(maxsize=4096)
def order_of(path: str) -> tuple[int, int, int]:
    """Return what sorts paths as the schema orders them: place of the list, index in it, place in the item."""
    if "[" not in path:
        return (_PLACE[path], -1, 0)
    outer, _, rest = path.partition("[")
    index, _, leaf = rest.partition("]")
    return (_PLACE[outer], int(index), _PLACE[f"{outer}[]{leaf}"])


def in_schema_order(paths: tuple[str, ...]) -> tuple[str, ...]:
    """Return the paths without repetition, in the order of the schema."""
    if len(paths) < 2:
        return paths
    return tuple(sorted(set(paths), key=order_of))


_NOT_YES_OR_NO = {
    "decided_on",
    "force",
    "offences",
    "venue",
    "gravity_score",
    "offender.age_at_offence",
    "offender.age_at_decision",
    "offender.previous_disposals",
    "victims",
    "professional_standards",
}
_BY_CATEGORY = {
    f"circumstances.{name}" for name in ("domestic_abuse", "hate_crime", "sexual", "firearm", "weapon_or_blade")
}
# Yes-or-no facts a rulebook may name. Circumstances that an offence's own code also brings are asked through
# `circumstance_or_offence` alone; authority and exception have rules of their own.
CASE_ANSWERS = tuple(
    path
    for path in ORDER
    if "[]" not in path
    and not path.startswith(("authority.", "exception."))
    and path not in _NOT_YES_OR_NO
    and path not in _BY_CATEGORY
)
VICTIM_ANSWERS = tuple(
    path.removeprefix("victims[].") for path in ORDER if path.startswith("victims[].") and not path.endswith(".kind")
)
CIRCUMSTANCES = tuple(path.partition(".")[2] for path in ORDER if path.startswith("circumstances."))
