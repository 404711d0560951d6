"""The pages that every page is made of: headings, errors, headers, refusals; and what the files may not hold."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.storage import storages
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from pytest_django import Settings

from cr_app.pages.middleware import PageHeaders
from cr_app.pages.refusals import AccessDenied, NeedsReason, NotAllowed, Stale
from tests.pages.markup import read

REPOSITORY = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((REPOSITORY / "templates").rglob("*.html"))
OWN_STATIC = [path for path in (REPOSITORY / "static").rglob("*") if path.is_file() and path.suffix != ".md"]
VENDOR = REPOSITORY / "static/vendor/govuk-frontend"


@pytest.fixture(autouse=True)
def _pages_alone(settings: Settings) -> None:
    """Serve the addresses of these tests, without what needs a database or collected files."""
    settings.ROOT_URLCONF = "tests.pages.urls"
    settings.CSRF_FAILURE_VIEW = "cr_app.pages.errors.csrf_failure"
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.MIDDLEWARE = [
        "csp.middleware.CSPMiddleware",
        "cr_app.pages.middleware.PageHeaders",
        "django.middleware.csrf.CsrfViewMiddleware",
    ]
    options = {"context_processors": ["django.template.context_processors.request"], "builtins": []}
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "OPTIONS": options}]


def get(path: str) -> str:
    """Return a page."""
    return Client().get(path).content.decode()


def test_a_page_with_one_question_has_it_as_its_heading() -> None:
    (heading,) = read(get("/single/")).find_all("h1")
    assert heading.text() == "Was it domestic abuse?"
    (heading,) = read(get("/several/")).find_all("h1")
    assert heading.text() == "About the offender"


def test_a_page_has_its_landmarks_title_and_language() -> None:
    page = read(get("/single/"))
    (html,) = page.find_all("html")
    (main,) = page.find_all("main")
    assert html.attrs["lang"] == "en"
    assert page.find_all("title")[0].text() == "Domestic abuse \u2013 Community Resolutions"
    assert page.find_all("a", class_="govuk-skip-link")[0].attrs["href"] == f"#{main.attrs['id']}"
    assert page.find_all("a", class_="govuk-back-link")[0].attrs["href"] == "/several/"
    assert all("novalidate" in form.attrs for form in page.find_all("form"))


def test_every_line_of_the_error_summary_leads_to_the_control_that_is_wrong() -> None:
    sent = {"born_day": "31", "born_month": "2", "born_year": "26", "last_names": "x" * 201}
    page = read(Client().post("/several/", sent).content.decode())
    links = page.find_all("div", class_="govuk-error-summary")[0].find_all("a")
    assert [link.attrs["href"] for link in links] == ["#id_last_names", "#id_born_year", "#id_abuse_0"]
    for link in links:
        (control,) = page.find_all("input", id=link.attrs["href"][1:])
        assert control.attrs["type"] in {"text", "radio"}
    assert page.find_all("title")[0].text().startswith("Error: ")
    wrong = [box.attrs["id"] for box in page.find_all("input", class_="govuk-input--error")]
    assert wrong == ["id_last_names", "id_born_year"]


def test_what_was_refused_stays_in_its_box() -> None:
    sent = {
        "born_day": "31",
        "born_month": "Feb",
        "born_year": "2026",
        "last_names": '"><b>' + "x" * 201,
        "abuse": "no",
    }
    page = read(Client().post("/several/", sent).content.decode())
    values = {box.attrs["name"]: box.attrs.get("value") for box in page.find_all("input", type="text")}
    assert values == {name: value for name, value in sent.items() if name != "abuse"}
    (chosen,) = (box for box in page.find_all("input", type="radio") if "checked" in box.attrs)
    assert chosen.attrs["value"] == "no"


def test_nothing_is_chosen_beforehand() -> None:
    assert not [box for box in read(get("/single/")).find_all("input") if "checked" in box.attrs]


REFUSED = {
    "not-allowed": (403, "You cannot do this", "another inspector decides"),
    "denied": (404, "Page not found", "Check the address"),
    "known": (403, "This record is restricted", "Ask professional standards."),
    "stale": (409, "This has changed since you opened it", "Somebody saved this at 14:35."),
}


@pytest.mark.parametrize(("kind", "status", "title", "says"), [(kind, *rest) for kind, rest in REFUSED.items()])
def test_a_refusal_is_answered_with_its_status_and_sentence(kind: str, status: int, title: str, says: str) -> None:
    response = Client().get(f"/refused/{kind}/")
    page = read(response.content.decode())
    assert response.status_code == status
    assert page.find_all("h1")[0].text() == title
    assert says in page.find_all("main")[0].text()


def test_a_record_that_may_not_be_seen_looks_like_one_that_is_not_there() -> None:
    denied, missing = Client().get("/refused/denied/"), Client().get("/nowhere/")
    assert denied.status_code == missing.status_code == 404
    assert denied.content == missing.content
    assert AccessDenied("It is of another force.", subject="case:1").sentence == "It is of another force."


def test_refusals_carry_what_the_trail_needs() -> None:
    assert (NotAllowed("No.").status, Stale("Old.").status, NeedsReason("/x/").next_path) == (403, 409, "/x/")
    assert str(NotAllowed("Why not.", subject="case:1")) == "Why not."


def test_a_fault_of_ours_shows_nothing_of_itself() -> None:
    response = Client(raise_request_exception=False).get("/fault/")
    assert response.status_code == 500
    assert b"secret detail" not in response.content
    assert b"Something went wrong" in response.content


def test_a_post_without_its_token_is_told_what_to_do() -> None:
    response = Client(enforce_csrf_checks=True).post("/several/", {"last_names": "x"})
    assert response.status_code == 403
    assert b"Your answers were not accepted" in response.content


def test_pages_stay_out_of_caches_and_other_origins() -> None:
    for path in ("/single/", "/nowhere/"):
        headers = Client().get(path).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "script-src 'self'" in headers["Content-Security-Policy"]


def test_static_files_may_be_cached() -> None:
    served = PageHeaders(lambda request: HttpResponse())(RequestFactory().get("/static/cr.css"))
    assert "Cache-Control" not in served.headers


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "TRACK", "CONNECT", "PROPFIND", "get", ""])
def test_other_methods_are_refused_before_any_view(method: str) -> None:
    def never(request: HttpRequest) -> HttpResponse:
        raise AssertionError("a view was asked")

    request = RequestFactory().generic(method, "/single/")
    request.method = method
    answer = PageHeaders(never)(request)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD, POST, OPTIONS"


def test_an_address_that_answers_a_button_alone_says_so_in_words() -> None:
    empty = HttpResponseNotAllowed(["POST"], headers={"Content-Length": "0"})
    answer = PageHeaders(lambda request: empty)(RequestFactory().get("/single/"))
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert answer.headers["Content-Length"] == str(len(answer.content))
    (heading,) = read(answer.content.decode()).find_all("h1")
    assert heading.text() == "This page cannot be opened like that"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_holds_script_style_or_another_host(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text)
    assert all(re.fullmatch(r'<script(?: type="module")? src="\{% static [^"]+ %\}">', tag) for tag in scripts(text))
    assert not re.search(r"(?:https?:)?//[a-z0-9]", text)


def scripts(text: str) -> list[str]:
    """Return the opening tags of scripts."""
    return re.findall(r"<script[^>]*>", text)


@pytest.mark.parametrize("path", OWN_STATIC, ids=lambda path: path.name)
def test_no_static_file_asks_another_host_or_a_file_that_is_not_there(path: Path) -> None:
    text = path.read_text().replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"//[a-z0-9-]+\.[a-z]|url\(|@font-face|@import|sourceMappingURL|/assets/", text)


def test_what_is_vendored_carries_its_notice_and_no_crest() -> None:
    assert "MIT License" in (VENDOR / "LICENSE.txt").read_text()
    for name in ("govuk-frontend.min.css", "govuk-frontend.min.js"):
        text = (VENDOR / name).read_text()
        assert "govuk-frontend 6.6.0, MIT, see LICENSE.txt" in text[:200]
        assert "crest" not in text
        assert "GDS Transport" not in text
    assert "Mozilla Public License" in (REPOSITORY / "tests/browser/axe.LICENSE.txt").read_text()


def test_no_page_draws_a_crown() -> None:
    for path in ("/single/", "/nowhere/"):
        assert "<svg" not in get(path)
        assert "crown" not in get(path).lower()


def test_files_are_collected_under_names_that_carry_their_content(settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.INSTALLED_APPS = ["django.contrib.staticfiles"]
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "cr_app.pages.storage.HashedFiles"}}
    call_command("collectstatic", interactive=False, verbosity=0)
    storage = storages["staticfiles"]
    script = (tmp_path / storage.stored_name("cr.js")).read_text()  # type: ignore[attr-defined]
    imported = re.findall(r'from "\./([^"]+)"', script)
    assert imported == [storage.stored_name("vendor/govuk-frontend/govuk-frontend.min.js")]  # type: ignore[attr-defined]
    assert staticfiles_storage.url("cr.css").startswith("/static/cr.")


def test_the_includes_show_what_they_are_given() -> None:
    tasks = [
        {"title": "Incident", "url": "/i/", "status": "Completed", "colour": ""},
        {"title": "Check", "url": "", "status": "Cannot start yet", "colour": ""},
    ]
    page = read(render_to_string("_task_list.html", {"tasks": tasks}))
    (link,) = page.find_all("a")
    assert page.find_all("div", id=link.attrs["aria-describedby"])[0].text() == "Completed"
    rows = [{"key": "Name", "value": "Jo\n<b>", "change_url": "/n/", "change_what": "name"}]
    page = read(render_to_string("_summary_list.html", {"rows": rows}))
    assert page.find_all("a")[0].text() == "Change name"
    assert not page.find_all("b")
    banner = {"is_success": True, "title": "Saved", "heading": "The draft is saved"}
    page = read(render_to_string("_banner.html", {"banner": banner}))
    assert page.find_all("div", role="alert")[0].find_all("h2")[0].text() == "Saved"
