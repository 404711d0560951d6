"""Whether the authority given counts: by whom it must be, and what else must be written down first."""

from dataclasses import dataclass

from cr_app.policy.facts import AuthorityFacts, ExceptionFacts
from cr_app.policy.ranks import rank_named
from cr_app.policy.rules import AuthorityNeeded

GRANTED = "granted"
REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Standing:
    """How authority stands: whether it counts, the facts it rests on, what failed, and why in sentences."""

    accepted: bool
    rests_on: tuple[str, ...]
    failed: tuple[str, ...]
    why: tuple[str, ...]


def standing_of(authority: AuthorityFacts, needed: AuthorityNeeded) -> Standing:
    """Return how the authority stands against who must give it; a rank or answer not given yet does not count yet."""
    rests_on = ["authority.decision", "authority.rank"]
    failed: list[str] = []
    why: list[str] = []
    if authority.decision != GRANTED:
        return Standing(False, ("authority.decision",), (), ())
    accepted = authority.rank is not None and rank_named(authority.rank).order >= needed.rank.order
    if authority.rank is not None and not accepted:
        failed.append("authority.rank")
        why.append(f"its rank is below {needed.rank.name}")
    if needed.substantive:
        rests_on.append("authority.substantive")
        accepted = accepted and authority.substantive is True
        if authority.substantive is False:
            failed.append("authority.substantive")
            why.append("the rank is not substantive")
    rests_on.append("authority.is_recording_officer")
    if authority.is_recording_officer is True:
        failed.append("authority.is_recording_officer")
        why.append("nobody authorises their own case")
    accepted = accepted and authority.is_recording_officer is False
    return Standing(accepted, tuple(rests_on), tuple(failed), tuple(why))


def exception_standing(authority: AuthorityFacts, exception: ExceptionFacts, needed: AuthorityNeeded) -> Standing:
    """Return how the lifting of an exclusion stands: accepted authority, grounds written down and advice sought."""
    standing = standing_of(authority, needed)
    prepared = exception.grounds_documented is True and exception.investigation_team_advice is True
    return Standing(
        accepted=standing.accepted and prepared,
        rests_on=("exception.grounds_documented", "exception.investigation_team_advice", *standing.rests_on),
        failed=standing.failed,
        why=standing.why,
    )


def rejection(standing: Standing, needed: AuthorityNeeded) -> str:
    """Return the sentence that says why a grant does not count, empty when nothing failed."""
    if not standing.why:
        return ""
    return f" The authority given does not count: {' and '.join(standing.why)}; it must come from {needed.words}."
