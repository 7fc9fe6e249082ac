"""What a stack's commands are run with: the real Pulumi CLI, or where there is none the stand-in for it."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STANDIN = (sys.executable, "-P", str(ROOT / "tests" / "standin"))


@dataclass(frozen=True)
class Command:
    """A command, to which the CLI's words are added.

    Arguments:
        missing: why it is not the real CLI; empty if it is.
    """

    words: tuple[str, ...]
    missing: str = ""


def find() -> Command:
    """The real CLI if it is to be had."""
    finder = [sys.executable, str(ROOT / "scripts" / "pulumi_cli.py")]
    found = subprocess.run(finder, capture_output=True, text=True)
    if found.returncode == 0:
        return Command((found.stdout.strip(),))
    return Command(STANDIN, found.stderr.strip())
