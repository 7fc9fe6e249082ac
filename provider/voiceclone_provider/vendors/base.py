"""The seam between the lifecycle and a vendor.

A vendor is its pydantic models (configuration, inputs, outputs), its facts as data, and a handful of
calls. It never waits, never repeats a call, never talks to the engine and never sees Pulumi's types;
the lifecycle never sees a vendor's wire format.
"""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, Self, TypeVar

from ..core.clock import SYSTEM, Clock
from ..core.http import Http
from ..core.ports import Fault
from ..core.values import Properties
from .facts import Budget as Budget
from .facts import Facts as Facts
from .facts import Observation as Observation
from .facts import Order as Order
from .models import Status as Status
from .models import (
    VendorConfig,
    VoicecloneModel,
    VoiceFilter,
    VoiceInfo,
    VoiceInputs,
    VoiceLookup,
    VoiceOutputs,
)


@dataclass(frozen=True)
class Catalogue:
    """A list of the vendor's that has nothing to do with the account's voices; a function of the package.

    Arguments:
        function: the function's name.
        about: what it gives, for people.
        Filter, Entry: what it takes, and what each entry is.
        entries: asks the vendor that it is given.
    """

    function: str
    about: str
    Filter: type[VoicecloneModel]
    Entry: type[VoicecloneModel]
    entries: Callable[[Any, Any], list[Properties]]


@dataclass(frozen=True)
class Given:
    """The inputs of one resource.

    Arguments:
        inputs: those that are known, by their Pulumi names.
        unknown: the names of those that are given and not known yet.
        olds: the inputs so far; empty for a new resource.
    """

    inputs: Properties
    unknown: frozenset[str] = frozenset()
    olds: Properties = field(default_factory=dict)


ConfigT = TypeVar("ConfigT", bound=VendorConfig)


class Vendor(ABC, Generic[ConfigT]):
    """One account at one vendor. Every call may raise the errors of `voiceclone_provider.errors`."""

    facts: ClassVar[Facts]
    Config: ClassVar[type[VendorConfig]]
    Inputs: ClassVar[type[VoiceInputs]]
    Outputs: ClassVar[type[VoiceOutputs]]
    Info: ClassVar[type[VoiceInfo]] = VoiceInfo
    Lookup: ClassVar[type[VoiceLookup]] = VoiceLookup
    Filter: ClassVar[type[VoiceFilter]] = VoiceFilter
    catalogues: ClassVar[tuple[Catalogue, ...]] = ()

    def __init__(self, config: ConfigT, http: Http) -> None:
        self.config = config
        self.http = http

    @classmethod
    @abstractmethod
    def connect(cls, config: ConfigT, cancelled: threading.Event, clock: Clock = SYSTEM) -> Self:
        """The account that the configuration names; sends nothing. `cancelled` ends every pause."""

    @property
    @abstractmethod
    def account(self) -> str:
        """Which account the voices live in, as people know it: an application or a base URL."""

    @property
    def credential(self) -> str:
        """What shows whose account this is where `account` does not: a token, or the public part of a key
        pair. Empty where `account` says it."""
        return ""

    @classmethod
    @abstractmethod
    def require_credentials(cls, config: ConfigT) -> None:
        """Raise `CredentialsError`, naming the configuration key and the environment variable."""

    @classmethod
    def cross_check(cls, given: Given, config: ConfigT) -> list[Fault]:
        """Faults between properties (exclusive, missing), and with what the configuration chooses."""
        return []

    @classmethod
    def warnings(cls, inputs: Properties) -> list[str]:
        """What the vendor advises against but does not refuse, one sentence each."""
        return []

    @abstractmethod
    def observe(self, voice_ids: Collection[str]) -> dict[str, Observation]:
        """These voices now, in as few calls as the vendor allows; one not found is left out."""

    @abstractmethod
    def listing(self) -> list[Observation]:
        """Every voice of the account, complete. Raises `PermanentError` where the vendor or the
        credentials cannot list."""

    def search(self, wanted: Any) -> list[Observation]:
        """The voices that the vendor's own filters leave; `wanted` is a `Filter`. More than are wanted
        may be returned."""
        return self.listing()

    @property
    def reads_by_listing(self) -> bool:
        """Whether even one voice is read from the listing of all, for want of a call for one."""
        return False

    def beyond_listing(self, voice_id: str, listed: Observation | None) -> Observation | None:
        """A voice that a complete listing shows like this, with what only a call of its own returns."""
        return listed if listed is not None else self.observe([voice_id]).get(voice_id)

    @abstractmethod
    def is_gone(self, voice_id: str, listed: Callable[[], list[Observation]] | None = None) -> bool:
        """Whether a voice that did exist is proved gone by a fresh call; raises where that is not known.

        `listed` gives a listing that is later than another one without the voice; without it, the vendor
        asks for as many as the proof needs.
        """

    def resolve(self, voice_id: str) -> str:
        """The resource ID of a voice that was named by another of its IDs (import)."""
        return voice_id

    def claim(self, order: Order, taken: Collection[str], *, reserve: bool) -> Observation | None:
        """The slot to train in, where the buyer chooses it: the slot named by the inputs or, without
        one, a free slot that is not in `taken`. `None` where a voice has to be made (`create`). With
        `reserve`, no other process of this machine is given the slot as long as this one lives. Changes
        nothing at the vendor. Raises `PermanentError` when the slot holds a voice that may not be
        overwritten, or none is free."""
        return None

    def create(self, order: Order) -> Observation:
        """Make a voice. The status says whether its training runs (`TRAINING`) or still has to be
        started by `train` (`PENDING`). Changes; may raise `HandleTakenError`."""
        raise NotImplementedError

    @abstractmethod
    def train(self, voice_id: str, order: Order) -> None:
        """Train the voice on the order's sample, keeping its ID. Changes and costs a training."""

    def rename(self, voice_id: str, name: str) -> None:
        """Change the name alone. Changes."""
        raise NotImplementedError

    def adjust(self, voice_id: str, inputs: Properties) -> bool:
        """Do to a voice that is ready what the inputs ask for beside its training and its name, where it was
        not done before. Returns whether anything was changed. Changes."""
        return False

    def delete(self, voice: Observation) -> bool:
        """Delete the voice; returns whether that is over. `False`: the vendor took the request, or an earlier
        one, and is not known to have ended it; `is_gone` shows the end. Raises `NotFoundError` where there is
        no such voice, `RefusedError` where the vendor keeps it (a paid slot). Changes."""
        raise NotImplementedError

    def by_handle(self, handle: str) -> list[Observation]:
        """The voice that was made with this handle, if there is one: one that was deleted is `gone`."""
        return []

    def budget(self, inputs: Properties, seen: Observation | None) -> Budget | None:
        """What the account has left for a training on these inputs, where the vendor counts by account and
        not by voice: of this voice or, without one, of a new one. `None` where that is not known, or where
        the training uses nothing up. Asked by previews, which any error leaves without an answer."""
        return None

    @classmethod
    def trainings_between(cls, base: str, version: str) -> int | None:
        """How many trainings lie between two versions, ours among them: more than one only where that is
        certain. `None` where the vendor does not count."""
        return None

    @classmethod
    def trained_since(cls, version: str, now: str) -> bool:
        """Whether somebody trained the voice between two versions, where no training of ours was under
        way."""
        return (cls.trainings_between(version, now) or 0) > 0
