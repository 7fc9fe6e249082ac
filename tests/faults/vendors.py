"""The emulator in this process, on a clock that is not the machine's: what is there, and a way back to it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar

import jwt.api_jwt
import pytest

from voiceclone_provider.emulator.core import store
from voiceclone_provider.emulator.core.voices import Voice
from voiceclone_provider.emulator.registry import VENDORS
from voiceclone_provider.emulator.server import Server

from .clock import VirtualClock

T = TypeVar("T")

TRAINING_SECONDS = 20.0


@dataclass(frozen=True)
class Seen:
    """A voice as it is at a vendor, deleted ones too."""

    id: str
    status: str
    name: str
    trainings: int
    audio: str | None
    deleted: bool


class VendorSide:
    """All vendors, and their clock. `skew` is how far that is ahead of the machine's."""

    def __init__(self, folder: Path, clock: VirtualClock, monkeypatch: pytest.MonkeyPatch) -> None:
        self._clock = clock
        self._file = folder / "emulator.sqlite"
        self.skew = 0.0
        self._switches: dict[str, bool | float | str] = {}
        monkeypatch.setattr(store, "time", SimpleNamespace(time=self.now))
        moment = type("Moment", (datetime,), {"now": staticmethod(self._moment)})
        monkeypatch.setattr(jwt.api_jwt, "datetime", moment)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="emulator", daemon=True)
        self._thread.start()
        self._server = self._run(self._start(0))
        self.port = int(self._server.origin.rpartition(":")[2])

    def now(self) -> float:
        return self._clock.now() + self.skew

    def _moment(self, tz: tzinfo | None = None) -> datetime:
        return datetime.fromtimestamp(self.now(), tz or UTC)

    def close(self) -> None:
        self._run(self._server.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def restart(self) -> None:
        """End, and begin again with the state that is on the disk."""

        async def again() -> None:
            await self._server.stop()
            self._server = await self._start(self.port)

        self._run(again())
        for name, value in self._switches.items():
            self.switch(name, value)

    def sample_url(self, file: str) -> str:
        return f"http://127.0.0.1:{self.port}/_emulator/samples/{file}"

    def environment(self, url: str) -> dict[str, str]:
        """What points the provider at them by this address."""
        return {
            name: value
            for vendor in VENDORS.values()
            for name, value in vendor.environment(url).items()
            if name != "KLING_API_KEY"
        }

    def lag(self, vendor: str, seconds: float) -> None:
        """Let reads show what was so many seconds ago."""
        self.switch(f"{vendor}_lag_seconds", seconds)

    def switch(self, name: str, value: bool | float | str) -> None:
        self._switches = {**self._switches, name: value}
        self._call(lambda: self._server.world.switches.put(name, value))

    # -- what there is -------------------------------------------------------------------------------------

    def voices(self, vendor: str) -> list[Seen]:
        """Every voice that was ever made, or trained in a slot."""

        def look() -> list[Seen]:
            at = self.now()
            found = [voice for voice in self._server.world.store.voices(vendor) if _counts(voice)]
            return [_seen(voice, at) for voice in found]

        return self._call(look)

    def requests(self) -> int:
        """How many requests arrived that change something."""
        return self._call(lambda: sum(bool(r["changes"]) for r in self._server.world.store.requests()))

    # -- the way back --------------------------------------------------------------------------------------

    def snapshot(self) -> list[dict[str, Any]]:
        return self._call(
            lambda: [v.to_json() for key in VENDORS for v in self._server.world.store.voices(key)]
        )

    def restore(self, kept: list[dict[str, Any]], skew: float = 0.0) -> None:
        """With another skew. Voices that a state knows must have been made under the same."""
        self.skew = skew
        self._switches = {}

        def again() -> None:
            world = self._server.world
            world.reset()
            for doc in kept:
                world.store.save(Voice.from_json(doc))

        self._call(again)

    # -- in the emulator's thread --------------------------------------------------------------------------

    async def _start(self, port: int) -> Server:
        server = Server(port=port, training_seconds=TRAINING_SECONDS, state=self._file)
        await server.start()
        return server

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    def _call(self, work: Callable[[], T]) -> T:
        async def called() -> T:
            return work()

        return self._run(called())


def _counts(voice: Voice) -> bool:
    return bool(voice.trainings) or not voice.id.startswith("S_")


def _seen(voice: Voice, at: float) -> Seen:
    successes = voice.successes(at)
    return Seen(
        voice.id,
        voice.status(at),
        voice.name(at),
        len(voice.trainings),
        successes[-1].audio_sha256 if successes else None,
        voice.deleted(at),
    )
