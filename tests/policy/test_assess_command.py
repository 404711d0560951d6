"""`manage.py assess`: verdicts out, one sentence when something is wrong, no database, never a traceback."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connections

from cr_app.policy.interchange import LONGEST_TEXT

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = '{"decided_on":"2023-07-10","circumstances":{"domestic_abuse":true}}'
ENVIRONMENT = {
    **os.environ,
    "DATABASE_URL": "postgres://nobody:nothing@127.0.0.1:1/none",
    "DJANGO_SETTINGS_MODULE": "cr_app.settings",
}


def _run(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run the command as one does from a shell, with a database that is not there."""
    command = [sys.executable, "manage.py", "assess", *arguments]
    return subprocess.run(command, input=given, capture_output=True, cwd=ROOT, env=ENVIRONMENT, check=False)


def _refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Return the sentence of a refusal: exit 2, nothing on standard output, one line on standard error."""
    with pytest.raises(SystemExit) as stopped:
        call_command("assess", *arguments)
    out, err = capsys.readouterr()
    assert stopped.value.code == 2
    assert out == ""
    assert err.count("\n") == 1
    assert err.endswith(".\n")
    return err.strip()


def test_the_example_from_standard_input_with_no_database_running() -> None:
    """Exit 0, one line, the rulebook of that day."""
    done = _run("-", given=EXAMPLE.encode())
    assert (done.returncode, done.stderr) == (0, b"")
    found = json.loads(done.stdout)
    assert list(found) == ["force", "rulebook", "verdict", "findings", "missing"]
    assert (found["rulebook"], found["verdict"]) == ("met/2019-04-29", "authority_required")
    [domestic] = [finding for finding in found["findings"] if finding["rule"] == "domestic-abuse"]
    assert list(domestic) == ["rule", "effect", "state", "says", "because", "source"]
    assert domestic["because"] == ["circumstances.domestic_abuse"]
    assert domestic["source"] == "01.FOI.22.024759"


@pytest.mark.parametrize("given", [b"\xff\xfe\x00", b"[" * 200_000, b'{"decided_on":"2023-07-10","x":' + b"9" * 5000])
def test_rubbish_from_standard_input_ends_in_one_sentence(given: bytes) -> None:
    """Never a traceback, exit 2."""
    done = _run("-", given=given)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(b"The facts are ")
    assert done.stderr.count(b"\n") == 1


def test_lines_from_standard_input_go_on_after_a_bad_one() -> None:
    """One line out for each line in that is not blank, exit 2 at the end."""
    lines = [EXAMPLE, "", "   ", "{", EXAMPLE.replace("true", "maybe"), '{"decided_on":"2023-08-01"}']
    done = _run("--lines", "-", given="\r\n".join(lines).encode())
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 2
    assert done.stderr == b""
    assert [answer.get("verdict", list(answer)) for answer in answers] == [
        "authority_required",
        ["error"],
        ["error"],
        "undecided",
    ]


def test_good_lines_exit_with_nought(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And the same facts give the same bytes."""
    path = tmp_path / "facts.jsonl"
    path.write_text(f"{EXAMPLE}\n{EXAMPLE}\n", encoding="utf-8")
    call_command("assess", "--lines", str(path))
    first, second = capsys.readouterr().out.splitlines()
    assert first == second


def test_no_connection_is_opened(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Not even to look whether there is a database."""
    path = tmp_path / "facts.json"
    path.write_text(EXAMPLE, encoding="utf-8")
    # One that a test before may have left open.
    connections["default"].close()
    call_command("assess", str(path))
    assert json.loads(capsys.readouterr().out)["verdict"] == "authority_required"
    assert connections["default"].connection is None


def test_a_case_is_replayed_under_another_rulebook(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Force and day are then looked at for form only."""
    path = tmp_path / "facts.json"
    path.write_text('{"decided_on":"2001-01-01","force":"03"}', encoding="utf-8")
    for name in ("met/2019-04-29", "met/2023-08-01", "kent/2023-07-01", "national/2018-01-01"):
        call_command("assess", "--rulebook", name, str(path))
        found = json.loads(capsys.readouterr().out)
        assert (found["force"], found["rulebook"], found["verdict"]) == ("03", name, "undecided")
    path.write_text('{"decided_on":"2001-01-01","force":"Met"}', encoding="utf-8")
    assert _refusal(capsys, "--rulebook", "met/2019-04-29", str(path)).startswith("force must be a force code")
    path.write_text(EXAMPLE, encoding="utf-8")
    assert _refusal(capsys, "--rulebook", "met", str(path)).startswith('There is no rulebook "met"')
    assert _refusal(capsys, "--rulebook", "", str(path)).startswith('There is no rulebook ""')


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A missing one, a folder, a name no file can have, one that is too long."""
    missing = str(tmp_path / "none.json")
    assert _refusal(capsys, missing).endswith("cannot be read: No such file or directory.")
    assert _refusal(capsys, str(tmp_path)).endswith("cannot be read: Is a directory.")
    assert _refusal(capsys, "--lines", str(tmp_path)).endswith("cannot be read: Is a directory.")
    assert _refusal(capsys, "a\x00b").endswith("cannot be read: not a name of a file.")
    assert _refusal(capsys, "x" * 5000).endswith("cannot be read: File name too long.")
    big = tmp_path / "big.json"
    big.write_bytes(b" " * (LONGEST_TEXT + 10))
    assert _refusal(capsys, str(big)) == "The facts are longer than 1,000,000 bytes."
    assert _refusal(capsys, "/dev/zero") == "The facts are longer than 1,000,000 bytes."


def test_a_line_too_long_is_refused_and_the_next_one_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its end is found without keeping it; one that never ends stops the reading."""
    path = tmp_path / "facts.jsonl"
    long = b'{"decided_on":"' + b"1" * (2 * LONGEST_TEXT)
    path.write_bytes(long + b'"}\n' + EXAMPLE.encode() + b"\n" + long)
    with pytest.raises(SystemExit):
        call_command("assess", "--lines", str(path))
    first, second, third = capsys.readouterr().out.splitlines()
    assert first == third == '{"error": "The facts are longer than 1,000,000 bytes."}'
    assert json.loads(second)["verdict"] == "authority_required"
    assert _refusal(capsys, "--lines", "/dev/zero").startswith("A line is longer than 100,000,000 bytes")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"\xe2\x82")))
    assert _refusal(capsys, "-").startswith("The facts are not UTF-8 text")


def test_a_reader_who_leaves_is_no_traceback(tmp_path: Path) -> None:
    """As with `| head -1`."""
    path = tmp_path / "facts.jsonl"
    path.write_text(f"{EXAMPLE}\n" * 400, encoding="utf-8")
    script = f"{sys.executable} manage.py assess --lines {path} | head -1 | wc -l"
    done = subprocess.run(script, shell=True, capture_output=True, cwd=ROOT, env=ENVIRONMENT, check=False)  # noqa: S602
    assert done.stdout.strip() == b"1"
    assert done.stderr == b""
