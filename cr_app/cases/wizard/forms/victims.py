"""Safeguards for a victim with a mental health concern."""

from typing import Any

from cr_app.cases import journey
from cr_app.cases.wizard.forms.safeguards import SafeguardChecks


class VictimSafeguardsForm(SafeguardChecks):
    """The professional responsible, capacity and the appropriate adult of one victim."""

    keys = journey.VICTIM_SAFEGUARD_KEYS
    needs = (
        "victim.professional_consulted",
        "victim.capacity_evident",
        "victim.capacity_how",
        "victim.appropriate_adult_present",
    )

    def prepare(self) -> None:
        """Ask of a professional and an appropriate adult where there is one."""
        self.ask_of_professional()
        self.ask_of_appropriate_adult()

    def clean(self) -> dict[str, Any]:
        """Want who was consulted and who is present."""
        self.check_professional()
        self.check_appropriate_adult()
        return self.cleaned_data
