"""The policy as an answer: what a rulebook says on a day, and what is otherwise than in the one before."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from cr_app.disclosure.policy_answer import _LOOKS_AT, Change, NoPolicy, PolicyAnswer, _when, policy_answer
from cr_app.policy.catalogue import shipped_catalogue
from cr_app.policy.rulebook import all_rulebooks
from cr_app.policy.rulebook_files import read_rulebooks
from cr_app.policy.rules import Rulebook

MET, KENT = "01", "46"
FIRST, SECOND = date(2019, 4, 29), date(2023, 8, 1)


def answer(on: date, force: str = MET, rulebooks: Mapping[str, Rulebook] | None = None) -> PolicyAnswer:
    """Return the answer of a force on a day."""
    return policy_answer(force, on, force_name="Metropolitan Police Service", rulebooks=rulebooks)


def section(found: PolicyAnswer, title: str) -> dict[str, str]:
    """Return the rules of one section: id to what it says."""
    return {rule.id: rule.says for each in found.sections if each.title == title for rule in each.rules}


@pytest.mark.parametrize(
    ("on", "name"),
    [
        (FIRST, "met/2019-04-29"),
        (date(2023, 7, 31), "met/2019-04-29"),
        (SECOND, "met/2023-08-01"),
        (date(2040, 1, 1), "met/2023-08-01"),
    ],
)
def test_the_rulebook_in_force_on_the_day_is_answered(on: date, name: str) -> None:
    found = answer(on)
    assert found.edition.name == name
    assert [edition.name for edition in found.editions if edition.is_answered] == [name]


def test_both_editions_are_listed_with_their_days_and_sources_whichever_day_is_asked_for() -> None:
    for on in (FIRST, SECOND):
        told = [(each.begins, each.last_day, each.sources[-1]) for each in answer(on).editions]
        assert told == [
            (FIRST, date(2023, 7, 31), "01.FOI.22.024759"),
            (SECOND, None, "01.FOI.23.031611"),
        ]


def test_a_day_before_the_first_rulebook_is_answered_by_a_sentence_that_says_from_when() -> None:
    with pytest.raises(NoPolicy, match="for 28 April 2019: the first is in force from 29 April 2019"):
        answer(date(2019, 4, 28))


def test_a_force_without_a_rulebook_is_never_answered_with_the_national_rules() -> None:
    with pytest.raises(NoPolicy, match="no rulebook of Metropolitan"):
        answer(SECOND, force="05")


def test_every_rule_of_the_rulebook_is_told_once_with_its_source() -> None:
    for name, book in all_rulebooks().items():
        if book.force:
            found = answer(book.in_force_from, force=book.force)
            told = [rule for each in found.sections for rule in each.rules]
            assert sorted(rule.id for rule in told) == sorted(rule.id for rule in book.rules), name
            assert {rule.id: rule.source for rule in told} == {rule.id: rule.source for rule in book.rules}
            assert all(rule.says for rule in told)


def test_what_is_not_suitable_is_what_is_barred_referred_or_excluded() -> None:
    found = answer(SECOND)
    told = {rule.id for each in found.sections if each.is_not_suitable for rule in each.rules}
    assert told >= {"under-ten", "cannabis-first-offence", "domestic-abuse", "firearm", "police-officer-or-staff"}
    assert not told & {"reparation", "victim-objects", "venue-arrangement"}


def test_the_rank_that_lifts_an_exclusion_is_the_rulebooks() -> None:
    met = {rule.authority for each in answer(SECOND).sections for rule in each.rules if rule.id == "hate-crime"}
    assert met == {"an Inspector or above, substantive in that rank"}
    kent = answer(date(2024, 1, 1), force=KENT)
    assert {rule.id: rule.authority for each in kent.sections for rule in each.rules if rule.authority} == {
        "indictable-only": "an Inspector or above",
        "supervisor-authority": "a Sergeant or above",
    }


def test_an_exclusion_names_the_offence_types_that_bring_it_by_themselves() -> None:
    offences = {rule.id: rule.offences for each in answer(SECOND).sections for rule in each.rules}
    kinds = shipped_catalogue().values()
    assert len(offences["hate-crime"]) == sum(kind.exclusion_category == "hate_crime" for kind in kinds) > 10
    assert len(offences["indictable-only"]) == sum(kind.mode_of_trial == "indictable only" for kind in kinds) > 10
    assert offences["cannabis-first-offence"] == (f"{shipped_catalogue()['92/61'].title} (92/61)",)
    assert offences["domestic-abuse"]
    assert not offences["reparation"]


def test_what_changed_in_august_2023_is_what_was_added_and_what_was_restated() -> None:
    found = answer(SECOND)
    assert not found.is_first
    assert {(change.what, change.title) for change in found.changes} == {
        ("Added", "Possession of cannabis: first offence only"),
        ("Added", "Arrangement at a listed venue"),
        ("Added", "Venue with an arrangement"),
        ("Added", "Source"),
    }
    assert len(found.restated) == 14
    assert "Hate crime" in found.restated


def test_the_first_rulebook_is_compared_with_the_rules_that_it_extends() -> None:
    found = answer(FIRST)
    assert found.is_first
    assert found.compared_with.startswith("Community Resolutions: national strategy")
    raised = Change(
        "Who may authorise", "Exclusions", "an Inspector or above", "an Inspector or above, substantive in that rank"
    )
    assert raised in found.changes
    assert sum(change.what == "Added" for change in found.changes) == 15


_HEAD = 'title = "Rules, {year}"\nforce = "05"\nin_force_from = {year}-01-01\nsource = "Policy {year}"\n'
_RULE = """
[[rules]]
id = "{id}"
title = "{title}"
effect = "bar"
condition = "age_at_offence_under"
with = {{ years = {years} }}
[rules.says]
applies = "{applies}"
clear = "Old enough."
not_asked = "How old?"
"""


def rules(tmp_path: Path, *editions: str) -> Mapping[str, Rulebook]:
    """Return rulebooks of an invented force, one a year from 2020."""
    folder = tmp_path / "somewhere"
    folder.mkdir()
    for year, text in enumerate(editions, start=2020):
        (folder / f"{year}-01-01.toml").write_text(_HEAD.format(year=year) + text)
    return read_rulebooks(tmp_path, shipped_catalogue())


def _authority(rank: str) -> str:
    return f'\n[authority]\nrank = "{rank}"\nsubstantive = false\n'


def test_a_rule_removed_reworded_or_applied_otherwise_and_another_rank_are_changes(tmp_path: Path) -> None:
    books = rules(
        tmp_path,
        _authority("Sergeant")
        + _RULE.format(id="young", title="Young", years=10, applies="Too young.")
        + _RULE.format(id="younger", title="Younger", years=9, applies="Far too young."),
        _authority("Inspector") + _RULE.format(id="young", title="Young", years=12, applies="Under 12."),
    )
    assert answer(date(2020, 5, 1), "05", books).changes == ()
    assert answer(date(2020, 5, 1), "05", books).compared_with == ""
    assert answer(date(2021, 5, 1), "05", books).changes == (
        Change("Who may authorise", "Exclusions", "a Sergeant or above", "an Inspector or above"),
        Change(
            "When it applies changed",
            "Young",
            "Whoever was younger than 10 at the offence.",
            "Whoever was younger than 12 at the offence.",
        ),
        Change("Wording changed", "Young", "Too young.", "Under 12."),
        Change("Removed", "Younger", "Far too young."),
        Change("Added", "Source", after="Policy 2021"),
        Change("Removed", "Source", "Policy 2020"),
    )


def test_a_rulebook_that_changes_nothing_has_no_changes(tmp_path: Path) -> None:
    same = _authority("Inspector") + _RULE.format(id="young", title="Young", years=10, applies="Too young.")
    books = rules(tmp_path, same, same)
    found = answer(date(2021, 5, 1), "05", books)
    assert {change.title for change in found.changes} == {"Source"}
    assert found.restated == ("Young",)


def test_what_every_rule_looks_at_is_told_in_words() -> None:
    rules = [rule for rulebook in all_rulebooks().values() for rule in rulebook.rules]
    for rule in rules:
        told = _when(rule)
        assert told.endswith(".")
        assert not set("_{}") & set(told), told
    assert {rule.condition for rule in rules if rule.parameters} <= set(_LOOKS_AT)
