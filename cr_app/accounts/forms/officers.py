"""What an administrator says of an officer or a unit."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from cr_app.accounts.forms.offering import offer, units_offered
from cr_app.accounts.models import Officer, Unit
from cr_app.accounts.roles import Role
from cr_app.pages.fields import (
    ChoiceField,
    ChoicesField,
    DateField,
    EmailField,
    NameField,
    Option,
    TextField,
    YesNoField,
)
from cr_app.policy.ranks import RANKS

_RANKS = tuple(Option(rank.name, rank.name) for rank in RANKS)
_HINTS = {
    Role.RECORDING_OFFICER: "Records Community Resolutions and issues them.",
    Role.SERGEANT: "Supervises the unit: sees its cases and hands them over.",
    Role.AUTHORISING_OFFICER: "Is asked for authority; may decide where the rank reaches what the force's policy wants.",
    Role.PROFESSIONAL_STANDARDS: "Decides on cases about police officers and staff.",
    Role.REVIEWER: "Reads cases, with a reason, and the audit trail.",
    Role.FOI_ANALYST: "Counts cases, and never sees a person.",
    Role.ADMINISTRATOR: "Looks after officers and units; sees no case, and has no role that records, supervises or decides.",
    Role.POLICY_OWNER: "Looks after the rulebooks.",
}


class OfficerForm(forms.Form):
    """An officer's account as it is to be; `seen` stands for the account that the page showed."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    family_name = NameField(
        "Family name", missing="Enter the family name; for an officer with one name only, enter that", max_length=100
    )
    given_names = NameField("Given names (optional)", what="the given names", max_length=90, required=False)
    email = EmailField("Email address", missing="Enter the email address, for example a.khan@police.example")
    unit = ChoiceField("Unit", missing="Select the unit", drop=True)
    rank = ChoiceField("Substantive rank", missing="Select the substantive rank", options=_RANKS, drop=True)
    rank_since = DateField(
        "Since which day in this rank? (optional)",
        hint="A promotion wants its first day, also one to come: until then the rank before it counts. "
        "Leave it empty to go back to a rank below, where one was recorded by mistake.",
        what="the first day in the rank",
        required=False,
    )
    acting_rank = ChoiceField(
        "Acting or temporary rank (optional)",
        what="the acting rank",
        options=(Option("", "None"), *_RANKS),
        drop=True,
        required=False,
    )
    acting_from = DateField("First day in the acting rank", what="the first day in the acting rank", required=False)
    acting_until = DateField(
        "Last day in the acting rank (optional)",
        hint="Leave it empty while no end is known.",
        what="the last day in the acting rank",
        required=False,
    )
    roles = ChoicesField(
        "Roles",
        what="the roles",
        options=[Option(role.value, role.words, _HINTS[role]) for role in Role],
        required=False,
    )
    is_active = YesNoField(
        "Is the account open?",
        yes_hint="The officer can sign in.",
        no_hint="Open sessions end at once; nothing that the officer recorded is lost.",
        missing="Select yes if the account is open",
    )

    def __init__(self, *args: Any, units: Iterable[Unit], **kwargs: Any) -> None:
        """Offer the units of the force."""
        super().__init__(*args, **kwargs)
        none_yet = () if self.initial.get("unit") else (Option("", "Choose one"),)
        offer(self, "unit", (*none_yet, *units_offered(units)))


class NewOfficerForm(OfficerForm):
    """An officer who is not here yet."""

    warrant_number = TextField(
        "Warrant or collar number",
        hint="The officer signs in with it, and it never changes.",
        missing="Enter the warrant number",
        max_length=24,
        width=10,
        spellcheck=False,
    )
    field_order = ("warrant_number",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Ask nothing that is plain of a new account."""
        super().__init__(*args, **kwargs)
        del self.fields["seen"]
        del self.fields["is_active"]
        # Which rank would count until a day to come is not known of somebody who is not here yet.
        self.fields[
            "rank_since"
        ].help_text = "A day that has come. For a promotion to come, give the rank held now; add the promotion to the account afterwards."


def answers_of(officer: Officer) -> dict[str, object]:
    """Return what the form shows of an account."""
    return {
        "family_name": officer.family_name,
        "given_names": officer.given_names,
        "email": officer.email,
        "unit": str(officer.unit_id),
        "rank": officer.substantive_rank,
        "rank_since": officer.substantive_since,
        "acting_rank": officer.acting_rank,
        "acting_from": officer.acting_from,
        "acting_until": officer.acting_until,
        "roles": tuple(officer.roles),
        "is_active": officer.is_active,
    }


class UnitForm(forms.Form):
    """What a unit is called."""

    seen_name = forms.CharField(widget=forms.HiddenInput, required=False)
    seen_area = forms.CharField(widget=forms.HiddenInput, required=False)
    name = TextField("Name of the unit", missing="Enter the name of the unit", max_length=100)
    area = TextField("Borough, command unit or division (optional)", what="the area", max_length=100, required=False)


class FilterForm(forms.Form):
    """What narrows the list of officers."""

    unit = ChoiceField("Unit", what="the unit", drop=True, required=False)
    role = ChoiceField(
        "Role",
        what="the role",
        options=(Option("", "Any role"), *(Option(role.value, role.words) for role in Role)),
        drop=True,
        required=False,
    )
    accounts = ChoiceField(
        "Accounts",
        what="which accounts",
        options=(Option("", "Open"), Option("closed", "Closed"), Option("all", "Open and closed")),
        drop=True,
        required=False,
    )

    def __init__(self, *args: Any, units: Iterable[Unit], **kwargs: Any) -> None:
        """Offer the units of the force."""
        super().__init__(*args, **kwargs)
        offer(self, "unit", (Option("", "Any unit"), *units_offered(units)))


class FindOfficerForm(forms.Form):
    """Whom to look for; sent by POST, so that no name stands in an address."""

    sought = TextField(
        "Find an officer",
        hint="Warrant number, or part of a name.",
        missing="Enter a warrant number or part of a name",
        max_length=100,
        spellcheck=False,
    )


def said(value: object) -> str:
    """Return an answer of the form as it is read aloud."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return f"{value.day}/{value.month}/{value.year}"
    if isinstance(value, (tuple, list)):
        return ", ".join(Role(name).words for name in value) or "None"
    return str(value) if value not in (None, "") else "Not given"
