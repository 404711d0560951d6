"""Every sentence of the offender's copy, for an adult and for a child, who reads it at the age of twelve."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


@dataclass(frozen=True)
class OffenderWords:
    """The words of one copy in the language spoken; `reading_*` are those of the sheet that is read out before signing."""

    title: str
    intro: str
    reading_title: str
    reading_intro: str
    happened: str
    offences: str
    responsibility: str
    accepts: str
    admits: str
    you_said: str
    legal_advice: str
    actions: str
    actions_intro: str
    no_actions: str
    exactly: str
    by: str
    meaning: str
    meanings: tuple[str, ...]
    if_not: str
    trouble: str
    unhappy: str
    complaints: tuple[str, ...]
    signing: str
    declaration: str
    notice_title: str
    notice: tuple[str, ...]


def words_for(*, is_child: bool) -> OffenderWords:
    """Return the words for an adult or for a child, in the language spoken."""
    return _child() if is_child else _adult()


def _adult() -> OffenderWords:
    return OffenderWords(
        title=_("Community Resolution: your copy"),
        intro=_("This is what you agreed with the police, and what it means. Keep it safe."),
        reading_title=_("Community Resolution: read this before you sign"),
        reading_intro=_(
            "Read this, or have it read to you. Ask about anything that is not clear. Then decide whether to sign."
        ),
        happened=_("What happened"),
        offences=_("The offence, or offences, that this is about"),
        responsibility=_("What you accept"),
        accepts=_("You accept responsibility for what happened."),
        admits=_("You admit what you did."),
        you_said=_("What you said"),
        legal_advice=_("You were offered legal advice."),
        actions=_("What you agree to do"),
        actions_intro=_("You agree to do all of this, each by its date:"),
        no_actions=_("There is nothing that you have to do."),
        exactly=_("In detail"),
        by=pgettext("a date", "By"),
        meaning=_("What a Community Resolution means"),
        meanings=(
            _("It is an agreement. It is voluntary: nobody can make you take part."),
            _("It is not a conviction, and it is not a caution."),
            _("The police keep it on their local records."),
            _(
                "It may be shown on an enhanced DBS check. That is a check for some kinds of work, such as with children."
            ),
            _("The police may take it into account if you come to their notice again."),
        ),
        if_not=_("If you do not do what you agree"),
        trouble=_("If you cannot do something in time, tell the police officer before its date."),
        unhappy=_("If you are not happy with how this was done"),
        complaints=(
            _(
                "Speak to the police officer's supervisor, or to the professional standards department of the police force."
            ),
            _("You can also complain to the Independent Office for Police Conduct (IOPC)."),
        ),
        signing=_("Signatures"),
        declaration=_(
            "By signing, the person responsible says: “This was explained to me. I accept responsibility. I agree to what "
            "is written here.”"
        ),
        notice_title=_("Your Community Resolution has been taken back"),
        notice=(
            _("The Community Resolution that you were given has been taken back. The police call this rescinded."),
            _("You no longer have to do what you agreed to in it."),
            _("The police may look at the offence again, and may deal with it in another way. We will tell you if so."),
            _("If you have already done or paid something, or want to know why this was decided, ask us."),
        ),
    )


def _child() -> OffenderWords:
    return OffenderWords(
        title=_("What you agreed with the police: your copy"),
        intro=_(
            "This is what you agreed, and what it means. Keep it safe. You can ask a grown-up to read it with you."
        ),
        reading_title=_("What you are asked to agree: read this before you sign"),
        reading_intro=_(
            "Read this, or ask us to read it to you. Ask about any part that is not clear. Then you choose if you will sign."
        ),
        happened=_("What happened"),
        offences=_("What the law calls it"),
        responsibility=_("What you say about it"),
        accepts=_("You say that what happened was your fault."),
        admits=_("You say that you did it."),
        you_said=_("What you told us"),
        legal_advice=_("We said that you could talk to a lawyer first."),
        actions=_("What you will do"),
        actions_intro=_("You agree to do all of this on time:"),
        no_actions=_("There is nothing more that you have to do."),
        exactly=_("What to do"),
        by=pgettext("a date", "Do it by"),
        meaning=_("What this means"),
        meanings=(
            _("This is called a Community Resolution. It is a way to put things right."),
            _("You do not have to take part. It is your choice."),
            _("No court has found you guilty. It is not a conviction, and it is not a caution."),
            _("The police keep a note of it."),
            _(
                "For some jobs people are checked with great care. This is called an enhanced DBS check. The note may show up then."
            ),
            _("The police can look at it if you are in trouble again."),
        ),
        if_not=_("If you do not do what you agree"),
        trouble=_("Is it hard to do something on time? Tell the police officer soon, before the last day."),
        unhappy=_("If you think we did this badly"),
        complaints=(
            _("Tell us. You can ask to talk to the police officer's boss. A grown-up can do it for you."),
            _("You can also tell the Independent Office for Police Conduct. They check on the police."),
        ),
        signing=_("Names of the people who agree"),
        declaration=_(
            "By signing, the young person says: “I was told what this means. I own up to what I did. I agree to what it "
            "says here.”"
        ),
        notice_title=_("The police have taken back your Community Resolution"),
        notice=(
            _("You agreed some things with the police. The police have now taken that back."),
            _("You do not have to do those things any more."),
            _(
                "The police may look at what happened again. They may deal with it in some other way. We will tell you if they do."
            ),
            _("Have you done or paid some of it? Do you want to know why? Ask us. A grown-up can ask for you."),
        ),
    )
