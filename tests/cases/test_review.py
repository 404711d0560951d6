"""What the review page shows is what a submission is bound to: every answer, and nothing after it is frozen."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db.models import Model
from django.utils import timezone

from cr_app.cases import journey
from cr_app.cases.actions.submission import prepare_review, reopen
from cr_app.cases.models import AgreedAction, Case, CaseOffence, EarlierDisposal, ExceptionGrounds, Victim
from cr_app.cases.questions import QUESTIONS, Kind, Question
from cr_app.cases.review import NOT_ANSWERED
from tests import make
from tests.cast import Cast

# No page shows an answer to these once the case is reviewed, or each is one of a row's parts that the test changes below.
_OTHER: dict[Kind, Callable[[Any, Question], Any]] = {
    Kind.TEXT: lambda value, question: f"{value or ''}x",
    Kind.REFERENCE: lambda value, question: f"{value or ''}X",
    Kind.LONG: lambda value, question: f"{value or ''}x",
    Kind.NAME: lambda value, question: f"{value or ''}x",
    Kind.POSTCODE: lambda value, question: "E1 1AA",
    Kind.PHONE: lambda value, question: "07700 900999",
    Kind.EMAIL: lambda value, question: "somebody@example.org",
    Kind.PNC: lambda value, question: None,
    Kind.CRO: lambda value, question: "265416/21G",
    Kind.YES_NO: lambda value, question: not value,
    Kind.CHOICE: lambda value, question: next(
        choice.value for choice in question.choices if choice.value not in (str(value), "none")
    ),
    Kind.DATE: lambda value, question: (value or date(2000, 1, 1)) - timedelta(days=1),
    Kind.MOMENT: lambda value, question: (value or timezone.now()) - timedelta(minutes=1),
    Kind.MONEY: lambda value, question: (value or Decimal(0)) + Decimal("0.01"),
    Kind.WHOLE: lambda value, question: (value or 0) + 1,
}
# Keys whose other value no list of the question itself offers.
_LISTED: dict[str, Any] = {
    "case.venue": "none",
    "offender.self_defined_ethnicity": "W2",
    "offender.officer_defined_ethnicity": "IC3",
    "offence.offence_type": "149/00",
    "action.remedy": "mediation",
    "action.for_whom": None,
    "victim.kind": "organisation",
}
_COLUMNS = {
    "case.unit": "unit_id",
    "offender.self_defined_ethnicity": "self_defined_ethnicity_id",
    "offender.officer_defined_ethnicity": "officer_defined_ethnicity_id",
    "offence.offence_type": "offence_type_id",
    "action.for_whom": "victim_id",
}


def everything(cast: Cast) -> str:
    """Return a draft in which every page of the journey applies and is answered."""
    make.issued(cast.amina, make.shop_theft().answering({"offender.pnc_id": "2003/0011985X"}))
    story = (
        make.two_victims()
        .but(
            offences=(make.KNIFE, make.SHOP_THEFT),
            disposals=({"kind": "caution", "given_on": date(2024, 5, 1), "offence_code": "46/00"},),
        )
        .answering(
            {
                "case.venue": "houses-of-parliament",
                "case.has_earlier_disposals": True,
                "offender.pnc_id": "2003/0011985X",
                "offender.born_on": make.birthday(15),
                "offender.mental_health_concern": True,
                "offender.interpreter": True,
                "offender.interpreter_language": "Polish",
                "offender.police_officer_or_staff": False,
            }
        )
    )
    reference = make.complete(cast.amina, story)
    victim = Victim.objects.filter(case__reference=reference).latest("position")
    AgreedAction.objects.filter(case__reference=reference).update(victim=victim)
    Case.objects.filter(reference=reference).update(question="Who saw it?", reply="The guard.")
    return reference


def row_for(reference: str, question: Question) -> Model:
    """Return the row of the case that holds the answer to a question."""
    case = make.read(reference)
    rows: dict[str, Callable[[], Model]] = {
        "case": lambda: case,
        "offender": lambda: case.offender,
        "victim": lambda: Victim.objects.filter(case=case).latest("position"),
        "offence": lambda: CaseOffence.objects.filter(case=case).latest("position"),
        "disposal": lambda: EarlierDisposal.objects.get(case=case),
        "action": lambda: AgreedAction.objects.filter(case=case).latest("position"),
    }
    return rows[question.row]()


def test_changing_any_one_answer_gives_another_digest(cast: Cast) -> None:
    reference = everything(cast)
    first = make.reviewed(reference)
    assert make.reviewed(reference) == first
    unnoticed = []
    for key, question in QUESTIONS.items():
        # A circumstance that an offence brings is shown as brought, whatever was stored for it.
        if key == "case.weapon_or_blade":
            continue
        column = _COLUMNS.get(key, question.field)
        with make.undone():
            row = row_for(reference, question)
            before = getattr(row, column)
            if key == "case.unit":
                after: object = cast.marcus.unit_id
            elif key in _LISTED:
                after = _LISTED[key]
            else:
                after = _OTHER[question.kind](before, question)
            assert after != before, key
            setattr(row, column, int(after) if key == "case.gravity_score" else after)  # type: ignore[call-overload]
            row.save(update_fields=[column])
            if make.reviewed(reference) == first:
                unnoticed.append(key)
    assert unnoticed == []


def test_changing_the_grounds_of_either_exclusion_gives_another_digest(cast: Cast) -> None:
    reference = make.complete(cast.amina, make.knife_and_hate())
    first = make.reviewed(reference)
    for grounds in ExceptionGrounds.objects.filter(case__reference=reference):
        with make.undone():
            ExceptionGrounds.objects.filter(pk=grounds.pk).update(circumstances=f"{grounds.circumstances} x")
            assert make.reviewed(reference) != first, grounds.rule
    assert make.reviewed(reference) == first


def answers_about(reference: str, slug: str) -> dict[str, str]:
    """Return what the review page shows of a page of the journey, by question."""
    review = prepare_review(make.read(reference), on=timezone.localdate())
    return {
        answer.question: answer.answer
        for section in review.sections
        for answer in section.answers
        if answer.slug == slug
    }


def test_the_review_shows_every_answer_about_the_exception_named_rule_by_rule(cast: Cast) -> None:
    reference = make.complete(cast.amina, make.knife_and_hate())
    shown = answers_about(reference, "exception")
    told = make.grounds()
    assert list(shown)[:2] == [
        "Hate crime: what are the exceptional circumstances?",
        "Offensive weapon, pointed or bladed article: what are the exceptional circumstances?",
    ]
    assert list(shown.values())[:2] == [told["grounds.hate-crime"], told["grounds.weapon-or-blade"]]
    assert list(shown)[2:] == [QUESTIONS[key].text for key in journey.STEP["exception"].keys]
    assert list(shown.values())[-1] == "No"


def test_grounds_of_an_exclusion_that_ceased_to_apply_are_no_longer_shown(cast: Cast) -> None:
    reference = make.complete(cast.amina, make.knife_and_hate())
    make.answer(reference, cast.amina, "circumstances", case__hate_crime=False)
    assert "Hate crime: what are the exceptional circumstances?" not in answers_about(reference, "exception")
    make.answer(reference, cast.amina, "circumstances", case__hate_crime=True)
    assert "Hate crime: what are the exceptional circumstances?" in answers_about(reference, "exception")


def test_a_force_where_every_case_needs_authority_shows_who_waits_with_the_rationale(cast: Cast) -> None:
    theirs = make.complete(cast.kieran, make.kent())
    assert answers_about(theirs, "rationale")[QUESTIONS["case.detained_or_waiting"].text] == "Yes"
    ours = make.complete_shop_theft(cast.amina)
    assert list(answers_about(ours, "rationale")) == [QUESTIONS["case.rationale"].text]


def test_a_snapshot_says_which_pages_were_open_when_it_was_taken(cast: Cast) -> None:
    whole = json.loads(make.frozen(make.submitted(cast.amina, make.knife())).content)
    assert (whole["format"], whole["open"]) == (2, [])
    early = json.loads(make.frozen(make.referred_early(cast.amina)).content)
    assert [slug for slug, item in early["open"]][:2] == ["incident", "offences"]
    assert ["offender-details", None] not in early["open"]


def test_a_row_added_or_removed_gives_another_digest(cast: Cast) -> None:
    reference = make.complete_shop_theft(cast.amina)
    first = make.reviewed(reference)
    with make.undone():
        AgreedAction.objects.filter(case__reference=reference).first().delete()  # type: ignore[union-attr]
        assert make.reviewed(reference) != first
    with make.undone():
        make.row(reference, cast.amina, "victim", make.person())
        assert make.reviewed(reference) != first
    assert make.reviewed(reference) == first


def test_another_day_or_another_rulebook_gives_another_digest(cast: Cast) -> None:
    with time_machine.travel("2023-07-31T11:00Z", tick=False):
        reference = make.complete_shop_theft(cast.amina)
        first = make.reviewed(reference)
        assert make.reviewed(reference) == first
    with time_machine.travel("2023-08-01T11:00Z", tick=False):
        assert make.reviewed(reference) != first


def test_the_review_shows_an_answer_to_every_question_that_was_answered(cast: Cast) -> None:
    reference = everything(cast)
    review = prepare_review(make.read(reference), on=timezone.localdate())
    shown = {answer.key for section in review.sections for answer in section.answers}
    answered = {
        key
        for key, question in QUESTIONS.items()
        if question.row in ("case", "offender", "victim")
        and getattr(row_for(reference, question), _COLUMNS.get(key, question.field)) not in (None, "")
    }
    assert answered - shown == set()
    assert not [answer for section in review.sections for answer in section.answers if answer.answer == NOT_ANSWERED]


def test_a_snapshot_holds_what_was_read_and_stays_as_it_was(cast: Cast) -> None:
    reference = make.submitted(cast.amina)
    frozen = make.frozen(reference)
    content = json.loads(frozen.content)
    assert content["verdict"] == "available"
    assert content["rulebook"] == "met/2023-08-01"
    assert content["reference"] == reference
    assert content["decided_on"] == timezone.localdate().isoformat()
    assert [kind["code"] for kind in content["offence_types"]] == [make.SHOP_THEFT]
    texts = frozen.content
    for told in ("Ransome", "squash", "Holloway Stores", "£12.40", "Apologise to the victim", "I took them"):
        assert told in texts, told
    reopen(reference, by=cast.amina)
    make.answer(reference, cast.amina, "rationale", case__rationale="Another reason.")
    make.submit_it(reference, cast.amina)
    again = make.frozen(reference)
    frozen.refresh_from_db()
    assert (frozen.number, again.number) == (1, 2)
    assert "Another reason." in again.content
    assert "Another reason." not in frozen.content


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, NOT_ANSWERED), ("", "–"), (True, "Yes"), (False, "No"), (Decimal("1234.5"), "£1,234.50")],
)
def test_an_answer_reads_as_pages_say_it(value: object, text: str) -> None:
    from cr_app.cases.review import shown

    assert shown(QUESTIONS["action.amount"], value) == text
