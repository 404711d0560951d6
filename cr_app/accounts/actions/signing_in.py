"""Signing in and out, refused attempts, and new passwords, as the trail keeps them."""

from django.db import transaction

from cr_app.accounts.models import Officer
from cr_app.accounts.queries import is_officers_number
from cr_app.accounts.warrant_numbers import is_warrant_number
from cr_app.audit.trail import ANONYMOUS, Actor, record


def change_password(officer: Officer, password: str, *, by: Actor) -> None:
    """Give the officer a new password, which the caller has checked."""
    officer.set_password(password)
    officer.must_change_password = False
    with transaction.atomic():
        officer.save(update_fields=["password", "must_change_password"])
        record("officer.password_changed", actor=by, subject=officer.subject)


def note_signed_in(officer: Officer, *, method: str) -> None:
    """Record a sign-in, in the transaction that makes its session."""
    record("officer.signed_in", actor=officer.as_actor(), subject=officer.subject, details={"method": method})


def note_signed_out(officer: Officer, *, because: str) -> None:
    """Record the end of a session, in the transaction that deletes it."""
    record("officer.signed_out", actor=officer.as_actor(), subject=officer.subject, details={"because": because})


def note_sign_in_failed(tried: str, *, by: Actor = ANONYMOUS, was_locked: bool, lock_began: bool, minutes: int) -> None:
    """Record a refused sign-in, and that it closed the lock when it did.

    `tried` is kept when it is some officer's number or digits alone: whatever else was typed may be a password.
    """
    subject = f"officer:{tried}" if is_officers_number(tried) else ""
    name = {"sign_in_name": tried} if subject or (tried.isdigit() and is_warrant_number(tried)) else {}
    because = "locked" if was_locked else "wrong warrant number or password"
    with transaction.atomic():
        record(
            "officer.sign_in_failed", actor=by, subject=subject, outcome="refused", details={**name, "because": because}
        )
        if lock_began:
            record(
                "officer.locked_out", actor=by, subject=subject, outcome="refused", details={**name, "minutes": minutes}
            )
