"""Facts that are not in order: one sentence each, naming the field."""

# ruff: noqa: E501 - a table is read across, one case a line.

import json

import pytest

from cr_app.policy.disposals import DisposalLeaf
from cr_app.policy.facts import BadFacts, Facts, OffenceFact
from cr_app.policy.interchange import LONGEST_TEXT, answer, parsed
from cr_app.policy.reading import facts_from_json

DAY = "2023-09-01"
JsonObject = dict[str, object]


def _offender(**answers: object) -> JsonObject:
    return {"offender": answers}


def _disposal(**answers: object) -> JsonObject:
    return _offender(previous_disposals=[{"kind": "caution", "on": "2020-01-01", **answers}])


ROWS: tuple[tuple[str, JsonObject, str], ...] = (
    ("an age below the other", _offender(age_at_offence=20, age_at_decision=19), "offender.age_at_decision is below the age at the offence."),
    ("an age below nought", _offender(age_at_offence=-1), "offender.age_at_offence must be a whole number of 0 or more."),
    ("an age in words", _offender(age_at_offence="12"), "offender.age_at_offence must be a whole number or null."),
    ("an age and a half", _offender(age_at_offence=12.5), "offender.age_at_offence must be a whole number or null."),
    ("an age of true", _offender(age_at_offence=True), "offender.age_at_offence must be a whole number or null."),
    ("a disposal to come", _disposal(on="2023-09-02"), "offender.previous_disposals[0].on is 2023-09-02, after decided_on, 2023-09-01."),
    ("a disposal without a day", _offender(previous_disposals=[{"kind": "caution"}]), "offender.previous_disposals[0].on is missing: give a date as YYYY-MM-DD."),
    ("a disposal of no kind", _disposal(kind="fine"), "offender.previous_disposals[0].kind must be one of community_resolution, cannabis_warning, penalty_notice, caution, conditional_caution, youth_caution, conviction, other."),
    ("a disposal of a bad code", _disposal(offence_code="cannabis"), 'offender.previous_disposals[0].offence_code is "cannabis", which does not have the form of a Home Office code.'),
    ("disposals that are no list", _offender(previous_disposals={}), "offender.previous_disposals must be a list or null."),
    ("an unknown venue", {"venue": "house-of-parliament"}, 'venue is "house-of-parliament", which is neither none nor a venue listed in a rulebook (did you mean houses-of-parliament?).'),
    ("a venue in numbers", {"venue": 1}, "venue must be a text or null."),
    ("a day in words", {"decided_on": "1 September 2023"}, 'decided_on is "1 September 2023", not a date as YYYY-MM-DD.'),
    ("a day in digits", {"decided_on": "20230901"}, 'decided_on is "20230901", not a date as YYYY-MM-DD.'),
    ("a day with a time", {"decided_on": "2023-09-01T00:00"}, 'decided_on is "2023-09-01T00:00", not a date as YYYY-MM-DD.'),
    ("a day and a line feed", {"decided_on": "2023-09-01\n"}, 'decided_on is "2023-09-01\\n", not a date as YYYY-MM-DD.'),
    ("a day of other digits", {"decided_on": "２０２３-09-01"}, 'decided_on is "２０２３-09-01", not a date as YYYY-MM-DD.'),
    ("a day that is none", {"decided_on": "2023-02-30"}, "decided_on is 2023-02-30, which is not a day of the calendar."),
    ("the year nought", {"decided_on": "0000-01-01"}, "decided_on is 0000-01-01, which is not a day of the calendar."),
    ("no day", {"decided_on": None}, "decided_on must be a date as YYYY-MM-DD."),
    ("a number for a day", {"decided_on": 20230901}, "decided_on must be a date as YYYY-MM-DD."),
    ("an unknown offence", {"offences": [{"code": "46/00"}, {"code": "999/99"}]}, 'offences[1].code is "999/99", which is not a known offence code.'),
    ("an offence without a code", {"offences": [{}]}, "offences[0].code must be a Home Office code, such as 92/61."),
    ("an offence by its code alone", {"offences": ["46/00"]}, "offences[0] must be an object."),
    ("assisting not asked", {"offences": [{"code": "46/00", "encouraging_or_assisting": None}]}, "offences[0].encouraging_or_assisting must be true or false."),
    ("an unknown rank", {"authority": {"rank": "Admiral"}}, 'authority.rank is "Admiral", which is not the full name of a rank.'),
    ("an abbreviation", {"authority": {"rank": "Insp"}}, 'authority.rank is "Insp", which is not the full name of a rank.'),
    ("a prefix", {"authority": {"rank": "Detective Inspector"}}, 'authority.rank is "Detective Inspector", which is not the full name of a rank.'),
    ("a bad decision", {"authority": {"decision": "yes"}}, "authority.decision must be one of granted, refused, or null."),
    ("a lone surrogate", {"authority": {"rank": "\ud800"}}, 'authority.rank is "\\ud800", which is not the full name of a rank.'),
    ("a NUL byte", {"force": "0\x00"}, "force must be a force code of two digits, such as 01."),
    ("no force", {"force": None}, "force must be a force code of two digits, such as 01."),
    ("a force with no rulebook", {"force": "03"}, 'The force "03" has no rulebook, so its cases cannot be judged.'),
    ("before the first rulebook", {"decided_on": "2019-04-28"}, "The decided_on date 2019-04-28 is before the first rulebook of force 01, in force from 2019-04-29."),
    ("before the first of Kent", {"decided_on": "2023-06-30", "force": "46"}, "The decided_on date 2023-06-30 is before the first rulebook of force 46, in force from 2023-07-01."),
    ("a misspelt field", {"evidence_suficient": True}, 'There is no field "evidence_suficient" (did you mean evidence_sufficient?).'),
    ("a misspelt field inside", {"circumstances": {"domestic": True}}, 'There is no field "circumstances.domestic".'),
    ("a misspelt field of a victim", {"victims": [{}, {"agree": True}]}, 'There is no field "victims[1].agree" (did you mean agrees?).'),
    ("an answer in words", {"less_serious": "yes"}, "less_serious must be true, false or null."),
    ("an answer in numbers", {"circumstances": {"firearm": 1}}, "circumstances.firearm must be true, false or null."),
    ("no circumstances at all", {"circumstances": None}, "circumstances must be an object."),
    ("victims by number", {"victims": 2}, "victims must be a list or null."),
    ("a victim of no kind", {"victims": [{"kind": "dog"}]}, "victims[0].kind must be one of person, organisation, or null."),
    ("a list for a word", {"professional_standards": ["suitable"]}, "professional_standards must be one of suitable, unsuitable, or null."),
    ("gravity six", {"gravity_score": 6}, "gravity_score must be a whole number from 1 to 5."),
    ("gravity without end", {"gravity_score": float("inf")}, "gravity_score must be a whole number or null."),
    ("gravity that is no number", {"gravity_score": float("nan")}, "gravity_score must be a whole number or null."),
)  # fmt: skip


@pytest.mark.parametrize(("changed", "sentence"), [pytest.param(*row[1:], id=row[0]) for row in ROWS])
def test_facts_out_of_order_are_refused_in_one_sentence(changed: JsonObject, sentence: str) -> None:
    """The sentence names the field."""
    with pytest.raises(BadFacts) as refused:
        answer(json.dumps({"decided_on": DAY, **changed}).encode())
    assert refused.value.sentence == sentence


TEXTS: tuple[tuple[str, bytes, str], ...] = (
    ("nothing", b"", "The facts are not JSON: line 1, column 1 cannot be read."),
    ("half an object", b'{"decided_on":', "The facts are not JSON: line 1, column 15 cannot be read."),
    ("two objects", b"{} {}", "The facts are not JSON: line 1, column 4 cannot be read."),
    ("a NUL byte", b"{\x00}", "The facts are not JSON: line 1, column 2 cannot be read."),
    ("a NUL byte in a text", b'{"a\x00":1}', "The facts are not JSON: line 1, column 4 cannot be read."),
    ("a binary file", b"\x89PNG\r\n\x1a\n\x00\xff", "The facts are not UTF-8 text: byte 1 cannot be read."),
    ("a list", b"[]", "The facts must be an object."),
    ("null", b"null", "The facts must be an object."),
    ("deep lists", b"[" * 100_000, "The facts are nested too deeply."),
    ("deep objects", b'{"a":' * 100_000, "The facts are nested too deeply."),
    ("a field twice", b'{"decided_on":"2023-09-01","venue":null,"venue":"none"}', 'The field "venue" is given twice.'),
    ("no day", b"{}", "decided_on is missing: give a date as YYYY-MM-DD."),
    ("5,000 digits", b'{"decided_on":"2023-09-01","gravity_score":' + b"9" * 5000 + b"}", "gravity_score must be a whole number or null."),
    ("5,000 digits below nought", b'{"decided_on":"2023-09-01","offender":{"age_at_offence":-' + b"9" * 5000 + b"}}", "offender.age_at_offence must be a whole number or null."),
    ("an endless float", b'{"decided_on":"2023-09-01","offender":{"age_at_offence":1e999}}', "offender.age_at_offence must be a whole number or null."),
    ("a lone surrogate", b'{"decided_on":"2023-09-01","\\ud800":1}', 'There is no field "\\ud800".'),
    ("too long", b" " * (LONGEST_TEXT + 1), "The facts are longer than 1,000,000 bytes."),
)  # fmt: skip


@pytest.mark.parametrize(("raw", "sentence"), [pytest.param(*row[1:], id=row[0]) for row in TEXTS])
def test_bytes_that_are_not_facts_are_refused_in_one_sentence(raw: bytes, sentence: str) -> None:
    """Nothing that comes in raises anything else."""
    with pytest.raises(BadFacts) as refused:
        answer(raw)
    assert refused.value.sentence == sentence


def test_a_long_name_is_cut_in_the_sentence() -> None:
    """Ten thousand characters are not thrown back at the reader."""
    with pytest.raises(BadFacts) as refused:
        answer(json.dumps({"decided_on": DAY, "x" * 10_000: 1}).encode())
    assert len(refused.value.sentence) < 120


def test_what_the_schema_allows_is_read() -> None:
    """A whole number written with a point, an empty list of offences, an absent authority, a byte order mark."""
    value = parsed(b'\xef\xbb\xbf{"decided_on":"2023-09-01","offender":{"age_at_offence":12.0},"offences":[],"authority":null}')  # fmt: skip
    facts = facts_from_json(value)
    assert facts.offender.age_at_offence == 12
    assert facts.offences is None
    assert facts.authority.decision is None
    assert facts == facts_from_json({"decided_on": DAY, "offender": {"age_at_offence": 12}})


def test_a_rank_is_read_in_any_case_and_an_unknown_old_code_of_a_disposal_too() -> None:
    """Ranks by their full name; history holds codes the catalogue does not."""
    facts = facts_from_json({"decided_on": DAY, "authority": {"rank": "cHIEF inspector"}, **_disposal(offence_code="825/99")})  # fmt: skip
    assert facts.authority.rank == "cHIEF inspector"
    assert facts.offender.previous_disposals
    assert facts.offender.previous_disposals[0].offence_code == "825/99"


def test_defaults_are_those_of_the_schema() -> None:
    """The Met, and nothing asked."""
    facts = facts_from_json({"decided_on": DAY, "offences": [{"code": "46/00"}]})
    assert facts == Facts(facts.decided_on, offences=(OffenceFact("46/00", encouraging_or_assisting=False),))
    assert facts.force == "01"


def test_a_question_about_disposals_that_does_not_say_how_it_is_answered_cannot_be_made() -> None:
    class Unanswered(DisposalLeaf):
        """Says nothing."""

    with pytest.raises(TypeError, match=r"of_list.*samples"):
        Unanswered()  # type: ignore[abstract]
