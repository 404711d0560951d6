"""The tables of a case."""

from cr_app.cases.models.afterwards import ActionProgress, Contact, Correction, Document, Reminder, Rescission
from cr_app.cases.models.agreement import AgreedAction, Signature, SigningRefusal
from cr_app.cases.models.case import Case
from cr_app.cases.models.exceptions import ExceptionGrounds, Void
from cr_app.cases.models.keeping import OnceToken, Search, Snapshot, StatusChange
from cr_app.cases.models.offences import CaseOffence, EarlierDisposal
from cr_app.cases.models.parties import Offender, Victim

__all__ = [
    "ActionProgress",
    "AgreedAction",
    "Case",
    "CaseOffence",
    "Contact",
    "Correction",
    "Document",
    "EarlierDisposal",
    "ExceptionGrounds",
    "Offender",
    "OnceToken",
    "Reminder",
    "Rescission",
    "Search",
    "Signature",
    "SigningRefusal",
    "Snapshot",
    "StatusChange",
    "Victim",
    "Void",
]
