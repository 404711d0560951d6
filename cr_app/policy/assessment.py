"""Assesses the facts of a case under a rulebook: the verdict, a finding for every rule, and what is still missing."""

from dataclasses import dataclass, replace
from enum import StrEnum

from cr_app.policy.catalogue import Catalogue, shipped_catalogue
from cr_app.policy.facts import AuthorityFacts, BadFacts, ExceptionFacts, Facts
from cr_app.policy.findings import Finding, FindingJson, find
from cr_app.policy.logic import Known
from cr_app.policy.missing import missing_from
from cr_app.policy.ranks import Rank
from cr_app.policy.rules import Rulebook
from cr_app.policy.standing import GRANTED
from cr_app.policy.wording import did_you_mean, shown

Json = dict[str, str | list[str] | list[FindingJson]]


class Verdict(StrEnum):
    """What follows for the case; policy.md gives the precedence."""

    NOT_AVAILABLE = "not_available"
    REFERRAL_REQUIRED = "referral_required"
    AUTHORITY_REQUIRED = "authority_required"
    REQUIREMENTS_UNMET = "requirements_unmet"
    UNDECIDED = "undecided"
    AVAILABLE = "available"


_VERDICTS = (
    Verdict.NOT_AVAILABLE,
    Verdict.REFERRAL_REQUIRED,
    Verdict.AUTHORITY_REQUIRED,
    Verdict.REQUIREMENTS_UNMET,
    Verdict.UNDECIDED,
    Verdict.AUTHORITY_REQUIRED,
    Verdict.AVAILABLE,
)


@dataclass(frozen=True, slots=True)
class Assessment:
    """The answer for one case; `missing` names the facts that may still change the verdict, in schema order."""

    force: str
    rulebook: str
    verdict: Verdict
    findings: tuple[Finding, ...]
    missing: tuple[str, ...]

    def finding(self, rule: str) -> Finding:
        """Return the finding of a rule; KeyError when the rulebook has no such rule."""
        for finding in self.findings:
            if finding.rule == rule:
                return finding
        raise KeyError(rule)

    def to_json(self) -> Json:
        """Return the assessment as plain JSON values, keys in the order of the contract."""
        return {
            "force": self.force,
            "rulebook": self.rulebook,
            "verdict": self.verdict.value,
            "findings": [finding.to_json() for finding in self.findings],
            "missing": list(self.missing),
        }


def known_of(facts: Facts, catalogue: Catalogue | None = None) -> Known:
    """Return the facts with the types of their offences; BadFacts naming a code the catalogue does not hold."""
    listed = facts.listed_offences
    if listed is None:
        return Known(facts, None)
    kinds = shipped_catalogue() if catalogue is None else catalogue
    for index, offence in enumerate(listed):
        if offence.code not in kinds:
            near = did_you_mean(offence.code, kinds)
            raise BadFacts(f"The offence code offences[{index}].code {shown(offence.code)} is not known{near}.")
    return Known(facts, tuple(kinds[offence.code] for offence in listed))


def assess(facts: Facts, rulebook: Rulebook, catalogue: Catalogue | None = None) -> Assessment:
    """Return what the rulebook says of the facts; the shipped catalogue is used when none is given."""
    known = known_of(facts, catalogue)
    findings, level = find(known, rulebook)
    verdict = _VERDICTS[level - 1]
    missing = () if verdict is Verdict.NOT_AVAILABLE else missing_from(known, rulebook)
    return Assessment(facts.force, rulebook.name, verdict, findings, missing)


def verdict_of(facts: Facts, rulebook: Rulebook, catalogue: Catalogue | None = None) -> Verdict:
    """Return the verdict alone."""
    return _VERDICTS[find(known_of(facts, catalogue), rulebook)[1] - 1]


def supposing_authority(facts: Facts, rulebook: Rulebook, *, exception_prepared: bool = False) -> Facts:
    """Return the facts as if authority had been validly granted and the decision documented on the crime report.

    With `exception_prepared` the grounds and the investigation team's advice are supposed too.
    """
    exception = facts.exception
    return replace(
        facts,
        authority=AuthorityFacts(GRANTED, _highest(rulebook).name, substantive=True, is_recording_officer=False),
        exception=ExceptionFacts(
            grounds_documented=True if exception_prepared else exception.grounds_documented,
            investigation_team_advice=True if exception_prepared else exception.investigation_team_advice,
            recorded_on_crime_report=True,
        ),
    )


def _highest(rulebook: Rulebook) -> Rank:
    wanted = [rulebook.authority.rank, *(rule.authority.rank for rule in rulebook.rules if rule.authority)]
    return max(wanted, key=lambda rank: rank.order)
