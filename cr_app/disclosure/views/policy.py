"""The page of the policy as an answer, and its files."""

from datetime import date
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_safe

from cr_app.accounts.signed_in import officer_of
from cr_app.disclosure.actions.policy import FORMS, download_policy, read_policy, require_policy_duty
from cr_app.disclosure.forms.policy import PolicyDayForm
from cr_app.disclosure.policy_answer import NoPolicy
from cr_app.disclosure.presenting.desk import tabs_for
from cr_app.disclosure.presenting.policy import policy_page


@require_safe
def policy(request: HttpRequest) -> HttpResponse:
    """Show the policy of the officer's force on the day that is asked for, today's where none is."""
    officer = officer_of(request)
    require_policy_duty(officer)
    form = _form_of(request)
    context = {"title": "The policy as an answer", "form": form, "tabs": tabs_for(officer, "foi_policy")}
    on = _day_of(form)
    try:
        context |= policy_page(read_policy(on, by=officer)) if on else {}
    except NoPolicy as none:
        context["none"] = str(none)
    return render(request, "disclosure/policy.html", context, status=422 if form.errors else 200)


@require_GET
def policy_file(request: HttpRequest, form: str) -> HttpResponse:
    """Answer with the policy of a day as a file, and keep that; lead to the page where that day has none."""
    officer = officer_of(request)
    require_policy_duty(officer)
    if form not in FORMS:
        raise Http404
    on = _day_of(_form_of(request))
    try:
        made = download_policy(on, form, by=officer) if on else None
    except NoPolicy:
        made = None
    if made is None:
        return redirect(f"{reverse('foi_policy')}?{urlencode(list(request.GET.items()))}")
    response = HttpResponse(made.content, content_type=made.kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return response


def _form_of(request: HttpRequest) -> PolicyDayForm:
    asked = any(name.startswith("on_") for name in request.GET)
    return PolicyDayForm(request.GET if asked else None, initial={"on": timezone.localdate()})


def _day_of(form: PolicyDayForm) -> date | None:
    """Return the day that was asked for, today where none was, None where it is no day."""
    if not form.is_bound:
        return timezone.localdate()
    day: date | None = form.cleaned_data["on"] if form.is_valid() else None
    return day
