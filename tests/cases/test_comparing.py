"""Which answers differ between two readings of one page: pure."""

import json
from dataclasses import replace

import pytest

from cr_app.cases.comparing import (
    NOT_ANSWERED,
    ChangedAnswer,
    ShownAnswer,
    answers_in,
    changes_between,
    changes_kept,
    kept_of,
    open_pages_in,
)

PLACE = ShownAnswer("case.place", "Where did it happen?", "12 Wells Row", "incident")
AGES = ShownAnswer("offender.ages", "Age", "30 at the decision", "offender")
UNIT = ShownAnswer("case.unit", "Which unit?", "Team B", "start")
SORRY = ShownAnswer("action.undertaking", "Action 1: Apologise", "Say sorry, by 5 May 2026", "actions", 7)
SWEEP = ShownAnswer("action.undertaking", "Action 2: Behave", "Sweep up, by 5 May 2026", "actions", 8)
EARLIER = ShownAnswer("case.earlier_cases", "Earlier local record 7KQM2PXR", "Issued: Theft", "history")
BEFORE = (PLACE, AGES, UNIT, SORRY, SWEEP, EARLIER)


def test_the_same_answers_in_another_order_or_other_words_of_the_question_are_no_change() -> None:
    assert changes_between(BEFORE, BEFORE[::-1]) == ()
    assert changes_between([PLACE], [replace(PLACE, question="Where was it?")]) == ()


@pytest.mark.parametrize(
    ("after", "changed"),
    [
        ([replace(PLACE, answer="14 Wells Row")], ("Where did it happen?", "12 Wells Row", "14 Wells Row")),
        ([], ("Where did it happen?", "12 Wells Row", "")),
        ([PLACE, UNIT], ("Which unit?", "", "Team B")),
    ],
    ids=["changed", "gone", "new"],
)
def test_a_change_names_the_question_and_both_answers(after: list[ShownAnswer], changed: tuple[str, str, str]) -> None:
    assert changes_between([PLACE], after) == (ChangedAnswer(*changed),)


def test_of_a_row_that_repeats_what_the_question_says_counts_and_its_place_does_not() -> None:
    first = replace(SWEEP, question="Action 1: Behave")
    assert changes_between([SORRY, SWEEP], [first]) == (
        ChangedAnswer("Agreed action", "Apologise: Say sorry, by 5 May 2026", ""),
    )
    other_remedy = replace(SORRY, question="Action 1: Write a letter")
    (changed,) = changes_between([SORRY], [other_remedy])
    assert (changed.old, changed.new) == (
        "Apologise: Say sorry, by 5 May 2026",
        "Write a letter: Say sorry, by 5 May 2026",
    )
    # The same words in another row are another action.
    assert len(changes_between([SORRY], [replace(SORRY, item=9)])) == 2


def test_what_is_left_out_does_not_count() -> None:
    after = (replace(UNIT, answer="Team D"), replace(AGES, answer="31 at the decision"))
    assert len(changes_between((UNIT, AGES), after)) == 2
    assert changes_between((UNIT, AGES), after, leaving_out={"case.unit", "offender.ages"}) == ()


def test_an_earlier_record_is_known_by_its_reference() -> None:
    other = replace(EARLIER, question="Earlier local record 2B3C4D5F")
    assert len(changes_between([EARLIER], [EARLIER, other])) == 1
    assert changes_between([EARLIER], [replace(EARLIER, answer="Rescinded: Theft")])[0].new == "Rescinded: Theft"


OPEN = {("incident", None), ("victims", None)}


@pytest.mark.parametrize(
    ("was", "now", "counts"),
    [
        (replace(PLACE, answer=NOT_ANSWERED), PLACE, False),
        (PLACE, replace(PLACE, answer="14 Wells Row"), True),
        (PLACE, replace(PLACE, answer=NOT_ANSWERED), True),
        (PLACE, None, True),
        (None, replace(PLACE, key="case.borough"), False),
        (None, ShownAnswer("victim.kind", "Who?", "A person", "victims", 3), False),
        (None, ShownAnswer("case.youth_justice_name", "Who?", "Camden", "youth-justice"), False),
        (None, ShownAnswer("offender.occupation", "Occupation", "Baker", "offender"), True),
        (AGES, replace(AGES, answer="29 at the offence, 30 at the decision"), False),
        (AGES, replace(AGES, answer="31 at the decision"), True),
        (replace(AGES, key="offender.sex", answer=NOT_ANSWERED), replace(AGES, key="offender.sex"), True),
    ],
    ids=[
        *("left open and answered", "shown and changed", "shown and emptied", "shown and gone", "new on an open page"),
        *("a row on an open page", "a page that did not apply", "new on a page that was done", "an age completed"),
        *("an age changed", "left open on a page that was done"),
    ],
)
def test_what_was_open_may_be_filled_in_and_what_was_shown_stays(
    was: ShownAnswer | None, now: ShownAnswer | None, *, counts: bool
) -> None:
    # The page of the offender was shown, and done.
    shown = ShownAnswer("offender.last_names", "Last name", "Ransome", "offender")
    before, after = ([shown, *([each] if each else [])] for each in (was, now))
    assert bool(changes_between(before, after, open_before=OPEN)) is counts
    assert changes_between(before, after) != ()


def test_a_snapshot_is_read_back_whatever_its_format() -> None:
    content = {"sections": [{"title": "Incident", "answers": [vars(PLACE)]}]}
    assert answers_in(json.dumps(content)) == (PLACE,)
    assert open_pages_in(json.dumps(content)) == frozenset()
    assert open_pages_in(json.dumps(content | {"open": [["incident", None], ["victim-safeguards", 3]]})) == {
        ("incident", None),
        ("victim-safeguards", 3),
    }


def test_what_a_void_keeps_is_read_back_as_it_was() -> None:
    changes = (ChangedAnswer("Où?", "12 “Wells” Row", ""), ChangedAnswer("What?", "", "Łódź 🙂"))
    assert changes_kept(kept_of(changes)) == changes
