"""What came of the agreed actions of an issued case: the list of them, and the form of one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from cr_app.accounts.roles import Right
from cr_app.accounts.signed_in import officer_of
from cr_app.cases import access
from cr_app.cases.actions.progress import (
    Followed,
    WrongAnswer,
    followed,
    issued_on,
    record_progress,
    require_followed,
)
from cr_app.cases.forms.progress import ProgressForm
from cr_app.cases.presenting.progress import progress_page, record_page, said_of
from cr_app.cases.reasons import banner_for, tell
from cr_app.cases.views.looking import look, posted_or_restored
from cr_app.pages.refusals import NotAllowed, Stale


@require_GET
def progress(request: HttpRequest, reference: str) -> HttpResponse:
    """Show how each agreed action stands, with everything that was recorded of it."""
    found = look(request, reference, page="progress")
    issued_on(found)
    context = progress_page(found, access.sight_of(officer_of(request), found), at=timezone.now())
    return render(request, "cases/progress.html", context)


@require_http_methods(["GET", "POST"])
def record(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Take what came of one agreed action."""
    officer = officer_of(request)
    case = access.open_for(officer, reference, Right.FOLLOW_UP)
    of_action = followed(case, pk)
    issued = issued_on(case)
    typed = posted_or_restored(request)

    def asked(data: QueryDict | None, found: Followed) -> ProgressForm:
        return ProgressForm(
            data,
            standing=found.standing,
            completes_case=found.is_last_open,
            issued_on=issued,
            initial={"seen": len(found.standing.progress)},
        )

    form = asked(typed, of_action)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                status_now = record_progress(
                    reference, pk, by=officer, came=form.came(), seen=form.cleaned_data["seen"]
                )
            except Stale as refused:
                # What is shown now is what the next press is bound to.
                of_action = followed(case, pk)
                data = request.POST.copy()
                data["seen"] = str(len(of_action.standing.progress))
                form, status = asked(data, of_action), refused.answer_status
                tell(request, form, refused)
            except NotAllowed as refused:
                status = refused.answer_status
                tell(request, form, refused, refused.field if isinstance(refused, WrongAnswer) else None)
            else:
                outcome = form.cleaned_data["outcome"]
                messages.success(request, said_of(of_action.number, outcome, status_now, was=case.status_now))
                return redirect("case_progress", reference)
    found = look(request, reference, page="progress")
    if request.method == "GET":
        require_followed(found)
    context = record_page(found, followed(found, pk), form, on=timezone.localdate())
    return render(
        request, "cases/progress_record.html", context | {"banner": banner_for(request, typed)}, status=status
    )
