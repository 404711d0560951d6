"""What the templates need to show a question: worked out once here, so that they hold markup and nothing else."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.utils import flatatt
from django.utils.safestring import SafeString

from cr_app.pages.moments import WrongPart
from cr_app.pages.text import showable
from cr_app.pages.widgets import Boxes, DateBoxes, Divider, LongTextBox, Option, OptionsWidget, Radios, TextBox, Ticks

# Written by the templates themselves, or of no use: forms carry novalidate, no label is repeated inside its box.
_OURS = {"id", "name", "type", "value", "class", "rows", "cols", "required", "placeholder", "aria-invalid"}
_BOX_WIDTHS = {"day": 2, "month": 2, "year": 4, "time": 5}


@dataclass(frozen=True)
class Item:
    """One option of a question, or a word between two of them (`divider`)."""

    label: str
    value: str = ""
    id: str = ""
    hint: str = ""
    is_checked: bool = False
    is_exclusive: bool = False
    is_divider: bool = False


@dataclass(frozen=True)
class Box:
    """One small box of a question that has several."""

    part: str
    label: str
    id: str
    name: str
    value: str
    width: int
    is_wrong: bool
    inputmode: str
    autocomplete: str


@dataclass(frozen=True)
class Question:
    """A field as a template shows it."""

    template: str
    id: str
    name: str
    label: str
    hint: str
    errors: tuple[str, ...]
    described_by: str
    attrs: SafeString
    is_heading: bool
    first_id: str
    value: str = ""
    input_type: str = "text"
    classes: str = ""
    width: int | None = None
    prefix: str = ""
    suffix: str = ""
    rows: int = 5
    limit: int | None = None
    is_inline: bool = False
    items: tuple[Item, ...] = ()
    boxes: tuple[Box, ...] = ()

    @property
    def limit_said(self) -> str:
        """The limit with its comma."""
        return f"{self.limit:,}" if self.limit else ""


@dataclass(frozen=True)
class Problem:
    """One line of the error summary: the sentence and the control it leads to, "" where none is in sight."""

    sentence: str
    href: str


def question_of(field: BoundField, *, is_heading: bool = False) -> Question:
    """Return what a template needs to show the field: ours, and Django's own kinds that other libraries bring."""
    widget = field.field.widget
    common: dict[str, Any] = {
        "id": field.auto_id,
        "name": field.html_name,
        "label": field.label,
        "hint": str(field.help_text),
        "errors": tuple(str(error) for error in field.errors),
        "described_by": widget.attrs.get("aria-describedby") or field.aria_describedby or "",
        "attrs": _attrs_of(field),
        "classes": str(widget.attrs.get("class", "")),
        "is_heading": is_heading,
        "first_id": first_control(field),
    }
    if widget.is_hidden:
        return Question("cr/_hidden.html", value=_text_of(field), input_type="hidden", **common)
    if isinstance(widget, Boxes):
        kind = "date" if isinstance(widget, DateBoxes) else "moment"
        return Question("cr/_date.html", boxes=_boxes_of(field, widget), input_type=kind, **common)
    if isinstance(widget, (OptionsWidget, forms.widgets.ChoiceWidget)):
        return Question(
            _template_of_options(widget),
            items=_items_of(field, widget),
            is_inline=getattr(widget, "inline", False),
            **common,
        )
    if isinstance(widget, forms.CheckboxInput):
        return Question("cr/_tick.html", value="on", items=(_single_tick(field, widget),), **common)
    if isinstance(widget, forms.Textarea):
        rows, limit = _size_of(widget)
        if limit:
            common["described_by"] = f"{field.auto_id}-info {common['described_by']}".rstrip()
        return Question("cr/_textarea.html", value=_text_of(field), rows=rows, limit=limit, **common)
    return Question("cr/_input.html", **_input_of(field, widget), **common)


def first_control(field: BoundField) -> str:
    """Return the id that a link to the field lands on: of several controls the wrong one, or the first."""
    widget = field.field.widget
    if isinstance(widget, Boxes):
        wrong = _wrong_parts(field)
        return widget.id_for_label(field.auto_id, wrong[0] if wrong else widget.parts[0])
    if isinstance(widget, (Radios, Ticks, forms.RadioSelect, forms.CheckboxSelectMultiple)):
        items = [item for item in _items_of(field, widget) if not item.is_divider]
        return items[0].id if items else ""
    return str(widget.attrs.get("id") or field.auto_id)


def problems_of(form: forms.BaseForm) -> tuple[Problem, ...]:
    """Return every error of a form in the order of its fields, those of the whole form first."""
    found = [Problem(str(error), "") for error in form.non_field_errors()]
    for field in form:
        target = "" if field.is_hidden else first_control(field)
        found += [Problem(str(error), f"#{target}" if target else "") for error in field.errors]
    return tuple(found)


def heading_field(form: forms.BaseForm) -> str:
    """Return the name of a form's only question, whose label is then the page's heading; "" when it has several."""
    visible = [field.name for field in form if not field.is_hidden]
    return visible[0] if len(visible) == 1 else ""


def _attrs_of(field: BoundField) -> SafeString:
    attrs = {key: value for key, value in field.field.widget.attrs.items() if key not in _OURS | {"aria-describedby"}}
    if field.field.disabled:
        attrs["disabled"] = True
    return flatatt({key: value for key, value in attrs.items() if value not in ("", None, False)})


def _text_of(field: BoundField) -> str:
    widget = field.field.widget
    if isinstance(widget, forms.FileInput) or (isinstance(widget, forms.PasswordInput) and not widget.render_value):
        return ""
    return showable(widget.format_value(field.value()))


def _input_of(field: BoundField, widget: forms.Widget) -> dict[str, Any]:
    ours = widget if isinstance(widget, TextBox) else TextBox()
    kind = getattr(widget, "input_type", None) or "text"
    return {
        "value": _text_of(field),
        "input_type": kind,
        "width": ours.width,
        "prefix": ours.prefix,
        "suffix": ours.suffix,
    }


def _size_of(widget: forms.Textarea) -> tuple[int, int | None]:
    if isinstance(widget, LongTextBox):
        return widget.rows, widget.limit
    return int(widget.attrs.get("rows", 5)), None


def _wrong_parts(field: BoundField) -> list[str]:
    # A field's own refusal knows the box; any other error concerns the whole date, so all its boxes are marked.
    errors = field.form.errors.get(field.name)
    return [error.part for error in errors.as_data() if isinstance(error, WrongPart)] if errors else []


def _boxes_of(field: BoundField, widget: Boxes) -> tuple[Box, ...]:
    typed = field.value()
    values: Mapping[str, Any] = typed if isinstance(typed, Mapping) else {}
    wrong = _wrong_parts(field)
    birthday = getattr(field.field, "autocomplete", "") == "bday"
    return tuple(
        Box(
            part=part,
            label=part.capitalize(),
            id=widget.id_for_label(field.auto_id, part),
            name=f"{field.html_name}_{part}",
            value=showable(values.get(part, "")),
            width=_BOX_WIDTHS[part],
            is_wrong=bool(field.errors) and (part in wrong or not wrong),
            inputmode="" if part == "time" else "numeric",
            autocomplete=f"bday-{part}" if birthday else "",
        )
        for part in widget.parts
    )


def _template_of_options(widget: forms.Widget) -> str:
    if isinstance(widget, (Radios, forms.RadioSelect)):
        return "cr/_radios.html"
    if isinstance(widget, (Ticks, forms.CheckboxSelectMultiple)):
        return "cr/_checkboxes.html"
    return "cr/_select.html"


def _items_of(field: BoundField, widget: forms.Widget) -> tuple[Item, ...]:
    if isinstance(widget, forms.widgets.ChoiceWidget):
        groups = widget.optgroups(field.html_name, widget.format_value(field.value()), {"id": field.auto_id})
        return tuple(
            Item(str(one["label"]), str(one["value"]), one["attrs"].get("id", ""), is_checked=one["selected"])
            for _, options, _ in groups
            for one in options
        )
    chosen = _chosen(field.value())
    options: tuple[Option | Divider, ...] = getattr(widget, "options", ())
    items: list[Item] = []
    for option in options:
        if isinstance(option, Divider):
            items.append(Item(option.label, is_divider=True))
            continue
        index = sum(not item.is_divider for item in items)
        items.append(
            Item(
                option.label,
                option.value,
                f"{field.auto_id}_{index}",
                option.hint,
                is_checked=option.value in chosen,
                is_exclusive=option.exclusive,
            )
        )
    return tuple(items)


def _chosen(value: object) -> set[str]:
    if value is None:
        return set()
    if isinstance(value, Iterable) and not isinstance(value, str):
        return {str(one) for one in value}
    return {str(value)}


def _single_tick(field: BoundField, widget: forms.CheckboxInput) -> Item:
    return Item(
        str(field.label), "on", field.auto_id, str(field.help_text), is_checked=widget.check_test(field.value())
    )
