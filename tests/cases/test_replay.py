"""A case derived anew from its entries is what its rows say, after every action of a story told at random."""

import contextlib
from collections.abc import Callable
from random import Random
from typing import Any
from uuid import uuid4

import pytest

from cr_app.accounts.models import Officer
from cr_app.audit.queries import replay
from cr_app.authorisations.queries import rows_of
from cr_app.cases.actions import submission
from cr_app.cases.actions.answers import change_row, record_none, remove_row, row_digest
from cr_app.cases.actions.authority import record_crime_report_entry
from cr_app.cases.actions.start import start_another
from cr_app.cases.models import Case, Snapshot, Victim, Void
from cr_app.cases.queries import rows_now
from cr_app.pages.refusals import Refusal
from tests import make, make_authority
from tests.cast import Cast

Deed = Callable[[str, Officer, Random], object]


def _page(reference: str, officer: Officer, chance: Random) -> object:
    pages: list[tuple[str, str, list[Any]]] = [
        ("rationale", "case__rationale", ["One.", "Two, <b>bold</b> & “quoted”.", "Łódź 🙂 \u202bx", ""]),
        ("seriousness", "case__gravity_score", [1, 2, 3, None]),
        ("circumstances", "case__hate_crime", [True, False, None]),
        ("incident", "case__occurred_from", [make.hours_ago(5), make.hours_ago(3), None]),
        ("incident", "case__place", ["O’Neill’s", "12 Wells Row"]),
        ("offender", "offender__born_on", [make.birthday(15), make.birthday(40), None]),
        ("offender", "offender__self_defined_ethnicity", ["W1", "A1", None]),
        ("offender-details", "offender__pnc_id", ["2003/0011985X", ""]),
        ("safeguards", "offender__mental_health_concern", [True, False]),
        ("exception", "case__advice", ["Supports it.", "Against it."]),
        ("exception", "grounds__hate-crime", ["Said once.", "Said once, and withdrawn.", ""]),
    ]
    slug, key, values = chance.choice(pages)
    return make.answer(reference, officer, slug, **{key: chance.choice(values)})


def _add(reference: str, officer: Officer, chance: Random) -> object:
    name, answers = chance.choice(
        [
            ("victim", make.shop()),
            ("victim", make.person(mental_health_concern=True)),
            ("action", make.apology()),
            ("offence", make.offence(chance.choice(["46/00", "149/00", "8/26", "8/26"]))),
            ("disposal", {"kind": "caution", "given_on": make.birthday(3), "offence_code": None}),
        ]
    )
    return make.row(reference, officer, name, answers)


def _change(reference: str, officer: Officer, chance: Random) -> object:
    victim = Victim.objects.filter(case__reference=reference).first()
    if victim is None:
        return None
    answers = make.shop(organisation_name=chance.choice(["Archway Stores", "Tufnell Stores"]))
    seen = row_digest(victim, tuple(answers))
    return change_row(reference, by=officer, row="victim", pk=victim.pk, answers=answers, seen=seen)


def _remove(reference: str, officer: Officer, chance: Random) -> object:
    name = chance.choice(["victims", "actions", "offences", "disposals"])
    rows = getattr(make.record(reference), name)
    return rows and remove_row(reference, by=officer, row=name.removesuffix("s"), pk=chance.choice(rows).pk)


def _by_others(reference: str, chance: Random, decide: Callable[[str, Officer], object]) -> object:
    """Have somebody decide who may, or who may not and is refused."""
    return decide(reference, Officer.objects.get(warrant_number=chance.choice(["2051", "2077", "1904", "3302"])))


DEEDS: dict[str, tuple[int, Deed]] = {
    "answer a page": (10, _page),
    "add a row": (6, _add),
    "change a row": (3, _change),
    "remove a row": (4, _remove),
    "say that there is none": (
        2,
        lambda reference, officer, chance: record_none(reference, by=officer, row=chance.choice(["victim", "action"])),
    ),
    "answer all that is left": (
        1,
        lambda reference, officer, chance: make.answer_pages(
            reference, officer, chance.choice([make.child(), make.knife_and_hate(), make.police_knife()])
        ),
    ),
    "submit": (2, lambda reference, officer, chance: make.submit_it(reference, officer)),
    "reopen": (2, lambda reference, officer, chance: submission.reopen(reference, by=officer)),
    "issue": (1, lambda reference, officer, chance: make.issue_it(reference, officer)),
    "grant": (3, lambda reference, officer, chance: _by_others(reference, chance, make_authority.granted)),
    "refuse": (1, lambda reference, officer, chance: _by_others(reference, chance, make_authority.refused)),
    "return": (1, lambda reference, officer, chance: _by_others(reference, chance, make_authority.returned)),
    "find suitable": (
        2,
        lambda reference, officer, chance: _by_others(reference, chance, make_authority.found_suitable),
    ),
    "record the entry": (
        2,
        lambda reference, officer, chance: record_crime_report_entry(
            reference, by=officer, entry_reference=f"DETS {chance.randrange(3)}"
        ),
    ),
    "not used": (1, lambda reference, officer, chance: submission.record_not_used(reference, by=officer, reason="So.")),
}


def holds(reference: str) -> None:
    case = Case.objects.get(reference=reference)
    assert replay(case.subject) == rows_now(case) | rows_of(case)


@pytest.mark.parametrize("seed", range(4))
def test_a_case_is_what_its_entries_say_after_every_action(cast: Cast, seed: int) -> None:
    chance = Random(seed)
    reference = make.case(cast.amina)
    names, weights = list(DEEDS), [weight for weight, _ in DEEDS.values()]
    done = 0
    for _ in range(30):
        name = chance.choices(names, weights)[0]
        with contextlib.suppress(Refusal, Snapshot.DoesNotExist):
            DEEDS[name][1](reference, cast.amina, chance)
            done += 1
        holds(reference)
    assert done > 5


def test_a_case_told_to_the_end_is_what_its_entries_say(cast: Cast) -> None:
    first = make.issued(cast.amina, make.two_victims())
    copy = start_another(first, by=cast.amina, token=uuid4())
    submission.reassign(copy, by=cast.grace, to="4213", reason="Leave.")
    submission.withdraw(copy, by=cast.tom, reason="Opened twice.")
    excluded = make_authority.asked(cast.amina, make.police_knife())
    make_authority.found_suitable(excluded, cast.yusuf)
    make_authority.granted(excluded, cast.priya)
    record_crime_report_entry(excluded, by=cast.amina, entry_reference="DETS 14")
    submission.reopen(excluded, by=cast.amina)
    make.answer(excluded, cast.amina, "rationale", case__rationale="Another reason.")
    assert Void.objects.filter(case__reference=excluded).count() == 2
    for reference in (first, copy, excluded):
        holds(reference)
