"""Saving a step: real forms with real changes, each officer in a draft of their own, beside the bare view."""

import itertools
from collections.abc import Iterator
from typing import Any

from benchmarks.load import Sample, Work, interleaved, spread
from benchmarks.officer import Officer, hidden_fields
from benchmarks.server import Server

PASSWORD = "shop-theft-and-an-apology"  # noqa: S105 - the demo's, printed by it
OFFICERS = 8


def _moment(name: str, hour: int) -> dict[str, str]:
    return {f"{name}_day": "3", f"{name}_month": "11", f"{name}_year": "2025", f"{name}_time": f"{hour:02d}:15"}


def _page(turn: int) -> dict[str, dict[str, str]]:
    """Return pages with everything they ask, one way or the other by turns; what is sent always differs from what is kept."""
    return {
        "incident": {
            **_moment("occurred_from", 9 + turn),
            "place": f"Pennyfold Stores, entrance {turn}",
            "borough": "Camden",
            "circumstances_brief": f"Put two packets of cheese in a bag and left by door {turn} without paying.",
            "body_worn_video": f"BWV-10000{turn}",
            "venue": "none",
        },
        "offender": {
            "first_names": ("Rosie", "Rosie Anne")[turn],
            "last_names": "O'Dowd",
            "born_on_day": str(11 + turn),
            "born_on_month": "2",
            "born_on_year": "1991",
            "sex": "female",
            "self_defined_ethnicity": ("W1", "W2")[turn],
            "officer_defined_ethnicity": "IC1",
        },
        "history": {
            "pnc_checked": "yes",
            **_moment("pnc_checked_at", 11 + turn),
            "local_checked": "yes",
            **_moment("local_checked_at", 12 + turn),
            "has_earlier_disposals": "no",
        },
        "seriousness": {"evidence_sufficient": "yes", "less_serious": "yes", "gravity_score": str(1 + turn)},
        # Where every case needs authority this page asks the second too; elsewhere it is left unread.
        "rationale": {
            "rationale": f"First offence, admitted at once, and the victim is content. Version {turn}.",
            "detained_or_waiting": ("no", "yes")[turn],
        },
    }


def sign_in_all(server: Server) -> list[Officer]:
    """Sign eight officers in, each of whom has a draft."""
    officers = [Officer(server.port, number) for number in server.prepared["drafts"]]
    for officer in officers:
        officer.sign_in(PASSWORD)
    return officers


def saves(officer: Officer, reference: str) -> Work:
    """Return what saves the next of five pages, by turns one way and the other.

    A page is refused as stale unless it says what it was shown with, so each page is read once in both states first.
    """
    turns: dict[str, Iterator[dict[str, str]]] = {}
    for slug, first in _page(0).items():
        path, second = f"/cases/{reference}/record/{slug}/", _page(1)[slug]
        seen: list[str] = []
        for form in (first, second):
            _expect(officer, path, {**form, "seen": hidden_fields(officer.get(path).body)["seen"]})
            seen.append(hidden_fields(officer.get(path).body)["seen"])
        turns[path] = itertools.cycle([{**first, "seen": seen[1]}, {**second, "seen": seen[0]}])
    paths = itertools.cycle(turns)

    def save() -> None:
        path = next(paths)
        _expect(officer, path, next(turns[path]))

    return save


def shows(officer: Officer, reference: str) -> Work:
    """Return what opens the next of the five pages."""
    paths = itertools.cycle([f"/cases/{reference}/record/{slug}/" for slug in _page(0)])

    def show() -> None:
        answer = officer.get(next(paths))
        if answer.status != 200:
            raise RuntimeError(f"A page answered {answer.status}.")

    return show


def floors(officer: Officer, path: str) -> Work:
    """Return what posts to the bare view, with the same session and token, another value each time."""
    count = itertools.count()

    def post() -> None:
        _expect(officer, path, {"value": f"{officer.warrant_number} {next(count)}"})

    return post


def measure(server: Server, *, rounds: int, seconds: float) -> dict[str, Any]:
    """Measure saves, pages and both floors with one officer and with eight, interleaved."""
    officers = sign_in_all(server)
    drafts = server.prepared["drafts"]
    kinds = {
        "save": [saves(officer, drafts[officer.warrant_number]) for officer in officers],
        "floor": [floors(officer, "/floor/") for officer in officers],
        "floor_with_officer": [floors(officer, "/floor/officer/") for officer in officers],
        "page": [shows(officer, drafts[officer.warrant_number]) for officer in officers],
    }
    interleaved(1, 0.5, kinds)  # warms caches and connections
    results = {}
    for count in (1, OFFICERS):
        samples = interleaved(rounds, seconds, {name: works[:count] for name, works in kinds.items()})
        results[f"{count} officer{'s' if count > 1 else ''}"] = _told(samples)
    for officer in officers:
        officer.close()
    return results


def _told(samples: dict[str, list[Sample]]) -> dict[str, Any]:
    told: dict[str, Any] = {
        name: {
            "per_second": spread([sample.per_second for sample in each]),
            "median_ms": spread([sample.median_ms for sample in each]),
            "p95_ms": spread([sample.p95_ms for sample in each]),
            "requests": sum(sample.requests for sample in each),
        }
        for name, each in samples.items()
    }
    for floor in ("floor", "floor_with_officer"):
        pairs = zip(samples["save"], samples[floor], strict=True)
        told[f"save_to_{floor}"] = spread([mine.per_second / least.per_second for mine, least in pairs])
    return told


def _expect(officer: Officer, path: str, form: dict[str, str]) -> None:
    answer = officer.post(path, form)
    if answer.status != 302:
        raise RuntimeError(f"{path} answered {answer.status}: {answer.body[:2000]!r}")
