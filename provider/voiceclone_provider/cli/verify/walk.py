"""One voice from create to delete at a vendor, one request at a time; no change is sent twice."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from ...core.call import Call
from ...core.clock import Clock
from ...core.errors import (
    CancelledError,
    CredentialsError,
    PermanentError,
    RefusedError,
    TemporaryError,
    UnconfirmedError,
    VoiceError,
)
from ...vendors.base import Observation, Order, Status, Vendor
from ...voice.pending import Pending, Phase, phase
from .record import Recorder, Step

_SLOWER: Final = 1.5
_SETTLED: Final = 2
"""Settle times after which a voice that is shown as ready is taken to be trained, whatever its counter
says."""

Say = Callable[[str], None]


@dataclass
class Left:
    """What is at the vendor because of the walk.

    Arguments:
        voice_id: the voice's resource ID; empty where none is known.
        unclear: whether a create was sent and its fate is not known.
        trainings: how many were sent, counting a create that is one.
    """

    voice_id: str = ""
    unclear: bool = False
    trainings: int = 0
    deleted: bool = False

    @property
    def anything(self) -> bool:
        return not self.deleted and (self.unclear or self.trainings > 0 or bool(self.voice_id))


class Walk:
    """One walk through one account. Raises the errors of the vendor's calls; `left` says what is there then.

    Arguments:
        say: tells the user what is being done.
    """

    def __init__(
        self, vendor: Vendor[Any], recorder: Recorder, clock: Clock, cancelled: threading.Event, say: Say
    ) -> None:
        self.vendor = vendor
        self.left = Left()
        self.before: frozenset[str] = frozenset()
        self._recorder = recorder
        self._clock = clock
        self._cancelled = cancelled
        self._say = say

    # -- what changes nothing ------------------------------------------------------------------------------

    def look(self, named: str = "") -> None:
        """List the voices, and read one that is ready, one that was never trained, and the `named` one."""
        self._recorder.step = Step.LOOK
        listed = self._listing()
        chosen = [named] if named else []
        if listed is not None:
            self._say(f"Voices that the account shows: {len(listed)}.")
            self.before = frozenset(voice.voice_id for voice in listed)
            ready = [voice for voice in listed if voice.status.usable and not voice.gone]
            untrained = [voice for voice in listed if voice.status is Status.PENDING]
            chosen += [voice.voice_id for voice in (*ready[:1], *untrained[:1])]
        for voice_id in dict.fromkeys(chosen):
            self._read(voice_id)

    def probe(self, wrong: Vendor[Any], missing: str, limits: Iterable[Call]) -> None:
        """Reads that the vendor is expected to refuse: with credentials that are wrong, of a voice that does
        not exist, and beyond a documented limit."""
        self._recorder.step = Step.WRONG_KEYS
        self._attempt(wrong.listing)
        if missing:
            self._attempt(functools.partial(wrong.beyond_listing, missing, None))
            self._recorder.step = Step.MISSING
            self._attempt(functools.partial(self.vendor.observe, [missing]))
        self._recorder.step = Step.LIMITS
        for call in limits:
            self._attempt(functools.partial(self.vendor.http.call, call, lambda _: None))

    def _attempt(self, ask: Callable[[], object]) -> None:
        try:
            ask()
        except CancelledError:
            raise
        except VoiceError:
            pass  # the answer is what was wanted, and it is recorded

    def _listing(self) -> list[Observation] | None:
        """Every voice; `None` where these credentials cannot list."""
        count = len(self._recorder.exchanges)
        try:
            return self.vendor.listing()
        except CredentialsError as error:
            if len(self._recorder.exchanges) > count:
                raise
            self._say(f"The voices are not listed: {error}")
            return None

    def _read(self, voice_id: str) -> Observation | None:
        """The voice by every call that shows one."""
        seen = self.vendor.observe([voice_id]).get(voice_id)
        return self.vendor.beyond_listing(voice_id, None) or seen

    # -- what costs ----------------------------------------------------------------------------------------

    def spend(self, order: Order, slot: Observation | None) -> None:
        """Make a voice, or train in the slot; train it again; delete it. Each where the vendor can."""
        facts = self.vendor.facts
        self._recorder.step = Step.CREATE
        self._make(order, slot)
        self._closely(order)
        if facts.retrains:
            self._recorder.step = Step.RETRAIN
            self._train(order, self._now())
            self._closely(order)
        if facts.deletes:
            self._delete()

    def _make(self, order: Order, slot: Observation | None) -> None:
        recovery = self.vendor.facts.recovery
        if slot is not None:
            self.left.voice_id = slot.voice_id
            self._train(order, slot)
            return
        self._say(f"Sending a create: name {order.name}.")
        at = self._clock.now()
        self.left.unclear = True
        try:
            made = self.vendor.create(order)
        except VoiceError as error:
            self.left.unclear = isinstance(error, UnconfirmedError)
            raise
        self.left.voice_id, self.left.unclear = made.voice_id, False
        self._say(f"Voice {made.voice_id} is made.")
        if recovery.create_trains:
            self.left.trainings += 1
            self._wait(Pending.of_new_voice("", at))
        else:
            self._train(order, made)

    def _train(self, order: Order, before: Observation) -> None:
        self._say(f"Sending a training of voice {before.voice_id}.")
        self.left.trainings += 1
        at = self._clock.now()
        self.vendor.train(before.voice_id, order)
        self._wait(Pending("", before.version, str(before.status), at, accepted=True))

    def _wait(self, pending: Pending) -> None:
        facts, voice_id = self.vendor.facts, self.left.voice_id
        began = self._clock.monotonic()
        pause, longest = facts.poll
        while True:
            seen = self._seen(voice_id)
            waited = self._clock.monotonic() - began
            if seen is not None:
                pending = pending.after(seen)
                if seen.status is Status.FAILED and self._failed(pending, seen):
                    raise PermanentError(
                        f"the training failed: {seen.error or 'no reason is given'}",
                        vendor=facts.title,
                        operation="train",
                        voice=voice_id,
                        code=seen.error_code,
                    )
                if self._ready(pending, seen, waited):
                    self._say(f"Voice {voice_id} is {seen.status} after {waited:.0f} s.")
                    return
            if waited > facts.timeout:
                raise TemporaryError(
                    f"the training is not over after {waited:.0f} s",
                    vendor=facts.title,
                    operation="train",
                    voice=voice_id,
                )
            self._pause(pause)
            pause = min(pause * _SLOWER, longest)

    def _phase(self, pending: Pending, seen: Observation) -> Phase:
        return phase(type(self.vendor), pending, seen, self._clock.now())

    def _failed(self, pending: Pending, seen: Observation) -> bool:
        return self._phase(pending, seen) in (Phase.FAILED, Phase.FOREIGN)

    def _ready(self, pending: Pending, seen: Observation, waited: float) -> bool:
        """A counter that does not move as it is documented must not keep the walk waiting: whether it moves
        is one of the questions."""
        now = self._phase(pending, seen)
        settled = waited > _SETTLED * self.vendor.facts.settle
        return now is Phase.READY or (seen.status.usable and (now is Phase.FOREIGN or settled))

    def _seen(self, voice_id: str) -> Observation | None:
        try:
            return self.vendor.observe([voice_id]).get(voice_id)
        except TemporaryError:
            return None  # recorded; the next look may be answered

    def _pause(self, seconds: float) -> None:
        if self._clock.pause(seconds, self._cancelled):
            raise CancelledError("stopped while the training ran")

    def _now(self) -> Observation:
        seen = self.vendor.observe([self.left.voice_id]).get(self.left.voice_id)
        if seen is None:
            raise TemporaryError(
                "the voice is not shown any more", vendor=self.vendor.facts.title, voice=self.left.voice_id
            )
        return seen

    def _closely(self, order: Order) -> None:
        """Every way in which the trained voice can be looked at."""
        self._read(self.left.voice_id)
        self.vendor.by_handle(order.handle)
        self._listing()

    def _delete(self) -> None:
        facts, voice_id = self.vendor.facts, self.left.voice_id
        voice = self._now()
        self._recorder.step = Step.DELETE
        self._say(f"Sending a delete of voice {voice_id}.")
        try:
            self.vendor.delete(voice)
        except RefusedError as error:
            self._say(f"The vendor keeps the voice: {error}")
            return
        self._recorder.step = Step.AFTER
        began = self._clock.monotonic()
        pause, longest = facts.poll
        while not self.vendor.is_gone(voice_id):
            if self._clock.monotonic() - began > _SETTLED * facts.settle:
                raise TemporaryError(
                    "the delete was taken, and the voice is still shown", vendor=facts.title, voice=voice_id
                )
            self._pause(pause)
            pause = min(pause * _SLOWER, longest)
        self.left.deleted = True
        self._say(f"Voice {voice_id} is deleted.")
        self.vendor.observe([voice_id])
        self._listing()

    # -- after a fault -------------------------------------------------------------------------------------

    def search(self, vendor: Vendor[Any], order: Order, *, patient: bool) -> list[str]:
        """The IDs of voices that a create with a lost answer may have made; `vendor` is a fresh connection.
        With `patient`, looks until what was written must be visible."""
        facts = vendor.facts
        began = self._clock.monotonic()
        while True:
            found = facts.recovery.created_by(vendor, order, self.before)
            late = self._clock.monotonic() - began > facts.settle
            if found or late or not patient or self._clock.pause(facts.poll[1], self._cancelled):
                return [voice.voice_id for voice in found]
