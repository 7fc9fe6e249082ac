"""A clock that stands still but for the pauses that somebody makes, which take no time at all."""

from __future__ import annotations

import threading

from voiceclone_provider.core.clock import Clock

_SAFETY = 60.0
"""Real seconds after which something that never happens fails the test; no verdict depends on it."""


class FakeClock(Clock):
    """Time passes by pauses only, so that a test is as fast on a busy machine, and ends alike.

    Waiting for another thread takes no time of this clock.
    """

    def __init__(self, now: float = 1_700_000_000.0) -> None:
        self._lock = threading.Lock()
        self._now = self._monotonic = now
        self.pauses: list[float] = []

    def now(self) -> float:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def advance(self, seconds: float) -> None:
        """Between two commands. Less than nothing sets the clock back, but not the monotonic one."""
        with self._lock:
            self._now += seconds
            self._monotonic += max(seconds, 0.0)

    def pause(self, seconds: float, stop: threading.Event) -> bool:
        if not stop.is_set():
            self.advance(max(seconds, 0.0))
            self.pauses.append(seconds)
        return stop.is_set()

    def until(self, done: threading.Event, deadline: float) -> bool:
        assert done.wait(_SAFETY), "nobody did what was waited for"
        return True
