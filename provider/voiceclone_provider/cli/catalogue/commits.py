"""Which commits declared the voices, by git."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

_SECONDS = 30
_CHANGED = ("status", "--porcelain", "--untracked-files=no", "--", ".")


@dataclass(frozen=True)
class Commits:
    """Full hashes; empty where the folder is in no repository, or git is not there.

    Arguments:
        head: what was checked out.
        declared: the last commit that changed anything in the project's folder.
        uncommitted: whether files of the folder have changes that no commit has.
    """

    head: str = ""
    declared: str = ""
    uncommitted: bool = False


def of(folder: Path) -> Commits:
    """The commits of a project's folder. In a shallow clone, `declared` is not known: its oldest commit would
    seem to have changed everything."""
    head = _git(folder, "rev-parse", "--verify", "HEAD")
    if not head:
        return Commits()
    shallow = _git(folder, "rev-parse", "--is-shallow-repository") == "true"
    declared = "" if shallow else _git(folder, "log", "-1", "--format=%H", "--", ".")
    return Commits(head, declared, bool(_git(folder, *_CHANGED)))


def link(template: str | None, commit: str) -> str | None:
    return template.replace("{commit}", quote(commit, safe="")) if template and commit else None


def _git(folder: Path, *arguments: str) -> str:
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0"}
    try:
        done = subprocess.run(  # noqa: S603
            ["git", *arguments],  # noqa: S607 - the user's git
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
