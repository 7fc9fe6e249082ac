"""One create, update or delete of one resource: everything that its steps need, in one object."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass, field, replace
from typing import Any

from ..account.account import Account
from ..core import audio
from ..core.errors import About, InitFailedError, PermanentError, VoiceError
from ..core.ports import Reporter
from ..core.room import ROOM
from ..core.values import Asset, Properties
from ..vendors.base import Facts, Order, Vendor
from ..voice.fingerprint import auto_name, handle, replacing_key
from ..voice.journal import Entry, Journal
from ..voice.pending import Pending
from ..voice.registry import Registry
from ..voice.state import VoiceState
from .check import missing_sample


class NotReadyError(Exception):
    """The voice exists and is not as declared: `state` is what must be kept, `cause` why."""

    def __init__(
        self, voice_id: str, state: VoiceState, cause: VoiceError, inputs: Properties | None = None
    ) -> None:
        super().__init__(str(cause))
        self.voice_id = voice_id
        self.state = state
        self.cause = cause
        self.inputs = inputs

    def for_engine(self) -> InitFailedError:
        return InitFailedError(self.voice_id, self.state.outputs(), self.cause, self.inputs)


@dataclass
class Operation:
    """The context of one call.

    Arguments:
        urn: the resource.
        fingerprint: what the voice must be trained on.
        timeout: seconds that the user allows the whole operation; `None` where it is not said. A training may
            take as long as the vendor's usually do, from when it was sent.
        over: what the voice is trained on so far, if it is known.
        creates: whether the resource has no voice yet.
        entry: what the journal is given of this operation.
        wrote: whether it was.
    """

    account: Account
    urn: str
    inputs: Properties
    fingerprint: str
    timeout: float | None
    reporter: Reporter
    journal: Journal
    registry: Registry
    over: str | None = None
    creates: bool = False
    began: float = field(init=False)
    entry: Entry = field(init=False)
    wrote: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        self.began = self.account.clock.monotonic()
        self.entry = Entry(
            account=self.account.name,
            at=self.now(),
            fingerprint=self.fingerprint,
            replacing=replacing_key(self.facts, self.inputs),
            over=self.over or "",
            credential=self.account.credential,
        )

    @property
    def vendor(self) -> Vendor[Any]:
        return self.account.vendor

    @property
    def facts(self) -> Facts:
        return self.vendor.facts

    @property
    def title(self) -> str:
        return self.facts.title

    def about(self, operation: str, voice: str = "") -> About:
        return {"vendor": self.title, "operation": operation, "voice": voice}

    def now(self) -> float:
        """Unix seconds."""
        return self.account.clock.now()

    @property
    def began_at(self) -> float:
        """When the operation began, in Unix seconds."""
        return self.now() - (self.account.clock.monotonic() - self.began)

    @property
    def deadline(self) -> float:
        """When the user's time is out, on the monotonic clock."""
        return math.inf if self.timeout is None else self.began + self.timeout

    @property
    def training_deadline(self) -> float:
        """The same for a training that was just sent."""
        if self.timeout is None:
            return self.account.clock.monotonic() + self.facts.timeout
        return self.deadline

    def may_take(self, voice_id: str) -> bool:
        """Whether no state is known to have the voice."""
        return self.registry.may_take(self.facts.key, voice_id, self.urn)

    # -- what is sent --------------------------------------------------------------------------------------

    def order(self, attempt: int = 1) -> Order:
        """What a create or a training sends; attempts differ in their handle only.

        The inputs are validated and the sample is read once. Raises `PermanentError` when there is no sample
        or it cannot be sent.
        """
        recovery = self.facts.recovery
        chosen = str(self.inputs.get(recovery.handle_input or "") or "")
        return replace(
            self._order,
            handle=chosen or handle(self.urn, self.fingerprint, attempt),
            handle_is_ours=not chosen,
            slot=str(self.inputs.get(recovery.voice_input or "") or ""),
        )

    @functools.cached_property
    def _order(self) -> Order:
        missing = missing_sample(self.facts, self.inputs)
        if missing:
            raise PermanentError(missing.reason)
        sample = self.inputs.get("audio")
        if isinstance(sample, Asset):
            ROOM.enter(self.account.cancelled)
        name = self.inputs.get("name") or ""
        return Order(
            inputs=self.vendor.Inputs.model_validate({k: v for k, v in self.inputs.items() if v is not None}),
            name=name,
            auto_named=name == auto_name(self.facts, self.urn, self.inputs),
            handle="",
            sample=audio.load(sample, self.inputs.get("audioFormat"), self.account.cancelled)[0]
            if isinstance(sample, Asset)
            else None,
            resource=self.urn.rsplit("::", 1)[-1],
        )

    def drop_sample(self) -> None:
        """The sample was sent, or is not needed: a training to come would load it again."""
        self.__dict__.pop("_order", None)
        ROOM.leave()

    # -- the journal ---------------------------------------------------------------------------------------

    @functools.cached_property
    def earlier(self) -> Entry | None:
        """What an earlier run wrote of this resource, before this one writes."""
        entry = self.journal.find(self.urn, self.account.name)
        return entry and entry.resumed(self.now())

    def refuse_unreadable(self) -> None:
        """Raise `PermanentError` where an earlier run wrote something that cannot be read: it may have made a
        voice."""
        path = self.journal.unreadable(self.urn, self.account.name)
        if path is not None:
            raise PermanentError(
                f"an interrupted run may have created a voice, and its record cannot be read: {path}",
                advice="Look for the voice in the vendor's console, and run `pulumi import` if it is there. "
                "Otherwise delete the file, and run `pulumi up` again.",
                **self.about("create"),
            )

    @property
    def earlier_refusal(self) -> str:
        """Why the vendor refused to make a voice of this very training; empty where it did not."""
        entry = self.earlier
        return entry.refused if entry is not None and entry.fingerprint == self.fingerprint else ""

    @property
    def has_interrupted_voice(self) -> bool:
        """Whether an interrupted run left a voice that a create would go on with."""
        entry = self.earlier
        return bool(entry and entry.voice_id and self.may_take(entry.voice_id))

    @property
    def may_have_left_a_voice(self) -> bool:
        """Whether a create would first look for what an interrupted run made."""
        entry = self.earlier
        return (
            entry is not None and not entry.refused and (not entry.voice_id or self.may_take(entry.voice_id))
        )

    def write(self, **changes: Any) -> None:
        """Remember, until a state shows the result, what is about to be sent or was answered."""
        self.wrote = True
        self.entry = replace(self.entry, **changes)
        self.journal.write(self.urn, self.entry)

    def write_training(self, voice_id: str, training: Pending) -> None:
        """Remember that this voice is being trained: a run that is killed leaves no state."""
        self.write(
            voice_id=voice_id, training=training, at=training.started_at, fingerprint=training.fingerprint
        )

    def training_not_sent(self, voice_id: str) -> None:
        """The training that was written down was not sent. A created voice still has to be found again."""
        if self.creates:
            self.write(voice_id=voice_id, training=None)
        else:
            self.forget()

    def forget(self) -> None:
        """Nothing is left to be found by a later run."""
        self.journal.remove(self.urn, self.account.name)
