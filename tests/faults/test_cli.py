"""The everyday part of the matrix through the real CLI, with both faces: the request that costs money.

Each kind of fault, and each way to be stopped, meets the create and the retraining of each vendor; faces take
turns. The first `up` may fail, if it says so cleanly; of the next two, one must succeed.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product

import pytest

from engine.emulator import Emulator
from engine.faces import FACES, Face
from engine.stack import Result, Stack
from engine.voices import ALL, Vendor

from .catalogue import KINDS
from .cells import Result as Record
from .clock import VirtualClock
from .conftest import CELL
from .http import Answer
from .kinds import Scene
from .proxy import Client, Exchange, Meeting, Proxy

EVERY = bool(os.environ.get("VOICECLONE_ALL_FAULTS"))
EVERYDAY = (
    ("reset after", "none"),
    ("cut in the body", "none"),
    ("502 page after", "none"),
    ("429 for 2 s", "none"),
    ("JSON of another", "none"),
    ("nothing", "plugin killed"),
    ("nothing", "Ctrl-C"),
    ("nothing", "Ctrl-C twice"),
    ("nothing", "engine killed"),
    ("closed after", "plugin killed"),
)
"""The everyday part: faults after which the vendor shows at once what it did; nothing has to settle."""

SAMPLE = 19


@dataclass(frozen=True)
class Visit:
    vendor: Vendor
    change: str
    kind: str
    stop: str
    face: str

    @property
    def id(self) -> str:
        return f"{self.vendor.key} {self.change}|{self.kind}|{self.stop}|{self.face}"

    @property
    def trainings(self) -> int:
        return 2 if self.change == "retrain" and self.vendor.keeps_id else 1

    @property
    def call(self) -> tuple[str, str]:
        return self.vendor.costly.get(self.change) or self.vendor.costly["create"]


def visits() -> list[Visit]:
    faces = list(FACES)
    every = [
        Visit(vendor, change, kind, stop, faces[(number + turn) % len(faces)])
        for (number, vendor), (turn, change), (kind, stop) in product(
            enumerate(ALL), enumerate(("create", "retrain")), EVERYDAY
        )
    ]
    return every if EVERY else every[::SAMPLE]


VISITS = visits()


class StoppingProxy(Proxy):
    """Calls `forwarded` when the vendor has got a request, and the provider has not got the answer yet."""

    def __init__(self, upstream: int) -> None:
        super().__init__(upstream)
        self.forwarded: Callable[[], None] | None = None

    def forward(self, exchange: Exchange) -> Answer:
        answer = super().forward(exchange)
        forwarded, self.forwarded = self.forwarded, None
        if forwarded is not None:
            forwarded()
        return answer


class NoLag:
    """Reads through the CLI are as old as they are."""

    def lag(self, vendor: str, seconds: float) -> None:
        raise AssertionError("no fault of every day is a stale read")


class StandingClock(VirtualClock):
    """Faults through the CLI take the time that they take."""

    def advance(self, seconds: float) -> None:
        time.sleep(seconds)


@pytest.fixture
def face(visit: Visit) -> Face:
    return FACES[visit.face]


@pytest.fixture
def stack_type(face: Face) -> type[Stack]:
    return face.stack


@pytest.fixture
def proxy(emulator: Emulator) -> Iterator[StoppingProxy]:
    made = StoppingProxy(int(emulator.url.rpartition(":")[2]))
    yield made
    made.close()


@pytest.fixture
def stack(new_stack: Callable[[Emulator], Stack], emulator: Emulator, proxy: Proxy) -> Stack:
    """A stack that reaches its vendors through the proxy."""
    made = new_stack(emulator)
    for name, value in emulator.environment.items():
        made.environment[name] = value.replace(emulator.url, proxy.url)
    return made


@pytest.mark.timeout(900)
@pytest.mark.parametrize("visit", VISITS, ids=[visit.id for visit in VISITS])
def test_after_a_fault_of_every_day(
    request: pytest.FixtureRequest, stack: Stack, emulator: Emulator, proxy: StoppingProxy, visit: Visit
) -> None:
    vendor = visit.vendor
    record = Record(visit.id, vendor.key, f"{visit.change}, CLI, {visit.face}")
    request.node.user_properties.append((CELL, made := record.record()))
    made["problems"] = {"not converged": "see the test's own words"}
    take = 1
    if visit.change == "retrain":
        stack.program({"voice": vendor.resource(emulator)})
        stack.up()
        take = 2
    stack.program({"voice": vendor.resource(emulator, take=take)})
    first = disturbed(stack, proxy, visit)
    if first.code:
        assert_clean(first, visit)
    converges(stack)
    voices = emulator.voices(vendor.key)
    (voice,) = (each for each in voices if each["status"] != "deleted")
    state = stack.resource()
    assert (state["id"], state["outputs"]["status"], voice["status"]) == (voice["id"], "Ready", "ready")
    assert voice["trainings"] == visit.trainings
    made["problems"] = {}


def assert_clean(result: Result, visit: Visit) -> None:
    """Told in words. Pulumi's own runner of Python programs leaves a trace when the engine ends it."""
    assert visit.stop != "none" or result.told("error"), result.text
    for noise in ("panic:", "bug in the voiceclone provider", "pulumi/dynamic", "voiceclone_provider/"):
        assert noise not in result.text


def converges(stack: Stack) -> None:
    results = [stack.run("up", "--yes", "--skip-preview")]
    if results[0].code:
        results.append(stack.run("up", "--yes", "--skip-preview"))
    assert results[-1].code == 0, "\n\n".join(result.text for result in results)
    # The engine itself cannot know what became of creates, and keeps them in mind until it is told.
    stack.refresh("--clear-pending-creates")
    stack.nothing_to_do()


def disturbed(stack: Stack, proxy: StoppingProxy, visit: Visit) -> Result:
    """An `up` that meets the fault, and is stopped at that moment."""
    process = stack.start("up", "--yes", "--skip-preview")
    kind, reached = KINDS[visit.kind], threading.Event()
    scene = Scene(visit.vendor.key, proxy, StandingClock(), NoLag(), lambda exchange: True)

    def meet(proxy: Proxy, exchange: Exchange, client: Client) -> None:
        kind.meet(scene, exchange, client)

    def choose(exchange: Exchange) -> Meeting | None:
        request, (method, path) = exchange.request, visit.call
        if reached.is_set() or request.method != method or not request.path.startswith(path):
            return None
        proxy.forwarded = lambda: stop(stack, process, visit.stop)
        reached.set()
        return meet

    proxy.begin(choose)
    if visit.stop == "engine killed":
        assert reached.wait(120)
        stack.kill(process)
        return Result(-1, "", "")
    out, err = process.communicate(timeout=180)
    proxy.begin()
    assert reached.is_set(), out + err
    return Result(process.returncode, out, err)


def stop(stack: Stack, process: subprocess.Popen[str], how: str) -> None:
    match how:
        case "plugin killed":
            for plugin in stack.plugins():
                os.kill(plugin, signal.SIGKILL)
        case "Ctrl-C":
            process.send_signal(signal.SIGINT)
        case "Ctrl-C twice":
            process.send_signal(signal.SIGINT)
            time.sleep(0.3)
            process.send_signal(signal.SIGINT)
        case "engine killed":
            process.kill()
