"""Reads rulebook files and holds each to the closed set of conditions, effects, facts, codes and ranks."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

from cr_app.policy.catalogue import EXCLUSION_CATEGORIES, Catalogue
from cr_app.policy.conditions import CONDITIONS, Effect, Kind, Parameters, Special, Value, says_of
from cr_app.policy.facts import DISPOSAL_KINDS, NO_VENUE, BadFacts
from cr_app.policy.paths import CASE_ANSWERS, CIRCUMSTANCES, VICTIM_ANSWERS
from cr_app.policy.ranks import Rank, rank_named
from cr_app.policy.rules import AuthorityNeeded, RemedyAction, Rule, Rulebook, Venue
from cr_app.policy.toml_tables import BadRulebook, Table
from cr_app.policy.wording import shown

_NAME = re.compile(r"([a-z][a-z-]*)/([0-9]{4}-[0-9]{2}-[0-9]{2})")
_FORCE = re.compile(r"[0-9]{2}")
_MOST = 1200
NATIONAL = "national"


def read_rulebooks(folder: Path, catalogue: Catalogue) -> Mapping[str, Rulebook]:
    """Read `<force>/<date>.toml` files of a folder into rulebooks by name; BadRulebook for the first that is wrong."""
    texts: dict[str, str] = {}
    for path in sorted(folder.glob("*/*.toml")):
        name = f"{path.parent.name}/{path.stem}"
        try:
            texts[name] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            raise BadRulebook(f"{name}.toml: not UTF-8 text.") from None
    reader = _Reader(texts, catalogue)
    for name in texts:
        reader.read(name, ())
    seen: dict[tuple[str, date], str] = {}
    for name, rulebook in reader.done.items():
        other = seen.setdefault((rulebook.force, rulebook.in_force_from), name)
        if other != name:
            raise BadRulebook(f"{name}.toml: force {rulebook.force} has a rulebook of that day already, {other}.")
    return MappingProxyType(reader.done)


class _Reader:
    """Reads files in the order in which they extend each other."""

    def __init__(self, texts: Mapping[str, str], catalogue: Catalogue) -> None:
        self.texts = texts
        self.catalogue = catalogue
        self.done: dict[str, Rulebook] = {}

    def read(self, name: str, extending: tuple[str, ...]) -> Rulebook:
        """Return the rulebook of a name, those it extends first."""
        if name in self.done:
            return self.done[name]
        table = Table.parse(f"{name}.toml", self.texts[name])
        base: Rulebook | None = None
        if table.has("extends"):
            wanted = table.one_of("extends", self.texts, "rulebook")
            if wanted == name or wanted in extending:
                raise table.bad("extends", f"goes round in a circle through {wanted}")
            base = self.read(wanted, (*extending, name))
        self.done[name] = _rulebook(name, table, base, self.catalogue)
        return self.done[name]


def _rulebook(name: str, table: Table, base: Rulebook | None, catalogue: Catalogue) -> Rulebook:
    force, in_force_from = _head(name, table, base)
    source = table.text("source")
    venues = (base.venues if base else ()) + tuple(_venue(row) for row in table.tables("venues"))
    _no_repeats(table, "venues", [venue.code for venue in venues])
    rules = _inherited(table, base, source)
    for row in table.tables("rules"):
        rules.append(_Rules(row, catalogue, venues, tuple(rules)).read(source))
        _no_repeats(row, "id", [rule.id for rule in rules])
    _one_of_each_special(table, rules)
    actions = tuple(_action(row) for row in table.tables("remedy_actions"))
    _no_repeats(table, "remedy_actions", [action.code for action in actions])
    targets = table.table("targets")
    minutes = {key: targets.whole(key, 1_000_000) for key in targets.values}
    rulebook = Rulebook(
        name=name,
        force=force,
        title=table.text("title"),
        in_force_from=in_force_from,
        extends=base.name if base else "",
        sources=(*(base.sources if base else ()), source),
        rules=tuple(rules),
        remedy_actions=actions or (base.remedy_actions if base else ()),
        venues=venues,
        targets=MappingProxyType({**(base.targets if base else {}), **minutes}),
        non_compliance=table.texts("non_compliance", base.non_compliance if base else ()),
        authority=_authority(table, base),
    )
    table.finish()
    return rulebook


def _head(name: str, table: Table, base: Rulebook | None) -> tuple[str, date]:
    named = _NAME.fullmatch(name)
    if named is None:
        raise BadRulebook(
            f"{name}.toml: a rulebook file is named after its force and day, such as met/2023-08-01.toml."
        )
    in_force_from = table.day("in_force_from")
    if in_force_from.isoformat() != named[2]:
        raise table.bad("in_force_from", f"is {in_force_from}, but the file is named {named[2]}")
    if base is not None and base.in_force_from > in_force_from:
        raise table.bad("extends", f"names {base.name}, which is later than this rulebook")
    if named[1] == NATIONAL:
        return "", in_force_from
    force = table.text("force")
    if not _FORCE.fullmatch(force):
        raise table.bad("force", f"is {shown(force)}, which is not a force code of two digits")
    if base is not None and base.force not in ("", force):
        raise table.bad("extends", f"names {base.name}, which is of another force")
    return force, in_force_from


def _authority(table: Table, base: Rulebook | None) -> AuthorityNeeded:
    if base is not None and not table.has("authority"):
        return base.authority
    row = table.table("authority")
    needed = AuthorityNeeded(_rank(row, "rank"), row.flag("substantive"))
    row.finish()
    return needed


def _rank(table: Table, key: str) -> Rank:
    text = table.text(key)
    try:
        return rank_named(text)
    except BadFacts:
        raise table.bad(key, f"is {shown(text)}, which is not a known rank") from None


def _inherited(table: Table, base: Rulebook | None, source: str) -> list[Rule]:
    """Return the rules of the rulebook extended; those this one restates take its source."""
    if base is None:
        return []
    restated = table.some_of("restates", [rule.id for rule in base.rules], "rule") if table.has("restates") else ()
    return [replace(rule, source=source) if rule.id in restated else rule for rule in base.rules]


def _no_repeats(table: Table, key: str, names: list[str]) -> None:
    for index, name in enumerate(names):
        if name in names[:index]:
            raise table.bad(key, f"gives {shown(name)} twice")


def _one_of_each_special(table: Table, rules: list[Rule]) -> None:
    specials = [rule.shape.special for rule in rules if rule.shape.special is not Special.NONE]
    if len(set(specials)) != len(specials):
        raise table.bad("rules", "asks twice about a decision on authority")


def _venue(row: Table) -> Venue:
    venue = Venue(row.slug("code"), row.text("title"))
    if venue.code == NO_VENUE:
        raise row.bad("code", f"is {shown(NO_VENUE)}, which means no venue")
    row.finish()
    return venue


def _action(row: Table) -> RemedyAction:
    action = RemedyAction(row.slug("code"), row.text("title"), row.flag("for_victim"), row.flag("amount", False))
    row.finish()
    return action


class _Rules:
    """Reads one rule, knowing the rules before it, the venues and the offence codes it may name."""

    def __init__(self, row: Table, catalogue: Catalogue, venues: tuple[Venue, ...], rules: tuple[Rule, ...]) -> None:
        self.row = row
        self.catalogue = catalogue
        self.venues = [venue.code for venue in venues]
        self.exclusions = [rule.id for rule in rules if rule.effect is Effect.EXCLUSION]

    def read(self, source: str) -> Rule:
        """Return the rule; BadRulebook naming the key that is wrong."""
        row = self.row
        rule_id, title = row.slug("id"), row.text("title")
        effect = Effect(row.one_of("effect", list(Effect), "effect"))
        name = row.one_of("condition", CONDITIONS, "condition")
        condition = CONDITIONS[name]
        if effect not in condition.effects:
            raise row.bad("condition", f"is {shown(name)}, which cannot serve a rule of effect {effect}")
        given = row.table("with")
        parameters: Parameters = MappingProxyType(
            {key: self._parameter(given, key, kind) for key, kind in condition.parameters.items()}
        )
        given.finish()
        rule = Rule(
            id=rule_id,
            title=title,
            effect=effect,
            condition=name,
            parameters=parameters,
            says=self._says(effect, name),
            source=row.text("source", source),
            shape=condition.build(parameters),
            authority=self._authority(given, condition.parameters),
        )
        row.finish()
        return rule

    def _says(self, effect: Effect, condition: str) -> Mapping[str, str]:
        says = self.row.table("says")
        sentences = {state: says.text(state) for state in says_of(effect, condition)}
        says.finish()
        return MappingProxyType(sentences)

    def _authority(self, given: Table, parameters: Mapping[str, Kind]) -> AuthorityNeeded | None:
        if "rank" not in parameters:
            return None
        return AuthorityNeeded(_rank(given, "rank"), given.flag("substantive"))

    def _parameter(self, given: Table, key: str, kind: Kind) -> Value:
        match kind:
            case Kind.FACT:
                return given.one_of(key, CASE_ANSWERS, "yes-or-no fact")
            case Kind.VICTIM_FACT:
                return given.one_of(key, VICTIM_ANSWERS, "yes-or-no fact of a victim")
            case Kind.VICTIM_FACTS:
                return given.some_of(key, VICTIM_ANSWERS, "yes-or-no fact of a victim")
            case Kind.WHOLE:
                return given.whole(key, _MOST)
            case Kind.FLAG:
                return given.flag(key)
            case Kind.CODES:
                return given.some_of(key, self.catalogue, "offence code")
            case Kind.DISPOSALS:
                return given.some_of(key, DISPOSAL_KINDS, "kind of disposal")
            case Kind.CIRCUMSTANCE:
                return given.one_of(key, CIRCUMSTANCES, "circumstance")
            case Kind.CATEGORY:
                return given.one_of(key, EXCLUSION_CATEGORIES, "exclusion category")
            case Kind.VENUES:
                return given.some_of(key, self.venues, "venue of the rulebook")
            case Kind.RANK:
                return _rank(given, key).name
            case Kind.RULES:
                return given.some_of(key, self.exclusions, "exclusion of the rulebook")
