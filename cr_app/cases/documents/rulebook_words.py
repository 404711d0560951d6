"""Words of rulebooks and tables as those read them who are no officers: remedies, what follows from not complying, ranks.

A rulebook words its list for officers, in English. What is known here is said in plain words to its reader, in the
language spoken; a sentence that a force has added since is shown as the rulebook has it, in English.
"""

from collections.abc import Mapping

from django.utils.translation import gettext, gettext_noop, pgettext

from cr_app.cases.documents.sheets import Fact

# What the rulebooks list as remedies, as an adult reads it.
_REMEDIES = frozenset(
    {
        gettext_noop("Apologise to the victim, in person or in writing"),
        gettext_noop("Pay the victim for loss or damage"),
        gettext_noop("Put right the damage, or return what was taken"),
        gettext_noop("Take part in mediation to settle a dispute"),
        gettext_noop("Meet the victim, with a trained facilitator"),
        gettext_noop("Do unpaid work for the neighbourhood"),
        gettext_noop("Sign an acceptable behaviour agreement"),
        gettext_noop("Attend a course or other structured activity"),
        gettext_noop("Seek help for drugs, alcohol or mental health"),
    }
)
# The same for a child.
_REMEDIES_FOR_A_CHILD: Mapping[str, str] = {
    "Apologise to the victim, in person or in writing": gettext_noop("Say sorry, face to face or in a letter"),
    "Pay the victim for loss or damage": gettext_noop("Pay for what was lost or broken"),
    "Put right the damage, or return what was taken": gettext_noop("Mend the harm, or give back what was taken"),
    "Take part in mediation to settle a dispute": gettext_noop("Sit down with others to sort things out"),
    "Meet the victim, with a trained facilitator": gettext_noop("Meet the person harmed, with someone there to help"),
    "Do unpaid work for the neighbourhood": gettext_noop("Do some work to help where you live"),
    "Sign an acceptable behaviour agreement": gettext_noop("Sign a promise about how you will behave"),
    "Attend a course or other structured activity": gettext_noop("Go to a course or a club"),
    "Seek help for drugs, alcohol or mental health": gettext_noop("Get help with drugs, drink or how you feel"),
}

_VOLUNTARY = "A Community Resolution is voluntary: not complying is not an offence by itself."
_ASK_WHY = "Ask the offender why, and allow a little more time where that is fair."
_TELL_VICTIM = "Tell the victim what has and has not been done."
_LOOK_AGAIN = "Record not complied, with the reason; the offence may be looked at again where the evidence and the time limit allow."
_FOR_AN_ADULT: Mapping[str, str] = {
    _VOLUNTARY: gettext_noop(
        "A Community Resolution is voluntary. Not doing what you agreed is not an offence by itself."
    ),
    _ASK_WHY: gettext_noop("We will ask you why. You may get a little more time if that is fair."),
    _TELL_VICTIM: gettext_noop("We will tell those who were harmed what has and has not been done."),
    _LOOK_AGAIN: gettext_noop(
        "We will record that you did not do it, and why. The police may then look at the offence again, if the evidence "
        "and the time limit allow it."
    ),
}
_FOR_A_CHILD: Mapping[str, str] = {
    _VOLUNTARY: gettext_noop("It was your choice to agree. Not doing it is not a crime by itself."),
    _ASK_WHY: gettext_noop("We will ask you why. You may get a bit more time if that is fair."),
    _TELL_VICTIM: gettext_noop("We will tell those who were harmed what you did and what you did not do."),
    _LOOK_AGAIN: gettext_noop(
        "We will write down that you did not do it, and why. The police may then look at what you did again."
    ),
}
_FOR_A_VICTIM: Mapping[str, str] = {
    _VOLUNTARY: gettext_noop(
        "A Community Resolution is voluntary. Not doing what was agreed is not an offence by itself."
    ),
    _ASK_WHY: gettext_noop("We will ask the person responsible why. They may get a little more time if that is fair."),
    _TELL_VICTIM: gettext_noop("We will tell you what has and has not been done."),
    _LOOK_AGAIN: gettext_noop(
        "We will record that it was not done, and why. The police may then look at the offence again, if the evidence and "
        "the time limit allow it."
    ),
}
_READERS: Mapping[str, Mapping[str, str]] = {
    "adult": _FOR_AN_ADULT,
    "child": _FOR_A_CHILD,
    "victim": _FOR_A_VICTIM,
}

_RANKS = frozenset(
    {
        gettext_noop("Police Community Support Officer"),
        gettext_noop("Police Staff Investigator"),
        gettext_noop("Special Constable"),
        gettext_noop("Constable"),
        gettext_noop("Sergeant"),
        gettext_noop("Inspector"),
        gettext_noop("Chief Inspector"),
        gettext_noop("Superintendent"),
        gettext_noop("Chief Superintendent"),
        gettext_noop("Assistant Chief Constable"),
        gettext_noop("Commander"),
        gettext_noop("Deputy Chief Constable"),
        gettext_noop("Deputy Assistant Commissioner"),
        gettext_noop("Chief Constable"),
        gettext_noop("Assistant Commissioner"),
        gettext_noop("Deputy Commissioner"),
        gettext_noop("Commissioner"),
    }
)


def remedy(label: str, title: str, *, is_child: bool = False) -> Fact:
    """Return a label with what the rulebook calls a remedy, said to an adult or a child."""
    known = _REMEDIES_FOR_A_CHILD.get(title) if is_child else None
    if known is None:
        return Fact(label, gettext(title), lang="" if title in _REMEDIES else "en")
    return Fact(label, gettext(known))


def what_follows(sentences: tuple[str, ...], *, reader: str, has_victims: bool) -> tuple[str, ...]:
    """Return what follows from not complying, as an adult, a child or a victim reads it; () where the rulebook says nothing.

    Nobody is told that a victim will be told where there is none.
    """
    said = _READERS[reader]
    return tuple(
        gettext(said.get(sentence, sentence)) for sentence in sentences if has_victims or sentence != _TELL_VICTIM
    )


def rank(held: str) -> str:
    """Return a rank in the language spoken, acting or not: Inspector, Arolygydd; one that is not in the table as it is."""
    name = held.removeprefix("Acting ")
    spoken = gettext(name) if name in _RANKS else name
    return pgettext("rank", "Acting %(rank)s") % {"rank": spoken} if held.startswith("Acting ") else spoken
