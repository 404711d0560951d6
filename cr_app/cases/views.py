"""One case: read it, its history, print it; hand it over, end it, issue it; and find one."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cr_app.accounts.roles import DECIDING, Right, Role
from cr_app.accounts.signed_in import officer_of
from cr_app.cases import access
from cr_app.cases.actions import submission
from cr_app.cases.actions.authority import record_crime_report_entry, require_entry
from cr_app.cases.actions.issue import EntryWanted, Signatures, entry_is_wanted, issue, needs_appropriate_adult
from cr_app.cases.actions.searching import find, keep_search
from cr_app.cases.documents.crime_report_entry import entry_text
from cr_app.cases.forms import EntryForm, IssueForm, NotUsedForm, ReasonForm, ReassignForm, SearchForm, WithdrawForm
from cr_app.cases.lifecycle import Move, Status, may
from cr_app.cases.presenting import case_page, history_page, timeline_page
from cr_app.cases.presenting.given import entries_to_mark
from cr_app.cases.presenting.instead import disposals_to_consider
from cr_app.cases.queries import Record, latest_snapshot, status_changes_of, voids_of
from cr_app.cases.reasons import banner_for, restored, tell
from cr_app.pages.refusals import NotAllowed, Stale


def posted_or_restored(request: HttpRequest) -> QueryDict | None:
    """Return what was posted, or on a GET what this officer had posted here before being signed out, once."""
    return request.POST if request.method == "POST" else restored(request)


def _sitting(request: HttpRequest) -> str:
    return access.sitting_digest(request.session.session_key)


def _look(request: HttpRequest, reference: str, *, page: str) -> Any:
    return access.look(officer_of(request), reference, page=page, sitting=_sitting(request), path=request.path)


def _whole(request: HttpRequest, found: Any, *, at: datetime) -> dict[str, Any]:
    """Return what the page of a case shows, and record the look at earlier cases of the same person that it tells of."""
    officer = officer_of(request)
    context = case_page(found, access.sight_of(officer, found), at=at)
    access.record_beside(officer, found.reference, context["earlier_cases"], sitting=_sitting(request))
    return context


@require_GET
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """Show a case as it stands, and what may be done with it."""
    found = _look(request, reference, page="case")
    context = _whole(request, found, at=timezone.now())
    context["copy_token"] = uuid4()
    return render(request, "cases/case.html", context)


@require_GET
def history(request: HttpRequest, reference: str) -> HttpResponse:
    """Tell what happened to a case, in words, and who looked at it and why; each list goes on from a key of its own."""
    found = _look(request, reference, page="history")
    before, looks = (_key(request.GET.get(name, "")) for name in ("before", "looks"))
    context = timeline_page(found, before=before) | history_page(found, before=looks)
    return render(request, "cases/history.html", context | {"before": before, "looks_before": looks})


def _key(text: str) -> int | None:
    """Return the key that an address gives for where a list goes on; None for anything made up."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


@require_GET
def printed(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the whole record for printing."""
    found = _look(request, reference, page="print")
    context = _whole(request, found, at=timezone.now())
    context |= {"printed_at": timezone.localtime(), "back_url": reverse("case", args=[reference])}
    return render(request, "cases/printed.html", context)


@require_http_methods(["GET", "POST"])
def why(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask why the officer looks at a case that is not their own work; it holds for the sitting."""
    officer = officer_of(request)
    access.may_look(officer, reference)
    typed = posted_or_restored(request)
    form = ReasonForm(typed)
    if request.method == "POST" and form.is_valid():
        access.give_reason(officer, reference, reason=form.cleaned_data["reason"], sitting=_sitting(request))
        return redirect(_within(reference, request.GET.get("next", "")))
    context = {"form": form, "title": "Why are you looking at this?", "back_url": reverse("desk")}
    return render(request, "cases/why.html", context, status=422 if form.errors else 200)


def _within(reference: str, path: str) -> str:
    """Return a path of this service about this very case, whatever was asked for."""
    is_ours = path.startswith("/") and "//" not in path and "\\" not in path
    return path if is_ours and reference in path.split("/") else reverse("case", args=[reference])


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Withdraw a draft that was opened in error."""
    return _end(request, reference, Move.WITHDRAW)


@require_http_methods(["GET", "POST"])
def not_used(request: HttpRequest, reference: str) -> HttpResponse:
    """Record that a Community Resolution was considered and not used."""
    return _end(request, reference, Move.RECORD_NOT_USED)


_ENDINGS: dict[Move, tuple[type[WithdrawForm] | type[NotUsedForm], str, str]] = {
    Move.WITHDRAW: (WithdrawForm, "Withdraw this draft", "Withdraw it"),
    Move.RECORD_NOT_USED: (NotUsedForm, "Considered and not used", "Record it as not used"),
}


def _end(request: HttpRequest, reference: str, move: Move) -> HttpResponse:
    form_class, title, button = _ENDINGS[move]
    typed = posted_or_restored(request)
    form = form_class(typed)
    if request.method == "POST" and form.is_valid():
        action = submission.withdraw if move is Move.WITHDRAW else submission.record_not_used
        action(reference, by=officer_of(request), reason=form.cleaned_data["reason"])
        return redirect("case", reference)
    found = _look(request, reference, page=move.value)
    access.require(officer_of(request), found, Right.EDIT)
    if not may(found.status_now, move):
        raise NotAllowed(f"This case is {found.status_now.phrase}: this cannot be done to it.", subject=found.subject)
    context = {
        "form": form,
        "title": title,
        "banner": banner_for(request, typed),
        "submit_label": button,
        "case": found,
        "back_url": reverse("case", args=[reference]),
        "is_withdrawal": move is Move.WITHDRAW,
        "instead": disposals_to_consider(Record(found), on=timezone.localdate()),
    }
    return render(request, "cases/end.html", context, status=422 if form.errors else 200)


@require_POST
def reopen(request: HttpRequest, reference: str) -> HttpResponse:
    """Take a submitted case back to a draft."""
    submission.reopen(reference, by=officer_of(request))
    return redirect("case_record", reference)


@require_http_methods(["GET", "POST"])
def reassign(request: HttpRequest, reference: str) -> HttpResponse:
    """Hand a case over to another officer."""
    officer = officer_of(request)
    typed = posted_or_restored(request)
    form = ReassignForm(typed)
    if request.method == "POST" and form.is_valid():
        try:
            submission.reassign(
                reference,
                by=officer,
                to=form.cleaned_data["warrant_number"],
                reason=form.cleaned_data["reason"],
            )
        except submission.NoSuchOfficer as refused:
            tell(request, form, refused, "warrant_number")
        else:
            return redirect("case", reference)
    found = _look(request, reference, page="reassign")
    access.require(officer, found, Right.REASSIGN)
    context = {
        "form": form,
        "title": "Hand this case over",
        "banner": banner_for(request, typed),
        "case": found,
        "submit_label": "Hand it over",
        "back_url": reverse("case", args=[reference]),
    }
    return render(request, "cases/reassign.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def crime_report_entry(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the entry for the crime report to be copied, and take the reference it was given there."""
    officer = officer_of(request)
    case = access.open_for(officer, reference, Right.ISSUE)
    typed = posted_or_restored(request)
    form = EntryForm(typed, initial={"entry_reference": case.crime_report_entry_reference or ""})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                record_crime_report_entry(reference, by=officer, entry_reference=form.cleaned_data["entry_reference"])
            except NotAllowed as refused:
                status = refused.answer_status
                tell(request, form, refused, "entry_reference")
            else:
                return redirect("case_issue", reference)
    found = _look(request, reference, page="crime report entry")
    require_entry(found, at=timezone.now())
    context = {
        "form": form,
        "title": "The entry for the crime report",
        "banner": banner_for(request, typed),
        "case": found,
        "text": entry_text(Record(found), status_changes_of(found), on=timezone.localdate()),
        "to_mark": entries_to_mark(voids_of(found)),
        "submit_label": "Save the reference",
        "back_url": reverse("case", args=[reference]),
        "keep_title": True,
    }
    return render(request, "cases/entry.html", context, status=status)


@require_http_methods(["GET", "POST"])
def issue_case(request: HttpRequest, reference: str) -> HttpResponse:
    """Take the signatures and issue."""
    officer = officer_of(request)
    now = timezone.now()
    found = access.open_for(officer, reference, Right.ISSUE)
    record = Record(found)
    needs_adult = needs_appropriate_adult(record, at=now)
    snapshot = latest_snapshot(found)
    digest = snapshot.digest if snapshot else ""
    typed = posted_or_restored(request)

    def asked(data: QueryDict | None) -> IssueForm:
        return IssueForm(
            data,
            signing_officer=officer,
            needs_adult=needs_adult,
            initial={"seen": digest},
            today=timezone.localdate(now),
        )

    form = asked(typed)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                seen = form.cleaned_data["seen"]
                sent_back = issue(reference, by=officer, signatures=_signatures(form), seen=seen)
            except (NotAllowed, Stale) as refused:
                # What is shown now is what the next press is bound to.
                data = request.POST.copy()
                data["seen"] = digest
                form, status = asked(data), refused.answer_status
                tell(request, form, refused)
            else:
                return redirect("case_result" if sent_back else "case", reference)
    found = _look(request, reference, page="issue")
    if found.status_now is not Status.READY:
        if found.status_now is Status.ISSUED:
            return redirect("case", reference)
        raise NotAllowed(f"This case is {found.status_now.phrase}, so it cannot be issued.", subject=found.subject)
    if entry_is_wanted(Record(found), at=now):
        context = {"title": "Make the entry on the crime report first", "sentence": EntryWanted.SENTENCE, "case": found}
        return render(request, "cases/entry_first.html", context, status=EntryWanted.status)
    context = _whole(request, found, at=now)
    context |= {
        "form": form,
        "title": "Issue the Community Resolution",
        "needs_adult": needs_adult,
        "read_out": [card for card in context["cards"] if card["slug"] in ("offences", "actions")],
        "submit_label": "Sign and issue",
        "back_url": reverse("case", args=[reference]),
    }
    context["banner"] = banner_for(request, typed)
    return render(request, "cases/issue.html", context, status=status)


def _signatures(form: IssueForm) -> Signatures:
    return Signatures(
        offender=form.cleaned_data["offender"],
        officer=form.cleaned_data["officer"],
        appropriate_adult=form.cleaned_data.get("appropriate_adult", ""),
        appropriate_adult_at=form.cleaned_data.get("appropriate_adult_at"),
    )


@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """Take what is searched for and lead to the results, whose address holds no name."""
    officer = officer_of(request)
    form = SearchForm(request.POST)
    if not form.is_valid():
        return render(request, "cases/found.html", {"form": form, "title": "Find a case", "lines": ()}, status=422)
    return redirect("case_found", keep_search(officer, form.cleaned_data["sought"]))


@require_GET
def found(request: HttpRequest, token: UUID) -> HttpResponse:
    """Show what a search found."""
    officer = officer_of(request)
    results = find(officer, token)
    context = {
        "form": SearchForm(initial={"sought": results.sought}),
        "title": "Search results",
        "results": results,
        "back_url": reverse("desk"),
        "searched": True,
        "may_record": officer.has_role(Role.RECORDING_OFFICER),
        # A restricted case that authority was asked for opens from there, and only there.
        "decides": bool(DECIDING & officer.given_roles()),
    }
    return render(request, "cases/found.html", context)
