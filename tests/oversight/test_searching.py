"""The search of the trail: what it finds and says, what it keeps to itself, and what stays in the trail of the search."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.audit.events import EVENTS
from cr_app.audit.models import Access, Entry
from cr_app.audit.trail import look, record
from cr_app.oversight.actions.searching import ON_A_PAGE
from cr_app.oversight.forms.events import event_in_words, event_options
from cr_app.oversight.models import Flag, Rule, TrailSearch
from cr_app.pages.fields import Divider, Option
from cr_app.pages.moments import LONDON
from tests import make
from tests.cast import Cast
from tests.oversight.searching_pages import lines, page_of, restrict, reviewer, search, send
from tests.pages.markup import read


def access_of(cast: Cast) -> Access:
    """Return the newest access that Ruth left."""
    return Access.objects.filter(actor_key=str(cast.ruth.pk)).latest("id")


# What is found


def test_a_search_finds_by_case_who_did_what_and_leaves_an_entry_and_an_access(cast: Cast) -> None:
    reference, other = make.issued(cast.amina), make.submitted(cast.marcus)
    client = reviewer(cast.ruth)
    sent = send(client, reference=reference.lower())
    assert sent.status_code == 302
    assert reference not in sent["Location"]
    page = page_of(client.get(sent["Location"]))
    found = lines(page)
    assert found[0].startswith("Constable Amina Khan issued the Community Resolution.")
    assert f"Case {reference}" in found[0]
    assert found[-1].startswith("Constable Amina Khan started the case.")
    assert other not in page.text()
    assert {each.attrs["href"] for each in page.find_all("a") if reference in each.attrs.get("href", "")} == {
        reverse("case_history", args=[reference])
    }
    entry = Entry.objects.get(event="trail.searched")
    assert (entry.details["kind"], entry.details["by"]) == ("things done or refused", "case")
    assert reference not in json.dumps(entry.details)
    assert reference in entry.personal.get().value
    assert (access_of(cast).page, access_of(cast).subjects) == ("trail_found", [f"case:{reference}"])


def test_looks_say_on_which_page_and_why_without_the_words_of_the_reason(cast: Cast) -> None:
    reference = make.case(cast.amina)
    tom = reviewer(cast.tom)
    tom.get(reverse("case", args=[reference]))
    tom.post(reverse("case_why", args=[reference]), {"reason": "His mother rang."})
    tom.get(reverse("case", args=[reference]))
    reviewer(cast.amina).get(reverse("case", args=[reference]))
    client = reviewer(cast.ruth)
    page = search(client, "looks", reference=reference)
    first, second = lines(page)[:2]
    assert first.startswith("Constable Amina Khan looked at a record.")
    assert first.endswith("The case. Own work or duty.")
    assert second.startswith("Constable Tom O'Neill looked at a record.")
    assert second.endswith("The case. A reason was given: it is in the history of the case.")
    assert "mother" not in page.text()
    # The words of the reason stand in the history, behind the door that asks why.
    history = reverse("case_history", args=[reference])
    asked = client.get(history)
    assert asked["Location"].startswith(reverse("case_why", args=[reference]))
    client.post(asked["Location"], {"reason": "Dip sample."})
    assert "His mother rang." in page_of(client.get(history)).text()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"officer": "4127"}, 2),
        ({"officer": "khan"}, 2),
        ({"officer": "Amina Khan"}, 2),
        ({"officer": "PC 4127 Amina Khan"}, 2),
        ({"officer": "Constable Amina Khan"}, 2),
        ({"officer": "O\u2019Neill"}, 0),
        ({"event": "officer.on_duty"}, 1),
        ({"outcome": "refused"}, 1),
        ({"outcome": "done", "officer": "4127"}, 1),
        ({"since": "2 6 2026", "until": "2 6 2026"}, 1),
        ({"until": "31 12 2025"}, 0),
        ({"standing_out": ["out_of_hours"], "until": "3 6 2026"}, 1),
    ],
)
def test_each_filter_of_the_form_finds_what_it_says(cast: Cast, asked: dict[str, Any], found: int) -> None:
    at = datetime(2026, 6, 1, 12, tzinfo=LONDON)
    record("officer.signed_in", actor=cast.amina.as_actor(), at=at)
    record(
        "officer.on_duty", actor=cast.priya.as_actor(), details={"until": "18:00"}, at=at + timedelta(days=1, hours=11)
    )
    record("action.refused", actor=cast.amina.as_actor(), outcome="refused", at=at + timedelta(days=2))
    record("officer.signed_in", actor=cast.kieran.as_actor(), at=at)
    assert len(lines(search(reviewer(cast.ruth), **asked))) == found


def test_refused_attempts_are_shown_as_such(cast: Cast) -> None:
    reference = make.case(cast.amina)
    reviewer(cast.kieran).get(reverse("case", args=[reference]))
    page = search(reviewer(cast.ruth), reference=reference)
    assert "was refused: The case" in lines(page)[0]
    assert [tag.text().strip() for tag in page.find_all("strong", class_="govuk-tag--red")][:1] == ["Refused"]
    # Kieran is of another force: who he is is told, since it is this case that he tried, but not what else he did.
    assert reverse("trail_officer", args=[cast.kieran.pk]) not in {a.attrs.get("href") for a in page.find_all("a")}


def test_a_refusal_names_its_page_as_officers_know_it(cast: Cast) -> None:
    visitor = reviewer(cast.amina)
    for name in ("integrity_check", "trail_export", "red_flags", "officer_add"):
        visitor.get(reverse(name, args=[uuid4()] if name == "integrity_check" else []))
    found = lines(search(reviewer(cast.ruth), officer="4127", outcome="refused"))
    said = [line.partition(" Refused")[0] for line in found]
    assert said == [
        f"Constable Amina Khan tried what may not be done: {page}."
        for page in ("Adding an officer", "The red flags", "Exporting the trail", "A check of the trail")
    ]


def test_a_line_tells_the_second(cast: Cast) -> None:
    at = datetime(2026, 6, 1, 12, 3, 7, tzinfo=LONDON)
    record("officer.signed_in", actor=cast.amina.as_actor(), at=at)
    assert "1 June 2026 at 12:03:07" in lines(search(reviewer(cast.ruth), officer="4127"))[0]


def test_flags_narrow_looks_to_those_they_point_to(cast: Cast) -> None:
    reference = make.case(cast.amina)
    for officer in (cast.tom, cast.grace, cast.kieran):
        look(actor=officer.as_actor(), subjects=[f"case:{reference}"], page="case", kind="consultation", implied=True)
    for rule, officer in (
        (Rule.OWN_RECORD, cast.tom),
        (Rule.UNUSUAL_VOLUME, cast.grace),
        (Rule.OWN_RECORD, cast.kieran),
    ):
        access = Access.objects.get(actor_key=str(officer.pk))
        Flag.objects.create(
            rule=rule,
            key=str(access.pk),
            force_id=officer.force_id,
            at=access.at,
            found_at=access.at,
            actor_key=access.actor_key,
            access_id=access.pk,
        )
    client = reviewer(cast.ruth)
    (own,) = lines(search(client, "looks", standing_out=["own_record"]))
    (volume,) = lines(search(client, "looks", standing_out=["unusual_volume"]))
    assert own.startswith("Constable Tom O'Neill")
    assert volume.startswith("Sergeant Grace Mensah")
    assert len(lines(search(client, "looks", standing_out=["own_record", "unusual_volume"]))) == 2


def test_what_officers_of_another_force_did_is_not_found(cast: Cast) -> None:
    make.case(cast.kieran)
    mine = make.case(cast.amina)
    found = lines(search(reviewer(cast.ruth), event="case.started"))
    assert len(found) == 1
    assert mine in found[0]


def test_no_answer_of_a_case_stands_in_a_list(cast: Cast) -> None:
    """Positive control: the history of the same case shows them."""
    reference = make.issued(cast.amina)
    client = reviewer(cast.ruth)
    offender = make.record(reference).offender
    words = [offender.last_names, make.read(reference).place]
    for what in ("things", "looks"):
        page = search(client, what, reference=reference).text()
        assert not [word for word in words if word and word in page]
    client.post(reverse("case_why", args=[reference]), {"reason": "Dip sample."})
    history = page_of(client.get(reverse("case_history", args=[reference]))).text()
    assert all(word in history for word in words if word)


# Pages


def test_pages_go_on_by_key_to_the_oldest_and_back(cast: Cast) -> None:
    for _ in range(ON_A_PAGE * 2 + 7):
        record("officer.signed_in", actor=cast.tom.as_actor())
    client = reviewer(cast.ruth)
    address = send(client, officer="4213")["Location"]

    def link(page: Any, words: str) -> str:
        return next((str(a.attrs["href"]) for a in page.find_all("a") if a.text().strip() == words), "")

    first = page_of(client.get(address))
    assert len(lines(first)) == ON_A_PAGE
    assert not link(first, "Newer")
    second = page_of(client.get(link(first, "Older")))
    third = page_of(client.get(link(second, "Older")))
    assert len(lines(third)) == 7
    assert not link(third, "Older")
    assert link(third, "Newest") == address
    back = page_of(client.get(link(third, "Newer")))
    assert back.text() == second.text()
    for made_up in ("?before=0", "?before=1-2-3", "?after=%27", "?before=" + "f" * 300):
        assert len(lines(page_of(client.get(address + made_up)))) == ON_A_PAGE


@pytest.mark.parametrize("what", ["things", "looks"])
def test_a_page_costs_the_same_queries_however_many_lines_it_has(cast: Cast, what: str) -> None:
    client = reviewer(cast.ruth)
    token = send(client, what, since="1 1 2020")["Location"]
    client.get(token)
    counted = []
    for number in (2, 40):
        for _ in range(number):
            subject = f"case:{make.case(cast.amina)}"
            look(actor=cast.tom.as_actor(), subjects=[subject], page="case", kind="consultation", implied=True)
        with CaptureQueriesContext(connection) as queries:
            assert len(lines(page_of(client.get(token)))) >= number
        counted.append(len(queries))
    assert counted[0] == counted[1], counted


def test_a_list_of_many_records_names_the_first_and_counts_the_others(cast: Cast) -> None:
    references = [make.case(cast.amina) for _ in range(7)]
    subjects = [f"case:{reference}" for reference in references]
    look(actor=cast.tom.as_actor(), subjects=subjects, page="desk", kind="consultation", implied=True)
    client = reviewer(cast.ruth)
    (found,) = lines(search(client, "looks", officer="4213"))
    assert found.startswith("Constable Tom O'Neill looked at 7 records.")
    assert "and 2 others" in found
    assert access_of(cast).subjects == ["officer:4213", *subjects[:5]]
    (found,) = lines(search(client, "looks", reference=references[6]))
    assert f"Case {references[6]} , Case {references[0]}" in found


def test_long_names_stand_whole(cast: Cast) -> None:
    name = "Wilhelmina-Ottoline " * 3 + "Featherstonehaugh-Cholmondeley"
    Officer.objects.filter(pk=cast.tom.pk).update(family_name=name)
    record("officer.signed_in", actor=Officer.objects.get(pk=cast.tom.pk).as_actor())
    assert name in lines(search(reviewer(cast.ruth), officer="4213"))[0]


# Restricted records


def test_of_a_restricted_record_time_and_reference_alone_are_shown(cast: Cast) -> None:
    reference = make.submitted(cast.amina)
    restrict(reference)
    reviewer(cast.amina).get(reverse("case", args=[reference]))
    client = reviewer(cast.ruth)
    for what in ("things", "looks"):
        page = search(client, what, reference=reference)
        assert lines(page)
        for line in lines(page):
            assert line.startswith("Restricted record: details withheld")
            assert reference in line
        assert "Amina" not in page.text()
        assert reverse("case_history", args=[reference]) not in {a.attrs.get("href") for a in page.find_all("a")}


@pytest.mark.parametrize(
    ("what", "asked"),
    [
        ("things", {"officer": "4127"}),
        ("things", {"event": "case.submitted"}),
        ("things", {"outcome": "done"}),
        ("looks", {"officer": "4127"}),
    ],
)
def test_restricted_records_are_left_out_where_being_found_would_tell(
    cast: Cast, what: str, asked: dict[str, str]
) -> None:
    closed, plain = make.submitted(cast.amina), make.submitted(cast.amina)
    for reference in (closed, plain):
        reviewer(cast.amina).get(reverse("case", args=[reference]))
    restrict(closed)
    page = search(reviewer(cast.ruth), what, **asked)
    assert plain in page.text()
    assert closed not in page.text()
    assert "Restricted records that are closed to you are left out here" in page.text()
    narrowed = search(reviewer(cast.ruth), what, reference=closed, **asked)
    assert lines(narrowed) == []


# What is refused


@pytest.mark.parametrize(
    ("asked", "field", "sentence"),
    [
        ({}, "reference_", "Enter or select at least one thing to search by"),
        ({"what": ""}, "what_0", "Select what you want to find"),
        ({"what": "everything"}, "what_0", "choose one of the answers shown"),
        ({"reference": "7KQM2PX"}, "reference", "Enter the case reference as 8 letters and numbers"),
        ({"reference": "ILOU1234"}, "reference", "it has no I, L, O or U"),
        ({"reference": "ZZZZZZZZ"}, "reference", "No case of your force has this reference"),
        ({"officer": "99999"}, "officer", "nobody has this one"),
        ({"officer": "Doyle"}, "officer", "nobody has this one"),
        ({"officer": "a"}, "officer", "This may be"),
        ({"event": "no.such"}, "event", "choose one of the answers shown"),
        ({"since": "30 2 2026"}, "since_day", "Enter a real date for the first day"),
        ({"since": "3 3 2026", "until": "1 3 2026"}, "until_day", "the first day or later"),
        ({"what": "looks", "event": "case.issued"}, "event", "to find an event"),
        ({"standing_out": ["own_record"]}, "standing_out_0", "to find records looked up"),
        ({"reference": "\x00"}, "reference", "Type the case reference again"),
    ],
)
def test_what_cannot_be_searched_for_is_said_beside_the_field_and_above(
    cast: Cast, asked: dict[str, Any], field: str, sentence: str
) -> None:
    sent = send(reviewer(cast.ruth), **asked)
    assert sent.status_code == 422
    page = read(sent.content.decode())
    links = [a for a in page.find_all("a") if str(a.attrs.get("href", "")).startswith("#id_") and sentence in a.text()]
    assert links, page.text()
    assert str(links[0].attrs["href"]).startswith(f"#id_{field.rstrip('_')}")
    assert page.text().count(sentence) >= 2
    assert not TrailSearch.objects.exists()
    assert not Entry.objects.filter(event="trail.searched").exists()


def test_every_wrong_field_is_told_of_at_once(cast: Cast) -> None:
    page = send(reviewer(cast.ruth), reference="XX", officer="nobody", since="3 3 2026", until="1 3 2026")
    text = read(page.content.decode()).text()
    for sentence in ("8 letters and numbers", "nobody has this one", "the first day or later"):
        assert sentence in text


def test_a_search_is_its_makers_own_and_kept_for_a_day(cast: Cast) -> None:
    client = reviewer(cast.ruth)
    address = send(client, officer="4127")["Location"]
    assert client.get(address).status_code == 200
    Officer.objects.filter(pk=cast.olivia.pk).update(roles=["reviewer"])
    assert reviewer(Officer.objects.get(pk=cast.olivia.pk)).get(address).status_code == 404
    assert client.get(reverse("trail_found", args=[uuid4()])).status_code == 404
    TrailSearch.objects.update(searched_at=timezone.now() - timedelta(hours=25))
    assert client.get(address).status_code == 404
    send(client, officer="4213")
    assert TrailSearch.objects.count() == 1, "those of more than a day ago are gone"


def test_a_search_can_be_changed_and_the_form_shows_what_it_was(cast: Cast) -> None:
    client = reviewer(cast.ruth)
    page = search(client, officer="Amina Khan", event="case.issued", since="3 3 2026")
    change = next(str(a.attrs["href"]) for a in page.find_all("a") if a.text() == "Change this search")
    form = page_of(client.get(change))
    values = {box.attrs.get("name"): box.attrs.get("value") for box in form.find_all("input")}
    assert (values["officer"], values["since_day"], values["since_year"]) == ("4127", "3", "2026")
    assert [o.attrs["value"] for o in form.find_all("option") if "selected" in o.attrs] == ["case.issued", ""]
    Officer.objects.filter(pk=cast.olivia.pk).update(roles=["reviewer"])
    others = page_of(reviewer(Officer.objects.get(pk=cast.olivia.pk)).get(change))
    assert {box.attrs.get("value", "") for box in others.find_all("input") if box.attrs.get("name") == "officer"} == {
        ""
    }
    assert [o.attrs["value"] for o in others.find_all("option") if "selected" in o.attrs] != ["case.issued", ""]
    for made_up in (f"?search={uuid4()}", "?search=x"):
        assert client.get(reverse("trail") + made_up).status_code == 200


def test_nothing_found_says_what_to_do(cast: Cast) -> None:
    page = search(reviewer(cast.ruth), event="case.rescinded")
    assert "Nothing was found. Check what you searched for, or search wider." in page.text()


def test_every_event_can_be_chosen_once_in_plain_words_under_its_group() -> None:
    options = event_options()
    offered = [option.value for option in options if isinstance(option, Option) and option.value]
    assert sorted(offered) == sorted(EVENTS)
    assert "Other" not in [option.label for option in options if isinstance(option, Divider)]
    for name in EVENTS:
        words = event_in_words(name)
        assert words[0].isupper()
        assert not set("{}[]._") & set(words), words
    assert len({event_in_words(name) for name in EVENTS}) == len(EVENTS)
