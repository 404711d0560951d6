"""What holds of every case: promises tried on facts made from the schema."""

import json

import jsonschema
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cr_app.policy.assessment import Assessment, Verdict, assess, verdict_of
from cr_app.policy.facts import Facts, null_facts
from cr_app.policy.interchange import answer
from cr_app.policy.paths import order_of
from cr_app.policy.reading import facts_from_json
from cr_app.policy.rulebook import Rulebook, all_rulebooks, rulebook_in_force
from tests.policy.from_schema import FACTS, SCHEMA, JsonObject
from tests.policy.make import WHOLE
from tests.policy.oracle import answered, answers_of, is_valid

BOOKS = st.sampled_from(list(all_rulebooks().values()))
EXAMPLES = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)


@st.composite
def _near_whole(draw: st.DrawFn) -> Facts:
    """Return a case in order but for a few answers changed and a few taken back."""
    facts = WHOLE
    paths = list(null_facts(Facts(WHOLE.decided_on)))
    for path in draw(st.lists(st.sampled_from(paths), max_size=4)):
        facts = answered(facts, path, draw(st.sampled_from(answers_of(path))))
    for path in draw(st.lists(st.sampled_from(paths), max_size=5)):
        facts = answered(facts, path, None)
    return facts if is_valid(facts) else WHOLE


CASES = st.one_of(FACTS.map(facts_from_json), _near_whole())


def _answer_some(data: st.DataObject, facts: Facts, paths: list[str]) -> Facts:
    """Return the facts with some of these answered, in any way that keeps the ages in order."""
    for path in data.draw(st.lists(st.sampled_from(paths), unique=True)) if paths else []:
        more = answered(facts, path, data.draw(st.sampled_from(answers_of(path))))
        facts = more if is_valid(more) else facts
    return facts


@EXAMPLES
@given(FACTS)
def test_facts_that_the_schema_allows_are_answered_as_the_contract_says(value: JsonObject) -> None:
    """Never an exception; a finding for each rule; the text is the assessment as JSON."""
    jsonschema.validate(value, dict(SCHEMA), format_checker=jsonschema.FormatChecker())
    facts = facts_from_json(value)
    rulebook = rulebook_in_force(facts.force, facts.decided_on)
    assessment = assess(facts, rulebook)
    text = answer(json.dumps(value).encode())
    assert text == json.dumps(assessment.to_json())
    assert [finding.rule for finding in assessment.findings] == [rule.id for rule in rulebook.rules]
    _holds_together(facts, assessment)


def _holds_together(facts: Facts, assessment: Assessment) -> None:
    """What is missing and awaited is not asked, in the order of the schema, once each."""
    nulls = set(null_facts(facts))
    assert set(assessment.missing) <= nulls
    assert list(assessment.missing) == sorted(set(assessment.missing), key=order_of)
    for finding in assessment.findings:
        assert list(finding.because) == sorted(set(finding.because), key=order_of)
        if finding.state == "not_asked":
            assert finding.because
            assert set(finding.because) <= nulls
        else:
            assert not set(finding.because) & nulls
    if assessment.verdict is Verdict.UNDECIDED:
        assert assessment.missing


@EXAMPLES
@given(CASES, BOOKS, st.data())
def test_a_fact_that_is_not_missing_cannot_change_the_verdict(facts: Facts, rulebook: Rulebook, data: st.DataObject) -> None:  # fmt: skip
    """Nor what is missing, whichever of them are answered and however."""
    before = assess(facts, rulebook)
    others = [path for path in null_facts(facts) if path not in before.missing]
    after = assess(_answer_some(data, facts, others), rulebook)
    assert after.verdict is before.verdict
    assert after.missing == before.missing


@EXAMPLES
@given(CASES, BOOKS, st.data())
def test_what_waits_always_names_what_for(facts: Facts, rulebook: Rulebook, data: st.DataObject) -> None:
    """`undecided` never comes with nothing missing, whatever is answered next."""
    for supposed in (facts, _answer_some(data, facts, list(null_facts(facts)))):
        _holds_together(supposed, assess(supposed, rulebook))


@EXAMPLES
@given(CASES, BOOKS, st.data())
def test_answering_more_never_moves_not_available(facts: Facts, rulebook: Rulebook, data: st.DataObject) -> None:
    """A bar that applies is there to stay, and then nothing is missing."""
    facts = _answer_some(data, facts, list(null_facts(facts)))
    if verdict_of(facts, rulebook) is not Verdict.NOT_AVAILABLE:
        facts = answered(facts, "less_serious", False)
    assert assess(facts, rulebook).missing == ()
    assert verdict_of(_answer_some(data, facts, list(null_facts(facts))), rulebook) is Verdict.NOT_AVAILABLE


@EXAMPLES
@given(CASES, BOOKS)
def test_with_every_answer_given_nothing_waits(facts: Facts, rulebook: Rulebook) -> None:
    """Answering what is missing, first answer first, comes to an end, and to a verdict."""
    for _ in range(80):
        missing = assess(facts, rulebook).missing
        if not missing:
            break
        values = [value for value in answers_of(missing[0]) if is_valid(answered(facts, missing[0], value))]
        facts = answered(facts, missing[0], values[-1])
    assert verdict_of(facts, rulebook) is not Verdict.UNDECIDED
