"""A training that was sent: what the state and the journal keep of it, and when it is over.

By it, a later run distinguishes our own training from somebody else's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Any

from ..core.call import UPLOAD_TIMEOUT
from ..core.values import Properties
from ..vendors.base import Observation, Status, Vendor

INVISIBLE_TRAINING = 120.0
"""Seconds to look for the effect of a request where a voice does not show that it is in training."""

_LATEST = 1e11
"""Unix seconds in the year 5138."""


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
        unconfirmed: whether a run already failed because nothing shows that it began.
        lost_at: Unix seconds when the reply was lost; 0 where it was not.
    """

    fingerprint: str
    base_version: str
    base_status: str
    started_at: float
    accepted: bool = False
    seen: bool = False
    unconfirmed: bool = False
    lost_at: float = 0.0

    @classmethod
    def of_new_voice(cls, fingerprint: str, at: float) -> Pending:
        """The training that makes a voice, which the vendor has accepted by making it."""
        return cls(fingerprint, "", Status.PENDING, at, accepted=True)

    def to_json(self) -> Properties:
        return {
            "fingerprint": self.fingerprint,
            "baseVersion": self.base_version,
            "baseStatus": self.base_status,
            "startedAt": self.started_at,
            "accepted": self.accepted,
            "seen": self.seen,
            **({"unconfirmed": True} if self.unconfirmed else {}),
            **({"lostAt": self.lost_at} if self.lost_at else {}),
        }

    @classmethod
    def parse(cls, kept: object) -> Pending | None:
        """`None` where it is not one; a state may have been edited by hand."""
        if not isinstance(kept, Mapping) or "fingerprint" not in kept:
            return None
        return cls(
            fingerprint=str(kept["fingerprint"]),
            base_version=str(kept.get("baseVersion") or ""),
            base_status=str(kept.get("baseStatus") or ""),
            started_at=_seconds(kept.get("startedAt")),
            accepted=bool(kept.get("accepted", True)),
            seen=bool(kept.get("seen", False)),
            unconfirmed=bool(kept.get("unconfirmed", False)),
            lost_at=_seconds(kept.get("lostAt")),
        )

    @property
    def latest(self) -> float:
        """Unix seconds when the vendor may have got it at the latest: a gateway may give up before the vendor
        does."""
        return max(self.started_at, self.lost_at)

    @property
    def first(self) -> bool:
        """Whether the voice had no success before that could be taken for this training's."""
        return self.base_status not in (Status.READY, Status.LOCKED)

    def resumed(self, now: float) -> Pending:
        """This training as a later run sees it. The run that sent it may have been killed while the request
        was on its way, or a gateway gave up before the vendor: without an answer, the vendor may act for as
        long as a request may take."""
        # A moment that has not come was written by a clock that was wrong.
        clamped = replace(self, started_at=min(self.started_at, now), lost_at=min(self.lost_at, now))
        if self.accepted:
            return clamped
        return replace(clamped, lost_at=max(clamped.lost_at, clamped.started_at + UPLOAD_TIMEOUT))

    def after(self, observation: Observation) -> Pending:
        """This training, knowing what the observation shows."""
        if observation.status is Status.TRAINING and not self.seen:
            return replace(self, seen=True, accepted=True)
        return self


def _seconds(value: object) -> float:
    return float(value) if isinstance(value, int | float) and abs(value) < _LATEST else 0.0


def phase(vendor: type[Vendor[Any]], pending: Pending, now: Observation | None, at: float) -> Phase:
    """What `now` says of the training. An old success or failure seen right after the upload does not count.

    A version that moved says that it is over, but for numbers that may move when it begins. Without one, the
    voice must have been seen in training, or enough time must have passed for the write to be visible. With
    one that stands still, both; or the vendor took it long ago, and would show it if it still ran: no counter
    is known to count every training.
    """
    if now is None or now.gone:
        return Phase.NOT_SEEN
    if now.status is Status.TRAINING:
        return Phase.RUNNING
    steps = vendor.trainings_between(pending.base_version, now.version)
    if steps is not None and steps > 1:
        return Phase.FOREIGN
    if now.status is Status.PENDING:
        # A slot that shows no training although it would by now: it may never have begun. Where voices are
        # made (`ByNewEntry`), one may wait for its training for longer.
        late = vendor.facts.recovery.slot_input and at - pending.started_at > vendor.facts.settle
        return Phase.RUNNING if pending.accepted and not late else Phase.NOT_SEEN
    moved = steps == 1 and vendor.trained_since(pending.base_version, now.version)
    visible = pending.accepted and at - pending.started_at > vendor.facts.settle
    if now.status is Status.FAILED:
        new = pending.seen or visible or pending.base_status != Status.FAILED or moved
        return Phase.FAILED if new else Phase.NOT_SEEN
    if not now.status.usable:
        return Phase.NOT_SEEN
    if steps is None:
        over = pending.first or pending.seen or visible
    else:
        since = at - pending.latest
        settled = since > vendor.facts.settle and (pending.first or pending.seen or steps == 1)
        passed = vendor.facts.shows_training and pending.accepted and since > INVISIBLE_TRAINING
        over = moved or settled or passed or (steps == 1 and pending.first)
    return Phase.READY if over else Phase.NOT_SEEN
