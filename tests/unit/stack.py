"""One resource in a stack, driven as the engine drives a provider: a new process for every command."""

from __future__ import annotations

import copy
import io
import threading
import wave
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from memory_vendor import FLAVOURS, Memory, World

from voiceclone_provider.account.config import ProviderConfig
from voiceclone_provider.core.errors import InitFailedError
from voiceclone_provider.core.ports import Difference
from voiceclone_provider.core.values import Asset, Properties
from voiceclone_provider.lifecycle import Lifecycle
from voiceclone_provider.vendors import VENDORS
from voiceclone_provider.vendors.models import VendorConfig
from voiceclone_provider.voice.journal import Entry, Journal


class Killed(BaseException):
    """The process is gone at once, and cleans nothing up."""


class MortalJournal(Journal):
    """A journal that a killed process does not touch any more."""

    dead = False

    def write(self, urn: str, entry: Entry) -> None:
        if not self.dead:
            super().write(urn, entry)

    def remove(self, urn: str, account: str) -> None:
        if not self.dead:
            super().remove(urn, account)


class Log:
    """What the user was told."""

    def __init__(self) -> None:
        self.secrets: set[str] = set()
        self.lines: list[str] = []
        self.warnings: list[str] = []
        self.live: list[str] = []

    def status(self, message: str) -> None:
        self.live.append(message)

    def redact(self, text: str) -> str:
        for secret in self.secrets:
            text = text.replace(secret, "[secret]")
        return text

    def info(self, message: str) -> None:
        self.lines.append(message)

    def warning(self, message: str) -> None:
        self.warnings.append(message)


def account(monkeypatch: pytest.MonkeyPatch, key: str) -> World:
    """A vendor without a wire in place of the real one, at the speed of tests."""
    world = World()
    flavour: type[Memory] = type(f"Memory{key}", (FLAVOURS[key],), {"world": world})
    monkeypatch.setitem(VENDORS, key, flavour)
    if key == "volcengine":
        for number in range(1, 4):
            world.make(voice_id=f"S_{number}")
    return world


@dataclass
class Stack:
    """One resource: what the program declares, and what the state holds.

    `process` is the provider of the command that runs, or ran last.
    """

    key: str
    world: World
    folder: Path
    name: str = "narrator"
    inputs: Properties | None = None
    state: Properties = field(default_factory=dict)
    voice_id: str = ""
    failed: bool = False
    log: Log = field(default_factory=Log)
    process: Lifecycle = field(init=False)
    journal: MortalJournal = field(init=False)
    keeps_journal: bool = True
    stack: str = "dev"
    timeout: float = 1e6

    _homes: int = 0

    def __post_init__(self) -> None:
        self.start()

    @property
    def urn(self) -> str:
        return f"urn:pulumi:{self.stack}::project::voiceclone:{self.key}:Voice::{self.name}"

    @property
    def vendor(self) -> type[Memory]:
        vendor = VENDORS[self.key]
        assert issubclass(vendor, Memory)
        return vendor

    def start(self) -> Lifecycle:
        """A new process."""
        self._homes += not self.keeps_journal
        self.journal = MortalJournal(self.folder / f"home-{self._homes}" / "journal")
        self.process = Lifecycle(ProviderConfig({self.key: VendorConfig()}), self.journal, self.world.clock)
        self.log = Log()
        return self.process

    def sample(self, text: str) -> Properties:
        """Inputs with a sample that is told apart by `text`."""
        if "audio" not in self.vendor.facts.sample_inputs:
            return {"audioUrl": f"https://samples.example/{text}.wav"}
        buffer = io.BytesIO()
        with wave.open(buffer, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(24_000)
            file.writeframes(text.encode() + b" " * (len(text) % 2))
        path = self.folder / f"{text}.wav"
        path.write_bytes(buffer.getvalue())
        return {"audio": asset(path)}

    def heard(self, text: str) -> str:
        """The same sample as the vendor knows it."""
        if "audio" not in self.vendor.facts.sample_inputs:
            return f"https://samples.example/{text}.wav"
        return text + " " * (len(text) % 2)

    def checked(self, program: Properties, olds: Properties | None) -> Properties:
        checked = self.process.check(self.key, self.urn, olds, copy.deepcopy(program))
        assert checked.faults == []
        return checked.inputs

    def diff(self, program: Properties) -> Difference:
        return self._diff(self.checked(program, self.inputs))

    def _diff(self, news: Properties) -> Difference:
        return self.process.diff(
            self.key, self.urn, self.voice_id, self.state, bare(self.inputs or {}), bare(news)
        )

    def __setattr__(self, name: str, value: Any) -> None:
        """Every state is what the schema's models declare, whoever wrote it."""
        if name == "state" and value:
            declared = VENDORS[self.key]
            inputs = {field.alias or key for key, field in declared.Inputs.model_fields.items()}
            shown = {field.alias or key for key, field in declared.Outputs.model_fields.items()}
            assert value.keys() <= inputs | shown
        super().__setattr__(name, value)

    def up(self, *samples: str, preview: bool = True, **program: Any) -> Difference | None:
        """`pulumi up` of a program; samples by their text. Raises what the provider raises."""
        for text in samples:
            program = {**self.sample(text), **program}
        if preview:
            self.start()
            self._up(program, preview=True)
            self._end()
        self.start()
        difference = self._up(program, preview=False)
        self._end()
        return difference

    def _end(self) -> None:
        """The engine ends its run in order: it has saved everything."""
        if not self.unsaves and not self.journal.dead:
            self.process.ended()

    unsaves = False

    def preview(self, *samples: str, **program: Any) -> Properties | None:
        """`pulumi preview`; returns the planned outputs, or None where nothing is to be done."""
        for text in samples:
            program = {**self.sample(text), **program}
        self.start()
        before = copy.deepcopy((self.state, self.inputs))
        self._up(program, preview=True)
        assert before == (self.state, self.inputs)
        return self.planned

    planned: Properties | None = None
    condemned: list[tuple[str, Properties, Properties | None]] = field(default_factory=list)

    def _up(self, program: Properties, *, preview: bool) -> Difference | None:
        self.planned = None
        if not preview:
            self._delete_condemned()
        if not self.voice_id:
            self._create(self.checked(program, None), preview=preview)
            return None
        news = self.checked(program, self.inputs)
        difference = self._diff(news)
        if difference.replaces:
            self._replace(self.checked(program, None), preview=preview)
        elif difference.changes or self.failed:
            self._update(news, preview=preview)
        elif not preview:
            self.inputs = news
        return difference

    def _create(self, news: Properties, *, preview: bool) -> None:
        try:
            created = self.process.create(
                self.key, self.urn, news, timeout=self.timeout, preview=preview, reporter=self.log
            )
        except InitFailedError as error:
            assert not preview
            self.voice_id, self.state, self.inputs, self.failed = error.voice_id, error.state, news, True
            raise
        if preview:
            assert created.voice_id == ""
            self.planned = created.state
            return
        self.voice_id, self.state, self.inputs, self.failed = created.voice_id, created.state, news, False

    def _replace(self, news: Properties, *, preview: bool) -> None:
        """Create before delete; a voice whose creation failed half-way takes the old one's place too,
        and the old one is deleted by the next command."""
        old = (self.voice_id, self.state, self.inputs)
        try:
            self._create(news, preview=preview)
        except InitFailedError:
            self.condemned.append(old)
            raise
        if not preview:
            self.condemned.append(old)
            self._delete_condemned()

    def _delete_condemned(self) -> None:
        while self.condemned:
            self._delete(*self.condemned[0])
            self.condemned.pop(0)

    def _update(self, news: Properties, *, preview: bool) -> None:
        try:
            after = self.process.update(
                self.key,
                self.urn,
                self.voice_id,
                copy.deepcopy(self.state),
                bare(self.inputs or {}),
                news,
                timeout=self.timeout,
                preview=preview,
                reporter=self.log,
            )
        except InitFailedError as error:  # new outputs stand beside old inputs
            assert not preview
            self.voice_id, self.state, self.failed = error.voice_id, error.state, True
            raise
        if preview:
            self.planned = after
            return
        self.state, self.inputs, self.failed = after, news, False

    def refresh(self) -> bool:
        """`pulumi refresh`; whether the voice is still there."""
        self.start()
        try:
            found = self.process.read(
                self.key,
                self.urn,
                self.voice_id,
                copy.deepcopy(self.state),
                bare(self.inputs or {}),
            )
        except InitFailedError as error:  # only a warning to the engine, which keeps both
            self.state, self.inputs, self.failed = error.state, dict(error.inputs or {}), True
            return True
        if found is None:
            self.voice_id, self.state, self.inputs = "", {}, None
            return False
        self.state, self.inputs, self.failed = found.state, found.inputs, False
        return True

    def adopt(self, voice_id: str) -> bool:
        """`pulumi import`; whether there was such a voice."""
        self.start()
        try:
            found = self.process.read(self.key, self.urn, voice_id, None, None, importing=True)
        except InitFailedError as error:
            self.voice_id, self.state, self.inputs, self.failed = (
                error.voice_id,
                error.state,
                dict(error.inputs or {}),
                True,
            )
            return True
        if found is None:
            return False
        self.voice_id, self.state, self.inputs = found.voice_id, found.state, found.inputs
        return True

    def destroy(self) -> None:
        self.start()
        self._delete_condemned()
        if self.voice_id:
            self._delete(self.voice_id, self.state, self.inputs)
        self._end()
        self.voice_id, self.state, self.inputs, self.failed = "", {}, None, False

    def _delete(self, voice_id: str, state: Properties, inputs: Properties | None) -> None:
        self.process.delete(
            self.key,
            self.urn,
            voice_id,
            state,
            bare(inputs or {}),
            timeout=self.timeout,
            reporter=self.log,
        )

    def kill(self) -> None:
        """End the process as a power cut does. For the knobs that call something at a point."""
        self.journal.dead = True
        if threading.current_thread().name != "voiceclone-poller":
            raise Killed
        self.process.cancel()  # whoever waits for this thread ends too

    def killed(self, *samples: str, **program: Any) -> None:
        """`pulumi up` that is killed on its way; the engine keeps nothing of it."""
        kept = self.checkpoint()
        with pytest.raises((Killed, InitFailedError)):
            self.up(*samples, preview=False, **program)
        self.restore(kept)

    def unsaved(self, *samples: str, **program: Any) -> None:
        """`pulumi up` whose engine is killed, or cannot save: all is done, and no state shows it."""
        kept = self.checkpoint()
        self.unsaves = True
        self.up(*samples, preview=False, **program)
        self.unsaves = False
        self.restore(kept)

    @property
    def remembered(self) -> int:
        """How many entries the journal has."""
        return len(list((self.folder / "home-0" / "journal").glob("*.json")))

    def checkpoint(self) -> tuple[Any, ...]:
        """What the engine has stored."""
        return copy.deepcopy((self.voice_id, self.state, self.inputs, self.failed, self.condemned))

    def restore(self, kept: tuple[Any, ...]) -> None:
        self.voice_id, self.state, self.inputs, self.failed, self.condemned = kept

    def interrupted(self, *samples: str, **program: Any) -> BaseException:
        """`pulumi up` that ends with a fault; returns it."""
        with pytest.raises(Exception) as caught:  # noqa: PT011 - whichever it is, the caller looks at it
            self.up(*samples, preview=False, **program)
        return caught.value


def asset(path: Path) -> Asset:
    import hashlib

    return Asset(hash=hashlib.sha256(path.read_bytes()).hexdigest(), path=str(path))


def bare(inputs: Properties) -> Properties:
    """Inputs as a state keeps them: without where an asset's content is."""
    return {
        name: replace(value, path=None) if isinstance(value, Asset) else value
        for name, value in copy.deepcopy(inputs).items()
    }


Fixture = Callable[[str], Stack]
