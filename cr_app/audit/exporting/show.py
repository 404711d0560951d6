"""Tells the rows of an export in words, for verify.py --show; it checks nothing itself. Standard library only."""

import json
import signal
from collections.abc import Iterator
from typing import Any

Row = dict[str, Any]
_HIDDEN = "(erased, or not in this export)"
# Whoever reads the first lines alone (| head) ends it in silence, where the system has a signal for that.
if hasattr(signal, "SIGPIPE"):
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)


def lines_of(row: Row, body: Row, values: Row) -> Iterator[str]:
    """Yield what one row says: when, who and what, then each thing it carries, a change with what stood there before."""
    actor = body["actor"]
    who = " ".join(filter(None, (actor["rank"], actor["name"], actor["warrant_number"]))) or actor["kind"]
    what = f"looked ({body['kind']})" if row["table"] == "access" else body["event"]
    yield ""
    yield f"{body['at']}  {who}: {what}, {body['outcome']}  [row {row['index']} of the log, {row['table']} {row['id']}]"
    if row["table"] == "access":
        yield f"    page: {body['page'].replace('_', ' ')}; records: {', '.join(body['subjects'])}"
        for name in ("reason", "recipient"):
            if body[name]:
                yield f"    {name}: {values.get(name, _HIDDEN)}"
        return
    details = body["details"]
    for name, value in details.items():
        if name != "changes":
            yield f"    {name}: {_text(value, name, values)}"
    for place, change in enumerate(details.get("changes", [])):
        yield f"    {change['operation']} {change['row']} {change['key']}"
        old, new = change["old"], change["new"]
        for name in {**old, **new}:
            before = _text(old.get(name), f"changes.{place}.old.{name}", values)
            after = _text(new.get(name), f"changes.{place}.new.{name}", values)
            yield (
                f"        {name}: {before} → {after}"
                if name in old and name in new
                else f"        {name}: {after if name in new else before}"
            )


def _text(value: object, path: str, values: Row) -> str:
    if isinstance(value, dict) and set(value) == {"sha256"}:
        value = values.get(path, _HIDDEN)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
