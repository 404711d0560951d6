"""The question asked, history, responsibility, seriousness, the youth justice service, the exception and the rationale."""

from typing import Any

from django.utils import timezone

from cr_app.cases.journey import STEP
from cr_app.cases.wizard.forms.base import StepForm


class QuestionForm(StepForm):
    """The answer to whoever returned the case with a question."""

    def asked_keys(self) -> tuple[str, ...]:
        """Ask for an answer where somebody asked."""
        return self.asking.keys_asked(STEP["question"])

    def needed_keys(self) -> tuple[str, ...]:
        """Want it: the case was returned for that."""
        return self.asked_keys()


class SameReportForm(StepForm):
    """Whether a record found on the same crime report is another matter."""

    keys = needs = STEP["same-report"].keys


class HistoryForm(StepForm):
    """What was checked, when, and whether anything was found."""

    keys = STEP["history"].keys
    needs = STEP["history"].needs

    def prepare(self) -> None:
        """Ask when, of a check that was made."""
        self.ask_when("pnc_checked=yes", "pnc_checked_at")
        self.ask_when("local_checked=yes", "local_checked_at")

    def clean(self) -> dict[str, Any]:
        """Want the time of each check made."""
        for checked, at, what in (
            ("pnc_checked", "pnc_checked_at", "PNC and PND"),
            ("local_checked", "local_checked_at", "local systems"),
        ):
            if self.cleaned_data.get(checked):
                self.require(at, f"Enter when you checked {what}")
            elif self.cleaned_data.get(checked) is False:
                self.forget(at)
        return self.cleaned_data


class ResponsibilityForm(StepForm):
    """What the offender accepts, says and agrees to."""

    keys = needs = STEP["responsibility"].keys


class SeriousnessForm(StepForm):
    """Evidence, seriousness and gravity."""

    keys = needs = STEP["seriousness"].keys

    def _kept(self, key: str) -> Any:
        value = super()._kept(key)
        return int(value) if key == "case.gravity_score" and value else value


class YouthJusticeForm(StepForm):
    """The youth justice service, for a child."""

    keys = STEP["youth-justice"].keys
    needs = STEP["youth-justice"].needs

    def prepare(self) -> None:
        """Ask who and when, where they were consulted."""
        self.ask_when("youth_justice_consulted=yes", "youth_justice_name", "youth_justice_at", "youth_justice_advice")

    def clean(self) -> dict[str, Any]:
        """Want who was spoken to and when."""
        if self.cleaned_data.get("youth_justice_consulted"):
            self.require("youth_justice_name", "Enter who was spoken to")
            self.require("youth_justice_at", "Enter when you spoke to them")
        elif self.cleaned_data.get("youth_justice_consulted") is False:
            self.forget("youth_justice_name", "youth_justice_at", "youth_justice_advice")
        return self.cleaned_data


class ExceptionForm(StepForm):
    """Why the case is exceptional, an exclusion a question, and on whose advice."""

    def asked_keys(self) -> tuple[str, ...]:
        """Ask for the circumstances of each exclusion that applies."""
        return self.asking.keys_asked(STEP["exception"])

    def needed_keys(self) -> tuple[str, ...]:
        """Want every answer: whoever decides rests on them."""
        return self.asked_keys()

    def prepare(self) -> None:
        """Take no advice of a day before the incident."""
        began = self.asking.record.case.occurred_from
        if began is not None and "advice_at" in self.fields:
            self.bound("advice_at", earliest=timezone.localdate(began), because="the day of the incident")


class RationaleForm(StepForm):
    """Why it is proportionate; and how urgent authority is, where every case needs it."""

    def asked_keys(self) -> tuple[str, ...]:
        """Ask whether the offender is waiting where no other page does and authority depends on it."""
        return self.asking.keys_asked(STEP["rationale"])

    def needed_keys(self) -> tuple[str, ...]:
        """Want every answer."""
        return self.asked_keys()
