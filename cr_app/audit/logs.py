"""How log lines are written: what went wrong and where in the code, never a value that somebody typed.

The text of an exception can hold a whole row ("Failing row contains …"), and an address can name a case. So an
exception is its kind and its frames, a request is its page and its id, and what other libraries put into their messages
is left out unless it is a number.
"""

import logging
import re
import traceback
from collections.abc import Iterator
from types import TracebackType

from cr_app.audit.requests import current_request, page_of

_OURS = "cr_app"
# Causes of causes: enough to find the first.
_MOST_CAUSES = 5
_LEFT_OUT = "…"
_QUOTING = re.compile("[:'\"\n]")


class ValuesLeftOut(logging.Formatter):
    """Formats every record, of whatever logger, as time, level, source and message, an exception's frames below it."""

    def __init__(self) -> None:
        """Take no arguments: there is one form."""
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as text without values; never raises, since logging would then print them itself."""
        try:
            record.message = _message_of(record)
        except Exception:  # noqa: BLE001 - whatever a message does when it is formatted, its values stay out of the log
            record.message = "a message that could not be formatted"
        record.asctime = self.formatTime(record)
        lines = [self.formatMessage(record)]
        if record.exc_info and record.exc_info[1]:
            lines += _lines_of(record.exc_info[1])
        return "\n".join(lines)


def _message_of(record: logging.LogRecord) -> str:
    request = getattr(record, "request", None)
    if request is not None and not record.name.startswith(f"{_OURS}."):
        served = current_request()
        page = page_of(request) if hasattr(request, "resolver_match") else ""
        status = getattr(record, "status_code", "")
        return f"{status or 'A fault'} at {page or 'no page'} (request {served.id if served else 'unknown'})"
    if record.name.startswith(f"{_OURS}."):
        return record.getMessage()
    if not isinstance(record.msg, str):
        return type(record.msg).__name__
    if isinstance(record.args, tuple) and record.args:
        return record.msg % tuple(value if isinstance(value, int | float) else _LEFT_OUT for value in record.args)
    # Filled in already: what follows a colon or a quotation mark may be what somebody sent.
    return _QUOTING.split(record.msg, maxsplit=1)[0]


def _lines_of(exception: BaseException) -> Iterator[str]:
    """Yield the kind and frames of an exception, then of what it came from."""
    seen: list[BaseException] = []
    came_from: BaseException | None = exception
    while came_from is not None and came_from not in seen and len(seen) < _MOST_CAUSES:
        yield f"{'  from ' if seen else '  '}{type(came_from).__module__}.{type(came_from).__qualname__}"
        yield from _frames_of(came_from.__traceback__)
        seen.append(came_from)
        came_from = came_from.__cause__ or (None if came_from.__suppress_context__ else came_from.__context__)


def _frames_of(trace: TracebackType | None) -> Iterator[str]:
    for frame, line in traceback.walk_tb(trace):
        yield f"    {frame.f_code.co_filename}:{line} {frame.f_code.co_name}"
