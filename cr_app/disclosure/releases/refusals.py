"""What stops a table from being worked out, in the sentence that the desk reads."""

from cr_app.pages.refusals import NotAllowed


class CannotProtect(NotAllowed):
    """A table that nothing of can leave safely; the sentence says what to ask for instead."""

    title = "This table cannot be protected"
