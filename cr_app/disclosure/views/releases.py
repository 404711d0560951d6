"""The ledger: every release, one of them with its files, and the imported cases that they count."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_safe

from cr_app.accounts.roles import Duty
from cr_app.accounts.signed_in import officer_of
from cr_app.disclosure.access import release_for, require_duty
from cr_app.disclosure.actions.releasing import record_download
from cr_app.disclosure.asked import TookTooLong
from cr_app.disclosure.export.content import read_content
from cr_app.disclosure.export.files import FORMS, file_of
from cr_app.disclosure.export.policy_sheet import file_digest
from cr_app.disclosure.presenting.desk import imports_page, releases_page
from cr_app.disclosure.presenting.working import release_page
from cr_app.disclosure.queries import desk as queries


@require_safe
def releases(request: HttpRequest) -> HttpResponse:
    """Show a page of the ledger, the newest release first."""
    officer = officer_of(request)
    require_duty(officer, Duty.ANSWER_REQUESTS)
    page = queries.releases_of(officer.force_id, page=request.GET.get("page", ""))
    return render(request, "disclosure/releases.html", releases_page(page))


@require_safe
def release(request: HttpRequest, number: int) -> HttpResponse:
    """Show one release as it left: the table, its notes, its files."""
    found = release_for(officer_of(request), number)
    files = [(form, each.name) for form, each in FORMS.items()]
    return render(request, "disclosure/release.html", release_page(found, files))


@require_GET
def release_file(request: HttpRequest, number: int, form: str) -> HttpResponse:
    """Answer with one file of a release, made from what was released alone.

    A GET that writes: the trail keeps that the file was handed out, with its digest, before it is. Nothing else changes, and
    asked for again it only says so again; HEAD, which hands nothing out, is refused.
    """
    officer = officer_of(request)
    found = release_for(officer, number)
    if form not in FORMS:
        raise Http404
    file = file_of(read_content(found.content), form)
    record_download(found, form, by=officer, file_digest=file_digest(file.body))
    response = HttpResponse(file.body, content_type=file.content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return response


@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    """Show what was imported of the force's closed cases from before, for they are counted in every release."""
    officer = officer_of(request)
    require_duty(officer, Duty.ANSWER_REQUESTS)
    try:
        found: list[queries.ImportOfForce] | None = queries.imports_of(officer.force_id)
    except TookTooLong:
        found = None
    return render(request, "disclosure/imports.html", imports_page(found))
