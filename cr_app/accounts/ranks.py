"""The rank an officer holds on a day: substantive since a day, or acted in between two dates. Pure."""

from dataclasses import dataclass
from datetime import date

from cr_app.policy.ranks import Rank, rank_named


@dataclass(frozen=True)
class RankHeld:
    """The rank that counts on a day, and the substantive rank behind it."""

    rank: Rank
    substantive: Rank

    @property
    def is_acting(self) -> bool:
        """Tell whether the rank is acted in, above the substantive one."""
        return self.rank != self.substantive

    @property
    def words(self) -> str:
        """Return the rank as it is spoken: Inspector, or Acting Inspector."""
        return f"Acting {self.rank.name}" if self.is_acting else self.rank.name

    @property
    def abbreviation(self) -> str:
        """Return the rank as it stands before a name: Insp, or A/Insp."""
        return f"A/{self.rank.abbreviation}" if self.is_acting else self.rank.abbreviation

    def is_at_least(self, floor: Rank, *, substantive: bool) -> bool:
        """Tell whether the rank reaches `floor`; with `substantive`, the rank acted in does not count."""
        return (self.substantive if substantive else self.rank).order >= floor.order


def rank_held(
    substantive: str,
    acting: str,
    acting_from: date | None,
    acting_until: date | None,
    *,
    since: date | None = None,
    before: str = "",
    on: date,
) -> RankHeld:
    """Return the rank held `on` a day.

    The substantive rank is held from the day `since`; until then it was `before`, where that is known. An acting rank
    counts from its first day to its last, both included, while it is above the substantive one.
    """
    own = rank_named(before if before and since is not None and on < since else substantive)
    if not acting or acting_from is None or on < acting_from:
        return RankHeld(own, own)
    if acting_until is not None and on > acting_until:
        return RankHeld(own, own)
    acted = rank_named(acting)
    return RankHeld(acted if acted.order > own.order else own, own)
