"""Vendors without a wire: what the lifecycle is told of the four real ones, over voices in memory.

Facts and models are the real vendors', but for their times. A training lasts a number of looks at its
voice, so tests wait for conditions and never for the clock. Every call is counted.
"""

from __future__ import annotations

import contextlib
import copy
import threading
from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self

from fake_clock import FakeClock

from voiceclone_provider.core.clock import SYSTEM, Clock
from voiceclone_provider.core.errors import (
    CancelledError,
    CredentialsError,
    HandleTakenError,
    NotFoundError,
    PermanentError,
    RefusedError,
    SampleRefusedError,
    UnconfirmedError,
    VoiceError,
)
from voiceclone_provider.core.http import Http
from voiceclone_provider.core.pace import limit
from voiceclone_provider.core.ports import Fault
from voiceclone_provider.core.values import Properties
from voiceclone_provider.vendors.base import Budget, Facts, Given, Observation, Order, Status, Vendor
from voiceclone_provider.vendors.coze.client import Coze
from voiceclone_provider.vendors.kling.client import Kling
from voiceclone_provider.vendors.models import VendorConfig, VoiceFilter, VoiceInfo, VoiceInputs, VoiceOutputs
from voiceclone_provider.vendors.qiniu.client import Qiniu
from voiceclone_provider.vendors.volcengine.client import Volcengine

TRAININGS = 10
CHANGES = ("create", "train", "rename", "delete")


@dataclass
class Voice:
    """A voice as the vendor keeps it; `samples` are those of all trainings that succeeded. `leaving`: for how
    many looks it is still there, once it is being deleted."""

    voice_id: str
    status: Status
    name: str | None = None
    handle: str = ""
    samples: list[str] = field(default_factory=list)
    trained: int = 0
    left: int = TRAININGS
    training: str | None = None
    looks: int = 0
    error: str = ""
    gone: bool = False
    leaving: int | None = None


@dataclass(frozen=True)
class Sent:
    """One call that changes something, or reads."""

    operation: str
    voice: str
    sample: str = ""


class World:
    """One vendor account: its voices, its faults, and what it was asked.

    Knobs:
        looks: how many looks a training lasts.
        endless: trainings never end.
        budget: what the account has left for all voices, or why that cannot be read.
        leaves: how many looks a deletion lasts; `None` where it is over at once.
        bad: samples whose trainings fail.
        refused: samples that are refused at once.
        lose: by operation, whether the next replies are lost `before` or `after` the effect, or `late`: a
            gateway gives up after 16 seconds, and the effect comes 11 seconds later.
        raises: by operation, what is raised instead of doing anything.
        on: by operation, what is called after the effect.
        stale: how many reads show the account as it was before the last change.
        held: seconds that a change waits for its turn before it is sent.
        paid: voices that the vendor refuses to delete.
        credential: what the provider is configured with.
        forgets: a handle that a deleted voice used up shows nothing.
        elsewhere: the credential is of another account, which has none of the voices.
    """

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.voices: dict[str, Voice] = {}
        self.sent: list[Sent] = []
        self.looks = 2
        self.endless = False
        self.budget: Budget | VoiceError | None = None
        self.leaves: int | None = None
        self.bad: set[str] = set()
        self.refused: set[str] = set()
        self.lose: defaultdict[str, list[str]] = defaultdict(list)
        self.raises: defaultdict[str, list[VoiceError]] = defaultdict(list)
        self.on: dict[str, Callable[[], None]] = {}
        self.stale = 0
        self.held = 0.0
        self.paid: set[str] = set()
        self.credential = "token"
        self.elsewhere = False
        self.forgets = False
        self.lock = threading.RLock()
        self._before: dict[str, Voice] = {}
        self._made = 0
        self._late: list[tuple[float, Callable[[], None]]] = []

    def count(self, operation: str) -> int:
        return sum(call.operation == operation for call in self.sent)

    @property
    def changes(self) -> list[str]:
        return [call.operation for call in self.sent if call.operation in CHANGES]

    @property
    def living(self) -> list[Voice]:
        return [voice for voice in self.voices.values() if not voice.gone]

    @property
    def only(self) -> Voice:
        (voice,) = self.living
        return voice

    @property
    def only_trained(self) -> Voice:
        (voice,) = (voice for voice in self.living if voice.samples)
        return voice

    def make(self, **given: Any) -> Voice:
        self._made += 1
        given.setdefault("voice_id", f"voice-{self._made}")
        given.setdefault("status", Status.PENDING)
        voice = Voice(**given)
        self.voices[voice.voice_id] = voice
        return voice

    def trained(self, sample: str = "a stranger's", **given: Any) -> Voice:
        """A voice that was trained before the test began."""
        voice = self.make(status=Status.READY, **given)
        self.succeed(voice, sample)
        return voice

    def succeed(self, voice: Voice, sample: str) -> None:
        voice.samples.append(sample)
        voice.status, voice.training, voice.error = Status.READY, None, ""
        voice.trained += 1
        voice.left -= 1

    def retrain_elsewhere(self, voice_id: str) -> None:
        """What somebody does in the vendor's console."""
        self.succeed(self.voices[voice_id], "a stranger's")

    def trained_beside(self, voice_id: str) -> None:
        """Somebody's training is over while ours still runs."""
        voice = self.voices[voice_id]
        voice.samples.append("a stranger's")
        voice.trained += 1
        voice.left -= 1

    def call(self, operation: str, voice: str, effect: Callable[[], None], sample: str = "") -> None:
        """One change: refused, done, or done with its reply lost."""
        with self.lock:
            self.sent.append(Sent(operation, voice, sample))
            if self.raises[operation]:
                raise self.raises[operation].pop(0)
            lost = self.lose[operation].pop(0) if self.lose[operation] else ""
            if lost == "late":
                self.clock.advance(16.0)
                self._late.append((self.clock.now() + 11.0, effect))
            elif lost != "before":
                before = copy.deepcopy(self.voices)
                effect()
                self._before = before
        if operation in self.on:
            self.on.pop(operation)()
        if lost:
            raise UnconfirmedError(f"the reply to {operation} was lost")

    def shown(self, operation: str) -> dict[str, Voice]:
        """The voices as a read shows them now; a training comes one look nearer to its end."""
        with self.lock:
            self.sent.append(Sent(operation, ""))
            if self.raises[operation]:
                raise self.raises[operation].pop(0)
            if operation in self.on:
                self.on.pop(operation)()
            due = [effect for at, effect in self._late if at <= self.clock.now()]
            self._late = [(at, effect) for at, effect in self._late if at > self.clock.now()]
            for effect in due:
                with contextlib.suppress(VoiceError):  # refused, and nobody hears it
                    effect()
            if self.elsewhere:
                return {}
            if self.stale:
                self.stale -= 1
                return copy.deepcopy(self._before)
            for voice in self.voices.values():
                self._advance(voice)
            return copy.deepcopy(self.voices)

    def _advance(self, voice: Voice) -> None:
        if voice.leaving is not None:
            voice.leaving -= 1
            voice.gone = voice.gone or voice.leaving < 0
        if voice.training is None or self.endless:
            return
        if voice.looks > 0:
            voice.looks -= 1
        elif voice.training in self.bad:
            voice.status, voice.training, voice.error = Status.FAILED, None, "too much noise"
        else:
            self.succeed(voice, voice.training)


class Memory(Vendor[VendorConfig]):
    """What the four have in common; `world` is the account that every connection reaches."""

    world: ClassVar[World]
    Config = VendorConfig

    @classmethod
    def connect(cls, config: VendorConfig, cancelled: threading.Event, clock: Clock = SYSTEM) -> Self:
        vendor = cls(config, Http(cls.facts.title, lambda request: request, (), cancelled, clock))
        vendor.cancelled = cancelled
        return vendor

    cancelled: threading.Event

    @classmethod
    def require_credentials(cls, config: VendorConfig) -> None:
        return

    @property
    def account(self) -> str:
        return "memory"

    @property
    def credential(self) -> str:
        return self.world.credential

    def observe(self, voice_ids: Collection[str]) -> dict[str, Observation]:
        shown = self._read("observe")
        return {
            key: self.see(shown[key]) for key in voice_ids if key in shown and not self.hidden(shown[key])
        }

    def listing(self) -> list[Observation]:
        return [self.see(voice) for voice in self._read("list").values() if not voice.gone]

    def is_gone(self, voice_id: str, listed: Callable[[], list[Observation]] | None = None) -> bool:
        voice = self._read("is_gone").get(voice_id)
        return voice is None or voice.gone

    def train(self, voice_id: str, order: Order) -> None:
        sample = sample_in(order)
        self._change("train", voice_id, lambda: self.begin(voice_id, order, sample), sample)

    def begin(self, voice_id: str, order: Order, sample: str) -> None:
        voice = self.world.voices[voice_id]
        if voice.gone:
            raise NotFoundError("no such voice")
        voice.training, voice.looks = sample, self.world.looks
        if self.facts.shows_training:
            voice.status = Status.TRAINING
        if self.facts.name_limit is not None:
            voice.name = order.name

    def hidden(self, voice: Voice) -> bool:
        """Whether a voice is not shown at all."""
        return voice.gone

    def version(self, voice: Voice) -> str:
        return ""

    def see(self, voice: Voice) -> Observation:
        return Observation(
            voice_id=voice.voice_id,
            status=voice.status,
            version=self.version(voice),
            name=voice.name,
            error=voice.error,
            preview_url=f"https://vendor.example/{voice.voice_id}?training={voice.trained}",
            gone=voice.gone,
        )

    def _change(self, operation: str, voice: str, effect: Callable[[], None], sample: str = "") -> None:
        if self.cancelled.is_set():
            raise CancelledError("stopped before the request was sent")
        if self.world.held:
            self.world.clock.advance(self.world.held)
            if limit.sending is not None:
                limit.sending()
        if sample in self.world.refused and operation in ("create", "train"):
            self.world.raises[operation].append(SampleRefusedError("too much noise", code="1112"))
        self.world.call(operation, voice, effect, sample)

    def _read(self, operation: str) -> dict[str, Voice]:
        if self.cancelled.is_set():
            raise CancelledError("stopped before the request was sent")
        return self.world.shown(operation)


def sample_in(order: Order) -> str:
    """What tells samples apart: a file's content or a URL."""
    if order.sample is not None:
        return order.sample.data.decode("latin-1")[44:]
    return str(order.inputs.audio_url)


class Slots(Memory):
    """Like Volcengine: bought slots, a counter of trainings, no deletion."""

    facts: ClassVar[Facts] = Volcengine.facts
    Inputs: ClassVar[type[VoiceInputs]] = Volcengine.Inputs
    Outputs: ClassVar[type[VoiceOutputs]] = Volcengine.Outputs
    Info: ClassVar[type[VoiceInfo]] = Volcengine.Info
    Filter: ClassVar[type[VoiceFilter]] = Volcengine.Filter

    @classmethod
    def trainings_between(cls, base: str, version: str) -> int | None:
        return Volcengine.trainings_between(base, version)

    @classmethod
    def trained_since(cls, version: str, now: str) -> bool:
        return Volcengine.trained_since(version, now)

    def version(self, voice: Voice) -> str:
        if not voice.trained:
            return f"/{voice.left}/@console"
        return f"V{voice.trained}/{voice.left}/{1000 + voice.trained}@console"

    def see(self, voice: Voice) -> Observation:
        return replace(super().see(voice), available_trainings=voice.left)

    def is_gone(self, voice_id: str, listed: Callable[[], list[Observation]] | None = None) -> bool:
        voice = self._read("is_gone").get(voice_id)
        return voice is None or voice.gone or voice.status is Status.PENDING

    def claim(self, order: Order, taken: Collection[str], *, reserve: bool) -> Observation:
        wanted = order.inputs.speaker_id
        shown = {key: self.see(voice) for key, voice in self._read("list").items()}
        if wanted is None:
            free = [v for k, v in shown.items() if v.status is Status.PENDING and k not in taken]
            if not free:
                raise PermanentError("no free slot")
            return free[0]
        if wanted in taken:
            raise PermanentError("another resource has the same slot")
        if shown[wanted].status is not Status.PENDING and not order.inputs.overwrite_existing:
            raise PermanentError("the slot already holds a trained voice")
        return shown[wanted]


class Named(Memory):
    """Like Coze: voices by name, a retraining that cannot be seen, no deletion."""

    facts: ClassVar[Facts] = Coze.facts
    Inputs: ClassVar[type[VoiceInputs]] = Coze.Inputs
    Outputs: ClassVar[type[VoiceOutputs]] = Coze.Outputs
    Info: ClassVar[type[VoiceInfo]] = Coze.Info
    Filter: ClassVar[type[VoiceFilter]] = Coze.Filter

    @classmethod
    def trainings_between(cls, base: str, version: str) -> int | None:
        return Coze.trainings_between(base, version)

    def version(self, voice: Voice) -> str:
        return f"{voice.left}/{1000 + voice.trained}"

    def see(self, voice: Voice) -> Observation:
        return replace(super().see(voice), available_trainings=voice.left)

    def claim(self, order: Order, taken: Collection[str], *, reserve: bool) -> Observation | None:
        wanted = order.inputs.voice_id
        if wanted is None:
            return None
        if wanted in taken:
            raise PermanentError("another resource has the same voiceId")
        shown = self.see(self._read("list")[wanted])
        if shown.status is not Status.PENDING and not order.inputs.overwrite_existing:
            raise PermanentError("the voice is trained already")
        return shown

    def create(self, order: Order) -> Observation:
        sample = sample_in(order)
        made: list[Voice] = []

        def effect() -> None:
            made.append(self.world.make(name=order.name, training=sample, looks=self.world.looks))

        self._change("create", order.name, effect, sample)
        return replace(self.see(made[0]), status=Status.TRAINING)


class Places(Memory):
    """Like Qiniu: a place is made, and trained and renamed then; no counter; deletes what is not paid."""

    facts: ClassVar[Facts] = Qiniu.facts
    Inputs: ClassVar[type[VoiceInputs]] = Qiniu.Inputs
    Outputs: ClassVar[type[VoiceOutputs]] = Qiniu.Outputs
    Info: ClassVar[type[VoiceInfo]] = Qiniu.Info
    Filter: ClassVar[type[VoiceFilter]] = Qiniu.Filter

    def create(self, order: Order) -> Observation:
        made: list[Voice] = []
        self._change("create", order.name, lambda: made.append(self.world.make(name="复刻音色-x")))
        return self.see(made[0])

    def budget(self, inputs: Properties, seen: Observation | None) -> Budget | None:
        if isinstance(self.world.budget, VoiceError):
            raise self.world.budget
        return self.world.budget

    def rename(self, voice_id: str, name: str) -> None:
        self._change("rename", voice_id, lambda: setattr(self.world.voices[voice_id], "name", name))

    def delete(self, voice: Observation) -> bool:
        if voice.voice_id in self.world.paid:
            raise RefusedError("a paid place cannot be deleted")
        return delete(self, voice.voice_id)


class Handles(Memory):
    """Like Kling: a task with a unique handle makes a voice once; only deletion changes it."""

    facts: ClassVar[Facts] = Kling.facts
    Inputs: ClassVar[type[VoiceInputs]] = Kling.Inputs
    Outputs: ClassVar[type[VoiceOutputs]] = Kling.Outputs
    Info: ClassVar[type[VoiceInfo]] = Kling.Info
    Filter: ClassVar[type[VoiceFilter]] = Kling.Filter

    @classmethod
    def cross_check(cls, given: Given, config: Any) -> list[Fault]:
        return Kling.cross_check(given, config)

    def see(self, voice: Voice) -> Observation:
        own = f"own-{voice.voice_id}" if voice.status is Status.READY else ""
        return replace(super().see(voice), extras={"voiceId": own, "taskId": voice.voice_id})

    def create(self, order: Order) -> Observation:
        sample, handle = sample_in(order), order.handle
        made: list[Voice] = []

        def effect() -> None:
            if any(voice.handle == handle for voice in self.world.voices.values()):
                raise HandleTakenError("the external task ID is used")
            voice = self.world.make(name=order.name, handle=handle, status=Status.TRAINING)
            voice.training, voice.looks = sample, self.world.looks
            made.append(voice)

        self._change("create", order.name, effect, sample)
        return self.see(made[0])

    def train(self, voice_id: str, order: Order) -> None:
        raise AssertionError("this vendor cannot train a voice again")

    def delete(self, voice: Observation) -> bool:
        if not voice.extras["voiceId"] and voice.status is not Status.FAILED:
            raise AssertionError("a voice without an ID was to be deleted")
        return delete(self, voice.voice_id)

    def by_handle(self, handle: str) -> list[Observation]:
        found = [voice for voice in self._read("find").values() if voice.handle == handle]
        return [self.see(voice) for voice in found if not (voice.gone and self.world.forgets)]

    def hidden(self, voice: Voice) -> bool:
        return False


def delete(vendor: Memory, voice_id: str) -> bool:
    voice = vendor.world.voices[voice_id]

    def effect() -> None:
        if voice.gone:
            raise NotFoundError("no such voice")
        if vendor.world.leaves is None:
            voice.gone = True
        elif voice.leaving is None:
            voice.leaving = vendor.world.leaves

    vendor._change("delete", voice_id, effect)
    return vendor.world.leaves is None


FLAVOURS: dict[str, type[Memory]] = {"volcengine": Slots, "coze": Named, "qiniu": Places, "kling": Handles}
KEYS_REFUSED = CredentialsError("the key is refused", vendor="Memory")
