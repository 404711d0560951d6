"""Who reads a sheet, and so what the veil covers: everybody else in the case."""

from dataclasses import replace

from django.utils.translation import gettext as _

from cr_app.cases.documents.advisers import persons_and_offices
from cr_app.cases.documents.told import Told
from cr_app.cases.documents.veiling import Hidden, Veil, veil_over
from cr_app.cases.documents.veiling_text import folded
from cr_app.cases.models import Offender, Victim


def veil_for_offender(told: Told) -> Veil:
    """Return the veil over a text that the offender reads: organisations keep their names, persons harmed do not."""
    offender = told.offender
    adults = [offender.appropriate_adult_name, *(each.name for each in told.signatures)]
    return veil_over(
        [*(_harmed(told, each) for each in told.victims), *_others(told), _place(told)],
        own=_offender(told, "", also=tuple(name for name in adults if name)),
        shown=(*_places(told), *(told.victim_name(each) for each in told.victims if not each.is_person)),
        not_shown=_("[not shown]"),
        officers=_officers(told),
    )


def veil_for_victim(told: Told, victim: Victim) -> Veil:
    """Return the veil over a text that one victim reads: over the person responsible, and over every other victim."""
    others = (each for each in told.victims if each.pk != victim.pk)
    return veil_over(
        [
            _offender(told, _("[the person responsible]")),
            _offenders_adult(told),
            *(_victim(told, each, _("[another person harmed]")) for each in others),
            *_others(told),
            _place(told),
        ],
        own=_victim(told, victim, "", with_adult=True),
        shown=_places(told),
        not_shown=_("[not shown]"),
        officers=_officers(told),
    )


def person_harmed(told: Told, victim: Victim) -> str:
    """Return how the offender reads of somebody harmed: an organisation by name, a person by a number where there are more."""
    if not victim.is_person:
        return told.victim_name(victim)
    number = told.person_number(victim)
    return _("Person harmed %(number)d") % {"number": number} if number else _("The person harmed")


def _person_harmed(told: Told, victim: Victim) -> str:
    if not victim.is_person:
        # Who is written to at an organisation was not harmed.
        return _("[not shown]")
    number = told.person_number(victim)
    return _("[person harmed %(number)d]") % {"number": number} if number else _("[the person harmed]")


def _given(*values: str | None) -> tuple[str, ...]:
    return tuple(value for value in values if value and value.strip())


def _names(told: Told, victim: Victim | None) -> tuple[str, ...]:
    """Return the names of a person, as they were typed and as they were put right."""
    row: Offender | Victim = victim if victim is not None else told.offender
    typed = " ".join(part for part in (row.first_names, row.last_names) if part)
    turned = " ".join(part for part in (row.last_names, row.first_names) if part)
    between = tuple(
        word
        for each in told.corrections
        if each.victim_id == (victim.pk if victim else None) and each.column != "organisation_name"
        for word in (each.old, each.new)
    )
    return _given(typed, turned, told.person_name(victim), *between)


def _offender(told: Told, stands: str, *, also: tuple[str, ...] = ()) -> Hidden:
    offender = told.offender
    signed = tuple(each.name for each in told.signatures if each.role == "offender")
    return Hidden(
        stands,
        names=(*_names(told, None), *signed, *also),
        lines=_given(offender.address, offender.email),
        phones=_given(offender.phone),
        numbers=_given(offender.postcode, offender.pnc_id, offender.cro_number, offender.warrant_number),
        born_on=offender.born_on,
    )


def _offenders_adult(told: Told) -> Hidden:
    offender = told.offender
    signed = (each.name for each in told.signatures if each.role == "appropriate_adult")
    return Hidden(_("[not shown]"), names=_given(offender.appropriate_adult_name, *signed))


def _victim(told: Told, victim: Victim, stands: str, *, with_adult: bool = False) -> Hidden:
    organisations = tuple(
        word
        for each in told.corrections
        if each.victim_id == victim.pk and each.column == "organisation_name"
        for word in (each.old, each.new)
    )
    adult = _given(victim.appropriate_adult_name) if with_adult else ()
    return Hidden(
        stands,
        names=(*_names(told, victim), *adult),
        offices=_given(victim.organisation_name, *organisations),
        lines=_given(victim.contact),
        phones=_given(victim.contact),
        numbers=_given(victim.warrant_number),
    )


def _harmed(told: Told, victim: Victim) -> Hidden:
    """Return somebody harmed as they are hidden from the offender: of an organisation all but its name."""
    harmed = _victim(told, victim, _person_harmed(told, victim))
    return harmed if victim.is_person else replace(harmed, offices=())


def _officers(told: Told) -> tuple[str, ...]:
    """Return the officers of the case, but for one of the name of an officer who is a party to it."""
    case = told.case
    parties: tuple[Offender | Victim, ...] = (told.offender, *told.victims)
    theirs = {folded(each.last_names or "") for each in parties if each.warrant_number}
    names = dict.fromkeys((case.officer.name, case.recorded_by.name))
    return tuple(name for name in names if not theirs.intersection(folded(name).split()))


def _others(told: Told) -> list[Hidden]:
    """Return whoever else is named in the case: professionals, advisers, victims' adults, and the ways to reach them."""
    case, offender = told.case, told.offender
    people: tuple[Offender | Victim, ...] = (offender, *told.victims)
    adults = _given(*(each.appropriate_adult_name for each in told.victims))
    advisers = (case.youth_justice_name, case.advice_from, *(each.professional_name for each in people))
    found = [persons_and_offices(each) for each in advisers]
    in_team, teams = persons_and_offices(case.investigation_team)
    return [
        Hidden(
            _("[not shown]"),
            names=(*adults, *in_team, *(name for persons, _offices in found for name in persons)),
            offices=tuple(office for _persons, offices in found for office in offices),
            # No word of a team's name gives a person away; the whole of it may.
            lines=(*teams, *_given(*(each.appropriate_adult_contact for each in people))),
        )
    ]


def _place(told: Told) -> Hidden:
    """Return the place, which may be somebody's home: nothing more exact than the borough is handed over."""
    return Hidden(_("[not shown]"), lines=_given(told.case.place, told.case.body_worn_video))


def _places(told: Told) -> tuple[str, ...]:
    """Return the names of places and of police that may stand wherever they are typed."""
    case = told.case
    return _given(case.borough, case.force.name, case.unit.area)
