"""Whether a program is the one that is meant."""

from __future__ import annotations

import subprocess
from pathlib import Path


def head(folder: Path) -> str:
    """The commit that a folder is checked out at; empty where it is in no git repository."""
    return _git(folder, "rev-parse", "HEAD") or ""


def refusal(folder: Path, commit: str) -> str:
    """Why the program in a folder is not the one of this commit; empty where it is. The commit may be
    shortened, as git does."""
    found = head(folder)
    if not found:
        return f"the program is in no git repository, so that nobody knows whether it is at {commit}."
    if len(commit) < 7 or not found.startswith(commit.lower()):
        return f"the program is at commit {found[:12]}, not at {commit}."
    changed = _git(folder, "status", "--porcelain", "--", ".")
    if changed is None:
        return "git does not say whether the program has changes that are not committed."
    if changed:
        first = changed.splitlines()[0][3:]
        return f"the program's folder has changes that are not committed ({first})."
    return ""


def _git(folder: Path, *words: str) -> str | None:
    """What git prints, or `None` where it fails or there is none."""
    try:
        done = subprocess.run(  # noqa: S603
            ["git", "-C", str(folder), *words],  # noqa: S607 - the user's own git
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return None
    return done.stdout.rstrip() if done.returncode == 0 else None
