"""The rate at which one account sends requests, learned from the vendor's answers.

No vendor says how many requests it takes. At first nothing is held back; each refusal for the rate doubles
the pause between two requests, each answer shortens it a little. All requests of the account share it, so
that a hundred resources together are as slow as the vendor wants, and none of them fails for it.
"""

from __future__ import annotations

import contextlib
import math
import threading
from collections.abc import Callable, Iterator

from .clock import Clock
from .errors import ThrottledError

FIRST_INTERVAL = 0.1
LONGEST_INTERVAL = 5.0
FASTER = 0.93
"""About ten answers undo one refusal: one request in ten is refused where the vendor's limit is reached."""

PATIENCE = {False: 120.0, True: 1800.0}
"""Seconds without an answer, of reads and of changes, after which a refusal is an error. A change may be
refused because too many trainings run: one of them has to end first."""


class _Limit(threading.local):
    until = math.inf
    report: Callable[[str], None] | None = None
    sending: Callable[[], None] | None = None


limit = _Limit()


@contextlib.contextmanager
def limited(until: float, report: Callable[[str], None]) -> Iterator[None]:
    """Within this block no call of this thread waits beyond `until` (monotonic) to be sent again; `report` is
    given what it waits for."""
    before = limit.until, limit.report
    limit.until, limit.report = until, report
    try:
        yield
    finally:
        limit.until, limit.report = before


@contextlib.contextmanager
def noted(sending: Callable[[], None]) -> Iterator[None]:
    """Within this block `sending` is called before a change of this thread is sent, where it had to wait."""
    limit.sending = sending
    try:
        yield
    finally:
        limit.sending = None


class Pace:
    """The pauses between the requests of one account."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._interval = 0.0
        self._next = float("-inf")
        self._slowed_at = float("-inf")
        self._reads_waiting = 0
        self._last_answer = {False: float("-inf"), True: float("-inf")}

    def turn(self, changes: bool, stop: threading.Event) -> float | None:
        """Wait until the next request may be sent; reads go first, as trainings wait for them. Returns the
        moment (monotonic), or `None` when `stop` is set meanwhile. Raises `ThrottledError` where the time is
        out before."""
        with self._lock:
            self._reads_waiting += not changes
        try:
            while True:
                with self._lock:
                    now = self._clock.monotonic()
                    if changes and now > limit.until:
                        raise ThrottledError("the time is out before the request could be sent")
                    if now >= self._next and not (changes and self._reads_waiting):
                        self._next = now + self._interval
                        return now
                    if self._next > limit.until:
                        raise ThrottledError("too many requests, for longer than there is time")
                    pause = max(self._next - now, 0.01)
                if self._clock.pause(pause, stop):
                    return None
        finally:
            with self._lock:
                self._reads_waiting -= not changes

    @property
    def next_turn(self) -> float:
        """The moment (monotonic) before which nothing is sent."""
        with self._lock:
            return self._next

    def answered(self, changes: bool) -> None:
        """The vendor took a request."""
        with self._lock:
            self._last_answer[changes] = self._clock.monotonic()
            self._interval *= FASTER

    def refused(self, sent: float, retry_after: float | None) -> None:
        """The vendor refused, for the rate, a request that was sent at this moment. What was sent before the
        pace was slowed last says nothing new."""
        with self._lock:
            now = self._clock.monotonic()
            if sent >= self._slowed_at:
                self._interval = min(max(self._interval * 2, FIRST_INTERVAL), LONGEST_INTERVAL)
                self._slowed_at = now
            self._next = max(self._next, now + max(self._interval, retry_after or 0.0))

    def patient_until(self, changes: bool, since: float) -> float:
        """The moment until which a request that is refused since `since` is worth sending again."""
        with self._lock:
            return max(since, self._last_answer[changes]) + PATIENCE[changes]
