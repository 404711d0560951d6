"""Whose name signs, how a whole name is found, and which hosts are ours."""

import pytest
from django.test import Client
from django.urls import reverse

from cr_app.cases.actions.issue import Signatures, issue
from cr_app.pages.refusals import NotAllowed
from tests import make
from tests.cast import Cast, sign_in

pytestmark = pytest.mark.django_db


def test_nobody_else_signs_for_the_offender(cast: Cast) -> None:
    reference = make.submitted(cast.amina, make.shop_theft())
    name, seen = make.read(reference).offender.name, make.frozen(reference).digest
    with pytest.raises(NotAllowed, match="own name as it is on the record"):
        issue(reference, by=cast.amina, signatures=Signatures("Mickey Mouse", cast.amina.name), seen=seen)
    assert issue(reference, by=cast.amina, signatures=Signatures(name.upper(), cast.amina.name), seen=seen) is None
    assert make.read(reference).status == "issued"


def test_a_whole_name_finds_ones_own_case_as_each_part_does(cast: Cast) -> None:
    reference = make.complete(cast.amina, make.shop_theft())
    name = make.read(reference).offender.name
    client = sign_in(Client(), cast.amina)
    for sought, is_found in ((name, True), (name.split()[-1].upper(), True), (f"{name} Nobody", False)):
        page = client.post(reverse("case_search"), {"sought": sought}, follow=True)
        assert (reference in page.content.decode()) is is_found, sought


def test_a_host_that_is_not_ours_is_refused_and_a_forgotten_slash_is_added(cast: Cast) -> None:
    client = sign_in(Client(raise_request_exception=False), cast.amina)
    assert client.get("/").status_code == 200
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400
    assert client.get("/cases/new")["Location"] == "/cases/new/"
