"""The entry for the crime report, and the pages of a case on which something was decided."""

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cr_app.audit.models import Entry
from cr_app.audit.queries import replay
from cr_app.authorisations import actions
from cr_app.authorisations.queries import rows_of
from cr_app.cases.actions import submission
from cr_app.cases.actions.authority import record_crime_report_entry
from cr_app.cases.lifecycle import Status
from cr_app.cases.models import Void
from cr_app.cases.presenting.instead import disposals_to_consider
from cr_app.cases.queries import rows_now
from cr_app.pages.moments import moment
from tests import make, make_authority
from tests.cast import Cast, sign_in
from tests.pages.markup import read


def page(client: Client, name: str, reference: str, status: int = 200) -> str:
    """Return a page of a case, its spaces made one."""
    answer = client.get(reverse(name, args=[reference]))
    assert answer.status_code == status, answer.status_code
    return text(answer)


def text(answer: object) -> str:
    """Return the words of a page."""
    assert isinstance(answer, HttpResponse)
    return " ".join(read(answer.content.decode()).text().split())


@pytest.fixture
def granted(cast: Cast) -> str:
    """An exception that was authorised, its entry still to be made."""
    reference = make_authority.asked(cast.amina, make.knife_and_hate())
    make_authority.granted(reference, cast.priya)
    return reference


@pytest.fixture
def amina(cast: Cast) -> Client:
    """A client in which Amina is signed in."""
    return sign_in(Client(), cast.amina)


def test_the_entry_is_in_the_order_of_a_crime_report_and_leaves_nothing_out(granted: str, amina: Client) -> None:
    said = page(amina, "case_crime_report_entry", granted)
    told = make.knife_and_hate().answers
    in_order = [
        "THE FACTS",
        "Holloway Stores, 12 Wells Row, Camden",
        told["case.circumstances_brief"],
        "Criminal Justice Act 1988",
        "Jade Ransome, aged 30",
        "admits the offence",
        "I took them. I am sorry.",
        "EXCEPTIONAL CIRCUMSTANCES",
        told["grounds.hate-crime"],
        told["grounds.weapon-or-blade"],
        "INVESTIGATION TEAM AND ADVICE",
        "Camden CID",
        told["case.advice_from"],
        told["case.advice"],
        "AUTHORITY",
        "Inspector, substantive",
        "2051 Priya Shah",
        make_authority.REASONS,
    ]
    places = [said.index(words) for words in in_order]
    assert places == sorted(places)
    assert "PROFESSIONAL STANDARDS" not in said


def test_the_entry_says_what_professional_standards_decided_and_never_why(cast: Cast, amina: Client) -> None:
    reference = make_authority.asked(cast.amina, make.police_knife())
    make_authority.found_suitable(reference, cast.yusuf, "Off duty, and no abuse of position.")
    make_authority.granted(reference, cast.priya)
    said = page(amina, "case_crime_report_entry", reference)
    given = make.read(reference).professional_standards_at
    assert given
    assert "PROFESSIONAL STANDARDS Decision: suitable" in said
    assert "1904 Yusuf Demir" in said
    assert f"Time: {moment(given)}" in said
    assert make_authority.REASONS in said
    assert "Off duty" not in said
    # The record itself, which is open to them and its officer alone, keeps the reasons.
    assert "Off duty, and no abuse of position." in page(amina, "case", reference)


def test_the_issue_page_leads_to_the_entry_first_and_to_the_issue_after(granted: str, amina: Client) -> None:
    issue, entry = (reverse(name, args=[granted]) for name in ("case_issue", "case_crime_report_entry"))
    refused = amina.get(issue)
    assert refused.status_code == 403
    assert f'href="{entry}"' in refused.content.decode()
    assert "<form" not in read(refused.content.decode()).find_all("main")[0].text()
    # To be led to what comes first is no attempt at anything; to sign all the same is.
    assert not Entry.objects.filter(event="action.refused").exists()
    posted = amina.post(issue, {"offender": "Jade Ransome", "officer": "Amina Khan", "seen": ""})
    assert posted.status_code == 403
    assert Entry.objects.filter(event="action.refused").count() == 1
    for wrong in ("", "see the report", "x1" * 21):
        again = amina.post(entry, {"entry_reference": wrong})
        assert again.status_code == 422
        assert "crime report" in text(again)
    saved = amina.post(entry, {"entry_reference": "dets 14"})
    assert saved["Location"] == issue
    assert "Sign and issue" in page(amina, "case_issue", granted)
    assert 'value="DETS 14"' in amina.get(entry).content.decode()
    assert "DETS 14" in page(amina, "case", granted)


def test_the_entry_is_for_its_own_officer_while_it_is_ready(cast: Cast, granted: str, amina: Client) -> None:
    url = reverse("case_crime_report_entry", args=[granted])
    for officer, status in ((cast.grace, 403), (cast.priya, 403), (cast.kieran, 404), (cast.yusuf, 404)):
        assert sign_in(Client(), officer).get(url).status_code == status, officer
    plain = make.submitted(cast.amina)
    assert amina.get(reverse("case_crime_report_entry", args=[plain])).status_code == 403
    record_crime_report_entry(granted, by=cast.amina, entry_reference="DETS 14")
    make.issue_it(granted, cast.amina)
    assert amina.get(url).status_code == 403


def test_the_page_of_a_case_tells_who_gave_authority_and_what_reopening_does(granted: str, amina: Client) -> None:
    said = page(amina, "case", granted)
    for words in (
        "Inspector (substantive) 2051 Priya Shah",
        make_authority.REASONS,
        "documented on the crime report before",
        "If you reopen the case, the first answer that you change voids this",
    ):
        assert words in said
    printed = page(amina, "case_print", granted)
    assert make_authority.REASONS in printed


def test_the_officer_is_warned_before_a_change_and_told_after_it_on_every_page_that_follows(
    cast: Cast, granted: str, amina: Client
) -> None:
    submission.reopen(granted, by=cast.amina)
    warned = "Changing an answer voids the authority given"
    steps = [reverse("case_step", args=[granted, slug]) for slug in ("rationale", "offences", "victims", "actions")]
    pages = [reverse(name, args=[granted]) for name in ("case_record", "case_check", "case_result", "case")]
    offence = make.record(granted).offences[0]
    pages += [*steps, reverse("case_row_remove", args=[granted, "offences", offence.pk])]
    for url in pages:
        assert warned in text(amina.get(url)), url
    assert "the authority given stands" in page(amina, "case_check", granted)
    make.answer(granted, cast.amina, "rationale", case__rationale="Another reason.")
    for url in pages:
        said = text(amina.get(url))
        assert "Authority is void" in said, url
        assert "Another reason." in said
        assert warned not in said
    # A page of questions tells it once; the list, the review and the case go on telling it.
    make.answer(granted, cast.amina, "seriousness", case__gravity_score=3)
    assert "Authority is void" not in text(amina.get(steps[0]))
    assert "Authority is void" in page(amina, "case_record", granted)
    make.submit_it(granted, cast.amina)
    said = page(amina, "case", granted)
    assert "Authority, void" in said
    assert "Inspector 2051 Priya Shah" in said
    assert "Was: A first offence of little value" in said


def test_an_entry_made_of_what_is_void_is_told_until_a_new_one_is_made(cast: Cast, granted: str, amina: Client) -> None:
    told = "The entry DETS 14 on the crime report tells of an authority that is void. Mark it so there"
    record_crime_report_entry(granted, by=cast.amina, entry_reference="DETS 14")
    submission.reopen(granted, by=cast.amina)
    assert told not in page(amina, "case", granted)
    make.answer(granted, cast.amina, "rationale", case__rationale="Another reason.")
    assert Void.objects.get().entry_reference == "DETS 14"
    assert make.read(granted).crime_report_entry_reference is None
    case = make.read(granted)
    assert replay(case.subject) == rows_now(case) | rows_of(case)
    said = page(amina, "case", granted)
    # In the notice, and beside the signature that is void.
    assert said.count(told) == 2
    assert told in page(amina, "case_record", granted)
    actions.submit_and_ask(granted, by=cast.amina, seen=make.reviewed(granted))
    assert page(amina, "case", granted).count(told) == 1
    make_authority.granted(granted, cast.priya)
    assert told in page(amina, "case_crime_report_entry", granted)


def test_the_page_of_a_case_tells_a_question_and_a_refusal(cast: Cast, amina: Client) -> None:
    asked = make_authority.asked(cast.amina, make.knife())
    assert "The decision takes an Inspector or above, substantive in that rank" in page(amina, "case", asked)
    assert reverse("case_authority", args=[asked]) in amina.get(reverse("case", args=[asked])).content.decode()
    make_authority.returned(asked, cast.priya)
    for name in ("case", "case_record"):
        said = page(amina, name, asked)
        assert make_authority.QUESTION in said
        assert "Insp 2051 Priya Shah" in said
    make_authority.answered(asked, cast.amina)
    make.submit_it(asked, cast.amina)
    make_authority.refused(asked, cast.priya, "Not exceptional.")
    said = page(amina, "case", asked)
    assert "Refused" in said
    assert "Not exceptional." in said
    assert "Charge/summons (outcome 1)" in said
    amina.post(reverse("case_not_used", args=[asked]), {"reason": "Charged instead."})
    assert make.read(asked).status_now is Status.NOT_USED
    assert "Charged instead." in page(amina, "case", asked)


def test_the_history_tells_the_whole_story_in_words(cast: Cast, granted: str, amina: Client) -> None:
    submission.reopen(granted, by=cast.amina)
    make.answer(granted, cast.amina, "rationale", case__rationale="Another reason.")
    sign_in(Client(), cast.tom).post(reverse("case_reopen", args=[granted]))
    said = page(amina, "case_history", granted)
    for sentence in (
        "Constable Amina Khan submitted the case.",
        "asked Insp 2051 Priya Shah",
        "to decide on authority.",
        "Inspector Priya Shah granted authority as Inspector.",
        "Constable Amina Khan reopened the case.",
        "Constable Amina Khan saved Rationale; this voided the authority given.",
        "Constable Tom O'Neill tried to reopen the case and was refused.",
    ):
        assert sentence in said, sentence
    assert Void.objects.count() == 1


@pytest.mark.parametrize(
    ("story", "born", "codes"),
    [
        (make.knife, 30, ["1", "3", "6", "22", "10", "15", "16"]),
        (make.knife, 15, ["1", "2", "22", "10", "15", "16"]),
        (make.cannabis, 30, ["1", "3", "6", "7", "22", "10", "15", "16"]),
        (make.cannabis, 15, ["1", "2", "22", "10", "15", "16"]),
    ],
)
def test_what_to_consider_instead_depends_on_age_and_offence(
    cast: Cast, story: object, born: int, codes: list[str]
) -> None:
    assert callable(story)
    told = story().answering({"offender.born_on": make.birthday(born)})
    record = make.record(make.complete(cast.amina, told))
    found = disposals_to_consider(record, on=timezone.localdate())
    assert [each.code for each in found] == codes
    assert all(each.label and each.hint for each in found)
