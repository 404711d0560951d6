"""Looks that stand out are found: at one's own or a relative's record, and at many in an hour; others are not."""

from django.core import mail
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from cr_app.accounts.models import Officer
from cr_app.audit.models import Access
from cr_app.authorisations.access import look_to_decide
from cr_app.cases import access
from cr_app.cases.models import Offender
from cr_app.oversight.actions import flags as actions
from cr_app.oversight.models import Flag, Rule
from cr_app.oversight.presenting.flags import sentence_of
from tests import make
from tests.authorisations import making
from tests.cast import Cast
from tests.oversight.flagging import disclose, flags, look, refused


def test_a_look_at_a_record_of_ones_own_name_is_found_and_the_flag_names_nobody(cast: Cast) -> None:
    story = make.shop_theft()
    relative = make.issued(cast.amina, story.answering({"offender.last_names": "MENSAH"}))
    other = make.issued(cast.amina, story)
    for reference in (relative, other):
        look(cast.grace, reference)
        look(cast.grace, reference, "history")
        access.record_list(cast.grace, [reference], page="desk")
    (flag,) = flags()[Rule.OWN_RECORD]
    assert (flag.actor_key, flag.subject) == (str(cast.grace.pk), f"case:{relative}")
    assert "the same family name" in sentence_of(flag)
    assert "mensah" not in f"{flag.words} {flag.key}".casefold()


def test_a_list_that_names_a_relatives_case_is_no_look_at_it(cast: Cast) -> None:
    relative = make.issued(cast.amina, make.shop_theft().answering({"offender.last_names": "Mensah"}))
    access.record_list(cast.grace, [relative], page="desk")
    assert not flags()[Rule.OWN_RECORD]


def test_a_refused_look_at_a_case_of_another_force_tells_nobody_who_is_in_it(cast: Cast) -> None:
    elsewhere, here = make.case(cast.kieran), making.referred(cast.amina)
    named = Offender.objects.filter(case__reference__in=(elsewhere, here))
    assert named.update(warrant_number=cast.grace.warrant_number) == 2
    for reference in (elsewhere, here):
        refused(cast.grace, reference)
    (flag,) = flags()[Rule.OWN_RECORD]
    assert flag.subject == f"case:{here}"
    assert sentence_of(flag).startswith("The officer tried to open a case in which their own warrant number")


def test_an_export_is_a_look_at_what_it_holds(cast: Cast, settings: Settings) -> None:
    settings.TRAIL_LOOKS_AN_HOUR = 2
    relative = make.issued(cast.amina, make.shop_theft().answering({"offender.last_names": cast.ruth.family_name}))
    others = [make.case(cast.amina) for _ in range(2)]
    disclose(cast.ruth, relative)
    (flag,) = flags()[Rule.OWN_RECORD]
    assert (flag.actor_key, flag.subject) == (str(cast.ruth.pk), f"case:{relative}")
    assert not flags()[Rule.UNUSUAL_VOLUME]
    disclose(cast.ruth, relative, *others)
    (volume,) = flags()[Rule.UNUSUAL_VOLUME]
    assert volume.actor_key == str(cast.ruth.pk)
    assert "3 different records were opened within 1 minute (3 exported)" in sentence_of(volume)


def test_references_that_were_tried_one_after_another_are_found(cast: Cast, settings: Settings) -> None:
    settings.TRAIL_LOOKS_AN_HOUR = 3
    for place in range(3):
        refused(cast.grace, f"7KQM2PX{place}")
    assert not flags()[Rule.UNUSUAL_VOLUME]
    refused(cast.grace, "7KQM2PX9")
    (flag,) = flags()[Rule.UNUSUAL_VOLUME]
    assert "4 different records were opened or tried within 1 minute (4 refused)" in sentence_of(flag)


def test_whoever_shares_a_name_with_a_case_that_came_to_them_is_not_found(cast: Cast) -> None:
    story = make.knife()
    reference = making.asked(cast.amina, story.answering({"offender.last_names": cast.priya.family_name}))
    own = make.case(cast.amina)
    Offender.objects.filter(case__reference=own).update(last_names=cast.amina.family_name)
    look(cast.amina, own)
    look_to_decide(cast.priya, reference, page="authority review", sitting="s", path="/")
    assert Access.objects.filter(page="authority review", implied=True).exists()
    assert not flags()[Rule.OWN_RECORD]
    # Opened of one's own accord it is one.
    look(cast.priya, reference)
    (flag,) = flags()[Rule.OWN_RECORD]
    assert flag.actor_key == str(cast.priya.pk)


def test_of_an_appropriate_adults_name_the_last_part_alone_counts(cast: Cast) -> None:
    one, other = make.case(cast.amina), make.case(cast.amina)
    Offender.objects.filter(case__reference=one).update(appropriate_adult_name="Ama Mensah Boateng")
    Offender.objects.filter(case__reference=other).update(appropriate_adult_name="Ama Boateng Mensah")
    for reference in (one, other):
        look(cast.grace, reference)
    (flag,) = flags()[Rule.OWN_RECORD]
    assert flag.subject == f"case:{other}"


def test_many_records_in_an_hour_are_found_and_the_reviewers_told(
    cast: Cast, settings: Settings, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    settings.TRAIL_LOOKS_AN_HOUR = 3
    references = [make.case(cast.amina) for _ in range(4)]
    for reference in references[:3]:
        look(cast.amina, reference)
        look(cast.amina, reference, "history")
    assert not flags()[Rule.UNUSUAL_VOLUME]
    look(cast.amina, references[3])
    (flag,) = flags()[Rule.UNUSUAL_VOLUME]
    assert flag.words["records"] == 4
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        actions._tell_reviewers([flag])
    (message,) = mail.outbox
    assert message.to == [cast.ruth.email]
    told = f"{message.subject} {message.body}"
    assert not any(word in told for word in (cast.amina.family_name, cast.amina.warrant_number, *references))


def test_a_reviewer_gets_no_mail_of_a_flag_about_herself(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    def told(*about: Officer) -> set[tuple[str, str]]:
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            actions._tell_reviewers(
                [
                    Flag(rule=Rule.UNUSUAL_VOLUME, force_id=officer.force_id, actor_key=str(officer.pk))
                    for officer in about
                ]
            )
        return {(message.to[0], message.subject.partition(" waits")[0]) for message in mail.outbox}

    many = "An unusual number of records was looked at"
    # Nobody else reviews: professional standards are told that nobody may.
    assert told(cast.ruth) == {(cast.yusuf.email, "A red flag")}
    assert told(cast.ruth, cast.amina) == {(cast.yusuf.email, "A red flag"), (cast.ruth.email, many)}
    cast.tom.roles = ["reviewer"]
    cast.tom.save()
    assert told(cast.ruth) == {(cast.tom.email, many)}
    assert told(cast.amina) == {(cast.tom.email, many), (cast.ruth.email, many)}
