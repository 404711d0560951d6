"""Facts for the tests: a case in which nothing stands in the way, a case of which nothing is asked, and changes."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from cr_app.policy.catalogue import shipped_catalogue
from cr_app.policy.facts import (
    AuthorityFacts,
    Circumstances,
    ExceptionFacts,
    Facts,
    OffenceFact,
    OffenderFacts,
)
from cr_app.policy.rulebook import FOLDER, Rulebook, all_rulebooks
from cr_app.policy.rulebook_files import read_rulebooks
from tests.policy.oracle import DAY, GOOD_VICTIM, answered

NATIONAL, KENT = "national/2018-01-01", "kent/2023-07-01"
MET_2019, MET_2023 = "met/2019-04-29", "met/2023-08-01"
ALL_BOOKS = (NATIONAL, MET_2019, MET_2023, KENT)
SHOP_THEFT, CANNABIS, KNIFE, ROBBERY, RAPE = "46/00", "92/61", "8/26", "34/01", "19/08"

PLAIN = Facts(
    decided_on=DAY,
    offences=(OffenceFact(SHOP_THEFT),),
    circumstances=Circumstances(False, False, False, False, False, False),
    venue="none",
    visitor_from_abroad=False,
    lawful_at_home=False,
    evidence_sufficient=True,
    less_serious=True,
    gravity_score=2,
    rationale_recorded=True,
    reparation_agreed=True,
    youth_justice_consulted=True,
    offender=OffenderFacts(30, 30, False, True, True, True, True, True, (), False, True, True, True),
    victims=(GOOD_VICTIM,),
)
BLANK = Facts(DAY)
GRANTED = AuthorityFacts("granted", "Inspector", substantive=True, is_recording_officer=False)
PREPARED = ExceptionFacts(grounds_documented=True, investigation_team_advice=True, recorded_on_crime_report=True)
AUTHORISED = {"authority": GRANTED, "exception": PREPARED}

Answers = Mapping[str, object]


def case(answers: Answers | None = None, *, of: Facts = PLAIN) -> Facts:
    """Return the facts of a case with some answers changed; offences may be given by their codes."""
    facts = of
    for path, value in (answers or {}).items():
        if path == "offences" and isinstance(value, tuple):
            value = tuple(OffenceFact(code) if isinstance(code, str) else code for code in value)
        facts = answered(facts, path, value)
    return facts


WHOLE = case({**AUTHORISED, "professional_standards": "suitable"})


def victim(**answers: object) -> object:
    """Return a victim about whom all is well, with some answers changed."""
    return replace(GOOD_VICTIM, **answers)  # type: ignore[arg-type]


def made_rulebook(folder: Path, rules: str, *, extends: str = NATIONAL, head: str = "") -> Rulebook:
    """Return a rulebook made of the shipped ones and some rules, read from a file as any other."""
    for source in FOLDER.glob("*/*.toml"):
        target = folder / source.parent.name / source.name
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(source.read_bytes())
    lines = [
        'title = "A made rulebook"',
        f'force = "{all_rulebooks()[extends].force or "99"}"',
        f'extends = "{extends}"',
        "in_force_from = 2023-09-01",
        'source = "made"',
    ]
    (folder / "made").mkdir(exist_ok=True)
    (folder / "made" / "2023-09-01.toml").write_text("\n".join([*lines, head, rules]), encoding="utf-8")
    return read_rulebooks(folder, shipped_catalogue())["made/2023-09-01"]


def rule_text(rule_id: str, effect: str, condition: str, given: str = "", says: Mapping[str, str] | None = None) -> str:
    """Return a rule as a rulebook file writes it."""
    sentences = says or {"applies": "It applies.", "clear": "It does not.", "not_asked": "Not asked."}
    lines = ["[[rules]]", f'id = "{rule_id}"', 'title = "Made"', f'effect = "{effect}"', f'condition = "{condition}"']
    words = [f'{state} = "{sentence}"' for state, sentence in sentences.items()]
    return "\n".join([*lines, f"with = {{ {given} }}", "[rules.says]", *words, ""])
