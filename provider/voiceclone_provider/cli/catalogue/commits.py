"""Which commits declared the voices."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from .. import git

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
    head = git.head(folder)
    if not head:
        return Commits()
    shallow = git.ask(folder, "rev-parse", "--is-shallow-repository") == "true"
    declared = None if shallow else git.ask(folder, "log", "-1", "--format=%H", "--", ".")
    return Commits(head, declared or "", bool(git.ask(folder, *_CHANGED)))


def link(template: str | None, commit: str) -> str | None:
    return template.replace("{commit}", quote(commit, safe="")) if template and commit else None
