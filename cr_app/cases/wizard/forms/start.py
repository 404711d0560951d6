"""The forms that start and end the record: a new case, and the declaration."""

from uuid import UUID, uuid4

from django import forms
from django.http import QueryDict

from cr_app.cases.wizard.forms.incident import StartForm
from cr_app.pages.refusals import NotAllowed


class NewCaseForm(StartForm):
    """The crime report and the unit of a case to come, with its one-time token."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def sent_again(self, sentence: str) -> "NewCaseForm":
        """Return the same form with everything typed, a new token and the sentence that says why."""
        data = dict(self.data.items())
        data["token"] = str(uuid4())
        again = NewCaseForm(data, asking=self.asking)
        again.add_error(None, sentence)
        return again


class DeclarationForm(forms.Form):
    """What the officer declares on submitting; `seen` is the digest of what the review page showed."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)


def token_in(posted: QueryDict) -> UUID:
    """Return the one-time token of a form that has nothing else. Raises NotAllowed where it is missing or no token."""
    try:
        return UUID(posted.get("token", ""))
    except ValueError as error:
        raise NotAllowed("This button was sent without its token. Open the case again, then press it once.") from error
