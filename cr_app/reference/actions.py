"""Loads reference, shipped files and a force's own offence types, each in one transaction with its entry."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from hashlib import sha256
from typing import Any

from django.db import models, transaction

from cr_app.audit.trail import Actor, Change, record
from cr_app.policy.catalogue import OffenceKind, shipped_catalogue
from cr_app.reference import shipped
from cr_app.reference.models import Ethnicity, Force, OffenceType, Outcome
from cr_app.reference.offence_file import NEEDED_BY_A_NEW_TYPE, BadFile, OffenceFile, Row
from cr_app.reference.search_text import search_line


@dataclass(frozen=True)
class Loaded:
    """What a load did to one table."""

    table: str
    added: int
    changed: int
    unchanged: int
    withdrawn: int = 0

    def __str__(self) -> str:
        parts = [f"{self.added} added", f"{self.changed} changed", f"{self.unchanged} as before"]
        return f"{self.table}: {', '.join(parts)}" + (f", {self.withdrawn} withdrawn" if self.withdrawn else "")


def load_reference(*, by: Actor) -> list[Loaded]:
    """Bring the tables to what the shipped files say; loading again changes nothing and records nothing.

    No row is deleted, no withdrawal touched and no force's own type either.
    """
    with transaction.atomic():
        return [_load(model, wanted, by=by) for model, wanted in _shipped_rows()]


def load_offences(file: OffenceFile, *, force_code: str, by: Actor) -> Loaded:
    """Add or change a force's own offence types, or withdraw types, as the rows of a file say.

    Raises BadFile with a sentence for every row that cannot be loaded; then nothing is.
    """
    with transaction.atomic():
        here = OffenceType.objects.select_for_update().in_bulk([row.code for row in file.rows])
        problems = [problem for row in file.rows if (problem := _problem(row, here.get(row.code), force_code))]
        if force_code and not Force.objects.filter(code=force_code).exists():
            problems.insert(0, f"{force_code!r} is not the code of a force.")
        if problems:
            raise BadFile(*problems)
        changes: list[Change] = []
        withdrawn: list[tuple[str, date]] = []
        for row in file.rows:
            change = _apply(row, here.get(row.code), force_code)
            if change is not None:
                changes.append(change)
                if row.withdrawn_on and "withdrawn_on" in change.new:
                    withdrawn.append((row.code, row.withdrawn_on))
        added = sum(change.operation == "create" for change in changes)
        done = Loaded(
            "offence types", added, len(changes) - added, len(file.rows) - len(changes), withdrawn=len(withdrawn)
        )
        _record_offences(file, done, changes, withdrawn, force_code=force_code, by=by)
    return done


def _record_offences(
    file: OffenceFile,
    done: Loaded,
    changes: Sequence[Change],
    withdrawn: Sequence[tuple[str, date]],
    *,
    force_code: str,
    by: Actor,
) -> None:
    if not changes:
        return
    details = {"file_digest": file.digest, **_counts(done), "withdrawn": done.withdrawn}
    force = {"force": force_code} if force_code else {}
    for code, day in withdrawn:
        record("offence.withdrawn", actor=by, details={**force, "code": code, "withdrawn_on": day.isoformat()})
    record("offences.loaded", actor=by, changes=changes, details={**force, **details})


def _problem(row: Row, there: OffenceType | None, force_code: str) -> str:
    """Return what keeps a row from being loaded, as a sentence; "" when nothing does."""
    where = f"Line {row.line}: "
    if there is None:
        if not force_code:
            return f"{where}{row.code} is a new type: say whose list it is on with --force."
        lacking = [name for name in NEEDED_BY_A_NEW_TYPE if not row.texts.get(name)]
        return f"{where}{row.code} is a new type and needs its {', '.join(lacking)}." if lacking else ""
    if there.added_by_force_id is None:
        if force_code:
            return f"{where}{row.code} is a Home Office type; withdraw it for everyone without --force."
        other = [name for name, text in row.texts.items() if text != getattr(there, name)]
        if other:
            return f"{where}{row.code} is a Home Office type, whose {', '.join(other)} cannot be changed here."
        return "" if row.withdrawn_on else f"{where}{row.code} is there already; give withdrawn_on to withdraw it."
    if there.added_by_force_id != force_code:
        owner = there.added_by_force_id
        return f"{where}{row.code} is on the list of force {owner}; load it with --force {owner}."
    return ""


def _apply(row: Row, there: OffenceType | None, force_code: str) -> Change | None:
    """Save one checked row; returns its change, or None when it says what is there."""
    new: dict[str, Any] = dict(row.texts)
    if "also_called" in new:
        new["also_called"] = "\n".join(name.strip() for name in new["also_called"].split(";") if name.strip())
    if row.withdrawn_on:
        new["withdrawn_on"] = row.withdrawn_on
    if there is None:
        kind = OffenceType(code=row.code, added_by_force_id=force_code, **new)
        kind.search = _search_line(kind)
        kind.save(force_insert=True)
        created = {"added_by_force_id": force_code, **_recorded(new)}
        return Change("create", "reference.offencetype", row.code, new=created)
    old = {name: getattr(there, name) for name in new if getattr(there, name) != new[name]}
    if not old:
        return None
    for name in old:
        setattr(there, name, new[name])
    there.search = _search_line(there)
    there.save(update_fields=[*old, "search"])
    now = {name: new[name] for name in old}
    return Change("update", "reference.offencetype", row.code, new=_recorded(now), old=_recorded(old))


def _recorded(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def _search_line(kind: OffenceType) -> str:
    return search_line(kind.code, kind.title, kind.statute, kind.also_called.splitlines())


def _shipped_rows() -> Iterable[tuple[type[models.Model], Mapping[str, dict[str, object]]]]:
    yield Force, {code: {"name": name} for code, name in shipped.forces().items()}
    yield (
        Outcome,
        {
            each.code: {"label": each.label, "group": each.group, "place": place}
            for place, each in enumerate(shipped.outcomes())
        },
    )
    yield (
        Ethnicity,
        {
            each.code: {"label": each.label, "group": each.group, "scheme": each.scheme, "place": place}
            for place, each in enumerate(shipped.ethnicities())
        },
    )
    yield OffenceType, {code: _offence(kind) for code, kind in shipped_catalogue().items()}


def _offence(kind: OffenceKind) -> dict[str, object]:
    names = shipped.everyday_names().get(kind.code, ())
    values = {each.name: getattr(kind, each.name) for each in fields(kind) if each.name != "code"}
    search = search_line(kind.code, kind.title, kind.statute, names)
    return {**values, "also_called": "\n".join(names), "search": search}


def _load(model: type[models.Model], wanted: Mapping[str, dict[str, object]], *, by: Actor) -> Loaded:
    columns = list(next(iter(wanted.values())))
    here = {row["code"]: row for row in model._default_manager.values("code", *columns)}
    differing = [
        (code, values)
        for code, values in wanted.items()
        if code not in here or any(here[code][name] != value for name, value in values.items())
    ]
    model._default_manager.bulk_create(
        [model(code=code, **values) for code, values in differing],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=columns,
    )
    added = sum(code not in here for code, _ in differing)
    name = str(model._meta.verbose_name_plural)
    done = Loaded(name, added, len(differing) - added, len(wanted) - len(differing))
    if differing:
        digest = sha256(repr(sorted(wanted.items())).encode()).hexdigest()
        record("reference.loaded", actor=by, details={"table": name, "file_digest": digest, **_counts(done)})
    return done


def _counts(done: Loaded) -> dict[str, int]:
    return {"added": done.added, "changed": done.changed, "unchanged": done.unchanged}
