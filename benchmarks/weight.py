"""How much goes over the wire, and in how many requests: a first visit, and a step with and without a warm cache."""

import gzip
import re
from typing import Any

import brotli  # type: ignore[import-untyped]

from benchmarks.officer import Answer, Officer
from benchmarks.server import Server
from benchmarks.steps import PASSWORD

_ASSET = re.compile(rb'(?:href|src)="(/static/[^"]+)"')
_IN_STYLE = re.compile(rb'url\("?([^")]+)"?\)')


def measure(server: Server) -> dict[str, Any]:
    """Count what each visit asks for, once taking brotli and once gzip."""
    return {encoding: _visits(server, encoding) for encoding in ("br", "gzip")}


def _visits(server: Server, encoding: str) -> dict[str, Any]:
    stranger = Officer(server.port)
    first = _with_assets(stranger, ["/"], encoding, cache={})
    officer = Officer(server.port, next(iter(server.prepared["drafts"])))
    officer.sign_in(PASSWORD)
    step = f"/cases/{server.prepared['drafts'][officer.warrant_number]}/record/offender/"
    cache: dict[str, Answer] = {}
    cold = _with_assets(officer, [step], encoding, cache=cache)
    return {
        "first visit, to the sign-in page": first,
        "a step, nothing in the cache": cold,
        "a step, files in the cache": _with_assets(officer, [step], encoding, cache=cache),
    }


def _with_assets(officer: Officer, paths: list[str], encoding: str, *, cache: dict[str, Answer]) -> dict[str, int]:
    """Follow a page and all it needs; files once kept are not asked for again where the server says they never change."""
    requests = wire = 0
    waiting = list(paths)
    asked: set[str] = set()
    while waiting:
        path = waiting.pop(0)
        if path in asked or path in cache:
            continue
        asked.add(path)
        answer = officer.get(path, accept_encoding=encoding)
        requests, wire = requests + 1, wire + answer.wire
        if answer.status in (301, 302):
            waiting.append(answer.location)
            continue
        body = _plain(answer)
        waiting += [asset.decode() for asset in _ASSET.findall(body)]
        if path.endswith(".css"):
            folder = path.rpartition("/")[0]
            waiting += [
                f"{folder}/{name.decode()}" for name in _IN_STYLE.findall(body) if not name.startswith(b"data:")
            ]
        if "immutable" in answer.headers.get("cache-control", ""):
            cache[path] = answer
    return {"requests": requests, "bytes": wire}


def _plain(answer: Answer) -> bytes:
    match answer.headers.get("content-encoding"):
        case "br":
            return bytes(brotli.decompress(answer.body))
        case "gzip":
            return gzip.decompress(answer.body)
        case _:
            return answer.body
