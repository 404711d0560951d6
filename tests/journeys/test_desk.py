"""The piles of an officer's desk: each case in one, under words that say what is to be done with it."""

from cr_app.authorisations import actions
from cr_app.cases.actions.submission import record_not_used
from tests import make, make_authority
from tests.authorisations.pages import client_of
from tests.cast import Cast
from tests.journeys.browsing import open_page


def piles_of(cast: Cast) -> dict[str, str]:
    """Return the piles of Amina's desk, by their headings, in order."""
    page = open_page(client_of(cast.amina), "/")
    piles = [node for node in page.tree.find_all("section") if "cr-pile" in node.attrs.get("class", "")]
    return {pile.find_all("h2")[0].text(): pile.text() for pile in piles}


def test_what_was_refused_comes_first_with_the_reasons_and_until_it_is_closed(cast: Cast) -> None:
    waits = make_authority.asked(cast.amina, make.knife())
    reference = make_authority.asked(cast.amina, make.knife().but(report="8/26"))
    make_authority.refused(reference, cast.priya, "Too serious: it was shown to a child.")
    first, *others = piles_of(cast).items()
    assert first[0] == "Authority refused: close these (1)"
    assert "Too serious: it was shown to a child." in first[1]
    assert reference in first[1]
    assert [title for title, text in others if reference in text] == []
    assert waits in dict(others)["Waiting for a decision (1)"]
    record_not_used(reference, by=cast.amina, reason="Authority was refused; charged instead.")
    assert "Authority refused: close these (1)" not in piles_of(cast)


def test_a_ready_case_of_which_authority_is_void_says_so(cast: Cast) -> None:
    reference = make_authority.asked(cast.amina, make.knife())
    make_authority.granted(reference, cast.priya)
    assert "is void" not in piles_of(cast)["Ready to issue (1)"]
    actions.declare_interest(reference, by=cast.priya, reason="My cousin.")
    assert "The authority given is void." in piles_of(cast)["Ready to issue (1)"]
