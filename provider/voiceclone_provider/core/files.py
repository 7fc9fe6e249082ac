"""Small JSON files that outlive the process, written so that no reader sees half of one.

All are kept in one folder: under `PULUMI_HOME`, or where the configuration says. Best effort: a file that
cannot be written or read is as good as none.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any

_chosen: Path | None = None


def keep_in(folder: str | None) -> None:
    """Choose the folder that this process keeps its files in; `None` for the one under `PULUMI_HOME`."""
    global _chosen  # the process's, as is the environment that it stands in for
    _chosen = Path(folder).expanduser().absolute() if folder else None


def home() -> Path:
    """The folder that this process keeps its files in."""
    if _chosen is not None:
        return _chosen
    pulumi = os.environ.get("PULUMI_HOME") or os.path.join(os.path.expanduser("~"), ".pulumi")
    return Path(pulumi) / "voiceclone"


def name(*key: str) -> str:
    """A file name for a key of any length and any characters."""
    return hashlib.sha256("\n".join(key).encode()).hexdigest()[:32]


def read(path: Path) -> dict[str, Any] | None:
    """What the file holds; `None` where there is none, or none that can be understood."""
    try:
        kept = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return kept if isinstance(kept, dict) else None


def write(path: Path, record: dict[str, Any]) -> None:
    """Write the file as a whole: whoever reads it meanwhile sees the old one or the new one."""
    with contextlib.suppress(OSError):
        private(path.parent)
        handle, temporary = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(record, file)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
        finally:
            remove(Path(temporary))  # where it was not put into its place


def unusable() -> str:
    """Why no file can be kept; empty where they can."""
    try:
        private(home())
        with tempfile.TemporaryFile(dir=home()):
            return ""
    except OSError as error:
        return error.strerror or type(error).__name__


def private(folder: Path) -> None:
    """Make a folder that only its owner can read, and those above it, up to this package's own."""
    for each in (
        *(parent for parent in reversed(folder.parents) if home() in (parent, *parent.parents)),
        folder,
    ):
        each.mkdir(parents=True, exist_ok=True, mode=0o700)


def remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink()
