"""What narrows the list of red flags, and what a reviewer writes about one."""

from typing import Any

from django import forms

from cr_app.oversight.models import Rule
from cr_app.pages.fields import ChoiceField, ChoicesField, LongTextField, Option


class FlagFilter(forms.Form):
    """What narrows the list; anything made up is left aside."""

    rule = ChoiceField(
        "Kind of flag",
        options=(Option("", "Every kind"), *(Option(value, label) for value, label in Rule.choices)),
        drop=True,
        required=False,
    )
    open = ChoicesField("Looked into", options=(Option("yes", "Only flags nobody has looked into"),), required=False)

    def chosen(self) -> dict[str, str]:
        """Return what was chosen, as the address says it."""
        self.is_valid()
        found = {name: self.cleaned_data.get(name) for name in self.fields}
        return {name: value if isinstance(value, str) else "yes" for name, value in found.items() if value}


class FlagReviewForm(forms.Form):
    """What somebody found who looked into a flag."""

    read = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
    note = LongTextField(
        "What did you find?",
        hint="Say what you looked at and whether anything follows. It is kept with your name and the time, and cannot be changed.",
        missing="Write what you found",
        max_length=4000,
        rows=5,
    )

    def clean_read(self) -> int:
        """Take a page that says nothing for one that showed no review."""
        read: Any = self.cleaned_data.get("read")
        return int(read) if read is not None else 0
