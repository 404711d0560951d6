"""Start, incident, circumstances and the local arrangement."""

from typing import Any

from django.utils import timezone

from cr_app.accounts.queries import units_of_force
from cr_app.cases.facts import brought_by_offences
from cr_app.cases.journey import STEP
from cr_app.cases.wizard.forms.base import StepForm


class StartForm(StepForm):
    """The crime report and the unit."""

    keys = STEP["start"].keys
    needs = STEP["start"].needs

    def prepare(self) -> None:
        """Offer the units of the officer's force."""
        units = units_of_force(self.asking.officer.force_id)
        self.offer("unit", [("", "Select a unit"), *((str(unit.pk), str(unit)) for unit in units)])

    def clean_unit(self) -> int:
        """Return the unit's key."""
        return int(self.cleaned_data["unit"])

    def _kept(self, key: str) -> Any:
        return self.cleaned_data.get(key.partition(".")[2])


class IncidentForm(StepForm):
    """When, where and what."""

    keys = STEP["incident"].keys
    needs = STEP["incident"].needs

    def asked_keys(self) -> tuple[str, ...]:
        """Leave the venue out where the rulebook lists none."""
        return self.keys if self.asking.rulebook.venues else tuple(key for key in self.keys if key != "case.venue")

    def prepare(self) -> None:
        """Offer the venues of the rulebook."""
        if "venue" in self.fields:
            venues = self.asking.rulebook.venues
            self.offer("venue", [("none", "None of these"), *((venue.code, venue.title) for venue in venues)])

    def clean(self) -> dict[str, Any]:
        """Refuse an end before the beginning and an incident before the offender's birth."""
        began, ended = self.cleaned_data.get("occurred_from"), self.cleaned_data.get("occurred_to")
        if began and ended and ended < began:
            self.add_error("occurred_to", "Enter an end that is not before the beginning")
        born = self.asking.record.offender.born_on
        if began and born and timezone.localdate(began) < born:
            self.add_error(
                "occurred_from",
                f"This is before the offender was born ({born:%-d %B %Y}). Check both dates",
            )
        return self.cleaned_data


class CircumstancesForm(StepForm):
    """Yes or no to each; what an offence brings is shown answered and not asked."""

    keys = STEP["circumstances"].keys
    needs = STEP["circumstances"].needs

    def asked_keys(self) -> tuple[str, ...]:
        """Leave out what the offences have answered."""
        brought = brought_by_offences(self.asking.record)
        return tuple(key for key in self.keys if key.partition(".")[2] not in brought)


class VenueForm(StepForm):
    """A visitor from abroad, and an item legal at home."""

    keys = STEP["venue-arrangement"].keys
    needs = STEP["venue-arrangement"].needs
