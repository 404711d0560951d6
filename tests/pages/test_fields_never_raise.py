"""Whatever is sent, a field answers or refuses in a sentence, and its page can be shown and encoded."""

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from cr_app.pages.fields import (
    ChoiceField,
    ChoicesField,
    CroNumberField,
    DateField,
    DateTimeField,
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
from cr_app.pages.moments import read_date, read_time
from cr_app.pages.text import clean
from cr_app.pages.widgets import Choice
from tests.pages.asking import form_of
from tests.pages.markup import read

OPTIONS: list[Choice] = [("a", "A"), Option("none", "None", exclusive=True)]
FIELDS: list[Answer] = [
    TextField(),
    LongTextField(),
    NameField(),
    DateField(no_future=True),
    DateTimeField(),
    TimeField(),
    YesNoField(),
    ChoiceField(options=OPTIONS),
    ChoiceField(options=OPTIONS, drop=True),
    ChoicesField(options=OPTIONS),
    PostcodeField(),
    PhoneField(),
    ReferenceField(),
    EmailField(),
    PncIdField(),
    CroNumberField(),
    MoneyField(),
    WholeNumberField(),
]
# Surrogates and NUL among them; and what looks almost right.
ANYTHING = st.one_of(
    st.text(st.characters(exclude_categories=())),
    st.from_regex(r"[0-9./:,£ \-a-zA-Z]{0,30}"),
    st.sampled_from(["9" * 5000, "\x00", "\ud800", "<script>alert(1)</script>", "1" * 300_000, "٣", "²", "½", "e9"]),
)


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: type(field).__name__)
@given(typed=ANYTHING, other=ANYTHING)
def test_a_field_answers_or_refuses_and_is_shown_again(field: Answer, typed: str, other: str) -> None:
    form = form_of(field, x=[typed, other], day=typed, month=other, year="2026", time=other)
    if not form.is_valid():
        (only,) = form.errors["x"]
        assert only
    html = render_to_string("cr/error_summary.html", {"form": form})
    html += render_to_string("cr/uni_form.html", {"form": form})
    assert html.encode()
    assert "<script>" not in html


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: type(field).__name__)
@pytest.mark.parametrize("odd", [None, 5, -1, 1.5, [], {}, b"x", {"day": None}, ["a", None], {"a": {"b": 1}}, object()])
def test_values_that_no_browser_sends_are_refused_too(field: Answer, odd: object) -> None:
    try:
        field.clean(odd)
    except ValidationError as refusal:
        assert refusal.messages  # noqa: PT017 - either way is right, anything else is not


@given(text=st.text(st.characters(exclude_categories=())), lines=st.booleans())
def test_clean_text_is_clean_already(text: str, lines: bool) -> None:
    try:
        kept = clean(text, lines=lines)
    except ValidationError:
        return
    assert clean(kept, lines=lines) == kept
    assert kept.encode().decode() == kept
    assert "\x00" not in kept
    assert "\r" not in kept


@given(parts=st.fixed_dictionaries({"day": ANYTHING, "month": ANYTHING, "year": ANYTHING}), time=ANYTHING)
def test_dates_and_times_are_read_or_refused(parts: dict[str, str], time: str) -> None:
    for attempt in (lambda: read_date(parts, what="it"), lambda: read_time(time, what="it")):
        try:
            attempt()
        except ValidationError as refusal:
            assert refusal.messages  # noqa: PT017 - either way is right, anything else is not


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: type(field).__name__)
def test_the_error_summary_leads_to_a_control_that_can_take_the_focus(field: Answer) -> None:
    form = form_of(field)
    (link,) = read(render_to_string("cr/error_summary.html", {"form": form})).find_all("a")
    page = read(render_to_string("cr/uni_form.html", {"form": form}))
    (control,) = page.find_all(id=link.attrs["href"].removeprefix("#"))
    assert control.tag in {"input", "select", "textarea"}


def test_a_post_without_the_field_is_a_missing_answer() -> None:
    for field in FIELDS:
        form = form_of(field)
        form.data = QueryDict("")
        assert list(form.errors) == ["x"]
