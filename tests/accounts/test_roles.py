"""The one table of roles in code against the table of the design, cell by cell."""

from pathlib import Path

import pytest

from cr_app.accounts.roles import (
    BESIDES,
    NOTHING,
    TABLE,
    TAKING_PART,
    Allowance,
    Duty,
    Relation,
    Right,
    Role,
    Why,
    duties,
    sight,
)

RELATIONS = dict(zip(["own", "own unit", "own force", "other force"], Relation, strict=True))
SEE, EDIT, SUBMIT, ISSUE, REASSIGN = Right.SEE, Right.EDIT, Right.SUBMIT, Right.ISSUE, Right.REASSIGN
FOLLOW_UP = Right.FOLLOW_UP
DECIDE, RESCIND, COUNT = Right.DECIDE, Right.RESCIND, Right.COUNT

# What the words of the design's cells mean; what is not here fails the test.
WORDS = {
    "–": NOTHING,
    "R E, submit, issue, follow up": Allowance(frozenset({SEE, EDIT, SUBMIT, ISSUE, FOLLOW_UP})),
    "R with a reason": Allowance(frozenset({SEE}), Why.ASKED),
    "R with a reason, found by exact reference": Allowance(frozenset({SEE}), Why.ASKED, by_exact_reference=True),
    "R, reassign, follow up": Allowance(frozenset({SEE, REASSIGN, FOLLOW_UP})),
    "R of what is routed or searched with a reason; decide": Allowance(
        frozenset({SEE, DECIDE}), Why.IMPLIED_WHEN_ROUTED
    ),
    "referred cases R, decide, reassign, rescind, follow up": Allowance(
        frozenset({SEE, DECIDE, REASSIGN, RESCIND, FOLLOW_UP}), referred_only=True
    ),
    "counts, never a person": Allowance(frozenset({COUNT})),
}
BESIDES_WORDS = {
    "": set(),
    "unit desk": {Duty.UNIT_DESK},
    "on-duty switch": {Duty.ON_DUTY_SWITCH},
    "the trail, dip samples, panels, integrity, exports": {
        Duty.SEE_TRAIL,
        Duty.SAMPLE,
        Duty.PANELS,
        Duty.CHECK_INTEGRITY,
        Duty.EXPORT_TRAIL,
    },
    "requests, releases": {Duty.ANSWER_REQUESTS, Duty.RELEASE},
    "officers, units, ranks with dates, roles, absence; sees no case": {Duty.MANAGE_OFFICERS},
    "rulebooks": {Duty.MANAGE_RULEBOOKS},
}


def rows() -> dict[str, dict[str, str]]:
    """Return the design's table: role, column, words; `as above` and `likewise` filled in."""
    lines = (Path(__file__).parent / "role_table.md").read_text().strip().splitlines()
    heading, _, *body = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    table: dict[str, dict[str, str]] = {}
    above: dict[str, str] = {}
    for cells in body:
        row = dict(zip(heading, cells, strict=True))
        before = ""
        for column in heading[1:]:
            row[column] = {"as above": above.get(column, ""), "likewise": before}.get(row[column], row[column])
            before = row[column]
        table[row["role"].split(" (")[0].lower().replace(" ", "_")] = above = row
    return table


TABLE_OF_DESIGN = rows()


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("column", RELATIONS)
def test_the_table_in_code_is_the_table_of_the_design(role: Role, column: str) -> None:
    wanted = WORDS[TABLE_OF_DESIGN[role.value][column]]
    rescinds = TABLE_OF_DESIGN["rescinder"][column]
    if role is Role.AUTHORISING_OFFICER and "rescind" in rescinds:
        wanted = Allowance(wanted.rights | {RESCIND}, wanted.why)
    assert TABLE[role][RELATIONS[column]] == wanted


@pytest.mark.parametrize("role", Role)
def test_the_duties_in_code_are_those_of_the_design(role: Role) -> None:
    assert set(BESIDES[role]) == BESIDES_WORDS[TABLE_OF_DESIGN[role.value]["besides"]]


def test_the_design_names_no_other_role() -> None:
    assert set(TABLE_OF_DESIGN) == {role.value for role in Role} | {"rescinder"}


def test_nobody_sees_anything_of_another_force() -> None:
    assert sight(list(Role), Relation.OTHER_FORCE).rights == frozenset()


def test_several_roles_add_up_and_the_kindest_condition_holds() -> None:
    constable = sight([Role.RECORDING_OFFICER], Relation.OWN_UNIT)
    sergeant = sight([Role.RECORDING_OFFICER, Role.SERGEANT], Relation.OWN_UNIT)
    assert (constable.needs_reason, constable.may(REASSIGN)) == (True, False)
    assert (sergeant.needs_reason, sergeant.may(REASSIGN)) == (False, True)
    inspector = sight([Role.RECORDING_OFFICER, Role.AUTHORISING_OFFICER], Relation.OWN_FORCE)
    assert (inspector.by_exact_reference, sight([Role.SERGEANT], Relation.OWN_FORCE).by_exact_reference) == (
        False,
        True,
    )


def test_an_inspector_is_asked_why_unless_the_case_was_routed_to_her() -> None:
    roles = [Role.AUTHORISING_OFFICER]
    assert sight(roles, Relation.OWN_FORCE).needs_reason
    assert not sight(roles, Relation.OWN_FORCE, routed=True).needs_reason


def test_nobody_decides_on_or_rescinds_an_own_case() -> None:
    assert not sight(list(Role), Relation.OWN).rights & {DECIDE, RESCIND}


@pytest.mark.parametrize(
    ("roles", "relation", "routed", "sees", "knows"),
    [
        ([Role.RECORDING_OFFICER], Relation.OWN, False, True, False),
        ([Role.RECORDING_OFFICER], Relation.OWN_UNIT, False, False, True),
        ([Role.SERGEANT], Relation.OWN_UNIT, False, False, True),
        ([Role.AUTHORISING_OFFICER], Relation.OWN_FORCE, False, False, True),
        ([Role.AUTHORISING_OFFICER], Relation.OWN_FORCE, True, True, False),
        ([Role.PROFESSIONAL_STANDARDS], Relation.OWN_FORCE, False, True, False),
        ([Role.REVIEWER], Relation.OWN_FORCE, False, False, True),
        ([Role.ADMINISTRATOR], Relation.OWN_FORCE, False, False, False),
        ([Role.RECORDING_OFFICER], Relation.OTHER_FORCE, False, False, False),
    ],
)
def test_a_restricted_case_is_for_its_officer_standards_and_the_inspector_asked(
    roles: list[Role], relation: Relation, routed: bool, sees: bool, knows: bool
) -> None:
    seen = sight(roles, relation, restricted=True, routed=routed)
    assert (seen.may(SEE), seen.knows_of_it) == (sees, knows)


def test_who_takes_part_in_cases_is_who_records_supervises_or_decides() -> None:
    assert {role.value for role in TAKING_PART} == {
        *("recording_officer", "sergeant", "authorising_officer", "professional_standards"),
    }


def test_professional_standards_see_referred_cases_only() -> None:
    assert not sight([Role.PROFESSIONAL_STANDARDS], Relation.OWN_FORCE).may(SEE)


def test_an_foi_analyst_counts_restricted_cases_too_and_sees_none() -> None:
    for restricted in (False, True):
        assert sight([Role.FOI_ANALYST], Relation.OWN_FORCE, restricted=restricted).rights == {COUNT}


def test_duties_of_several_roles_add_up() -> None:
    assert duties([Role.SERGEANT, Role.POLICY_OWNER]) == {Duty.UNIT_DESK, Duty.MANAGE_RULEBOOKS}
    assert duties([]) == frozenset()
