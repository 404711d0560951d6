"""What is done about authority: asked for, decided, declared an interest in; each in one transaction, under one lock."""

from cr_app.authorisations.actions.asking import Tally, ask_others, submit_and_ask
from cr_app.authorisations.actions.deciding import (
    Seen,
    find_suitable,
    find_unsuitable,
    grant,
    refuse,
    return_with_question,
)
from cr_app.authorisations.actions.interest import Declared, declare_interest
from cr_app.authorisations.actions.refusals import AlreadyDecided, MayNotDecide, StaleMatter
from cr_app.authorisations.actions.searching import record_found, sought_by

__all__ = [
    "AlreadyDecided",
    "Declared",
    "MayNotDecide",
    "Seen",
    "StaleMatter",
    "Tally",
    "ask_others",
    "declare_interest",
    "find_suitable",
    "find_unsuitable",
    "grant",
    "record_found",
    "refuse",
    "return_with_question",
    "sought_by",
    "submit_and_ask",
]
