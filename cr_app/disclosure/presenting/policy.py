"""The policy as an answer, laid out for its page."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from cr_app.disclosure.actions.policy import FORMS
from cr_app.disclosure.export.policy_sheet import change_text, changed_since, changes_lead, in_force, restated_words
from cr_app.disclosure.notes import day_of
from cr_app.disclosure.policy_answer import ADVICE, BESIDE_OFFENCES, LINKS, PolicyAnswer, RuleTold, Section

_CALLED = {"csv": "CSV, to open in a spreadsheet", "pdf": "PDF, to send or print"}


def policy_page(answer: PolicyAnswer) -> dict[str, Any]:
    """Return what the page shows of an answer."""
    on = {"on_day": answer.on.day, "on_month": answer.on.month, "on_year": answer.on.year}
    return {
        "answered": f"On {day_of(answer.on)}",
        "edition": f"{answer.edition.title}. {in_force(answer.edition)}.",
        "not_suitable": [_section(each) for each in answer.sections if each.is_not_suitable],
        "beside_offences": BESIDE_OFFENCES,
        "rest": [_section(each) for each in answer.sections if not each.is_not_suitable],
        "changed_since": changed_since(answer),
        "changes_lead": changes_lead(answer),
        "changes": [
            {"key": f"{change.what}: {change.title}", "value": change_text(change)} for change in answer.changes
        ],
        "restated": restated_words(answer),
        "editions": [
            {
                "key": edition.title,
                "lines": [
                    f"{in_force(edition)}{' (answered here)' if edition.is_answered else ''}",
                    f"Sources: {'; '.join(edition.sources)}",
                ],
            }
            for edition in answer.editions
        ],
        "advice": ADVICE,
        "links": LINKS,
        "files": [
            {"text": _CALLED[form], "url": f"{reverse('foi_policy_file', args=[form])}?{urlencode(on)}"}
            for form in FORMS
        ],
    }


def _section(section: Section) -> dict[str, Any]:
    return {"title": section.title, "lead": section.lead, "rules": [_rule(rule) for rule in section.rules]}


def _rule(rule: RuleTold) -> dict[str, Any]:
    count = len(rule.offences)
    return {
        "title": rule.title,
        "says": rule.says,
        "authority": f"Authority: {rule.authority}." if rule.authority else "",
        "source": f"Source: {rule.source}",
        "offences": rule.offences,
        "offences_summary": f"{count} offence type{'s' if count != 1 else ''}" if count else "",
    }
