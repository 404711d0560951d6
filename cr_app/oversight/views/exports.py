"""The page of exports: a case or some days, for a named purpose and recipient, as a zip file that checks itself."""

from uuid import uuid4

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cr_app.accounts.confirming import confirm_first
from cr_app.accounts.roles import Duty
from cr_app.accounts.signed_in import officer_of
from cr_app.audit.exporting import CannotExport
from cr_app.cases.reasons import banner_for, keep, restored
from cr_app.oversight import access
from cr_app.oversight.actions.exports import Disclosure, Download, download_case, download_period
from cr_app.oversight.forms.exports import CASE, NO_CASE, ExportForm
from cr_app.pages.refusals import AccessDenied, Stale


@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest) -> HttpResponseBase:
    """Ask what is exported, what for and to whom; answer a good form with the zip file, after the password was given."""
    officer = officer_of(request)
    access.require_duty(officer, Duty.EXPORT_TRAIL)
    if (confirming := confirm_first(request)) is not None:
        return confirming
    today = timezone.localdate()
    typed = request.POST if request.method == "POST" else restored(request)
    form = ExportForm(typed, today=today) if typed else ExportForm(initial={"token": uuid4()}, today=today)
    status = 422
    if request.method == "POST" and form.is_valid():
        try:
            return _answered(_made(request, form))
        except CannotExport as error:
            form.add_error(None, str(error))
        except AccessDenied as refused:
            keep(request, refused)
            form.add_error("reference", refused.answer_sentence if refused.known else NO_CASE)
        except Stale as refused:
            keep(request, refused)
            form.add_error(None, refused.sentence)
            form.renewed()
            status = refused.answer_status
    context = {"title": "Export the trail", "form": form, "banner": banner_for(request, typed)}
    return render(request, "oversight/export.html", context, status=status if form.errors else 200)


def _made(request: HttpRequest, form: ExportForm) -> Download:
    asked = form.cleaned_data
    disclosure = Disclosure(purpose=asked["purpose"], recipient=asked["recipient"], token=asked["token"])
    officer = officer_of(request)
    if asked["what"] == CASE:
        return download_case(asked["reference"], by=officer, disclosure=disclosure)
    return download_period(asked["first"], asked["last"], by=officer, disclosure=disclosure)


def _answered(download: Download) -> FileResponse:
    return FileResponse(download.file, as_attachment=True, filename=download.name, content_type="application/zip")
