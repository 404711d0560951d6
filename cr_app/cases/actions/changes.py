"""Every write to a case's rows goes through here, so that its entry in the trail tells the whole of it."""

from datetime import datetime
from typing import Any

from cr_app.accounts.models import Officer
from cr_app.audit import trail
from cr_app.cases.lifecycle import FINAL
from cr_app.cases.models import Case
from cr_app.cases.rows import Row, personal_columns, value_kept, values_of


class Changes:
    """Collects what an action changes in the rows of one case, writes it, and records it last."""

    def __init__(self, case: Case, *, by: Officer, at: datetime) -> None:
        """Start collecting for `case`, changed `by` an officer `at` a time."""
        self.case = case
        self.by = by
        self.at = at
        self._done: list[trail.Change] = []
        self._case_before: dict[str, object] = {}
        self._told: dict[str, object] = {}

    def tell(self, name: str, value: object) -> None:
        """Have the entry carry this detail besides those of the action itself."""
        self._told[name] = value

    def touches_case(self, column: str) -> bool:
        """Tell whether these changes set a column of the case itself to something else."""
        return column in self._case_before

    def update(self, row: Row, **values: Any) -> None:
        """Set these fields of a row and save the ones that differ; the case itself is saved once, at the end."""
        old: dict[str, object] = {}
        for name, value in values.items():
            attribute = row._meta.get_field(name).attname
            before = value_kept(getattr(row, attribute))
            setattr(row, name, value)
            if before != value_kept(getattr(row, attribute)):
                old[attribute] = before
        if not old:
            return
        if isinstance(row, Case):
            for attribute, before in old.items():
                self._case_before.setdefault(attribute, before)
            return
        row.save(update_fields=list(old))
        self._note("update", row, new={name: value_kept(getattr(row, name)) for name in old}, old=old)

    def create(self, row: Row) -> None:
        """Insert a new row."""
        row.save(force_insert=True)
        self._note("create", row, new=values_of(row), old={})

    def delete(self, row: Row) -> None:
        """Delete a row."""
        before, key = values_of(row), str(row.pk)
        row.delete()
        self._note("delete", row, new={}, old=before, key=key)

    def record(self, event: str, *, reason: str = "", details: dict[str, object] | None = None) -> None:
        """Save the case with its next version and write the one entry of the action; call it last.

        A final case has its version and its last change no more: its row stays as it is, unless its status moves on.
        Raises RuntimeError where an action changed something else of it, which nobody would hear of.
        """
        if self._stays_final():
            if self._case_before:
                raise RuntimeError(f"A final case keeps its row, and {', '.join(self._case_before)} would be lost.")
        else:
            self.update(self.case, version=self.case.version + 1, changed_at=self.at, changed_by=self.by)
            self._save_case()
        trail.record(
            event,
            actor=self.by.as_actor(),
            subject=self.case.subject,
            reason=reason,
            changes=self._done,
            details={"version": self.case.version, **(details or {}), **self._told},
            at=self.at,
        )

    def record_new(self, event: str, *, details: dict[str, object]) -> None:
        """Write the entry of a case that was created with these changes."""
        trail.record(
            event,
            actor=self.by.as_actor(),
            subject=self.case.subject,
            changes=self._done,
            details={"version": self.case.version, **details},
            at=self.at,
        )

    def _stays_final(self) -> bool:
        return self.case.status_now in FINAL and "status" not in self._case_before

    def _save_case(self) -> None:
        before = {
            name: value for name, value in self._case_before.items() if value_kept(getattr(self.case, name)) != value
        }
        self.case.save(update_fields=list(before))
        self._note("update", self.case, new={name: value_kept(getattr(self.case, name)) for name in before}, old=before)
        self._case_before = {}

    def _note(
        self,
        operation: trail.Operation,
        row: Row,
        *,
        new: dict[str, object],
        old: dict[str, object],
        key: str = "",
    ) -> None:
        self._done.append(
            trail.Change(
                operation=operation,
                row=row.ROW,
                key=key or str(row.pk),
                new=new,
                old=old,
                personal=personal_columns(row),
            )
        )
