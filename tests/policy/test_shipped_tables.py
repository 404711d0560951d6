"""The tables shipped with the rules: offence types, ranks, and the schema of facts."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path

import pytest

from cr_app.policy import catalogue
from cr_app.policy.catalogue import EXCLUSION_CATEGORIES, shipped_catalogue
from cr_app.policy.facts import DISPOSAL_KINDS, BadFacts, Disposal, Facts, VictimFacts
from cr_app.policy.paths import ORDER, order_of
from cr_app.policy.ranks import RANKS, rank_named

SCHEMA = json.loads((Path(catalogue.__file__).parent / "data" / "facts.schema.json").read_text(encoding="utf-8"))


def test_the_catalogue_has_every_offence_type_once() -> None:
    """176 of them, each with a mode of trial and, where it has one, a category the rules know."""
    kinds = shipped_catalogue()
    assert len(kinds) == 176
    assert {kind.mode_of_trial for kind in kinds.values()} == {"summary", "either way", "indictable only"}
    assert {kind.exclusion_category for kind in kinds.values()} == {"", *EXCLUSION_CATEGORIES}
    assert all(kind.code == code and kind.title and kind.statute and kind.basis for code, kind in kinds.items())
    assert kinds["34/01"].is_indictable_only
    assert not kinds["46/00"].is_indictable_only


def test_ranks_are_in_order_and_known_by_full_name_in_any_case() -> None:
    """No abbreviation, no prefix."""
    assert [rank.order for rank in RANKS] == sorted(rank.order for rank in RANKS)
    assert rank_named("chief INSPECTOR").order > rank_named("Inspector").order > rank_named("sergeant").order
    assert rank_named("Commander").order == rank_named("Assistant Chief Constable").order
    for text in ("Insp", "Detective Inspector", " Inspector", "Inspector ", "", "İnspector"):
        with pytest.raises(BadFacts, match="is not known: give its full name"):
            rank_named(text)


def _paths(schema: Mapping[str, object], at: str) -> Iterator[str]:
    if at and not at.endswith("[]") and "properties" not in schema:
        yield at
    properties, items = schema.get("properties"), schema.get("items")
    if isinstance(properties, dict):
        for name, part in properties.items():
            yield from _paths(part, f"{at}.{name}".lstrip("."))
    if isinstance(items, dict):
        yield from _paths(SCHEMA["$defs"]["disposal"] if "$ref" in items else items, f"{at}[]")


def test_the_order_of_facts_is_the_order_of_the_schema() -> None:
    """Every fact the schema names, but for the fields of a list item that say nothing by themselves."""
    in_schema = [path for path in _paths(SCHEMA, "") if not path.endswith((".on", ".encouraging_or_assisting"))]
    in_schema.insert(0, in_schema.pop(in_schema.index("decided_on")))
    assert list(ORDER) == in_schema
    assert [field.name for field in fields(Facts)][2:] == list(SCHEMA["properties"])[2:]
    victim = SCHEMA["properties"]["victims"]["items"]["properties"]
    assert [field.name for field in fields(VictimFacts)] == list(victim)
    assert {field.name for field in fields(Disposal)} == set(SCHEMA["$defs"]["disposal"]["properties"])
    assert list(DISPOSAL_KINDS) == SCHEMA["$defs"]["disposal"]["properties"]["kind"]["enum"]


def test_paths_sort_as_the_schema_does_and_items_by_index() -> None:
    """The tenth victim after the second, each with its own facts together."""
    paths = ["victims[10].kind", "victims[2].consulted", "victims[2].kind", "venue", "authority.rank", "victims"]
    assert sorted(paths, key=order_of) == [
        "venue",
        "victims",
        "victims[2].kind",
        "victims[2].consulted",
        "victims[10].kind",
        "authority.rank",
    ]
