"""The seam between the lifecycle and a vendor.

A vendor is its pydantic models (configuration, inputs, outputs), its facts as data, and a handful of
calls. It never waits, never repeats a call, never talks to the engine and never sees Pulumi's types;
the lifecycle never sees a vendor's wire format.
"""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, Literal, Self, TypeVar

from ..core.audio import Sample
from ..core.clock import SYSTEM, Clock
from ..core.http import Http
from ..core.ports import Fault
from ..core.values import Properties
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
class Observation:
    """A voice as the vendor shows it now.

    Arguments:
        voice_id: Pulumi's resource ID, which every other call takes.
        version: the vendor's counter or timestamp of the last training; empty where it has none.
        name: the voice's name, where the vendor has names.
        error, error_code: why the last training failed, in the vendor's words.
        available_trainings: trainings left, where the vendor tells.
        preview_url: expires; never compared.
        created_at, updated_at: RFC 3339, UTC.
        inputs: inputs that the vendor tells; what an import is filled with.
        extras: the vendor's own outputs, by their Pulumi names (`voiceId` where it is not the ID).
        gone: the vendor says that the voice does not exist any more.
    """

    voice_id: str
    status: Status
    version: str = ""
    name: str | None = None
    error: str = ""
    error_code: str = ""
    available_trainings: int | None = None
    preview_url: str | None = None
    created_at: str | None = None
    updated_at: str | None = None
    inputs: Mapping[str, Any] = field(default_factory=dict)
    extras: Mapping[str, Any] = field(default_factory=dict)
    gone: bool = False


@dataclass(frozen=True)
class Facts:
    """What the lifecycle must know of a vendor to decide.

    Arguments:
        key: the vendor's name in tokens, configuration keys and module names.
        title: the vendor's name as people write it.
        sample_inputs: exactly one of these says what to train on.
        training_inputs: a training uses these; a change retrains, or replaces where `retrains` is false.
        replacing_inputs: a change of these needs another voice.
        name_limit: how long a name may be, in `name_unit`; None where the vendor has no names.
        rename: how a name is changed: a free call, only by another training, or not at all.
        retrains: whether a voice keeps its ID when it is trained on another sample.
        deletes: whether the vendor has a delete call.
        shows_training: whether a voice that is trained again shows that it is in training.
        handle_input: the input by which the user chooses the handle of a create.
        handle_is_unique: whether the vendor refuses a second create with the same handle, so that
            a create may be sent again after a lost reply.
        creates_one_at_a_time: whether creates of one account must not overlap, because a lost reply
            can only be told by the one new voice.
        needs_listing_before_create: whether a lost reply is told by comparing with a listing.
        timeout: seconds that a training may take where `customTimeouts` says nothing.
        usual: how long trainings usually take, for people.
        poll: seconds between two looks at running trainings: at first, and at most.
        settle: seconds after which the effect of a write is certain to be visible.
        create_trains: whether a create is a training too; otherwise a place is made, and trained then.
        id_input: the input that is the resource ID itself, where the buyer chooses it.
        implied: what the vendor takes where one of `replacing_inputs` is left out.
    """

    key: str
    title: str
    sample_inputs: tuple[str, ...]
    training_inputs: tuple[str, ...]
    replacing_inputs: tuple[str, ...]
    name_limit: int | None
    name_unit: Literal["bytes", "characters"]
    rename: Literal["call", "training", "never"]
    retrains: bool
    deletes: bool
    shows_training: bool
    handle_is_unique: bool
    creates_one_at_a_time: bool
    needs_listing_before_create: bool
    timeout: float
    usual: str
    poll: tuple[float, float]
    settle: float
    create_trains: bool = True
    id_input: str | None = None
    handle_input: str | None = None
    implied: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Order:
    """What to train: everything a create or a retraining sends.

    Arguments:
        inputs: the resource's inputs as a model of the vendor's.
        resource: the resource's name in the program, for messages.
        name: the voice's name.
        auto_named: whether the name carries a hash of the URN, so that it proves whose voice it is.
        sample: the audio itself, for vendors that are sent it.
        handle: a text that is the same in every run for this URN, sample and attempt, or that the user chose.
        place: the buyer's place that the program names, if it names one.
    """

    inputs: Any
    name: str
    auto_named: bool
    handle: str
    sample: Sample | None = None
    resource: str = "<name>"
    place: str = ""


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
        """Which account the voices live in, as people can tell: an application or a base URL."""

    @classmethod
    @abstractmethod
    def require_credentials(cls, config: ConfigT) -> None:
        """Raise `CredentialsError`, naming the configuration key and the environment variable."""

    @classmethod
    def cross_check(cls, inputs: Properties, unknown: frozenset[str]) -> list[Fault]:
        """Faults between properties (exclusive, missing). `unknown` are given but not known yet."""
        return []

    @classmethod
    def advise(cls, inputs: Properties) -> list[str]:
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
        """A voice of which a complete listing tells this much, with what only a call of its own tells."""
        return listed if listed is not None else self.observe([voice_id]).get(voice_id)

    @abstractmethod
    def is_gone(self, voice_id: str, listed: Callable[[], list[Observation]] | None = None) -> bool:
        """Whether a voice that did exist is proved gone by a fresh call; raises where that cannot be told.

        `listed` gives a listing that is later than another one without the voice; without it, the vendor
        asks for as many as the proof needs.
        """

    def resolve(self, voice_id: str) -> str:
        """The resource ID of a voice that was named by another of its IDs (import)."""
        return voice_id

    def claim(self, order: Order, taken: Collection[str]) -> Observation | None:
        """The place to train in, where the buyer chooses it: the slot named by the inputs or, without
        one, a free slot that is not in `taken`. `None` where the vendor makes the place (`create`).
        Changes nothing. Raises `PermanentError` when the slot holds a voice that may not be
        overwritten, or none is free."""
        return None

    def create(self, order: Order) -> Observation:
        """Make a voice. The status tells whether its training runs (`TRAINING`) or still has to be
        started by `train` (`PENDING`). Changes; may raise `HandleTakenError`."""
        raise NotImplementedError

    @abstractmethod
    def train(self, voice_id: str, order: Order) -> None:
        """Train the voice on the order's sample, keeping its ID. Changes and costs a training."""

    def rename(self, voice_id: str, name: str) -> None:
        """Change the name alone. Changes."""
        raise NotImplementedError

    def delete(self, voice: Observation) -> None:
        """Delete the voice; raises `NotFoundError` where there is none, `RefusedError` where the vendor
        keeps it (a paid slot). Changes."""
        raise NotImplementedError

    def owns_handle(self, order: Order) -> bool:
        """Whether the handle that this order is sent with is the provider's own, not one that the user
        chose: only then is whatever has it certainly ours."""
        return True

    def created_by(self, order: Order, before: frozenset[str]) -> list[Observation]:
        """Voices that this order may have made after its reply was lost; those in `before` were
        there already."""
        return []

    def marked(self, order: Order) -> list[Observation]:
        """Voices that carry the order's own mark (a name with the URN's hash, or its handle),
        from whatever run. A handle used up by a deleted voice is returned with `gone`."""
        return []

    @classmethod
    def trainings_between(cls, base: str, version: str) -> int | None:
        """How many trainings lie between two versions; `None` where the vendor does not count."""
        return None
