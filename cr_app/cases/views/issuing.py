"""The entry for the crime report, the signatures, and the issue."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cr_app.accounts.roles import Right
from cr_app.accounts.signed_in import officer_of
from cr_app.cases import access
from cr_app.cases.actions.authority import record_crime_report_entry, require_entry
from cr_app.cases.actions.issue import EntryWanted, Signatures, entry_is_wanted, issue, needs_appropriate_adult
from cr_app.cases.documents.crime_report_entry import entry_text
from cr_app.cases.forms import EntryForm, IssueForm
from cr_app.cases.lifecycle import Status
from cr_app.cases.presenting.given import entries_to_mark
from cr_app.cases.queries import Record, latest_snapshot, status_changes_of, voids_of
from cr_app.cases.reasons import banner_for, tell
from cr_app.cases.views.looking import look, posted_or_restored, whole_page
from cr_app.pages.refusals import NotAllowed, Stale


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
    found = look(request, reference, page="crime report entry")
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
    found = look(request, reference, page="issue")
    if found.status_now is not Status.READY:
        if found.status_now is Status.ISSUED:
            return redirect("case", reference)
        raise NotAllowed(f"This case is {found.status_now.phrase}, so it cannot be issued.", subject=found.subject)
    if entry_is_wanted(Record(found), at=now):
        context = {"title": "Make the entry on the crime report first", "sentence": EntryWanted.SENTENCE, "case": found}
        return render(request, "cases/entry_first.html", context, status=EntryWanted.status)
    context = whole_page(request, found, at=now)
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
