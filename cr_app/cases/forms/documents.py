"""Which document is to be made, and in which language: buttons that send what they stand for."""

from typing import Any

from django import forms

from cr_app.cases.models import Document

# What the buttons send: one document in another language, or whatever the case has none of.
ONE, MISSING = "one", "missing"


class DocumentForm(forms.Form):
    """What a button of the documents page stands for; nothing is typed."""

    make = forms.ChoiceField(choices=[(ONE, ONE), (MISSING, MISSING)])
    kind = forms.ChoiceField(choices=[(kind, kind) for kind in Document.KINDS], required=False)
    victim = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False)
    language = forms.ChoiceField(choices=[(language, language) for language in Document.LANGUAGES], required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse one document that says not which, or not in which language."""
        sent: dict[str, Any] = super().clean() or {}
        if sent.get("make") == ONE and not (sent.get("kind") and sent.get("language")):
            raise forms.ValidationError("Choose a document from the list")
        return sent
