"""The door of the supervisors: reviewers alone, and only what a list may say of a record."""

from uuid import uuid4

import pytest
from django.urls import reverse

from cr_app.accounts.demo_cast import CAST
from cr_app.accounts.roles import Role
from cr_app.audit.models import Access, Entry
from cr_app.cases.models import Offender
from cr_app.oversight.access import Standing, closed_records, standing_of
from tests import make
from tests.cast import Cast
from tests.oversight.searching_pages import restrict, reviewer

OTHERS = [name for name, member in CAST.items() if Role.REVIEWER not in member.roles]


@pytest.mark.parametrize("name", OTHERS)
def test_nobody_but_a_reviewer_searches_the_trail_and_each_attempt_is_kept(cast: Cast, name: str) -> None:
    officer = getattr(cast, name)
    client = reviewer(officer)
    pages = (reverse("trail"), reverse("trail_found", args=[uuid4()]), reverse("trail_officer", args=[cast.amina.pk]))
    before = Entry.objects.filter(event="action.refused").count()
    for page in pages:
        assert client.get(page).status_code == 403, page
    assert client.post(pages[0], {"what": "things", "officer": "4127"}).status_code == 403
    assert Entry.objects.filter(event="action.refused", actor_key=str(officer.pk)).count() == before + 4
    assert "/trail/" not in client.get(reverse("desk")).content.decode()
    assert not Access.objects.filter(page__startswith="trail").exists()


def test_a_reviewer_finds_the_way_in_the_menu(cast: Cast) -> None:
    assert 'href="/trail/"' in reviewer(cast.ruth).get(reverse("desk")).content.decode()


def test_each_record_stands_to_the_reviewer_as_the_table_says(cast: Cast) -> None:
    plain, closed, party, kent = (make.submitted(officer) for officer in (cast.amina, cast.tom, cast.tom, cast.kieran))
    for reference in (closed, party):
        restrict(reference)
    Offender.objects.filter(case__reference=party).update(warrant_number=cast.ruth.warrant_number)
    subjects = [f"case:{reference}" for reference in (plain, closed, party, kent, "ZZZZZZZZ")]
    stands = standing_of(cast.ruth, [*subjects, "officer:4127", ""])
    assert [stands.pop(subject) for subject in subjects] == [
        Standing.OPEN,
        Standing.WITHHELD,
        Standing.NOT_THERE,
        Standing.UNKNOWN,
        Standing.UNKNOWN,
    ]
    assert stands == {}
    assert closed_records(cast.ruth) == {f"case:{closed}", f"case:{party}"}
    assert standing_of(cast.tom, subjects)[subjects[1]] is Standing.OPEN
