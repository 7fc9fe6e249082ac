"""One clock for provider, proxy and vendors: it stands still but for the pauses that the provider makes."""

from __future__ import annotations

import threading
from collections.abc import Callable

from voiceclone_provider.core.clock import Clock

_SAFETY = 60.0
"""Real seconds after which what never happens ends a wait; no verdict depends on it."""

_TICK = 1e-5


class VirtualClock(Clock):
    """Pauses take no time. What was put off happens while the clock passes its moment."""

    def __init__(self, now: float = 1_800_000_000.0) -> None:
        self._lock = threading.RLock()
        self._now = now
        self._later: list[tuple[float, Callable[[], object]]] = []

    def now(self) -> float:
        return self._now

    def monotonic(self) -> float:
        """No two moments that the provider asks for are the same: what begins later is later."""
        with self._lock:
            self._now += _TICK
            return self._now

    def set(self, now: float) -> None:
        """Begin anew at this moment, with nothing put off."""
        with self._lock:
            self._now = now
            self._later.clear()

    def after(self, seconds: float, what: Callable[[], object]) -> None:
        """Put something off."""
        with self._lock:
            self._later.append((self._now + seconds, what))

    def advance(self, seconds: float) -> None:
        with self._lock:
            until = self._now + max(seconds, 0.0)
            while due := sorted((each for each in self._later if each[0] <= until), key=lambda each: each[0]):
                self._later.remove(due[0])
                self._now = max(self._now, due[0][0])
                due[0][1]()
            self._now = until

    def pause(self, seconds: float, stop: threading.Event) -> bool:
        if not stop.is_set():
            self.advance(seconds)
        return stop.is_set()

    def until(self, done: threading.Event, deadline: float) -> bool:
        return done.wait(_SAFETY)
