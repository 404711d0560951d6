"""What somebody looks for among the requests of the desk."""

from django import forms

from cr_app.pages.fields import TextField


class FindForm(forms.Form):
    """A reference, or words of a title; part of it is enough."""

    find = TextField(
        "Find a request",
        what="what you look for",
        hint="By its reference or words of its title: part of it is enough. Answered and closed ones are found too.",
        max_length=120,
        required=False,
        spellcheck=False,
    )
