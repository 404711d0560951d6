"""Welsh: every string of the sheets and of the signing is there, compiled as written; sheets say the same in both."""

import ast
import gettext
import re
from collections.abc import Iterator
from dataclasses import fields
from itertools import product

import pytest
from django.conf import settings
from django.utils import timezone

from cr_app.cases.documents import rulebook_words
from cr_app.cases.documents.composing import Told, compose, kinds_for, reading_sheet, told_of
from cr_app.cases.documents.sheets import Bullets, Facts, Heading, Paragraph, Sheet, Signed
from cr_app.cases.documents.signing_words import SigningWords, signing_words
from cr_app.cases.documents.spoken import speaking
from cr_app.cases.models import Document
from cr_app.policy.ranks import RANKS
from cr_app.policy.rulebook import rulebook_in_force
from tests import make
from tests.cast import Cast
from tests.make_afterwards import corrected, rescinded

DOCUMENTS = settings.BASE_DIR / "cr_app/cases/documents"
WELSH = settings.BASE_DIR / "cr_app/cases/locale/cy/LC_MESSAGES"
# A message is known by its context, "" where it has none, and its English.
Key = tuple[str, str]
CALLS = {"_": 1, "gettext": 1, "gettext_noop": 1, "pgettext": 2}
HOLE = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


def written() -> dict[Key, str]:
    """Return the messages of the .po, read as gettext's own manual describes the format."""
    found: dict[Key, str] = {}
    for entry in (WELSH / "django.po").read_text(encoding="utf-8").split("\n\n"):
        parts = {"msgctxt": "", "msgid": "", "msgstr": ""}
        name = ""
        for line in entry.splitlines():
            match = re.fullmatch(r'(?:(msgctxt|msgid|msgstr) )?(".*")', line)
            if match:
                name = match.group(1) or name
                parts[name] += ast.literal_eval(match.group(2))
        assert "#, fuzzy" not in entry
        found[parts["msgctxt"], parts["msgid"]] = parts["msgstr"]
    return found


def compiled() -> dict[Key, str]:
    """Return the messages of the .mo, as Python reads them."""
    with (WELSH / "django.mo").open("rb") as file:
        catalogue = gettext.GNUTranslations(file)
    kept: dict[str, str] = catalogue._catalog  # type: ignore[attr-defined]
    return {_key(message): said for message, said in kept.items()}


def _key(message: str) -> Key:
    context, _, text = message.rpartition("\x04")
    return context, text


def said_in_code() -> Iterator[tuple[Key, str]]:
    """Yield every message that the code of the documents says, with where; also those that are not plain strings."""
    for path in sorted(DOCUMENTS.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
                arguments = node.args[: CALLS[node.func.id]]
                if all(isinstance(each, ast.Constant) for each in arguments):
                    texts = [str(each.value) for each in arguments if isinstance(each, ast.Constant)]
                    yield ("" if len(texts) == 1 else texts[0], texts[-1]), f"{path.name}:{node.lineno}"


def test_the_compiled_catalogue_is_the_one_that_is_written() -> None:
    assert compiled() == written()
    assert len(written()) > 200


def test_every_string_has_its_welsh_and_no_welsh_is_left_over() -> None:
    said = dict(said_in_code())
    kept = written()
    assert {key: place for key, place in said.items() if not kept.get(key)} == {}
    assert set(kept) - set(said) == {("", "")}


def test_welsh_is_no_english_and_keeps_every_hole() -> None:
    for (_context, english), welsh in written().items():
        if english:
            assert welsh != english
            assert sorted(HOLE.findall(welsh)) == sorted(HOLE.findall(english)), english


def test_the_catalogue_says_that_it_awaits_a_translator() -> None:
    head = (WELSH / "django.po").read_text(encoding="utf-8").split("msgid", 1)[0]
    assert "awaits the review of a translator" in head


def test_every_rank_and_every_remedy_of_the_rulebooks_in_force_has_its_welsh() -> None:
    today = timezone.localdate()
    with speaking("cy"):
        for rank in RANKS:
            assert rulebook_words.rank(rank.name) != rank.name
            assert rulebook_words.rank(f"Acting {rank.name}").endswith("Dros Dro")
        for force in ("01", "46"):
            rulebook = rulebook_in_force(force, today)
            for remedy, is_child in product(rulebook.remedy_actions, (True, False)):
                said = rulebook_words.remedy("", remedy.title, is_child=is_child)
                assert said.lang == ""
                assert said.value != remedy.title
            for reader in ("adult", "child", "victim"):
                follows = rulebook_words.what_follows(rulebook.non_compliance, reader=reader, has_victims=True)
                assert len(follows) == 4
                assert not set(follows) & set(rulebook.non_compliance)
                assert {"yn", "y", "ei"} & set(" ".join(follows).split())


def test_a_remedy_and_a_sentence_that_a_force_has_added_are_shown_as_they_are() -> None:
    with speaking("cy"):
        added = rulebook_words.remedy("", "Plant a tree")
        assert (added.value, added.lang) == ("Plant a tree", "en")
        assert rulebook_words.what_follows(("Plant two.",), reader="child", has_victims=True) == ("Plant two.",)


@pytest.fixture(params=["adult", "child"])
def told(request: pytest.FixtureRequest, cast: Cast) -> Told:
    """A case with all that a case may have: three victims, actions, names put right, and taken back."""
    story = make.two_victims() if request.param == "adult" else make.child()
    reference = make.issued(
        cast.amina,
        story.but(
            victims=(
                make.shop(),
                make.person(agrees=None),
                make.person(consulted=False, reason_not_consulted="Abroad.", agrees=None, wishes=""),
            )
        ),
    )
    victim = make.record(reference).victims[1]
    corrected(reference, cast.amina)
    corrected(reference, cast.amina, f"{victim.pk}.last_names", old="Haddad", new="Hadad")
    rescinded(reference, cast.priya)
    return told_of(make.read(reference))


def pairs(told: Told) -> Iterator[tuple[Sheet, Sheet]]:
    """Yield every sheet in English and in Welsh."""
    at = timezone.now()
    yield reading_sheet(told, language="en", at=at), reading_sheet(told, language="cy", at=at)
    for kind, victim in kinds_for(told):
        if kind == Document.CRIME_REPORT_ENTRY:
            continue
        yield (
            compose(kind, told, language="en", victim=victim, at=at),
            compose(kind, told, language="cy", victim=victim, at=at),
        )


def test_both_languages_have_the_same_blocks_and_the_same_facts(told: Told) -> None:
    for english, welsh in pairs(told):
        assert english.keys() == welsh.keys()
        assert len(english.words()) == len(welsh.words())
        assert (english.kind, english.reader, english.version, english.reference) == (
            welsh.kind,
            welsh.reader,
            welsh.version,
            welsh.reference,
        )
        for ours, theirs in zip(english.blocks, welsh.blocks, strict=True):
            assert type(ours) is type(theirs)
            if isinstance(ours, Facts) and isinstance(theirs, Facts):
                assert len(ours.rows) == len(theirs.rows)
                for row, other in zip(ours.rows, theirs.rows, strict=True):
                    assert figures(row.value) == figures(other.value)
                    assert row.value == other.value or other.lang == ""
            if isinstance(ours, Signed) and isinstance(theirs, Signed):
                assert (ours.name, ours.drawing) == (theirs.name, theirs.drawing)
                assert ours.role != theirs.role


def figures(text: str) -> list[str]:
    """Return the numbers in a text: dates, times, money, references."""
    return re.findall(r"\d+", text)


def test_only_what_was_typed_is_english_on_a_sheet_in_welsh_and_is_marked_so(told: Told) -> None:
    for english, welsh in pairs(told):
        ours = {text for block in english.blocks for text in _unmarked(block)}
        theirs = {text for block in welsh.blocks for text in _unmarked(block)}
        left = {text for text in ours & theirs if re.search(r"[^\W\d]{3}", text)}
        people = {told.offender_name, *(told.victim_name(each) for each in told.victims)}
        people |= {told.person_name(each) for each in told.victims} | {each.name for each in told.signatures}
        people |= {told.case.reference, told.case.borough or "", told.case.crime_report_reference}
        people |= {f"{told.case.officer.warrant_number} {told.case.officer.name}"}
        people |= {f"{each.by.warrant_number} {each.by.name}" for each in (told.rescission,) if each}
        assert left - people == set(), welsh.kind
        assert all(not text for block in english.blocks for text in _marked(block))


def _unmarked(block: object) -> list[str]:
    match block:
        case Heading(text=text):
            return [text]
        case Paragraph(text=text, lang=""):
            return [text]
        case Bullets(items=items, lang=""):
            return list(items)
        case Facts(rows=rows):
            return [*(row.label for row in rows), *(row.value for row in rows if not row.lang)]
        case Signed(role=role, at=at):
            return [role, at]
    return []


def _marked(block: object) -> list[str]:
    match block:
        case Paragraph(lang=lang) | Bullets(lang=lang):
            return [lang]
        case Facts(rows=rows):
            return [row.lang for row in rows]
    return []


@pytest.mark.parametrize("is_child", [True, False])
def test_the_words_of_signing_are_all_there_in_both_languages(is_child: bool) -> None:
    english = signing_words("en", is_child=is_child, needs_adult=True)
    welsh = signing_words("cy", is_child=is_child, needs_adult=True)
    for field in fields(SigningWords):
        assert getattr(english, field.name)
        assert getattr(welsh, field.name)
        assert getattr(english, field.name) != getattr(welsh, field.name), field.name
    # What leads to the other language is for who reads that.
    assert "Gymraeg" in english.other_language
    assert "English" in welsh.other_language


def test_without_an_appropriate_adult_nothing_is_said_to_one() -> None:
    words = signing_words("en", is_child=False, needs_adult=False)
    said = {field.name for field in fields(SigningWords) if getattr(words, field.name)}
    assert not {name for name in said if name.startswith("adult_")}
    assert {"heading", "intro", "type_name", "draw", "clear", "by_keyboard"} <= said
