"""What docs/audit.md says of the sealed log can be done by hand, as it stands there."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from cr_app.audit.checkpoints import SigningKey, VerifierKey, open_note
from cr_app.audit.tree import inclusion_path, leaf_bytes, leaf_hash, root_of

DOCUMENT = (Path(__file__).resolve().parents[2] / "docs" / "audit.md").read_text(encoding="utf-8")
KEY = SigningKey("cr.example.police.uk/trail", bytes(range(32)))


def block(language: str, having: str) -> str:
    """Return the one block of code in this language that has these words."""
    blocks: list[str] = re.findall(rf"```{language}\n(.*?)```", DOCUMENT, flags=re.DOTALL)
    (found,) = [each for each in blocks if having in each]
    return found


def test_the_checkpoint_of_the_page_is_signed_with_the_key_of_the_page() -> None:
    note = block("text", "epoch")
    assert f"`{KEY.verifier.text}`" in DOCUMENT
    stated = open_note(note, VerifierKey.parse(KEY.verifier.text))
    assert (stated.origin, stated.size, stated.epoch) == (KEY.name, 2026, 1)


def test_leaves_and_proofs_can_be_checked_with_the_code_of_the_page() -> None:
    names: dict[str, Any] = {}
    exec(compile(block("python", "def root"), "docs/audit.md", "exec"), names)  # noqa: S102 - our own page
    hashes = [names["leaf"]("entry", number, 456, b"d0:e") for number in range(40)]
    assert hashes[7] == leaf_hash(leaf_bytes("entry", 7, 456, b"d0:e"))
    for size in range(1, 41):
        for place in range(size):
            proof = inclusion_path(place, size, lambda start, end: root_of(hashes[start:end]))
            assert names["root"](hashes[place], place, size, proof) == root_of(hashes[:size])


@pytest.mark.skipif(shutil.which("openssl") is None, reason="There is no openssl.")
@pytest.mark.parametrize("is_altered", [False, True])
def test_a_signature_can_be_checked_with_the_commands_of_the_page(tmp_path: Path, is_altered: bool) -> None:
    note = block("text", "epoch")
    (tmp_path / "checkpoint").write_text(note.replace("2026\n", "2027\n", 1) if is_altered else note)
    (tmp_path / "verifier-key").write_text(f"{KEY.verifier.text}\n")
    run = subprocess.run(
        ["sh", "-e"], cwd=tmp_path, input=block("sh", "openssl"), capture_output=True, text=True, check=False
    )
    assert ("Signature Verified Successfully" in run.stdout) is not is_altered, run.stderr
    assert (run.returncode == 0) is not is_altered
