"""REQUEST.json is read strictly: nothing that it asks is passed over, and what it means is kept."""

import json
from datetime import date
from typing import Any

import pytest

from cr_app.disclosure.asked import BadRequest, Group, asked_from, read_asked

# As the format is shown to whoever writes one, but for its comments.
EXAMPLE = """
{"reference": "01.FOI.22.024759", "received_on": "2022-06-20", "force": "01",
 "period": {"from": "2020-01-01", "to": "2021-12-31"}, "years": "calendar",
 "rows": {"by": "named", "groups": [{"label": "Making threats to kill", "codes": ["3/01"]},
          {"label": "Encouraging an offence", "encouraging_or_assisting": true}]},
 "breakdown": null,
 "basis": "cases", "threshold": 5, "zeros": "show", "method": "combine"}
"""


def example(**changes: Any) -> dict[str, Any]:
    """Return the example, but for what is changed."""
    return {**json.loads(EXAMPLE), **changes}


def test_the_example_of_the_format_is_read_as_it_stands() -> None:
    asked = read_asked(EXAMPLE)
    assert (asked.reference, asked.received_on, asked.force) == ("01.FOI.22.024759", date(2022, 6, 20), "01")
    assert [year.label for year in asked.columns()] == ["2020", "2021"]
    assert asked.groups == (
        Group("Making threats to kill", ("3/01",)),
        Group("Encouraging an offence", (), encouraging_or_assisting=True),
    )
    assert (asked.breakdown, asked.basis, asked.threshold, asked.zeros, asked.method) == (
        *("", "cases", 5, "show", "combine"),
    )
    assert asked_from(asked.as_json()) == asked
    assert asked.as_json() == json.loads(EXAMPLE)


@pytest.mark.parametrize("rows", [{"by": "group"}, {"by": "offence"}, {"by": "group", "groups": []}])
def test_rows_of_the_catalogue_are_read_without_groups(rows: dict[str, Any]) -> None:
    assert asked_from(example(rows=rows)).groups == ()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"colour": "green"}, "'colour', which is not known"),
        ({"period": {"from": "2020-01-01", "to": "2021-12-31", "until": "2022-12-31"}}, "'period' says 'until'"),
        ({"rows": {"by": "group", "zeros": "show"}}, "'rows' says 'zeros'"),
        ({"rows": {"by": "group", "groups": [{"label": "A", "codes": ["3/01"]}]}}, "only rows by 'named'"),
        ({"rows": {"by": "named", "groups": [{"label": "A", "codes": ["3/01"], "code": "3/02"}]}}, "says 'code'"),
        ({"rows": {"by": "group", "groups": 0}}, "only rows by 'named'"),
        ({"received_on": "2026-W05-1"}, "not a day such as"),
    ],
)
def test_what_would_be_passed_over_is_refused(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadRequest, match=sentence):
        asked_from(example(**changes))


ENCOURAGING = {"label": "B", "codes": ["3/01"], "encouraging_or_assisting": True}


@pytest.mark.parametrize(
    ("groups", "sentence"),
    [
        ([{"label": one, "codes": ["3/01", "46/00"]} for one in "AB"], "'A' and 'B' count the same"),
        ([{"label": "A", "codes": ["3/01"]}, ENCOURAGING], "count all that it counts"),
        ([{"label": "A", "encouraging_or_assisting": True}, ENCOURAGING], "count all that it counts"),
        (
            [
                {"label": "A", "codes": ["3/01"]},
                {"label": "C", "codes": ["46/00"]},
                {"label": "B", "codes": ["3/01", "46/00"]},
            ],
            "Rows before 'B'",
        ),
    ],
)
def test_a_row_that_is_always_0_is_refused_and_what_was_released_with_one_stays_readable(
    groups: list[dict[str, Any]], sentence: str
) -> None:
    told = example(rows={"by": "named", "groups": groups})
    with pytest.raises(BadRequest, match=sentence):
        read_asked(json.dumps(told))
    assert [group.label for group in asked_from(told).groups] == [group["label"] for group in groups]
    # The other way round each row has something of its own, but for those that are equal.
    if groups[-1] is ENCOURAGING or len(groups) == 3:
        told["rows"]["groups"] = [groups[-1], *groups[:-1]] if len(groups) == 2 else groups[:-1]
        assert read_asked(json.dumps(told)).groups


@pytest.mark.parametrize("reference", ["../../tmp/x'", "a;b", "Ω1", "..", "01.FOI_1"])
def test_a_reference_is_what_the_page_takes_too(reference: str) -> None:
    with pytest.raises(BadRequest, match="only / - "):
        read_asked(json.dumps(example(reference=reference)))
    assert read_asked(json.dumps(example(reference="01.foi/26-000 1"))).reference == "01.foi/26-000 1"
