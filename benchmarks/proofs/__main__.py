"""`make prove`: runs the long proofs, each on a fresh database, and writes benchmarks/results/proofs.json and .md.

ARGS="trees sealing" runs some; --quick runs all briefly and writes nothing. Ends with 1 when a proof fails.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
RESULTS = HERE.parent / "results"
NAMES = sorted(path.stem for path in HERE.glob("*.py") if path.stem not in {"__init__", "__main__", "one"})


def main() -> int:
    """Run the proofs named, or all, and keep what they told; return the status to end with."""
    parser = argparse.ArgumentParser(prog="proofs", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"which: {', '.join(NAMES)}")
    parser.add_argument("--quick", action="store_true", help="briefly, to see that they run")
    asked = parser.parse_args()
    if unknown := sorted(set(asked.names) - set(NAMES)):
        parser.error(f"there is no proof {unknown[0]}: choose from {', '.join(NAMES)}")
    kept = RESULTS / "proofs.json"
    results: dict[str, Any] = json.loads(kept.read_text()) if kept.is_file() else {}
    failed = [name for name in asked.names or NAMES if not _run(name, results, quick=asked.quick)]
    if not asked.quick:
        RESULTS.mkdir(exist_ok=True)
        kept.write_text(json.dumps(results, indent=2, sort_keys=True) + "\n")
        (RESULTS / "proofs.md").write_text(_table_of(results))
    sys.stdout.write(f"\n{_table_of(results)}\n")
    if failed:
        sys.stdout.write(f"Failed: {', '.join(failed)}.\n")
    return 1 if failed else 0


def _run(name: str, results: dict[str, Any], *, quick: bool) -> bool:
    """Run one proof in a process and on a database of its own; put its figures among the results."""
    sys.stdout.write(f"== {name}\n")
    sys.stdout.flush()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="cr-prove-") as folder:
        # The server's own account must reach its data.
        Path(folder).chmod(0o755)
        figures = Path(folder) / "figures.json"
        command = [sys.executable, "-m", "benchmarks.proofs.one", name, str(figures), *(["--quick"] if quick else [])]
        environment = {**os.environ, "CR_DATA": f"{folder}/data", "CR_DISPOSABLE": "1"}
        environment = {key: value for key, value in environment.items() if not key.startswith("DATABASE_")}
        ended = subprocess.run(command, cwd=HERE.parents[1], env=environment, check=False)
        if ended.returncode or not figures.is_file():
            return False
        results[name] = {**_about(), "seconds": round(time.monotonic() - began), **json.loads(figures.read_text())}
    return True


def _about() -> dict[str, Any]:
    command = ["git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False)
    return {
        "on": time.strftime("%Y-%m-%d"),
        "commit": commit.stdout.strip(),
        "python": platform.python_version(),
        "processors": os.cpu_count(),
    }


def _table_of(results: dict[str, Any]) -> str:
    lines = ["| proof | figure | value |", "| --- | --- | --- |"]
    for name, figures in sorted(results.items()):
        lines += [f"| {name} | {key} | {value} |" for key, value in figures.items()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
