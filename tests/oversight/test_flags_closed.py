"""A flag tells no more of a record than its door does, and nobody looks into what they have a part in."""

from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from cr_app.audit import trail
from cr_app.audit.models import Access
from cr_app.authorisations.actions import declare_interest
from cr_app.cases.models import Case, Offender, Victim
from cr_app.oversight.actions import flags as actions
from cr_app.oversight.models import Flag, Rule
from cr_app.pages.refusals import AccessDenied, NotAllowed
from tests import make
from tests.authorisations import making
from tests.cast import Cast, sign_in
from tests.oversight.flagging import flags
from tests.oversight.searching_pages import restrict
from tests.pages.markup import read


def flag_of(cast: Cast, reference: str, *, rule: Rule = Rule.OWN_RECORD, **words: object) -> Flag:
    """Return a flag about Grace and this case."""
    return Flag.objects.create(
        rule=rule,
        key=f"{rule} {reference}",
        force_id=cast.grace.force_id,
        at=timezone.now(),
        found_at=timezone.now(),
        actor_key=str(cast.grace.pk),
        subject=f"case:{reference}",
        words={"is_party": True, "own_work": False, "refused": True} | words,
    )


def main_of(client: Client, address: str) -> str:
    """Return the words of a page's main part."""
    response = client.get(address)
    assert response.status_code == 200
    (main,) = read(response.content.decode()).find_all("main")
    return " ".join(main.text().split())


def test_a_flag_of_another_forces_case_says_when_and_nothing_else(cast: Cast, client: Client) -> None:
    here, elsewhere = (flag_of(cast, make.case(officer)) for officer in (cast.amina, cast.kieran))
    sign_in(client, cast.ruth)
    page = main_of(client, "/trail/flags/")
    assert "Record of another force: details withheld" in page
    assert page.count("Mensah") == page.count("their own warrant number") == 1
    alone = main_of(client, f"/trail/flags/{elsewhere.pk}/")
    assert "not one of your force's" in alone
    for text in (page, alone):
        assert elsewhere.subject.partition(":")[2] not in text
    assert "Mensah" not in alone
    narrowed = main_of(client, "/trail/flags/?rule=own_record")
    assert "another force" not in narrowed
    assert here.subject.partition(":")[2] in narrowed
    assert not Access.objects.filter(page__startswith="red flag", subjects__contains=[elsewhere.subject]).exists()
    with pytest.raises(NotAllowed, match="not one of your force"):
        actions.review_flag(elsewhere.pk, by=cast.ruth, note="All well.", read=0)


def test_of_the_records_of_a_pair_only_open_ones_are_named(cast: Cast, client: Client) -> None:
    granted = [making.asked(cast.amina) for _ in range(5)]
    for reference in granted:
        making.grant(reference, cast.priya)
    (pair,) = flags()[Rule.SAME_PAIR]
    sign_in(client, cast.ruth)
    address = f"/trail/flags/{pair.pk}/"
    assert all(reference in main_of(client, address) for reference in granted)
    restrict(granted[0])
    restrict(granted[2])
    Offender.objects.filter(case__reference=granted[2]).update(warrant_number=cast.ruth.warrant_number)
    page = main_of(client, address)
    assert [reference for reference in granted if reference in page] == [granted[1], granted[3], granted[4]]
    assert "2 more records of this flag are not open to you." in page
    # That she is named in one of them is not told either: the form is there.
    assert "What did you find?" in page
    seen = Access.objects.filter(page="red flag").latest("pk")
    assert {f"case:{granted[place]}" for place in (1, 3, 4)} <= set(seen.subjects)
    assert not {f"case:{granted[place]}" for place in (0, 2)} & set(seen.subjects)
    listed = Access.objects.filter(page="red flags")
    main_of(client, "/trail/flags/")
    assert f"case:{granted[0]}" in listed.latest("pk").subjects  # its own flag: granted without a look
    assert f"case:{granted[2]}" not in listed.latest("pk").subjects


def test_a_flag_of_a_reviewers_own_former_case_is_not_there(cast: Cast, client: Client) -> None:
    flag = flag_of(cast, make.case(cast.tom))
    cast.tom.roles = ["reviewer"]
    cast.tom.save()
    sign_in(client, cast.tom)
    assert "Nothing stands out" in main_of(client, "/trail/flags/")
    assert client.get(f"/trail/flags/{flag.pk}/").status_code == 404
    with pytest.raises(AccessDenied):
        actions.review_flag(flag.pk, by=cast.tom, note="All well.", read=0)
    assert flag.subject.partition(":")[2] in main_of(sign_in(Client(), cast.ruth), "/trail/flags/")


def _recorded(cast: Cast, reference: str) -> None:
    Case.objects.filter(reference=reference).update(recorded_by=cast.priya)


def _holds(cast: Cast, reference: str) -> None:
    Case.objects.filter(reference=reference).update(officer=cast.priya)


def _is_offender(cast: Cast, reference: str) -> None:
    Offender.objects.filter(case__reference=reference).update(warrant_number=cast.priya.warrant_number)


def _is_victim(cast: Cast, reference: str) -> None:
    case = make.read(reference)
    Victim.objects.create(case=case, position=9, warrant_number=cast.priya.warrant_number)


def _granted(cast: Cast, reference: str) -> None:
    making.grant(reference, cast.priya)


def _refused(cast: Cast, reference: str) -> None:
    with transaction.atomic():
        trail.record("case.authority_refused", actor=cast.priya.as_actor(), subject=f"case:{reference}")


def _declared(cast: Cast, reference: str) -> None:
    declare_interest(reference, by=cast.priya, reason="A neighbour of mine.")


@pytest.mark.parametrize(
    "takes_part",
    [_recorded, _holds, _is_offender, _is_victim, _granted, _refused, _declared],
    ids=lambda each: each.__name__,
)
@pytest.mark.parametrize("is_of_a_pair", [False, True])
def test_nobody_looks_into_a_flag_of_a_case_that_they_have_a_part_in(
    cast: Cast, client: Client, takes_part: Callable[[Cast, str], None], is_of_a_pair: bool
) -> None:
    cast.priya.roles = [*cast.priya.roles, "recording_officer", "reviewer"]
    cast.priya.save()
    reference, other = making.asked(cast.amina), making.asked(cast.amina)
    flag = (
        flag_of(cast, other, rule=Rule.SAME_PAIR, records=[f"case:{reference}", f"case:{other}"], times=5, days=9)
        if is_of_a_pair
        else flag_of(cast, reference)
    )
    sign_in(client, cast.priya)
    address = f"/trail/flags/{flag.pk}/"
    assert "What did you find?" in main_of(client, address)
    takes_part(cast, reference)
    page = main_of(client, address)
    assert "You have a part in a case of this flag" in page
    assert "What did you find?" not in page
    with pytest.raises(NotAllowed, match="have a part"):
        actions.review_flag(flag.pk, by=cast.priya, note="All well.", read=0)
    actions.review_flag(flag.pk, by=cast.ruth, note="All well.", read=0)
