"""What a vendor declares to the lifecycle as data: voices as they are seen, orders, facts, recovery."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, Protocol

from ..core import files
from ..core.audio import Sample
from .models import Status


@dataclass(frozen=True)
class Observation:
    """A voice as the vendor shows it now.

    Arguments:
        voice_id: Pulumi's resource ID, which every other call takes.
        version: the vendor's counter or timestamp of the last training; empty where it has none.
        name: the voice's name, where the vendor has names.
        error, error_code: why the last training failed, in the vendor's words.
        available_trainings: trainings left, where the vendor reports them.
        preview_url: expires; never compared.
        created_at, updated_at: RFC 3339, UTC.
        inputs: inputs that the vendor reports; what an import is filled with.
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
class Budget:
    """Trainings that an account has left for several voices together.

    Arguments:
        of: which of the account's quotas it is, for people.
    """

    left: int
    of: str


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
        sent_name: hash of the name that an earlier run sent, where that may have been another one.
        handle_is_ours: whether it is not the user's: only then is whatever has it certainly ours.
        slot: the buyer's slot that the program names, if it names one.
    """

    inputs: Any
    name: str
    auto_named: bool
    handle: str
    sample: Sample | None = None
    resource: str = "<name>"
    slot: str = ""
    handle_is_ours: bool = True
    sent_name: str = ""

    @property
    def hashed_name(self) -> str:
        return self.sent_name or files.name(self.name)

    def named(self, voice: Observation) -> bool:
        """Whether the voice has the name that this order gave it."""
        return voice.name is not None and files.name(voice.name) == self.hashed_name


@dataclass(frozen=True)
class Look:
    """What an account has before a create is sent.

    Arguments:
        marked: voices that carry the order's own mark (a name with the URN's hash, or a handle of ours), from
            whatever run. A handle that a deleted voice used up is there with `gone`.
        namesakes: voices that have the order's name, where that is no mark: the program chose it.
        before: the IDs of all voices there are, where a lost reply is resolved by them.
    """

    marked: list[Observation] = field(default_factory=list)
    namesakes: list[Observation] = field(default_factory=list)
    before: frozenset[str] = frozenset()


class Reads(Protocol):
    """The reads of a vendor by which a create is found again."""

    def listing(self) -> list[Observation]: ...

    def by_handle(self, handle: str) -> list[Observation]: ...


class Recovery:
    """How a vendor's create is found again when its reply was lost: one of the four ways below.

    Attributes:
        slot_input: the input by which the user names the slot, where every voice lives in one of the buyer's.
        voice_input: the input by which the user names the voice to train when it is created: a slot, or a
            voice that was bought.
        handle_input: the input by which the user chooses the handle.
        same_name_input: the input by which the user allows another voice with a name that the account has,
            where a lost voice could only be known by its name.
        resends: whether a create may be sent again after a lost reply, because the vendor refuses a second
            one with the same handle.
        create_trains: whether a create is a training too; otherwise a voice is made, and trained then.
    """

    slot_input: str | None = None
    handle_input: str | None = None
    same_name_input: ClassVar[str | None] = None
    resends: ClassVar[bool] = False
    create_trains: ClassVar[bool] = True

    @property
    def voice_input(self) -> str | None:
        return self.slot_input

    def overlap(self, name: str) -> str:
        """Creates of one account for which this is the same must not overlap: their voices could be taken
        for each other."""
        return name

    def created_by(self, vendor: Reads, order: Order, before: frozenset[str]) -> list[Observation]:
        """Voices that this order may have made; those in `before` were there already."""
        return []

    def look(self, vendor: Reads, order: Order) -> Look:
        """What is there before the order is sent."""
        return Look()


@dataclass(frozen=True)
class BySlot(Recovery):
    """The voice is trained in a slot that the buyer has: nothing is made, so nothing has to be found."""

    slot_input: str
    create_trains: ClassVar[bool] = False


class ByName(Recovery):
    """The new voice that has our name. The vendor's `Inputs` are `NamedInputs`."""

    same_name_input: ClassVar[str | None] = "allowSameName"

    def created_by(self, vendor: Reads, order: Order, before: frozenset[str]) -> list[Observation]:
        return [v for v in vendor.listing() if order.named(v) and v.voice_id not in before]

    def look(self, vendor: Reads, order: Order) -> Look:
        listed = vendor.listing()
        named = [voice for voice in listed if order.named(voice)]
        before = frozenset(voice.voice_id for voice in listed)
        return Look(marked=named, before=before) if order.auto_named else Look([], named, before)


@dataclass(frozen=True)
class ByNameOrChosen(ByName):
    """The new voice that has our name; nothing is made where the inputs name one that was bought."""

    chosen_input: str

    @property
    def voice_input(self) -> str | None:
        return self.chosen_input


@dataclass(frozen=True)
class ByNewEntry(ByName):
    """The one new voice in the listing that was never trained; it has the vendor's own name until then.

    Arguments:
        default_name: what the vendor's own names begin with.
    """

    default_name: str
    create_trains: ClassVar[bool] = False

    def overlap(self, name: str) -> str:
        return ""

    def created_by(self, vendor: Reads, order: Order, before: frozenset[str]) -> list[Observation]:
        return [
            voice
            for voice in vendor.listing()
            if voice.status is Status.PENDING
            and voice.voice_id not in before
            and (voice.name or "").startswith(self.default_name)
        ]


@dataclass(frozen=True)
class ByHandle(Recovery):
    """The voice that has our handle, which the vendor takes once."""

    handle_input: str
    resends: ClassVar[bool] = True

    def created_by(self, vendor: Reads, order: Order, before: frozenset[str]) -> list[Observation]:
        return [voice for voice in vendor.by_handle(order.handle) if voice.voice_id not in before]

    def look(self, vendor: Reads, order: Order) -> Look:
        # A handle that the user chose is no proof: somebody else may have chosen the same.
        return Look(vendor.by_handle(order.handle) if order.handle_is_ours else [])


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
        deletes_for_good: whether the vendor warns that a deleted voice cannot be restored.
        shows_training: whether a voice that is trained again shows that it is in training.
        recovery: how a create whose reply was lost is found again.
        timeout: seconds that a training may take where `customTimeouts` says nothing.
        usual: how long trainings usually take, for people.
        poll: seconds between two looks at running trainings: at first, and at most.
        settle: seconds after which the effect of a write is certain to be visible.
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
    recovery: Recovery
    timeout: float
    usual: str
    poll: tuple[float, float]
    settle: float
    implied: Mapping[str, str] = field(default_factory=dict)
    deletes_for_good: bool = False
