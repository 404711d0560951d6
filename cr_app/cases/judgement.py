"""judge(record, on) -> what the force's rulebook says of a case on a day."""

from dataclasses import replace
from datetime import date

from cr_app.cases.facts import catalogue_of, facts_of
from cr_app.cases.queries import Record
from cr_app.pages.refusals import NotAllowed
from cr_app.policy.assessment import Assessment, Verdict, assess, supposing_authority
from cr_app.policy.facts import BadFacts
from cr_app.policy.findings import Finding
from cr_app.policy.rulebook import rulebook_in_force
from cr_app.policy.rules import Rulebook


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
    return assess(facts_of(record, on=on), rulebook, catalogue_of(record))


def judge_supposing_authority(record: Record, *, on: date) -> Assessment:
    """Assess as if authority had been validly given and documented: what is open besides is what still stops the case."""
    rulebook = rulebook_for(record.case.force_id, on=on)
    supposed = supposing_authority(facts_of(record, on=on), rulebook, exception_prepared=True)
    return assess(supposed, rulebook, catalogue_of(record))


def judge_supposing_entry(record: Record, *, on: date) -> Assessment:
    """Assess as if the entry for the crime report had been recorded, which can only be once authority was given."""
    facts = facts_of(record, on=on)
    entered = replace(facts, exception=replace(facts.exception, recorded_on_crime_report=True))
    return assess(entered, rulebook_for(record.case.force_id, on=on), catalogue_of(record))


def wants_entry(record: Record, *, on: date) -> bool:
    """Tell whether authority has lifted an exclusion, so that the decision must be documented on the crime report."""
    return any(
        finding.state != "clear" and "exception.recorded_on_crime_report" in finding.because
        for finding in judge(record, on=on).findings
    )


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
