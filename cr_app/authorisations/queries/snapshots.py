"""What the text of a snapshot says of the rules: pure."""

import json
from collections.abc import Iterable, Mapping

from cr_app.policy.findings import APPLIES
from cr_app.policy.rulebook import NoRulebook, rulebook_named


def titles_in(rulebook: str) -> dict[str, str]:
    """Return the titles of the rules of a rulebook, by their ids; nothing where it is not kept any more."""
    try:
        return {rule.id: rule.title for rule in rulebook_named(rulebook).rules}
    except NoRulebook:
        return {}


def exclusions_in(content: str) -> tuple[str, ...]:
    """Return the titles of the exclusions that applied when a snapshot was taken."""
    kept = json.loads(content)
    return exclusions_among(kept["findings"], titles_in(kept["rulebook"]))


def exclusions_among(findings: Iterable[Mapping[str, str]], titles: Mapping[str, str]) -> tuple[str, ...]:
    """Return the titles of those exclusions that apply, of the findings that a snapshot kept."""
    return tuple(
        titles.get(each["rule"], each["rule"])
        for each in findings
        if each["effect"] == "exclusion" and each["state"] == APPLIES
    )
