"""The pages of the record: the task list, and one question page a step."""

from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cr_app.accounts.roles import Right, Role
from cr_app.accounts.signed_in import officer_of
from cr_app.cases import access, journey
from cr_app.cases.actions.answers import (
    Saved,
    StaleAnswers,
    keys_of,
    read_case,
    require_draft,
    row_named,
    save_answers,
    seen_digest,
)
from cr_app.cases.actions.start import start_another, start_case
from cr_app.cases.facts import brought_by_offences
from cr_app.cases.judgement import rulebook_for
from cr_app.cases.presenting.given import question_asked
from cr_app.cases.queries import Record
from cr_app.cases.questions import GROUNDS, QUESTIONS
from cr_app.cases.reasons import banner_for, keep, restored, tell
from cr_app.cases.review import shown
from cr_app.cases.wizard import early
from cr_app.cases.wizard.forms import STEP_FORMS, StepForm
from cr_app.cases.wizard.forms.base import Asking, initial_of
from cr_app.cases.wizard.forms.start import NewCaseForm, token_in
from cr_app.cases.wizard.places import address_of, title_of
from cr_app.cases.wizard.whereabouts import context_of, tasks_of
from cr_app.pages.refusals import AccessDenied, NotAllowed, Stale


def sitting_of(request: HttpRequest) -> str:
    """Return the digest of this sitting."""
    return access.sitting_digest(request.session.session_key)


def open_draft(request: HttpRequest, reference: str, *, page: str) -> Saved:
    """Return a draft of one's own for a page that changes it, and record the look.

    Raises AccessDenied as the door does, and NotAllowed where it is not the officer's to change or no longer a draft.
    """
    officer = officer_of(request)
    case = access.look(officer, reference, page=page, sitting=sitting_of(request), path=request.path)
    access.require(officer, case, Right.EDIT)
    require_draft(case)
    return read_case(case, at=timezone.now())


def after_save(saved: Saved, next_address: str) -> HttpResponse:
    """Go on, or to the result page when the answer has just decided the verdict."""
    now = saved.assessment.verdict
    if now in early.STOPS and now != saved.verdict_before:
        return redirect("case_result", saved.record.case.reference)
    return redirect(next_address)


def going_on(request: HttpRequest, saved: Saved, page: journey.Page) -> str:
    """Return where a saved page leads: the next page that is not done, or the task list where that was asked for."""
    reference = saved.record.case.reference
    if request.POST.get("then") == "tasks":
        return reverse("case_record", args=[reference])
    return address_of(reference, journey.next_page(page, saved.situation))


@require_http_methods(["GET", "POST"])
def new_case(request: HttpRequest) -> HttpResponse:
    """Ask for the crime report and the unit, and start a case."""
    officer = officer_of(request)
    if not officer.has_role(Role.RECORDING_OFFICER):
        raise NotAllowed("Your account may not record cases. Ask your administrator for the recording officer's role.")
    typed = request.POST if request.method == "POST" else restored(request)
    asking = Asking(officer, timezone.localdate(), rulebook_for(officer.force_id, on=timezone.localdate()))
    form = NewCaseForm(typed, asking=asking, initial={"unit": str(officer.unit_id), "token": uuid4()})
    context: dict[str, Any] = {
        "form": form,
        "title": "Start a record",
        "caption": "Start",
        "back_url": reverse("desk"),
        "banner": banner_for(request, typed),
    }
    if request.method == "POST" and form.is_valid():
        try:
            reference = start_case(
                by=officer,
                crime_report_reference=form.cleaned_data["crime_report_reference"],
                unit_id=form.cleaned_data["unit"],
                token=form.cleaned_data["token"] or uuid4(),
            )
        except Stale as stale:
            keep(request, stale)
            form = form.sent_again(stale.sentence)
            return render(request, "cases/new.html", context | {"form": form}, status=stale.answer_status)
        return redirect("case_step", reference, "incident")
    return render(request, "cases/new.html", context, status=_status_of(form, request))


@require_POST
def copy_case(request: HttpRequest, reference: str) -> HttpResponse:
    """Start another record from this incident, for a co-offender."""
    copied = start_another(reference, by=officer_of(request), token=token_in(request.POST))
    return redirect("case_record", copied)


@require_GET
def task_list(request: HttpRequest, reference: str) -> HttpResponse:
    """Show what is done and what is left."""
    saved = open_draft(request, reference, page="task list")
    context = context_of(saved, None)
    context |= {"title": "Record a Community Resolution", "tasks": tasks_of(saved), "back_url": reverse("desk")}
    return render(request, "cases/tasks.html", context)


@method_decorator(require_http_methods(["GET", "POST"]), name="dispatch")
class StepView(View):
    """One page of questions: shows the answers saved so far, and saves what is posted."""

    page: journey.Page
    form_class: type[StepForm]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Find the page; one that does not exist is not found."""
        slug = kwargs.get("slug", journey.VICTIM_SAFEGUARDS)
        if slug not in STEP_FORMS or (slug == journey.VICTIM_SAFEGUARDS) != ("pk" in kwargs):
            raise AccessDenied("No such page.")
        self.form_class = STEP_FORMS[slug]
        self.page = journey.Page(slug, kwargs.get("pk"))
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, reference: str, **kwargs: Any) -> HttpResponse:
        """Show the page, with what was typed before the session ended where something was."""
        saved = open_draft(request, reference, page=self.page.slug)
        typed = restored(request)
        form = self._form(request, saved.record, typed)
        return self._render(request, saved, form, banner=banner_for(request, typed))

    def post(self, request: HttpRequest, reference: str, **kwargs: Any) -> HttpResponse:
        """Save the answers, or show the page again with what is wrong, or with what someone else saved meanwhile."""
        officer = officer_of(request)
        case = access.open_for(officer, reference, Right.EDIT)
        require_draft(case)
        record = Record(case)
        form = self._form(request, record, request.POST)
        if not form.is_valid():
            return self._again(request, reference, form, status=422)
        try:
            seen = form.cleaned_data["seen"]
            saved = save_answers(reference, by=officer, page=self.page, answers=form.answers, seen=seen, read=record)
        except StaleAnswers as stale:
            return self._conflict(request, stale, form)
        except NotAllowed as refused:
            tell(request, form, refused)
            return self._again(request, reference, form, status=refused.answer_status)
        return after_save(saved, going_on(request, saved, self.page))

    def _again(self, request: HttpRequest, reference: str, form: StepForm, *, status: int) -> HttpResponse:
        saved = open_draft(request, reference, page=self.page.slug)
        return self._render(request, saved, form, status=status)

    def _form(self, request: HttpRequest, record: Record, typed: QueryDict | None) -> StepForm:
        today = timezone.localdate()
        rulebook = rulebook_for(record.case.force_id, on=today)
        asking = Asking(officer_of(request), today, rulebook, record, self.page.item)
        rows: dict[str, object] = {"case": record.case, "offender": record.offender}
        if self.page.item is not None:
            rows["victim"] = row_named(record, "victim", self.page.item)
        keys = keys_of(self.page, record, on=today)
        if self.page.slug == "exception":
            rows[GROUNDS] = {grounds.rule: grounds.circumstances for grounds in record.grounds}
        initial = initial_of([asking.questions[key] for key in keys], rows) | {
            "seen": seen_digest(record, keys, self.page.item)
        }
        return self.form_class(typed, asking=asking, initial=initial)

    def _render(
        self,
        request: HttpRequest,
        saved: Saved,
        form: StepForm,
        *,
        banner: dict[str, str] | None = None,
        status: int = 200,
        **more: Any,
    ) -> HttpResponse:
        context = context_of(saved, self.page)
        context |= {"form": form, "title": title_of(self.page), "banner": banner, **more}
        if self.page == early.EXCEPTION:
            context["lead"] = early.lead_of_exception(saved)
        if self.page == journey.QUESTION:
            # The question stands right above its answer: what the rules say was told before the case was submitted.
            context |= {"asked": question_asked(saved.record.case), "keep_title": True, "early": None}
        if self.page.slug == "circumstances":
            context["brought"] = _brought_lines(saved)
        if self.page.slug in ("history", "same-report"):
            context["earlier_cases"] = saved.record.earlier_cases_shown
            access.record_list(
                officer_of(request), [each.reference for each in saved.record.earlier_cases_shown], page=self.page.slug
            )
        if self.page.item is not None:
            context["about"] = str(row_named(saved.record, "victim", self.page.item))
        return render(request, "cases/step.html", context, status=status)

    def _conflict(self, request: HttpRequest, stale: StaleAnswers, form: StepForm) -> HttpResponse:
        keep(request, stale)
        saved = open_draft(request, stale.record.case.reference, page=self.page.slug)
        theirs = self._form(request, saved.record, None)
        given = form.answers
        rows = [
            {
                "question": question.text,
                "theirs": shown(question, theirs.initial.get(question.name)),
                "yours": shown(question, given[key]),
            }
            for key, question in ((key, form.asking.questions[key]) for key in given)
        ]
        data = request.POST.copy()
        data["seen"] = theirs.initial["seen"]
        mine = self._form(request, saved.record, data)
        differing = [row for row in rows if row["theirs"] != row["yours"]]
        return self._render(
            request,
            saved,
            mine,
            status=409,
            conflict=differing,
            conflict_sentence=stale.sentence,
            keep_theirs_url=address_of(saved.record.case.reference, journey.next_page(self.page, saved.situation)),
        )


def _brought_lines(saved: Saved) -> list[dict[str, str]]:
    return [
        {"key": QUESTIONS[f"case.{name}"].text, "value": f"Yes: {title} brings it."}
        for name, title in brought_by_offences(saved.record).items()
    ]


def _status_of(form: StepForm, request: HttpRequest) -> int:
    return 422 if request.method == "POST" and form.errors else 200
