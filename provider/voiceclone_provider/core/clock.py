"""Time, as a parameter: nothing else in the lifecycle asks for the time or waits for it."""

from __future__ import annotations

import threading
import time
from typing import Final


class Clock:
    """The machine's clock. Tests give one of their own, so that no test depends on the machine's pace."""

    def now(self) -> float:
        """Unix seconds."""
        return time.time()

    def monotonic(self) -> float:
        """Seconds since some moment; never goes back."""
        return time.monotonic()

    def pause(self, seconds: float, stop: threading.Event) -> bool:
        """Let time pass, but not after `stop` is set; returns whether it is."""
        return stop.wait(max(seconds, 0.0))

    def until(self, done: threading.Event, deadline: float) -> bool:
        """Wait for something that another thread does, until `deadline` on the monotonic clock at most;
        returns whether it was done."""
        return done.wait(max(deadline - self.monotonic(), 0.0))


SYSTEM: Final = Clock()
