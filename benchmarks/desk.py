"""Desk and search of one officer, with as many cases of her own, in a small service and a large one side by side."""

import itertools
import json
from typing import Any

from benchmarks.bulk import MEASURED
from benchmarks.load import Work, interleaved, spread
from benchmarks.officer import Officer, hidden_fields
from benchmarks.server import Server
from benchmarks.steps import PASSWORD

GROWTH_AIM = 1.2
# A name among one's own cases, the reference of a crime report, and a PNC ID: each is found in both services.
SOUGHT = ("larkin", "7000007/26", "1999/0000009A")


def desk(officer: Officer) -> Work:
    """Return what opens the desk."""

    def show() -> None:
        answer = officer.get("/")
        if answer.status != 200:
            raise RuntimeError(f"The desk answered {answer.status}.")

    return show


def search(officer: Officer) -> Work:
    """Return what searches and shows what was found, by turns for a name, a reference and a number."""
    fields = hidden_fields(officer.get("/").body)
    turns = itertools.cycle(SOUGHT)

    def look() -> None:
        sent = officer.post("/cases/search/", {**fields, "sought": next(turns)})
        found = officer.get(sent.location)
        if sent.status != 302 or found.status != 200:
            raise RuntimeError(f"The search answered {sent.status} and {found.status}.")

    return look


def measure(servers: dict[int, Server], *, rounds: int, seconds: float) -> dict[str, Any]:
    """Measure both pages in both services, interleaved; growth is the time of the large by that of the small."""
    kinds: dict[str, list[Work]] = {}
    for total, server in servers.items():
        officer = Officer(server.port, MEASURED)
        officer.sign_in(PASSWORD)
        kinds[f"desk {total}"] = [desk(officer)]
        kinds[f"search {total}"] = [search(officer)]
    interleaved(1, 0.5, kinds)
    samples = interleaved(rounds, seconds, kinds)
    told: dict[str, Any] = {
        name: {
            "per_second": spread([sample.per_second for sample in each]),
            "median_ms": spread([sample.median_ms for sample in each]),
            "p95_ms": spread([sample.p95_ms for sample in each]),
        }
        for name, each in samples.items()
    }
    small, large = sorted(servers)
    for page in ("desk", "search"):
        pairs = zip(samples[f"{page} {large}"], samples[f"{page} {small}"], strict=True)
        told[f"{page} growth"] = spread([big.median_ms / little.median_ms for big, little in pairs])
    if any(told[f"{page} growth"]["median"] > GROWTH_AIM for page in ("desk", "search")):
        told["plans"] = json.loads(servers[large].python("-m", "benchmarks.plans", *SOUGHT).strip().splitlines()[-1])
    return told
