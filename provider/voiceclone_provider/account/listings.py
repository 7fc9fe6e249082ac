"""Reads of one account's voices that arrive together, or shortly after one another, share a listing.

A refresh reads every voice of a stack by itself; asked for one by one, they would cost a call each or,
where a vendor has no call for one voice, a whole listing each.
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..core.clock import SYSTEM, Clock
from ..core.errors import PermanentError, VoiceError
from ..vendors.base import Observation, Vendor

SHARED_FOR = 10.0
"""Seconds that reads may share one listing. Others change voices all the time, and no refresh can show what
they do after it looked; what we change ourselves ends the sharing."""


@dataclass(frozen=True)
class _Listing:
    """All voices of the account; `begun` and `ended` are on the monotonic clock."""

    begun: float
    ended: float
    voices: Mapping[str, Observation]

    def shows(self, voice_id: str) -> bool:
        seen = self.voices.get(voice_id)
        return seen is not None and not seen.gone


class Reads:
    """The shared reads of one account. Every method may be called from many threads at once."""

    def __init__(self, vendor: Vendor[Any], clock: Clock = SYSTEM) -> None:
        self._vendor = vendor
        self._clock = clock
        self._asking = threading.Lock()  # held by the one thread that asks for a listing
        self._lock = threading.Lock()  # guards what is below
        self._listings: tuple[_Listing, ...] = ()  # the last two, the newest last
        self._changed_at = float("-inf")
        self._read_at = float("-inf")
        self._readers = 0
        self._failed: tuple[float, VoiceError] | None = None
        self._can_list = True

    def changed(self) -> None:
        """What was read before is out of date: we changed something."""
        with self._lock:
            self._listings = ()
            self._changed_at = self._clock.monotonic()

    def look(self, voice_id: str) -> Observation | None:
        """One voice, from a listing of `SHARED_FOR` seconds ago at most where others are read as well;
        `None` when it was not found, which is no proof that it is gone."""
        now = self._clock.monotonic()
        with self._lock:
            alone = not self._readers and now - self._read_at > SHARED_FOR
            self._readers += 1
        try:
            listing = None
            if not alone or self._vendor.reads_by_listing:
                listing = self._recent() or self._asked_for(now)
            if listing is None:
                return self._vendor.observe([voice_id]).get(voice_id)
            return self._vendor.beyond_listing(voice_id, listing.voices.get(voice_id))
        finally:
            with self._lock:
                self._readers -= 1
                self._read_at = self._clock.monotonic()

    def listing(self) -> list[Observation]:
        """Every voice, from a listing of `SHARED_FOR` seconds ago at most."""
        listing = self._recent() or self._listed_since(self._clock.monotonic() - SHARED_FOR)
        return list(listing.voices.values())

    def is_gone(self, voice_id: str) -> bool:
        """Whether a voice that was just not found is proved gone. Where a listing is the proof, a second
        one confirms it, begun after the first one ended; voices that are gone together share both."""
        return self._vendor.is_gone(voice_id, lambda: self._confirming(voice_id))

    def _confirming(self, voice_id: str) -> list[Observation]:
        with self._lock:
            known = [listing for listing in self._listings if self._is_recent(listing)]
        if known and not known[-1].voices:
            return []  # whatever that means to the vendor, it is the same for every voice
        witnesses = [listing for listing in known if listing.voices and not listing.shows(voice_id)]
        if len(witnesses) > 1:
            return list(witnesses[-1].voices.values())
        first = witnesses[0] if witnesses else self._listed_since(self._clock.monotonic())
        if not first.voices or first.shows(voice_id):
            return list(first.voices.values())
        return list(self._listed_since(first.ended).voices.values())

    def _is_recent(self, listing: _Listing) -> bool:
        return self._clock.monotonic() - listing.begun < SHARED_FOR

    def _recent(self) -> _Listing | None:
        with self._lock:
            newest = self._listings[-1] if self._listings else None
            return newest if newest and self._is_recent(newest) else None

    def _asked_for(self, since: float) -> _Listing | None:
        """A listing for a read that began at `since`; `None` where these credentials cannot list."""
        if not self._can_list:
            return None
        try:
            return self._listed_since(since - SHARED_FOR)
        except PermanentError:
            if self._vendor.reads_by_listing:
                raise
            self._can_list = False
            return None

    def _listed_since(self, since: float) -> _Listing:
        """A listing that began after `since`: one that another thread asked for meanwhile, or a new one.
        A fault is shared by all who waited for the same answer, so that a vendor that is down is not
        asked by each of them."""
        arrived = self._clock.monotonic()
        with self._asking:
            with self._lock:
                newest = self._listings[-1] if self._listings else None
                failed = self._failed
            if newest is not None and newest.begun >= since:
                return newest
            if failed is not None and failed[0] >= arrived:
                raise copy.copy(failed[1])
            begun = self._clock.monotonic()
            try:
                voices = {voice.voice_id: voice for voice in self._vendor.listing()}
            except VoiceError as error:
                with self._lock:
                    self._failed = (self._clock.monotonic(), error)
                raise
            listing = _Listing(begun, self._clock.monotonic(), voices)
            with self._lock:
                if self._changed_at < begun:
                    self._listings = (*self._listings[-1:], listing)
            return listing
