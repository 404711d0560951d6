"""Parts of the entry for the crime report of a case that was issued: victims, actions, why, who signed, what came after."""

from cr_app.cases.documents.entry_parts import Part, at_moment
from cr_app.cases.documents.rulebook_words import rank, remedy
from cr_app.cases.documents.sheets import Fact
from cr_app.cases.documents.spoken import day, moment, pounds
from cr_app.cases.documents.told import Told
from cr_app.cases.models import Correction, Victim
from cr_app.cases.queries import ActionStanding


def victims(told: Told) -> Part:
    """Return each victim with what they thought and wanted, and why the decision is not what they wanted."""
    rows: list[Fact] = []
    for place, victim in enumerate(told.victims, start=1):
        rows.append(Fact(f"Victim {place}", f"{told.victim_name(victim)}. {_views(victim)}"))
        for label, text in (
            ("Wishes", victim.wishes),
            ("Reason not consulted", victim.reason_not_consulted if not victim.consulted else ""),
            ("Reason for departing from their wish", victim.departure_reason),
        ):
            if text:
                rows.append(Fact(label, text))
    return Part("victims", "Victims", tuple(rows) or (Fact("Victims", "There is no victim."),))


def _views(victim: Victim) -> str:
    if not victim.consulted:
        return "Not consulted."
    asked = f"Consulted on {at_moment(victim.consulted_at)}."
    if victim.agrees is None:
        return asked
    view = "Agrees." if victim.agrees else "Does not agree."
    return f"{asked} {view}"


def actions(told: Told) -> Part:
    """Return the agreed actions, each with its date as it was agreed and as it is now."""
    rows = tuple(
        row for place, standing in enumerate(told.standings, start=1) for row in _action(told, standing, place)
    )
    return Part("actions", "Agreed actions", rows or (Fact("Agreed actions", "None agreed."),))


def _action(told: Told, standing: ActionStanding, place: int) -> tuple[Fact, ...]:
    agreed = standing.action
    label = f"Action {place} of {len(told.standings)}"
    for_whom = told.victim_name(agreed.victim) if agreed.victim is not None else "Nobody in particular"
    due = day(standing.due_on)
    if standing.due_on != standing.first_due_on:
        due = f"{due} (first agreed: {day(standing.first_due_on)})"
    rows = (
        remedy(label, told.remedy_title(agreed)),
        Fact("In detail", agreed.undertaking),
        Fact("Amount", pounds(agreed.amount) if agreed.amount is not None else ""),
        Fact("For whom", for_whom),
        Fact("Due on", due),
    )
    return tuple(row for row in rows if row.value)


def rationale(told: Told) -> Part:
    """Return why a Community Resolution was thought proportionate."""
    text = told.case.rationale
    return Part("rationale", "Rationale", (Fact("Rationale", text),) if text else ())


def issued(told: Told) -> Part:
    """Return when it was issued, by whom, and who signed; no rows before issue."""
    case = told.case
    if case.issued_at is None or case.issued_by is None:
        return Part("issued", "Issued", ())
    roles = {
        "offender": "Signed by the offender",
        "appropriate_adult": "Signed by the appropriate adult",
        "officer": "Signed by the officer",
    }
    languages = {"en": "English", "cy": "Welsh"}
    first = told.signature("offender")
    rows = [
        Fact("Time", moment(case.issued_at)),
        Fact("Number and name", f"{case.issued_by.warrant_number} {case.issued_by.name}"),
        *(Fact(roles[each.role], each.name) for each in told.signatures),
    ]
    if first is not None:
        rows.append(Fact("Language in which it was read", languages[first.language]))
    return Part("issued", "Issued", tuple(rows))


def corrections_made(told: Told) -> Part:
    """Return each name that was put right: what it said, what it says, why, who says so and when."""
    rows: list[Fact] = []
    for each in told.corrections:
        rows.append(
            Fact(
                _correction_label(told, each),
                f"It said “{each.old}”. It should say “{each.new}”.",
            )
        )
        rows.append(Fact("Reason", each.reason))
        rows.append(Fact("By", f"{each.by.warrant_number} {each.by.name}, {at_moment(each.at)}"))
    return Part("corrections", "Names put right", tuple(rows))


def _correction_label(told: Told, correction: Correction) -> str:
    columns = {
        "first_names": "First names",
        "last_names": "Last names",
        "organisation_name": "Name of the organisation",
    }
    places = {victim.pk: place for place, victim in enumerate(told.victims, start=1)}
    whose = f"Victim {places[correction.victim_id]}" if correction.victim_id is not None else "Offender"
    return f"{whose}: {columns[correction.column]}"


def rescinded(told: Told) -> Part:
    """Return who took it back, acting in which rank, when and why; of a restricted case the record alone says why."""
    taken = told.rescission
    if taken is None:
        return Part("rescinded", "Rescinded", ())
    held = "substantive" if taken.is_substantive else "acting"
    rows = [
        Fact("Time", moment(taken.at)),
        Fact("Number and name", f"{taken.by.warrant_number} {taken.by.name}"),
        Fact("Rank", f"{rank(taken.rank)}, {held}"),
    ]
    if not told.case.is_restricted:
        rows.append(Fact("Reasons", taken.reason))
    return Part("rescinded", "Rescinded", tuple(rows))
