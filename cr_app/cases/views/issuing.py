"""The entry for the crime report, the signatures and the issue, or that somebody would not sign."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cr_app.accounts.roles import Right
from cr_app.accounts.signed_in import officer_of
from cr_app.cases import access
from cr_app.cases.actions.authority import record_crime_report_entry, require_entry
from cr_app.cases.actions.issue import EntryWanted, entry_is_wanted, issue, needs_appropriate_adult
from cr_app.cases.actions.refusing import record_signing_refused
from cr_app.cases.documents.composing import reading_sheet, told_of
from cr_app.cases.documents.crime_report_entry import entry_text
from cr_app.cases.documents.sheets import digest_of
from cr_app.cases.forms import EntryForm
from cr_app.cases.forms.signing import IN_LANGUAGE, IssueForm, SigningRefusedForm, is_adult_in, language_of
from cr_app.cases.lifecycle import Status
from cr_app.cases.presenting.given import entries_to_mark
from cr_app.cases.presenting.signing import issue_page, refused_page, words_for
from cr_app.cases.queries import Record, latest_snapshot, status_changes_of, voids_of
from cr_app.cases.reasons import banner_for, keep, tell
from cr_app.cases.views.looking import look, posted_or_restored
from cr_app.pages.refusals import NotAllowed, Stale

ISSUED = "Issued. Print the documents now, and hand the offender's copy over."


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
    """Read it out in English or Welsh, take the signatures and issue."""
    officer = officer_of(request)
    now = timezone.now()
    found = access.open_for(officer, reference, Right.ISSUE)
    typed = posted_or_restored(request)
    # Asked for in the other language, the page keeps what was typed and says nothing of it yet.
    is_turned = typed is not None and IN_LANGUAGE in typed
    language = language_of(typed, request.GET)

    def asked(record: Record, data: QueryDict | None, shown: dict[str, str]) -> IssueForm:
        with_adult = needs_appropriate_adult(record, at=now) or is_adult_in(data)
        return IssueForm(
            None if is_turned else data,
            kept=data if is_turned else None,
            signing_officer=officer,
            with_adult=with_adult,
            words=words_for(record, language=language, with_adult=with_adult, at=now),
            initial={**shown, "language": language},
            today=timezone.localdate(now),
        )

    sent, refusal, status = None, None, 200
    if request.method == "POST" and not is_turned:
        sent, status = asked(Record(found), typed, {}), 422
        if sent.is_valid():
            try:
                sent_back = issue(reference, by=officer, signatures=sent.signatures, seen=sent.cleaned_data["seen"])
            except EntryWanted as refused:
                # The page that says so shows no form on which to say it.
                keep(request, refused)
            except (NotAllowed, Stale) as refused:
                refusal, status = refused, refused.answer_status
            else:
                if sent_back:
                    return redirect("case_result", reference)
                if found.status_now is Status.READY:
                    messages.success(request, ISSUED)
                return redirect("case", reference)
    found = look(request, reference, page="issue")
    if found.status_now is not Status.READY:
        if found.status_now is Status.ISSUED:
            return redirect("case", reference)
        raise NotAllowed(f"This case is {found.status_now.phrase}, so it cannot be issued.", subject=found.subject)
    if entry_is_wanted(Record(found), at=now):
        context = {"title": "Make the entry on the crime report first", "sentence": EntryWanted.SENTENCE, "case": found}
        return render(request, "cases/entry_first.html", context, status=EntryWanted.status)
    reading = reading_sheet(told_of(found), language=language, at=now)
    snapshot = latest_snapshot(found)
    shown = {"seen": snapshot.digest if snapshot else "", "read": digest_of(reading.content())}
    if refusal is not None:
        # What is shown now is what the next press is bound to.
        data = request.POST.copy()
        for name, digest in shown.items():
            data[name] = digest
        form = asked(Record(found), data, shown)
        tell(request, form, refusal)
    else:
        form = sent or asked(Record(found), typed, shown)
    context = issue_page(found, form, reading, at=now)
    context["banner"] = banner_for(request, typed)
    return render(request, "cases/issue.html", context, status=status)


@require_http_methods(["GET", "POST"])
def signing_refused(request: HttpRequest, reference: str) -> HttpResponse:
    """Record that the offender or the appropriate adult would not sign, and say what may be done."""
    officer = officer_of(request)
    now = timezone.now()
    found = access.open_for(officer, reference, Right.ISSUE)
    typed = posted_or_restored(request)
    needs_adult = needs_appropriate_adult(Record(found), at=now)
    form = SigningRefusedForm(typed, needs_adult=needs_adult)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                record_signing_refused(
                    reference,
                    by=officer,
                    token=form.cleaned_data["token"] or uuid4(),
                    role=form.signer,
                    said=form.cleaned_data["said"],
                )
            except (NotAllowed, Stale) as refused:
                data = request.POST.copy()
                data["token"] = str(uuid4())
                form, status = SigningRefusedForm(data, needs_adult=needs_adult), refused.answer_status
                tell(request, form, refused)
            else:
                return redirect("case_signing_refused", reference)
    found = look(request, reference, page="signing refused")
    if found.status_now is not Status.READY:
        raise NotAllowed(f"This case is {found.status_now.phrase}: there is nothing to sign.", subject=found.subject)
    context = refused_page(found, form, on=timezone.localdate(now))
    context["banner"] = banner_for(request, typed)
    return render(request, "cases/signing_refused.html", context, status=status)
