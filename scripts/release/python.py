"""Wheel and sdist. Hatchling, in the version of the lock file, makes the same bytes of the same files."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from .project import ROOT, ReleaseError, epoch


def build(out: Path, folder: Path = ROOT) -> list[Path]:
    """Build wheel and sdist of the project in a folder."""
    before = set(out.iterdir())
    ended = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--directory", str(out.resolve())],
        cwd=folder,
        env={**os.environ, "SOURCE_DATE_EPOCH": str(epoch())},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode != 0:
        raise ReleaseError(f"hatchling does not build {folder.name}: {ended.stderr.strip()[-500:]}")
    return sorted(set(out.iterdir()) - before)
