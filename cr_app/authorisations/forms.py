"""Forms of authority: a decision with its reasons, an interest declared, and what narrows the queue."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core import signing

from cr_app.accounts.models import Officer
from cr_app.authorisations.actions import Seen
from cr_app.authorisations.models import Kind, Outcome
from cr_app.pages.fields import ChoiceField, ChoicesField, LongTextField, Option, TextField

LONGEST_REASONS = 4000
_SALT = "cr_app.authorisations.stamp"
# What these decide lets a Community Resolution go on, so what is authorised is declared.
DECLARED = frozenset({Outcome.GRANTED, Outcome.SUITABLE})

_OPTIONS: dict[str, tuple[Option, ...]] = {
    Kind.AUTHORITY: (
        Option(Outcome.GRANTED, "Grant authority"),
        Option(Outcome.REFUSED, "Refuse authority", "No Community Resolution can be given then."),
        Option(Outcome.RETURNED, "Ask for more", "It goes back to its officer with your question."),
    ),
    Kind.SUITABILITY: (
        Option(Outcome.SUITABLE, "Suitable", "A Community Resolution may be considered."),
        Option(Outcome.UNSUITABLE, "Unsuitable", "The case closes. No Community Resolution is given."),
        Option(Outcome.RETURNED, "Ask for more", "It goes back to its officer with your question."),
    ),
}
_TICKS: dict[str, str] = {
    Kind.AUTHORITY: "I have read every answer shown and I authorise this",
    Kind.SUITABILITY: "I have read every answer shown and I find this suitable",
}


@dataclass(frozen=True)
class Stamp:
    """That a page was shown: to whom, which case, and what it then had on it."""

    officer: int
    reference: str
    seen: Seen

    def signed(self) -> str:
        """Return it as the hidden field of the form, which nobody else can make."""
        seen = [self.seen.kind, self.seen.number, self.seen.digest, self.seen.shown_at.isoformat()]
        return signing.dumps([self.officer, self.reference, *seen], salt=_SALT)


def stamp_in(sent: Mapping[str, Any], officer: Officer, reference: str, *, however_old: bool = False) -> Stamp | None:
    """Return the stamp of what was sent; None where it is forged, another's, of another case, or too old to decide by."""
    try:
        claim = signing.loads(
            str(sent.get("stamp") or ""), salt=_SALT, max_age=None if however_old else settings.AUTHORITY_PAGE_SECONDS
        )
    except signing.BadSignature:
        return None
    match claim:
        case [officer.pk, of_case, kind, number, digest, shown_at] if of_case == reference:
            return Stamp(officer.pk, reference, Seen(kind, number, digest, datetime.fromisoformat(shown_at)))
        case _:
            return None


class DecisionForm(forms.Form):
    """What is decided, and why; a decision that lets the case go on declares what it authorises."""

    stamp = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        """Offer what may be decided on this kind of request."""
        super().__init__(*args, **kwargs)
        goes_on = next(option.value for option in _OPTIONS[kind] if option.value in DECLARED)
        self.fields["outcome"] = ChoiceField(
            "What do you decide?", missing="Select what you decide", options=_OPTIONS[kind]
        )
        self.fields["reasons"] = LongTextField(
            "Your reasons, or your question",
            what="your reasons",
            hint="The officer reads this. It is kept with your name and rank.",
            missing="Give your reasons, or the question that you ask",
            max_length=LONGEST_REASONS,
            rows=5,
        )
        self.fields["declared"] = ChoicesField(
            "Your declaration", options=(Option("yes", _TICKS[kind]),), required=False
        )
        self.fields["outcome"].widget.attrs["class"] = "govuk-radios--small"
        # Scripts hide it until it is wanted; without them it stands there, and `clean` knows when it is.
        self.fields["declared"].widget.attrs["data-ask-when"] = f"outcome={goes_on}"

    def clean(self) -> dict[str, Any]:
        """Want the declaration with a decision that lets the case go on."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("outcome") in DECLARED and not cleaned.get("declared") and "declared" not in self.errors:
            self.add_error("declared", "Tick the declaration, or decide otherwise")
        return cleaned


def typed_in(sent: Mapping[str, Any]) -> dict[str, str]:
    """Return what to show again on a page that has changed: the text and the choice, but never the declaration."""
    return {name: str(sent.get(name) or "") for name in ("outcome", "reasons")}


class InterestForm(forms.Form):
    """What interest an officer has in a case, and so may not decide on it."""

    reason = LongTextField(
        "What is your interest in this case?",
        what="your interest",
        hint="For example: you know the offender or the victim. You cannot take this back, and you can then not "
        "decide on this case. It is kept in the history of this case, which its officer reads.",
        missing="Say what your interest in this case is",
        max_length=1000,
        rows=4,
    )


class RequestSearchForm(forms.Form):
    """What to look for in the lists."""

    wanted = TextField(
        "Find in these lists",
        hint="A crime report or case reference exactly; or part of a name, in what was asked of you or decided by you.",
        missing="Enter a reference or a name",
        max_length=200,
        spellcheck=False,
    )


class QueueFilter(forms.Form):
    """What narrows a list; anything made up is left aside."""

    def __init__(self, *args: Any, tab: str, units: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        """Ask what fits the list: what waits was asked of somebody, what was decided was decided by somebody."""
        super().__init__(*args, **kwargs)
        waits = tab == "waiting"
        whose = {"waiting": "Asked of", "returned": "Returned by"}.get(tab, "Decided by")
        everybody = Option("", "Everyone in the force")
        self.fields["of"] = ChoiceField(whose, options=(everybody, Option("me", "Me")), drop=True, required=False)
        options = [Option("", "Every unit"), *(Option(str(key), name) for key, name in units)]
        self.fields["unit"] = ChoiceField("Unit of the case", options=options, drop=True, required=False)
        if waits:
            self.fields["late"] = ChoicesField("Target", options=(Option("yes", "Late only"),), required=False)
            urgent = (Option("yes", "Detained or waiting only"),)
            self.fields["urgent"] = ChoicesField("Offender", options=urgent, required=False)

    def chosen(self) -> dict[str, str]:
        """Return what was chosen, as the address says it."""
        self.is_valid()
        found = {name: self.cleaned_data.get(name) for name in self.fields}
        return {name: value if isinstance(value, str) else "yes" for name, value in found.items() if value}
