"""Small JSON files that outlive the process, written so that no reader sees half of one.

All are kept under `PULUMI_HOME`, best effort: a file that cannot be written or read is as good as none.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any


def home() -> Path:
    """The folder of this package under `PULUMI_HOME`."""
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
