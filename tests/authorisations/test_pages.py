"""The pages of authority: who may, who may not, looking is harmless, and each refusal says why and keeps what was written."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import make
from tests.cast import Cast, sign_in
from tests.journeys.browsing import open_page


def test_smoke(cast: Cast, client: Client) -> None:
    reference = make.complete(cast.amina, make.knife())
    amina = sign_in(Client(), cast.amina)
    path = reverse("case_check", args=[reference])
    led = amina.post(path, open_page(amina, path).form)
    assert led["Location"] == reverse("case_authority", args=[reference])
    page = open_page(amina, led["Location"])
    assert page.status == 200
    priya = sign_in(Client(), cast.priya)
    for address in ("/", "/authority/", "/authority/?tab=decided&of=me&page=9&unit=zzz&late=yes", f"/authority/{reference}/", f"/authority/{reference}/interest/"):
        got = open_page(priya, address)
        assert got.status == 200, address
    page = open_page(priya, f"/authority/{reference}/")
    sent = page.form | {"outcome": "granted", "reasons": "Well documented.", "declared": "yes"}
    led = priya.post(page.path, sent)
    assert led.status_code == 302
    print(open_page(priya, page.path).html)
    assert 0
