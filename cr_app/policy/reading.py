"""Reads facts as `facts.schema.json` has them; anything else is one sentence that names the field."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date

from cr_app.policy.catalogue import Catalogue, shipped_catalogue
from cr_app.policy.conditions import UNSUITABLE
from cr_app.policy.facts import (
    DISPOSAL_KINDS,
    NO_VENUE,
    AuthorityFacts,
    BadFacts,
    Circumstances,
    Disposal,
    ExceptionFacts,
    Facts,
    OffenceFact,
    OffenderFacts,
    VictimFacts,
)
from cr_app.policy.ranks import rank_named
from cr_app.policy.rulebook import known_venues
from cr_app.policy.standing import GRANTED, REFUSED
from cr_app.policy.wording import did_you_mean, shown

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FORCE = re.compile(r"[0-9]{2}")
_CODE = re.compile(r"[0-9]{1,3}/[0-9]{2}")
_GRAVITY = (1, 5)


class _Object:
    """A JSON object whose fields are taken by name, each once checked."""

    def __init__(self, value: object, at: str, known: Sequence[str]) -> None:
        if not isinstance(value, dict):
            raise BadFacts(f"{at[:-1] or 'The facts'} must be an object.")
        self.values: Mapping[str, object] = value
        self.at = at
        for key in value:
            if key not in known:
                name = shown(at + str(key))
                raise BadFacts(f"There is no field {name}{did_you_mean(str(key), known)}.")

    def bad(self, name: str, why: str) -> BadFacts:
        return BadFacts(f"{self.at}{name} {why}.")

    def flag(self, name: str) -> bool | None:
        value = self.values.get(name)
        if value is None or value is True or value is False:
            return value
        raise self.bad(name, "must be true, false or null")

    def text(self, name: str) -> str | None:
        value = self.values.get(name)
        if value is None or isinstance(value, str):
            return value
        raise self.bad(name, "must be a text or null")

    def whole(self, name: str, least: int, most: int | None) -> int | None:
        value = self.values.get(name)
        if value is None:
            return None
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.bad(name, "must be a whole number or null")
        if value < least or (most is not None and value > most):
            span = f"from {least} to {most}" if most is not None else f"of {least} or more"
            raise self.bad(name, f"must be a whole number {span}")
        return value

    def word(self, name: str, known: tuple[str, ...]) -> str | None:
        value = self.values.get(name)
        if value is None:
            return None
        if not isinstance(value, str) or value not in known:
            raise self.bad(name, f"must be one of {', '.join(known)}, or null")
        return value

    def day(self, name: str) -> date:
        value = self.values.get(name)
        if name not in self.values:
            raise self.bad(name, "is missing: give a date as YYYY-MM-DD")
        if isinstance(value, str) and _DAY.fullmatch(value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                raise self.bad(name, f"is {value}, which is not a day of the calendar") from None
        given = f"is {shown(value)}, not" if isinstance(value, str) else "must be"
        raise self.bad(name, f"{given} a date as YYYY-MM-DD")

    def items(self, name: str) -> list[object] | None:
        value = self.values.get(name)
        if value is None or isinstance(value, list):
            return value
        raise self.bad(name, "must be a list or null")

    def part(self, name: str, known: Sequence[str], *, nullable: bool = False) -> "_Object":
        value = self.values.get(name, {})
        if value is None and nullable:
            value = {}
        return _Object(value, f"{self.at}{name}.", known)


def _names(shape: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(shape))


_FACTS, _OFFENCE, _DISPOSAL = _names(Facts), _names(OffenceFact), _names(Disposal)
_CIRCUMSTANCES, _OFFENDER, _VICTIM = _names(Circumstances), _names(OffenderFacts), _names(VictimFacts)
_EXCEPTION, _AUTHORITY = _names(ExceptionFacts), _names(AuthorityFacts)


def facts_from_json(value: object, catalogue: Catalogue | None = None) -> Facts:
    """Return the facts of a parsed JSON value; BadFacts, one sentence naming the field, when they are not in order.

    Offence codes are held to the catalogue (the shipped one when none is given), venues to all the shipped rulebooks.
    """
    top = _Object(value, "", _FACTS)
    decided_on = top.day("decided_on")
    circumstances = top.part("circumstances", _CIRCUMSTANCES)
    exception = top.part("exception", _EXCEPTION)
    return Facts(
        decided_on=decided_on,
        force=_force(top),
        offences=_offences(top, shipped_catalogue() if catalogue is None else catalogue),
        circumstances=Circumstances(*(circumstances.flag(name) for name in _CIRCUMSTANCES)),
        venue=_venue(top),
        visitor_from_abroad=top.flag("visitor_from_abroad"),
        lawful_at_home=top.flag("lawful_at_home"),
        evidence_sufficient=top.flag("evidence_sufficient"),
        less_serious=top.flag("less_serious"),
        gravity_score=top.whole("gravity_score", *_GRAVITY),
        rationale_recorded=top.flag("rationale_recorded"),
        reparation_agreed=top.flag("reparation_agreed"),
        youth_justice_consulted=top.flag("youth_justice_consulted"),
        offender=_offender(top, decided_on),
        victims=_victims(top),
        exception=ExceptionFacts(*(exception.flag(name) for name in _EXCEPTION)),
        authority=_authority(top),
        professional_standards=top.word("professional_standards", ("suitable", UNSUITABLE)),
    )


def _force(top: _Object) -> str:
    force = top.values.get("force", "01")
    if not isinstance(force, str) or not _FORCE.fullmatch(force):
        raise top.bad("force", "must be a force code of two digits, such as 01")
    return force


def _venue(top: _Object) -> str | None:
    venue = top.text("venue")
    if venue is not None and venue != NO_VENUE and venue not in known_venues():
        near = did_you_mean(venue, known_venues())
        raise top.bad("venue", f"is {shown(venue)}, which is neither none nor a venue listed in a rulebook{near}")
    return venue


def _offences(top: _Object, catalogue: Catalogue) -> tuple[OffenceFact, ...] | None:
    offences: list[OffenceFact] = []
    for index, item in enumerate(top.items("offences") or ()):
        row = _Object(item, f"offences[{index}].", _OFFENCE)
        code = row.values.get("code")
        if not isinstance(code, str):
            raise row.bad("code", "must be a Home Office code, such as 92/61")
        if code not in catalogue:
            raise row.bad("code", f"is {shown(code)}, which is not a known offence code{did_you_mean(code, catalogue)}")
        assisting = row.values.get("encouraging_or_assisting", False)
        if not isinstance(assisting, bool):
            raise row.bad("encouraging_or_assisting", "must be true or false")
        offences.append(OffenceFact(code, assisting))
    return tuple(offences) or None


def _offender(top: _Object, decided_on: date) -> OffenderFacts:
    row = top.part("offender", _OFFENDER)
    then, now = row.whole("age_at_offence", 0, None), row.whole("age_at_decision", 0, None)
    if then is not None and now is not None and now < then:
        raise row.bad("age_at_decision", "is below the age at the offence")
    return OffenderFacts(
        age_at_offence=then,
        age_at_decision=now,
        previous_disposals=_disposals(row, decided_on),
        **{name: row.flag(name) for name in _OFFENDER if name not in _NOT_FLAGS},
    )


_NOT_FLAGS = ("age_at_offence", "age_at_decision", "previous_disposals")


def _disposals(offender: _Object, decided_on: date) -> tuple[Disposal, ...] | None:
    items = offender.items("previous_disposals")
    if items is None:
        return None
    disposals: list[Disposal] = []
    for index, item in enumerate(items):
        row = _Object(item, f"offender.previous_disposals[{index}].", _DISPOSAL)
        kind = row.values.get("kind")
        if not isinstance(kind, str) or kind not in DISPOSAL_KINDS:
            raise row.bad("kind", f"must be one of {', '.join(DISPOSAL_KINDS)}")
        code = row.text("offence_code")
        if code is not None and not _CODE.fullmatch(code):
            raise row.bad("offence_code", f"is {shown(code)}, which does not have the form of a Home Office code")
        on = row.day("on")
        if on > decided_on:
            raise row.bad("on", f"is {on}, after decided_on, {decided_on}")
        disposals.append(Disposal(kind, on, code))
    return tuple(disposals)


def _victims(top: _Object) -> tuple[VictimFacts, ...] | None:
    items = top.items("victims")
    if items is None:
        return None
    rows = [_Object(item, f"victims[{index}].", _VICTIM) for index, item in enumerate(items)]
    return tuple(
        VictimFacts(row.word("kind", ("person", "organisation")), *(row.flag(name) for name in _VICTIM[1:]))
        for row in rows
    )


def _authority(top: _Object) -> AuthorityFacts:
    row = top.part("authority", _AUTHORITY, nullable=True)
    rank = row.text("rank")
    if rank is not None:
        try:
            rank_named(rank)
        except BadFacts:
            raise row.bad("rank", f"is {shown(rank)}, which is not the full name of a rank") from None
    return AuthorityFacts(
        decision=row.word("decision", (GRANTED, REFUSED)),
        rank=rank,
        substantive=row.flag("substantive"),
        is_recording_officer=row.flag("is_recording_officer"),
    )
