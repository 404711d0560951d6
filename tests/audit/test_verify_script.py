"""verify.py as a recipient has it: it finds whatever was altered, and never ends in anything but a sentence."""

import argparse
import ast
import base64
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cr_app.audit.checkpoints import new_signing_key
from cr_app.audit.exporting import verify as script
from cr_app.audit.keys import verifier_key
from cr_app.audit.models import Checkpoint
from cr_app.audit.sealer import seal
from tests.audit.exported import CASE, SCRIPT, copied, of_case, of_period, tell, told, verify
from tests.audit.sealing import witness

__all__ = ["told", "witness"]

committed = pytest.mark.django_db(transaction=True, databases=["default", "sealer"])
OFTEN = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def check(folder: Path, *, key: str = "", against: Path | None = None) -> tuple[int, list[str]]:
    """Check a folder in this process; return what the exit status would be, and what is said."""
    said: list[str] = []
    try:
        said += script.outcome(argparse.Namespace(folder=folder, key=key, against=against, show=False))
    except script.Wrong as error:
        return 1, [*said, str(error)]
    except (OSError, *script.NOT_AS_EXPECTED) as error:
        return 2, [*said, str(error)]
    return 0, said


def test_nothing_but_the_standard_library_is_needed() -> None:
    for name in ("verify.py", "show.py"):
        imported = [
            node
            for node in ast.walk(ast.parse(SCRIPT.with_name(name).read_text()))
            if isinstance(node, ast.Import | ast.ImportFrom)
        ]
        names = {each.module or "" if isinstance(each, ast.ImportFrom) else each.names[0].name for each in imported}
        assert {each.partition(".")[0] for each in names} <= sys.stdlib_module_names


def test_an_older_python_is_told_so_in_a_sentence() -> None:
    # What an older one cannot even parse, it cannot say.
    code = ast.parse(SCRIPT.read_text(), feature_version=(3, 8))
    before = [
        type(node) for node in code.body[: next(at for at, node in enumerate(code.body) if isinstance(node, ast.If))]
    ]
    assert set(before) == {ast.Expr, ast.Import, ast.ImportFrom}
    guard = next(node for node in code.body if isinstance(node, ast.If))
    pretended = ast.unparse(guard).replace("sys.version_info", "(3, 9)").replace("sys.stderr.write", "say")
    said: list[str] = []
    with pytest.raises(SystemExit) as end:
        exec(pretended, {"sys": sys, "say": said.append})  # noqa: S102 - our own script
    assert (end.value.code, said) == (2, ["This script needs Python 3.11 or later.\n"])


@committed
@pytest.mark.parametrize("export", [of_case, of_period])
def test_whatever_byte_is_altered_the_export_no_longer_holds(
    told: None, tmp_path: Path, export: Callable[[Path], object]
) -> None:
    export(tmp_path / "out")
    assert check(tmp_path / "out")[0] == 0

    @OFTEN
    @given(
        name=st.sampled_from(["rows.jsonl", "rows.jsonl", "rows.jsonl", "checkpoint", "verifier-key", "about.json"]),
        at=st.floats(0, 1, exclude_max=True),
        new=st.binary(max_size=3),
        length=st.integers(0, 3),
    )
    def altered_anywhere(name: str, at: float, new: bytes, length: int) -> None:
        folder = copied(tmp_path / "out", tmp_path / "altered")
        before = (folder / name).read_bytes()
        place = int(at * len(before))
        after = before[:place] + new + before[place + length :]
        (folder / name).write_bytes(after)
        status, said = check(folder)
        assert said
        # What about.json says beside the log, in words, is nobody's proof; a key may end in white space.
        assert status or before == after or name == "about.json" or before.strip() == after.strip(), (
            name,
            place,
            new,
            length,
        )

    altered_anywhere()


@committed
def test_a_row_taken_out_put_in_twice_or_moved_is_found(told: None, tmp_path: Path) -> None:
    for export in (of_case, of_period):
        shutil.rmtree(tmp_path / "out", ignore_errors=True)
        export(tmp_path / "out")
        lines = (tmp_path / "out/rows.jsonl").read_bytes().splitlines(keepends=True)
        for altered in (
            lines[1:],
            lines[:-1],
            lines[:2] + lines[3:],
            [lines[0], *lines],
            lines[::-1],
            lines + lines[-1:],
        ):
            folder = copied(tmp_path / "out", tmp_path / "altered")
            (folder / "rows.jsonl").write_bytes(b"".join(altered))
            assert check(folder)[0] == 1
            # Nor does it help to make about.json tell of the rows that are left.
            about = json.loads((folder / "about.json").read_text())
            if export is of_period:
                about |= {
                    "rows": len(altered),
                    "first": json.loads(altered[0])["index"],
                    "last": json.loads(altered[-1])["index"],
                }
                (folder / "about.json").write_text(json.dumps(about, indent=1, sort_keys=True) + "\n")
                assert check(folder)[0] in (1, 2)


@committed
def test_an_export_of_another_case_under_this_name_does_not_hold(told: None, tmp_path: Path) -> None:
    of_case(tmp_path / "out")
    text = (tmp_path / "out/about.json").read_text()
    (tmp_path / "out/about.json").write_text(text.replace(CASE, "case:22222222"))
    status, said = verify(tmp_path / "out")
    assert status == 1
    assert "is not about case:22222222" in said
    assert said.splitlines()[-1] == "The export does not hold, for 6 reasons."


@committed
def test_a_log_signed_with_another_key_holds_only_until_the_keys_are_compared(told: None, tmp_path: Path) -> None:
    of_case(tmp_path / "out")
    forger, real = new_signing_key(verifier_key().name), verifier_key().text
    text = Checkpoint.objects.get().note.rpartition("\n\n")[0] + "\n"
    (tmp_path / "out/checkpoint").write_text(forger.sign(text))
    assert verify(tmp_path / "out")[0] == 1
    (tmp_path / "out/verifier-key").write_text(forger.verifier.text)
    status, said = verify(tmp_path / "out")
    assert status == 0
    assert forger.verifier.text in said
    assert verify(tmp_path / "out", "--key", real)[0] == 1
    (tmp_path / "kept").write_text(real + "\n")
    assert verify(tmp_path / "out", "--key", str(tmp_path / "kept"))[0] == 1


@committed
def test_the_right_key_given_in_another_way_is_said_to_be_the_one(told: None, tmp_path: Path) -> None:
    of_case(tmp_path / "out")
    status, said = verify(tmp_path / "out", "--key", verifier_key().text)
    assert (status, said.splitlines()[-1]) == (0, "It is the one you gave.")


@committed
def test_a_checkpoint_kept_elsewhere_is_compared(told: None, tmp_path: Path) -> None:
    earlier = Checkpoint.objects.get()
    (tmp_path / "kept").write_text(earlier.note)
    of_case(tmp_path / "same")
    assert verify(tmp_path / "same", "--against", str(tmp_path / "kept"))[0] == 0
    tell()
    seal()
    of_case(tmp_path / "later")
    assert verify(tmp_path / "later", "--against", str(tmp_path / "kept"))[0] == 2
    of_case(tmp_path / "proved", against=earlier.note)
    assert verify(tmp_path / "proved", "--against", str(tmp_path / "kept"))[0] == 0
    (tmp_path / "newest").write_text(Checkpoint.objects.latest("size").note)
    status, said = verify(tmp_path / "same", "--against", str(tmp_path / "newest"))
    assert (status, "no proof" in said) == (2, True)


@committed
def test_a_fork_of_the_log_is_found_by_the_checkpoint_that_was_kept(told: None, tmp_path: Path, settings: Any) -> None:
    from cr_app.audit.keys import signing_key

    lines = Checkpoint.objects.get().note.splitlines(keepends=True)
    lines[2] = base64.b64encode(hashlib.sha256(b"another past").digest()).decode() + "\n"
    (tmp_path / "kept").write_text(signing_key().sign("".join(lines[:7])))
    of_case(tmp_path / "out")
    status, said = verify(tmp_path / "out", "--against", str(tmp_path / "kept"))
    assert (status, "does not go on from the checkpoint" in said) == (1, True)


@committed
def test_values_are_shown_when_asked_for_and_do_nothing_to_a_terminal(told: None, tmp_path: Path) -> None:
    of_case(tmp_path / "out")
    status, said = verify(tmp_path / "out", "--show", script=tmp_path / "out/verify.py")
    assert status == 0
    assert "PC Amina Khan P241775: case.row_changed, done" in said
    assert r"last_names: Neill → O’Neill\x1b[2J" in said
    assert "reason: A slip of the pen" in said
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", said)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(
        ["README.txt", "about.json", "checkpoint", "rows.jsonl", "show.py", "verifier-key", "verify.py"]
    )


@committed
@pytest.mark.skipif(sys.platform == "win32", reason="no such signal there")
def test_whoever_reads_the_first_lines_alone_is_told_of_no_fault(told: None, tmp_path: Path) -> None:
    of_case(tmp_path / "out")
    with subprocess.Popen(
        [sys.executable, "-I", tmp_path / "out/verify.py", "--show"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        run.stdout.close()
        assert run.stderr.read() == b""
    assert run.returncode == -signal.SIGPIPE


DEEP = "[" * 100_000
BROKEN: dict[str, tuple[str, bytes | None]] = {
    "no rows": ("rows.jsonl", b""),
    "no file of rows": ("rows.jsonl", None),
    "no checkpoint": ("checkpoint", None),
    "no key": ("verifier-key", None),
    "no about": ("about.json", None),
    "empty about": ("about.json", b""),
    "about of nothing": ("about.json", b"null\n"),
    "about that is a list": ("about.json", b"[]\n"),
    "deep about": ("about.json", DEEP.encode()),
    "deep row": ("rows.jsonl", DEEP.encode() + b"\n"),
    "huge number": ("rows.jsonl", b'{"index":' + b"9" * 10_000 + b"}\n"),
    "not UTF-8": ("rows.jsonl", b"\xff\xfe\n"),
    "key not UTF-8": ("verifier-key", b"\xff\xfe\n"),
    "checkpoint not UTF-8": ("checkpoint", b"\xff\xfe\n"),
    "checkpoint cut short": ("checkpoint", b"a.example/log\n1\n"),
    "key of words": ("verifier-key", b"a+b+c"),
    "row of another world": ("rows.jsonl", b'{"a":1}\n'),
    "blank line": ("rows.jsonl", b"\n"),
}


@committed
@pytest.mark.parametrize("name", BROKEN)
def test_what_cannot_be_read_is_told_in_one_sentence(told: None, tmp_path: Path, name: str) -> None:
    for export in (of_case, of_period):
        shutil.rmtree(tmp_path / "out", ignore_errors=True)
        export(tmp_path / "out")
        file, content = BROKEN[name]
        (tmp_path / "out" / file).unlink()
        if content is not None:
            (tmp_path / "out" / file).write_bytes(content)
        status, said = verify(tmp_path / "out")
        assert status == 2
        assert len(said.splitlines()) == 1
        assert said.endswith(".\n")


@committed
def test_row_with_wild_numbers_or_values_is_told_and_never_ends_in_a_fault(told: None, tmp_path: Path) -> None:
    of_case(tmp_path / "out")
    lines = (tmp_path / "out/rows.jsonl").read_text().splitlines()
    row = json.loads(lines[0])
    wild: list[Any] = [-1, 2**63, 10**30, 1.5, None, True, "1", [], {}, "\ud800", "é", "../../etc/passwd", [[[]]]]
    for name in row:
        for value in wild:
            folder = copied(tmp_path / "out", tmp_path / "altered")
            changed = json.dumps({**row, name: value}, sort_keys=True, separators=(",", ":"))
            (folder / "rows.jsonl").write_text("\n".join([changed, *lines[1:]]) + "\n")
            assert check(folder)[0] in (1, 2), (name, value)


def test_a_folder_that_is_none_is_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "about.json")
    for folder in (tmp_path, tmp_path / "nothing"):
        status, said = verify(folder)
        assert (status, len(said.splitlines())) == (2, 1)
