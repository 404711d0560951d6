"""Parts of the entry for the crime report of a case that was issued: victims, actions, why, who signed, what came after."""

from django.utils.translation import gettext as _

from cr_app.cases.documents.entry_parts import Part, at_moment
from cr_app.cases.documents.rulebook_words import rank, remedy
from cr_app.cases.documents.sheets import Fact
from cr_app.cases.documents.spoken import day, moment, pounds
from cr_app.cases.documents.told import Told
from cr_app.cases.models import Correction, Victim
from cr_app.cases.queries import ActionStanding


def victims(told: Told, typed: str) -> Part:
    """Return each victim with what they thought and wanted, and why the decision is not what they wanted."""
    rows: list[Fact] = []
    for place, victim in enumerate(told.victims, start=1):
        rows.append(Fact(_("Victim %(place)d") % {"place": place}, f"{told.victim_name(victim)}. {_views(victim)}"))
        for label, text in (
            (_("Wishes"), victim.wishes),
            (_("Reason not consulted"), victim.reason_not_consulted if not victim.consulted else ""),
            (_("Reason for departing from their wish"), victim.departure_reason),
        ):
            if text:
                rows.append(Fact(label, text, typed))
    return Part("victims", _("Victims"), tuple(rows) or (Fact(_("Victims"), _("There is no victim.")),))


def _views(victim: Victim) -> str:
    if not victim.consulted:
        return _("Not consulted.")
    asked = _("Consulted on %(moment)s.") % {"moment": at_moment(victim.consulted_at)}
    if victim.agrees is None:
        return asked
    view = _("Agrees.") if victim.agrees else _("Does not agree.")
    return f"{asked} {view}"


def actions(told: Told, typed: str) -> Part:
    """Return the agreed actions, each with its date as it was agreed and as it is now."""
    rows = tuple(
        row for place, standing in enumerate(told.standings, start=1) for row in _action(told, standing, place, typed)
    )
    return Part("actions", _("Agreed actions"), rows or (Fact(_("Agreed actions"), _("None agreed.")),))


def _action(told: Told, standing: ActionStanding, place: int, typed: str) -> tuple[Fact, ...]:
    agreed = standing.action
    label = _("Action %(place)d of %(all)d") % {"place": place, "all": len(told.standings)}
    for_whom = told.victim_name(agreed.victim) if agreed.victim is not None else _("Nobody in particular")
    due = day(standing.due_on)
    if standing.due_on != standing.first_due_on:
        due = _("%(day)s (first agreed: %(first)s)") % {"day": due, "first": day(standing.first_due_on)}
    rows = (
        remedy(label, told.remedy_title(agreed)),
        Fact(_("In detail"), agreed.undertaking, typed),
        Fact(_("Amount"), pounds(agreed.amount) if agreed.amount is not None else ""),
        Fact(_("For whom"), for_whom),
        Fact(_("Due on"), due),
    )
    return tuple(row for row in rows if row.value)


def rationale(told: Told, typed: str) -> Part:
    """Return why a Community Resolution was thought proportionate."""
    text = told.case.rationale
    return Part("rationale", _("Rationale"), (Fact(_("Rationale"), text, typed),) if text else ())


def issued(told: Told) -> Part:
    """Return when it was issued, by whom, and who signed; no rows before issue."""
    case = told.case
    if case.issued_at is None or case.issued_by is None:
        return Part("issued", _("Issued"), ())
    roles = {
        "offender": _("Signed by the offender"),
        "appropriate_adult": _("Signed by the appropriate adult"),
        "officer": _("Signed by the officer"),
    }
    languages = {"en": _("English"), "cy": _("Welsh")}
    first = told.signature("offender")
    rows = [
        Fact(_("Time"), moment(case.issued_at)),
        Fact(_("Number and name"), f"{case.issued_by.warrant_number} {case.issued_by.name}"),
        *(Fact(roles[each.role], each.name) for each in told.signatures),
    ]
    if first is not None:
        rows.append(Fact(_("Language in which it was read"), languages[first.language]))
    return Part("issued", _("Issued"), tuple(rows))


def corrections_made(told: Told, typed: str) -> Part:
    """Return each name that was put right: what it said, what it says, why, who says so and when."""
    rows: list[Fact] = []
    for each in told.corrections:
        rows.append(
            Fact(
                _correction_label(told, each),
                _("It said “%(old)s”. It should say “%(new)s”.") % {"old": each.old, "new": each.new},
            )
        )
        rows.append(Fact(_("Reason"), each.reason, typed))
        rows.append(Fact(_("By"), f"{each.by.warrant_number} {each.by.name}, {at_moment(each.at)}"))
    return Part("corrections", _("Names put right"), tuple(rows))


def _correction_label(told: Told, correction: Correction) -> str:
    columns = {
        "first_names": _("First names"),
        "last_names": _("Last names"),
        "organisation_name": _("Name of the organisation"),
    }
    places = {victim.pk: place for place, victim in enumerate(told.victims, start=1)}
    whose = (
        _("Victim %(place)d") % {"place": places[correction.victim_id]}
        if correction.victim_id is not None
        else _("Offender")
    )
    return f"{whose}: {columns[correction.column]}"


def rescinded(told: Told, typed: str) -> Part:
    """Return who took it back, acting in which rank, when and why; of a restricted case the record alone says why."""
    taken = told.rescission
    if taken is None:
        return Part("rescinded", _("Rescinded"), ())
    held = _("substantive") if taken.is_substantive else _("acting")
    rows = [
        Fact(_("Time"), moment(taken.at)),
        Fact(_("Number and name"), f"{taken.by.warrant_number} {taken.by.name}"),
        Fact(_("Rank"), f"{rank(taken.rank)}, {held}"),
    ]
    if not told.case.is_restricted:
        rows.append(Fact(_("Reasons"), taken.reason, typed))
    return Part("rescinded", _("Rescinded"), tuple(rows))
