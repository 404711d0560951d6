"""One person proposes what was worked out, another one releases it; what is downloaded of it is recorded."""

import json
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.accounts.queries import has_hand_in_account
from cr_app.accounts.roles import Duty
from cr_app.audit import trail
from cr_app.disclosure import access
from cr_app.disclosure.actions.numbers import lock_numbers
from cr_app.disclosure.actions.requests import drafted
from cr_app.disclosure.asked import BadRequest, TookTooLong
from cr_app.disclosure.models import InformationRequest, Proposal, PublishedTotal, Release
from cr_app.disclosure.queries.beside import withdrawn_near
from cr_app.disclosure.queries.state import (
    State,
    complete_imports,
    last_import,
    last_number,
    latest_proposal,
    latest_worked_out,
    released_of,
    state_of,
    totals_told,
    unused_choices,
)
from cr_app.disclosure.release_text import text_of
from cr_app.disclosure.releases import Draft, released_content, withdrawn_beside
from cr_app.pages.refusals import NotAllowed, Refusal, Stale

_OWN = "You proposed it, so somebody else releases it."
_HAND_IN_YOURS = (
    "Whoever proposed it has added or changed your account, or given it a password, so somebody else releases it."
)
_HAND_IN_THEIRS = "You have added or changed the account of whoever proposed it, or given it a password, so somebody else releases it."
_WITHDREW = (
    "You withdrew a total published elsewhere that the records give or gave, of a time that hangs together with this period, so "
    "somebody else releases it. You may propose it."
)
_ASK = "Ask another FOI analyst of your force."
_RELEASED = "It was released already, as number {number}."
_NOT_LAST = "What you have read is not what was worked out last. Read it again, then propose it."
_NOT_CURRENT = "Something that counts has changed since it was worked out: work it out again, then propose it."
_UNUSED = (
    "Somebody decided on cells that this table does not have any more: {cells}. Decide anew on the cells that it has, or take "
    "those decisions back, then work it out again."
)
_WORKED_OUT_SINCE = "It was worked out again since it was proposed: what came of that is proposed again first."
_OTHER_PROPOSAL = "Another table was proposed since you opened this page. Read that one, then release it."
_DIFFERS = (
    "Worked out again it is not the table that was proposed, because the ledger or the records have changed. Work it out "
    "again, and propose it again."
)
_WITHDRAWN_SINCE = (
    "A total published elsewhere was withdrawn, and since this was proposed it was withdrawn or cases were imported that it may "
    "count. It is worked out and proposed again first, so that both of you read of it."
)
_BUSY = "Others are releasing at this moment. Try again."
# How often another release may come between working out and releasing before the officer is asked to try again.
_TRIES = 3


def propose(pk: int, *, by: Officer, note: str, worked_out: int) -> Proposal:
    """Propose to release what was worked out, by its key.

    Sent twice it is one proposal. Raises Stale unless it is what was worked out last and rests on the request, the decisions
    and the ledger as they are; NotAllowed once it is released and while a decision fits no cell of it, AccessDenied for another
    force's.
    """
    access.require_duty(by, Duty.ANSWER_REQUESTS)
    with transaction.atomic():
        # A total that is being withdrawn at this moment was withdrawn before or after this, never both.
        lock_numbers(by.force_id, "releases")
        request = access.lock_request(by, pk)
        _require_unreleased(request)
        last = latest_worked_out(request)
        if last is None or last.pk != worked_out:
            raise Stale(_NOT_LAST, subject=request.subject)
        if State.of(last) != state_of(request):
            raise Stale(_NOT_CURRENT, subject=request.subject)
        if unused := unused_choices(last):
            raise NotAllowed(_UNUSED.format(cells="; ".join(unused)), subject=request.subject)
        former = latest_proposal(request)
        is_read = former is not None and not withdrawn_after(former, withdrawn_near(request))
        if (
            former is not None
            and is_read
            and (former.worked_out_id, former.by_id, former.note) == (last.pk, by.pk, note)
        ):
            return former
        proposal = Proposal.objects.create(request=request, worked_out=last, note=note, by=by, at=timezone.now())
        trail.record(
            "release.proposed",
            actor=by.as_actor(),
            subject=request.subject,
            reason=note,
            details=request.named | {"digest": last.digest},
        )
        return proposal


def release(pk: int, *, by: Officer, proposal: int) -> Release:
    """Release what another person proposed, by the proposal's key, under the force's next number.

    It is worked out again first, as of its extraction and beside the ledger as it is then. Sent twice by one officer it is
    one release. Raises NotAllowed where `why_another` says so, and where the role or the account is gone by then; Stale where the
    proposal is not the last or where anything differs; TookTooLong where counting does.
    """
    access.require_duty(by, Duty.RELEASE)
    request = access.request_for(by, pk)
    for _ in range(_TRIES):
        ledger = _counted_beside(request)
        if (made := _made_before(request, by=by, proposal=proposal)) is not None:
            return made
        # Counted before the lock; whatever comes or goes until then is another ledger.
        withdrawn = withdrawn_beside(request)
        proposed = _proposed(request, by=by, proposal=proposal, withdrawn=withdrawn)
        draft = _again(request, proposed)
        # Outside the transaction: counting and protecting would hold the force's numbers for seconds.
        with transaction.atomic():
            lock_numbers(request.force_id, "releases")
            # Whoever worked it out again for minutes may have lost role, force or account meanwhile.
            by = access.lock_officer(by)
            request = access.lock_request(by, pk, duty=Duty.RELEASE)
            if (made := _made_before(request, by=by, proposal=proposal)) is not None:
                return made
            _proposed(request, by=by, proposal=proposal, withdrawn=withdrawn)
            if _counted_beside(request) == ledger:
                return _released(request, proposed, draft, by=by, at=timezone.now())
    raise access.Busy(_BUSY, subject=request.subject)


def record_download(release: Release, form: str, *, by: Officer, file_digest: str) -> None:
    """Keep that a file of a release was downloaded: in which form, and the SHA-256 of what was handed out."""
    access.require_duty(by, Duty.ANSWER_REQUESTS)
    with transaction.atomic():
        trail.record(
            "release.downloaded",
            actor=by.as_actor(),
            subject=release.subject,
            details={"number": release.number, "form": form, "file_digest": file_digest},
        )


def _counted_beside(request: InformationRequest) -> tuple[int, int, int]:
    """Return what a table is worked out beside: the last release, the published totals, the imports that count."""
    return last_number(request.force_id), totals_told(request.force_id), complete_imports()


def _again(request: InformationRequest, proposed: Proposal) -> Draft:
    """Work out again what was proposed, and want it to be the same; raises Stale where it is not, TookTooLong where that is not known."""
    try:
        draft = drafted(request, extracted_at=proposed.worked_out.extracted_at)
    except TookTooLong:
        # That says nothing of the table.
        raise
    except (BadRequest, Refusal) as error:
        raise Stale(f"{_DIFFERS} {error}", subject=request.subject) from error
    if draft.digest != proposed.worked_out.digest:
        raise Stale(_DIFFERS, subject=request.subject)
    return draft


def _released(request: InformationRequest, proposed: Proposal, draft: Draft, *, by: Officer, at: datetime) -> Release:
    number = last_number(request.force_id) + 1
    content = released_content(draft, number=number, released_at=at)
    text = text_of(content)
    made = Release.objects.create(
        force_id=request.force_id,
        number=number,
        request=request,
        proposal=proposed,
        content=text,
        digest=str(json.loads(text)["digest"]),
        extracted_at=draft.extracted_at,
        proposed_by=proposed.by,
        released_by=by,
        released_at=at,
    )
    trail.record(
        "release.released",
        actor=by.as_actor(),
        subject=made.subject,
        details={
            "number": number,
            "reference": request.reference,
            "part": request.part,
            "digest": made.digest,
            "proposed_by": proposed.by.warrant_number,
        },
    )
    return made


def _made_before(request: InformationRequest, *, by: Officer, proposal: int) -> Release | None:
    """Return the release that this officer made of this very proposal, where the form was sent twice."""
    made = released_of(request)
    return made if made is not None and (made.proposal_id, made.released_by_id) == (proposal, by.pk) else None


def _proposed(
    request: InformationRequest, *, by: Officer, proposal: int, withdrawn: Sequence[PublishedTotal]
) -> Proposal:
    """Return the proposal if this officer may release it now; raises NotAllowed or Stale where she may not."""
    _require_unreleased(request)
    last = latest_proposal(request)
    if last is None or last.pk != proposal:
        raise Stale(_OTHER_PROPOSAL, subject=request.subject)
    if why := why_another(last, by=by, withdrawn=withdrawn):
        raise NotAllowed(why, subject=request.subject)
    if why := withdrawn_after(last, withdrawn):
        raise Stale(why, subject=request.subject)
    newest, now = latest_worked_out(request), state_of(request)
    if newest is not None and newest.pk != last.worked_out_id and State.of(newest) == now:
        raise Stale(_WORKED_OUT_SINCE, subject=request.subject)
    then = State.of(last.worked_out)
    if (
        newest is None
        or newest.pk != last.worked_out_id
        or (then.version, then.last_choice) != (now.version, now.last_choice)
    ):
        raise Stale(_NOT_CURRENT, subject=request.subject)
    return last


def why_another(proposal: Proposal, *, by: Officer, withdrawn: Sequence[PublishedTotal]) -> str:
    """Return why another person than this officer releases what is proposed; "" where she may.

    She proposed it, either of the two had a hand in the other's account, or she withdrew one of `withdrawn`, which the table would
    be protected beside: that is hers to propose, and another's to judge, however many have judged other tables.
    """
    if proposal.by_id == by.pk:
        why = _OWN
    elif not (why := _one_hand_in_both(proposal.by, by)) and any(each.withdrawal.by_id == by.pk for each in withdrawn):
        why = _WITHDREW
    return f"{why} {_ASK}" if why else ""


def withdrawn_after(proposal: Proposal, withdrawn: Sequence[PublishedTotal]) -> str:
    """Return that one of these totals was withdrawn, or may have come to matter, after this was proposed; "" if none.

    Its proposer has not read of it. With an import that was completed since, the records may give what they did not give before.
    """
    since = [each.withdrawal.at for each in withdrawn]
    return _WITHDRAWN_SINCE if since and max(*since, last_import() or since[0]) > proposal.at else ""


def _one_hand_in_both(proposer: Officer, releaser: Officer) -> str:
    """Return why two accounts may be one person's: one had a hand in the other, so could act under it; "" where neither had."""
    if has_hand_in_account(proposer, of=releaser):
        return _HAND_IN_YOURS
    return _HAND_IN_THEIRS if has_hand_in_account(releaser, of=proposer) else ""


def _require_unreleased(request: InformationRequest) -> None:
    access.require_unclosed(request)
    made = released_of(request)
    if made is not None:
        raise Stale(_RELEASED.format(number=made.number), subject=request.subject)
