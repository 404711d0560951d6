"""The result page, check your answers, and submitting."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from cr_app.accounts.signed_in import officer_of
from cr_app.cases import access, journey
from cr_app.cases.actions import submission
from cr_app.cases.actions.submission import NotReady, Review, Submit, prepare_review
from cr_app.cases.judgement import deciding, rulebook_for
from cr_app.cases.lifecycle import Status
from cr_app.cases.presenting.given import notice_of_submitting
from cr_app.cases.questions import ASKED
from cr_app.cases.reasons import tell
from cr_app.cases.review import NOT_ANSWERED, Section
from cr_app.cases.wizard import early
from cr_app.cases.wizard.forms.start import DeclarationForm
from cr_app.cases.wizard.places import address_of, row_address, title_of
from cr_app.cases.wizard.views import open_draft
from cr_app.cases.wizard.whereabouts import context_of
from cr_app.pages.refusals import Stale
from cr_app.policy.assessment import Verdict

_WHAT_SUBMITTING_DOES = {
    Verdict.AVAILABLE: "When you submit, the case is ready to issue.",
    Verdict.AUTHORITY_REQUIRED: "When you submit, the case waits for authority. It cannot be issued before that is given.",
    Verdict.REFERRAL_REQUIRED: "When you submit, the case goes to professional standards. Only you and they can then "
    "see it.",
}
_KEPT = "When you submit, the case is ready at once: nothing has changed, so the authority given stands."


def what_submitting_does(review: Review) -> str:
    """Return what follows when a case is submitted as it is reviewed; "" where it cannot be."""
    is_kept = review.record.case.authority_decision is not None and not review.voided
    if is_kept and review.verdict is Verdict.AVAILABLE:
        return _KEPT
    return _WHAT_SUBMITTING_DOES.get(review.verdict, "")


@require_GET
def result(request: HttpRequest, reference: str) -> HttpResponse:
    """Show what every rule says of the case so far: one card a rule."""
    saved = open_draft(request, reference, page="result")
    rulebook = rulebook_for(saved.record.case.force_id, on=timezone.localdate())
    titles = {rule.id: rule.title for rule in rulebook.rules}
    left = journey.pages_left(saved.situation)
    verdict = saved.assessment.verdict
    context = context_of(saved, None)
    context |= {
        "title": early.heading_of(verdict),
        "verdict": str(verdict),
        "buttons": early.buttons_of(saved, left[0] if left else journey.CHECK),
        "next_step": early.next_step_of(saved),
        "deciding": deciding(saved.assessment)
        if verdict in early.STOPS or str(verdict) == "requirements_unmet"
        else (),
        "piles": early.piles_of(early.cards_of(saved.assessment, titles)),
        "rulebook": rulebook,
        "continue_url": address_of(reference, left[0] if left else journey.CHECK),
        "check_url": address_of(reference, journey.CHECK),
        "early": None,
    }
    return render(request, "cases/result.html", context)


@require_http_methods(["GET", "POST"])
def check(
    request: HttpRequest, reference: str, submit: Submit = submission.submit, waiting_at: str = "case"
) -> HttpResponse:
    """Show every answer with a way to change it, take the declaration, and submit as the address was told to.

    `waiting_at` names the page that a case leads to which then waits for somebody's decision.
    """
    form = DeclarationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            status = submit(reference, by=officer_of(request), seen=form.cleaned_data["seen"])
        except (Stale, NotReady) as refused:
            tell(request, form, refused)
        else:
            waits = status in (Status.AWAITING_AUTHORITY, Status.REFERRED)
            return redirect(waiting_at if waits else "case", reference)
    saved = open_draft(request, reference, page="check")
    access.record_list(officer_of(request), [each.reference for each in saved.record.earlier_cases_shown], page="check")
    review = prepare_review(saved.record.case, on=timezone.localdate())
    context = context_of(saved, journey.CHECK)
    context |= {
        "form": form,
        "seen": review.digest,
        "title": "Check your answers",
        "caption": "Check and submit",
        "cards": [_card_of(reference, section) for section in review.sections],
        "open_pages": [{"title": title_of(page), "url": address_of(reference, page)} for page in review.open_pages],
        "blocks": review.blocks,
        "may_submit": review.may_submit,
        "what_follows": what_submitting_does(review),
    }
    context["notices"] += [notice_of_submitting(each) for each in review.voided]
    return render(request, "cases/check.html", context, status=409 if form.errors else 200)


def _card_of(reference: str, section: Section) -> dict[str, Any]:
    rows = []
    for answer in section.answers:
        if answer.slug == journey.VICTIM_SAFEGUARDS:
            url = address_of(reference, journey.Page(answer.slug, answer.item))
        elif answer.item is not None and answer.slug != "offences":
            url = row_address(reference, answer.slug, answer.item)
        else:
            url = address_of(reference, journey.Page(answer.slug))
        # What was asked is its asker's to word.
        url = "" if answer.key == ASKED else url
        rows.append({"key": answer.question, "value": answer.answer, "change_url": url, "change_what": answer.question})
    return {"title": section.title, "rows": rows, "is_open": any(row["value"] == NOT_ANSWERED for row in rows)}
