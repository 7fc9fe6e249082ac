"""The world that the vendors share: voices in time, trainings, limits, previews."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import random
import secrets
import time
from collections import deque
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol
from urllib.parse import quote

from .faults import Fault, Faults
from .samples import Samples, UnreachableError
from .sound import NoAudioError, Sound, inspect, sha256
from .store import Store, now
from .switches import Switches
from .voices import Training, Voice
from .wire import Call, Incoming


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a training."""

    result: str = "success"
    code: int | str | None = None
    message: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """A sample that was looked at: what it is, or why it is nothing."""

    sha256: str
    sound: Sound | None
    reason: str = ""


GOOD = Verdict()


class Traits(Protocol):
    """What the world has to know of a vendor."""

    ids: ClassVar[tuple[str, ...]]
    """Fields of `Voice.extra` that are IDs of the voice too."""

    def judge(self, world: World, heard: Heard) -> Verdict:
        """What becomes of a training on this sample."""


class World:
    def __init__(
        self,
        store: Store,
        switches: Switches,
        samples: Samples,
        origin: str,
        vendors: Mapping[str, Traits],
    ) -> None:
        self.store = store
        self.switches = switches
        self.samples = samples
        self.faults = Faults()
        self.tasks: set[asyncio.Task[None]] = set()
        self.origin = origin
        self.vendors = vendors
        self._heard: dict[tuple[str, str | None], Heard] = {}
        self._recent: dict[str, deque[float]] = {}
        self._last_number = 0
        self._secret = bytes.fromhex(str(store.settings().get("secret") or self._new_secret()))

    def _new_secret(self) -> str:
        made = secrets.token_hex(16)
        self.store.set("secret", made)
        return made

    def reset(self) -> None:
        for task in list(self.tasks):
            task.cancel()
        self.store.clear()
        self.store.set("secret", self._secret.hex())
        self.switches.reset()
        self.faults.clear()
        self._recent.clear()

    # Time.

    def read_at(self, call: Call) -> float:
        """The moment that reads of this vendor see."""
        return now() - max(call.lag, self.switches.number(f"{call.vendor}_lag_seconds"))

    def duration(self) -> float:
        seconds = self.switches.number("training_seconds")
        spread = min(1.0, max(0.0, self.switches.number("training_spread")))
        return max(0.0, seconds * random.uniform(1 - spread, 1 + spread))  # noqa: S311

    # Voices.

    def find(self, vendor: str, name: str, at: float) -> Voice | None:
        voice = self.store.voice(vendor, name)
        return voice if voice is not None and voice.exists(at) else None

    def present(self, vendor: str, at: float) -> list[Voice]:
        return [voice for voice in self.store.voices(vendor) if voice.exists(at)]

    def words(self, voice: Voice) -> set[str]:
        """Every ID of the voice, and its name."""
        others = (str(voice.extra.get(field) or "") for field in self.vendors[voice.vendor].ids)
        return {voice.id, voice.name(now()), *others} - {""}

    def words_for(self, wanted: str) -> set[str]:
        """Every word for the voices that have this ID or name, at any vendor."""
        known = (self.words(voice) for vendor in self.vendors for voice in self.store.voices(vendor))
        return {word for words in known if wanted in words for word in words}

    def number(self, digits: int, prefix: str) -> str:
        """A new ID of so many digits that grows with time, never twice the same."""
        self._last_number = max(self._last_number + 1, time.time_ns() // 1000)
        number = str(self._last_number).rjust(digits, "0")[-(digits - len(prefix)) :]
        return (prefix + number).ljust(digits, "0")

    # Listening.

    async def listen(self, data: bytes, declared: str | None = None) -> Heard:
        digest = sha256(data)
        key = (digest, declared if declared == "pcm" else None)
        if (heard := self._heard.get(key)) is None:
            try:
                heard = Heard(digest, await asyncio.to_thread(inspect, data, declared))
            except NoAudioError as bad:
                heard = Heard(digest, None, str(bad))
            self._heard[key] = heard
        if heard.sound is not None:
            self.store.keep_audio(digest, heard.sound.container, data)
        return heard

    # Trainings.

    def train(
        self, call: Call, incoming: Incoming, voice: Voice, verdict: Verdict | None, **known: Any
    ) -> Training:
        """Start a training now, unless a fault decides otherwise how it ends."""
        fault = self.training_fault(call, incoming, voice)
        return self.begin(voice, self.verdict_after(fault, verdict), fault, **known)

    def begin(self, voice: Voice, verdict: Verdict | None, fault: Fault | None, **known: Any) -> Training:
        """Start a training now. Without a verdict its sample is still to be fetched."""
        at = now()
        forever = fault is not None and fault.kind == "train-forever"
        training = Training(
            started_at=at,
            finishes_at=None if forever else at + self.duration(),
            result=verdict.result if verdict else None,
            code=verdict.code if verdict else None,
            message=verdict.message if verdict else "",
            **known,
        )
        voice.trainings.append(training)
        self.store.save(voice)
        self.fetch_later(voice, training)
        return training

    def training_fault(self, call: Call, incoming: Incoming, voice: Voice) -> Fault | None:
        return self.faults.take_training(call, incoming, self.words(voice))

    @staticmethod
    def verdict_after(fault: Fault | None, verdict: Verdict | None = GOOD) -> Verdict | None:
        if fault is None or fault.kind != "train-fail":
            return verdict
        return Verdict("failed", fault.options.get("code"), str(fault.options.get("message", "")))

    def full(self, vendor: str) -> bool:
        """Whether as many trainings are in flight as the vendor allows."""
        limit, at = int(self.switches.number(f"{vendor}_concurrency")), now()
        return 0 < limit <= sum(1 for voice in self.present(vendor, at) if voice.training(at))

    def judge(self, vendor: str, heard: Heard) -> Verdict:
        return self.vendors[vendor].judge(self, heard)

    async def judge_url(self, vendor: str, url: str, origin: str) -> tuple[Verdict | None, str | None]:
        """The verdict on a sample of our own, and its hash; nothing for a URL that is to be fetched first."""
        name = self.samples.local(url, origin)
        if name is None:
            return None, None
        if (data := self.samples.get(name)) is None:
            missing = Heard("", None, "the URL answers HTTP 404")
            return self.judge(vendor, missing), None
        heard = await self.listen(data)
        return self.judge(vendor, heard), heard.sha256

    def fetch_later(self, voice: Voice, training: Training) -> None:
        """Fetch the sample of a training that runs without it."""
        if training.result is None and training.audio_url:
            self.spawn(self._fetch(voice, training, training.audio_url))

    async def _fetch(self, voice: Voice, training: Training, url: str) -> None:
        try:
            heard = await self.listen(await self.samples.fetch(url))
        except UnreachableError as bad:
            heard = Heard("", None, str(bad))
        except Exception:  # whatever is behind the URL, the training ends
            heard = Heard("", None, "the URL cannot be read")
        verdict = self.judge(voice.vendor, heard)
        training.result, training.code, training.message = verdict.result, verdict.code, verdict.message
        training.audio_sha256 = heard.sha256 or None
        if training.finishes_at is not None:
            training.finishes_at = max(training.finishes_at, now())
        self.store.save(voice)

    def spawn(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    # Limits.

    def spend(self, switch: str, amount: float) -> None:
        left = round(self.switches.number(switch) - amount, 6)
        self.store.set(switch, self.switches.put(switch, max(0.0, left)))

    def too_often(self, vendor: str) -> bool:
        limit = int(self.switches.number(f"{vendor}_qps"))
        if limit <= 0:
            return False
        seen = self._recent.setdefault(vendor, deque())
        at = now()
        while seen and seen[0] <= at - 1:
            seen.popleft()
        if len(seen) >= limit:
            return True
        seen.append(at)
        return False

    # Previews: signed, and good for a while only.

    def preview(self, origin: str, voice: Voice, training: Training | None) -> str:
        if training is None:
            return ""
        expires = int(now() + self.switches.number("preview_seconds"))
        path = f"/_emulator/previews/{voice.vendor}/{quote(voice.id)}/{training.audio_sha256 or 'none'}.wav"
        return f"{origin}{path}?x-expires={expires}&x-signature={self.sign(path, expires)}"

    def sign(self, path: str, expires: int) -> str:
        return hmac.new(self._secret, f"{path}|{expires}".encode(), hashlib.sha256).hexdigest()
