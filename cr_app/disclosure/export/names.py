"""What files are called: the request, the table, the release, and nothing of what is in it."""

import re

from cr_app.disclosure.export.content import Content

_LEFT_OUT = re.compile(r"[^A-Za-z0-9._-]+")


def file_name(content: Content, ending: str) -> str:
    """Return a name that any system takes: 01.FOI.22.024759-table-1-release-3.csv, or …-draft.csv."""
    reference = _LEFT_OUT.sub("-", content.asked.reference).strip("-.") or "request"
    standing = "draft" if content.number is None else f"release-{content.number}"
    return f"{reference}-table-{content.part}-{standing}{ending}"
