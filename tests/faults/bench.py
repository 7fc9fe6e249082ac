"""Provider, engine, proxy and vendors in one process: commands that meet faults, and a way back."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import requests

from sequences.machine import Machine
from standin import Call, Killed, Outcome
from voiceclone_provider.vendors.volcengine.reservations import Reservations

from .clock import VirtualClock
from .kinds import Kind, Scene
from .proxy import Client, Exchange, Meeting, Proxy
from .vendors import VendorSide

STOPS = (
    "none",
    "plugin killed",
    "Ctrl-C",
    "Ctrl-C twice",
    "engine killed",
    "not saved",
    "vendor restarted",
    "outage",
)
"""What else happens at the moment of the fault."""

_GIVES_UP = 0.4
"""Real seconds until the provider gives up waiting, where a fault makes it."""


AT_THE_CHANGE = -1
"""The number of whichever exchange is the first that changes something; -2 is the second, and so on."""


@dataclass(frozen=True)
class Fault:
    """A kind of fault at one exchange of a command, and what stops the command then."""

    kind: Kind
    number: int
    stop: str = "none"


@dataclass(frozen=True)
class Kept:
    """Everything at one moment."""

    now: float
    voices: list[dict[str, Any]]
    state: bytes
    home: dict[str, bytes]


class FaultMachine(Machine):
    """A machine whose commands are stopped at the moment of a fault."""

    def __init__(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], clock: VirtualClock
    ) -> None:
        self.struck = 0
        self.refused = False
        self.hangs = False
        self.stop: Callable[[], None] | None = None
        self.doomed = False
        self._reservations: list[Reservations] = []
        super().__init__(folder, monkeypatch, environment, clock)
        made, kept = Reservations.__init__, self._reservations

        def make(self: Reservations, folder: Path) -> None:
            made(self, folder)
            kept.append(self)

        monkeypatch.setattr(Reservations, "__init__", make)

    def crash(self) -> None:
        """The plugin ends here and now."""
        self._dead = True
        for server in self._servers:
            server._servicer.cancel()
            server._server.stop(None)

    def doom(self, *, at_once: bool) -> None:
        """The engine ends before it does anything else; `at_once`, the plugin soon notices."""
        self.doomed = True
        for server in self._servers if at_once else ():
            server._servicer.cancel()

    def ended(self) -> None:
        """After a command: nothing of its plugins goes on, and what they held is free."""
        if self._dead or self.doomed or self.stop is not None:
            for server in self._servers:
                server._servicer.cancel()
                server._server.stop(None)
                state: Any = vars(server._server)["_state"]
                state.thread_pool.shutdown(wait=True)
            for thread in threading.enumerate():
                if thread.name.startswith(("voiceclone-", "second Ctrl-C")):
                    thread.join(10)
        self._dead = self.doomed = self.hangs = self.refused = False
        self.stop = None
        self._servers.clear()
        for reservations in self._reservations:
            reservations.__del__()
            reservations._locks.clear()
        self._reservations.clear()

    def before_call(self, call: Call) -> None:
        self._live()

    def after_call(self, call: Call) -> None:
        self._live()

    def before_save(self, state: dict[str, Any]) -> None:
        self._live()

    def after_save(self, state: dict[str, Any]) -> None:
        self._live()

    def _live(self) -> None:
        if self.doomed:
            raise Killed

    def _sent(self, send: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if self._dead:
            raise requests.ConnectionError("the plugin is gone")
        if self.hangs:
            kwargs["timeout"] = (5.0, _GIVES_UP)
        before = self.struck
        try:
            return send(*args, **kwargs)
        except requests.ConnectionError:
            self.struck += self.refused
            raise
        finally:
            if self.struck > before and self.stop is not None:
                with self._lock:
                    stop, self.stop = self.stop, lambda: None
                stop()
            if self._dead:
                raise requests.ConnectionError("the plugin is gone")


class Bench:
    """One stack, one machine and one account at each vendor.

    Arguments:
        environment: the variables that point the provider at an address.

    Attributes:
        said: every line for the user since `back`, with its severity.
        switches: the sides that the vendors take from `back` on.
    """

    def __init__(
        self,
        folder: Path,
        monkeypatch: pytest.MonkeyPatch,
        clock: VirtualClock | None = None,
        environment: Callable[[str], dict[str, str]] | None = None,
    ) -> None:
        self.clock = clock or VirtualClock()
        self.side = VendorSide(folder, self.clock, monkeypatch)
        self.proxy = Proxy(self.side.port)
        self._folder = folder
        variables = (environment or self.side.environment)(self.proxy.url)
        self.machine = FaultMachine(folder, monkeypatch, variables, self.clock)
        self.engine = self.machine.engine
        self.said: list[str] = []
        self.switches: Mapping[str, bool | float | str] = {}

    def close(self) -> None:
        self.engine.close()
        self.proxy.close()
        self.side.close()

    # -- commands ------------------------------------------------------------------------------------------

    def run(
        self,
        command: Callable[[], Outcome],
        scene: Scene | None = None,
        fault: Fault | None = None,
        meet: Meeting | None = None,
    ) -> Outcome:
        """One command; a fault is over when it ends. `meet` meets every exchange."""
        self.proxy.begin(lambda exchange: meet)
        if scene is not None and fault is not None:
            self._arm(scene, fault)
        try:
            outcome = command()
        finally:
            self.machine.ended()
            self.proxy.meet = lambda exchange: None
            self.proxy.listen()
            if scene is not None:
                self.side.lag(scene.vendor, 0.0)
        self.said += [f"{line.severity}: {line.text}" for line in outcome.lines if not line.status]
        return outcome

    def _arm(self, scene: Scene, fault: Fault) -> None:
        machine, kind = self.machine, fault.kind
        machine.hangs, machine.refused = kind.hangs, False
        machine.stop = {
            "none": None,
            "plugin killed": machine.crash,
            "Ctrl-C": self.engine.cancel,
            "Ctrl-C twice": self._cancel_twice,
            "engine killed": lambda: machine.doom(at_once=True),
            "not saved": lambda: machine.doom(at_once=False),
            "vendor restarted": self.side.restart,
            "outage": self.proxy.refuse,
        }[fault.stop]
        if kind.refuses and not fault.number:
            self._refuse(kind)
        if fault.number <= AT_THE_CHANGE:
            changes = count(AT_THE_CHANGE, -1)
            self.proxy.meet = lambda exchange: self._at_a_change(scene, fault, exchange, changes)
        else:
            self.proxy.meet = lambda exchange: self._meeting(scene, fault, exchange)

    def _at_a_change(
        self, scene: Scene, fault: Fault, exchange: Exchange, changes: Iterator[int]
    ) -> Meeting | None:
        if not scene.changes(exchange) or next(changes) != fault.number:
            return None
        here = replace(fault, number=exchange.number)
        self.proxy.meet = lambda exchange: self._meeting(scene, here, exchange)
        return self._meeting(scene, here, exchange)

    def _meeting(self, scene: Scene, fault: Fault, exchange: Exchange) -> Meeting | None:
        """What meets an exchange. Connections that are to be refused are so after the one before."""
        kind, number, at = fault.kind, exchange.number, fault.number

        def last(proxy: Proxy, exchange: Exchange, client: Client) -> None:
            answer = proxy.forward(exchange).with_header("Connection", "close")
            self._refuse(kind)
            client.send(answer.head(len(answer.body)) + answer.body)
            client.close()

        def meet(proxy: Proxy, exchange: Exchange, client: Client) -> None:
            self.machine.struck += 1
            kind.meet(scene, exchange, client)

        if kind.refuses:
            return last if number == at - 1 else None
        return meet if number == at or (kind.lasts and number > at) else None

    def _refuse(self, kind: Kind) -> None:
        self.machine.refused = True
        self.proxy.refuse()
        if not kind.lasts:
            self.clock.after(3.0, self._accept)

    def _accept(self) -> None:
        self.machine.refused = False
        self.proxy.listen()

    def _cancel_twice(self) -> None:
        self.engine.cancel()
        threading.Thread(target=self.engine.cancel, name="second Ctrl-C", daemon=True).start()

    def sample_url(self, file: str) -> str:
        return self.side.sample_url(file)

    # -- there and back ------------------------------------------------------------------------------------

    def kept(self) -> Kept:
        files = (path for path in self.machine.home.rglob("*") if path.is_file())
        home = {str(path.relative_to(self.machine.home)): path.read_bytes() for path in files}
        return Kept(self.clock.now(), self.side.snapshot(), self.engine.store.file.read_bytes(), home)

    def back(self, kept: Kept, skew: float = 0.0) -> None:
        self.clock.set(kept.now)
        self.side.restore(kept.voices, skew)
        for name, value in self.switches.items():
            self.side.switch(name, value)
        self.engine.store.file.write_bytes(kept.state)
        self.machine.new_home()
        for name, content in kept.home.items():
            path = self.machine.home / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        self.said = []

    def forget(self) -> None:
        """Neither state nor machine know of anything any more; what the vendors have stays."""
        self.engine.store.remove()
        self.engine.store.create()
        self.machine.new_home()
