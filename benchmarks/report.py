"""The short table of what was measured, with each aim beside it."""

from typing import Any


def table_of(results: dict[str, Any]) -> str:
    """Return the results as Markdown."""
    about, desk = results["about"], results["desk"]
    lines = [
        "# Measured",
        "",
        f"On {about['on']} at {about['commit']}: Python {about['python']}, {about['processors']} processors, "
        f"{about['workers']} workers of {about['threads']} threads, {about['rounds']} interleaved rounds of "
        f"{about['seconds_a_round']:g} s, load {about['load_before']} when it began. Median (least to most) of the rounds.",
        "",
        "| saving a step | a second | median ms | p95 ms |",
        "| --- | --- | --- | --- |",
    ]
    for officers, told in results["steps"].items():
        for kind, words in _KINDS.items():
            each = told[kind]
            lines.append(
                f"| {officers}: {words} | {_spread(each['per_second'])} | {_spread(each['median_ms'])} | "
                f"{_spread(each['p95_ms'])} |"
            )
    lines += ["", "| ratio | measured | aim |", "| --- | --- | --- |"]
    for officers, told in results["steps"].items():
        lines.append(f"| {officers}: save by bare view | {_spread(told['save_to_floor'], 2)} | at least 0.5 |")
        lines.append(
            f"| {officers}: save by bare view that looks the officer up | {_spread(told['save_to_floor_with_officer'], 2)} | |"
        )
    for page in ("desk", "search"):
        lines.append(f"| {page}, 20,000 cases by 1,000 | {_spread(desk[f'{page} growth'], 2)} | at most 1.2 |")
    memory = max(each.get("proportional", each.get("resident", 0)) for each in results["memory"])
    resident = max(each.get("resident", 0) for each in results["memory"])
    lines.append(f"| memory a worker after the load | {memory:.0f} MB (resident {resident:.0f}) | at most 150 MB |")
    lines += ["", "| desk and search | a second | median ms | p95 ms |", "| --- | --- | --- | --- |"]
    for name, each in desk.items():
        if "per_second" in each:
            page, _, total = name.partition(" ")
            lines.append(
                f"| {page}, {int(total):,} cases | {_spread(each['per_second'])} | {_spread(each['median_ms'])} | "
                f"{_spread(each['p95_ms'])} |"
            )
    lines += ["", "| over the wire | brotli | gzip |", "| --- | --- | --- |"]
    for visit, brotli in results["weight"]["br"].items():
        gzip = results["weight"]["gzip"][visit]
        lines.append(f"| {visit} | {_visit(brotli)} | {_visit(gzip)} |")
    return "\n".join(lines) + "\n"


_KINDS = {
    "save": "save a step",
    "floor": "bare view",
    "floor_with_officer": "bare view that looks the officer up",
    "page": "show a step",
}


def _spread(values: dict[str, float], digits: int = 1) -> str:
    return f"{values['median']:.{digits}f} ({values['least']:.{digits}f} to {values['most']:.{digits}f})"


def _visit(visit: dict[str, int]) -> str:
    return f"{visit['bytes'] / 1000:.1f} kB in {visit['requests']} request{'' if visit['requests'] == 1 else 's'}"
