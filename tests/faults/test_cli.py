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
    ("429 for 2 s", "none"),
    ("nothing", "plugin killed"),
    ("nothing", "Ctrl-C"),
    ("nothing", "Ctrl-C twice"),
    ("nothing", "engine killed"),
    ("closed after", "plugin killed"),
)
"""The everyday part: faults after which the vendor shows at once what it did; nothing has to settle. Of kinds
that look alike to the provider one, as the others meet it in one process."""

SAMPLE = 29
TRAINING = 15.0
"""Seconds that a training takes after a stop: a vendor without a counter shows it only while it runs, and the
next run needs some seconds to begin."""


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
    made["problems"] = {"not converged": "it ended before its faults were over"}
    take = 1
    if visit.change == "retrain":
        stack.program({"voice": vendor.resource(emulator)})
        stack.up()
        take = 2
    stack.program({"voice": vendor.resource(emulator, take=take)})
    if visit.stop != "none":
        emulator.switch(training_seconds=TRAINING)
    first = disturbed(stack, proxy, visit)
    made["problems"] = problems = unclean(first, visit) if first.code else {}
    results = [stack.run("up", "--yes", "--skip-preview")]
    if results[0].code:
        results.append(stack.run("up", "--yes", "--skip-preview"))
    said = "\n\n".join(result.text for result in (first, *results))
    if results[-1].code:
        problems["not converged"] = "two updates failed"
    else:
        # The engine itself cannot know what became of creates, and keeps them in mind until it is told.
        stack.refresh("--clear-pending-creates")
        problems |= compared(stack, emulator, visit)
    assert not problems, f"{problems}\n{said}"
    made["problems"] = {"not converged": "after a refresh there is something to do"}
    stack.nothing_to_do()
    made["problems"] = {}


def compared(stack: Stack, emulator: Emulator, visit: Visit) -> dict[str, str]:
    """The same columns as those of the cells in one process."""
    key = visit.vendor.key
    problems: dict[str, str] = {}
    ours = [each["id"] for each in stack.resources().values()]
    living = {voice["id"]: voice for voice in emulator.voices(key) if voice["status"] != "deleted"}
    if len(ours) != 1 or ours[0] not in living:
        problems["lost IDs"] = f"the state has {ours}"
    if left := living.keys() - set(ours):
        problems["orphans"] = ", ".join(sorted(left))
    trainings = sum(voice["trainings"] for voice in emulator.voices(key))
    wanted = 2 if visit.change == "retrain" else 1
    if trainings > wanted:
        problems["double trainings"] = f"{trainings - wanted} more than needed"
    if any(living[each]["status"] != "ready" for each in ours if each in living):
        problems["not converged"] = "the voice is not ready"
    return problems


def unclean(result: Result, visit: Visit) -> dict[str, str]:
    """Not told in words. Pulumi's own runner of Python programs leaves a trace when the engine ends it."""
    problems = {}
    if visit.stop == "none" and not result.told("error"):
        problems["untold"] = "the command failed without a word"
    for noise in ("panic:", "bug in the voiceclone provider", "pulumi/dynamic", "voiceclone_provider/"):
        if noise in result.text:
            problems["tracebacks"] = noise
    return problems


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
