"""Questions a form can ask: forgiving in what they read, one form in what they keep, a sentence for what they refuse.

Every field takes its question, `what` is asked for in words that fit "Enter …" (or "Select …", "Select yes if …"),
a hint and, where that reads badly, the `missing` sentence itself.
"""

from cr_app.pages.fields.choices import ChoiceField, ChoicesField, YesNoField
from cr_app.pages.fields.dates import DateField, DateTimeField
from cr_app.pages.fields.texts import (
    CroNumberField,
    EmailField,
    LongTextField,
    MoneyField,
    NameField,
    PhoneField,
    PncIdField,
    PostcodeField,
    ReferenceField,
    TextField,
    TimeField,
    WholeNumberField,
)
from cr_app.pages.widgets import Divider, Option

__all__ = [
    "ChoiceField",
    "ChoicesField",
    "CroNumberField",
    "DateField",
    "DateTimeField",
    "Divider",
    "EmailField",
    "LongTextField",
    "MoneyField",
    "NameField",
    "Option",
    "PhoneField",
    "PncIdField",
    "PostcodeField",
    "ReferenceField",
    "TextField",
    "TimeField",
    "WholeNumberField",
    "YesNoField",
]
