"""judge(record, on) -> what the force's rulebook says of a case on a day."""

from dataclasses import replace
from datetime import date

from cr_app.cases.facts import catalogue_of, facts_of
from cr_app.cases.queries import Record
from cr_app.pages.refusals import NotAllowed
from cr_app.policy.assessment import Assessment, Verdict, assess, known_of, supposing_authority
from cr_app.policy.conditions import Effect
from cr_app.policy.facts import AuthorityFacts, BadFacts, Facts
from cr_app.policy.findings import APPLIES, Finding, find
from cr_app.policy.rulebook import rulebook_in_force
from cr_app.policy.rules import AuthorityNeeded, Rule, Rulebook


def rulebook_for(force_code: str, *, on: date) -> Rulebook:
    """Return the rulebook of a force in force on a day; raises NotAllowed where it has none, and says whom to ask."""
    try:
        return rulebook_in_force(force_code, on)
    except BadFacts as error:
        raise NotAllowed(
            "Your force has no policy on Community Resolutions in this service on this day. "
            "Ask your force's policy owner to add one."
        ) from error


def judge(record: Record, *, on: date) -> Assessment:
    """Assess a case under its force's rulebook of a day, with every offence type the case holds."""
    rulebook = rulebook_for(record.case.force_id, on=on)
    return assess(_facts_to_judge(record, rulebook, on=on), rulebook, catalogue_of(record))


def judge_supposing_authority(record: Record, *, on: date) -> Assessment:
    """Assess as if authority had been validly given and recorded: what is open besides is what still stops the case.

    The exceptional circumstances and the advice are not supposed: they are what authority is asked on.
    """
    rulebook = rulebook_for(record.case.force_id, on=on)
    supposed = supposing_authority(_facts_to_judge(record, rulebook, on=on), rulebook)
    return assess(supposed, rulebook, catalogue_of(record))


def judge_supposing_entry(record: Record, *, on: date) -> Assessment:
    """Assess as if the entry for the crime report had been recorded, which can only be once authority was given."""
    rulebook = rulebook_for(record.case.force_id, on=on)
    facts = _facts_to_judge(record, rulebook, on=on)
    entered = replace(facts, exception=replace(facts.exception, recorded_on_crime_report=True))
    return assess(entered, rulebook, catalogue_of(record))


def wants_entry(record: Record, *, on: date) -> bool:
    """Tell whether authority has lifted an exclusion, so that the decision must be documented on the crime report."""
    return any(
        finding.state != "clear" and "exception.recorded_on_crime_report" in finding.because
        for finding in judge(record, on=on).findings
    )


def exclusions_of(record: Record, *, on: date) -> tuple[Rule, ...]:
    """Return the rules that exclude the case, whatever authority was given; one that an exemption lifts is not among them."""
    rulebook = rulebook_for(record.case.force_id, on=on)
    return _exclusions(record, facts_of(record, on=on), rulebook)


def authority_needed(record: Record, *, on: date) -> AuthorityNeeded | None:
    """Return who must give authority for the case, whether it was given or not; None where nobody needs to."""
    rulebook = rulebook_for(record.case.force_id, on=on)
    return authority_for(rulebook, is_excluded=bool(exclusions_of(record, on=on)))


def authority_for(rulebook: Rulebook, *, is_excluded: bool) -> AuthorityNeeded | None:
    """Return who must give authority under a rulebook: the highest rank that a rule asks, substantive where any says so."""
    wanted = [rulebook.authority] if is_excluded else []
    wanted += [rule.authority for rule in supervising_rules(rulebook) if rule.authority is not None]
    if not wanted:
        return None
    return AuthorityNeeded(
        rank=max((each.rank for each in wanted), key=lambda rank: rank.order),
        substantive=any(each.substantive for each in wanted),
    )


def supervising_rules(rulebook: Rulebook) -> tuple[Rule, ...]:
    """Return the rules by which every case of the force needs authority; most forces have none."""
    return tuple(rule for rule in rulebook.rules if rule.effect is Effect.AUTHORITY)


def _exclusions(record: Record, facts: Facts, rulebook: Rulebook) -> tuple[Rule, ...]:
    unauthorised = replace(facts, authority=AuthorityFacts())
    findings, _ = find(known_of(unauthorised, catalogue_of(record)), rulebook)
    return tuple(
        rulebook.rule(finding.rule)
        for finding in findings
        if finding.effect == Effect.EXCLUSION.value and finding.state == APPLIES
    )


def _facts_to_judge(record: Record, rulebook: Rulebook, *, on: date) -> Facts:
    """Return the facts of a case, the exceptional circumstances among them where each exclusion that applies has its own."""
    facts = facts_of(record, on=on)
    excluded = {rule.id for rule in _exclusions(record, facts, rulebook)}
    if not excluded or excluded - {grounds.rule for grounds in record.grounds}:
        return facts
    return replace(facts, exception=replace(facts.exception, grounds_documented=True))


# Which findings a verdict rests on: by effect and state. Source: docs/policy.md, How a case is judged.
_DECIDING = {
    Verdict.NOT_AVAILABLE: ({"bar", "referral"}, {"applies"}),
    Verdict.REFERRAL_REQUIRED: ({"referral"}, {"applies"}),
    Verdict.AUTHORITY_REQUIRED: ({"exclusion", "authority"}, {"applies"}),
    Verdict.REQUIREMENTS_UNMET: ({"requirement"}, {"unmet"}),
    Verdict.UNDECIDED: ({"bar", "referral", "exclusion", "requirement"}, {"not_asked"}),
    Verdict.AVAILABLE: (set[str](), set[str]()),
}


def deciding(assessment: Assessment) -> tuple[Finding, ...]:
    """Return the findings that the verdict rests on, in rulebook order; none where it is available."""
    effects, states = _DECIDING[assessment.verdict]
    found = tuple(finding for finding in assessment.findings if finding.effect in effects and finding.state in states)
    bars = tuple(finding for finding in found if finding.effect == "bar")
    # A referral that applies is a bar only once found unsuitable; it decides alone where no bar does.
    return bars if bars and assessment.verdict is Verdict.NOT_AVAILABLE else found


def deciding_sentences(assessment: Assessment) -> tuple[str, ...]:
    """Return what the officer reads of the findings that the verdict rests on."""
    return tuple(finding.says for finding in deciding(assessment))
