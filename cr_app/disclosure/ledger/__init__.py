"""The ledger against differencing: every table over the same cases, cut into the unknowns that they share. Pure."""

from cr_app.disclosure.ledger.layouts import Layout, combined_label, laid_out
from cr_app.disclosure.ledger.places import Counts, Key, Places, edges_of
from cr_app.disclosure.ledger.puzzles import Ledger, ledger_of, public_puzzle, without_earlier, without_pieces

__all__ = [
    "Counts",
    "Key",
    "Layout",
    "Ledger",
    "Places",
    "combined_label",
    "edges_of",
    "laid_out",
    "ledger_of",
    "public_puzzle",
    "without_earlier",
    "without_pieces",
]
