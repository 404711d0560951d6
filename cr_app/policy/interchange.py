"""Facts in and assessments out as JSON text: strict about what comes in, the same bytes for the same facts."""

import json
from functools import lru_cache

from cr_app.policy.assessment import assess
from cr_app.policy.facts import BadFacts
from cr_app.policy.findings import Finding
from cr_app.policy.reading import facts_from_json
from cr_app.policy.rulebook import Rulebook, rulebook_in_force
from cr_app.policy.wording import shown

LONGEST_TEXT = 1_000_000  # bytes of one set of facts
_LONGEST_NUMBER = 4000  # digits; Python refuses to read more than 4,300


class _TooLong:
    """Stands for a number of thousands of digits, which no field accepts."""


def _whole(text: str) -> int | _TooLong:
    return int(text) if len(text) <= _LONGEST_NUMBER else _TooLong()


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return the object of these pairs; BadFacts when a field is given twice, since only one of the two would count."""
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise BadFacts(f"The field {shown(key)} is given twice.")
        found[key] = value
    return found


_DECODER = json.JSONDecoder(parse_int=_whole, object_pairs_hook=_once)
_ENCODER = json.JSONEncoder(separators=(", ", ": "))


def parsed(raw: bytes) -> object:
    """Return the JSON value of some bytes; BadFacts with one sentence when they hold none."""
    if len(raw) > LONGEST_TEXT:
        raise BadFacts(f"The facts are longer than {LONGEST_TEXT:,} bytes.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFacts(f"The facts are not UTF-8 text: byte {error.start + 1} cannot be read.") from None
    try:
        value: object = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise BadFacts(f"The facts are not JSON: line {error.lineno}, column {error.colno} cannot be read.") from None
    except RecursionError:
        raise BadFacts("The facts are nested too deeply.") from None
    return value


def answer(raw: bytes, rulebook: Rulebook | None = None) -> str:
    """Return the assessment of some facts as one line of JSON, under the rulebook in force or the one given."""
    facts = facts_from_json(parsed(raw))
    chosen = rulebook_in_force(facts.force, facts.decided_on) if rulebook is None else rulebook
    assessment = assess(facts, chosen)
    findings = ", ".join(map(_encoded, assessment.findings))
    head = f'{{"force": "{assessment.force}", "rulebook": "{assessment.rulebook}", "verdict": "{assessment.verdict}"'
    return f'{head}, "findings": [{findings}], "missing": {_ENCODER.encode(assessment.missing)}}}'


@lru_cache(maxsize=65536)
def _encoded(finding: Finding) -> str:
    """Return a finding as JSON; the same ones come again and again."""
    return _ENCODER.encode(finding.to_json())


def error_line(error: BadFacts) -> str:
    """Return an error as one line of JSON."""
    return _ENCODER.encode({"error": error.sentence})
