"""The policy as an answer: what a force's rulebook bars and excludes on a day, what it asks, and what changed. Pure.

Everything is read from the shipped rulebooks, so that what is answered is what cases are judged by.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cr_app.policy.catalogue import OffenceKind, shipped_catalogue
from cr_app.policy.conditions import Effect
from cr_app.policy.rulebook import all_rulebooks
from cr_app.policy.rules import Rule, Rulebook

# The sentence of a rule that tells what it is for, the first of these that it has.
_TELLING = ("applies", "unmet", "met")
_NOT_SUITABLE = (Effect.BAR, Effect.REFERRAL, Effect.EXCLUSION)
_TITLES = {
    Effect.BAR: ("Never available", "No Community Resolution, whoever asks for one."),
    Effect.REFERRAL: (
        "Referred to professional standards",
        "No Community Resolution unless they find the case suitable.",
    ),
    Effect.EXCLUSION: ("Excluded unless authorised", ""),
    Effect.AUTHORITY: ("Authority in every case", "A case that is not excluded needs authority as well."),
    Effect.EXEMPTION: ("Exempt from an exclusion", "No authority is needed for what the exemption covers."),
    Effect.REQUIREMENT: ("What must be done first", "A Community Resolution is not issued until each of these is met."),
    Effect.ADVICE: ("Advice to the officer", "Shown and recorded; it never stands in the way."),
}
BESIDE_OFFENCES = (
    "Beside the offence types listed, the circumstances of each case count: a common assault can be domestic abuse or a hate "
    "crime, whatever its offence type."
)
ADVICE = (
    "Advice and assistance (Freedom of Information Act 2000, section 16). The national framework for out-of-court disposals is "
    "published by others, and a force's policy follows it. You may find these helpful; a request to them, or a narrower one to "
    "us, may bring what this answer does not."
)


class NoPolicy(ValueError):
    """A force has no rulebook on a day; its text is the sentence to show."""


@dataclass(frozen=True)
class Link:
    """Where something is published, by whom, and what is found there."""

    title: str
    address: str
    what: str


LINKS = (
    Link(
        "College of Policing: Authorised Professional Practice",
        "https://www.college.police.uk/app",
        "Under Prosecution and case management: Possible justice outcomes following investigation.",
    ),
    Link(
        "National Police Chiefs' Council",
        "https://www.npcc.police.uk/",
        "Among its publications: Community resolutions guidance (2022).",
    ),
    Link(
        "Home Office: police recorded crime and outcomes, open data tables",
        "https://www.gov.uk/government/statistics/police-recorded-crime-open-data-tables",
        "Outcomes by force, offence and quarter since 2014; a Community Resolution is outcome 8.",
    ),
)


@dataclass(frozen=True)
class Edition:
    """One rulebook of the force: from when it is in force, its last day where a later one follows, what it rests on."""

    name: str
    title: str
    begins: date
    last_day: date | None
    sources: tuple[str, ...]
    is_answered: bool = False


@dataclass(frozen=True)
class RuleTold:
    """One rule: what the officer reads, who may authorise, the offence types that bring it by themselves, its source."""

    id: str
    title: str
    says: str
    authority: str
    offences: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class Section:
    """The rules of one effect, under a title and a sentence that says what follows from them."""

    title: str
    lead: str
    rules: tuple[RuleTold, ...]
    is_not_suitable: bool


@dataclass(frozen=True)
class Change:
    """One thing that is otherwise than in the policy before: what was done to it, and how it read before and after."""

    what: str
    title: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class PolicyAnswer:
    """What is answered about the policy of a force on a day.

    `compared_with` is the rulebook before, or for a force's first one the rules that it extends; "" where there is neither.
    `restated` are the titles of rules that stand as before under another source.
    """

    force_name: str
    on: date
    edition: Edition
    editions: tuple[Edition, ...]
    sections: tuple[Section, ...]
    compared_with: str
    is_first: bool
    changes: tuple[Change, ...]
    restated: tuple[str, ...]


def policy_answer(
    force: str, on: date, *, force_name: str, rulebooks: Mapping[str, Rulebook] | None = None
) -> PolicyAnswer:
    """Return the answer for the rulebook of the force in force on a day; raises NoPolicy where there is none."""
    rulebooks = all_rulebooks() if rulebooks is None else rulebooks
    own = sorted((each for each in rulebooks.values() if each.force == force), key=lambda each: each.in_force_from)
    if not own:
        raise NoPolicy(
            f"This service holds no rulebook of {force_name}. The national rules alone are not a force's policy: ask whoever "
            "owns the policy of the force."
        )
    begun = [each for each in own if each.in_force_from <= on]
    if not begun:
        raise NoPolicy(
            f"This service holds no rulebook of {force_name} for {_day(on)}: the first is in force from "
            f"{_day(own[0].in_force_from)}. Choose that day or a later one."
        )
    book = begun[-1]
    before = begun[-2] if len(begun) > 1 else rulebooks.get(book.extends)
    editions = tuple(_editions(own, book))
    return PolicyAnswer(
        force_name=force_name,
        on=on,
        edition=editions[own.index(book)],
        editions=editions,
        sections=tuple(_sections(book)),
        compared_with=before.title if before else "",
        is_first=len(begun) == 1,
        changes=tuple(_changes(before, book)) if before else (),
        restated=tuple(_restated(before, book)) if before else (),
    )


def _editions(own: Sequence[Rulebook], answered: Rulebook) -> Iterator[Edition]:
    for place, book in enumerate(own):
        later = own[place + 1].in_force_from if place + 1 < len(own) else None
        yield Edition(
            name=book.name,
            title=book.title,
            begins=book.in_force_from,
            last_day=later - timedelta(days=1) if later else None,
            sources=book.sources,
            is_answered=book is answered,
        )


def _sections(book: Rulebook) -> Iterator[Section]:
    for effect, (title, lead) in _TITLES.items():
        told = tuple(_told(rule, book) for rule in book.rules if rule.effect is effect)
        if effect is Effect.EXCLUSION:
            lead = f"Not suitable unless {_lifted_by(book)}."
        if told:
            yield Section(title, lead, told, effect in _NOT_SUITABLE)


def _lifted_by(book: Rulebook) -> str:
    return (
        "the exceptional circumstances are written down, the investigation team's advice is sought, and "
        f"{book.authority.words}, who is not the recording officer, grants authority"
    )


def _told(rule: Rule, book: Rulebook) -> RuleTold:
    needed = book.authority if rule.effect is Effect.EXCLUSION else rule.authority
    return RuleTold(
        rule.id, rule.title, _sentence(rule), needed.words if needed else "", offences_of(rule), rule.source
    )


def _sentence(rule: Rule) -> str:
    return next(rule.says[state] for state in _TELLING if state in rule.says)


def offences_of(rule: Rule) -> tuple[str, ...]:
    """Return the offence types of the catalogue that bring a rule by themselves, or that alone it is about."""
    return tuple(f"{kind.title} ({kind.code})" for kind in shipped_catalogue().values() if _brings(kind, rule))


def _brings(kind: OffenceKind, rule: Rule) -> bool:
    if rule.condition == "indictable_only":
        return kind.is_indictable_only
    codes = rule.parameters.get("codes")
    if isinstance(codes, tuple):
        return kind.code in codes
    return bool(kind.exclusion_category) and rule.parameters.get("category") == kind.exclusion_category


def _changes(before: Rulebook, after: Rulebook) -> Iterator[Change]:
    if before.authority != after.authority:
        yield Change("Who may authorise", "Exclusions", before.authority.words, after.authority.words)
    earlier = {rule.id: rule for rule in before.rules}
    kept = {rule.id for rule in after.rules}
    for rule in after.rules:
        if rule.id not in earlier:
            yield Change("Added", rule.title, after=_sentence(rule))
        else:
            yield from _changed(earlier[rule.id], rule)
    for rule in before.rules:
        if rule.id not in kept:
            yield Change("Removed", rule.title, before=_sentence(rule))
    yield from _beside_rules(before, after)


def _changed(before: Rule, after: Rule) -> Iterator[Change]:
    if before.title != after.title:
        yield Change("Title changed", after.title, before.title, after.title)
    if before.effect is not after.effect:
        yield Change("What follows changed", after.title, _TITLES[before.effect][0], _TITLES[after.effect][0])
    if (before.condition, before.parameters) != (after.condition, after.parameters):
        yield Change("When it applies changed", after.title, _when(before), _when(after))
    if before.authority != after.authority:
        yield Change("Who may authorise", after.title, _words(before), _words(after))
    for state in sorted({*before.says, *after.says}):
        if before.says.get(state) != after.says.get(state):
            yield Change("Wording changed", after.title, before.says.get(state, ""), after.says.get(state, ""))


# What a rule looks at, in words, by its condition; what has no parameter is worded by its name.
_LOOKS_AT = {
    "answered_yes": "Where “{fact}” is answered yes.",
    "answered_no": "Where “{fact}” is answered no.",
    "age_at_offence_under": "Whoever was younger than {years} at the offence.",
    "disposals_within": "More than {at_most} earlier disposals within {months} months ({kinds}).",
    "offence_repeated": "An earlier disposal ({kinds}) for the same offence ({codes}).",
    "circumstance_or_offence": "The circumstance or the offence category: {circumstance}, {category}.",
    "lawful_at_venue": "What is lawful at a venue with an arrangement ({venues}); it lifts {lifts}.",
    "every_case": "Every case, by {rank}.",
    "must_be_yes": "“{fact}” is to be answered yes.",
    "child_needs": "A child needs “{fact}”.",
    "concern_needs": "A mental health concern needs “{fact}”.",
    "each_victim_needs": "Each victim needs one of: {any_of}.",
    "each_victim_with_concern_needs": "Each victim with a mental health concern needs “{fact}”.",
}


def _when(rule: Rule) -> str:
    """Return what a rule looks at, in a sentence."""
    given = {
        key: ", ".join(map(_plain, value)) if isinstance(value, tuple) else _plain(value)
        for key, value in rule.parameters.items()
    }
    known = _LOOKS_AT.get(rule.condition)
    return known.format_map(given) if known else f"{_plain(rule.condition).capitalize()}."


def _plain(value: object) -> str:
    return str(value).lower().replace("_", " ")


def _words(rule: Rule) -> str:
    return rule.authority.words if rule.authority else ""


def _beside_rules(before: Rulebook, after: Rulebook) -> Iterator[Change]:
    yield from _listed("Source", before.sources, after.sources)
    yield from _listed("Venue with an arrangement", _titles(before.venues), _titles(after.venues))
    yield from _listed("Agreed action on offer", _titles(before.remedy_actions), _titles(after.remedy_actions))
    yield from _listed("What follows from not complying", before.non_compliance, after.non_compliance)


def _titles(listed: Sequence[object]) -> tuple[str, ...]:
    return tuple(str(getattr(each, "title", "")) for each in listed)


def _listed(called: str, before: Sequence[str], after: Sequence[str]) -> Iterator[Change]:
    for each in after:
        if each not in before:
            yield Change("Added", called, after=each)
    for each in before:
        if each not in after:
            yield Change("Removed", called, before=each)


def _restated(before: Rulebook, after: Rulebook) -> Iterator[str]:
    earlier = {rule.id: rule for rule in before.rules}
    for rule in after.rules:
        known = earlier.get(rule.id)
        if known is not None and known.source != rule.source and not list(_changed(known, rule)):
            yield rule.title


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
