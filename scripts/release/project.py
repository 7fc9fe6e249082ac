"""The checkout that is released: its folder, its version, and the time that its files carry."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAME = "voiceclone"
PROVIDER = ROOT / "provider" / "voiceclone_provider"


class ReleaseError(Exception):
    """Why there is no release, in a sentence."""


def version() -> str:
    """The version of everything that is released. It is written in one place."""
    text = (PROVIDER / "__init__.py").read_text("utf-8")
    match = re.search(r'^__version__ = "([^"]+)"$', text, re.MULTILINE)
    if match is None:
        raise ReleaseError(f"{PROVIDER / '__init__.py'} says no version.")
    return match[1]


def epoch() -> int:
    """The time of every file of a release, in Unix seconds: SOURCE_DATE_EPOCH, else the commit's."""
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(given)
    told = subprocess.run(
        ["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if told.returncode != 0:
        raise ReleaseError("This is no git checkout: set SOURCE_DATE_EPOCH to the time of the release.")
    return int(told.stdout)


def check_tag(tag: str) -> None:
    """Hold a git tag against the version and the changelog.

    Raises:
        ReleaseError: they differ.
    """
    if tag != f"v{version()}":
        raise ReleaseError(
            f"The tag {tag} does not name the version {version()} of {PROVIDER / '__init__.py'}."
        )
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    if not re.search(rf"^## \[?{re.escape(version())}\b", changelog, re.MULTILINE):
        raise ReleaseError(f"CHANGELOG.md has no section for {version()}: give 'Unreleased' its name.")
