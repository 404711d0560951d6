"""Which sheets a case has, and what each of them says to whom."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone, translation

from cr_app.cases.documents.composing import Told, compose, kinds_for, notices_for, reading_sheet
from cr_app.cases.documents.sheets import Bullets, Language, digest_of, read_sheet
from cr_app.cases.models import ActionProgress, Document
from cr_app.cases.queries import standing_of
from cr_app.cases.queries.afterwards import ActionStanding
from cr_app.reference.models import OffenceType
from tests import make, make_authority
from tests.cases.documents.told import COPY, ENTRY, LETTER, copy_of, keys, letter, rows, signed, text, told_now
from tests.cast import Cast
from tests.make_afterwards import corrected, rescinded
from tests.make_stories import SHOP_THEFT

# Those of a sheet, and of the entry for the crime report.
LANGUAGES: tuple[tuple[Language, ...], ...] = (("en", "cy"), ("en",))


def test_an_issued_case_has_a_copy_a_letter_to_each_victim_and_the_entry(cast: Cast) -> None:
    reference = make.issued(cast.amina, make.two_victims())
    told = told_now(reference)
    first, second = told.victims
    given = ((COPY, None), (LETTER, first), (LETTER, second), (ENTRY, None))
    assert kinds_for(told) == given
    rescinded(reference, cast.priya)
    after = told_now(reference)
    notices = ((Document.OFFENDER_NOTICE, None), (Document.VICTIM_NOTICE, first), (Document.VICTIM_NOTICE, second))
    assert notices_for(after) == notices
    assert kinds_for(after) == given + notices


def test_the_copy_says_what_was_agreed_what_it_means_and_whom_to_ask(cast: Cast) -> None:
    told = told_now(make.issued(cast.amina))
    sheet, case = copy_of(told), told.case
    said = text(sheet)
    for words in (
        "Jade Ransome",
        case.reference,
        "Took two bottles of squash and left without paying.",
        "Theft Act 1968",
        "You admit what you did.",
        "I took them. I am sorry.",
        "Apologise to the victim, in person or in writing",
        "£12.40",
        "It is not a conviction, and it is not a caution.",
        "local records",
        "enhanced DBS check",
        "voluntary",
        "not an offence by itself",
        "Constable 4127 Amina Khan",
        "Emergency Response Team B",
        "Metropolitan Police Service",
        "101",
        "Independent Office for Police Conduct",
        "We will tell those who were harmed",
    ):
        assert words in said, words
    due = timezone.localdate() + timedelta(days=14)
    assert rows(sheet, "action_2")["By"] == f"{due:%A} {due.day} {due:%B %Y}"
    assert sheet.foot == f"Community Resolution: your copy. Reference {case.reference}. Version 1."
    assert set(signed(sheet)) == {"signed_offender", "signed_officer"}
    assert (sheet.reader, sheet.language, sheet.version) == ("adult", "en", 1)


def test_no_title_and_no_foot_names_anybody(cast: Cast) -> None:
    reference = make.issued(cast.amina, make.two_victims())
    rescinded(reference, cast.priya)
    told = told_now(reference)
    for kind, victim in kinds_for(told):
        for language in LANGUAGES[kind == ENTRY]:
            sheet = compose(kind, told, language=language, victim=victim, at=timezone.now())
            for name in ("Jade", "Ransome", "Noor", "Haddad", "Holloway", "Okafor", "Amina", "Khan"):
                assert name not in sheet.title + sheet.foot


@pytest.mark.parametrize(("tomorrow", "reader"), [(True, "child"), (False, "adult")])
def test_who_turns_18_tomorrow_reads_as_a_child_and_who_does_today_as_an_adult(
    cast: Cast, tomorrow: bool, reader: str
) -> None:
    told = told_now(
        make.issued(cast.amina, make.child().answering({"offender.born_on": make.birthday(18, tomorrow=tomorrow)}))
    )
    sheet = copy_of(told)
    assert sheet.reader == reader
    assert ("signed_appropriate_adult" in signed(sheet)) is tomorrow
    # What was a child's on the day stays one's, however late a copy is made.
    later = compose(COPY, told, language="en", at=timezone.now() + timedelta(days=400))
    assert later.reader == reader


def test_the_appropriate_adult_has_a_part_for_a_child_and_where_mental_health_is_flagged(cast: Cast) -> None:
    for story, has_part in ((make.child(), True), (make.mental_health(), True), (make.shop_theft(), False)):
        sheet = copy_of(told_now(make.issued(cast.amina, story.but(report=f"231{len(story.victims)}{has_part:d}/26"))))
        assert ("adult" in keys(sheet)) is has_part
        assert ("signed_appropriate_adult" in signed(sheet)) is has_part
    assert "You do not decide for them." in text(copy_of(told_now(make.issued(cast.amina, make.mental_health()))))


def test_an_appropriate_adult_who_signed_though_none_was_needed_any_more_is_on_the_copy(cast: Cast) -> None:
    told = told_now(make.issued(cast.amina, make.mental_health()))
    told.offender.mental_health_concern = False
    assert signed(copy_of(told))["signed_appropriate_adult"].name == "Theresa Quill"
    # Positive control: where none signed, there is none.
    alone = replace(told, signatures=tuple(each for each in told.signatures if each.role != "appropriate_adult"))
    assert set(signed(copy_of(alone))) == {"signed_offender", "signed_officer"}


def test_what_is_read_out_is_the_copy_without_signatures_and_before_issue_there_is_room_to_sign(cast: Cast) -> None:
    told = told_now(make.submitted(cast.amina, make.child()))
    at = timezone.now()
    read_out, copy = reading_sheet(told, language="en", at=at), compose(COPY, told, language="en", at=at)
    assert not signed(read_out)
    assert set(rows(read_out, "about")) == {"Name", "Reference"}
    assert [key for key in keys(copy) if key not in keys(read_out)] == [
        *("signing", "declaration", "signed_offender", "signed_appropriate_adult", "signed_officer")
    ]
    same = set(read_out.words()) - set(copy.words())
    assert len(same) == 2, same
    assert all((each.name, each.at, each.drawing) == ("", "", "") for each in signed(copy).values())


def test_five_offences_are_listed_each_with_its_law(cast: Cast) -> None:
    codes = [kind.code for kind in OffenceType.objects.filter(mode_of_trial="summary", exclusion_category="")[:4]]
    told = told_now(make.submitted(cast.amina, make.shop_theft().but(offences=(SHOP_THEFT, *codes))))
    assert len(told.record.offences) == 5
    for sheet in (copy_of(told), letter(told), copy_of(told, "cy")):
        block = next(each for each in sheet.blocks if each.key == "offence_list")
        assert isinstance(block, Bullets)
        assert block.lang == ("en" if sheet.language == "cy" else "")
        assert block.items == tuple(
            f"{each.offence_type.title} ({each.offence_type.statute})" for each in told.record.offences
        )


def test_no_victim_and_nothing_agreed_are_said_as_they_are(cast: Cast) -> None:
    told = told_now(make.submitted(cast.amina, make.cannabis()))
    assert kinds_for(told) == ((COPY, None), (ENTRY, None))
    assert "We will tell those who were harmed" not in text(copy_of(told))
    assert "There is no victim." in text(compose(ENTRY, told, language="en", at=timezone.now()))
    nothing = replace(told, standings=())
    sheet = copy_of(nothing)
    assert "no_actions" in keys(sheet)
    assert "if_not" not in keys(sheet)
    assert "None agreed." in text(compose(ENTRY, nothing, language="en", at=timezone.now()))


def test_a_name_put_right_is_on_the_next_version_and_the_signature_stays_as_it_was_signed(cast: Cast) -> None:
    reference = make.issued(cast.amina, make.two_victims())
    victim = make.record(reference).victims[1]
    corrected(reference, cast.amina)
    corrected(reference, cast.amina, f"{victim.pk}.last_names", old="Haddad", new="Hadad")
    corrected(reference, cast.amina, old="Ransom", new="Ransome-Wŷn")
    told = told_now(reference)
    copy = compose(COPY, told, language="en", version=3, at=timezone.now())
    assert rows(copy, "about")["Name"] == "Jade Ransome-Wŷn"
    assert signed(copy)["signed_offender"].name == "Jade Ransome"
    assert "It said “Ransome”. It should say “Ransom”." in text(copy)
    assert copy.foot.endswith("Version 3.")
    shop, person = letter(told, 0), letter(told, 1)
    assert "put_right" not in keys(shop)
    assert rows(person, "about")["To"] == "Noor Hadad"
    assert "It said “Haddad”. It should say “Hadad”." in text(person)
    assert "misspelt" not in (text(copy) + text(person)).casefold()
    entry = text(compose(ENTRY, told, language="en", at=timezone.now()))
    assert "Victim 2: Last names" in entry
    assert "Misspelt" in entry
    assert "Jade Ransome-Wŷn" in entry


def later(told: Told, **row: object) -> tuple[ActionStanding, ...]:
    """Return how the actions stand once something was recorded of the first."""
    action = told.standings[0].action
    progress = ActionProgress(action=action, number=1, **row)
    return (standing_of(action, [progress]), *told.standings[1:])


def test_a_date_that_was_changed_shows_both_and_an_action_that_is_done_says_when(cast: Cast) -> None:
    told = told_now(make.issued(cast.amina))
    leap_day = date(2028, 2, 29)
    first = told.standings[0].first_due_on
    changed = copy_of(replace(told, standings=later(told, outcome="date_changed", due_on=leap_day, reason="Ill.")))
    due = rows(changed, "action_1")["By"]
    assert due.startswith("Tuesday 29 February 2028 (first agreed: ")
    assert f"{first.day} {first:%B %Y}" in due
    assert "Ill." not in text(changed)
    done = later(told, outcome="completed", due_on=first, happened_on=leap_day, said_by="The shop")
    assert rows(copy_of(replace(told, standings=done)), "action_1")["Done on"] == "Tuesday 29 February 2028"
    assert "The shop" not in text(copy_of(replace(told, standings=done)))
    welsh = copy_of(replace(told, standings=done), "cy")
    assert rows(welsh, "action_1")["Gwnaed ar"] == "Dydd Mawrth 29 Chwefror 2028"


def test_the_notices_say_what_no_longer_holds_and_not_why(cast: Cast) -> None:
    reference = make.issued(cast.amina, make.two_victims())
    rescinded(reference, cast.priya)
    told, at = told_now(reference), timezone.now()
    notice = compose(Document.OFFENDER_NOTICE, told, language="en", at=at)
    letters = [compose(Document.VICTIM_NOTICE, told, language="en", victim=victim, at=at) for victim in told.victims]
    for sheet in (notice, *letters):
        said = text(sheet)
        assert "taken back" in said
        assert "no longer" in said
        assert "Inspector" in said
        assert "Priya" not in said
        assert "£1,240" not in said
        happened = timezone.localdate(told.case.occurred_from)
        assert f"{happened.day} {happened:%B %Y}" in said
        assert (told.case.borough or "no borough") in said
        assert all(each.offence_type.title in said for each in told.record.offences)
        # Nobody may have told them of it.
        assert "wrote to you" not in said
    assert "Noor Haddad" not in text(notice)
    assert "Ransome" not in text(letters[1])
    assert "may be about other people" in text(letters[0])
    assert text(letters[0]).count("what happened on") == 1
    entry = text(compose(ENTRY, told, language="en", at=at))
    assert "2051 Priya Shah" in entry
    assert "£1,240" in entry


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("Siân Gŵenllian", "O'Neill-Llŷr"),
        ("Ŵan", "D’Arcy"),
        ("Maximiliana " * 15, "Wolfeschlegelsteinhausenbergerdorff"),
        ("100%", "%(day)s {mark}"),
        ("<b>Jo</b>", "& Sons"),
    ],
)
def test_any_name_stands_on_the_copy_as_it_is(cast: Cast, first: str, last: str) -> None:
    story = make.shop_theft().answering({"offender.first_names": first.strip(), "offender.last_names": last})
    told = told_now(make.submitted(cast.amina, story))
    for language in ("en", "cy"):
        sheet = copy_of(told, language)
        assert next(iter(rows(sheet, "about").values())) == f"{first.strip()} {last}"
        assert read_sheet(sheet.content()) == sheet


def test_when_it_happened_names_a_day_once(cast: Cast) -> None:
    told = told_now(make.submitted(cast.amina))
    told.case.occurred_from = began = datetime(2026, 11, 7, 10, tzinfo=UTC)
    for ended, english, welsh in (
        (None, "7 November 2026 at 10:00", "7 Tachwedd 2026 am 10:00"),
        (began, "7 November 2026 at 10:00", "7 Tachwedd 2026 am 10:00"),
        (
            began + timedelta(minutes=20),
            "7 November 2026, from 10:00 to 10:20",
            "7 Tachwedd 2026, o 10:00 tan 10:20",
        ),
        (
            began + timedelta(days=1),
            "from 7 November 2026 at 10:00 to 8 November 2026 at 10:00",
            "o 7 Tachwedd 2026 am 10:00 tan 8 Tachwedd 2026 am 10:00",
        ),
    ):
        told.case.occurred_to = ended
        assert rows(copy_of(told), "incident")["When"] == english
        assert rows(copy_of(told, "cy"), "incident")["Pryd"] == welsh


def test_a_sheet_is_the_same_whatever_language_the_page_speaks_and_whenever_it_is_composed_again(cast: Cast) -> None:
    told, at = told_now(make.issued(cast.amina)), timezone.now()
    first = compose(COPY, told, language="en", at=at)
    with translation.override("cy"):
        again = compose(COPY, told_now(told.case.reference), language="en", at=at)
    assert digest_of(first.content()) == digest_of(again.content())
    welsh = compose(COPY, told, language="cy", at=at)
    assert welsh.language == "cy"
    assert translation.get_language() == "en-gb"


def test_welsh_dates_and_times_are_those_of_london(cast: Cast) -> None:
    with time_machine.travel("2026-06-30T23:30:00Z", tick=True):
        told = told_now(make.issued(cast.amina))
        sheet = copy_of(told, "cy")
    assert rows(sheet, "about")["Cytunwyd ar"] == "Dydd Mercher 1 Gorffennaf 2026"
    assert signed(sheet)["signed_offender"].at == "1 Gorffennaf 2026 am 00:30"


def test_a_letter_for_nobody_and_a_kind_that_is_none_are_refused(cast: Cast) -> None:
    told = told_now(make.submitted(cast.amina))
    with pytest.raises(ValueError, match="say which"):
        compose(LETTER, told, language="en", at=timezone.now())
    with pytest.raises(ValueError, match="in English"):
        compose(ENTRY, told, language="cy", at=timezone.now())
    with pytest.raises(ValueError, match="no kind"):
        compose("poster", told, language="en", at=timezone.now())


def test_the_entry_of_an_exception_tells_the_whole_of_it(cast: Cast) -> None:
    reference = make_authority.asked(cast.amina, make.knife_and_hate())
    make_authority.granted(reference, cast.priya)
    told = told_now(reference)
    entry = text(compose(ENTRY, told, language="en", at=timezone.now()))
    for words in (
        "Exceptional circumstances",
        make.grounds()["grounds.hate-crime"],
        "Camden CID",
        "Inspector, substantive",
        "2051 Priya Shah",
        make_authority.REASONS,
        "Noor Haddad",
        "The facts",
        "Rationale",
    ):
        assert words in entry, words
    # To the victim it is said that somebody senior agreed, not who, nor on what grounds.
    said = text(letter(told))
    assert "A senior police officer looked at this decision" in said
    assert "Priya" not in said
    assert "anger" not in said


def test_of_a_restricted_case_the_entry_leaves_the_reasons_of_a_rescission_to_the_record(cast: Cast) -> None:
    reference = make.issued(cast.amina)
    rescinded(reference, cast.priya)
    told = told_now(reference)
    told.case.is_restricted = True
    said = text(compose(ENTRY, told, language="en", at=timezone.now()))
    assert "2051 Priya Shah" in said
    assert "£1,240" not in said
