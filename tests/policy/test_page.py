"""docs/policy.md says what the rulebooks say."""

from cr_app.policy.rulebook import all_rulebooks
from tests.policy.page import PAGE, split, written


def test_the_page_is_in_step_with_the_rulebooks() -> None:
    """When it is not: `python -m tests.policy.page` writes it anew."""
    _, middle, _ = split(PAGE.read_text(encoding="utf-8"))
    assert middle == f"\n{written()}\n"


def test_the_page_names_every_rule_with_its_effect_source_and_sentences() -> None:
    """In the section of the rulebook that brings it, or restates it."""
    page = PAGE.read_text(encoding="utf-8")
    for rulebook in all_rulebooks().values():
        for rule in rulebook.rules:
            assert f"| `{rule.id}` | {rule.effect} | " in page
            assert rule.source in page
            assert all(sentence in page for sentence in rule.says.values())
