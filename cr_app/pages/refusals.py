"""Refusals: what may not be done, carrying the sentence that the officer reads."""

from typing import ClassVar


class Refusal(Exception):
    """Something that may not be done; `sentence` says what and why, `subject` what it was about, for the trail."""

    status: ClassVar[int] = 403
    title: ClassVar[str] = "You cannot do this"
    event: ClassVar[str] = "action.refused"
    sentence: str
    subject: str

    def __init__(self, sentence: str, *, subject: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.subject = subject

    @property
    def answer_status(self) -> int:
        """The HTTP status the refusal is answered with."""
        return self.status

    @property
    def answer_title(self) -> str:
        """The heading of the page that tells of the refusal."""
        return self.title

    @property
    def answer_sentence(self) -> str:
        """The sentence that may be shown to whoever was refused."""
        return self.sentence


class NotAllowed(Refusal):
    """The officer may see this but may not do that to it (403)."""


class AccessDenied(Refusal):
    """The officer may not see this: 404, as if it did not exist; when `known`, 403 with the reason and whom to ask."""

    event = "access.refused"
    NOT_FOUND: ClassVar[str] = "Check the address or the reference. If it is right, ask your sergeant to look."

    def __init__(self, sentence: str = "", *, subject: str = "", known: bool = False) -> None:
        super().__init__(sentence or self.NOT_FOUND, subject=subject)
        self.known = known

    @property
    def answer_status(self) -> int:
        """404 gives nothing away; 403 only where the existence may be known."""
        return 403 if self.known else 404

    @property
    def answer_title(self) -> str:
        """The title of a page that is not there, unless the existence may be known."""
        return "This record is restricted" if self.known else "Page not found"

    @property
    def answer_sentence(self) -> str:
        """The reason only where the existence may be known; the reason is kept for the trail all the same."""
        return self.sentence if self.known else self.NOT_FOUND


class Stale(Refusal):
    """Someone else saved first, or the record has moved on (409)."""

    status = 409
    title = "This has changed since you opened it"


class NeedsReason(Refusal):
    """The officer may look once a reason is given; `next_path` is where to go afterwards."""

    title = "Why are you looking at this?"

    def __init__(
        self, next_path: str, *, subject: str = "", sentence: str = "Say why you are looking at this record."
    ) -> None:
        super().__init__(sentence, subject=subject)
        self.next_path = next_path
