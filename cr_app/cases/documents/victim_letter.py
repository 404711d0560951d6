"""The letter to one victim: what was decided and why, where it departs from their wish, how to complain."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cr_app.cases.documents import rulebook_words
from cr_app.cases.documents.parts import Telling, action, as_typed, contact, offences, put_right
from cr_app.cases.documents.sheets import Block, Bullets, Fact, Facts, Heading, Paragraph, Sheet
from cr_app.cases.documents.spoken import day, weekday
from cr_app.cases.documents.told import Told
from cr_app.cases.models import Document, Victim


def victim_letter(telling: Telling, victim: Victim) -> Sheet:
    """Return the letter to a victim, who reads nothing of another one, and of the offender no name and no address."""
    told = telling.told
    blocks: list[Block] = [
        about(telling, victim),
        opening(told),
        *put_right(telling, lambda correction: correction.victim_id == victim.pk),
        as_typed(telling),
        *_decided(telling),
        *_why(told, victim),
        *_wishes(telling, victim),
        *_actions(telling, victim),
        *contact(telling),
        *unhappy(),
    ]
    return telling.sheet(Document.VICTIM_LETTER, "adult", _("What the police have decided"), blocks)


def about(telling: Telling, victim: Victim) -> Facts:
    """Return to whom a letter is, of which record and crime report, and when it was made."""
    told = telling.told
    rows = [Fact(pgettext("to whom a letter is", "To"), told.victim_name(victim))]
    person = told.person_name(victim)
    if not victim.is_person and person:
        rows.append(Fact(pgettext("who is written to at an organisation", "For the attention of"), person))
    rows += [
        Fact(_("Reference"), told.case.reference),
        Fact(_("Crime report"), told.case.crime_report_reference),
        Fact(_("Date of this letter"), weekday(timezone.localdate(telling.at))),
    ]
    return Facts("about", tuple(rows))


def opening(told: Told) -> Paragraph:
    """Say what is written about: what happened on which day, in which borough, as far as that is known."""
    return Paragraph("intro", _about_what(told))


def unhappy() -> list[Block]:
    """Say how a victim can complain, and what they may expect."""
    return [
        Heading("unhappy", _("If you are not happy with this")),
        Bullets(
            "unhappy_list",
            (
                _("Speak to the police officer, or ask to speak to their supervisor."),
                _("You can complain to the professional standards department of the police force."),
                _("You can also complain to the Independent Office for Police Conduct (IOPC)."),
                _(
                    "The Victims' Code says what you can expect from the police. Ask us for a copy, and about support for you."
                ),
                _(
                    "You can also ask us about restorative justice: a safe way to be in touch with the person responsible."
                ),
            ),
        ),
    ]


def _about_what(told: Told) -> str:
    case = told.case
    happened = timezone.localdate(case.occurred_from) if case.occurred_from else None
    if happened is None:
        return _("We are writing to tell you what the police have decided.")
    if not case.borough:
        return _("We are writing to tell you what the police have decided about what happened on %(day)s.") % {
            "day": day(happened)
        }
    return _(
        "We are writing to tell you what the police have decided about what happened on %(day)s in %(borough)s."
    ) % {
        "day": day(happened),
        "borough": case.borough,
    }


def _decided(telling: Telling) -> list[Block]:
    told = telling.told
    blocks: list[Block] = [
        Heading("decided", _("What was decided")),
        Paragraph(
            "given",
            _("The person responsible has been given a Community Resolution. It was given on %(day)s.")
            % {"day": day(told.day_of_issue(telling.at))},
        ),
    ]
    if len(told.victims) > 1 or len(told.record.offences) > 1:
        blocks.append(
            Paragraph("others", _("Some of what it deals with may be about other people, and not about you."))
        )
    return [
        *blocks,
        Paragraph("covers", _("It deals with:")),
        offences(telling),
        Heading("meaning", _("What a Community Resolution is")),
        Bullets(
            "meaning_list",
            (
                _("It is an agreement between the police and the person responsible, who takes part by choice."),
                _("It is not a conviction, and it is not a caution. It is dealt with out of court."),
                _("It is kept on local police records. It may be shown on an enhanced DBS check."),
            ),
        ),
    ]


def _why(told: Told, victim: Victim) -> list[Block]:
    """Say why in what the record answers by yes: the officer's own words are not for others."""
    case = told.case
    reasons = [
        _("The person responsible admits what they did.")
        if case.admits_offence
        else _("The person responsible accepts responsibility for what they did."),
        _("They agreed to take part."),
    ]
    if case.less_serious and case.authority_decision != "granted":
        reasons.append(_("It is for less serious offences. The police officer looked at how serious this was."))
    if told.actions_for(victim):
        reasons.append(_("They agreed to do something to put things right."))
    if case.authority_decision == "granted":
        reasons.append(_("A senior police officer looked at this decision and agreed to it."))
    return [Heading("why", _("Why this was decided")), Bullets("why_list", tuple(reasons))]


def _wishes(telling: Telling, victim: Victim) -> list[Block]:
    blocks: list[Block] = [Heading("wishes", _("What you told us"))]
    if not victim.consulted:
        blocks.append(
            Paragraph(
                "not_consulted",
                _(
                    "We did not speak to you before this was decided. We know that this matters: the police officer can "
                    "tell you why."
                ),
            )
        )
    elif victim.agrees is None:
        blocks.append(Paragraph("consulted", _("We asked you what you thought.")))
    elif victim.agrees:
        blocks.append(Paragraph("consulted", _("We asked you what you thought. You agreed to a Community Resolution.")))
    else:
        blocks.append(
            Paragraph("consulted", _("We asked you what you thought. You did not agree to a Community Resolution."))
        )
    if victim.wishes:
        blocks.append(Facts("wished", (Fact(_("You wanted"), telling.veil.free(victim.wishes), telling.typed),)))
    if victim.departure_reason:
        blocks += [
            Heading("departure", _("Where the decision is not what you wanted")),
            Paragraph(
                "departure_intro", _("What you want matters, but the police must decide. This is the reason given:")
            ),
            Paragraph("departure_reason", telling.veil.free(victim.departure_reason), telling.typed),
        ]
    return blocks


def _more(*, is_more: bool) -> str:
    """Say that there is more, and not what: where somebody goes for help or to work is for nobody else to know."""
    if is_more:
        return _("They also agreed to do something else to put things right or to keep out of trouble.")
    return _("They agreed to do something else to put things right or to keep out of trouble.")


def _actions(telling: Telling, victim: Victim) -> list[Block]:
    told = telling.told
    mine, others = told.actions_for(victim), told.actions_for(None)
    blocks: list[Block] = [Heading("actions", _("What the person responsible will do"))]
    if mine:
        blocks.append(Paragraph("actions_intro", _("They agreed to do this:")))
    else:
        blocks.append(Paragraph("no_actions", _("There is nothing that they have to do for you.")))
    for place, standing in enumerate(mine, start=1):
        label = _("Action %(place)d of %(all)d") % {"place": place, "all": len(mine)}
        what = rulebook_words.remedy(label, told.remedy_title(standing.action))
        labels = (_("In detail"), pgettext("a date", "By"))
        blocks.append(action(telling, standing, place, what=what, labels=labels, whom=_("You")))
    if others:
        blocks.append(Paragraph("more_actions", _more(is_more=bool(mine))))
    if not mine and not others:
        return blocks
    follows = rulebook_words.what_follows(told.rulebook.non_compliance, reader="victim", has_victims=True)
    if follows:
        blocks += [Heading("if_not", _("If they do not do it")), Bullets("if_not_list", follows)]
    return blocks
