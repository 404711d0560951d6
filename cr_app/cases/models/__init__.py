"""The tables of a case."""

from cr_app.cases.models.agreement import AgreedAction, Signature
from cr_app.cases.models.case import Case
from cr_app.cases.models.exceptions import ExceptionGrounds, Void
from cr_app.cases.models.keeping import OnceToken, Search, Snapshot, StatusChange
from cr_app.cases.models.offences import CaseOffence, EarlierDisposal
from cr_app.cases.models.parties import Offender, Victim

__all__ = [
    "AgreedAction",
    "Case",
    "CaseOffence",
    "EarlierDisposal",
    "ExceptionGrounds",
    "Offender",
    "OnceToken",
    "Search",
    "Signature",
    "Snapshot",
    "StatusChange",
    "Victim",
    "Void",
]
