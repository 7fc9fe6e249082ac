"""One clock for provider, proxy and vendors: it stands still but for the pauses that the provider makes."""

from __future__ import annotations

import threading
from collections.abc import Callable

from voiceclone_provider.core.clock import Clock

_SAFETY = 60.0
"""Real seconds after which what never happens ends a wait; no verdict depends on it."""

_TICK = 1e-5

_NOTICE, _LOOK = 0.05, 0.002
_QUIET = 3
"""How many looks of so many real seconds show that everybody waits."""


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


class QuietClock(VirtualClock):
    """Time passes when everybody waits for it: nobody asked for the time just now, and no request is sent.

    So pauses of many threads at once take as long as one, as they do on a clock that is not virtual.
    """

    def __init__(self, now: float = 1_800_000_000.0) -> None:
        super().__init__(now)
        self.requests = 0
        self._calls = 0
        self._sleeping: dict[threading.Event, float] = {}
        self._closed = threading.Event()
        threading.Thread(target=self._pass, name="quiet clock", daemon=True).start()

    def close(self) -> None:
        self._closed.set()

    def now(self) -> float:
        self._calls += 1
        return self._now

    def monotonic(self) -> float:
        return self.now()

    def pause(self, seconds: float, stop: threading.Event) -> bool:
        woken = threading.Event()
        with self._lock:
            self._calls += 1
            self._sleeping[woken] = self._now + max(seconds, 0.0)
        while not stop.is_set() and not woken.wait(_NOTICE):
            pass
        with self._lock:
            self._sleeping.pop(woken, None)
        return stop.is_set()

    def _pass(self) -> None:
        calls, quiet = 0, 0
        while not self._closed.wait(_LOOK):
            quiet = quiet + 1 if calls == self._calls and not self.requests else 0
            calls = self._calls
            if quiet < _QUIET:
                continue
            with self._lock:
                if not self._sleeping:
                    continue
                self.advance(min(self._sleeping.values()) - self._now)
                for woken in [each for each, until in self._sleeping.items() if until <= self._now]:
                    del self._sleeping[woken]
                    woken.set()
            quiet = 0
