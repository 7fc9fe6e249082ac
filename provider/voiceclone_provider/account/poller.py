"""Waiting for trainings: one poller for all trainings of an account."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from typing import Any, Generic, TypeVar

from ..core.clock import SYSTEM, Clock
from ..core.errors import CancelledError, PermanentError, TemporaryError, VoiceError
from ..vendors.base import Observation

_GROWTH = 1.25
_STEP = 0.2
"""Seconds between two looks at who waits."""
_TELL_EVERY = 1.0
_LONGEST_RECOVERY_PAUSE = 30.0

R = TypeVar("R")


class WaitTimeoutError(Exception):
    """The wait outlived its deadline; `trouble` says why looking failed, if it did."""

    def __init__(self, trouble: str) -> None:
        super().__init__(trouble)
        self.trouble = trouble


class _Waiter(Generic[R]):
    """One who waits for a voice. `deadline` and `next_report` are on the monotonic clock."""

    def __init__(
        self,
        voice_id: str,
        judge: Callable[[Observation | None], R | None],
        deadline: float,
        report: Callable[[str], None],
    ) -> None:
        self.voice_id = voice_id
        self.judge = judge
        self.deadline = deadline
        self.report = report
        self.next_report = float("-inf")
        self.done = threading.Event()
        self.result: R | None = None
        self.error: BaseException | None = None

    def look(self, seen: Observation | None) -> None:
        try:
            self.result = self.judge(seen)
        except Exception as error:  # handed to the one who waits
            self.error = error
        if self.result is not None or self.error is not None:
            self.done.set()

    def fail(self, error: BaseException) -> None:
        if not self.done.is_set():
            self.error = error
            self.done.set()


class Poller:
    """Asks the vendor once per tick for all voices that anyone waits for.

    Arguments:
        observe: reads many voices in as few calls as the vendor allows.
        poll: seconds between two looks, at first and at most. A new waiter starts the growth anew.
        cancelled: set when the user stops.
    """

    def __init__(
        self,
        observe: Callable[[Collection[str]], dict[str, Observation]],
        poll: tuple[float, float],
        cancelled: threading.Event,
        clock: Clock = SYSTEM,
    ) -> None:
        self._observe = observe
        self._first, self._longest = poll
        self._cancelled = cancelled
        self._clock = clock
        self._lock = threading.Lock()  # guards what is below
        self._waiters: list[_Waiter[Any]] = []
        self._interval = self._first
        self._next = float("inf")
        self._running = False
        self._trouble = ""

    def wait(
        self,
        voice_id: str,
        judge: Callable[[Observation | None], R | None],
        deadline: float,
        report: Callable[[str], None],
    ) -> R:
        """Look until `judge` gives an answer.

        `deadline` is on the monotonic clock; `report` is given why looking fails, or an empty text, about
        every second. Raises `WaitTimeoutError`, `CancelledError`, or what `judge` or the vendor raises.
        """
        waiter = _Waiter(voice_id, judge, deadline, report)
        with self._lock:
            soon = self._clock.monotonic() + self._first
            self._next = min(self._next, soon) if self._running else soon
            self._interval = self._first
            self._waiters.append(waiter)
            if not self._running:
                self._running = True
                threading.Thread(target=self._poll, name="voiceclone-poller", daemon=True).start()
        try:
            self._clock.until(waiter.done, deadline)
        finally:
            with self._lock:
                self._waiters.remove(waiter)
        if waiter.error is not None:
            raise waiter.error
        if waiter.result is None:
            raise WaitTimeoutError(self._trouble)
        return waiter.result

    def _poll(self) -> None:
        while waiters := self._pause():
            self._report(waiters)
            with self._lock:
                if self._clock.monotonic() < self._next:
                    continue
                self._next = float("inf")
            self._tick(waiters)
            with self._lock:  # whoever came meanwhile is looked at sooner
                self._next = min(self._next, self._clock.monotonic() + self._interval)

    def _pause(self) -> list[_Waiter[Any]]:
        """Let some time pass; returns who waits then. The thread ends when nobody does."""
        with self._lock:
            moments = [self._next, *(waiter.deadline for waiter in self._waiters)]
            seconds = min(min(moments) - self._clock.monotonic(), _STEP)
        stopped = self._clock.pause(seconds, self._cancelled)
        with self._lock:
            now = self._clock.monotonic()
            for waiter in self._waiters:
                if stopped:
                    waiter.fail(CancelledError("stopped while waiting"))
                elif now >= waiter.deadline:
                    waiter.fail(WaitTimeoutError(self._trouble))
            left = [waiter for waiter in self._waiters if not waiter.done.is_set()]
            self._running = bool(left)
            return left

    def _report(self, waiters: list[_Waiter[Any]]) -> None:
        now = self._clock.monotonic()
        for waiter in waiters:
            if now >= waiter.next_report:
                waiter.next_report = now + _TELL_EVERY
                waiter.report(self._trouble)

    def _tick(self, waiters: list[_Waiter[Any]]) -> None:
        try:
            seen = self._observe({waiter.voice_id for waiter in waiters})
        except TemporaryError as error:
            # The account's own retries are used up: a vendor that is down is asked more and more rarely.
            with self._lock:
                self._trouble = str(error)
                self._interval = min(self._interval * 2, max(self._longest, _LONGEST_RECOVERY_PAUSE))
            return
        except VoiceError as error:
            for waiter in waiters:
                waiter.fail(error)
            return
        except Exception as error:
            bug = PermanentError(f"reading the voices failed unexpectedly ({type(error).__name__}: {error})")
            for waiter in waiters:
                waiter.fail(bug)
            return
        with self._lock:
            self._trouble = ""
            self._interval = min(self._interval * _GROWTH, self._longest)
        for waiter in waiters:
            waiter.look(seen.get(waiter.voice_id))
