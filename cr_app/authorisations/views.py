"""The pages of authority: the queue, the page on which somebody decides, an interest declared, whom a case waits for."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cr_app.accounts.confirming import confirm_first, has_confirmed
from cr_app.accounts.signed_in import officer_of
from cr_app.authorisations import access, actions, queries
from cr_app.authorisations.forms import (
    DecisionForm,
    InterestForm,
    QueueFilter,
    RequestSearchForm,
    Stamp,
    stamp_in,
    typed_in,
)
from cr_app.authorisations.presenting import queue as lists
from cr_app.authorisations.presenting.interest import declared_words, what_declaring_does
from cr_app.authorisations.presenting.review import (
    Opened,
    changes_since_read,
    done_words,
    open_to_decide,
    refused_words,
    review_page,
)
from cr_app.authorisations.presenting.standings import case_authority_page
from cr_app.cases.access import record_beside, sitting_digest
from cr_app.cases.actions.searching import keep_search
from cr_app.cases.queries import voids_of
from cr_app.cases.reasons import banner_for, give_back, keep, restored, tell, way_to_why
from cr_app.pages.refusals import NeedsReason, NotAllowed, Refusal, Stale

if TYPE_CHECKING:
    from cr_app.accounts.models import Officer
    from cr_app.cases.models import Case

_ANSWERED = ["GET", "HEAD", "POST"]
_DECIDE = {
    "granted": actions.grant,
    "refused": actions.refuse,
    "suitable": actions.find_suitable,
    "unsuitable": actions.find_unsuitable,
    "returned": actions.return_with_question,
}
_CAME_BACK = {
    "title": "Important",
    "heading": "What you wrote is here. Nothing has been decided yet",
    "text": "Read the page again, tick the declaration if you let the case go on, then send it.",
}


def _look(request: HttpRequest, reference: str, *, page: str, reading: int | None = None) -> "Case":
    sitting = sitting_digest(request.session.session_key)
    return access.look_to_decide(
        officer_of(request), reference, page=page, sitting=sitting, path=request.path, reading=reading
    )


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Show what waits, what was returned or what was decided; one access names every case shown."""
    return _list(request, request.GET)


@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """Take what is searched for and lead to the list of what it finds, whose address holds no name."""
    form = RequestSearchForm(request.POST)
    if not form.is_valid():
        return _list(request, request.POST, search_form=form)
    tab, _, chosen = _narrowing(officer_of(request), request.POST)
    token = keep_search(officer_of(request), form.cleaned_data["wanted"])
    query = urlencode({"tab": tab, **chosen, "search": token})
    return redirect(f"{reverse('authority_queue')}?{query}")


def _list(request: HttpRequest, sent: QueryDict, *, search_form: RequestSearchForm | None = None) -> HttpResponse:
    """Show a list, narrowed by what was sent; a search without a word in it says what is missing."""
    officer, at = officer_of(request), timezone.now()
    tab, units, chosen = _narrowing(officer, sent)
    token = _uuid(sent.get("search", ""))
    sought = actions.sought_by(officer, token) if search_form is None else ""
    filters = queries.Filters(
        mine=chosen.get("of") == "me",
        late="late" in chosen,
        urgent="urgent" in chosen,
        unit=int(chosen["unit"]) if "unit" in chosen else None,
        sought=sought,
        page=_page_number(sent.get("page", "")),
    )
    if tab == lists.WAITING:
        found = queries.waiting(officer, filters, at=at)
    else:
        found = (queries.returned if tab == lists.RETURNED else queries.decided)(officer, filters)
    actions.record_found(officer, found, page=f"requests {tab}", sought=sought)
    context = lists.queue_page(officer, tab, found, query=chosen | ({"search": str(token)} if sought else {}), at=at)
    context["filter"] = QueueFilter(tab=tab, units=units, initial=chosen)
    context["search_form"] = search_form or RequestSearchForm(initial={"wanted": sought})
    return render(request, "authorisations/queue.html", context, status=422 if search_form else 200)


def _narrowing(officer: "Officer", sent: QueryDict) -> tuple[str, list[tuple[int, str]], dict[str, str]]:
    """Return which list was asked for, the units it can be narrowed to, and what else narrows it."""
    if not queries.kinds_for(officer):
        raise NotAllowed("Your role decides on no cases. Ask your administrator if that is wrong.")
    tab = sent.get("tab", "")
    tab = tab if tab in lists.TABS else lists.WAITING
    units = [(unit.pk, str(unit)) for unit in queries.units_to_filter(officer)]
    return tab, units, QueueFilter(sent, tab=tab, units=units).chosen()


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _page_number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1


@require_http_methods(_ANSWERED)
def review(request: HttpRequest, reference: str) -> HttpResponse:
    """Show what was submitted beside the decision on it, and take the decision."""
    if request.method != "POST":
        return _show(request, reference)
    try:
        return _decide(request, reference)
    except NeedsReason as needed:
        # Asked why only now: what was written waits for the page that the reason leads back to.
        return give_back(request, way_to_why(needed))


def _show(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the page; whoever may decide gives the password first, where that is more than minutes ago."""
    officer, at = officer_of(request), timezone.now()
    if not has_confirmed(request):
        case = queries.case_named(reference)
        may_decide = case is not None and queries.answer_for(officer, case, at).allowed
        if may_decide and (confirming := confirm_first(request)) is not None:
            return confirming
    typed = restored(request)
    opened = _open(request, reference, at, sent=typed)
    if typed is None:
        return _render(request, opened, at, form=_form(request, opened, at))
    stamp = stamp_in(typed, officer, reference, however_old=True)
    changes = changes_since_read(opened, stamp.seen) if stamp else ()
    refused = None
    if changes or not opened.may_decide:
        stale = actions.StaleMatter("It was submitted again after you read it.", changes, subject=opened.case.subject)
        gone = Stale("What you wrote was not sent: the case does not wait for your decision any more.")
        kept = typed.get("reasons", "") if not opened.may_decide else ""
        refused = refused_words(stale if changes else gone, typed=kept, asks_password=False)
    form = _form(request, opened, at, initial=typed_in(typed))
    return _render(request, opened, at, form=form, refused=refused, banner=_CAME_BACK if form else None)


def _decide(request: HttpRequest, reference: str) -> HttpResponse:
    """Take the decision that was sent, or show the page again with what is wrong and every word that was written."""
    officer, at = officer_of(request), timezone.now()
    stamp = stamp_in(request.POST, officer, reference)
    if stamp is None:
        return _unstamped(request, reference, at)
    outcome, reasons = request.POST.get("outcome", ""), request.POST.get("reasons", "")
    case = queries.case_named(reference)
    kind = queries.kind_of(case) if case is not None else None
    # What waits for something else by now, or for nothing, has been decided: the action tells by whom.
    if kind is not None and kind == stamp.seen.kind:
        form = DecisionForm(request.POST, kind=kind)
        if not form.is_valid():
            return _again(request, reference, at, form=form)
        reasons = form.cleaned_data["reasons"]
    try:
        if outcome not in _DECIDE:
            raise NotAllowed("Nothing was recorded: what you sent is no decision. Choose one of those that are shown.")
        status = _DECIDE[outcome](reference, by=officer, reasons=reasons, seen=stamp.seen)
    except (NotAllowed, Stale, actions.AlreadyDecided) as refused:
        return _refused(request, reference, at, refused)
    messages.success(request, done_words(outcome, status, reference))
    return redirect("authority_review", reference)


def _unstamped(request: HttpRequest, reference: str, at: datetime) -> HttpResponse:
    """Answer a decision without a good stamp, which decides nothing: refuse it, or give it back behind the password."""
    case = queries.case_named(reference)
    if case is None or queries.kind_of(case) is None:
        return _again(request, reference, at)
    answer = queries.answer_for(officer_of(request), case, at)
    if not answer.allowed:
        return _refused(request, reference, at, actions.MayNotDecide(answer, subject=case.subject))
    confirming = confirm_first(request)
    if confirming is not None:
        return confirming
    return give_back(request, redirect(request.path))


def _again(request: HttpRequest, reference: str, at: datetime, *, form: DecisionForm | None = None) -> HttpResponse:
    """Show the page again with what is wrong on it; a case that waits no more says so."""
    opened = _open(request, reference, at, sent=request.POST)
    if form is not None and opened.may_decide:
        return _render(request, opened, at, form=form, status=422)
    gone = Stale(
        "This case does not wait for your decision any more. Nothing was recorded.", subject=opened.case.subject
    )
    return _refused(request, reference, at, gone, opened=opened)


def _refused(
    request: HttpRequest, reference: str, at: datetime, refusal: Refusal, *, opened: Opened | None = None
) -> HttpResponse:
    """Keep a refusal in the trail and show the page as it stands now, with why, and with every word that was written."""
    keep(request, refusal)
    opened = opened or _open(request, reference, at, sent=request.POST)
    form = _form(request, opened, at, initial=typed_in(request.POST))
    typed = "" if form else request.POST.get("reasons", "")
    refused = refused_words(refusal, typed=typed, asks_password=form is not None and not has_confirmed(request))
    return _render(request, opened, at, form=form, refused=refused, status=refusal.answer_status)


def _open(request: HttpRequest, reference: str, at: datetime, *, sent: Mapping[str, Any] | None = None) -> Opened:
    """Return the case as this page needs it, and record the look; what was sent may name the submission it answers."""
    officer = officer_of(request)
    stamp = stamp_in(sent, officer, reference) if sent is not None else None
    case = _look(request, reference, page="authority review", reading=stamp.seen.number if stamp else None)
    return open_to_decide(case, officer, at)


def _form(
    request: HttpRequest, opened: Opened, at: datetime, *, initial: dict[str, Any] | None = None
) -> DecisionForm | None:
    """Return a form bound to what is shown now, for an officer who may decide; None for anybody else.

    It is stamped only where the password was given within the last minutes: without a stamp it comes back by way of that.
    """
    if not opened.may_decide:
        return None
    stamp = Stamp(opened.officer.pk, opened.case.reference, actions.Seen.of(opened.snapshot, opened.kind, at))
    signed = stamp.signed() if has_confirmed(request) else ""
    return DecisionForm(kind=opened.kind, initial={**(initial or {}), "stamp": signed})


def _render(
    request: HttpRequest, opened: Opened, at: datetime, *, form: DecisionForm | None, status: int = 200, **more: Any
) -> HttpResponse:
    context = review_page(opened, at=at) | {"form": form, **more}
    sitting, others = sitting_digest(request.session.session_key), context["parts"].earlier_cases
    record_beside(opened.officer, opened.case.reference, others, sitting=sitting)
    return render(request, "authorisations/review.html", context, status=status)


@require_http_methods(_ANSWERED)
def interest(request: HttpRequest, reference: str) -> HttpResponse:
    """Take an officer's word that they have an interest in a case."""
    typed = request.POST if request.method == "POST" else restored(request)
    form = InterestForm(typed)
    if request.method == "POST" and form.is_valid():
        try:
            declared = actions.declare_interest(reference, by=officer_of(request), reason=form.cleaned_data["reason"])
        except NotAllowed as refused:
            tell(request, form, refused)
        else:
            messages.success(request, declared_words(declared, reference))
            return redirect("authority_queue")
    case = _look(request, reference, page="authority interest")
    context = {
        "form": form,
        "title": "Declare an interest",
        "banner": banner_for(request, typed),
        "case": case,
        "follows": what_declaring_does(case, officer_of(request)),
        "submit_label": "Declare it",
        "keep_title": True,
        "back_url": reverse("authority_review", args=[reference]),
    }
    return render(request, "authorisations/interest.html", context, status=422 if form.errors else 200)


@require_safe
def case_authority(request: HttpRequest, reference: str) -> HttpResponse:
    """Show whom a case waits for, since when and until when, who can help, and what was decided so far."""
    officer, at = officer_of(request), timezone.now()
    case = _look(request, reference, page="authority")
    standing = queries.standing_of(case, at)
    context = case_authority_page(case, standing, queries.decisions_of(case), voids_of(case), at=at)
    context["is_own"] = case.officer_id == officer.pk
    context["review_url"] = reverse("authority_review", args=[reference]) if queries.kinds_for(officer) else ""
    if not access.may_open(officer, case):
        # A restricted case is read on the page of the request, by whoever it was asked of.
        context |= {"case_url": "", "back_url": context["review_url"], "back_label": "The request"}
    return render(request, "authorisations/case.html", context)
