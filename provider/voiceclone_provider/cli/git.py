"""What git says of a project's folder: its commit, and whether it has changes that no commit has."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Final

_SECONDS: Final = 30


def head(folder: Path) -> str:
    """The commit that a folder is checked out at; empty where it is in no git repository."""
    return ask(folder, "rev-parse", "--verify", "HEAD") or ""


def refusal(folder: Path, commit: str) -> str:
    """Why the program in a folder is not the one of this commit; empty where it is. The commit may be
    shortened, as git does."""
    found = head(folder)
    if not found:
        return f"the program is in no git repository, so that nobody knows whether it is at {commit}."
    if len(commit) < 7 or not found.startswith(commit.lower()):
        return f"the program is at commit {found[:12]}, not at {commit}."
    changed = ask(folder, "status", "--porcelain", "--", ".")
    if changed is None:
        return "git does not say whether the program has changes that are not committed."
    if changed:
        first = changed.splitlines()[0][3:]
        return f"the program's folder has changes that are not committed ({first})."
    return ""


def ask(folder: Path, *arguments: str) -> str | None:
    """What git prints, or `None` where it fails, takes longer than 30 seconds, or is not there."""
    try:
        done = subprocess.run(  # noqa: S603
            ["git", *arguments],  # noqa: S607 - the user's own git
            cwd=folder,
            env={**os.environ, "GIT_OPTIONAL_LOCKS": "0"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.rstrip() if done.returncode == 0 else None
