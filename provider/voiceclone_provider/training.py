"""Waiting for trainings: when one is over, and one poller for all trainings of an account.

`Pending` is what the state keeps of a training that runs, so that a later run can tell our own from
somebody else's. `Watch` asks the vendor once per tick for all voices that anyone waits for.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Any, Generic, TypeVar

from .errors import CancelledError, PermanentError, TemporaryError, VoiceError
from .values import Properties
from .vendors.base import Observation, Status, Vendor

_GROWTH = 1.25
_NOTICE_CANCEL = 0.2
_LONGEST_RECOVERY_PAUSE = 30.0

R = TypeVar("R")


class Phase(Enum):
    """What an observation says of a training."""

    NOT_SEEN = auto()
    """Nothing shows that it began: not yet, or never."""
    RUNNING = auto()
    READY = auto()
    FAILED = auto()
    FOREIGN = auto()
    """Somebody trained the voice after it."""


@dataclass(frozen=True)
class Pending:
    """A training that was sent, and the voice as it was before.

    Arguments:
        fingerprint: what it trains on.
        base_version, base_status: of the voice before the training was sent.
        started_at: Unix seconds when it was sent.
        accepted: whether the vendor answered that it took it.
        seen: whether the voice was seen in training since.
        unconfirmed: whether the user was told that nobody can say if it ever began.
    """

    fingerprint: str
    base_version: str
    base_status: str
    started_at: float
    accepted: bool = False
    seen: bool = False
    unconfirmed: bool = False

    def to_state(self) -> Properties:
        return {
            "fingerprint": self.fingerprint,
            "baseVersion": self.base_version,
            "baseStatus": self.base_status,
            "startedAt": self.started_at,
            "accepted": self.accepted,
            "seen": self.seen,
            **({"unconfirmed": True} if self.unconfirmed else {}),
        }

    @classmethod
    def from_state(cls, state: Properties) -> Pending | None:
        kept = state.get("pendingTraining")
        if not isinstance(kept, dict) or "fingerprint" not in kept:
            return None
        started_at = kept.get("startedAt")
        return cls(
            fingerprint=str(kept["fingerprint"]),
            base_version=str(kept.get("baseVersion") or ""),
            base_status=str(kept.get("baseStatus") or ""),
            started_at=float(started_at) if isinstance(started_at, int | float) else 0.0,
            accepted=bool(kept.get("accepted", True)),
            seen=bool(kept.get("seen", False)),
            unconfirmed=bool(kept.get("unconfirmed", False)),
        )

    @property
    def first(self) -> bool:
        """Whether the voice had no success before that could be taken for this training's."""
        return self.base_status not in (Status.READY, Status.LOCKED)

    def after(self, observation: Observation) -> Pending:
        """This training, knowing what the observation shows."""
        if observation.status is Status.TRAINING and not self.seen:
            return replace(self, seen=True, accepted=True)
        return self


def phase(vendor: type[Vendor[Any]], pending: Pending, now: Observation | None, at: float) -> Phase:
    """What `now` says of the training. An old success or failure seen right after the upload does not count.

    Where the vendor counts trainings, the counter decides. Where it does not, the voice must have been
    seen in training, or enough time must have passed for the write to be visible.
    """
    if now is None or now.gone:
        return Phase.NOT_SEEN
    if now.status is Status.TRAINING:
        return Phase.RUNNING
    steps = vendor.trainings_between(pending.base_version, now.version)
    if steps is not None and steps > 1:
        return Phase.FOREIGN
    if now.status is Status.PENDING:
        return Phase.RUNNING if pending.accepted else Phase.NOT_SEEN
    visible = pending.accepted and at - pending.started_at > vendor.facts.settle
    if now.status is Status.FAILED:
        new = pending.seen or visible or pending.base_status != Status.FAILED or steps == 1
        return Phase.FAILED if new else Phase.NOT_SEEN
    if not now.status.usable:
        return Phase.NOT_SEEN
    if steps is not None:
        return Phase.READY if steps == 1 else Phase.NOT_SEEN
    return Phase.READY if pending.first or pending.seen or visible else Phase.NOT_SEEN


class WaitTimeoutError(Exception):
    """The wait outlived its deadline; `trouble` says why looking failed, if it did."""

    def __init__(self, trouble: str) -> None:
        super().__init__(trouble)
        self.trouble = trouble


class _Waiter(Generic[R]):
    def __init__(self, voice_id: str, judge: Callable[[Observation | None], R | None]) -> None:
        self.voice_id = voice_id
        self.judge = judge
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
        self.error = error
        self.done.set()


class Watch:
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
    ) -> None:
        self._observe = observe
        self._first, self._longest = poll
        self._cancelled = cancelled
        self._changed = threading.Condition()
        self._waiters: list[_Waiter[Any]] = []
        self._interval = self._first
        self._next = 0.0
        self._running = False
        self._trouble = ""

    def wait(
        self,
        voice_id: str,
        judge: Callable[[Observation | None], R | None],
        deadline: float,
        tell: Callable[[str], None],
    ) -> R:
        """Look until `judge` gives an answer.

        `deadline` is on the monotonic clock; `tell` is given why looking fails, or an empty text, about
        every second. Raises `WaitTimeoutError`, `CancelledError`, or what `judge` or the vendor raises.
        """
        waiter = _Waiter(voice_id, judge)
        with self._changed:
            soon = time.monotonic() + self._first
            self._next = min(self._next, soon) if self._running else soon
            self._interval = self._first
            self._waiters.append(waiter)
            self._changed.notify_all()
            if not self._running:
                self._running = True
                threading.Thread(target=self._poll, name="voiceclone-watch", daemon=True).start()
        try:
            next_tell = 0.0
            while not waiter.done.wait(_NOTICE_CANCEL):
                if self._cancelled.is_set():
                    raise CancelledError("stopped while waiting")
                now = time.monotonic()
                if now > deadline:
                    raise WaitTimeoutError(self._trouble)
                if now > next_tell:
                    tell(self._trouble)
                    next_tell = now + 1.0
        finally:
            with self._changed:
                self._waiters.remove(waiter)
                self._changed.notify_all()
        if waiter.error is not None:
            raise waiter.error
        assert waiter.result is not None  # noqa: S101 - done without an error means a result
        return waiter.result

    def _poll(self) -> None:
        while True:
            with self._changed:
                while self._waiters and not self._cancelled.is_set():
                    left = self._next - time.monotonic()
                    if left <= 0:
                        break
                    self._changed.wait(left)
                if not self._waiters or self._cancelled.is_set():
                    self._running = False
                    return
                waiters = list(self._waiters)
                self._next = float("inf")
                self._interval = min(self._interval * _GROWTH, self._longest)
            self._tick(waiters)
            with self._changed:  # whoever came meanwhile is looked at sooner
                self._next = min(self._next, time.monotonic() + self._interval)

    def _tick(self, waiters: list[_Waiter[Any]]) -> None:
        try:
            seen = self._observe({waiter.voice_id for waiter in waiters})
        except TemporaryError as error:
            # The account's own retries are used up: a vendor that is down is asked more and more rarely.
            with self._changed:
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
        self._trouble = ""
        for waiter in waiters:
            waiter.look(seen.get(waiter.voice_id))
