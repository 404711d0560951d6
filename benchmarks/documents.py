"""What a PDF takes: one by itself, a thousand one after the other, and the memory before and after.

A process of its own, with no database and no server: a sheet is text, and its PDF is made of that alone. Run by
`make bench`; `make bench ARGS=--documents` measures this alone.
"""

import json
import os
import platform
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import django

from cr_app.cases.documents.sheets import Block, Bullets, Fact, Facts, Heading, Paragraph, Sheet, Signed

RESULTS = Path(__file__).parent / "results"
BATCH = 1_000
AIM_MS = 60.0
_MEANING = (
    "It is an agreement. It is voluntary: nobody can make you take part.",
    "It is not a conviction, and it is not a caution.",
    "The police keep it on their local records.",
    "It may be shown on an enhanced DBS check. That is a check for some kinds of work, such as with children.",
)


def main() -> None:
    """Measure and write what was told."""
    quick = "--quick" in sys.argv
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cr_app.settings")
    django.setup()
    results = measure(40 if quick else BATCH)
    table = table_of(results)
    sys.stdout.write(table)
    if not quick:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / "documents.json").write_text(json.dumps(results, indent=2) + "\n")
        (RESULTS / "documents.md").write_text(table)


def measure(count: int) -> dict[str, Any]:
    """Return what the first PDF of a process takes, then `count` of each kind: milliseconds and memory in MB."""
    from cr_app.cases.documents.pdf import pdf_of

    start = _resident()
    began = time.perf_counter()
    pdf_of(sheet(0, actions=2))
    first = _milliseconds(began)
    batches = {
        "an offender's copy": (2, False),
        "the same in large print": (2, True),
        "one with 12 agreed actions": (12, False),
    }
    return {
        "about": {
            "on": time.strftime("%Y-%m-%d"),
            "python": platform.python_version(),
            "processors": os.cpu_count(),
            "load_before": round(os.getloadavg()[0], 2),
            "count": count,
        },
        "first_ms": first,
        "memory_at_start": start,
        "batches": {
            name: _batch(pdf_of, count, actions=actions, large=large) for name, (actions, large) in batches.items()
        },
    }


def _batch(pdf_of: Any, count: int, *, actions: int, large: bool) -> dict[str, Any]:
    # As many as warm a process up: what is kept for good is there before it is measured.
    sizes = [len(pdf_of(sheet(number, actions=actions), large=large)) for number in range(50)]
    before, times, marks = _resident(), [], []
    for number in range(count):
        told = sheet(1_000 + number, actions=actions)
        began = time.perf_counter()
        sizes.append(len(pdf_of(told, large=large)))
        times.append(_milliseconds(began))
        if (number + 1) % (count // 4) == 0:
            marks.append(_resident())
    return {
        "median_ms": round(statistics.median(times), 1),
        "p95_ms": round(sorted(times)[int(len(times) * 0.95)], 1),
        "worst_ms": round(max(times), 1),
        "seconds": round(sum(times) / 1000, 1),
        "kilobytes": round(statistics.mean(sizes) / 1000, 1),
        "memory_before": before,
        "memory_after_each_quarter": marks,
    }


def sheet(number: int, *, actions: int) -> Sheet:
    """Return an offender's copy of this many agreed actions, with drawn signatures; every number makes another."""
    reference = f"BENCH{number:05}"
    blocks: list[Block] = [
        Facts("about", (Fact("Name", f"Jade Ransome {number}"), Fact("Reference", reference))),
        Paragraph("intro", "This is what you agreed with the police, and what it means. Keep it safe."),
        Heading("happened", "What happened"),
        Facts("incident", (Fact("When", "21 November 2026 at 11:55"), Fact("Where", "Camden"))),
        Paragraph("circumstances", f"Took {number} bottles of squash and left without paying. " * 4),
        Heading("actions", "What you agree to do"),
        *(_action(place, actions) for place in range(1, actions + 1)),
        Heading("meaning", "What a Community Resolution means"),
        Bullets("meaning_list", _MEANING),
        Heading("if_not", "If you do not do what you agree"),
        Bullets("if_not_list", tuple(reversed(_MEANING))),
        Heading("signing", "Signatures"),
        *(_signed(role, number) for role in ("The person responsible", "The appropriate adult", "The police officer")),
    ]
    foot = f"Community Resolution: your copy. Reference {reference}. Version 1."
    return Sheet("offender_copy", "en", "adult", "Community Resolution: your copy", reference, 1, foot, tuple(blocks))


def _action(place: int, of: int) -> Facts:
    rows = (
        Fact(f"Action {place} of {of}", "Pay the victim for loss or damage"),
        Fact("In detail", "Pay for what was taken, at the till, and keep the receipt to show it."),
        Fact("Amount", f"£{place}2.40"),
        Fact("By", "Saturday 5 December 2026"),
    )
    return Facts(f"action_{place}", rows)


def _signed(role: str, number: int) -> Signed:
    strokes = " ".join(f"L{(number * 7 + place * 13) % 600} {(number + place * 29) % 200}" for place in range(120))
    return Signed(
        role, role, f"Jade Ransome {number}", "21 November 2026 at 14:55", f"M10 100 {strokes}", f"Drawn: {role}"
    )


def table_of(results: dict[str, Any]) -> str:
    """Return the results as Markdown."""
    about = results["about"]
    lines = [
        "# Documents measured",
        "",
        f"On {about['on']}: Python {about['python']}, {about['processors']} processors, load {about['load_before']} when it "
        f"began. {about['count']:,} of each kind, one after the other, no two alike. The first PDF of a process took "
        f"{results['first_ms']:.0f} ms, from {results['memory_at_start']:.0f} MB.",
        "",
        f"| {about['count']:,} PDFs | median ms (aim: under {AIM_MS:.0f}) | p95 ms | worst ms | all, s | kB each "
        "| MB before | MB after each quarter |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, each in results["batches"].items():
        marks = ", ".join(f"{mark:.0f}" for mark in each["memory_after_each_quarter"])
        lines.append(
            f"| {name} | {each['median_ms']} | {each['p95_ms']} | {each['worst_ms']} | {each['seconds']} "
            f"| {each['kilobytes']} | {each['memory_before']:.0f} | {marks} |"
        )
    return "\n".join(lines) + "\n"


def _milliseconds(began: float) -> float:
    return (time.perf_counter() - began) * 1000


def _resident() -> float:
    """Return the memory of this process that is in use now, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000, 1)


if __name__ == "__main__":
    main()
