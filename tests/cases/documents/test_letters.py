"""The letter to a victim: what was decided and why, what is for them, and nothing of what is for others."""

from decimal import Decimal

from cr_app.reference.models import OffenceType
from tests import make, make_authority
from tests.cases.documents.told import copy_of, keys, letter, rows, text, told_now
from tests.cast import Cast
from tests.make_stories import SHOP_THEFT


def test_three_victims_each_read_of_their_own_and_of_nobodys_action(cast: Cast) -> None:
    reference = make.case(cast.amina)
    story = make.shop_theft().but(
        victims=(make.shop(), make.person(), make.person(first_names="Sami", last_names="Brook")),
        actions=(make.apology(undertaking="Sweep the yard"),),
    )
    make.answer_pages(reference, cast.amina, story)
    for victim, what in zip(
        make.record(reference).victims, ("Pay the shop", "Mend the bag", "Write a card"), strict=True
    ):
        amount = Decimal("1240.00") if what == "Pay the shop" else None
        remedy = "financial-compensation" if amount else "making-good"
        make.row(
            reference,
            cast.amina,
            "action",
            make.apology(remedy=remedy, undertaking=what, amount=amount, victim_id=victim.pk),
        )
    make.submit_it(reference, cast.amina)
    make.issue_it(reference, cast.amina)
    told = told_now(reference)
    copy = copy_of(told)
    assert [rows(copy, f"action_{place}").get("For") for place in (1, 2, 3, 4)] == [
        None,
        "Holloway Stores",
        "Person harmed 1",
        "Person harmed 2",
    ]
    assert rows(copy, "action_2")["Amount"] == "£1,240.00"
    for place, mine in enumerate(("Pay the shop", "Mend the bag", "Write a card")):
        said = text(letter(told, place))
        others = {"Pay the shop", "Mend the bag", "Write a card"} - {mine}
        assert mine in said
        assert not [other for other in others if other in said]
        assert "Some of what it deals with may be about other people" in said
        assert "Action 1 of 1" in said
        assert "Sweep the yard" not in said
        assert "They also agreed to do something else to put things right or to keep out of trouble." in said


def test_a_letter_says_what_the_victim_wanted_and_why_it_was_decided_otherwise(cast: Cast) -> None:
    told = told_now(make.issued(cast.amina, make.two_victims()))
    agreed, departed = letter(told, 0), letter(told, 1)
    assert "You agreed to a Community Resolution." in text(agreed)
    assert "departure" not in keys(agreed)
    assert "You did not agree to a Community Resolution." in text(departed)
    assert "Little value, admitted at once." in text(departed)
    assert rows(departed, "wished") == {"You wanted": "The money back, and not to see it happen again."}
    for sheet in (agreed, departed):
        for words in ("less serious", "Victims' Code", "Independent Office for Police Conduct", "2312345/26", "Camden"):
            assert words in text(sheet), words
        for words in ("Ransome", "Wells Row", "A first offence of little value", "30"):
            assert words not in text(sheet).replace(told.case.reference, ""), words
    assert rows(agreed, "about")["For the attention of"] == "Ines Okafor"
    assert "For the attention of" not in rows(departed, "about")


def test_a_letter_to_who_was_not_asked_says_so_and_gives_no_words_of_the_officer(cast: Cast) -> None:
    victim = make.person(
        consulted=False, reason_not_consulted="On a ship until June.", agrees=None, wishes="", departure_reason=""
    )
    sheet = letter(told_now(make.issued(cast.amina, make.shop_theft().but(victims=(victim,)))))
    assert "not_consulted" in keys(sheet)
    assert "wished" not in keys(sheet)
    assert "ship" not in text(sheet)
    assert "We know that this matters: the police officer can tell you why." in text(sheet)


def test_a_victim_learns_nothing_of_what_was_agreed_for_nobody_in_particular(cast: Cast) -> None:
    treatment = make.apology(remedy="treatment", undertaking="See the clinic in Brixton on Tuesdays")
    told = told_now(make.submitted(cast.amina, make.shop_theft().but(actions=(treatment,))))
    assert "See the clinic in Brixton on Tuesdays" in text(copy_of(told))
    title = told.remedy_title(told.standings[0].action)
    sheet = letter(told)
    for words in ("clinic", "Brixton", title, "Seek help", "mental health"):
        assert words not in text(sheet) + text(letter(told, language="cy"))
    assert {"no_actions", "more_actions", "if_not"} <= set(keys(sheet))
    why = text(sheet).partition("Why this was decided")[2].partition("What you told us")[0]
    assert "They agreed to take part." in why
    assert "to put things right" not in why


def test_what_may_be_about_others_is_said_before_the_offences(cast: Cast) -> None:
    kind = OffenceType.objects.filter(mode_of_trial="summary", exclusion_category="")[0]
    one = told_now(make.submitted(cast.amina))
    two = told_now(
        make.submitted(cast.amina, make.shop_theft().but(offences=(SHOP_THEFT, kind.code), report="2312346/26"))
    )
    assert "others" not in keys(letter(one))
    said = keys(letter(two))
    assert said.index("others") < said.index("covers") < said.index("offence_list")


def test_who_was_harmed_by_an_authorised_exception_is_not_told_that_it_was_less_serious(cast: Cast) -> None:
    reference = make_authority.asked(cast.amina, make.knife_and_hate())
    make_authority.granted(reference, cast.priya)
    told = told_now(reference)
    assert "less serious" not in text(letter(told))
    told.case.authority_decision = None
    told.case.less_serious = True
    assert "less serious" in text(letter(told))


def test_a_letter_without_a_borough_says_when_and_no_place(cast: Cast) -> None:
    told = told_now(make.submitted(cast.amina))
    told.case.borough = ""
    assert " in ." not in text(letter(told))
    assert "about what happened on" in text(letter(told))


def test_a_letter_offers_support_and_restorative_justice_and_names_an_officer_by_rank(cast: Cast) -> None:
    sheet = letter(told_now(make.submitted(cast.amina)))
    assert "restorative justice" in text(sheet)
    assert rows(sheet, "contact_rows")["Officer"].startswith("Constable 4127")
