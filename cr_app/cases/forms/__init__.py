"""Forms about a case as a whole, and about what follows once it was issued."""

from cr_app.cases.forms.case import (
    EntryForm,
    IssueForm,
    NotUsedForm,
    ReasonForm,
    ReassignForm,
    SearchForm,
    WithdrawForm,
)

__all__ = ["EntryForm", "IssueForm", "NotUsedForm", "ReasonForm", "ReassignForm", "SearchForm", "WithdrawForm"]
