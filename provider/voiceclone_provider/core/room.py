"""Bounds the memory that samples take: many resources at once would each hold theirs, and its encodings."""

from __future__ import annotations

import threading
import time
from typing import Final

from .errors import CancelledError, TemporaryError
from .pace import limit

_PLACES: Final = 8
"""Samples in memory at once. With the encodings that an upload makes, one of 10 MB takes up to 60 MB."""
_NOTICE_CANCEL: Final = 0.2


class Room:
    """Places for samples. A thread has one at most, from before it loads a sample until it has sent it."""

    def __init__(self, places: int = _PLACES) -> None:
        self._places = threading.BoundedSemaphore(places)
        self._here = threading.local()

    def enter(self, stop: threading.Event) -> None:
        """Take a place, as soon as there is one. Raises `CancelledError` when `stop` is set meanwhile, and
        `TemporaryError` when the time is out before."""
        if getattr(self._here, "inside", False):
            return
        while not self._places.acquire(timeout=_NOTICE_CANCEL):
            if stop.is_set():
                raise CancelledError("stopped before the sample was read")
            if time.monotonic() > limit.until:
                raise TemporaryError("the time is out before the sample could be read", accepted=False)
        self._here.inside = True

    def leave(self) -> None:
        """Give the place back, if this thread has one."""
        if getattr(self._here, "inside", False):
            self._here.inside = False
            self._places.release()


ROOM: Final = Room()
