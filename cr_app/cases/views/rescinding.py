"""Rescind a Community Resolution: what follows, the reasons, the declaration; or why this officer may not."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cr_app.accounts.confirming import confirm_first
from cr_app.accounts.signed_in import officer_of
from cr_app.cases.actions.rescinding import MayNotRescind, reasons_against_rescinding, rescind, seen_state
from cr_app.cases.forms.rescinding import RescindForm
from cr_app.cases.presenting.rescinding import rescinding_page
from cr_app.cases.reasons import banner_for, give_back, tell, way_to_why
from cr_app.cases.views.looking import look, posted_or_restored
from cr_app.pages.refusals import NeedsReason, NotAllowed, Stale


@require_http_methods(["GET", "POST"])
def rescind_case(request: HttpRequest, reference: str) -> HttpResponse:
    """Show what rescinding does and take it, the password given within the last minutes; or say why this officer may not."""
    officer, at = officer_of(request), timezone.now()
    try:
        found = look(request, reference, page="rescind")
    except NeedsReason as needed:
        # Asked why only now: what was written waits for the page that the reason leads back to.
        return give_back(request, way_to_why(needed)) if request.method == "POST" else way_to_why(needed)
    may = not reasons_against_rescinding(officer, found, at=at)
    if may and (confirming := confirm_first(request)) is not None:
        return confirming
    typed = posted_or_restored(request)
    form = RescindForm(typed, initial={"seen": seen_state(found)})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() or not may:
            kept = form.cleaned_data if form.is_valid() else {}
            try:
                rescind(reference, by=officer, reason=kept.get("reason", ""), seen=kept.get("seen", ""))
            except MayNotRescind as refused:
                found = look(request, reference, page="rescind")
                status = refused.answer_status
                tell(request, form, refused)
            except (NotAllowed, Stale) as refused:
                # What is shown now is what the next press is bound to.
                found = look(request, reference, page="rescind")
                data = request.POST.copy()
                data["seen"] = seen_state(found)
                form, status = RescindForm(data), refused.answer_status
                tell(request, form, refused)
            else:
                messages.success(request, "The Community Resolution is rescinded. Both parties are to be told")
                return redirect("case", reference)
    context = rescinding_page(found, officer, at=at)
    context |= {"form": form, "banner": banner_for(request, typed), "submit_label": "Rescind it"}
    # Whoever may not rescind it any more has the words still, to copy.
    context["typed"] = typed.get("reason", "") if typed and context["reasons"] else ""
    return render(request, "cases/rescind.html", context, status=status)
