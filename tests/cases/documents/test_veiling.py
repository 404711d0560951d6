"""The veil: whatever would give somebody away is found in what was typed, and what must stand is left alone."""

from datetime import date

import pytest

from cr_app.cases.documents.veiling import Hidden, Veil, veil_over

HARMED = "[the person harmed]"
LEFT_OUT = "[not shown]"


def veil(*hidden: Hidden, own: Hidden | None = None, shown: tuple[str, ...] = ()) -> Veil:
    """Return a veil over these, for a reader of whom nothing is known unless it is said."""
    return veil_over(hidden, own=own or Hidden(""), shown=shown, not_shown=LEFT_OUT)


def named(*names: str) -> Veil:
    """Return a veil over one person harmed, of these names."""
    return veil(Hidden(HARMED, names=names))


@pytest.mark.parametrize(
    ("name", "typed", "shown"),
    [
        ("Noor Haddad", "Took the phone of Noor Haddad.", f"Took the phone of {HARMED}."),
        ("Noor Haddad", "noor haddad and NOOR HADDAD", f"{HARMED} and {HARMED}"),
        ("Noor Haddad", "Haddad, Noor", HARMED),
        ("Noor Haddad", "Noor  Haddad's phone, and Haddad’s bag", f"{HARMED}'s phone, and {HARMED}’s bag"),
        ("Noor Haddad", "Mrs Haddad asked noor to stop", f"{HARMED} asked {HARMED} to stop"),
        ("Noor Haddad", "Noora went along a moor", "Noora went along a moor"),
        ("Aoife O'Neill", "Pay Ms O’Neill; ONeill said so", f"Pay {HARMED}; {HARMED} said so"),
        ("Aoife O’Neill", "Aoife o'neill", HARMED),
        (
            "Ann Smith-Jones",
            "Give it to Smith, or Jones, or Smith-Jones",
            f"Give it to {HARMED}, or {HARMED}, or {HARMED}",
        ),
        ("Siân Llŷr", "Sian Llyr, and Siân, and LLŶR", f"{HARMED}, and {HARMED}, and {HARMED}"),
        ("Sian Llwyd", "Siân Llŵyd", HARMED),
        ("Łukasz Bjørn", "Lukasz and Bjorn", f"{HARMED} and {HARMED}"),
        ("Mark Will", "Mark it, will you? Pay Will.", f"{HARMED} it, will you? Pay {HARMED}."),
        ("Rose Hope", "He rose, in hope. Rose saw.", f"He rose, in hope. {HARMED} saw."),
        ("Li Wu", "Li Wu; Mr Wu; li", f"{HARMED}; {HARMED}; li"),
        ("Xi An", "An apology to Ms An", f"An apology to {HARMED}"),
        ("Dr Noor Haddad", "The doctor said: Dr Haddad", f"The doctor said: Dr {HARMED}"),
        ("Mary O'Neill-Smith", "ONeill and O’Neill-Smith's bag", f"{HARMED} and {HARMED}'s bag"),
        ("Aoife O'Neill", "the O'Neills saw, the ONeills too", f"the {HARMED} saw, the {HARMED} too"),
        ("Sami Patel", "The Patels left; Mr and Mrs Patel", f"The {HARMED} left; {HARMED}"),
        ("Mary Smith", "Mrs Smiths car, by the smiths", f"{HARMED} car, by the smiths"),
        ("Bill Jones", "Bills were paid; the Joneses; at Bills", f"Bills were paid; the {HARMED}; at {HARMED}"),
        ("Will Jones", "Mark of wills; Mx. Jones", f"Mark of wills; {HARMED}"),
        ("李 明", "李 明 was there", f"{HARMED} was there"),
        ("小龙 李", "李小龙, 李 小龙, and 李, 小龙打了我", f"{HARMED}, and {HARMED}打了我"),
        ("李小龙", "李 小龙 and 小龙", f"{HARMED} and {HARMED}"),
        ("김철수", "김 철수가, 이순신", f"{HARMED}가, 이순신"),
        ("สมชาย ใจดี", "พบสมชายใจดีที่นี่", f"พบ{HARMED}ที่นี่"),
        ("Tom Reed", "Toms bag, and TOMS; by toms", f"{HARMED} bag, and {HARMED}; by toms"),
        ("Siobhan Reed", "Siobhans arm, Siobhan's arm", f"{HARMED} arm, {HARMED}'s arm"),
        ("Thi Doe", "This is so, Does he? News of Thi", f"This is so, Does he? News of {HARMED}"),
        ("Mary-Anne Reed", "Maryanne, Mary Anne, MARYANNES bag", f"{HARMED} bag"),
        ("Mary Anne Reed", "Maryanne and Mary-Anne", f"{HARMED} and {HARMED}"),
        ("Ann Smith-Jones", "SmithJones, the Smith Joneses", f"{HARMED}, the {HARMED}"),
        ("Hans Müller", "Mueller and Muller, MUELLER", f"{HARMED} and {HARMED}"),
        ("Hans Mueller", "Herr Müller; MÜLLER", f"Herr {HARMED}; {HARMED}"),
        ("Zoë Strauß", "Zoe and Strauss", f"{HARMED} and {HARMED}"),
        ("Aoife O'Neill", "Mrs O Neill, O  Neill's bag, the O Neills", f"{HARMED}'s bag, the {HARMED}"),
        ("Aoife D'Arcy", "D Arcys bag; d arcy", f"{HARMED} bag; {HARMED}"),
        ("Tess A'Wood", "Went to a wood, with Tess", f"Went to a wood, with {HARMED}"),
    ],
)
def test_a_name_is_found_however_it_is_written(name: str, typed: str, shown: str) -> None:
    assert named(name).free(typed) == shown
    assert named(name).known(typed) == shown


def test_a_name_is_found_in_decomposed_letters_too() -> None:
    assert named("Siân Llŷr").free("Sia\u0302n Lly\u0302r was there") == f"{HARMED} was there"


def test_two_people_of_one_name_are_not_told_apart() -> None:
    both = veil(
        Hidden("[person harmed 1]", names=("Noor Haddad",)), Hidden("[person harmed 2]", names=("Sami Haddad",))
    )
    assert both.free("Noor, Sami and Haddad") == f"[person harmed 1], [person harmed 2] and {LEFT_OUT}"
    assert both.free("Noor Haddad met Sami Haddad") == "[person harmed 1] met [person harmed 2]"


def test_the_readers_own_name_stands_and_only_what_is_the_others_is_veiled() -> None:
    family = veil(Hidden(HARMED, names=("Noor Ransome",)), own=Hidden("", names=("Jade Ransome",)))
    assert (
        family.free("Jade Ransome pushed Noor. Noor Ransome fell.") == f"Jade Ransome pushed {HARMED}. {HARMED} fell."
    )


def test_what_is_shown_anyway_stands_though_a_name_is_in_it() -> None:
    stores = veil(Hidden(HARMED, names=("Noor Haddad",)), shown=("Haddad Stores", "Camden"))
    assert stores.free("Haddad of Haddad Stores, Camden") == f"{HARMED} of Haddad Stores, Camden"


def test_a_name_that_is_also_a_borough_is_veiled() -> None:
    place = veil(Hidden(HARMED, names=("Ola Camden",)), shown=("Camden", "Camden Town"))
    assert place.free("Met Mr Camden in Camden Town") == f"Met {HARMED} in Camden Town"


def test_the_readers_own_name_stands_where_a_word_has_no_end() -> None:
    both = veil(Hidden(HARMED, names=("明 李",)), own=Hidden("", names=("李小龙",)))
    assert both.free("李小龙 hit 李明") == f"李小龙 hit {HARMED}"


def test_the_readers_own_name_is_no_plural_of_anothers() -> None:
    both = veil(Hidden(HARMED, names=("Noor William",)), own=Hidden("", names=("Jade Williams",)))
    assert both.free("Jade Williams hit William") == f"Jade Williams hit {HARMED}"


@pytest.mark.parametrize(
    ("name", "typed", "shown"),
    [
        ("Pennyfold Stores Ltd", "From Pennyfold, then other stores", f"From {LEFT_OUT}, then other stores"),
        ("Corner Cycles", "Cycles were taken. Two cycles, by Cycles", f"Cycles were taken. Two cycles, by {LEFT_OUT}"),
        ("Corner Cycles", "at CORNER CYCLES, corner cycles", f"at {LEFT_OUT}"),
        ("Boots", "Took boots from Boots. Boots said so", f"Took boots from {LEFT_OUT}. {LEFT_OUT} said so"),
        (
            "St Mary's School",
            "At St Pancras, by Mary's, St Mary's School",
            f"At St Pancras, by {LEFT_OUT}",
        ),
        ("Next", "He went next door to Next", f"He went next door to {LEFT_OUT}"),
        ("Community Mental Health Team", "Seek help for mental health", "Seek help for mental health"),
        ("Community Mental Health Team", "Ask the community mental health team", f"Ask the {LEFT_OUT}"),
    ],
)
def test_of_an_organisation_its_own_words_give_it_away_where_they_are_names(name: str, typed: str, shown: str) -> None:
    assert veil(Hidden(LEFT_OUT, offices=(name,))).free(typed) == shown


def test_an_organisation_that_is_shown_stands_but_where_a_person_is_of_its_name() -> None:
    boots = veil(Hidden(LEFT_OUT, names=("Zara Malik",)), shown=("Boots",))
    assert boots.free("Zara, of Boots, and boots") == f"{LEFT_OUT}, of Boots, and boots"
    beside = veil(Hidden(HARMED, names=("Zara Boots",)), shown=("Boots",))
    assert beside.free("Met Boots at Boots") == f"Met {HARMED} at {HARMED}"


def test_an_officer_of_the_case_stands_by_a_police_title_though_somebody_harmed_is_of_that_name() -> None:
    khan = veil_over(
        [Hidden(HARMED, names=("Sarah Khan",))],
        own=Hidden(""),
        shown=(),
        not_shown=LEFT_OUT,
        officers=("Amina Khan",),
    )
    typed = "PC Khan, PC 4127 A. Khan and Sergeant Amina Khan came. Ms Khan spoke to PC Sarah Khan."
    assert khan.free(typed) == (
        f"PC Khan, PC 4127 A. Khan and Sergeant Amina Khan came. {HARMED} spoke to PC {HARMED}."
    )


@pytest.mark.parametrize(
    "typed",
    [
        "07700 900456",
        "07700900456",
        "0 7700-900-456",
        "+44 7700 900456",
        "+44 (0)7700 900456",
        "00447700900456",
        "7700 900456",
        "(07700) 900 456",
    ],
)
def test_a_telephone_number_is_found_however_it_is_spaced(typed: str) -> None:
    ring = veil(Hidden(HARMED, phones=("07700 900 456",)))
    assert ring.known(f"Ring {typed} now") == f"Ring {LEFT_OUT} now"


@pytest.mark.parametrize(
    "typed",
    [
        "3/5/1996",
        "03/05/1996",
        "03.05.96",
        "3-5-96",
        "1996-05-03",
        "3 May 1996",
        "3rd May 1996",
        "3rd of May, 1996",
        "May 3, 1996",
        "May 3rd 96",
        "3 Mai 1996",
        "03 05 1996",
    ],
)
def test_a_date_of_birth_is_found_however_it_is_written(typed: str) -> None:
    born = veil(Hidden("[the person responsible]", born_on=date(1996, 5, 3)))
    assert born.known(f"born {typed}, of Camden") == f"born {LEFT_OUT}, of Camden"
    assert born.known("on 3 May 2026 at 02:14") == "on 3 May 2026 at 02:14"


@pytest.mark.parametrize(
    "typed",
    ["Flat 4, Alder House", "flat 4 alder house", "Alder House", "12 Wells Row", "Wells Row", "n78xx", "N7 8XX"],
)
def test_an_address_is_found_by_each_of_its_lines(typed: str) -> None:
    lives = veil(Hidden(HARMED, lines=("Flat 4, Alder House\n12 Wells Row",), numbers=("N7 8XX",)))
    found = lives.known(f"Lives at {typed} since May")
    assert found == f"Lives at {LEFT_OUT} since May"


@pytest.mark.parametrize(
    "typed", ["2012/0123456A", "12/123456A", "2012/123456a", "12/0123456 A", "SF 12/98765 X", "5555"]
)
def test_a_police_number_is_found_in_its_short_form_too(typed: str) -> None:
    known = veil(Hidden(HARMED, numbers=("2012/0123456A", "SF12/98765X", "5555")))
    assert known.known(f"See {typed} there") == f"See {LEFT_OUT} there"


@pytest.mark.parametrize("typed", ["4127", "PC4127", "04127", "4127MD", "pc4127md", "PC 4127"])
def test_an_officers_number_is_found_with_what_is_joined_to_it(typed: str) -> None:
    known = veil(Hidden(HARMED, numbers=("4127",)))
    assert known.known(f"See {typed} there") in (f"See {LEFT_OUT} there", f"See PC {LEFT_OUT} there")
    assert known.known("Order 41270, 141.27, SW4127X") == "Order 41270, 141.27, SW4127X"


def test_anybodys_number_is_left_out_of_what_is_told_but_not_of_what_is_to_be_done() -> None:
    nobody = veil()
    typed = "Ring 020 7946 0999 or write to help@course.example, N1 1AA, about 12.40 pounds and report 2312345/26"
    assert nobody.known(typed) == typed
    assert nobody.free(typed) == (f"Ring {LEFT_OUT} or write to {LEFT_OUT}, about 12.40 pounds and report 2312345/26")


def test_an_empty_veil_changes_nothing() -> None:
    typed = "Took two bottles of squash (£12.40) and left.\nWithout paying, 100%."
    assert veil().free(typed) == typed
    assert veil().free(None) == ""


def test_what_overlaps_is_veiled_whole() -> None:
    both = veil(Hidden(HARMED, names=("Alder Wells",), lines=("Alder House",)))
    assert both.free("at Alder House, with Alder Wells") == f"at {LEFT_OUT}, with {HARMED}"
