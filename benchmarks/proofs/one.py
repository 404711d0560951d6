"""Runs one proof: migrates a fresh database in CR_DATA, calls it, and writes its figures."""

# Django is set up before anything that needs it is imported.
# ruff: noqa: E402

import importlib
import json
import os
import sys
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cr_app.settings")

import django

django.setup()

from django.core.management import call_command


def say(line: str) -> None:
    """Tell how far the proof is."""
    sys.stdout.write(f"   {line}\n")
    sys.stdout.flush()


def main(name: str, figures: str, *flags: str) -> None:
    """Prove what the module of this name promises; an AssertionError says what does not hold."""
    call_command("migrate", verbosity=0, interactive=False)
    call_command("load_reference", verbosity=0)
    proof = importlib.import_module(f"benchmarks.proofs.{name}")
    Path(figures).write_text(json.dumps(proof.prove(quick="--quick" in flags, say=say)))


if __name__ == "__main__":
    main(*sys.argv[1:])
