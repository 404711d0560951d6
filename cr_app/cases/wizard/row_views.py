"""Rows that repeat: list, add, change and remove offences, earlier disposals, victims and agreed actions."""

from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from cr_app.accounts import parked
from cr_app.accounts.roles import Right
from cr_app.accounts.signed_in import officer_of
from cr_app.cases import access, journey
from cr_app.cases.actions.answers import (
    ROWS,
    Saved,
    StaleAnswers,
    add_row,
    change_row,
    record_none,
    remove_row,
    require_draft,
    row_digest,
    row_named,
)
from cr_app.cases.judgement import rulebook_for
from cr_app.cases.queries import Record
from cr_app.cases.questions import QUESTIONS
from cr_app.cases.reasons import banner_for, keep, restored, tell
from cr_app.cases.review import action_text, shown
from cr_app.cases.wizard.forms import ROW_FORMS, RowForm
from cr_app.cases.wizard.forms.base import Asking
from cr_app.cases.wizard.forms.rows import COMMUNITY
from cr_app.cases.wizard.offence_options import LONGEST_SEARCH, note_on, options_for
from cr_app.cases.wizard.places import address_of, row_address
from cr_app.cases.wizard.views import StepView, after_save, going_on, open_draft
from cr_app.cases.wizard.whereabouts import context_of
from cr_app.pages.refusals import AccessDenied, NotAllowed, Stale

_WORDS = {
    "offence": ("Which offence?", "Add another offence", "Change the offence", "Remove this offence?"),
    "disposal": ("An earlier disposal", "Add another disposal", "Change the disposal", "Remove this disposal?"),
    "victim": ("The victim", "Add another victim", "Change the victim", "Remove this victim?"),
    "action": ("What is agreed", "Add another action", "Change the action", "Remove this action?"),
}
_FIELDS = {
    "disposal": ("kind", "given_on", "offence_code"),
    "victim": tuple(QUESTIONS[key].field for key in journey.VICTIM_KEYS),
    "action": ("remedy", "undertaking", "amount", "victim_id", "due_on"),
    "offence": ("offence_type", "encouraging_or_assisting"),
}


def row_of(slug: str) -> str:
    """Return the row that a step repeats; raises AccessDenied for a step that repeats none."""
    step = journey.step_named(slug)
    if step is None or not step.rows:
        raise AccessDenied("No such page.")
    return step.rows


def step_or_rows(request: HttpRequest, reference: str, slug: str) -> HttpResponseBase:
    """Answer a step's address: the list of its rows where it repeats, its questions otherwise."""
    step = journey.step_named(slug)
    return list_rows(request, reference, slug) if step and step.rows else _step(request, reference=reference, slug=slug)


_step = StepView.as_view()


@require_GET
def list_rows(request: HttpRequest, reference: str, slug: str) -> HttpResponse:
    """List the rows of a step; where there are none, ask for the first at once."""
    row = row_of(slug)
    saved = open_draft(request, reference, page=slug)
    rows = _listed(saved.record, row)
    none_said = (row == "victim" and saved.record.case.has_no_victim) or (
        row == "action" and saved.record.case.has_no_actions
    )
    if not rows and not none_said:
        return redirect("case_row_add", reference, slug)
    page = journey.Page(slug)
    context = context_of(saved, page)
    context |= {
        "title": journey.STEP[slug].title,
        "rows": rows,
        "none_said": none_said,
        "add_words": _WORDS[row][1] if rows else _WORDS[row][0],
        "add_url": reverse("case_row_add", args=[reference, slug]),
        "continue_url": address_of(reference, journey.next_page(page, saved.situation)),
    }
    return render(request, "cases/rows.html", context)


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, reference: str, slug: str) -> HttpResponse:
    """Ask for one more row, and add it."""
    row = row_of(slug)
    if request.method == "GET":
        saved = open_draft(request, reference, page=slug)
        typed = restored(request)
        form = _form(request, row, saved.record, typed, initial=_starting_answers(row, saved.record))
        return _render(request, saved, row, form, banner=banner_for(request, typed))
    officer = officer_of(request)
    case = access.open_for(officer, reference, Right.EDIT)
    require_draft(case)
    form = _form(request, row, Record(case), request.POST)
    if "search" in request.POST:
        return _search(request, reference, row)
    if not form.is_valid():
        return _again(request, reference, row, form, status=422)
    try:
        if form.none_chosen:
            saved, pk = record_none(reference, by=officer, row=row), 0
        else:
            token = form.cleaned_data["token"] or uuid4()
            saved, pk = add_row(reference, by=officer, row=row, answers=form.row_answers, token=token)
    except (Stale, NotAllowed) as refused:
        data = request.POST.copy()
        data["token"] = str(uuid4())
        form = _form(request, row, Record(case), data)
        tell(request, form, refused)
        return _again(request, reference, row, form, status=refused.answer_status)
    if request.POST.get("then") == "another":
        return redirect("case_row_add", reference, slug)
    return after_save(saved, _leads_to(request, saved, row, slug, pk))


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, reference: str, slug: str, pk: int) -> HttpResponse:
    """Show one row and change it; an offence is removed and added instead."""
    row = row_of(slug)
    if row == "offence":
        raise AccessDenied("No such page.")
    if request.method == "GET":
        saved = open_draft(request, reference, page=slug)
        kept = row_named(saved.record, row, pk)
        typed = restored(request)
        initial = _answers_of(kept, row) | {"seen": row_digest(kept, _FIELDS[row])}
        form = _form(request, row, saved.record, typed, initial=initial, item=pk)
        return _render(request, saved, row, form, pk=pk, banner=banner_for(request, typed))
    officer = officer_of(request)
    case = access.open_for(officer, reference, Right.EDIT)
    require_draft(case)
    record = Record(case)
    try:
        row_named(record, row, pk)
    except AccessDenied:
        if parked.shown_to_whom(request) != officer.pk:
            raise
        return _removed_meanwhile(request, record, row, slug)
    form = _form(request, row, record, request.POST, item=pk)
    if not form.is_valid():
        return _again(request, reference, row, form, status=422, pk=pk)
    try:
        saved = change_row(
            reference, by=officer, row=row, pk=pk, answers=form.row_answers, seen=form.cleaned_data["seen"]
        )
    except StaleAnswers as stale:
        return _conflict(request, stale, row, pk, form)
    except NotAllowed as refused:
        tell(request, form, refused)
        return _again(request, reference, row, form, status=refused.answer_status, pk=pk)
    return after_save(saved, _leads_to(request, saved, row, slug, pk))


def _removed_meanwhile(request: HttpRequest, record: Record, row: str, slug: str) -> HttpResponse:
    """Offer what was typed about a row that is gone as a new one."""
    data = request.POST.copy()
    data["token"] = str(uuid4())
    form = _form(request, row, record, data)
    gone = Stale(
        "This was removed while you had it open. Save what is below to add it again, or leave the page.",
        subject=record.case.subject,
    )
    tell(request, form, gone)
    address = reverse("case_row_add", args=[record.case.reference, slug])
    saved = open_draft(request, record.case.reference, page=slug)
    return _render(request, saved, row, form, status=gone.answer_status, action_url=address)


@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, reference: str, slug: str, pk: int) -> HttpResponse:
    """Ask whether to remove a row, and remove it."""
    row = row_of(slug)
    refused_sentence = ""
    if request.method == "POST":
        officer = officer_of(request)
        require_draft(access.open_for(officer, reference, Right.EDIT))
        try:
            remove_row(reference, by=officer, row=row, pk=pk)
        except NotAllowed as refused:
            keep(request, refused)
            refused_sentence = refused.sentence
        else:
            return redirect("case_step", reference, slug)
    saved = open_draft(request, reference, page=slug)
    row_named(saved.record, row, pk)
    context = context_of(saved, journey.Page(slug))
    lines = [line for line in _listed(saved.record, row) if line["pk"] == pk]
    context |= {
        "title": _WORDS[row][3],
        "lines": lines,
        "refused": refused_sentence,
        "back_url": address_of(reference, journey.Page(slug)),
    }
    return render(request, "cases/remove.html", context, status=403 if refused_sentence else 200)


@require_GET
def suggest_offences(request: HttpRequest) -> HttpResponse:
    """Return a piece of page with the offence types that a search finds, for scripts; it names no case."""
    officer = officer_of(request)
    today = timezone.localdate()
    sought = request.GET.get("q", "")[:LONGEST_SEARCH]
    rulebook = rulebook_for(officer.force_id, on=today)
    found = options_for(sought, rulebook, force_code=officer.force_id, on=today)
    return render(request, "cases/_offence_options.html", {"options": found, "sought": sought})


def _search(request: HttpRequest, reference: str, row: str) -> HttpResponse:
    saved = open_draft(request, reference, page="offences")
    chosen = {
        "token": request.POST.get("token") or uuid4(),
        "encouraging_or_assisting": request.POST.get("encouraging_or_assisting"),
    }
    form = _form(request, row, saved.record, None, initial=chosen)
    return _render(request, saved, row, form, sought=request.POST.get("sought", "")[:LONGEST_SEARCH])


def _form(
    request: HttpRequest,
    row: str,
    record: Record,
    typed: QueryDict | None,
    *,
    initial: dict[str, Any] | None = None,
    item: int | None = None,
) -> RowForm:
    today = timezone.localdate()
    asking = Asking(officer_of(request), today, rulebook_for(record.case.force_id, on=today), record, item)
    return ROW_FORMS[row](typed, asking=asking, initial=initial)


def _render(
    request: HttpRequest,
    saved: Saved,
    row: str,
    form: RowForm,
    *,
    pk: int | None = None,
    banner: dict[str, str] | None = None,
    status: int = 200,
    sought: str = "",
    **more: Any,
) -> HttpResponse:
    slug = {"offence": "offences", "disposal": "disposals", "victim": "victims", "action": "actions"}[row]
    context = context_of(saved, journey.Page(slug))
    context |= {"form": form, "title": _WORDS[row][2 if pk else 0], "banner": banner, "row": row, **more}
    context["can_add_another"] = pk is None
    if pk is not None:
        context["remove_url"] = reverse("case_row_remove", args=[saved.record.case.reference, slug, pk])
    if row == "offence":
        today = timezone.localdate()
        rulebook = rulebook_for(saved.record.case.force_id, on=today)
        context |= {
            "options": options_for(sought, rulebook, force_code=saved.record.case.force_id, on=today),
            "sought": sought,
            "chosen": request.POST.get("offence_type", ""),
            "listed": _listed(saved.record, row),
            "suggest_url": reverse("offence_suggestions"),
        }
        return render(request, "cases/offence.html", context, status=status)
    return render(request, "cases/row.html", context, status=status)


def _again(
    request: HttpRequest, reference: str, row: str, form: RowForm, *, status: int, pk: int | None = None
) -> HttpResponse:
    saved = open_draft(request, reference, page=ROWS[row])
    return _render(request, saved, row, form, status=status, pk=pk, sought=request.POST.get("sought", "")[:100])


def _conflict(request: HttpRequest, stale: StaleAnswers, row: str, pk: int, form: RowForm) -> HttpResponse:
    keep(request, stale)
    saved = open_draft(request, stale.record.case.reference, page=ROWS[row])
    kept = row_named(saved.record, row, pk)
    theirs, yours = _answers_of(kept, row), form.row_answers | form.cleaned_data
    rows = []
    for key in form.asked_keys():
        question = QUESTIONS[key]
        one = {
            "question": question.text,
            "theirs": _words(saved.record, key, theirs),
            "yours": _words(saved.record, key, yours),
        }
        if one["theirs"] != one["yours"]:
            rows.append(one)
    data = request.POST.copy()
    data["seen"] = row_digest(kept, _FIELDS[row])
    mine = _form(request, row, saved.record, data, item=pk)
    slug = journey.Page({"disposal": "disposals", "victim": "victims", "action": "actions"}[row])
    return _render(
        request,
        saved,
        row,
        mine,
        pk=pk,
        status=409,
        conflict=rows,
        conflict_sentence=stale.sentence,
        keep_theirs_url=address_of(saved.record.case.reference, slug),
    )


def _words(record: Record, key: str, answers: dict[str, Any]) -> str:
    question = QUESTIONS[key]
    value = answers.get(question.field)
    if key == "action.for_whom":
        names = {str(victim.pk): victim.name for victim in record.victims}
        return names.get(str(value), "The community, or nobody in particular")
    return shown(question, value)


def _answers_of(kept: Any, row: str) -> dict[str, Any]:
    answers = {name: getattr(kept, name) for name in _FIELDS[row]}
    if row == "action":
        answers["for_whom"] = str(kept.victim_id) if kept.victim_id else COMMUNITY
    return answers


def _starting_answers(row: str, record: Record) -> dict[str, Any]:
    """Return what a new row starts with: the only victim, for an action. Nothing that is a decision is ticked."""
    if row == "action" and len(record.victims) == 1:
        return {"for_whom": str(record.victims[0].pk)}
    return {}


def _leads_to(request: HttpRequest, saved: Saved, row: str, slug: str, pk: int) -> str:
    safeguards = journey.Page(journey.VICTIM_SAFEGUARDS, pk)
    if row == "victim" and safeguards in journey.path(saved.situation) and request.POST.get("then") != "tasks":
        return address_of(saved.record.case.reference, safeguards)
    return going_on(request, saved, journey.Page(slug))


def _listed(record: Record, row: str) -> list[dict[str, Any]]:
    reference = record.case.reference
    today = timezone.localdate()
    lines: list[dict[str, Any]] = []
    match row:
        case "offence":
            lines = [
                {
                    "pk": offence.pk,
                    "text": str(offence),
                    "hint": f"{offence.offence_type.statute}, {offence.offence_type.mode_of_trial}",
                    "note": note_on(offence.offence_type, rulebook_for(record.case.force_id, on=today), on=today),
                }
                for offence in record.offences
            ]
        case "disposal":
            kinds = QUESTIONS["disposal.kind"]
            lines = [
                {
                    "pk": disposal.pk,
                    "text": f"{kinds.text_of(disposal.kind)}, {disposal.given_on:%-d %B %Y}",
                    "hint": disposal.offence_code or "Offence not known",
                }
                for disposal in record.disposals
            ]
        case "victim":
            lines = [{"pk": victim.pk, "text": victim.name, "hint": _victim_hint(victim)} for victim in record.victims]
        case _:
            lines = [{"pk": action.pk, "text": action_text(action), "hint": ""} for action in record.actions]
    slug = {"offence": "offences", "disposal": "disposals", "victim": "victims", "action": "actions"}[row]
    for line in lines:
        line["change_url"] = "" if row == "offence" else row_address(reference, slug, line["pk"])
        line["remove_url"] = reverse("case_row_remove", args=[reference, slug, line["pk"]])
    return lines


def _victim_hint(victim: Any) -> str:
    if victim.consulted is None:
        return "Not asked yet: open this victim to record their views"
    return "Consulted" if victim.consulted else "Not consulted, with the reason"
