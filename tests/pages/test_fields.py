"""Fields: what each keeps and what it says, success and refusal side by side."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from cr_app.pages.fields import (
    ChoiceField,
    ChoicesField,
    CroNumberField,
    DateField,
    DateTimeField,
    Divider,
    EmailField,
    LongTextField,
    MoneyField,
    NameField,
    Option,
    PhoneField,
    PncIdField,
    PostcodeField,
    ReferenceField,
    TextField,
    TimeField,
    WholeNumberField,
    YesNoField,
)
from cr_app.pages.fields.answer import Answer
from tests.pages.asking import answer, form_of

NAME = NameField("What is their last name?", what="their last name")
WHY = LongTextField("Why is this proportionate?", what="why this is proportionate")
AMOUNT = MoneyField("How much will they pay back?")
ITEMS = WholeNumberField("How many items?", what="the number of items", least=1, most=99)
REPORT, REPORT_OF_10 = ReferenceField("Which reference?"), ReferenceField("Which reference?", max_length=10)
BEYOND_A_TO_Z = "Enter the reference in letters A to Z and numbers; only / - . and spaces may stand between them"
SEX = ChoiceField("Sex", what="the offender's sex", options=[("f", "Female"), ("m", "Male")])
WANTS = ChoicesField(
    "What does the victim want?",
    what="what the victim wants",
    options=[("apology", "An apology"), ("money", "Money"), Divider(), Option("none", "Nothing", exclusive=True)],
)
ABUSE = YesNoField("Was it domestic abuse?", what="it was domestic abuse")

CASES: dict[str, tuple[Answer, Any, Any]] = {
    "name": (NAME, "O’Neill-Bădescu", "O’Neill-Bădescu"),
    "name, right to left": (NAME, "محمد", "محمد"),
    "name, 200 characters": (NAME, "x" * 200, "x" * 200),
    "name, 201": (NAME, "x" * 201, "Shorten their last name to 200 characters or fewer; it has 201 now"),
    "name, no letter": (NAME, "--", "Enter their last name in letters"),
    "name, none": (NAME, " ", "Enter their last name"),
    "name, NUL": (
        NAME,
        "a\0",
        "Type their last name again: it has a character that cannot be kept, perhaps from copying and pasting",
    ),
    "free text, emoji": (WHY, "Sorry 😔\r\nsaid", "Sorry 😔\nsaid"),
    "free text, 10,000 characters": (WHY, "y" * 10_000, "y" * 10_000),
    "free text, 10,001": (
        WHY,
        "y" * 10_001,
        "Shorten why this is proportionate to 10,000 characters or fewer; it has 10,001 now",
    ),
    "text, its own sentence": (
        TextField("Reference?", missing="Enter the crime report reference, for example 2312345/26"),
        "",
        "Enter the crime report reference, for example 2312345/26",
    ),
    "text, its own sentence lends its words": (
        TextField("Reference?", missing="Enter the crime report reference, for example 2312345/26", max_length=5),
        "123456",
        "Shorten the crime report reference to 5 characters or fewer; it has 6 now",
    ),
    "text, its own sentence goes on": (
        NameField("Family name", missing="Enter the family name; for an officer with one name only, enter that"),
        "123",
        "Enter the family name in letters",
    ),
    "money": (AMOUNT, "12.40", Decimal("12.40")),
    "money, sign and comma": (AMOUNT, "£1,200", Decimal("1200.00")),
    "money, one place": (AMOUNT, "12.4", "Enter the amount in pounds and pence, for example 12.40"),
    "money, minus": (AMOUNT, "-1", "Enter the amount in pounds and pence, for example 12.40"),
    "money, not a number": (AMOUNT, "NaN", "Enter the amount in pounds and pence, for example 12.40"),
    "money, most": (AMOUNT, "999,999.99", Decimal("999999.99")),
    "money, too much": (AMOUNT, "1000000", "Enter the amount as £999,999.99 or less"),
    "money, least": (AMOUNT, "0.01", Decimal("0.01")),
    "money, nothing": (AMOUNT, "0", "Enter the amount as £0.01 or more"),
    "money, nothing with pence": (AMOUNT, "£0.00", "Enter the amount as £0.01 or more"),
    "money, 5,000 figures": (AMOUNT, "9" * 5000, "Enter the amount in pounds and pence, for example 12.40"),
    "whole": (ITEMS, "12", 12),
    "whole, 0": (ITEMS, "0", "Enter the number of items as a whole number from 1 to 99"),
    "whole, 5,000 figures": (ITEMS, "9" * 5000, "Enter the number of items as a whole number from 1 to 99"),
    "whole, a fraction": (ITEMS, "1.5", "Enter the number of items as a whole number from 1 to 99"),
    "choice": (SEX, "f", "f"),
    "choice, none": (SEX, "", "Select the offender's sex"),
    "choice, never offered": (SEX, "x", "Select the offender's sex: choose one of the answers shown"),
    "choice, of a question without a name": (
        ChoiceField(options=[("a", "A")]),
        "x",
        "This answer was not offered: choose one of the answers shown",
    ),
    "choices": (WANTS, ["money", "apology", "money"], ("apology", "money")),
    "choices, none": (WANTS, [], "Select what the victim wants"),
    "choices, none of these and one": (WANTS, ["money", "none"], "Select “Nothing” or the others, not both"),
    "choices, never offered": (
        WANTS,
        ["money", "moon"],
        "Select what the victim wants: choose one of the answers shown",
    ),
    "yes": (ABUSE, "yes", True),
    "no": (ABUSE, "no", False),
    "yes or no, none": (ABUSE, "", "Select yes if it was domestic abuse"),
    "yes or no, something else": (ABUSE, "maybe", "Select yes or no"),
    "time": (TimeField("When?"), "2.10pm", dt.time(14, 10)),
    "time, none": (TimeField("When?"), "", "Enter the time, for example 02:10, 14:35 or 2:35pm"),
    "postcode": (PostcodeField(), "sw1a2aa", "SW1A 2AA"),
    "postcode, wrong": (PostcodeField(), "London", "Enter a full UK postcode, for example SW1A 2AA"),
    "phone": (PhoneField(), "020-7946-0018", "020 7946 0018"),
    "phone, wrong": (PhoneField(), "1", "Enter a telephone number, for example 020 7946 0018 or +44 20 7946 0018"),
    "phone, 30 characters": (PhoneField(), "+44 1 2 3 4 5 6 7 8 9 0 ext 12", "+44 1 2 3 4 5 6 7 8 9 0 ext 12"),
    "phone, 15 figures apart and an extension": (
        PhoneField(),
        "1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 ext 123456",
        "Shorten the telephone number to 30 characters or fewer, its spaces and extension counted",
    ),
    "reference": (REPORT, " cris 2312345/26-a.b ", "CRIS 2312345/26-A.B"),
    "reference, 10 characters": (REPORT_OF_10, "a" * 10, "A" * 10),
    "reference, 11": (REPORT_OF_10, "a" * 11, "Shorten the reference to 10 characters or fewer; it has 11 now"),
    "reference, a letter that grows": (REPORT_OF_10, "ß" * 10, BEYOND_A_TO_Z),
    "reference, a letter that looks like another": (REPORT, "\u0410 123", BEYOND_A_TO_Z),
    "reference, figures of another script": (REPORT, "١٢٣", BEYOND_A_TO_Z),
    "reference, signs alone": (REPORT, "-/.", BEYOND_A_TO_Z),
    "e-mail": (EmailField(), "jo.o'neill@example.com", "jo.o'neill@example.com"),
    "e-mail, wrong": (EmailField(), "jo@", "Enter an email address, for example name@example.com"),
    "PNC ID": (PncIdField(), "03/11985x", "2003/0011985X"),
    "PNC ID, none": (PncIdField(), "", "Enter the PNC ID, for example 2003/0011985X"),
    "PNC ID, wrong letter": (
        PncIdField(),
        "03/11985a",
        "Check the PNC ID: its last letter does not fit its numbers, so one of them is mistyped",
    ),
    "CRO number": (CroNumberField(), "123456/21c", "123456/21C"),
    "CRO number, wrong": (
        CroNumberField(),
        "1",
        "Enter a CRO number as number, year and letter, for example 123456/21C",
    ),
}


@pytest.mark.parametrize(("field", "sent", "answered"), CASES.values(), ids=CASES)
def test_each_field_keeps_one_form_or_says_what_to_do(field: Answer, sent: object, answered: object) -> None:
    assert answer(field, x=sent) == answered


@pytest.mark.parametrize(
    ("field", "nothing"),
    [
        (NameField(required=False), ""),
        (LongTextField(required=False), ""),
        (MoneyField(required=False), None),
        (WholeNumberField(required=False), None),
        (TimeField(required=False), None),
        (DateField(required=False), None),
        (DateTimeField(required=False), None),
        (YesNoField(required=False), None),
        (ChoiceField(required=False), ""),
        (ChoicesField(required=False), ()),
    ],
)
def test_no_answer_is_never_taken_for_no_or_nought(field: Answer, nothing: object) -> None:
    assert answer(field) == nothing


BORN = DateField("What is their date of birth?", what="their date of birth", no_future=True)


@time_machine.travel("2026-11-21 23:30:00+00:00", tick=False)
def test_a_date_is_refused_in_the_future_and_accepted_today() -> None:
    assert answer(BORN, day="21", month="11", year="2026") == dt.date(2026, 11, 21)
    future = answer(BORN, day="22", month="11", year="2026")
    assert future == "Enter their date of birth as today or a day in the past"
    assert answer(BORN) == "Enter their date of birth, for example 27 3 2026"


def test_bounds_set_when_the_form_is_made_say_why() -> None:
    happened = DateField("When?", what="the date of the offence")
    happened.earliest, happened.earliest_is = dt.date(1999, 4, 3), "the offender's date of birth"
    happened.latest = lambda: dt.date(2026, 11, 21)
    assert answer(happened, day="3", month="4", year="1999") == dt.date(1999, 4, 3)
    before = answer(happened, day="2", month="4", year="1999")
    assert before == "Enter the date of the offence as 3 April 1999, the offender's date of birth, or later"
    after = answer(happened, day="22", month="11", year="2026")
    assert after == "Enter the date of the offence as 21 November 2026, or earlier"


@time_machine.travel("2026-11-21 14:00:00+00:00", tick=False)
def test_a_moment_is_kept_in_utc_and_refused_later_today() -> None:
    happened = DateTimeField("When?", what="when it happened", no_future=True)
    day = {"day": "1", "month": "July", "year": "2026"}
    assert answer(happened, **day, time="2.35pm") == dt.datetime(2026, 7, 1, 13, 35, tzinfo=dt.UTC)
    assert answer(happened, **day) == "Add the time to when it happened, for example 14:35"
    later = answer(happened, day="21", month="11", year="2026", time="1401")
    assert later == "Check when it happened: that time has not come yet"


@pytest.mark.parametrize(
    ("field", "kept"),
    [
        (DateField(), dt.date(2026, 3, 7)),
        (DateTimeField(), dt.datetime(2026, 7, 1, 13, 35, tzinfo=dt.UTC)),
        (TimeField(), dt.time(14, 5)),
        (YesNoField(), False),
        (MoneyField(), Decimal("12.40")),
        (WholeNumberField(), 0),
        (WANTS, ("apology", "money")),
        (LongTextField(), "one\ntwo"),
    ],
)
def test_what_is_kept_is_shown_and_sent_back_unchanged(field: Answer, kept: Any) -> None:
    shown = field.prepare_value(kept)
    sent = shown if isinstance(shown, dict) else {"x": shown}
    assert answer(field, **sent) == kept
    form = form_of(field, **sent)
    form.initial = {"x": kept}
    assert not form.has_changed()


def test_options_set_on_one_form_stay_with_it() -> None:
    one, other = form_of(SEX, x="f"), form_of(SEX, x="z")
    one.fields["x"].options = [("z", "Another")]  # type: ignore[attr-defined]
    assert not one.is_valid()
    assert other.fields["x"].options == SEX.options  # type: ignore[attr-defined]
    assert SEX.label_of("f") == "Female"
