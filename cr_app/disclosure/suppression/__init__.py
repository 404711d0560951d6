"""What to withhold so that nothing withheld can be worked out: the puzzle an outsider sees, its bounds, the choice. Pure."""

from cr_app.disclosure.suppression.puzzle import Bounds, Cell, Guarded, Known, Protection, Puzzle, Unprotectable

__all__ = ["Bounds", "Cell", "Guarded", "Known", "Protection", "Puzzle", "Unprotectable"]
