"""The shipped rulebooks, sealed by their digests, and how a rulebook file is checked when it is read."""

# ruff: noqa: E501 - a table is read across, one case a line.

import hashlib
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from cr_app.policy.catalogue import shipped_catalogue
from cr_app.policy.conditions import says_of
from cr_app.policy.rulebook import (
    FOLDER,
    BadRulebook,
    NoRulebook,
    all_rulebooks,
    known_venues,
    rulebook_in_force,
    rulebook_named,
)
from cr_app.policy.rulebook_files import read_rulebooks
from tests.policy.make import KENT, MET_2019, MET_2023, NATIONAL, made_rulebook, rule_text

# A rulebook in force is never edited: a change of policy is a new file, and a new line here.
DIGESTS = {
    NATIONAL: "a774b5d63abbee50b7fdbf41475daf46d49aacb7a0f185550b60d219e9cf2070",
    MET_2019: "31585db011cf3d2f718e00d3e28edf4bd9f1d38d95bf33e5ace57ab24d961073",
    MET_2023: "052494bbef9b021927604fb5deaf3724f4f46df532bf58e97ee9587536607609",
    KENT: "d7edf67d3931e1b7675272df7a5e25b54276cecd259003f67fdc045206e4b85b",
}


def test_no_rulebook_has_changed_since_it_was_shipped() -> None:
    """Each file is the one whose digest is written here, and there is no other."""
    digests = {
        f"{path.parent.name}/{path.stem}": hashlib.sha256(path.read_bytes()).hexdigest()
        for path in FOLDER.glob("**/*.*")
    }
    assert digests == DIGESTS


def test_each_rulebook_extends_the_national_one() -> None:
    """Its rules come first, in their order."""
    national = rulebook_named(NATIONAL)
    for rulebook in all_rulebooks().values():
        assert [rule.id for rule in rulebook.rules][: len(national.rules)] == [rule.id for rule in national.rules]
    assert rulebook_named(MET_2023).extends == MET_2019
    assert rulebook_named(MET_2019).extends == rulebook_named(KENT).extends == NATIONAL


def test_the_tables_of_the_policy_are_the_rules_of_the_rulebooks() -> None:
    """Id and effect, in table order."""
    assert _rules(NATIONAL) == [
        "under-ten bar",
        "no-evidence bar",
        "responsibility-not-accepted bar",
        "does-not-agree bar",
        "not-less-serious bar",
        "authority-refused bar",
        "indictable-only exclusion",
        "appropriate-adult-child requirement",
        "youth-justice requirement",
        "victims-consulted requirement",
        "gravity requirement",
        "history-checked requirement",
        "consequences-explained requirement",
        "rationale requirement",
        "recorded-on-crime-report requirement",
        "sergeant-guidance advice",
        "victim-objects advice",
    ]
    assert _rules(MET_2019)[17:] == [
        "domestic-abuse exclusion",
        "hate-crime exclusion",
        "sexual-offence exclusion",
        "firearm exclusion",
        "weapon-or-blade exclusion",
        "police-officer-or-staff referral",
        "offender-no-capacity bar",
        "offender-professional requirement",
        "offender-capacity requirement",
        "offender-appropriate-adult requirement",
        "victim-professional requirement",
        "victim-capacity requirement",
        "victim-appropriate-adult requirement",
        "reparation requirement",
    ]
    assert _rules(MET_2023)[31:] == ["cannabis-first-offence bar", "venue-arrangement exemption"]
    assert _rules(KENT)[17:] == ["supervisor-authority authority"]


def _rules(book: str) -> list[str]:
    return [f"{rule.id} {rule.effect}" for rule in rulebook_named(book).rules]


def test_the_newer_rulebook_of_the_met_is_its_own_source() -> None:
    """It restates what the older one had; the national rules keep theirs."""
    old, new = rulebook_named(MET_2019), rulebook_named(MET_2023)
    assert {rule.source for rule in old.rules[17:]} == {"01.FOI.22.024759"}
    assert {rule.source for rule in new.rules[17:]} == {"01.FOI.23.031611"}
    assert {rule.source for rule in new.rules[:17]} == set(rulebook_named(NATIONAL).sources)


def test_who_may_lift_an_exclusion() -> None:
    """An Inspector everywhere; substantive in the Met alone."""
    for name, substantive in ((NATIONAL, False), (MET_2019, True), (MET_2023, True), (KENT, False)):
        rulebook = rulebook_named(name)
        assert (rulebook.authority_rank.name, rulebook.authority_substantive) == ("Inspector", substantive)
    supervisor = rulebook_named(KENT).rule("supervisor-authority").authority
    assert supervisor is not None
    assert (supervisor.rank.name, supervisor.substantive) == ("Sergeant", False)


def test_what_stands_beside_the_rules() -> None:
    """Community Remedy actions, venues, targets and what follows from not complying reach every rulebook."""
    for rulebook in all_rulebooks().values():
        codes = [action.code for action in rulebook.remedy_actions]
        assert {"apology", "financial-compensation", "making-good"} < set(codes)
        assert len(set(codes)) == len(codes)
        assert [action.code for action in rulebook.remedy_actions if action.amount] == ["financial-compensation"]
        assert rulebook.targets == {"detained_or_waiting": 60, "otherwise": 1440}
        assert len(rulebook.non_compliance) > 2
    assert known_venues() == {"houses-of-parliament"}
    assert [venue.code for venue in rulebook_named(MET_2023).venues] == ["houses-of-parliament"]
    assert rulebook_named(MET_2019).venues == ()


def test_sentences_are_plain_and_short() -> None:
    """Every state a rule can be in has its sentence: begun with a capital, ended, not longer than a breath or two."""
    for rulebook in all_rulebooks().values():
        for rule in rulebook.rules:
            assert tuple(rule.says) == says_of(rule.effect, rule.condition)
            for sentence in rule.says.values():
                assert re.fullmatch(r"[A-Z][ -~]+[.?]", sentence), (rule.id, sentence)
                assert len(sentence) <= 230, (rule.id, sentence)


@pytest.mark.parametrize(
    ("force", "day", "name"),
    [
        ("01", date(2019, 4, 29), MET_2019),
        ("01", date(2023, 7, 31), MET_2019),
        ("01", date(2023, 8, 1), MET_2023),
        ("01", date(2099, 1, 1), MET_2023),
        ("46", date(2023, 7, 1), KENT),
    ],
)
def test_the_rulebook_in_force_is_the_latest_that_has_begun(force: str, day: date, name: str) -> None:
    """From its first day to the day before the next."""
    assert rulebook_in_force(force, day).name == name


@pytest.mark.parametrize(
    ("force", "day", "sentence"),
    [
        ("01", date(2019, 4, 28), "The decided_on date 2019-04-28 is before the first rulebook of force 01"),
        ("46", date(2023, 6, 30), "The decided_on date 2023-06-30 is before the first rulebook of force 46"),
        ("03", date(2023, 9, 1), 'The force "03" has no rulebook'),
        ("", date(2023, 9, 1), 'The force "" has no rulebook'),
    ],
)
def test_a_case_is_never_judged_by_the_national_rulebook_alone(force: str, day: date, sentence: str) -> None:
    """A force without a rulebook of its own on that day has none."""
    with pytest.raises(NoRulebook) as refused:
        rulebook_in_force(force, day)
    assert refused.value.sentence.startswith(sentence)


def test_a_rulebook_that_is_not_there_is_named() -> None:
    """With the nearest that is."""
    with pytest.raises(NoRulebook) as refused:
        rulebook_named("met/2019-04-28")
    assert refused.value.sentence == 'There is no rulebook "met/2019-04-28" (did you mean met/2019-04-29?).'


BAR = rule_text("made", "bar", "admission_required")
FILE = "made/2023-09-01.toml"
ROWS: tuple[tuple[str, str, str], ...] = (
    ("an unknown condition", rule_text("made", "bar", "admision_required"), 'rules[0].condition is "admision_required", which is not a known condition (did you mean admission_required?).'),
    ("an unknown effect", rule_text("made", "ban", "admission_required"), 'rules[0].effect is "ban", which is not a known effect.'),
    ("a condition of another effect", rule_text("made", "exclusion", "admission_required"), 'rules[0].condition is "admission_required", which cannot serve a rule of effect exclusion.'),
    ("an id twice", BAR + BAR, 'rules[1].id gives "made" twice.'),
    ("an id of the rulebook extended", rule_text("under-ten", "bar", "admission_required"), 'rules[0].id gives "under-ten" twice.'),
    ("an id with a space", rule_text("un der", "bar", "admission_required"), 'rules[0].id is "un der", which is not a code of small letters, digits and hyphens.'),
    ("an unknown offence code", rule_text("made", "bar", "offence_repeated", 'codes = ["92/99"], kinds = ["caution"]'), 'rules[0].with.codes names "92/99", which is not a known offence code (did you mean 92/59?).'),
    ("an unknown disposal", rule_text("made", "bar", "disposals_within", 'kinds = ["fine"], months = 1, at_most = 1'), 'rules[0].with.kinds names "fine", which is not a known kind of disposal.'),
    ("months in words", rule_text("made", "bar", "disposals_within", 'kinds = ["caution"], months = "one", at_most = 1'), "rules[0].with.months must be a whole number from 0 to 1200."),
    ("an unknown fact", rule_text("made", "bar", "answered_no", 'fact = "offender.agrees"'), 'rules[0].with.fact is "offender.agrees", which is not a known yes-or-no fact.'),
    ("a fact that has a rule of its own", rule_text("made", "bar", "answered_yes", 'fact = "circumstances.firearm"'), 'rules[0].with.fact is "circumstances.firearm", which is not a known yes-or-no fact.'),
    ("a parameter too many", rule_text("made", "bar", "admission_required", "months = 1"), "rules[0].with.months is not a known key."),
    ("an unknown key", BAR.replace("title", "titel"), "rules[0].title must be a text of one line."),
    ("a key too many", 'note = "x"\n' + BAR, "note is not a known key."),
    ("a state too many", BAR + 'lifted = "No."', "rules[0].says.lifted is not a known key."),
    ("a state too few", rule_text("made", "bar", "admission_required", says={"applies": "It does.", "clear": "No."}), "rules[0].says.not_asked must be a text of one line."),
    ("an unknown rank", "[authority]\nrank = \"Captain\"\nsubstantive = true", 'authority.rank is "Captain", which is not a known rank.'),
    ("an unknown rank in a rule", rule_text("made", "authority", "every_case", 'rank = "Insp", substantive = true'), 'rules[0].with.rank is "Insp", which is not a known rank.'),
    ("an exemption from no exclusion", rule_text("made", "exemption", "lawful_at_venue", 'venues = ["x"], lifts = ["gravity"]'), 'rules[0].with.venues names "x", which is not a known venue of the rulebook.'),
    ("a venue that is none", '[[venues]]\ncode = "none"\ntitle = "None"', 'venues[0].code is "none", which means no venue.'),
    ("authority refused twice", rule_text("made", "bar", "authority_refused"), "rules asks twice about a decision on authority."),
    ("an action twice", '[[remedy_actions]]\ncode = "a"\ntitle = "A"\nfor_victim = true\n' * 2, 'remedy_actions gives "a" twice.'),
    ("an action for nobody", '[[remedy_actions]]\ncode = "a"\ntitle = "A"\n', "remedy_actions[0].for_victim must be true or false."),
    ("a target in hours", '[targets]\notherwise = "24 h"', "targets.otherwise must be a whole number from 0 to 1000000."),
    ("a rule restated that is not there", 'restates = ["gravitas"]', 'restates names "gravitas", which is not a known rule (did you mean gravity?).'),
    ("no list", "rules = 1", "rules must be a list of tables."),
)  # fmt: skip


@pytest.mark.parametrize(("text", "complaint"), [pytest.param(*row[1:], id=row[0]) for row in ROWS])
def test_a_bad_rulebook_is_refused_with_file_and_key(tmp_path: Path, text: str, complaint: str) -> None:
    """In one sentence, when it is read."""
    with pytest.raises(BadRulebook) as refused:
        made_rulebook(tmp_path, text)
    assert refused.value.sentence == f"{FILE}: {complaint}"


HEADS: tuple[tuple[str, Callable[[str], str], str], ...] = (
    ("a day in quotation marks", lambda t: t.replace("2023-08-01", '"2023-08-01"', 1), "in_force_from must be a date such as 2023-08-01, without quotation marks."),
    ("another day than the file's", lambda t: t.replace("= 2023-08-01", "= 2023-08-02"), "in_force_from is 2023-08-02, but the file is named 2023-08-01."),
    ("no day", lambda t: t.replace("in_force_from = 2023-08-01\n", ""), "in_force_from must be a date such as 2023-08-01, without quotation marks."),
    ("no source", lambda t: t.replace("\nsource =", "\nsauce ="), "source must be a text of one line."),
    ("extends nothing there", lambda t: t.replace('"met/2019-04-29"', '"met/2018-04-29"'), 'extends is "met/2018-04-29", which is not a known rulebook (did you mean met/2019-04-29?).'),
    ("extends itself", lambda t: t.replace('"met/2019-04-29"', '"met/2023-08-01"'), "extends goes round in a circle through met/2023-08-01."),
    ("extends another force", lambda t: t.replace('"met/2019-04-29"', '"kent/2023-07-01"'), "extends names kent/2023-07-01, which is of another force."),
    ("a force in words", lambda t: t.replace('"01"', '"Met"'), 'force is "Met", which is not a force code of two digits.'),
    ("not TOML", lambda t: t + "[[", "not TOML: "),
)  # fmt: skip


@pytest.mark.parametrize(("change", "complaint"), [pytest.param(*row[1:], id=row[0]) for row in HEADS])
def test_a_bad_head_is_refused_with_file_and_key(tmp_path: Path, change: Callable[[str], str], complaint: str) -> None:
    """Day, force, source and what it extends."""
    made_rulebook(tmp_path, "")
    path = tmp_path / "met" / "2023-08-01.toml"
    path.write_text(_without_comments(change(_without_comments(path.read_text(encoding="utf-8")))), encoding="utf-8")
    with pytest.raises(BadRulebook) as refused:
        read_rulebooks(tmp_path, shipped_catalogue())
    assert refused.value.sentence.startswith(f"met/2023-08-01.toml: {complaint}")
    assert "\n" not in refused.value.sentence


def _without_comments(text: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#"))


def test_two_rulebooks_of_a_force_cannot_begin_on_one_day(tmp_path: Path) -> None:
    """Which of them were in force would be chance."""
    made_rulebook(tmp_path, "", extends=KENT)
    (tmp_path / "twin").mkdir()
    made = tmp_path / "made" / "2023-09-01.toml"
    (tmp_path / "twin" / "2023-09-01.toml").write_bytes(made.read_bytes())
    with pytest.raises(BadRulebook, match=r"twin/2023-09-01.toml: force 46 has a rulebook of that day already, made"):
        read_rulebooks(tmp_path, shipped_catalogue())


def test_a_rulebook_file_of_bytes_or_a_strange_name_is_refused(tmp_path: Path) -> None:
    """Named, in one sentence."""
    made_rulebook(tmp_path, "")
    bad = tmp_path / "made" / "draft.toml"
    bad.write_bytes(b"\xff")
    with pytest.raises(BadRulebook, match=r"made/draft.toml: not UTF-8 text"):
        read_rulebooks(tmp_path, shipped_catalogue())
    bad.write_text('title = "A draft"\nsource = "x"', encoding="utf-8")
    with pytest.raises(BadRulebook, match=r"made/draft.toml: a rulebook file is named after its force and day"):
        read_rulebooks(tmp_path, shipped_catalogue())
