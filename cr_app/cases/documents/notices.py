"""The notices that a Community Resolution was rescinded: to the offender, and to each victim."""

from django.utils import timezone
from django.utils.translation import gettext as _

from cr_app.cases.documents.offender_words import words_for
from cr_app.cases.documents.parts import Telling, contact, incident, offences, put_right
from cr_app.cases.documents.rulebook_words import rank
from cr_app.cases.documents.sheets import Block, Bullets, Fact, Facts, Heading, Paragraph, Sheet
from cr_app.cases.documents.spoken import weekday
from cr_app.cases.documents.victim_letter import about, opening, unhappy
from cr_app.cases.models import Document, Victim


def offender_notice(telling: Telling) -> Sheet:
    """Return the notice to the offender, in words for a child where the offender was one at issue."""
    told = telling.told
    is_child = told.is_child(telling.at)
    words = words_for(is_child=is_child)
    blocks: list[Block] = [
        Facts("about", (Fact(_("Name"), told.offender_name), Fact(_("Reference"), told.case.reference))),
        _dates(telling),
        *put_right(telling, lambda correction: correction.victim_id is None),
        Bullets("notice", words.notice),
        Heading("happened", words.happened),
        incident(telling),
        Heading("offences", words.offences),
        offences(telling),
        *contact(telling),
        Heading("unhappy", words.unhappy),
        Bullets("unhappy_list", words.complaints),
    ]
    return telling.sheet(Document.OFFENDER_NOTICE, "child" if is_child else "adult", words.notice_title, blocks)


def victim_notice(telling: Telling, victim: Victim) -> Sheet:
    """Return the notice to one victim, which names nobody else; they may never have been told of what it takes back."""
    told = telling.told
    about_others = len(told.victims) > 1 or len(told.record.offences) > 1
    blocks: list[Block] = [
        about(telling, victim),
        opening(told),
        _dates(telling),
        *put_right(telling, lambda correction: correction.victim_id == victim.pk),
        Paragraph(
            "notice_intro",
            _(
                "The person responsible was given a Community Resolution. It has been taken back. The police call this rescinded."
            ),
        ),
        Paragraph("covers", _("It dealt with:")),
        offences(telling),
        *(
            [Paragraph("others", _("Some of that may be about other people, and not about you."))]
            if about_others
            else []
        ),
        Bullets(
            "notice",
            (
                _("The person responsible no longer has to do what was agreed in it."),
                _(
                    "The police may look at the offence again, and may deal with it in another way. We will tell you if so."
                ),
                _("If you want to know why this was decided, or what it means for you, ask us."),
            ),
        ),
        *contact(telling),
        *unhappy(),
    ]
    return telling.sheet(Document.VICTIM_NOTICE, "adult", _("A Community Resolution has been taken back"), blocks)


def _dates(telling: Telling) -> Facts:
    """Say when it was given and taken back, and in which rank somebody decided that: who and why is not for a letter."""
    told = telling.told
    rows = [Fact(_("Given on"), weekday(told.day_of_issue(telling.at)))]
    taken = told.rescission
    if taken is not None:
        rows.append(Fact(_("Taken back on"), weekday(timezone.localdate(taken.at))))
        rows.append(Fact(_("Decided by an officer of the rank of"), rank(taken.rank)))
    return Facts("dates", tuple(rows))
