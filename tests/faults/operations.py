"""What users do to a voice of each vendor, and what an undisturbed run of it leaves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from engine.voices import ALL, Samples, Vendor
from standin import Outcome, Wanted
from voiceclone_provider.vendors import VENDORS as PROVIDED

from .bench import Bench, Fault, Kept
from .http import Answer
from .kinds import Scene
from .proxy import Exchange
from .vendors import Seen

NAMES = ("create", "create unnamed", "retrain", "rename", "replace", "refresh", "delete", "import")
RESOURCE = "voice"
_GAP = 1.0
"""Seconds between two commands of a user in a hurry."""


@dataclass
class Story:
    """One operation on one vendor's voice.

    Arguments:
        first, then: what the program declares before and from the operation on; `None` is no voice.
    """

    vendor: Vendor
    name: str
    first: Mapping[str, Any] | None
    then: Mapping[str, Any] | None

    @property
    def key(self) -> str:
        return f"{self.vendor.key} {self.name}"

    def prepare(self, bench: Bench) -> str:
        """Everything before the operation; the ID of the voice that there is then."""
        voice_id = ""
        if self.first is not None:
            must(bench.run(lambda: bench.engine.up(program(self.first))), self.key)
            voice_id = ids_in_state(bench)[0]
        if self.name == "import":
            bench.forget()
        bench.clock.advance(_GAP)
        return voice_id

    def command(self, bench: Bench, voice_id: str) -> Outcome:
        """The operation."""
        engine = bench.engine
        if self.name == "refresh":
            return engine.refresh()
        if self.name == "delete":
            return engine.destroy()
        if self.name == "import":
            return engine.import_(Wanted(self.vendor.type, RESOURCE, voice_id, protect=False))
        return engine.up(program(self.then))

    def again(
        self, bench: Bench, voice_id: str, scene: Scene | None = None, fault: Fault | None = None
    ) -> Outcome:
        """What the user runs when that was disturbed: once more, until it has succeeded; then `up`."""
        bench.clock.advance(_GAP)
        lacks = not ids_in_state(bench)
        if self.name == "delete" or (self.name == "import" and lacks):
            return bench.run(lambda: self.command(bench, voice_id), scene, fault)
        return bench.run(lambda: bench.engine.up(program(self.then)), scene, fault)


@dataclass(frozen=True)
class Clean:
    """The operation without a fault.

    Arguments:
        kept: everything right before it.
        voice_id: the voice that there was.
        exchanges, answers: what the command said to the vendor, and was told.
        changing: numbers of those that changed something.
        voices: what the vendor has after it, and `before` it.
        kept_id: whether the voice kept its ID.
    """

    story: Story
    kept: Kept
    voice_id: str
    exchanges: list[Exchange]
    answers: list[Answer]
    changing: set[int]
    before: list[Seen]
    voices: list[Seen]
    kept_id: bool
    calls: set[str] = field(default_factory=set)

    def scene(self, bench: Bench, strangers: frozenset[str]) -> Scene:
        vendor = self.story.vendor.key
        return Scene(vendor, bench.proxy, bench.clock, bench.side, self._changes, strangers)

    def _changes(self, exchange: Exchange) -> bool:
        return exchange.name in self.calls or exchange.request.method in ("PUT", "DELETE")


def stories(samples: Samples, vendors: Iterable[Vendor] = ALL) -> dict[str, Story]:
    """By key: every operation that a vendor's voice knows."""
    made = [_story(samples, vendor, name) for vendor in vendors for name in NAMES]
    return {story.key: story for story in made if story is not None}


def _story(samples: Samples, vendor: Vendor, name: str) -> Story | None:
    # A stranger's voice has the name, too.
    allowed = {"allowSameName": True} if PROVIDED[vendor.key].facts.recovery.same_name_input else {}

    def declared(take: int = 1, **changed: Any) -> Mapping[str, Any]:
        return vendor.resource(samples, take, **allowed, **changed)

    match name:
        case "create":
            return Story(vendor, name, None, declared())
        case "create unnamed" if "name" in vendor.properties:
            return Story(vendor, name, None, declared(name=None))
        case "retrain":
            return Story(vendor, name, declared(), declared(2))
        case "rename" if vendor.rename:
            return Story(vendor, name, declared(), declared(**vendor.rename))
        case "replace" if vendor.replacing:
            return Story(vendor, name, declared(), declared(**vendor.replacing))
        case "delete" if vendor.deletes:
            return Story(vendor, name, declared(), None)
        case "refresh" | "import":
            return Story(vendor, name, declared(), declared())
    return None


def record(bench: Bench, story: Story, kept: Kept, skew: float = 0.0) -> Clean:
    """Run it once without a fault, from what was kept."""
    bench.back(kept, skew)
    voice_id = story.prepare(bench)
    ready, before = bench.kept(), bench.side.voices(story.vendor.key)
    changed: list[int] = []
    seen = bench.side.requests()

    def counting(proxy: Any, exchange: Exchange, client: Any) -> None:
        nonlocal seen
        answer = proxy.forward(exchange)
        if (now := bench.side.requests()) > seen:
            changed.append(exchange.number)
            seen = now
        client.send(answer.encoded())

    must(bench.run(lambda: story.command(bench, voice_id), meet=counting), story.key)
    exchanges = list(bench.proxy.exchanges)
    answers = [bench.proxy.answered[exchange.number] for exchange in exchanges]
    after = ids_in_state(bench)
    return Clean(
        story,
        ready,
        voice_id,
        exchanges,
        answers,
        set(changed),
        before,
        bench.side.voices(story.vendor.key),
        bool(after) and after == [voice_id],
        {exchange.name for exchange in exchanges if exchange.number in changed},
    )


def program(resource: Mapping[str, Any] | None) -> dict[str, Any]:
    return {"resources": {RESOURCE: dict(resource)} if resource is not None else {}}


def ids_in_state(bench: Bench) -> list[str]:
    states = bench.engine.snapshot().resources
    return [str(s.id) for s in states if s.type.startswith("voiceclone:") and not s.delete]


def must(outcome: Outcome, what: str) -> None:
    assert outcome.succeeded, f"{what} fails without a fault: {outcome.told('error')}"


class _NoSamples:
    """For the names of operations only."""

    def sample_url(self, file: str) -> str:
        return file


def story_keys() -> list[str]:
    return list(stories(_NoSamples()))


class Recorder:
    """A bench whose vendors have a voice of somebody else's each, and the operations without faults.

    Attributes:
        strangers: the IDs of those voices. They have the names that ours will have.
        kept: everything before the first operation.
    """

    def __init__(
        self,
        folder: Path,
        monkeypatch: pytest.MonkeyPatch,
        switches: Mapping[str, bool | float | str] | None = None,
    ) -> None:
        self.bench = Bench(folder, monkeypatch)
        bench = self.bench
        bench.switches = switches or {}
        for vendor in ALL:
            declared = {"resources": {"stranger": dict(vendor.resource(bench))}}
            must(bench.run(partial(bench.engine.up, declared)), "a stranger")
        bench.forget()
        self.strangers = frozenset(voice.id for vendor in ALL for voice in bench.side.voices(vendor.key))
        bench.clock.advance(3600.0)
        self.kept = bench.kept()
        self._stories = stories(bench)
        self._clean: dict[tuple[str, float], Clean] = {}

    def clean(self, key: str, skew: float = 0.0) -> Clean:
        """`skew` is how far the vendor's clock was ahead all the time."""
        if (key, skew) not in self._clean:
            self._clean[key, skew] = record(self.bench, self._stories[key], self.kept, skew)
        return self._clean[key, skew]
