"""The pages' forms, one small form a step."""

from cr_app.cases.wizard.forms.base import StepForm
from cr_app.cases.wizard.forms.decision import (
    ExceptionForm,
    HistoryForm,
    QuestionForm,
    RationaleForm,
    ResponsibilityForm,
    SameReportForm,
    SeriousnessForm,
    YouthJusticeForm,
)
from cr_app.cases.wizard.forms.incident import CircumstancesForm, IncidentForm, StartForm, VenueForm
from cr_app.cases.wizard.forms.offender import (
    AppropriateAdultForm,
    OffenderDetailsForm,
    OffenderForm,
    ProfessionalForm,
    SafeguardsForm,
)
from cr_app.cases.wizard.forms.rows import ActionForm, DisposalForm, OffenceForm, RowForm, VictimForm
from cr_app.cases.wizard.forms.victims import VictimSafeguardsForm

STEP_FORMS: dict[str, type[StepForm]] = {
    "start": StartForm,
    "question": QuestionForm,
    "incident": IncidentForm,
    "circumstances": CircumstancesForm,
    "venue-arrangement": VenueForm,
    "offender": OffenderForm,
    "offender-details": OffenderDetailsForm,
    "same-report": SameReportForm,
    "history": HistoryForm,
    "responsibility": ResponsibilityForm,
    "seriousness": SeriousnessForm,
    "safeguards": SafeguardsForm,
    "professional": ProfessionalForm,
    "appropriate-adult": AppropriateAdultForm,
    "youth-justice": YouthJusticeForm,
    "victim-safeguards": VictimSafeguardsForm,
    "exception": ExceptionForm,
    "rationale": RationaleForm,
}
ROW_FORMS: dict[str, type[RowForm]] = {
    "offence": OffenceForm,
    "disposal": DisposalForm,
    "victim": VictimForm,
    "action": ActionForm,
}

__all__ = ["ROW_FORMS", "STEP_FORMS", "RowForm", "StepForm"]
