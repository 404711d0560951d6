"""Red flags are found in what happened, from the sealed log onwards, once; and reviewers say what they found."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cr_app.audit.models import Access, Entry
from cr_app.cases.actions.submission import reopen
from cr_app.oversight.actions import flags as actions
from cr_app.oversight.models import Flag, FlagReview, Rule
from cr_app.oversight.presenting.flags import MEANINGS, sentence_of
from cr_app.oversight.queries.flagging import standing_out
from cr_app.pages.refusals import AccessDenied, NotAllowed, Stale
from tests import make, make_authority
from tests.authorisations import making
from tests.cast import Cast, sign_in
from tests.oversight.flagging import everything, flags, look


def test_a_grant_within_a_minute_is_found_with_its_seconds_and_a_slower_one_is_not(cast: Cast) -> None:
    quick, slow, unseen = (making.asked(cast.amina) for _ in range(3))
    look(cast.priya, quick, "authority review")
    look(cast.priya, slow, "authority review")
    with time_machine.travel(timezone.now() + timedelta(seconds=34), tick=False):
        making.grant(quick, cast.priya)
    with time_machine.travel(timezone.now() + timedelta(seconds=75), tick=False):
        making.grant(slow, cast.priya)
        making.grant(unseen, cast.priya)
    found = flags()[Rule.QUICK_GRANT]
    assert [flag.subject for flag in found] == [f"case:{quick}", f"case:{unseen}"]
    assert "34 seconds after" in sentence_of(found[0])
    assert "no look at the request" in sentence_of(found[1])
    assert found[0].entry_id == Entry.objects.get(event="case.authority_granted", subject=f"case:{quick}").pk
    assert (found[0].actor_key, found[0].force_id) == (str(cast.priya.pk), cast.priya.force_id)


def test_a_case_changed_after_its_grant_is_found_once_for_each_grant(cast: Cast) -> None:
    reference = making.asked(cast.amina)
    make.read(reference)
    assert not flags()[Rule.EDITED_AFTER_GRANT]
    making.grant(reference, cast.priya)
    assert not flags()[Rule.EDITED_AFTER_GRANT]
    reopen(reference, by=cast.amina)
    make.answer(reference, cast.amina, "rationale", case__rationale="Another rationale.")
    make.answer(reference, cast.amina, "rationale", case__rationale="And yet another rationale.")
    (flag,) = flags()[Rule.EDITED_AFTER_GRANT]
    assert (flag.actor_key, flag.subject) == (str(cast.amina.pk), f"case:{reference}")
    making.ask_about(reference, cast.amina)
    making.grant(reference, cast.helen)
    (same,) = flags()[Rule.EDITED_AFTER_GRANT]
    assert same == flag


def test_the_same_pair_is_found_at_the_fifth_grant_and_not_with_a_refusal_between(cast: Cast) -> None:
    for place in range(5):
        making.grant(making.asked(cast.amina), cast.priya)
        assert len(flags()[Rule.SAME_PAIR]) == (place == 4)
    (flag,) = flags()[Rule.SAME_PAIR]
    assert (flag.actor_key, flag.words["asked_by"]) == (str(cast.priya.pk), str(cast.amina.pk))
    for place in range(5):
        reference = making.asked(cast.tom)
        making.grant(reference, cast.priya) if place != 2 else make_authority.refused(reference, cast.priya)
    assert len(flags()[Rule.SAME_PAIR]) == 1


def test_a_case_issued_without_the_victim_told_is_found(cast: Cast) -> None:
    story = make.shop_theft()
    told = make.issued(cast.amina, story)
    untold = make.shop(consulted=False, consulted_at=None, consulted_how=None, reason_not_consulted="Closed down.")
    reference = make.issued(cast.amina, story.but(victims=(untold,)))
    (flag,) = flags()[Rule.VICTIM_NOT_TOLD]
    assert flag.subject == f"case:{reference}" != f"case:{told}"
    assert sentence_of(flag) == "The case was issued although 1 victim was not consulted."


def test_what_is_found_again_is_kept_once(cast: Cast) -> None:
    making.grant(making.asked(cast.amina), cast.priya)
    assert len(flags()[Rule.QUICK_GRANT]) == 1
    assert len(flags()[Rule.QUICK_GRANT]) == 1


def test_a_stretch_takes_a_fixed_number_of_queries(cast: Cast) -> None:
    def queries() -> int:
        stretch = everything()
        with CaptureQueriesContext(connection) as caught:
            standing_out(stretch)
        return len(caught)

    def happen() -> None:
        reference = making.asked(cast.amina)
        look(cast.priya, reference, "authority review")
        making.grant(reference, cast.priya)
        make.issued(cast.tom)

    happen()
    for_one = queries()
    happen()
    happen()
    assert queries() == for_one


def test_every_rule_says_why_and_what_to_look_at() -> None:
    assert set(MEANINGS) == set(Rule.values)
    assert all(meaning.why and len(meaning.look_at) >= 2 for meaning in MEANINGS.values())


@pytest.fixture
def quick(cast: Cast) -> Flag:
    """A flag about Priya: granted without a look."""
    making.grant(making.asked(cast.amina), cast.priya)
    return flags()[Rule.QUICK_GRANT][0]


def test_the_list_shows_a_flag_and_leaves_an_access_that_names_case_and_officers(
    cast: Cast, client: Client, quick: Flag
) -> None:
    page = sign_in(client, cast.ruth).get("/trail/flags/").content.decode()
    assert "Authority granted within a minute" in page
    assert quick.subject.partition(":")[2] in page
    seen = Access.objects.filter(page="red flags").latest("pk")
    assert {quick.subject, cast.priya.subject, cast.amina.subject} <= set(seen.subjects)
    assert seen.implied
    assert seen.actor_key == str(cast.ruth.pk)


def test_only_a_reviewer_of_the_force_sees_flags(cast: Cast, client: Client, quick: Flag) -> None:
    for officer in (cast.amina, cast.grace, cast.priya, cast.yusuf, cast.colin, cast.olivia, cast.margaret):
        assert sign_in(client, officer).get("/trail/flags/").status_code == 403
        assert sign_in(client, officer).get(f"/trail/flags/{quick.pk}/").status_code == 403
    cast.owen.roles = ["reviewer"]
    cast.owen.save()
    assert quick.subject.partition(":")[2] not in sign_in(client, cast.owen).get("/trail/flags/").content.decode()
    assert client.get(f"/trail/flags/{quick.pk}/").status_code == 404
    assert sign_in(client, cast.ruth).get(f"/trail/flags/{quick.pk}/").status_code == 200


def test_the_list_is_narrowed_by_rule_and_to_what_nobody_looked_into(cast: Cast, client: Client, quick: Flag) -> None:
    sign_in(client, cast.ruth)
    reference = quick.subject.partition(":")[2]
    for query, is_there in (
        ("rule=quick_grant", True),
        ("rule=same_pair", False),
        ("open=yes", True),
        ("rule=x", True),
    ):
        page = client.get(f"/trail/flags/?{query}").content.decode()
        assert (f"Case {reference}" in page) is is_there
    actions.review_flag(quick.pk, by=cast.ruth, note="A talk before, noted in the reasons.", read=0)
    assert f"Case {reference}" not in client.get("/trail/flags/?open=yes").content.decode()
    assert "Looked into" in client.get("/trail/flags/").content.decode()


def test_pages_of_the_list_follow_each_other_by_key(cast: Cast, client: Client, quick: Flag) -> None:
    Flag.objects.bulk_create(
        Flag(
            rule=Rule.QUICK_GRANT,
            key=f"made {place}",
            force_id=cast.ruth.force_id,
            at=quick.at - timedelta(minutes=place // 3),
            found_at=quick.at,
            actor_key=str(cast.priya.pk),
            words={"seconds": place, "asked_by": str(cast.amina.pk)},
        )
        for place in range(60)
    )
    sign_in(client, cast.ruth)
    address, seen = "/trail/flags/", []
    while address:
        response = client.get(address)
        seen += [line.url for line in response.context["lines"]]
        address = response.context["next_url"]
    assert len(seen) == len(set(seen)) == 61


def test_what_was_found_is_kept_with_an_entry_and_shown(cast: Cast, client: Client, quick: Flag) -> None:
    sign_in(client, cast.ruth)
    address = f"/trail/flags/{quick.pk}/"
    assert client.post(address, {"note": "", "read": "0"}).status_code == 422
    assert not FlagReview.objects.exists()
    note = "They spoke on the telephone before; the reasons say so."
    assert client.post(address, {"note": note, "read": "0"}).status_code == 302
    assert client.post(address, {"note": note, "read": "0"}).status_code == 302
    assert FlagReview.objects.get().note == note
    entry = Entry.objects.get(event="flag.reviewed")
    assert (entry.subject, entry.details["rule"]) == (quick.subject, "authority granted within a minute")
    assert entry.personal.get().value == f'"{note}"'
    assert note in client.get(address).content.decode()


def test_a_review_written_meanwhile_is_shown_first(cast: Cast, quick: Flag) -> None:
    actions.review_flag(quick.pk, by=cast.ruth, note="Looked at.", read=0)
    with pytest.raises(Stale):
        actions.review_flag(quick.pk, by=cast.ruth, note="Something else.", read=0)
    actions.review_flag(quick.pk, by=cast.ruth, note="Something else.", read=1)


def test_nobody_reviews_a_flag_about_themselves(cast: Cast, client: Client, quick: Flag) -> None:
    for officer in (cast.priya, cast.amina):
        officer.roles = [*officer.roles, "reviewer"]
        officer.save()
        page = sign_in(client, officer).get(f"/trail/flags/{quick.pk}/").content.decode()
        assert "another reviewer looks into it" in page
        assert "<textarea" not in page
        with pytest.raises(NotAllowed, match="another reviewer"):
            actions.review_flag(quick.pk, by=officer, note="All well.", read=0)
    actions.review_flag(quick.pk, by=cast.ruth, note="All well.", read=0)


def test_a_flag_of_another_force_cannot_be_reviewed(cast: Cast, quick: Flag) -> None:
    cast.owen.roles = ["reviewer"]
    cast.owen.save()
    with pytest.raises(AccessDenied):
        actions.review_flag(quick.pk, by=cast.owen, note="All well.", read=0)


def test_of_a_restricted_case_a_flag_shows_the_reference_alone(cast: Cast, client: Client) -> None:
    reference = making.referred(cast.amina)
    make_authority.found_suitable(reference, cast.yusuf)
    flag = flags()[Rule.QUICK_GRANT][0]
    sign_in(client, cast.ruth)
    for address in ("/trail/flags/", f"/trail/flags/{flag.pk}/"):
        main = client.get(address).content.decode().partition("<main")[2].partition("</main")[0]
        assert reference in main
        assert "Restricted record: details withheld" in main
        assert [word for word in ("Demir", "1904", "seconds", "of suitability") if word in main] == []
    assert reference not in client.get("/trail/flags/?rule=quick_grant").content.decode()
    with pytest.raises(NotAllowed, match="restricted"):
        actions.review_flag(flag.pk, by=cast.ruth, note="All well.", read=0)
    looks = Access.objects.filter(page__startswith="red flag")
    assert [look.subjects for look in looks] == [[flag.subject]] * 2


def test_of_a_restricted_case_to_which_the_reviewer_is_a_party_nothing_is_there(cast: Cast, client: Client) -> None:
    reference = making.referred(cast.amina, make.police().answering({"offender.warrant_number": "1733"}))
    make_authority.found_suitable(reference, cast.yusuf)
    flag = flags()[Rule.QUICK_GRANT][0]
    sign_in(client, cast.ruth)
    assert reference not in client.get("/trail/flags/").content.decode()
    assert client.get(f"/trail/flags/{flag.pk}/").status_code == 404
    with pytest.raises(AccessDenied):
        actions.review_flag(flag.pk, by=cast.ruth, note="All well.", read=0)
