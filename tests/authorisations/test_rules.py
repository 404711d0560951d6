"""Who may decide: a table of named cases, each beside one that differs in a single fact."""

from dataclasses import dataclass, replace
from typing import Any

import pytest

from cr_app.accounts.ranks import RankHeld
from cr_app.accounts.roles import Role
from cr_app.authorisations.rules import Answer, Decider, Matter, may_decide, needed_in_words, rank_decided_in
from cr_app.policy.ranks import rank_named

INSPECTOR, SERGEANT, CONSTABLE = rank_named("Inspector"), rank_named("Sergeant"), rank_named("Constable")
CHIEF_INSPECTOR = rank_named("Chief Inspector")
PRIYA = Decider(
    pk=5,
    warrant_number="2051",
    name="priya shah",
    force="01",
    rank=RankHeld(INSPECTOR, INSPECTOR),
    roles=frozenset({Role.RECORDING_OFFICER, Role.AUTHORISING_OFFICER}),
)
KNIFE = Matter(
    kind="authority",
    force="01",
    recorded_by=1,
    officer=1,
    edited_by=frozenset({1}),
    interested=frozenset({8}),
    party_numbers=frozenset({"5555"}),
    party_names=frozenset({"jade ransome", "noor haddad"}),
    needed=INSPECTOR,
    needs_substantive=True,
)
ANY_CASE = replace(KNIFE, needed=SERGEANT, needs_substantive=False)
REFERRED = replace(KNIFE, kind="suitability", needed=None, needs_substantive=False)
LAURA = replace(PRIYA, rank=RankHeld(SERGEANT, SERGEANT))
YUSUF = replace(PRIYA, roles=frozenset({Role.PROFESSIONAL_STANDARDS}), rank=RankHeld(CONSTABLE, CONSTABLE))

OWN = "nobody decides on a case of their own"
WANTS = "Authority for this case needs a substantive Inspector or above."


@dataclass(frozen=True)
class Line:
    """One named case: who, what, and a part of the one reason why not; nothing where they may."""

    name: str
    decider: Decider
    matter: Matter
    reason: str = ""


def changed(name: str, reason: str, *, who: dict[str, Any] | None = None, what: dict[str, Any] | None = None) -> Line:
    """Return the knife before Priya, but for one fact."""
    return Line(name, replace(PRIYA, **(who or {})), replace(KNIFE, **(what or {})), reason)


TABLE = (
    Line("a substantive Inspector of the force", PRIYA, KNIFE),
    changed("above the rank needed", "", who={"rank": RankHeld(CHIEF_INSPECTOR, CHIEF_INSPECTOR)}),
    changed("a substantive Inspector acting above", "", who={"rank": RankHeld(CHIEF_INSPECTOR, INSPECTOR)}),
    changed("a Sergeant", f"{WANTS} Your rank is Sergeant.", who={"rank": RankHeld(SERGEANT, SERGEANT)}),
    changed(
        "a Sergeant acting as Inspector",
        f"{WANTS} You are acting as Inspector, and your substantive rank is Sergeant: an acting or temporary rank does "
        "not count here.",
        who={"rank": RankHeld(INSPECTOR, SERGEANT)},
    ),
    changed(
        "a Constable acting as Sergeant",
        f"{WANTS} You are acting as Sergeant, and your substantive rank is Constable.",
        who={"rank": RankHeld(SERGEANT, CONSTABLE)},
    ),
    changed(
        "acting, where the acting rank counts",
        "",
        who={"rank": RankHeld(INSPECTOR, SERGEANT)},
        what={"needs_substantive": False},
    ),
    changed("the rank is not known", "not known yet which rank", what={"needed": None}),
    changed("the recorder", f"You recorded this case, and {OWN}", what={"recorded_by": 5}),
    changed("its officer after a hand-over", f"This case is yours now, and {OWN}", what={"officer": 5}),
    changed("one who changed its answers", "You changed answers in this case", what={"edited_by": frozenset({1, 5})}),
    changed("the offender or a victim", "You are a party to this case", what={"party_numbers": frozenset({"2051"})}),
    changed("one with an interest", "You declared an interest", what={"interested": frozenset({5})}),
    changed(
        "one whose account was added, changed or let in by a hand of the case",
        "has added or changed your account, or given it a password",
        what={"accounts_of_theirs": frozenset({"2051"})},
    ),
    changed("one beside another whose account was", "", what={"accounts_of_theirs": frozenset({"2077"})}),
    changed("of another force", "belongs to another force", who={"force": "46"}),
    changed(
        "without the role",
        "You have not been given the role of authorising officer. An administrator",
        who={"roles": frozenset({Role.RECORDING_OFFICER, Role.SERGEANT})},
    ),
    changed(
        "professional standards, who give no authority",
        "role of authorising officer",
        who={"roles": frozenset({Role.PROFESSIONAL_STANDARDS})},
    ),
    changed("an account that is closed", "Your account is closed", who={"is_active": False}),
    changed("a first password", "not changed your first password", who={"must_change_password": True}),
    Line("a Sergeant where a Sergeant is enough", LAURA, ANY_CASE),
    Line(
        "a Constable where a Sergeant is needed",
        replace(LAURA, rank=RankHeld(CONSTABLE, CONSTABLE)),
        ANY_CASE,
        "Authority for this case needs a Sergeant or above. Your rank is Constable.",
    ),
    Line("an acting Sergeant where that counts", replace(LAURA, rank=RankHeld(SERGEANT, CONSTABLE)), ANY_CASE),
    Line(
        "a Sergeant where an exclusion needs an Inspector",
        LAURA,
        replace(ANY_CASE, needed=INSPECTOR),
        "Authority for this case needs an Inspector or above.",
    ),
    Line("professional standards, of any rank", YUSUF, REFERRED),
    Line("an Inspector on a referral", PRIYA, REFERRED, "Only professional standards decide"),
    Line("professional standards of another force", replace(YUSUF, force="46"), REFERRED, "another force"),
    Line("professional standards on their own case", replace(YUSUF, pk=1), REFERRED, "You recorded this case"),
    Line("professional standards with an interest", replace(YUSUF, pk=8), REFERRED, "You declared an interest"),
    Line(
        "professional standards under an account of the recorder's making",
        YUSUF,
        replace(REFERRED, accounts_of_theirs=frozenset({"2051"})),
        "has added or changed your account",
    ),
    Line("the officer who was referred", replace(YUSUF, warrant_number="5555"), REFERRED, "You are a party"),
)


@pytest.mark.parametrize("line", TABLE, ids=lambda line: line.name)
def test_who_may_decide(line: Line) -> None:
    answer = may_decide(line.decider, line.matter)
    assert answer.allowed is (line.reason == "")
    # Whoever recorded it and still has it is told so once.
    assert len(answer.reasons) == (0 if answer.allowed else 1)
    assert line.reason in "".join(answer.reasons[:1])


def test_every_reason_is_given_and_not_the_first_alone() -> None:
    matter = replace(KNIFE, recorded_by=5, officer=5, interested=frozenset({5}), party_numbers=frozenset({"2051"}))
    decider = replace(
        PRIYA,
        force="46",
        rank=RankHeld(SERGEANT, SERGEANT),
        roles=frozenset(),
        is_active=False,
        must_change_password=True,
    )
    reasons = may_decide(decider, matter).reasons
    assert len(reasons) == len(set(reasons)) == 8
    assert all(reason.endswith(".") and reason[0].isupper() for reason in reasons)


def test_whoever_changed_the_own_password_is_told_of_the_own_hand_in_the_case_alone() -> None:
    matter = replace(KNIFE, edited_by=frozenset({5}), accounts_of_theirs=frozenset({"2051"}))
    (reason,) = may_decide(PRIYA, matter).reasons
    assert reason.startswith("You changed answers")


@pytest.mark.parametrize(
    ("name", "is_alike"),
    [
        ("jade ransome", True),
        ("jade anne ransome", True),
        ("j ransome", True),
        ("noor haddad", True),
        ("jane ransome", False),
        ("jade ransom", False),
        ("ransome", False),
        ("", False),
    ],
)
def test_a_name_alike_is_a_warning_and_never_a_bar(name: str, is_alike: bool) -> None:
    answer = may_decide(replace(PRIYA, name=name), KNIFE)
    assert answer.allowed
    assert bool(answer.warnings) is is_alike


def test_nobody_is_warned_of_people_without_names() -> None:
    assert may_decide(PRIYA, replace(KNIFE, party_names=frozenset({""}))) == Answer()


@pytest.mark.parametrize(
    ("matter", "words"),
    [
        (KNIFE, "a substantive Inspector or above"),
        (replace(KNIFE, needs_substantive=False), "an Inspector or above"),
        (ANY_CASE, "a Sergeant or above"),
        (REFERRED, "professional standards"),
        (replace(KNIFE, needed=None), "an authorising officer, of a rank that is not known yet"),
    ],
)
def test_who_may_is_said_in_words(matter: Matter, words: str) -> None:
    assert needed_in_words(matter) == words


@pytest.mark.parametrize(
    ("held", "matter", "rank", "is_substantive"),
    [
        (RankHeld(INSPECTOR, INSPECTOR), KNIFE, INSPECTOR, True),
        (RankHeld(CHIEF_INSPECTOR, INSPECTOR), KNIFE, INSPECTOR, True),
        (RankHeld(CHIEF_INSPECTOR, INSPECTOR), ANY_CASE, CHIEF_INSPECTOR, False),
        (RankHeld(SERGEANT, CONSTABLE), ANY_CASE, SERGEANT, False),
        (RankHeld(SERGEANT, SERGEANT), ANY_CASE, SERGEANT, True),
    ],
)
def test_a_decision_rests_on_the_rank_that_the_matter_counts(
    held: RankHeld, matter: Matter, rank: object, is_substantive: bool
) -> None:
    assert rank_decided_in(held, matter) == (rank, is_substantive)
