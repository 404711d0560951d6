"""What units are called now that were called otherwise when a table was extracted: a name changes, the unit does not."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property

from cr_app.accounts.models import Unit
from cr_app.audit.events import CHANGES
from cr_app.audit.queries import kept_of
from cr_app.disclosure.models import ImportedCase


class UnitNames:
    """The names that a force's units had, read from the trail once."""

    def __init__(self, force: str) -> None:
        """Say whose units."""
        self._force = force

    def since(self, moment: datetime) -> Mapping[str, frozenset[str]]:
        """Return, by each name that a unit had at a moment and no longer has, the names under which its cases are counted now.

        Those of this record are counted under its name of now; those that were imported keep the name that they came with.
        """
        first = dict[str, str]()
        for at, key, name in self._changes:
            if at > moment:
                first.setdefault(key, name)
        return {
            old: frozenset({self._now[key], old} if old in self._imported else {self._now[key]})
            for key, old in first.items()
            if self._now[key] != old
        }

    @cached_property
    def _now(self) -> dict[str, str]:
        return {str(key): name for key, name in Unit.objects.filter(force=self._force).values_list("pk", "name")}

    @cached_property
    def _changes(self) -> list[tuple[datetime, str, str]]:
        """Return when each unit was renamed, with the name that it had until then, in the order of the trail."""
        return [
            (entry.at, change["key"], change["old"]["name"])
            for entry in kept_of("unit.changed")
            for change in entry.details.get(CHANGES, ())
            if "name" in change["old"] and change["key"] in self._now
        ]

    @cached_property
    def _imported(self) -> frozenset[str]:
        """Return the names of then that imported cases have."""
        names = {name for _, _, name in self._changes}
        found = ImportedCase.objects.filter(force=self._force, unit__in=names, batch__completed_at__isnull=False)
        return frozenset(found.values_list("unit", flat=True).distinct()) if names else frozenset()
