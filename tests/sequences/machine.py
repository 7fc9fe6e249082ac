"""The provider in this process, and all the ways in which a run of it can end before it should."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

from standin import Call, Engine, Hooks, InProcess, Killed
from voiceclone_provider.core import files
from voiceclone_provider.core.clock import Clock
from voiceclone_provider.plugin.core import LazyCore
from voiceclone_provider.plugin.server import Server
from voiceclone_provider.vendors import VENDORS
from voiceclone_provider.voice import journal, pending

SCHEMA = json.loads((Path(__file__).parents[2] / "schema.json").read_text("utf-8"))


SETTLE = 0.3


class FastClock(Clock):
    """The machine's clock, with pauses that are 50 times as short."""

    def pause(self, seconds: float, stop: threading.Event) -> bool:
        return stop.wait(max(seconds, 0.0) / 50)


class Machine(Hooks):
    """One stack and the machine it is run on; `home` is what the provider keeps there.

    A fault is armed for one command: it strikes at the n-th thing of its kind that happens in it.

    Arguments:
        clock: where it is not given, the machine's own goes faster, and vendors are said to be as fast.
    """

    def __init__(
        self,
        folder: Path,
        monkeypatch: pytest.MonkeyPatch,
        environment: dict[str, str],
        clock: Clock | None = None,
    ) -> None:
        self._monkeypatch = monkeypatch
        self._folder = folder
        self._homes = 0
        self._lock = threading.Lock()
        self._servers: list[Server] = []
        self._dead = False
        self._clock = clock or FastClock()
        self._strikes: dict[str, int] = {}
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        for key, vendor in () if clock else tuple(VENDORS.items()):
            facts = replace(vendor.facts, settle=SETTLE)
            monkeypatch.setitem(VENDORS, key, type(vendor.__name__, (vendor,), {"facts": facts}))
        for part in () if clock else (pending, journal):  # how long a request of a killed run may take
            monkeypatch.setattr(part, "UPLOAD_TIMEOUT", SETTLE)
        for change in ("write", "remove"):
            monkeypatch.setattr(files, change, self._if_alive(getattr(files, change)))
        send = requests.adapters.HTTPAdapter.send
        monkeypatch.setattr(
            requests.adapters.HTTPAdapter, "send", lambda *args, **kwargs: self._sent(send, *args, **kwargs)
        )
        self.new_home()
        self.engine = Engine(folder / "state", InProcess(self._serve), schema=SCHEMA)
        self.engine.hooks = self

    def new_home(self) -> None:
        """Go on at another machine, that knows nothing of the voices."""
        self._homes += 1
        self._monkeypatch.setenv("PULUMI_HOME", str(self._folder / f"home-{self._homes}"))

    @property
    def home(self) -> Path:
        """What the provider keeps at this machine."""
        return self._folder / f"home-{self._homes}" / "voiceclone"

    def remembers(self, voice_id: str) -> bool:
        """Whether the files of this machine name the voice, or a create that may have made it."""
        files = (self.home / "intents").glob("*.json")
        entries = [json.loads(file.read_text("utf-8")) for file in files]
        return any(
            entry["voice_id"] == voice_id or (not entry["voice_id"] and voice_id not in entry["before"])
            for entry in entries
        )

    @contextmanager
    def fault(self, kind: str, number: int) -> Iterator[None]:
        """Arm `kill` (the engine, before or after a call or a save), `crash` (the plugin, after a vendor has
        answered), `ctrl-c` (the same moment) or `unsaved` (this save fails). `none` arms nothing."""
        self._strikes = {kind: number}
        try:
            yield
        finally:
            self._strikes = {}
            self._dead = False
            self._servers.clear()

    # -- where faults strike --------------------------------------------------------------------------------

    def _struck(self, kind: str) -> bool:
        with self._lock:
            if kind not in self._strikes:
                return False
            self._strikes[kind] -= 1
            return self._strikes[kind] == 0

    def before_call(self, call: Call) -> None:
        if self._struck("kill"):
            raise Killed

    def after_call(self, call: Call) -> None:
        if self._struck("kill"):
            raise Killed

    def before_save(self, state: dict[str, Any]) -> None:
        if self._struck("kill"):
            raise Killed
        if self._struck("unsaved"):
            raise OSError("no space left on device")

    def after_save(self, state: dict[str, Any]) -> None:
        if self._struck("kill"):
            raise Killed

    def _serve(self, address: str) -> Server:
        server = Server(address, LazyCore(self._clock))
        self._servers.append(server)
        return server

    def _sent(self, send: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if self._dead:
            raise requests.ConnectionError("the plugin is gone")
        answer = send(*args, **kwargs)
        if self._struck("ctrl-c"):
            self.engine.cancel()
        if self._struck("crash"):
            self._dead = True
            for server in self._servers:
                server._servicer.cancel()
                server._server.stop(None)
        if self._dead:
            raise requests.ConnectionError("the plugin is gone")
        return answer

    def _if_alive(self, change: Callable[..., None]) -> Callable[..., None]:
        def changed(*args: Any) -> None:
            if not self._dead:
                change(*args)

        return changed
