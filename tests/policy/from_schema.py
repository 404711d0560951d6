"""Facts by the schema: a strategy made from `facts.schema.json`, with what the schema leaves to prose put in."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from hypothesis import strategies as st

from cr_app.policy import catalogue
from cr_app.policy.catalogue import shipped_catalogue
from cr_app.policy.ranks import RANKS

SCHEMA: Mapping[str, object] = json.loads(
    (Path(catalogue.__file__).parent / "data" / "facts.schema.json").read_text(encoding="utf-8")
)
FIRST_DAY = date(2023, 7, 1)
Json = object
JsonObject = dict[str, object]

_CODES = st.sampled_from([*list(shipped_catalogue())[::9], "46/00", "92/61", "8/26", "34/01", "8/67"])
_RANK_NAMES = st.sampled_from([rank.name for rank in RANKS])
_PROSE: Mapping[str, st.SearchStrategy[Json]] = {
    "decided_on": st.dates(FIRST_DAY, date(2026, 11, 21)).map(date.isoformat),
    "force": st.sampled_from(["01", "46"]),
    "offences[].code": _CODES,
    "venue": st.sampled_from([None, "none", "houses-of-parliament"]),
    "offender.age_at_offence": st.one_of(st.none(), st.integers(0, 18), st.integers(0)),
    "offender.age_at_decision": st.one_of(st.none(), st.integers(0, 18), st.integers(0)),
    "offender.previous_disposals[].on": st.integers(0, 4000).map(lambda n: (FIRST_DAY - timedelta(n)).isoformat()),
    "offender.previous_disposals[].offence_code": st.one_of(st.none(), _CODES, st.just("825/99")),
    "authority.rank": st.one_of(
        st.none(), _RANK_NAMES, _RANK_NAMES.map(str.upper), _RANK_NAMES.map(str.lower), st.just("Inspector")
    ),
}


def _of(schema: Mapping[str, object], at: str) -> st.SearchStrategy[Json]:
    """Return a strategy for one place of the schema."""
    if at in _PROSE:
        return _PROSE[at]
    if "$ref" in schema:
        found: object = SCHEMA
        for step in str(schema["$ref"]).removeprefix("#/").split("/"):
            assert isinstance(found, dict)
            found = found[step]
        assert isinstance(found, dict)
        return _of(found, at)
    if "enum" in schema:
        words = schema["enum"]
        assert isinstance(words, list)
        return st.sampled_from(words)
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return st.one_of([_of_kind(str(kind), schema, at) for kind in kinds])


def _of_kind(kind: str, schema: Mapping[str, object], at: str) -> st.SearchStrategy[Json]:
    if kind == "null":
        return st.none()
    if kind == "boolean":
        return st.booleans()
    if kind == "integer":
        least, most = schema.get("minimum"), schema.get("maximum")
        assert isinstance(least, int)
        return st.integers(least, most if isinstance(most, int) else None)
    if kind == "array":
        items = schema["items"]
        assert isinstance(items, dict)
        return st.lists(_of(items, f"{at}[]"), max_size=3)
    assert kind == "object", (kind, at)
    properties, required = schema["properties"], schema.get("required", [])
    assert isinstance(properties, dict)
    assert isinstance(required, list)
    every = {name: _of(part, f"{at}.{name}".lstrip(".")) for name, part in properties.items()}
    return st.fixed_dictionaries(
        {name: part for name, part in every.items() if name in required},
        optional={name: part for name, part in every.items() if name not in required},
    )


def _in_order(value: Json) -> JsonObject:
    """Return the facts with the ages in order, which the schema cannot say."""
    assert isinstance(value, dict)
    offender = value.get("offender", {})
    ages = [offender.get(name) for name in ("age_at_offence", "age_at_decision")]
    if None not in ages and ages[1] < ages[0]:
        offender["age_at_offence"], offender["age_at_decision"] = ages[1], ages[0]
    return value


FACTS: st.SearchStrategy[JsonObject] = _of(SCHEMA, "").map(_in_order)
