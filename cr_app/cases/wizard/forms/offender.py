"""The offender, and what keeps the offender safe."""

from typing import Any

from django.utils import timezone

from cr_app.accounts.warrant_numbers import normal_warrant_number
from cr_app.cases.journey import STEP
from cr_app.cases.wizard.forms.base import StepForm
from cr_app.cases.wizard.forms.safeguards import SafeguardChecks
from cr_app.reference.queries import officer_defined_ethnicities, self_defined_ethnicities


class OffenderForm(StepForm):
    """Names, age, sex and ethnicity."""

    keys = STEP["offender"].keys
    needs = STEP["offender"].needs

    def prepare(self) -> None:
        """Offer the ethnicity codes."""
        for name, codes in (
            ("self_defined_ethnicity", self_defined_ethnicities()),
            ("officer_defined_ethnicity", officer_defined_ethnicities()),
        ):
            self.offer(name, [("", "Select"), *((code.code, f"{code.code} {code.label}") for code in codes)])
        self.bound("born_on", earliest=self.asking.today.replace(year=self.asking.today.year - 120, day=1))

    def clean(self) -> dict[str, Any]:
        """Want a date of birth, or an estimated age with the reason; never both."""
        born, age = self.cleaned_data.get("born_on"), self.cleaned_data.get("estimated_age")
        if {"born_on", "estimated_age"} & set(self.errors):
            return self.cleaned_data
        if born is None and age is None:
            self.add_error("born_on", "Enter the date of birth, or an estimated age below")
        elif born is not None and age is not None:
            self.add_error("estimated_age", "Leave the estimated age empty when the date of birth is known")
        elif born is None:
            self.require("estimated_age_reason", "Say why the date of birth is not known")
        began = self.asking.record.case.occurred_from
        if born and began and timezone.localdate(began) < born:
            self.add_error(
                "born_on",
                f"This is after the offence ({timezone.localtime(began):%-d %B %Y}). Check both dates",
            )
        return self.cleaned_data


class OffenderDetailsForm(StepForm):
    """At least one way to find the offender again; whether they are police."""

    keys = STEP["offender-details"].keys
    needs = STEP["offender-details"].needs

    def prepare(self) -> None:
        """Ask the number of an officer or member of staff alone."""
        self.ask_when("police_officer_or_staff=yes", "warrant_number")

    def clean(self) -> dict[str, Any]:
        """Want one of address, phone, e-mail, PNC ID and CRO number; refuse the officer's own warrant number."""
        ways = ("address", "phone", "email", "pnc_id", "cro_number")
        if not any(self.cleaned_data.get(way) for way in ways) and not set(ways) & set(self.errors):
            self.add_error(
                "address", "Enter at least one of address, phone number, e-mail address, PNC ID or CRO number"
            )
        number = normal_warrant_number(self.cleaned_data.get("warrant_number") or "")
        if number and number == self.asking.officer.warrant_number:
            self.add_error("warrant_number", "This is your own warrant number. You cannot record a case about yourself")
        if self.cleaned_data.get("police_officer_or_staff") is False:
            self.forget("warrant_number")
        return self.cleaned_data


class SafeguardsForm(StepForm):
    """Mental health and an interpreter."""

    keys = STEP["safeguards"].keys
    needs = STEP["safeguards"].needs

    def prepare(self) -> None:
        """Ask the language where an interpreter is needed."""
        self.ask_when("interpreter=yes", "interpreter_language")

    def clean(self) -> dict[str, Any]:
        """Want the language where an interpreter is needed."""
        if self.cleaned_data.get("interpreter"):
            self.require("interpreter_language", "Enter the language, and who interprets")
        return self.cleaned_data


class ProfessionalForm(SafeguardChecks):
    """The professional responsible, and capacity."""

    keys = STEP["professional"].keys
    needs = STEP["professional"].needs

    def prepare(self) -> None:
        """Ask of the professional where one, or somebody instead, was consulted."""
        self.ask_of_professional()

    def clean(self) -> dict[str, Any]:
        """Want who was consulted, or who was asked instead."""
        self.check_professional()
        return self.cleaned_data


class AppropriateAdultForm(SafeguardChecks):
    """The appropriate adult."""

    keys = STEP["appropriate-adult"].keys
    needs = STEP["appropriate-adult"].needs

    def prepare(self) -> None:
        """Ask of the appropriate adult where one is present."""
        self.ask_of_appropriate_adult()

    def clean(self) -> dict[str, Any]:
        """Want who is there, and refuse who may not act."""
        self.check_appropriate_adult()
        return self.cleaned_data
