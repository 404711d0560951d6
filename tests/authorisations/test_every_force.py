"""The same code for every force: what differs stands in its rulebook, and no force is named anywhere else."""

import csv
import re
from pathlib import Path

import pytest
from django.utils import timezone

from cr_app.authorisations import actions
from cr_app.authorisations.actions import MayNotDecide
from cr_app.authorisations.queries import standing_of
from cr_app.cases.lifecycle import Status
from cr_app.pages.refusals import AccessDenied
from tests import make
from tests.authorisations import making
from tests.cast import Cast

ROOT = Path(__file__).resolve().parents[2]
# A force is data there: rulebooks, reference data, and the invented officers and cases of the demo.
DATA = ("/demo/", "/demo.py", "demo_cast.py", "make_demo_", "/migrations/")
# `assess` reads facts that name no force as these: docs/policy.md, the contract of its facts.
ASSUMED_BY_ASSESS = {"cr_app/policy/facts.py", "cr_app/policy/reading.py"}
_OF_ANY_FORCE = re.compile(r"\b(?:Police|Service|Constabulary|of|the|and|Ministry|Defence|British|Civil)\b")


def sources() -> dict[str, str]:
    """Return the code, templates and scripts in which no force may be named."""
    paths = [
        *(ROOT / "cr_app").rglob("*.py"),
        *(ROOT / "templates").rglob("*.html"),
        *(ROOT / "static").glob("*.js"),
    ]
    named = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in paths}
    return {name: text for name, text in named.items() if not any(part in name for part in DATA)}


def forces() -> list[tuple[str, str]]:
    """Return every force of the reference data by code and name."""
    with (ROOT / "cr_app/reference/data/forces.csv").open(encoding="utf-8", newline="") as rows:
        return [(row["code"], row["name"]) for row in csv.DictReader(rows)]


def test_no_force_is_named_in_code_by_its_name_its_code_or_its_rulebooks() -> None:
    names = {" ".join(_OF_ANY_FORCE.sub(" ", name).split()) for _, name in forces()} - {""}
    assert len(names) > 40
    by_name = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(names)))})\b", re.IGNORECASE)
    by_code = re.compile(rf"force\w*\b[^\n]{{0,40}}[\"'](?:{'|'.join(code for code, _ in forces())})[\"']")
    rulebooks = "|".join(path.name for path in (ROOT / "cr_app/policy/rulebooks").iterdir() if path.name != "national")
    by_rulebook = re.compile(rf"[\"'](?:{rulebooks})/")
    found = {
        name: pattern.findall(text)
        for name, text in sources().items()
        for pattern in (by_name, by_code, by_rulebook)
        if pattern.search(text)
    }
    assert set(found) == ASSUMED_BY_ASSESS, found


def test_where_the_rulebook_asks_a_supervisor_for_every_case_the_same_screens_wait_for_one(cast: Cast) -> None:
    making.put_on_duty(cast.laura, cast.owen)
    reference = making.asked(cast.kieran, make.kent())
    standing = standing_of(make.read(reference), timezone.now())
    assert standing is not None
    assert standing.needed == "a Sergeant or above"
    assert making.asked_of(reference) == [("46-7012", "", 0), ("46-8045", "", 0)]
    with pytest.raises(MayNotDecide, match="You recorded this case"):
        making.grant(reference, cast.kieran)
    with pytest.raises(AccessDenied):
        making.grant(reference, cast.priya)
    assert making.grant(reference, cast.laura) is Status.READY
    case = make.read(reference)
    assert (case.authority_rank, case.authority_is_substantive) == ("Sergeant", True)
    assert make.issue_it(reference, cast.kieran) is None


def test_there_an_acting_sergeant_counts_and_an_exclusion_still_needs_an_inspector(cast: Cast) -> None:
    cast.laura.substantive_rank, cast.laura.acting_rank = "Constable", "Sergeant"
    cast.laura.acting_from = timezone.localdate()
    cast.laura.save()
    plain = making.asked(cast.kieran, make.kent())
    assert making.grant(plain, cast.laura) is Status.READY
    assert (make.read(plain).authority_rank, make.read(plain).authority_is_substantive) == ("Sergeant", False)
    assert make.issue_it(plain, cast.kieran) is None
    excluded = making.asked(cast.kieran, make.robbery().but(report="2/26"))
    assert making.asked_of(excluded) == [("46-7012", "", 0)]
    with pytest.raises(MayNotDecide, match="needs an Inspector or above"):
        making.grant(excluded, cast.laura)
    assert making.grant(excluded, cast.owen) is Status.READY


def test_there_a_refusal_closes_the_way_as_anywhere(cast: Cast) -> None:
    reference = making.asked(cast.kieran, make.kent())
    seen = making.seen(reference)
    assert actions.refuse(reference, by=cast.laura, reasons="Not proportionate.", seen=seen) is Status.REFUSED
