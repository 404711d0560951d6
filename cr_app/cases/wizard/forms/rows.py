"""Rows that repeat: offences, earlier disposals, victims and agreed actions."""

from typing import Any
from uuid import uuid4

from django import forms

from cr_app.accounts.warrant_numbers import normal_warrant_number
from cr_app.cases import journey
from cr_app.cases.questions import QUESTIONS
from cr_app.cases.wizard.forms.base import StepForm
from cr_app.reference.queries import offered_on

COMMUNITY = "community"
NOTHING_AGREED = "none"


class RowForm(StepForm):
    """The questions of one row; `row_answers` are its columns. `none_chosen` says that there is none of its kind."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"token": uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    @property
    def none_chosen(self) -> bool:
        """Tell whether the officer said that there is none."""
        return False

    @property
    def row_answers(self) -> dict[str, Any]:
        """Return the cleaned answers by column."""
        return {QUESTIONS[key].field: value for key, value in self.answers.items()}


class OffenceForm(RowForm):
    """One offence type, by its code."""

    keys = journey.OFFENCE_KEYS
    needs = journey.OFFENCE_KEYS

    def prepare(self) -> None:
        """Take the code from the search results, and the offence itself unless it is said otherwise."""
        self.fields["offence_type"] = forms.CharField(
            max_length=12,
            error_messages={
                "required": QUESTIONS["offence.offence_type"].wanted,
                "max_length": "Select an offence from the list. This code is not in it, or was withdrawn",
            },
        )
        self.fields["encouraging_or_assisting"].required = False

    def clean_offence_type(self) -> str:
        """Return a code that is offered today to this force."""
        code = str(self.cleaned_data["offence_type"])
        kind = offered_on(self.asking.today, force_code=self.asking.officer.force_id).filter(code=code).first()
        if kind is None:
            raise forms.ValidationError("Select an offence from the list. This code is not in it, or was withdrawn")
        self.kind = kind
        return code

    @property
    def row_answers(self) -> dict[str, Any]:
        """Return the offence type itself, and whether it was encouraged or assisted."""
        return {
            "offence_type": self.kind,
            "encouraging_or_assisting": self.cleaned_data.get("encouraging_or_assisting") is True,
        }


class DisposalForm(RowForm):
    """One earlier disposal."""

    keys = journey.DISPOSAL_KEYS
    needs = ("disposal.kind", "disposal.given_on")

    def clean_offence_code(self) -> str | None:
        """Return a well-formed code or none; history holds codes that no list has any more."""
        code = str(self.cleaned_data.get("offence_code") or "").replace(" ", "").upper()
        if not code:
            return None
        first, slash, last = code.partition("/")
        well_formed = slash and first.isdecimal() and len(first) <= 3 and last[:2].isdecimal() and len(last) in (2, 3)
        if not (code.isascii() and well_formed):
            raise forms.ValidationError("Enter the Home Office code as numbers with a stroke, for example 92/61")
        return code


class VictimForm(RowForm):
    """One victim, or that there is none."""

    keys = journey.VICTIM_KEYS
    needs = ("victim.kind",)

    def prepare(self) -> None:
        """Offer none only while no victim is listed; ask of a person and of an organisation what fits each."""
        self.ask_when("kind=organisation", "organisation_name")
        self.ask_when("kind=person kind=organisation", "first_names", "last_names", "contact", "consulted")
        self.ask_when("kind=person", "warrant_number", "mental_health_concern")
        self.ask_when("consulted=yes", "consulted_at", "consulted_how", "agrees", "wishes", "departure_reason")
        self.ask_when("consulted=no", "reason_not_consulted")
        listed = [victim for victim in self.asking.record.victims if victim.pk != self.asking.item]
        if listed or self.asking.item is not None:
            kinds = QUESTIONS["victim.kind"].choices
            self.offer("kind", [(kind.value, kind.text, kind.hint) for kind in kinds if kind.value != "none"])

    @property
    def none_chosen(self) -> bool:
        """Tell whether there is no victim."""
        return self.cleaned_data.get("kind") == "none"

    def clean(self) -> dict[str, Any]:
        """Want a name, and their views or why they were not asked; nothing else where there is no victim."""
        kind = self.cleaned_data.get("kind")
        others = [QUESTIONS[key].field for key in self.keys if key != "victim.kind"]
        if kind == "none":
            self.forget(*others)
            return self.cleaned_data
        if kind == "organisation":
            self.require("organisation_name", "Enter the name of the organisation")
            self.forget("mental_health_concern")
        elif kind == "person":
            self.require("last_names", "Enter the victim's last name, or only name")
            self.require("mental_health_concern", QUESTIONS["victim.mental_health_concern"].wanted)
            self.forget("organisation_name")
        number = normal_warrant_number(self.cleaned_data.get("warrant_number") or "")
        if number and number == self.asking.officer.warrant_number:
            self.add_error("warrant_number", "This is your own warrant number. Another officer must record this case")
        if kind:
            self._check_views()
        return self.cleaned_data

    def _check_views(self) -> None:
        self.require("consulted", QUESTIONS["victim.consulted"].wanted)
        if self.cleaned_data.get("consulted") is True:
            self.require("consulted_at", "Enter when the victim was consulted")
            self.require("consulted_how", "Enter how the victim was consulted")
            self.require("agrees", "Select yes if the victim agrees")
            self.forget("reason_not_consulted")
        elif self.cleaned_data.get("consulted") is False:
            self.require("reason_not_consulted", "Say why the victim has not been consulted")
            self.forget("consulted_at", "consulted_how", "agrees")
        if self.cleaned_data.get("agrees") is False:
            self.require("departure_reason", "Say why the decision differs from what the victim wants")


class ActionForm(RowForm):
    """One agreed action, or that none is agreed."""

    keys = journey.ACTION_KEYS
    needs = ("action.remedy",)

    def prepare(self) -> None:
        """Offer the rulebook's remedies, the victims of the case, and days from today on."""
        options = [(remedy.code, remedy.title) for remedy in self.asking.rulebook.remedy_actions]
        if not self.asking.record.actions and self.asking.item is None:
            options.append((NOTHING_AGREED, "Nothing is agreed"))
        self.offer("remedy", options)
        victims = [(str(victim.pk), victim.name) for victim in self.asking.record.victims]
        self.offer("for_whom", [("", "Select"), *victims, (COMMUNITY, "The community, or nobody in particular")])
        self.bound("due_on", earliest=self.asking.today, because="today")
        remedies = self.asking.rulebook.remedy_actions
        self.ask_when(" ".join(f"remedy={each.code}" for each in remedies), "undertaking", "for_whom", "due_on")
        self.ask_when(" ".join(f"remedy={each.code}" for each in remedies if each.amount), "amount")

    @property
    def none_chosen(self) -> bool:
        """Tell whether nothing is agreed."""
        return self.cleaned_data.get("remedy") == NOTHING_AGREED

    def clean(self) -> dict[str, Any]:
        """Want what, for whom and by when; an amount where the remedy is money, and only there."""
        chosen = self.cleaned_data.get("remedy")
        if chosen == NOTHING_AGREED:
            self.forget("undertaking", "amount", "for_whom", "due_on")
            return self.cleaned_data
        for name in ("undertaking", "for_whom", "due_on"):
            self.require(name, QUESTIONS[f"action.{name}"].wanted)
        remedy = next((each for each in self.asking.rulebook.remedy_actions if each.code == chosen), None)
        if remedy is not None and remedy.amount:
            self.require("amount", "Enter how much is to be paid, for example 12.40")
        elif remedy is not None and self.cleaned_data.get("amount") is not None:
            self.add_error("amount", "Leave the amount empty: this action is not a payment")
        return self.cleaned_data

    @property
    def row_answers(self) -> dict[str, Any]:
        """Return the columns: the victim as a key, or none for the community."""
        answers = super().row_answers
        whom = answers.pop("for_whom")
        answers["victim_id"] = int(whom) if whom and whom != COMMUNITY else None
        return answers
