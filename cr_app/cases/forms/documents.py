"""Which document is to be made, and in which language: buttons that send what they stand for."""

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
