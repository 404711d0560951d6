"""The offender's copy: what happened, what is accepted and agreed, what it means, whom to ask, who signed."""

from django.utils import timezone
from django.utils.translation import gettext as _

from cr_app.cases.documents import rulebook_words
from cr_app.cases.documents.offender_words import OffenderWords, words_for
from cr_app.cases.documents.parts import Telling, action, as_typed, contact, incident, offences, put_right
from cr_app.cases.documents.readers import person_harmed
from cr_app.cases.documents.sheets import Block, Bullets, Fact, Facts, Heading, Paragraph, Sheet, Signed
from cr_app.cases.documents.spoken import moment, weekday
from cr_app.cases.models import Document


def offender_copy(telling: Telling, *, is_read_out: bool = False) -> Sheet:
    """Return the offender's copy; where it `is_read_out` before signing, without signatures and headed accordingly."""
    told = telling.told
    is_child = told.is_child(telling.at)
    words = words_for(is_child=is_child)
    blocks: list[Block] = [
        _about(telling, is_read_out=is_read_out),
        Paragraph("intro", words.reading_intro if is_read_out else words.intro),
        *put_right(telling, lambda correction: correction.victim_id is None),
        as_typed(telling),
        *_happened(telling, words),
        *_responsibility(telling, words),
        *_actions(telling, words),
        Heading("meaning", words.meaning),
        Bullets("meaning_list", words.meanings),
        *_if_not(telling, words),
        *contact(telling),
        Heading("unhappy", words.unhappy),
        Bullets("unhappy_list", words.complaints),
        *(_adults_part(is_child=is_child) if told.needs_adult(telling.at) else []),
        *([] if is_read_out else _signatures(telling, words, is_child=is_child)),
    ]
    title = words.reading_title if is_read_out else words.title
    return telling.sheet(Document.OFFENDER_COPY, "child" if is_child else "adult", title, blocks)


def _about(telling: Telling, *, is_read_out: bool) -> Facts:
    """Say whose it is; the days only once there is something that was agreed."""
    told = telling.told
    rows = [Fact(_("Name"), told.offender_name), Fact(_("Reference"), told.case.reference)]
    if not is_read_out:
        rows.append(Fact(_("Agreed on"), weekday(told.day_of_issue(telling.at))))
        rows.append(Fact(_("This copy was made on"), weekday(timezone.localdate(telling.at))))
    return Facts("about", tuple(rows))


def _happened(telling: Telling, words: OffenderWords) -> list[Block]:
    case = telling.told.case
    return [
        Heading("happened", words.happened),
        incident(telling),
        Paragraph("circumstances", telling.veil.free(case.circumstances_brief), telling.typed),
        Heading("offences", words.offences),
        offences(telling),
    ]


def _responsibility(telling: Telling, words: OffenderWords) -> list[Block]:
    case = telling.told.case
    blocks: list[Block] = [
        Heading("responsibility", words.responsibility),
        Paragraph("accepted", words.admits if case.admits_offence else words.accepts),
    ]
    if case.account:
        blocks.append(Facts("account", (Fact(words.you_said, telling.veil.free(case.account), telling.typed),)))
    if case.legal_advice_offered:
        blocks.append(Paragraph("legal_advice", words.legal_advice))
    return blocks


def _actions(telling: Telling, words: OffenderWords) -> list[Block]:
    told = telling.told
    heading = Heading("actions", words.actions)
    if not told.standings:
        return [heading, Paragraph("no_actions", words.no_actions)]
    blocks: list[Block] = [heading, Paragraph("actions_intro", words.actions_intro)]
    for place, standing in enumerate(told.standings, start=1):
        label = _("Action %(place)d of %(all)d") % {"place": place, "all": len(told.standings)}
        agreed = standing.action
        what = rulebook_words.remedy(label, told.remedy_title(agreed), is_child=told.is_child(telling.at))
        whom = person_harmed(told, agreed.victim) if agreed.victim is not None else ""
        blocks.append(action(telling, standing, place, what=what, labels=(words.exactly, words.by), whom=whom))
    return blocks


def _if_not(telling: Telling, words: OffenderWords) -> list[Block]:
    told = telling.told
    if not told.standings:
        return []
    follows = rulebook_words.what_follows(
        told.rulebook.non_compliance,
        reader="child" if told.is_child(telling.at) else "adult",
        has_victims=bool(told.victims),
    )
    return [Heading("if_not", words.if_not), Bullets("if_not_list", (*follows, words.trouble))]


def _adults_part(*, is_child: bool) -> list[Block]:
    """Say what an appropriate adult is there for. Source: PACE Code C 1.7A."""
    return [
        Heading("adult", _("For the appropriate adult")),
        Paragraph(
            "adult_intro",
            _("You are here to look after the interests of this young person. You do not decide for them.")
            if is_child
            else _("You are here to look after the interests of this person. You do not decide for them."),
        ),
        Bullets(
            "adult_list",
            (
                _("Help them to understand what is said and what it means. Ask us to say it again in other words."),
                _("Tell us if you think that they do not understand, or that we are not being fair."),
                _("They may ask for a lawyer, and so may you for them."),
                _("Sign only if this was read and explained to them while you were here."),
            ),
        ),
    ]


def _signatures(telling: Telling, words: OffenderWords, *, is_child: bool) -> list[Block]:
    told = telling.told
    roles = {
        "offender": _("The young person") if is_child else _("The person responsible"),
        "appropriate_adult": _("The appropriate adult"),
        "officer": _("The officer"),
    }
    wanted = [role for role in roles if role != "appropriate_adult" or told.needs_adult(telling.at)]
    blocks: list[Block] = [Heading("signing", words.signing), Paragraph("declaration", words.declaration)]
    for role in wanted:
        signed = told.signature(role)
        blocks.append(
            Signed(
                key=f"signed_{role}",
                role=roles[role],
                name=signed.name if signed else "",
                at=moment(signed.signed_at) if signed else "",
                drawing=(signed.drawing or "") if signed else "",
                alt=_("Signature, as it was drawn") if signed and signed.drawing else "",
            )
        )
    return blocks
