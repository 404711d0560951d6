"""The keys of the log: made once, never overwritten, the private one nobody else's to read."""

import io
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings

from cr_app.audit.checkpoints import new_signing_key
from cr_app.audit.keys import NoKey, make_keys, signing_key, verifier_key

NAME = "cr.example.police.uk/trail"


@pytest.fixture
def files(tmp_path: Path, settings: Settings) -> tuple[Path, Path]:
    """The two files of a log that has no keys yet."""
    secret, public = tmp_path / "trail" / "signing-key", tmp_path / "public" / "verifier-key"
    for setting, value in (("KEY_FILE", secret), ("VERIFIER_FILE", public), ("ORIGIN", NAME)):
        setattr(settings, f"TRAIL_{setting}", value)
    return secret, public


def test_keys_are_made_once_and_belong_together(files: tuple[Path, Path]) -> None:
    secret, public = files
    assert make_keys() is True
    before = secret.read_text(), public.read_text()
    assert make_keys() is False
    assert before == (secret.read_text(), public.read_text())
    assert signing_key().verifier == verifier_key()
    assert (signing_key().name, before[1]) == (NAME, f"{verifier_key().text}\n")


def test_the_private_key_is_the_owners_alone_and_the_other_anyones(files: tuple[Path, Path]) -> None:
    make_keys()
    assert [path.stat().st_mode & 0o777 for path in files] == [0o600, 0o644]
    assert [sorted(path.parent.iterdir()) for path in files] == [[path] for path in files]


@pytest.mark.parametrize("mode", [0o604, 0o620, 0o666, 0o601])
def test_a_private_key_that_others_may_read_or_change_signs_nothing(files: tuple[Path, Path], mode: int) -> None:
    make_keys()
    files[0].chmod(mode)
    with pytest.raises(NoKey, match="run chmod 600"):
        signing_key()
    # Systems that hand out secrets often give them to a group.
    files[0].chmod(0o440)
    assert signing_key().name == NAME


def test_a_verifier_key_that_was_lost_is_written_anew(files: tuple[Path, Path]) -> None:
    make_keys()
    before = files[1].read_text()
    files[1].unlink()
    assert make_keys() is False
    assert files[1].read_text() == before


def test_a_signing_key_that_was_lost_is_not_silently_replaced(files: tuple[Path, Path]) -> None:
    make_keys()
    files[0].unlink()
    with pytest.raises(NoKey, match="another could not go on"):
        make_keys()
    assert not files[0].exists()


def test_a_verifier_key_of_another_signing_key_is_told_and_left(files: tuple[Path, Path]) -> None:
    make_keys()
    other = f"{new_signing_key(NAME).verifier.text}\n"
    files[1].write_text(other)
    with pytest.raises(NoKey, match="does not belong to"):
        make_keys()
    assert files[1].read_text() == other


def test_keys_that_are_missing_damaged_or_anothers_are_told_in_a_sentence(
    files: tuple[Path, Path], settings: Settings
) -> None:
    for read, path in zip((signing_key, verifier_key), files, strict=True):
        with pytest.raises(NoKey, match="make_trail_key makes one"):
            read()
        make_keys()
        good = path.read_text()
        for wrong in (b"", b"\xff", good.replace("+", "-").encode(), good[:-3].encode()):
            path.write_bytes(wrong)
            with pytest.raises(NoKey) as caught:
                read()
            assert good[-20:-4] not in str(caught.value)
        path.unlink()
        path.mkdir()
        with pytest.raises(NoKey, match="cannot be read"):
            read()
        path.rmdir()
        path.write_text(good)
        path.chmod(0o600)
        settings.TRAIL_ORIGIN = "other.example/trail"
        with pytest.raises(NoKey, match="CR_TRAIL_ORIGIN is other"):
            read()
        settings.TRAIL_ORIGIN = NAME
        for each in files:
            each.unlink()


@pytest.mark.parametrize("name", ["", "two words", "a+b"])
def test_a_log_without_a_proper_name_gets_no_keys(files: tuple[Path, Path], settings: Settings, name: str) -> None:
    settings.TRAIL_ORIGIN = name
    with pytest.raises(NoKey, match="Set CR_TRAIL_ORIGIN"):
        make_keys()
    assert not files[0].exists()


def test_a_folder_that_cannot_be_written_is_told(files: tuple[Path, Path]) -> None:
    files[0].parent.write_text("a file")
    with pytest.raises(NoKey, match="cannot be written"):
        make_keys()


def test_the_command_makes_the_keys_and_prints_the_public_one_alone(files: tuple[Path, Path]) -> None:
    said = []
    for _ in range(2):
        out = io.StringIO()
        call_command("make_trail_key", stdout=out)
        said.append(out.getvalue())
    assert said[0].startswith("Made the signing key")
    assert said[1].startswith("There is a signing key already")
    for each in said:
        assert verifier_key().text in each
        assert signing_key().text not in each


def test_the_command_ends_with_2_and_a_sentence_where_it_cannot(files: tuple[Path, Path]) -> None:
    make_keys()
    files[0].unlink()
    errors = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("make_trail_key", stderr=errors)
    assert ended.value.code == 2
    assert "another could not go on" in errors.getvalue()
