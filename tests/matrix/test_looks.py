"""What the door asks and keeps: a reason for a look, an access for each, a refusal that outlives its rollback."""

import re

from django.test import Client
from django.urls import reverse

from cr_app.audit.models import Access, Entry
from cr_app.cases import journey
from cr_app.cases.access import BESIDE
from tests import make
from tests.cast import Cast, sign_in
from tests.matrix.tables import CASE_PAGES, WHY
from tests.matrix.trying import address, answer_of, cases


def test_a_reason_opens_reading_for_the_sitting_and_changing_never(cast: Cast) -> None:
    others = cases(cast)
    reference = others["draft"]
    client = sign_in(Client(), cast.tom)
    page = reverse("case_history", args=[reference])
    asked = client.get(page)
    assert answer_of(asked) == WHY
    assert client.post(asked["Location"], {"reason": "  "}).status_code == 422
    assert answer_of(client.get(page)) == WHY
    given = client.post(asked["Location"], {"reason": "Same offender as in my case."})
    assert given["Location"] == page
    for name in ("case", "case_history", "case_print"):
        assert client.get(reverse(name, args=[reference])).status_code == 200
    (look,) = Access.objects.filter(actor_key=str(cast.tom.pk), page="print")
    assert (look.implied, look.personal.get().value) == (False, '"Same offender as in my case."')
    # What the page tells of other cases is looked at for the same reason, and that opens none of them.
    beside = Access.objects.filter(actor_key=str(cast.tom.pk), page=BESIDE).latest("id")
    assert (beside.personal.get().value, beside.sitting) == ('"Same offender as in my case."', "")
    assert {subject.removeprefix("case:") for subject in beside.subjects} <= set(others.values()) - {reference}
    assert answer_of(client.get(reverse("case", args=[others["ready"]]))) == WHY
    assert client.get(reverse("case_record", args=[reference])).status_code == 403
    assert client.post(reverse("case_withdraw", args=[reference]), {"reason": "x"}).status_code == 403
    assert answer_of(sign_in(Client(), cast.tom).get(page)) == WHY
    for place in ("//evil.example/", "/cases/OTHER/", "https://evil.example/", f"/cases/{reference}/\\evil"):
        led = client.post(f"{reverse('case_why', args=[reference])}?next={place}", {"reason": "A reason."})
        assert led["Location"] == reverse("case", args=[reference]), place


def test_every_look_at_a_case_leaves_an_access_with_its_page(cast: Cast) -> None:
    mine = cases(cast)
    client = sign_in(Client(), cast.amina)
    for name, (kind, which) in CASE_PAGES.items():
        if kind in ("button", "handing over") or name == "case_why":
            continue
        before = Access.objects.count()
        assert client.get(address(name, mine[which])).status_code == 200, name
        assert Access.objects.count() > before, name
        look = Access.objects.filter(subjects=[f"case:{mine[which]}"]).latest("id")
        assert (look.actor_key, look.implied, look.outcome) == (str(cast.amina.pk), True, "done"), name


def test_a_list_leaves_one_access_that_names_the_cases_it_showed(cast: Cast) -> None:
    mine = cases(cast)
    client = sign_in(Client(), cast.amina)
    before = Access.objects.count()
    client.get(reverse("desk"))
    look = Access.objects.latest("id")
    assert (Access.objects.count() - before, set(look.subjects)) == (1, {f"case:{each}" for each in mine.values()})
    client.get(client.post(reverse("case_search"), {"sought": "Ransome"})["Location"])
    look = Access.objects.latest("id")
    assert (look.page, set(look.subjects)) == ("search", {f"case:{each}" for each in mine.values()})
    assert Entry.objects.filter(event="case.searched", actor_key=str(cast.amina.pk)).count() == 1


def test_a_search_belongs_to_whoever_made_it(cast: Cast) -> None:
    place = sign_in(Client(), cast.amina).post(reverse("case_search"), {"sought": "Ransome"})["Location"]
    assert sign_in(Client(), cast.tom).get(place).status_code == 404
    assert sign_in(Client(), cast.amina).get(place).status_code == 200


def test_a_refused_attempt_survives_its_rollback_as_entry_and_access(cast: Cast) -> None:
    reference = cases(cast)["draft"]
    for officer, status, event in ((cast.kieran, 404, "access.refused"), (cast.grace, 403, "action.refused")):
        response = sign_in(Client(), officer).post(reverse("case_not_used", args=[reference]), {"reason": "A reason."})
        assert response.status_code == status
        entry = Entry.objects.filter(subject=f"case:{reference}").latest("id")
        assert (entry.event, entry.outcome, entry.actor_key) == (event, "refused", str(officer.pk))
        assert (entry.details["status"], entry.details["page"]) == (status, "case_not_used")
        refused = Access.objects.filter(outcome="refused", actor_key=str(officer.pk)).count()
        assert refused == (1 if event == "access.refused" else 0)
    history = sign_in(Client(), cast.amina).get(reverse("case_history", args=[reference])).content.decode()
    assert f"{cast.kieran.name} was refused: Recording that it was not used." in history
    assert f"{cast.grace.name} tried to record the case as not used and was refused." in history
    assert make.read(reference).is_draft


def test_a_case_that_is_not_there_and_one_of_another_force_look_the_same(cast: Cast) -> None:
    reference = cases(cast)["draft"]
    client = sign_in(Client(), cast.kieran)
    there = client.get(reverse("case", args=[reference])).content.decode()
    nowhere = client.get(reverse("case", args=["ZZZZZZZZ"])).content.decode()
    there, nowhere = (re.sub(r'(?<=value=")[^"]*', "", page) for page in (there, nowhere))
    assert there.replace(reference, "ZZZZZZZZ") == nowhere


def test_every_step_of_ones_own_draft_opens_and_a_made_up_one_is_not_found(cast: Cast) -> None:
    reference = cases(cast)["draft"]
    client = sign_in(Client(), cast.amina)
    for step in journey.STEPS:
        assert client.get(reverse("case_step", args=[reference, step.slug])).status_code == 200, step.slug
    for path in (
        "record/no-such-step/",
        "record/victim-safeguards/",
        "record/rationale/add/",
        "record/victims/999999/",
    ):
        assert client.get(f"/cases/{reference}/{path}").status_code == 404, path
        assert client.post(f"/cases/{reference}/{path}").status_code == 404, path
    for pk in ("0", "99999999999999999999", "9" * 5000):
        for path in (f"record/victims/{pk}/", f"record/victims/{pk}/safeguards/", f"record/victims/{pk}/remove/"):
            assert client.get(f"/cases/{reference}/{path}").status_code == 404, path[:60]
