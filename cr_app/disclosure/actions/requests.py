"""Take in a request, change it, work its table out, and decide on single cells."""

import json
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.accounts.roles import Duty
from cr_app.audit import trail
from cr_app.audit.trail import Change
from cr_app.disclosure import access
from cr_app.disclosure.actions.numbers import lock_numbers
from cr_app.disclosure.actions.open_requests import at_work, keeping, lock_open, require_open
from cr_app.disclosure.asked import Asked, BadRequest, Group, TookTooLong, checked
from cr_app.disclosure.models import CellChoice, InformationRequest, WorkedOut
from cr_app.disclosure.queries.desk import asked_of, choices_of
from cr_app.disclosure.queries.records import is_force, unknown_codes, years_empty_then
from cr_app.disclosure.queries.state import State, latest_worked_out, next_part, released_of, state_of
from cr_app.disclosure.release_text import text_of
from cr_app.disclosure.releases import CannotProtect, Choice, Draft, earlier_releases, work_out
from cr_app.disclosure.tables import table_of
from cr_app.disclosure.working_days import due_on
from cr_app.pages.refusals import AccessDenied, Stale

# A form sent twice, as by a double click, is one request.
_TWICE = timedelta(minutes=1)
# The right to information: Freedom of Information Act 2000, section 1, in force from this day.
_ACT_IN_FORCE = date(2005, 1, 1)
_CHANGED = "Somebody else changed this request while you were on it."
_MOVED_ON = (
    "The request, a decision on a cell or the ledger changed while this was worked out, so it was not kept. Open the request, "
    "and work it out again if it is still open."
)
_SHORTER = "If it stays so, ask for a shorter period."
_OPENED = "Or somebody opened too much: {cells}. Taking that back may be enough."
_CHOSEN = {True: "kept back", False: "opened", None: "left as proposed"}


def check_asked(asked: Asked, *, on: date) -> Asked:
    """Return the request if the records can answer it on a day; raises BadRequest with the sentence to show."""
    checked(asked)
    if not is_force(asked.force):
        raise BadRequest(f"There is no force {asked.force!r}: give its code of two digits, such as 01.")
    if asked.period_to >= on:
        raise BadRequest("The period has not ended yet: choose a last day that is over, so that the answer stays true.")
    if asked.received_on < _ACT_IN_FORCE:
        raise BadRequest(
            f"The request was received before {_ACT_IN_FORCE:%Y}, when the Act came into force: check the day."
        )
    if asked.received_on > on:
        raise BadRequest("The request was received on a day to come: give the day on which it was received.")
    if asked.as_of is not None and asked.as_of > timezone.now():
        raise BadRequest("Cases cannot be counted as of a moment to come: choose one that is over.")
    if asked.as_of is not None and timezone.localdate(asked.as_of) <= asked.period_to:
        raise BadRequest(
            "Cases cannot be counted as they stood before the period was over, since 0 would be said of days to come: "
            "choose a later moment, or an earlier last day."
        )
    _check_moment(asked)
    check_codes(asked.groups)
    return asked


def make_request(asked: Asked, *, by: Officer, title: str = "") -> InformationRequest:
    """Take a request in as the next part of its reference, due 20 working days from receipt.

    The same request entered twice within a minute by one officer, as by a double click, is one. Raises NotAllowed without the
    duty, AccessDenied for another force, BadRequest for what cannot be answered.
    """
    access.require_duty(by, Duty.ANSWER_REQUESTS)
    _require_own(asked.force, by)
    check_asked(asked, on=timezone.localdate())
    with transaction.atomic():
        lock_numbers(asked.force, "parts", asked.reference)
        at = timezone.now()
        if (sent_before := _just_made(asked, by=by, title=title)) is not None:
            return sent_before
        made = InformationRequest.objects.create(
            force_id=asked.force,
            part=next_part(asked.force, asked.reference),
            title=title,
            **_columns(asked),
            made_by=by,
            made_at=at,
            changed_by=by,
            changed_at=at,
        )
        trail.record(
            "request.made",
            actor=by.as_actor(),
            subject=made.subject,
            changes=[Change("create", "request", str(made.pk), new=_kept(made))],
            details=made.named,
        )
        return made


def change_request(pk: int, asked: Asked, *, by: Officer, seen: int, title: str | None = None) -> InformationRequest:
    """Change what a request asks; `seen` is the version that was shown.

    Nothing happens where nothing differs. Raises Stale where somebody changed it meanwhile, NotAllowed once it is released,
    AccessDenied for another force's, BadRequest for what cannot be answered.
    """
    access.require_duty(by, Duty.ANSWER_REQUESTS)
    _require_own(asked.force, by)
    check_asked(asked, on=timezone.localdate())
    with transaction.atomic():
        lock_numbers(asked.force, "parts", asked.reference)
        request = lock_open(pk, by=by)
        before = _kept(request)
        wanted = _columns(asked) | {"title": request.title if title is None else title}
        is_same = all(getattr(request, name) == value for name, value in wanted.items())
        if request.version != seen and not is_same:
            raise Stale(_CHANGED, subject=request.subject)
        if is_same:
            return request
        if asked.reference != request.reference:
            wanted["part"] = next_part(asked.force, asked.reference)
        for name, value in wanted.items():
            setattr(request, name, value)
        request.version += 1
        request.changed_by, request.changed_at = by, timezone.now()
        request.save(update_fields=[*wanted, "version", "changed_by", "changed_at"])
        after = _kept(request)
        changed = [name for name in after if after[name] != before[name]]
        trail.record(
            "request.changed",
            actor=by.as_actor(),
            subject=request.subject,
            changes=[
                Change(
                    "update",
                    "request",
                    str(request.pk),
                    new={name: after[name] for name in changed},
                    old={name: before[name] for name in changed},
                )
            ],
            details=request.named,
        )
        return request


def work_out_request(pk: int, *, by: Officer) -> WorkedOut:
    """Work out the table of a request as the records and the ledger now are, and keep it.

    Within a minute what was worked out and still holds is returned as it is, so that a double click works it out once; after
    that the records are counted anew. Counting and protecting happen outside the transaction, which only keeps the result.
    Raises Stale if anything changed meanwhile, Busy while it is being worked out already, BadRequest and CannotProtect as
    `work_out` does, which the request keeps, NotAllowed and AccessDenied as the door does.
    """
    request = access.request_for(by, pk)
    state = state_of(request)
    require_open(request)
    last = latest_worked_out(request)
    if last is not None and _still_new(last, state):
        return last
    extracted_at = timezone.now()
    with at_work(pk, by=by):
        try:
            draft = drafted(request, extracted_at=extracted_at)
        except TookTooLong as error:
            raise TookTooLong(f"{error} {_SHORTER}") from error
        return _keep_draft(draft, state, pk=pk, by=by)


def _keep_draft(draft: Draft, state: State, *, pk: int, by: Officer) -> WorkedOut:
    """Keep what was worked out beside a state of things, unless that is another by now; raises Stale."""
    with keeping():
        request = access.lock_request(by, pk)
        if request.closed_at is not None or released_of(request) is not None or state_of(request) != state:
            raise Stale(_MOVED_ON, subject=request.subject)
        last = latest_worked_out(request)
        if last is not None and _still_new(last, state):
            return last
        kept = WorkedOut.objects.create(
            request=request,
            version=state.version,
            content=text_of(draft.content),
            why=draft.for_the_desk(),
            digest=draft.digest,
            extracted_at=draft.extracted_at,
            after=state.after,
            last_choice=state.last_choice,
            totals=state.totals,
            by=by,
            at=timezone.now(),
        )
        trail.record(
            "request.worked_out",
            actor=by.as_actor(),
            subject=request.subject,
            details=request.named | {"withheld": len(draft.table.withheld), "digest": draft.digest},
        )
        return kept


def drafted(request: InformationRequest, *, extracted_at: datetime) -> Draft:
    """Return the table of a request beside the ledger as it is, cases counted as of an extraction.

    Raises as `work_out` does, and BadRequest where nothing was in the records at the moment that was asked for; where values were
    opened, CannotProtect names them, since they may be why.
    """
    asked = asked_of(request)
    # What it counts may have been imported since it was asked.
    _check_moment(asked)
    choices = [Choice(each.row, each.column, each.is_withheld is True) for each in choices_of(request)]
    try:
        return work_out(
            asked,
            extracted_at=extracted_at,
            earlier=earlier_releases(request.force_id),
            choices=choices,
            part=request.part,
            title=request.title,
        )
    except CannotProtect as error:
        opened = [f"{each.row}, {each.column}" for each in choices if not each.is_withheld]
        if all(cell in str(error) for cell in opened):
            raise
        raise CannotProtect(f"{error} {_OPENED.format(cells='; '.join(opened))}") from error


def choose_cell(pk: int, *, by: Officer, row: str, column: str, is_withheld: bool | None, reason: str) -> CellChoice:
    """Keep a cell back, open it, or (None) take such a decision back; it is worked out again afterwards.

    The cell is one of the table that was last worked out, or one that was decided on; only a withheld one can be
    opened. The same decision sent twice is one. Raises BadRequest for no such cell, one to be opened that is shown, and a reason
    that is missing, NotAllowed once it is released.
    """
    access.require_duty(by, Duty.ANSWER_REQUESTS)
    if not reason.strip():
        raise BadRequest("Say why: whoever releases it reads the reason.")
    with transaction.atomic():
        request = lock_open(pk, by=by)
        last = latest_worked_out(request)
        if last is None:
            raise BadRequest("Work the table out first.")
        former = CellChoice.objects.filter(request=request, row=row, column=column).order_by("pk").last()
        if former is not None and (former.is_withheld, former.reason, former.by_id) == (is_withheld, reason, by.pk):
            return former
        is_decided = former is not None and former.is_withheld is not None
        if is_withheld is not None:
            _check_cell(last, row, column, is_withheld=is_withheld)
        elif not is_decided:
            raise BadRequest("Nobody has decided on this cell, so there is nothing to take back.")
        choice = CellChoice.objects.create(
            request=request,
            version=request.version,
            row=row,
            column=column,
            is_withheld=is_withheld,
            reason=reason,
            by=by,
            at=timezone.now(),
        )
        trail.record(
            "request.cell_chosen",
            actor=by.as_actor(),
            subject=request.subject,
            reason=reason,
            details=request.named | {"what": _CHOSEN[is_withheld], "row": row, "column": column},
        )
        return choice


def _just_made(asked: Asked, *, by: Officer, title: str) -> InformationRequest | None:
    """Return the same request if this officer made it within the last minute."""
    since = timezone.now() - _TWICE
    same = InformationRequest.objects.filter(
        force=asked.force, made_by=by, made_at__gt=since, version=1, title=title, **_columns(asked)
    )
    return same.order_by("-pk").first()


def _still_new(last: WorkedOut, state: State) -> bool:
    """Tell whether something was worked out just now, from what still holds."""
    return State.of(last) == state and timezone.now() - last.at < _TWICE


def _require_own(force: str, by: Officer) -> None:
    if force != by.force_id:
        raise AccessDenied("A request of another force.")


def _check_moment(asked: Asked) -> None:
    """Refuse a moment at which nothing of the period, or of one of its years, was in the records yet, since 0 would be said of it."""
    if years := years_empty_then(asked):
        what = "this period" if len(years) == len(asked.columns()) else " or ".join(years)
        raise BadRequest(
            f"No case of {what} was in the records at the moment as of which they are counted, since all of them were imported "
            "later: choose a later moment, or a period without it."
        )


def check_codes(groups: Iterable[Group]) -> None:
    """Want offence codes that a catalogue has; raises BadRequest for the first that none has."""
    unknown = unknown_codes(frozenset(code for group in groups for code in group.codes))
    if unknown:
        raise BadRequest(f"No catalogue has the offence code {unknown[0]}: check it.")


def _check_cell(last: WorkedOut, row: str, column: str, *, is_withheld: bool) -> None:
    """Refuse a cell that the table last worked out does not have, or one to be opened that it shows.

    One that is withheld already may be kept back for a reason of its own: it stays so where nothing else needs it any more.
    """
    table = table_of(json.loads(last.content))
    if row not in table.rows or column not in table.columns:
        raise BadRequest("The table that was last worked out has no such value: choose a row and a column of it.")
    value = table.values[table.rows.index(row)][table.columns.index(column)]
    if not is_withheld and value is not None:
        raise BadRequest("This value is not withheld, so there is nothing to open.")


def _columns(asked: Asked) -> dict[str, Any]:
    """Return what a request asks as the columns of its row."""
    return {
        "reference": asked.reference,
        "received_on": asked.received_on,
        "due_on": due_on(asked.received_on),
        "period_from": asked.period_from,
        "period_to": asked.period_to,
        "years": asked.years,
        "rows_by": asked.rows_by,
        "groups": [group.as_json() for group in asked.groups],
        "breakdown": asked.breakdown,
        "basis": asked.basis,
        "threshold": asked.threshold,
        "zeros": asked.zeros,
        "method": asked.method,
        "as_of": asked.as_of,
    }


def _kept(request: InformationRequest) -> dict[str, object]:
    """Return a request as the trail keeps it."""
    told = {"title": request.title, "part": request.part, **_columns(asked_of(request))}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in told.items()}
