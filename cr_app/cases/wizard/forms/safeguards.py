"""Checks that the offender's and the victims' safeguards share."""

from cr_app.cases.standing import adult_refused
from cr_app.cases.wizard.forms.base import StepForm

# Why each may not act. Source: PACE Code C 1.7 and its notes for guidance 1B, 1D and 1F.
MAY_NOT_ACT = {
    "police": "A police officer or member of police staff may not be the appropriate adult. Find someone else",
    "victim": "The victim may not be the appropriate adult. Find someone else",
    "witness": "A witness may not be the appropriate adult. Find someone else",
    "suspect": "A suspect in this matter may not be the appropriate adult. Find someone else",
    "solicitor": "A solicitor acting for the person may not be the appropriate adult. Find someone else",
    "custody_visitor": "An independent custody visitor may not be the appropriate adult. Find someone else",
}


class SafeguardChecks(StepForm):
    """A form with the questions on a professional or an appropriate adult."""

    def ask_of_professional(self) -> None:
        """Ask who, in what role, when and what they advised, where somebody was consulted."""
        asked = ("professional_name", "professional_role", "professional_at", "professional_advice")
        self.ask_when("professional_consulted=yes professional_consulted=nobody_responsible", *asked)

    def ask_of_appropriate_adult(self) -> None:
        """Ask who it is, and from when, where an appropriate adult is present."""
        asked = [name for name in self.fields if name.startswith("appropriate_adult_")]
        asked.remove("appropriate_adult_present")
        self.ask_when("appropriate_adult_present=yes", *asked)

    def check_professional(self) -> None:
        """Want who was consulted, with role and time; or who was asked instead."""
        match self.cleaned_data.get("professional_consulted"):
            case "yes":
                self.require("professional_name", "Enter who was consulted")
                self.require("professional_role", "Enter their role")
                self.require("professional_at", "Enter when they were consulted")
            case "nobody_responsible":
                self.require("professional_name", "Enter who was asked instead")
            case "no":
                self.forget("professional_name", "professional_role", "professional_at", "professional_advice")

    def check_appropriate_adult(self) -> None:
        """Want who is present and since when; refuse who may not act, with the reason."""
        if self.cleaned_data.get("appropriate_adult_present") is not True:
            self.forget(
                "appropriate_adult_name",
                "appropriate_adult_relationship",
                "appropriate_adult_contact",
                "appropriate_adult_is",
                "appropriate_adult_from",
                "appropriate_adult_to",
            )
            return
        self.require("appropriate_adult_name", "Enter the name of the appropriate adult")
        self.require("appropriate_adult_relationship", "Enter what they are to this person")
        self.require("appropriate_adult_contact", "Enter a phone number or e-mail address")
        self.require("appropriate_adult_is", "Select whether the appropriate adult is any of these")
        self.require("appropriate_adult_from", "Enter since when they have been present")
        barred = MAY_NOT_ACT.get(str(self.cleaned_data.get("appropriate_adult_is")))
        if barred:
            self.add_error("appropriate_adult_is", barred)
        since, until = self.cleaned_data.get("appropriate_adult_from"), self.cleaned_data.get("appropriate_adult_to")
        if since and until and until < since:
            self.add_error("appropriate_adult_to", "Enter an end that is not before the beginning")
        self._refuse_a_party()

    def _refuse_a_party(self) -> None:
        name = str(self.cleaned_data.get("appropriate_adult_name") or "")
        refused = adult_refused(name, self.asking.record, self.asking.officer, of_victim=self.asking.item)
        if refused and "appropriate_adult_name" not in self.errors:
            self.add_error("appropriate_adult_name", refused)
