"""Prints, after the tests, what they counted: each test that says record_property("count", words), in any process."""

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print one line a count."""
    # Reports of setting up and ending a test go by the empty word; they repeat what was said before.
    reports = [report for kind in ("passed", "failed", "") for report in terminalreporter.stats.get(kind, [])]
    said = [words for report in reports for name, words in getattr(report, "user_properties", ()) if name == "count"]
    if said:
        terminalreporter.section("counted")
    for words in sorted(set(map(str, said))):
        terminalreporter.write_line(words)
