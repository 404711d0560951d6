"""How many queries each page costs: printed, bounded, and the same for one case and for sixty."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cr_app.cases.lifecycle import Status
from cr_app.cases.models import AgreedAction, Case, CaseOffence, Document, Offender, Victim
from tests import make
from tests.cast import Cast, sign_in
from tests.journeys.browsing import open_page
from tests.make_afterwards import corrected

MOST_PER_SAVE, MOST_PER_READ = 15, 20
# Thirteen for the cases that are open; what follows issue takes the rest: to find it (2), actions (1), who was not told (4)
# and names that were corrected (1).
MOST_PER_DESK = 22
PNC = "2003/0011985X"
# It takes a one-time token besides, and looks the code up.
DEARER = {"add an offence": 17}


def cost(work: Callable[[], Any]) -> int:
    """Return how many queries some work takes, savepoints and the like left out."""
    with CaptureQueriesContext(connection) as queries:
        work()
    plain = ("SAVEPOINT", "RELEASE", "ROLLBACK")
    return len([query for query in queries if not query["sql"].startswith(plain)])


def pile_up(cast: Cast, many: int) -> None:
    """Insert this many cases of each status that the desk lists, each with an offender, an offence, a victim and an action."""
    now, day = timezone.now(), timezone.localdate()
    statuses = (Status.DRAFT, Status.READY, Status.AWAITING_AUTHORITY, Status.REFERRED, Status.REFUSED, Status.ISSUED)
    first = Case.objects.count()
    rows = [
        Case(
            reference=f"P{first + place * 10 + number:07}",
            crime_report_reference=make.REPORT,
            force_id="01",
            unit=cast.grace.unit,
            recorded_by=cast.grace,
            officer=cast.grace,
            created_at=now,
            changed_at=now,
            changed_by=cast.grace,
            decided_on=day,
            is_restricted=status is Status.REFERRED,
            # An issued case takes no row any more.
            status=Status.READY if status is Status.ISSUED else status,
        )
        for place in range(many)
        for number, status in enumerate(statuses)
    ]
    made = Case.objects.bulk_create(rows)
    Offender.objects.bulk_create(Offender(case=case, last_names="Ransome", born_on=make.birthday(30)) for case in made)
    CaseOffence.objects.bulk_create(CaseOffence(case=case, position=1, offence_type_id="46/00") for case in made)
    Victim.objects.bulk_create(Victim(case=case, position=1, kind="person", last_names="Okafor") for case in made)
    AgreedAction.objects.bulk_create(
        AgreedAction(case=case, position=1 + place, remedy="apology", undertaking="A letter", due_on=day + late)
        for case in made
        for place, late in enumerate((timedelta(-1), timedelta(1)))
    )
    issued = [case.pk for place, case in enumerate(made) if place % len(statuses) == 5]
    Case.objects.filter(pk__in=issued).update(status=Status.ISSUED, issued_at=now, issued_by=cast.grace)


def search(client: Client, sought: str) -> Any:
    """Search and open what was found."""
    return client.get(client.post(reverse("case_search"), {"sought": sought})["Location"])


def test_the_desk_and_a_search_cost_the_same_for_one_case_and_for_sixty(
    cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    grace, yusuf = sign_in(Client(), cast.grace), sign_in(Client(), cast.yusuf)
    pages: dict[str, Callable[[], Any]] = {
        "desk of a sergeant who records": lambda: grace.get("/"),
        "follow-up on the desk of a unit": lambda: grace.get(f"{reverse('follow_up')}?of=unit"),
        "desk of professional standards": lambda: yusuf.get("/"),
        "search by name": lambda: search(grace, "Ransome"),
        "search by crime report": lambda: search(grace, make.REPORT),
    }
    pile_up(cast, 1)
    counts = {}
    for page in pages.values():
        page()  # what is read once in a process
    for name, page in pages.items():
        counts[name] = [cost(page)]
    pile_up(cast, 59)
    for name, page in pages.items():
        counts[name].append(cost(page))
    with capsys.disabled():
        print("\nqueries with 1 and with 60 cases of each kind:", counts)  # noqa: T201
    for name, (one, sixty) in counts.items():
        # Names that were corrected are looked up only where a case shown was issued.
        assert sixty <= one, name
        assert sixty <= (MOST_PER_DESK if "desk" in name else MOST_PER_READ), name


def save_again(client: Client, reference: str, slug: str) -> Callable[[], Any]:
    """Return the work of saving a page of the record with one answer changed."""
    path = reverse("case_step", args=[reference, slug])
    changed = {
        "start": {"crime_report_reference": "7/26"},
        "incident": {"place": "Elsewhere"},
        "circumstances": {"intimate_partner": "yes"},
        "offender": {"last_names": "Other"},
        "offender-details": {"occupation": "Cook"},
        "same-report": {"same_report_answer": "same"},
        "history": {"local_checked": "no"},
        "responsibility": {"account": "Sorry."},
        "seriousness": {"gravity_score": "3"},
        "safeguards": {"mental_health_concern": "yes"},
        "rationale": {"rationale": "Another."},
    }[slug]
    sent = open_page(client, path).form | changed

    def work() -> None:
        response = client.post(path, sent)
        assert response.status_code == 302, (slug, response.status_code)

    return work


STEPS = [
    "start",
    "incident",
    "circumstances",
    "offender",
    "offender-details",
    "history",
    "responsibility",
    "seriousness",
    "safeguards",
    "rationale",
]


@pytest.mark.parametrize("known", [False, True], ids=["nobody known", "known by PNC ID"])
def test_a_save_of_any_page_costs_no_more_than_its_bound(
    cast: Cast, known: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    story = make.shop_theft().answering({"offender.pnc_id": PNC if known else ""})
    if known:
        for report in ("1/26", "2/26", "3/26"):
            make.issued(cast.tom, story.but(report=report))
    reference = make.complete(cast.amina, story)
    client = sign_in(Client(), cast.amina)
    counts = {slug: cost(save_again(client, reference, slug)) for slug in STEPS}
    path = reverse("case_row_add", args=[reference, "offences"])
    sent = open_page(client, path).form | {"offence_type": "149/00"}
    counts["add an offence"] = cost(lambda: client.post(path, sent))
    with capsys.disabled():
        print(f"\nqueries per save, {'with' if known else 'without'} earlier cases:", counts)  # noqa: T201
    assert {slug: count for slug, count in counts.items() if count > DEARER.get(slug, MOST_PER_SAVE)} == {}


def test_reading_a_case_costs_no_more_than_its_bound(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    story = make.two_victims().answering({"offender.pnc_id": PNC})
    make.issued(cast.tom, story.but(report="1/26"))
    draft, issued = make.complete(cast.amina, story), make.issued(cast.amina, story.but(report="2/26"))
    ready = make.submitted(cast.amina, story.but(report="3/26"))
    client = sign_in(Client(), cast.amina)
    client.get(reverse("case", args=[issued]))
    counts = {}
    for name, reference in (("case", draft), ("case", issued), ("case_history", issued), ("case_print", issued)):
        address = reverse(name, args=[reference])
        counts[f"{name} {make.read(reference).status}"] = cost(partial(client.get, address))
    for name in ("case_record", "case_result", "case_check"):
        counts[name] = cost(partial(client.get, reverse(name, args=[draft])))
    counts["case_issue"] = cost(lambda: client.get(reverse("case_issue", args=[ready])))
    counts["case_step"] = cost(lambda: client.get(reverse("case_step", args=[draft, "rationale"])))
    with capsys.disabled():
        print("\nqueries per page read:", counts)  # noqa: T201
    assert {name: count for name, count in counts.items() if count > MOST_PER_READ} == {}


def test_documents_cost_the_same_for_few_and_for_many(cast: Cast) -> None:
    few, many = make.issued(cast.amina), make.issued(cast.amina, make.shop_theft().but(report="2/26"))
    for place in range(10):
        names = ("Ransome", "Ransom") if place % 2 else ("Ransom", "Ransome")
        corrected(many, cast.amina, old=names[1], new=names[0])
    client = sign_in(Client(), cast.amina)
    counts = {}
    for reference in (few, many):
        document = Document.objects.filter(case__reference=reference).order_by("pk")[0]
        pages = {
            "list": reverse("case_documents", args=[reference]),
            "document": reverse("case_document", args=[reference, document.pk]),
            "PDF": reverse("case_document_pdf", args=[reference, document.pk]),
        }
        client.get(pages["list"])
        counts[reference] = {name: cost(partial(client.get, page)) for name, page in pages.items()}
    assert (
        Document.objects.filter(case__reference=many).count()
        >= 10 * Document.objects.filter(case__reference=few).count()
    )
    assert counts[many] == counts[few]
    assert max(counts[few].values()) <= MOST_PER_READ


def test_history_costs_the_same_however_long_it_is(cast: Cast) -> None:
    reference = make.case(cast.amina)
    client = sign_in(Client(), cast.amina)
    page = reverse("case_history", args=[reference])
    client.get(page)
    short = cost(lambda: client.get(page))
    for place in range(20):
        make.answer(reference, cast.amina, "rationale", case__rationale=f"Reason {place}")
    assert cost(lambda: client.get(page)) == short
