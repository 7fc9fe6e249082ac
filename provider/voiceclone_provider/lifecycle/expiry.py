"""Expiry: a bought voice lives for a term, and works no longer than that."""

from __future__ import annotations

import math

from ..core.clock import Clock
from ..core.ports import Reporter
from ..voice.state import VoiceState

_SOON = 30 * 86400.0
"""Seconds before the end of a term from which every run warns of it."""


class Expiry:
    """The warnings of one process: the engine asks about a resource several times in a run."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._warned: set[str] = set()

    def warn(self, urn: str, voice_id: str, state: VoiceState, reporter: Reporter | None) -> None:
        """Say once that the voice's term ends soon, or has ended. No network."""
        left = state.seconds_left(self._clock.now())
        if left is None or left > _SOON or reporter is None or urn in self._warned:
            return
        self._warned.add(urn)
        days = math.ceil(left / 86400)
        when = f"ends in {days} day{'' if days == 1 else 's'}" if left > 0 else "has ended"
        reporter.warning(
            f"the term of {voice_id} {when} ({state.shown['expiresAt']}): renew it in the vendor's console"
        )
