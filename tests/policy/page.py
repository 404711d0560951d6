"""Writes the tables of docs/policy.md from the rulebooks: `python -m tests.policy.page` brings the page up to date."""

from collections.abc import Iterator
from pathlib import Path

from cr_app.policy.catalogue import shipped_catalogue
from cr_app.policy.conditions import CONDITIONS, Parameters
from cr_app.policy.rulebook import Rule, Rulebook, all_rulebooks

PAGE = Path(__file__).resolve().parents[2] / "docs" / "policy.md"
BEGIN, END = "<!-- written from the rulebooks: begin -->\n", "<!-- written from the rulebooks: end -->\n"


def written() -> str:
    """Return the part of the page that the rulebooks write."""
    parts = [line for rulebook in sorted(all_rulebooks().values(), key=_order) for line in _rulebook(rulebook)]
    return "\n".join([*parts, *_conditions()])


def _order(rulebook: Rulebook) -> tuple[bool, str, str]:
    return (bool(rulebook.force), rulebook.force, rulebook.name)


def _rulebook(rulebook: Rulebook) -> Iterator[str]:
    base = all_rulebooks().get(rulebook.extends)
    inherited = {rule.id: rule.source for rule in base.rules} if base else {}
    yield f"## {rulebook.name}"
    yield ""
    force = f"force {rulebook.force}" if rulebook.force else "no force by itself"
    extends = f", extends {rulebook.extends}" if rulebook.extends else ""
    yield f"{rulebook.title}. For {force}, from {rulebook.in_force_from}{extends}."
    yield f"Exclusions are lifted by {rulebook.authority.words}."
    restated = [f"`{rule.id}`" for rule in rulebook.rules if inherited.get(rule.id, rule.source) != rule.source]
    if restated:
        yield f"Restated here, with the source {rulebook.sources[-1]}: {', '.join(restated)}."
    yield ""
    yield "| id | effect | source | condition | what the officer reads |"
    yield "| --- | --- | --- | --- | --- |"
    for rule in rulebook.rules:
        if rule.id not in inherited:
            says = "<br>".join(f"*{state.replace('_', ' ')}*: {sentence}" for state, sentence in rule.says.items())
            yield f"| `{rule.id}` | {rule.effect} | {rule.source} | {_condition(rule)} | {says} |"
    yield ""
    yield from _beside(rulebook, base)


def _condition(rule: Rule) -> str:
    given = ", ".join(f"{name} = {_shown(rule.parameters, name)}" for name in rule.parameters)
    return f"`{rule.condition}`" + (f" ({given})" if given else "")


def _shown(parameters: Parameters, name: str) -> str:
    value = parameters[name]
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, tuple):
        return str(value)
    kinds = shipped_catalogue()
    return ", ".join(f"{word} {kinds[word].title}" if word in kinds else word for word in value)


def _beside(rulebook: Rulebook, base: Rulebook | None) -> Iterator[str]:
    if base is None or rulebook.remedy_actions != base.remedy_actions:
        yield "Community Remedy actions:"
        yield ""
        for action in rulebook.remedy_actions:
            marks = [word for word, holds in (("for a victim", action.for_victim), ("a sum", action.amount)) if holds]
            yield f"- `{action.code}`: {action.title}{_bracketed(marks)}"
        yield ""
    if base is None or rulebook.venues != base.venues:
        named = ", ".join(f"`{venue.code}` ({venue.title})" for venue in rulebook.venues)
        yield f"Venues with an arrangement: {named or 'none'}."
        yield ""
    if base is None or rulebook.targets != base.targets:
        named = ", ".join(f"{name.replace('_', ' ')} {minutes}" for name, minutes in rulebook.targets.items())
        yield f"Targets for a decision on authority, in minutes: {named}."
        yield ""
    if base is None or rulebook.non_compliance != base.non_compliance:
        yield "What follows from not complying:"
        yield ""
        yield from (f"- {sentence}" for sentence in rulebook.non_compliance)
        yield ""


def _bracketed(words: list[str]) -> str:
    return f" ({', '.join(words)})" if words else ""


def _conditions() -> Iterator[str]:
    yield "## Conditions"
    yield ""
    yield "The closed set that a rulebook may name. Some wait for a force that needs them."
    yield ""
    yield "| condition | serves | parameters |"
    yield "| --- | --- | --- |"
    for name, condition in CONDITIONS.items():
        given = "; ".join(f"`{key}`: {kind}" for key, kind in condition.parameters.items())
        yield f"| `{name}` | {', '.join(sorted(condition.effects))} | {given} |"
    yield ""


def split(page: str) -> tuple[str, str, str]:
    """Return what stands before the written part of the page, that part, and what stands after it."""
    before, begin, rest = page.partition(BEGIN)
    middle, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError("docs/policy.md has lost the marks around its written part.")
    return before + begin, middle, end + after


if __name__ == "__main__":
    head, _, tail = split(PAGE.read_text(encoding="utf-8"))
    PAGE.write_text(f"{head}\n{written()}\n{tail}", encoding="utf-8")
