"""`make bench`: measures, prints, and writes benchmarks/results/; ARGS=--quick measures briefly and writes nothing.

ARGS=--documents measures the documents alone, ARGS=--counts counting and importing, and ARGS=--ledger tables beside ever more
releases: these two are measured by nothing else.
"""

import argparse
import contextlib
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks import desk, report, steps, weight
from benchmarks.server import THREADS, WORKERS, serving

RESULTS = Path(__file__).parent / "results"
SMALL, LARGE = 1_000, 20_000


def main() -> None:
    """Run every measurement and write what it told."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two short rounds, to see that it runs")
    parser.add_argument("--documents", action="store_true", help="the documents alone")
    parser.add_argument("--counts", action="store_true", help="counting and importing alone")
    parser.add_argument("--ledger", action="store_true", help="tables beside ever more releases alone")
    asked = parser.parse_args()
    quick = asked.quick
    if asked.counts or asked.ledger:
        measure_alone("counts" if asked.counts else "ledger", quick=quick)
        return
    measure_documents(quick=quick)
    if asked.documents:
        return
    # Many short rounds: what else the machine does then meets both sides of each ratio.
    rounds, seconds = (2, 0.5) if quick else (20, 0.5)
    began = time.monotonic()
    results: dict[str, Any] = {"about": _about(rounds, seconds)}
    with _said("A service to save in"), serving() as server:
        results["weight"] = weight.measure(server)
        results["steps"] = steps.measure(server, rounds=rounds, seconds=seconds)
        results["memory"] = server.worker_memory()
    with _said(f"Services of {SMALL} and {LARGE} cases"), serving(total=SMALL) as small, serving(total=LARGE) as large:
        servers = {SMALL: small, LARGE: large}
        results["desk"] = desk.measure(servers, rounds=rounds, seconds=seconds)
    results["about"]["seconds"] = round(time.monotonic() - began)
    table = report.table_of(results)
    sys.stdout.write(f"\n{table}")
    if not quick:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / "service.json").write_text(json.dumps(results, indent=2) + "\n")
        (RESULTS / "service.md").write_text(table)


def measure_documents(*, quick: bool) -> None:
    """Measure the documents in a process of their own, so that nothing else is in its memory."""
    arguments = [sys.executable, "-m", "benchmarks.documents", *(["--quick"] if quick else [])]
    subprocess.run(arguments, check=True, cwd=RESULTS.parent.parent)  # noqa: S603


def measure_alone(what: str, *, quick: bool) -> None:
    """Measure with one of this package's modules, in a process and on a database of its own."""
    with tempfile.TemporaryDirectory(prefix="cr-bench-") as folder:
        # The server's own account must reach its data.
        Path(folder).chmod(0o755)
        environment = {key: value for key, value in os.environ.items() if not key.startswith("DATABASE_")}
        environment |= {"CR_DATA": f"{folder}/data", "CR_DEMO": "1"}
        arguments = [sys.executable, "-m", f"benchmarks.{what}", *(["--quick"] if quick else [])]
        subprocess.run(arguments, check=True, cwd=RESULTS.parent.parent, env=environment)  # noqa: S603


@contextlib.contextmanager
def _said(title: str) -> Iterator[None]:
    sys.stdout.write(f"{title} … ")
    sys.stdout.flush()
    began = time.monotonic()
    yield
    sys.stdout.write(f"{time.monotonic() - began:.0f} s\n")


def _about(rounds: int, seconds: float) -> dict[str, Any]:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
        cwd=RESULTS.parent,
    )
    return {
        "on": time.strftime("%Y-%m-%d"),
        "commit": commit.stdout.strip(),
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 2),
        "workers": WORKERS,
        "threads": THREADS,
        "rounds": rounds,
        "seconds_a_round": seconds,
    }


if __name__ == "__main__":
    main()
