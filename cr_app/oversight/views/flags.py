"""The pages of red flags: the list, and one flag with what reviewers found."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from cr_app.accounts.roles import Duty
from cr_app.accounts.signed_in import officer_of
from cr_app.cases.reasons import banner_for, restored, tell
from cr_app.oversight import access
from cr_app.oversight import red_flags as rules
from cr_app.oversight.actions import flags as actions
from cr_app.oversight.actions.searching import record_shown
from cr_app.oversight.forms.flags import FlagFilter, FlagReviewForm
from cr_app.oversight.presenting.flags import flag_page, flags_page, named_on
from cr_app.oversight.queries import flags as queries
from cr_app.oversight.queries.flags import Place
from cr_app.pages.refusals import AccessDenied, NotAllowed, Stale


@require_safe
def red_flags(request: HttpRequest) -> HttpResponse:
    """Show what stands out, newest first; one access names the cases and officers shown."""
    officer = officer_of(request)
    access.require_duty(officer, Duty.SEE_TRAIL)
    narrowing = FlagFilter(request.GET)
    chosen, before = narrowing.chosen(), Place.read(request.GET.get("before", ""))
    closed = access.closed_to(officer)
    # A list of everything tells only that there is a flag; a narrowed one would tell which.
    left_out = closed.all if chosen else closed.gone
    found = queries.flags_listed(
        officer.force_id, rule=chosen.get("rule", ""), open_only="open" in chosen, hidden=left_out, before=before
    )
    officers = queries.officers_of_flags(found.flags)
    standings = actions.standings_of(officer, found.flags)
    record_shown(officer, named_on(found.flags, officers, standings), page="red flags")
    context = flags_page(
        found,
        officers,
        standings=standings,
        counts=queries.counts_by_rule(officer.force_id, hidden=closed.all),
        chosen=chosen,
        before=before,
        to_look_through=queries.still_to_look_through(),
    )
    return render(request, "oversight/flags.html", context | {"filter": FlagFilter(initial=chosen)})


@require_http_methods(["GET", "HEAD", "POST"])
def red_flag(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one flag: why it is one, where to look, what was found; and take what the reviewer found."""
    officer = officer_of(request)
    access.require_duty(officer, Duty.SEE_TRAIL)
    typed = (request.POST if request.method == "POST" else restored(request) or QueryDict()).copy() or None
    form = FlagReviewForm(typed)
    if request.method == "POST" and form.is_valid():
        try:
            actions.review_flag(pk, by=officer, note=form.cleaned_data["note"], read=form.cleaned_data["read"])
        except (NotAllowed, Stale) as refused:
            tell(request, form, refused)
        else:
            messages.success(request, "What you found is kept.")
            return redirect("red_flag", pk)
    flag = queries.flag_of(officer.force_id, pk)
    if flag is None:
        raise AccessDenied("No such flag of this force.")
    standings = actions.standings_of(officer, [flag])
    actions.require_known(flag, standings)
    officers, reviews = queries.officers_of_flags([flag]), queries.reviews_of(flag)
    record_shown(officer, named_on([flag], officers, standings, whole=True), page="red flag")
    context = flag_page(
        flag,
        officers,
        reviews,
        standings=standings,
        since=queries.since_grant(flag) if flag.rule == rules.EDITED_AFTER_GRANT else None,
        opened=queries.opened_around(flag) if flag.rule == rules.UNUSUAL_VOLUME else 0,
    )
    form.initial = {"read": len(reviews)}
    if typed is not None:
        # What others wrote meanwhile is shown now.
        typed["read"] = str(len(reviews))
    why_another = actions.why_another(flag, officer, standings)
    context |= {"form": form, "why_another": why_another, "banner": banner_for(request, typed)}
    return render(request, "oversight/flag.html", context, status=422 if form.errors else 200)
