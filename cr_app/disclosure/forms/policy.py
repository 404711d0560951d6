"""The day whose policy is answered."""

from django import forms

from cr_app.pages.fields import DateField


class PolicyDayForm(forms.Form):
    """A day; today where none is given."""

    on = DateField(
        "Which day's policy?",
        what="that date",
        hint="The day on which the policy was in force. Leave it as it is for the policy of today.",
        missing="Enter the day whose policy you want",
        no_future=True,
    )
