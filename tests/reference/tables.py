"""The shipped tables, for tests of a database that may or may not have them."""

from cr_app.audit.trail import system_actor
from cr_app.reference.actions import load_reference


def load_tables() -> None:
    """Bring the shipped tables up to date; most databases of the tests have them already."""
    load_reference(by=system_actor("a test"))
