"""The door for whoever decides: asked, it is one's own work; not asked, it wants a reason; restricted, it is shut."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from cr_app.accounts.models import Officer
from cr_app.audit.models import Access
from cr_app.authorisations import access, actions, rules
from cr_app.authorisations.models import Kind
from cr_app.authorisations.queries import matter_of
from cr_app.cases.actions import submission
from cr_app.cases.actions.start import start_another
from cr_app.cases.lifecycle import Status
from cr_app.cases.models import Case
from cr_app.pages.refusals import AccessDenied, NeedsReason, NotAllowed
from tests import make
from tests.authorisations import making
from tests.cast import Cast


def look(officer: Officer, reference: str) -> Case:
    """Open the page on which somebody decides."""
    return access.look_to_decide(officer, reference, page="authority", sitting="s" * 64)


def test_what_was_asked_of_one_is_ones_own_work_and_what_was_not_needs_a_reason(cast: Cast) -> None:
    making.put_on_duty(cast.priya)
    reference = making.asked(cast.amina)
    assert look(cast.priya, reference)
    assert Access.objects.latest("id").implied
    with pytest.raises(NeedsReason):
        look(cast.helen, reference)
    for other in (cast.owen, cast.colin, cast.margaret, cast.olivia):
        with pytest.raises(AccessDenied) as denied:
            look(other, reference)
        assert not denied.value.known
    with pytest.raises(AccessDenied):
        look(cast.priya, "NOTACASE")


def test_late_it_opens_to_the_force_though_no_command_ran(cast: Cast) -> None:
    making.put_on_duty(cast.priya, cast.helen, hours=100)
    reference = making.asked(cast.amina)
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert look(cast.helen, reference)
        # Acting only, he is not asked; he may read it with a reason.
        with pytest.raises(NeedsReason):
            look(cast.daniel, reference)


def test_a_referred_case_is_for_its_officer_and_professional_standards(cast: Cast) -> None:
    making.put_on_duty(cast.priya, cast.helen)
    reference = making.referred(cast.amina, make.police_knife())
    assert look(cast.yusuf, reference)
    for inspector in (cast.priya, cast.helen, cast.daniel):
        with pytest.raises(AccessDenied) as denied:
            look(inspector, reference)
        assert denied.value.known
    actions.find_suitable(reference, by=cast.yusuf, reasons="Minor.", seen=making.seen(reference))
    assert look(cast.priya, reference)
    for inspector in (cast.helen, cast.daniel):
        with pytest.raises(AccessDenied):
            look(inspector, reference)
        with pytest.raises(AccessDenied):
            making.grant(reference, inspector)


def test_being_asked_before_a_case_was_referred_opens_nothing_of_it_afterwards(cast: Cast) -> None:
    making.put_on_duty(cast.priya)
    reference = making.asked(cast.amina)
    submission.reopen(reference, by=cast.amina)
    make.answer(
        reference,
        cast.amina,
        "offender-details",
        **{
            key.replace(".", "__"): value
            for key, value in make.police_knife().answers.items()
            if key in ("offender.police_officer_or_staff", "offender.warrant_number")
        },
    )
    making.ask_about(reference, cast.amina)
    with pytest.raises(AccessDenied):
        look(cast.priya, reference)
    # Nor does a finding of suitability that an answer has voided since.
    actions.find_suitable(reference, by=cast.yusuf, reasons="Minor.", seen=making.seen(reference))
    assert look(cast.priya, reference)
    submission.reopen(reference, by=cast.amina)
    make.answer(reference, cast.amina, "rationale", case__rationale="Another reason altogether.")
    with pytest.raises(AccessDenied):
        look(cast.priya, reference)


def test_who_declared_an_interest_reads_it_only_with_a_reason_and_a_restricted_one_not_at_all(cast: Cast) -> None:
    plain, restricted = making.asked(cast.amina), making.referred(cast.amina, make.police_knife().but(report="2/26"))
    actions.find_suitable(restricted, by=cast.yusuf, reasons="Minor.", seen=making.seen(restricted))
    for reference in (plain, restricted):
        assert look(cast.priya, reference)
        actions.declare_interest(reference, by=cast.priya, reason="The offender is my cousin.")
    with pytest.raises(NeedsReason):
        look(cast.priya, plain)
    with pytest.raises(AccessDenied):
        look(cast.priya, restricted)


def test_an_inspector_still_reads_what_she_decided(cast: Cast) -> None:
    making.put_on_duty(cast.priya)
    reference = making.referred(cast.amina, make.police_knife())
    actions.find_suitable(reference, by=cast.yusuf, reasons="Minor.", seen=making.seen(reference))
    making.grant(reference, cast.priya)
    assert look(cast.priya, reference)
    cast.priya.roles = ["recording_officer"]
    cast.priya.save()
    with pytest.raises(AccessDenied):
        look(cast.priya, reference)


def test_what_was_asked_once_is_hers_while_it_waits_and_no_longer(cast: Cast) -> None:
    reference = making.asked(cast.amina)
    assert look(cast.helen, reference)
    page = making.seen(reference)
    making.grant(reference, cast.priya)
    with pytest.raises(NeedsReason):
        look(cast.helen, reference)
    # Who decided still reads it; and an answer to the page that she had open is told to her.
    assert look(cast.priya, reference)
    assert access.look_to_decide(cast.helen, reference, page="authority", sitting="", reading=page.number)
    with pytest.raises(NeedsReason):
        access.look_to_decide(cast.helen, reference, page="authority", sitting="", reading=page.number + 1)


def test_professional_standards_of_the_cases_own_unit_are_asked_and_decide(cast: Cast) -> None:
    cast.yusuf.unit = cast.amina.unit
    cast.yusuf.save()
    reference = making.referred(cast.amina)
    assert making.asked_of(reference) == [("1904", "", 0)]
    assert look(cast.yusuf, reference)
    seen = making.seen(reference)
    assert actions.find_suitable(reference, by=cast.yusuf, reasons="Minor.", seen=seen) is Status.READY


def test_the_rules_alone_do_not_decide_where_the_table_of_roles_gives_no_right(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = making.asked(cast.amina)
    monkeypatch.setattr(rules, "may_decide", lambda decider, matter: rules.Answer())
    with pytest.raises(NotAllowed):
        making.grant(reference, cast.grace)
    assert make.read(reference).status_now is Status.AWAITING_AUTHORITY


def test_who_changed_the_case_that_it_was_copied_from_changed_it_too(cast: Cast) -> None:
    first = make.complete(cast.amina, make.knife())
    submission.reassign(first, by=cast.grace, to=cast.priya.warrant_number, reason="Leave.")
    make.answer(first, cast.priya, "rationale", case__rationale="As I see it.")
    submission.reassign(first, by=cast.grace, to=cast.amina.warrant_number, reason="Back.")
    copy = start_another(first, by=cast.amina, token=uuid4())
    again = start_another(copy, by=cast.amina, token=uuid4())
    for reference in (copy, again):
        matter = matter_of(make.read(reference), Kind.AUTHORITY, timezone.now())
        assert matter.edited_by == {cast.amina.pk, cast.priya.pk}
