"""Rows that somebody names: a label, the offence codes that it counts, and whether only encouraging or assisting counts."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField

from cr_app.disclosure.asked import Group
from cr_app.pages.fields import ChoiceField, Option, TextField
from cr_app.policy.catalogue import shipped_catalogue
from cr_app.reference.queries import offence_types

# So many are offered at first, and so many more each time; a form may send 200 values.
AT_FIRST, MORE, MOST = 3, 3, 40
ALL, ONLY, EXCEPT = "all", "only", "except"
_ENCOURAGING = {ALL: None, ONLY: True, EXCEPT: False}
_CODE = re.compile(r"[0-9]{1,3}/[0-9]{2}[A-Z]?")
_BETWEEN = re.compile(r"[,;\s]+")


class CodesField(TextField):
    """Offence codes of the catalogue with commas or spaces between them, as a tuple, each once."""

    called = "the offence codes"

    def read(self, text: str) -> tuple[str, ...]:
        """Return the codes; raises a ValidationError that names those that are none."""
        codes = tuple(dict.fromkeys(code for code in _BETWEEN.split(text.upper()) if code))
        if wrong := [code for code in codes if not _CODE.fullmatch(code)]:
            raise ValidationError(f"{wrong[0]} is no offence code: enter codes such as 46/00, with commas between them")
        own = [code for code in codes if code not in shipped_catalogue()]
        known = offence_types(own) if own else {}
        if unknown := [code for code in own if code not in known]:
            raise ValidationError(f"The catalogue has no offence {', '.join(unknown)}: check the code")
        return codes

    def nothing(self) -> tuple[str, ...]:
        """Return no codes."""
        return ()

    def prepare_value(self, value: object) -> object:
        """Return codes with commas between them, and what was typed as it was typed."""
        return ", ".join(map(str, value)) if isinstance(value, (tuple, list)) else value


def row_fields(row: int) -> dict[str, forms.Field]:
    """Return the questions of one row, which are asked where rows are named."""
    when = {"data-ask-when": "rows_by=named"}
    counts = ChoiceField(
        "Which of these offences",
        drop=True,
        options=(
            Option(ALL, "All of them"),
            Option(ONLY, "Only encouraging or assisting"),
            Option(EXCEPT, "All but encouraging or assisting"),
        ),
        required=False,
        initial=ALL,
    )
    counts.widget.attrs.update(when)
    return {
        f"row_{row}_label": TextField(
            "Label", what=f"the label of row {row + 1}", required=False, attrs=when, spellcheck=False
        ),
        f"row_{row}_codes": CodesField(
            "Offence codes",
            what=f"the offence codes of row {row + 1}",
            hint="With commas between them, for example 3/01, 8/01." if row == 0 else "",
            required=False,
            max_length=4000,
            attrs=when,
            spellcheck=False,
        ),
        f"row_{row}_counts": counts,
    }


def typed_rows(groups: Sequence[Group]) -> dict[str, object]:
    """Return what the questions of rows hold for these groups."""
    found: dict[str, object] = {}
    for row, group in enumerate(groups):
        found[f"row_{row}_label"] = group.label
        found[f"row_{row}_codes"] = group.codes
        found[f"row_{row}_counts"] = next(
            word for word, encouraging in _ENCOURAGING.items() if encouraging == group.encouraging_or_assisting
        )
    return found


class RowOfForm:
    """The questions of one row, for the page that shows them together."""

    def __init__(self, form: forms.Form, row: int) -> None:
        """Take the form and which row of it."""
        self.number = row + 1
        self.fields: tuple[BoundField, ...] = tuple(form[f"row_{row}_{part}"] for part in ("label", "codes", "counts"))


def read_groups(form: forms.Form, count: int) -> tuple[Group, ...]:
    """Return the rows that were filled in, in their order; what is wrong with one is said beside it."""
    groups: list[Group] = []
    for row in range(count):
        label, codes, counts = (form.cleaned_data.get(f"row_{row}_{part}") for part in ("label", "codes", "counts"))
        if any(f"row_{row}_{part}" in form.errors for part in ("label", "codes", "counts")):
            continue
        encouraging = _ENCOURAGING[counts or ALL]
        if not label and not codes and encouraging is None:
            continue
        if problem := _problem(label, codes, encouraging, groups):
            form.add_error(f"row_{row}_{problem[0]}", problem[1])
            continue
        groups.append(Group(str(label), tuple(codes or ()), encouraging))
    if not groups and not any(name.startswith("row_") for name in form.errors):
        form.add_error("row_0_label", "Name at least one row, with its offence codes")
    return tuple(groups)


def _problem(label: Any, codes: Any, encouraging: bool | None, before: Sequence[Group]) -> tuple[str, str] | None:
    if not label:
        return "label", "Enter a label for this row: the table shows it"
    if not label.isprintable():
        return (
            "label",
            "Enter the label again: it has a character that cannot be shown, perhaps from copying and pasting",
        )
    if label.casefold() == "total":
        return "label", "Enter another label: Total is the sum of all rows"
    if label in [group.label for group in before]:
        return "label", "Enter another label: a row before has this one"
    if not codes and encouraging is None:
        return "codes", "Enter the offence codes of this row, or choose only encouraging or assisting"
    return None
