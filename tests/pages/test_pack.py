"""Our crispy pack writes the markup that GOV.UK Frontend expects, held against the fixtures it ships."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset, Layout, Submit
from django import forms
from django.template import engines
from django.template.loader import render_to_string

from cr_app.pages.fields import ChoiceField, ChoicesField, DateField, Divider, LongTextField, Option, TextField
from cr_app.pages.fields.answer import Answer
from cr_app.pages.moments import WrongPart
from tests.pages.markup import Node, read, same

FIXTURES = Path(__file__).parent / "fixtures"
Options = dict[str, Any]


def html_of(
    name: str, field: Answer, options: Options, *, value: object = None, part: str | None = None, heading: bool = False
) -> str:
    """Return the field as the pack shows it, with the fixture's value and error."""
    error = options.get("errorMessage", {}).get("text")

    class Asked(forms.Form):
        def clean(self) -> None:
            if error:
                self.add_error(name, WrongPart(error, part) if part else error)

    form = Asked({})
    form.fields[name] = field
    field.required = False
    # A bound form shows what was sent; here only the error comes from sending.
    field.bound_data = lambda data, initial: value  # type: ignore[method-assign]
    return render_to_string("cr/field.html", {"field": form[name], "heading_field": name if heading else ""})


def text_of(options: Options, key: str) -> str:
    """Return the text of a part of the options."""
    return str(options.get(key, {}).get("text", ""))


def is_heading(part: Options) -> bool:
    """Tell whether the label or legend is the page's heading."""
    return bool(part.get("isPageHeading"))


def input_html(options: Options) -> str:
    """Show a line of text."""
    width = options.get("classes", "").removeprefix("govuk-input--width-")
    spellcheck = options.get("spellcheck")
    field = TextField(
        text_of(options, "label"),
        hint=text_of(options, "hint"),
        width=int(width) if width else None,
        prefix=text_of(options, "prefix"),
        suffix=text_of(options, "suffix"),
        input_type=options.get("type", "text"),
        autocomplete=options.get("autocomplete", ""),
        inputmode=options.get("inputmode", ""),
        attrs={"spellcheck": str(spellcheck).lower()} if spellcheck is not None else {},
    )
    return html_of(options["name"], field, options, value=options.get("value"), heading=is_heading(options["label"]))


def textarea_html(options: Options) -> str:
    """Show several lines of text, with the count of what is left when the fixture has a limit."""
    field = LongTextField(text_of(options, "label"), hint=text_of(options, "hint"), rows=options.get("rows", 5))
    field.widget.limit = options.get("maxlength")
    for attribute in ("autocomplete", "spellcheck"):
        if attribute in options:
            field.widget.attrs[attribute] = str(options[attribute]).lower()
    return html_of(options["name"], field, options, value=options.get("value"), heading=is_heading(options["label"]))


def choices_of(options: Options) -> list[Option | Divider]:
    """Return the fixture's items as ours."""
    return [
        Divider(item["divider"])
        if "divider" in item
        else Option(
            str(item["value"]), item["text"], text_of(item, "hint"), exclusive=item.get("behaviour") == "exclusive"
        )
        for item in options.get("items", [])
    ]


def select_html(options: Options) -> str:
    """Show a list that opens."""
    field = ChoiceField(
        text_of(options, "label"), hint=text_of(options, "hint"), drop=True, options=choices_of(options)
    )
    return html_of(options["name"], field, options, value=options.get("value"))


def options_html(options: Options, kind: type[ChoiceField] | type[ChoicesField]) -> str:
    """Show radios or boxes to tick."""
    legend = options["fieldset"]["legend"]
    inline = options.get("classes") == "govuk-radios--inline"
    field = kind(legend["text"], hint=text_of(options, "hint"), options=choices_of(options), inline=inline)
    checked = [item["value"] for item in options["items"] if item.get("checked")]
    return html_of(options["name"], field, options, value=checked, heading=is_heading(legend))


def date_html(options: Options) -> str:
    """Show three boxes; the one that the fixture marks is the wrong one."""
    items = {item["name"]: item for item in options.get("items", [])}
    birthday = any("autocomplete" in item for item in items.values())
    field = DateField(
        options["fieldset"]["legend"]["text"],
        hint=text_of(options, "hint"),
        autocomplete="bday" if birthday else "",
    )
    marked = [part for part in ("day", "month", "year") if (options.get(part) or {}).get("error")]
    marked += [part for part, item in items.items() if "govuk-input--error" in item.get("classes", "")]
    if "month" in options and not marked:
        marked = ["day"]
    return html_of(options.get("namePrefix", "x"), field, options, part=marked[0] if marked else None)


def error_summary_html(options: Options) -> str:
    """Show the summary of a form that has the fixture's errors: with a link where there is a field to go to."""
    lines = options.get("errorList", [])

    class Wrong(forms.Form):
        def clean(self) -> None:
            for number, line in enumerate(lines):
                self.add_error(f"field_{number}" if "href" in line else None, line["text"])

    form = Wrong({})
    for number, line in enumerate(lines):
        if "href" in line:
            form.fields[f"field_{number}"] = TextField("A question?", required=False)
    return render_to_string("cr/error_summary.html", {"form": form})


def button_html(options: Options) -> str:
    """Show a button."""
    classes = options.get("classes", "")
    context = {"text": options["text"], "secondary": "secondary" in classes, "warning": "warning" in classes}
    return render_to_string("cr/_button.html", context)


SHOWN: dict[str, Callable[[Options], str]] = {
    "input": input_html,
    "textarea": textarea_html,
    "character-count": textarea_html,
    "select": select_html,
    "radios": lambda options: options_html(options, ChoiceField),
    "checkboxes": lambda options: options_html(options, ChoicesField),
    "date-input": date_html,
    "error-summary": error_summary_html,
    "button": button_html,
}
# The names of boxes join with an underscore here; every button of ours guards against a second press and has no name.
LEFT_OUT = {"date-input": ("name",), "button": ("data-prevent-double-click", "name")}


def fixtures_of(component: str) -> list[Any]:
    """Return the fixtures of a component, named."""
    kept = json.loads((FIXTURES / f"{component}.json").read_text())["fixtures"]
    return [pytest.param(component, one["options"], one["html"], id=f"{component}: {one['name']}") for one in kept]


@pytest.mark.parametrize(("component", "options", "expected"), [case for name in SHOWN for case in fixtures_of(name)])
def test_the_pack_writes_what_govuk_frontend_expects(component: str, options: Options, expected: str) -> None:
    without = LEFT_OUT.get(component, ())
    assert same(SHOWN[component](options), without=without) == same(expected, without=without)


def part_of(html: str, tag: str, class_: str) -> Node:
    """Return the one element of that tag and class."""
    (found,) = read(html).find_all(tag, class_=class_)
    return found


@pytest.mark.parametrize(("component", "options", "expected"), fixtures_of("label") + fixtures_of("fieldset"))
def test_labels_and_legends_are_theirs_too(component: str, options: Options, expected: str) -> None:
    said = options if component == "label" else options["legend"]
    field = TextField(said["text"]) if component == "label" else DateField(said["text"])
    tag, class_ = ("label", "govuk-label") if component == "label" else ("legend", "govuk-fieldset__legend")
    ours = html_of("x", field, {}, heading=is_heading(said))
    theirs = read(expected)
    mine = [node for node in read(ours).find_all(tag, class_=class_) if node.text() == said["text"]]
    assert [node.text() for node in mine] == [node.text() for node in theirs.find_all(tag)]
    headings = [node.attrs for node in theirs.find_all("h1")]
    assert [node.attrs for node in read(ours).find_all("h1")] == headings


@pytest.mark.parametrize(("component", "options", "expected"), fixtures_of("hint") + fixtures_of("error-message"))
def test_hints_and_error_messages_are_theirs_too(component: str, options: Options, expected: str) -> None:
    if component == "hint":
        ours = part_of(html_of("x", TextField("Q?", hint=options["text"]), {}), "div", "govuk-hint")
    else:
        shown = html_of("x", TextField("Q?"), {"errorMessage": {"text": options["text"]}})
        ours = part_of(shown, "p", "govuk-error-message")
    (theirs,) = (node for node in read(expected).children if isinstance(node, Node))
    assert (ours.tag, ours.text(), ours.attrs["class"]) == (theirs.tag, theirs.text(), theirs.attrs["class"])
    assert bool(ours.find_all("span", class_="govuk-visually-hidden")) == (component == "error-message")


def test_the_comparison_would_notice_a_difference() -> None:
    one = '<div class="a b"><label for="x">Q</label><input id="x"></div>'
    assert same(one) == same('<div class="b a">\n <label for="y"> Q </label>\n<input id="y" ></div>')
    assert same(one) != same('<div class="a b"><label for="z">Q</label><input id="x"></div>')
    assert same(one) != same('<div class="a"><label for="x">Q</label><input id="x"></div>')


class Laid(forms.Form):
    """A form that crispy lays out."""

    first = TextField("First?")
    second = DateField("Second?", hint="For example, 27 3 1999")


def test_crispy_uses_the_pack_by_tag_filter_and_layout() -> None:
    form = Laid({})
    form.helper = FormHelper()  # type: ignore[attr-defined]
    form.helper.layout = Layout(Fieldset("Both", "first", Div("second", css_class="cr-filter")))  # type: ignore[attr-defined]
    form.helper.add_input(Submit("go", "Search"))  # type: ignore[attr-defined]
    by_layout = read(engines["django"].from_string("{% crispy form %}").render({"form": form}))
    assert [node.text() for node in by_layout.find_all("legend")] == ["Both", "Second?"]
    assert by_layout.find_all("div", class_="cr-filter")[0].find_all("input", id="id_second_day")
    assert by_layout.find_all("button", class_="govuk-button")[0].attrs["value"] == "Search"
    assert "novalidate" in by_layout.find_all("form")[0].attrs
    by_filter = engines["django"].from_string("{{ form|crispy }}").render({"form": Laid({})})
    each = engines["django"].from_string("{{ form.first|as_crispy_field }}{{ form.second|as_crispy_field }}")
    assert same(by_filter) == same(each.render({"form": Laid({})}))


def test_controls_of_other_libraries_are_shown_too() -> None:
    class Foreign(forms.Form):
        login = forms.CharField(widget=forms.TextInput(attrs={"placeholder": "Login", "autocomplete": "username"}))
        password = forms.CharField(widget=forms.PasswordInput)
        remember = forms.BooleanField(required=False, label="Remember me")
        colour = forms.ChoiceField(choices=[("r", "Red")], widget=forms.RadioSelect)
        size = forms.ChoiceField(choices=[("l", "Large")])
        secret = forms.CharField(widget=forms.HiddenInput)

    sent = {"login": "jo", "password": "pass", "remember": "on", "colour": "r", "size": "l", "secret": "s"}
    page = read(render_to_string("cr/uni_form.html", {"form": Foreign(sent)}))
    inputs = {node.attrs["name"]: node.attrs for node in page.find_all("input")}
    assert "placeholder" not in inputs["login"]
    assert inputs["login"]["autocomplete"] == "username"
    assert (inputs["login"]["value"], inputs["secret"]["type"]) == ("jo", "hidden")
    assert (inputs["password"]["type"], "value" in inputs["password"]) == ("password", False)
    assert "checked" in inputs["remember"]
    assert "checked" in inputs["colour"]
    assert "selected" in page.find_all("option")[0].attrs
    assert len(page.find_all("label")) == 5
