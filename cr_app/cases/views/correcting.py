"""Put a misspelt name right: choose it, say what it should say and why, check what follows, then correct it."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cr_app.accounts.roles import Right
from cr_app.accounts.signed_in import officer_of
from cr_app.cases import access
from cr_app.cases.actions.contacts import require_followed
from cr_app.cases.actions.correcting import correct_name
from cr_app.cases.forms.correcting import CorrectionForm
from cr_app.cases.presenting.correcting import confirming_page, correction_page, name_options, names_to_correct
from cr_app.cases.reasons import banner_for, tell
from cr_app.cases.views.looking import look, posted_or_restored
from cr_app.pages.refusals import NotAllowed, Stale

_CHECK, _CORRECT = "check", "correct"


@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask which name and what it should say; show what follows; correct it once that was confirmed."""
    officer = officer_of(request)
    case = access.open_for(officer, reference, Right.FOLLOW_UP)
    require_followed(case)
    typed = posted_or_restored(request)
    status, then = 200, request.POST.get("then", _CHECK)
    form = _form(reference, request, typed, is_checked=then == _CORRECT)
    if request.method == "POST":
        is_valid = form.is_valid()
        status = 200 if is_valid else 422
        if is_valid and then == _CORRECT:
            try:
                token = form.cleaned_data["token"] or uuid4()
                # Read past the form, which would clean what was shown.
                correction = form.correction(old=request.POST.get("old", ""))
                correct_name(reference, by=officer, correction=correction, token=token)
            except (NotAllowed, Stale) as refused:
                data = request.POST.copy()
                data["token"] = str(uuid4())
                form, status = _form(reference, request, data, is_checked=True), refused.answer_status
                tell(request, form, refused)
            else:
                messages.success(request, "The name is corrected. Every document has a new version")
                return redirect("case", reference)
        elif is_valid and then == _CHECK:
            return _confirm(request, reference, form)
    found = look(request, reference, page="correct")
    context = correction_page(found, tuple(form.names.values()))
    context |= {"form": form, "banner": banner_for(request, typed)}
    return render(request, "cases/correct.html", context, status=status)


def _form(reference: str, request: HttpRequest, typed: QueryDict | None, *, is_checked: bool = False) -> CorrectionForm:
    case = access.open_for(officer_of(request), reference, Right.FOLLOW_UP)
    names = names_to_correct(case)
    return CorrectionForm(typed, names=names, options=name_options(names), is_checked=is_checked)


def _confirm(request: HttpRequest, reference: str, form: CorrectionForm) -> HttpResponse:
    """Show what the name says, what it will say and what follows, with what was typed kept for the next press."""
    found = look(request, reference, page="correct")
    kept = form.cleaned_data
    context = confirming_page(found, form.chosen, new=kept["new"], reason=kept["reason"])
    context["kept"] = {
        "token": kept["token"] or uuid4(),
        "key": kept["key"],
        "old": form.chosen.now,
        "new": kept["new"],
        "reason": kept["reason"],
    }
    return render(request, "cases/correct_check.html", context)
