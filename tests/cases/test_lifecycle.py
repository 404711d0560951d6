"""What may follow what: the table of docs and code, walked over every pair of status and move."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cr_app.cases import lifecycle
from cr_app.cases.lifecycle import Move, Status, Who

# The lifecycle as the journeys tell it: from each status, each move open, where it may lead and who makes it.
OPEN_MOVES: dict[tuple[str, str], tuple[set[str], set[Who], bool]] = {}
_OWN, _DPS = {Who.ITS_OFFICER}, {Who.PROFESSIONAL_STANDARDS}
_FOLLOWING_UP = {Who.ITS_OFFICER, Who.UNIT_SERGEANT}
_ELIGIBLE, _INSPECTOR = {Who.ELIGIBLE_OFFICER}, {Who.OTHER_INSPECTOR}


def _open(starts: str, move: str, ends: str, by: set[Who], *, reason: bool) -> None:
    for start in starts.split():
        OPEN_MOVES[start, move] = (set(ends.split()), by, reason)


_open("draft", "submit", "ready awaiting_authority referred", _OWN, reason=False)
_open("draft", "withdraw", "withdrawn", _OWN, reason=True)
_open("draft ready refused referred", "record_not_used", "not_used", _OWN, reason=True)
_open("awaiting_authority", "grant", "ready draft", _ELIGIBLE, reason=True)
_open("awaiting_authority", "refuse", "refused", _ELIGIBLE, reason=True)
_open("awaiting_authority referred", "return_with_question", "draft", _ELIGIBLE | _DPS, reason=True)
_open("referred", "find_suitable", "ready awaiting_authority draft", _DPS, reason=True)
_open("referred", "find_unsuitable", "not_used", _DPS, reason=True)
_open("awaiting_authority referred ready", "reopen", "draft", _OWN, reason=False)
_open("ready", "issue", "issued draft", _OWN, reason=False)
_open("issued", "complete", "completed", _FOLLOWING_UP, reason=False)
_open("issued", "record_not_complied", "not_complied", _FOLLOWING_UP, reason=True)
_open("not_complied", "comply_late", "completed", _FOLLOWING_UP, reason=False)
_open("issued completed not_complied", "rescind", "rescinded", _INSPECTOR, reason=True)

EVERY_PAIR = list(product(Status, Move))


def test_the_table_opens_exactly_these_moves_and_no_other() -> None:
    assert {(str(status), str(move)) for status, move in EVERY_PAIR if lifecycle.may(status, move)} == set(OPEN_MOVES)
    assert len(EVERY_PAIR) == len(Status) * len(Move) == 11 * 14


@pytest.mark.parametrize(("status", "move"), EVERY_PAIR)
def test_each_pair_of_status_and_move_is_open_or_refused_in_a_sentence(status: Status, move: Move) -> None:
    if (str(status), str(move)) not in OPEN_MOVES:
        with pytest.raises(lifecycle.MoveNotAllowed) as refused:
            lifecycle.check(status, move, reason="A good reason.")
        assert refused.value.sentence.startswith("This case is ")
        assert refused.value.sentence.endswith(".")
        assert "_" not in refused.value.sentence
        return
    ends, by, needs_reason = OPEN_MOVES[str(status), str(move)]
    rule = lifecycle.rule_for(move)
    assert (set(rule.ends), set(rule.by), rule.needs_reason) == ({Status(end) for end in ends}, by, needs_reason)
    for end in Status:
        if end in ends:
            lifecycle.check(status, move, end, reason="A good reason.")
        else:
            with pytest.raises(lifecycle.MoveNotAllowed):
                lifecycle.check(status, move, end, reason="A good reason.")
    if needs_reason:
        with pytest.raises(lifecycle.MoveNotAllowed) as refused:
            lifecycle.check(status, move, reason="  \n")
        assert refused.value.sentence == "Give the reason."


@pytest.mark.parametrize("status", Status)
def test_every_status_but_the_ends_has_a_move_for_someone(status: Status) -> None:
    moves = lifecycle.moves_from(status)
    if status in lifecycle.ENDS or status is Status.COMPLETED:
        assert {rule.move for rule in moves} <= {Move.RESCIND}
    else:
        assert moves
        assert all(rule.by for rule in moves)
    assert (moves == ()) == (status in {Status.NOT_USED, Status.WITHDRAWN, Status.RESCINDED})


def test_every_status_can_be_reached_from_a_draft() -> None:
    reached = {Status.DRAFT}
    while more := {end for rule in lifecycle.TABLE if rule.starts & reached for end in rule.ends} - reached:
        reached |= more
    assert reached == set(Status)


@given(st.lists(st.tuples(st.sampled_from(Move), st.sampled_from(Status)), max_size=40))
def test_no_walk_of_moves_ever_leaves_an_end(walk: list[tuple[Move, Status]]) -> None:
    status, ended_as = Status.DRAFT, None
    for move, to in walk:
        try:
            lifecycle.check(status, move, to, reason="A good reason.")
        except lifecycle.MoveNotAllowed:
            continue
        status = to
        assert ended_as is None, f"{ended_as} was left by {move}"
        ended_as = status if status in lifecycle.ENDS else None


def test_the_status_after_a_decision_comes_from_the_verdict() -> None:
    assert {
        verdict: lifecycle.status_after(verdict)
        for verdict in (
            "available",
            "authority_required",
            "referral_required",
            "not_available",
            "requirements_unmet",
            "undecided",
        )
    } == {
        "available": Status.READY,
        "authority_required": Status.AWAITING_AUTHORITY,
        "referral_required": Status.REFERRED,
        "not_available": Status.DRAFT,
        "requirements_unmet": Status.DRAFT,
        "undecided": Status.DRAFT,
    }


def test_every_status_has_words_and_a_colour_of_the_tags() -> None:
    colours = {"grey", "light-blue", "yellow", "purple", "green", "blue", "red"}
    assert {status.colour for status in Status} <= colours
    assert len({status.label for status in Status}) == len(Status)
