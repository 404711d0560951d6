"""Rounds of load: officers in threads, each with a connection, a session and work of their own."""

import statistics
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Work = Callable[[], None]


@dataclass(frozen=True)
class Sample:
    """What one round measured: requests a second, and the median and 95th percentile in milliseconds."""

    requests: int
    per_second: float
    median_ms: float
    p95_ms: float


def run_for(seconds: float, works: Sequence[Work]) -> Sample:
    """Let every officer work for so long, all at once, and return what was measured."""
    latencies: list[list[float]] = [[] for _ in works]
    failures: list[BaseException] = []
    gate = threading.Barrier(len(works) + 1)

    def officer(place: int) -> None:
        gate.wait()
        until = time.perf_counter() + seconds
        try:
            now = time.perf_counter()
            while not latencies[place] or now < until:
                works[place]()
                began, now = now, time.perf_counter()
                latencies[place].append(now - began)
        except BaseException as failure:  # noqa: BLE001 - raised again below, in the thread that measures
            failures.append(failure)

    threads = [threading.Thread(target=officer, args=(place,)) for place in range(len(works))]
    for thread in threads:
        thread.start()
    gate.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    if failures:
        raise failures[0]
    times = sorted(each for mine in latencies for each in mine)
    return Sample(
        requests=len(times),
        per_second=round(len(times) / took, 2),
        median_ms=round(statistics.median(times) * 1000, 2),
        p95_ms=round(times[min(len(times) - 1, int(len(times) * 0.95))] * 1000, 2),
    )


def interleaved(rounds: int, seconds: float, kinds: Mapping[str, Sequence[Work]]) -> dict[str, list[Sample]]:
    """Measure each kind once a round, in an order that moves on by one each round."""
    names = list(kinds)
    measured: dict[str, list[Sample]] = {name: [] for name in names}
    for place in range(rounds):
        for name in [*names[place % len(names) :], *names[: place % len(names)]]:
            measured[name].append(run_for(seconds, kinds[name]))
    return measured


def spread(values: Sequence[float]) -> dict[str, float]:
    """Return the median with the least and the most."""
    return {
        "median": round(statistics.median(values), 3),
        "least": round(min(values), 3),
        "most": round(max(values), 3),
    }
