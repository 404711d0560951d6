"""The documents of a case: list them, make one in another language, read, print and download; all of them before issue."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from cr_app.accounts.roles import Right
from cr_app.accounts.signed_in import officer_of
from cr_app.cases import access
from cr_app.cases.actions.documents import make_document, make_missing
from cr_app.cases.documents.pdf import pdf_of
from cr_app.cases.documents.sheets import read_sheet
from cr_app.cases.forms.documents import MISSING, DocumentForm
from cr_app.cases.lifecycle import Status
from cr_app.cases.presenting.documents import LARGE, document_page, documents_page, file_name, preview_page
from cr_app.cases.queries import document_of
from cr_app.cases.views.looking import look
from cr_app.pages.refusals import NotAllowed

_NOT_OF_THE_LIST = {"title": "Important", "heading": "Nothing was made. Choose a document from the list."}


@require_http_methods(["GET", "POST"])
def documents(request: HttpRequest, reference: str) -> HttpResponse:
    """List every version of every document of a case; make one in another language, or what is missing."""
    if request.method == "POST":
        return _make(request, reference)
    return _listed(request, reference)


@require_GET
def preview(request: HttpRequest, reference: str) -> HttpResponse:
    """Show every document of a case that is ready as it would be; once it is issued, lead to those that there are."""
    found = look(request, reference, page="documents preview")
    if found.issued_at is not None:
        return redirect("case_documents", reference)
    if found.status_now is not Status.READY:
        raise NotAllowed(
            f"This case is {found.status_now.phrase}: its documents are shown once it is ready to issue.",
            subject=found.subject,
        )
    context = preview_page(found, language=request.GET.get("language", ""), at=timezone.now())
    return render(request, "cases/documents_preview.html", context)


@require_GET
def document(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Show one document to read or to print, in large print where asked."""
    found = look(request, reference, page="document")
    kept = document_of(found, pk)
    if kept is None:
        raise Http404
    return render(request, "cases/document.html", document_page(found, kept, size=request.GET.get("size", "")))


@require_GET
def document_pdf(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Return one document as a PDF, made of the text that was kept, in large print where asked."""
    found = look(request, reference, page="document as PDF")
    kept = document_of(found, pk)
    if kept is None:
        raise Http404
    size = request.GET.get("size", "")
    response = HttpResponse(pdf_of(read_sheet(kept.content), large=size == LARGE), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{file_name(found, kept, size=size)}"'
    return response


def _listed(request: HttpRequest, reference: str, *, status: int = 200) -> HttpResponse:
    found = look(request, reference, page="documents")
    context = documents_page(found, access.sight_of(officer_of(request), found))
    context["banner"] = _NOT_OF_THE_LIST if status != 200 else None
    return render(request, "cases/documents.html", context, status=status)


def _make(request: HttpRequest, reference: str) -> HttpResponse:
    officer = officer_of(request)
    form = DocumentForm(request.POST)
    if not form.is_valid():
        access.open_for(officer, reference, Right.FOLLOW_UP)
        return _listed(request, reference, status=422)
    sent = form.cleaned_data
    if sent["make"] == MISSING:
        make_missing(reference, by=officer)
        return redirect("case_documents", reference)
    made = make_document(reference, by=officer, kind=sent["kind"], victim=sent["victim"], language=sent["language"])
    return redirect(f"{reverse('case_documents', args=[reference])}#document-{made.pk}")
