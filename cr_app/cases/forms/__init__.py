"""Forms about a case as a whole, and about what follows once it was issued."""

from cr_app.cases.forms.case import (
    EntryForm,
    NotUsedForm,
    ReasonForm,
    ReassignForm,
    SearchForm,
    WithdrawForm,
)

__all__ = ["EntryForm", "NotUsedForm", "ReasonForm", "ReassignForm", "SearchForm", "WithdrawForm"]
