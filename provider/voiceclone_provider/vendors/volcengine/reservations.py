"""Slots that processes are about to use: two must not take the same one.

Each provider of a program is a process of its own, and so is each stack that is updated at the same time. A
slot that was taken looks free at the vendor until its training has begun. A reservation is a lock on a
file beside the journal; it ends with its process, however that ends. On a volume that machines share it
holds between them where the volume's locks do. Best effort: where files cannot be locked, every process is
on its own.
"""

from __future__ import annotations

import os
from pathlib import Path

from ...core import files

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


class Reservations:
    """The reservations of this process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._locks: dict[str, int] = {}  # file descriptors

    def __del__(self) -> None:
        for descriptor in self._locks.values():
            os.close(descriptor)

    def take(self, voice_id: str) -> bool:
        """Reserve a slot, whatever account it is reached by; returns whether no other process has it. Only
        one thread at a time may call."""
        if fcntl is None or voice_id in self._locks:
            return True
        try:
            files.private(self._folder)
            file = os.open(self._folder / files.name(voice_id), os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            return True
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        except OSError:
            os.close(file)
            return True
        self._locks[voice_id] = file
        return True
