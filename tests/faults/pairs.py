"""Two voices of one vendor in one `up`, a fault at one of their requests: none may be taken for the other."""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from engine.voices import ALL, Vendor

from .bench import AT_THE_CHANGE, Bench, Fault, Kept
from .catalogue import KINDS
from .cells import DOUBT, LATE, TRACES, Result
from .kinds import Scene
from .operations import must
from .proxy import Exchange

NAMES: Final = {"same": ("chorus", "chorus"), "different": ("alto", "bass"), "automatic": (None, None)}

_STRIKES: Final = (
    ("reset before", "none"),
    ("reset after", "none"),
    ("504, effect 11 s later", "none"),
    ("504, effect 40 s later", "none"),
    ("hang after", "none"),
    ("429 for 2 s", "none"),
    ("nothing", "plugin killed"),
    ("nothing", "Ctrl-C"),
    ("nothing", "engine killed"),
    ("nothing", "not saved"),
    ("reset after", "engine killed"),
)
_UPS = 3
_GAP = 1.0


@dataclass(frozen=True)
class Pair:
    """What is declared: the second voice is trained on what the first one is trained on at the other time."""

    vendor: Vendor
    operation: str
    names: str

    @property
    def key(self) -> str:
        return f"{self.vendor.key} {self.operation} of two, {self.names} names"

    def program(self, bench: Bench, *, again: bool) -> dict[str, Any]:
        takes = (2, 1) if again else (1, 2)
        resources = {}
        for resource, name, take in zip(("first", "second"), NAMES[self.names], takes, strict=True):
            named = {"name": name} if "name" in self.vendor.properties else {}
            resources[resource] = self.vendor.resource(bench, take, **named)
        return {"resources": resources}

    def changes(self, exchange: Exchange) -> bool:
        paths = {path for method, path in self.vendor.costly.values() if method == "POST"}
        request = exchange.request
        return request.method in ("PUT", "DELETE") or (request.method == "POST" and request.path in paths)


@dataclass(frozen=True)
class Met:
    """A pair without a fault: what was before its `up`, and what is to be after it."""

    pair: Pair
    kept: Kept
    before: frozenset[str]
    audio: Mapping[str, str | None]
    trainings: int


def pairs() -> Iterator[Pair]:
    for vendor in ALL:
        if "name" not in vendor.properties:
            yield from (Pair(vendor, operation, "automatic") for operation in ("create", "retrain"))
            continue
        for names in ("same", "different"):
            yield from (Pair(vendor, operation, names) for operation in ("create", "retrain"))
        if not vendor.takes_handles:
            yield Pair(vendor, "create", "automatic")


def strikes(pair: Pair) -> Iterator[Fault]:
    """Faults at one of the first requests that change something."""
    places = 4 if pair.vendor.key == "qiniu" and pair.operation == "create" else 2
    for place in range(places):
        for kind, stop in _STRIKES:
            yield Fault(KINDS[kind], AT_THE_CHANGE - place, stop)


def meet(bench: Bench, pair: Pair, kept: Kept) -> Met:
    """Let it happen without a fault."""
    bench.back(kept)
    if pair.operation == "retrain":
        must(bench.run(partial(bench.engine.up, pair.program(bench, again=False))), pair.key)
        bench.clock.advance(_GAP)
    ready, before = bench.kept(), frozenset(voice.id for voice in bench.side.voices(pair.vendor.key))
    must(bench.run(partial(bench.engine.up, _wanted(pair, bench))), pair.key)
    voices = {voice.id: voice for voice in bench.side.voices(pair.vendor.key)}
    audio = {name: voices[voice_id].audio for name, voice_id in ids(bench).items()}
    return Met(pair, ready, before, audio, sum(voice.trainings for voice in voices.values()))


def cell_id(pair: Pair, fault: Fault) -> str:
    """As it is told, and asked for with VOICECLONE_CELLS."""
    return f"{pair.key}|change {AT_THE_CHANGE - fault.number + 1}|{fault.kind.name}|{fault.stop}"


def disturbed(bench: Bench, met: Met, fault: Fault, strangers: frozenset[str]) -> Result:
    """The same with a fault, and what a user does then; and the judgement."""
    pair, key = met.pair, cell_id(met.pair, fault)
    random.seed(zlib.crc32(key.encode()))
    bench.back(met.kept)
    bench.machine.struck = 0
    scene = Scene(pair.vendor.key, bench.proxy, bench.clock, bench.side, pair.changes, strangers)
    up = partial(bench.engine.up, _wanted(pair, bench))
    bench.run(up, scene, fault)
    result = Result(key, pair.vendor.key, f"{pair.operation} of two", struck=bench.machine.struck > 0)
    for _ in range(_UPS):
        bench.clock.advance(_GAP)
        last = bench.run(up)
        if last.succeeded:
            break
    else:
        result.problems["not converged"] = "; ".join(last.told("error"))[:300]
    bench.clock.advance(LATE)
    _compare(bench, met, strangers, result)
    result.said = "\n".join(bench.said)
    if any(trace in result.said for trace in TRACES):
        result.problems["tracebacks"] = "see what was said"
    if result.problems.keys() <= {"orphans", "double trainings"}:
        _excuse(result, bench)
    return result


def _compare(bench: Bench, met: Met, strangers: frozenset[str], result: Result) -> None:
    ours, problems = ids(bench), result.problems
    voices = {voice.id: voice for voice in bench.side.voices(met.pair.vendor.key)}
    if len(set(ours.values())) != 2 or any(voices[i].deleted for i in ours.values() if i in voices):
        problems["lost IDs"] = f"the state has {ours}"
        return
    wrong = {name: i for name, i in ours.items() if i not in voices or voices[i].audio != met.audio[name]}
    if wrong:
        problems["lost IDs"] = f"another voice's training: {wrong}"
    left = [v.id for v in voices.values() if not v.deleted and v.status != "failed"]
    left = [i for i in left if i not in {*ours.values(), *strangers}]
    if left:
        problems["orphans"] = ", ".join(left)
    extra = sum(voice.trainings for voice in voices.values()) - met.trainings
    if extra > 0:
        problems["double trainings"] = f"{extra} more than needed"
    requests = bench.side.requests()
    outcome = bench.run(lambda: bench.engine.up(_wanted(met.pair, bench), refresh=True))
    if not outcome.succeeded or outcome.changed or bench.side.requests() != requests:
        problems["not converged"] = (
            f"a refresh and an update later: {outcome.changes} {outcome.told('error')}"
        )


def _excuse(result: Result, bench: Bench) -> None:
    """The user was told of what is left, or that something may be."""
    told = [line for line in bench.said if line.startswith(("error", "warning"))]
    orphans = [each for each in result.problems.get("orphans", "").split(", ") if each]
    named = [line for line in told if any(each in line for each in orphans)]
    doubts = [line for line in told if DOUBT in line]
    if result.problems and (doubts or (orphans and all(any(o in line for line in named) for o in orphans))):
        result.asked, result.problems = (doubts or named)[-1], {}


def _wanted(pair: Pair, bench: Bench) -> dict[str, Any]:
    return pair.program(bench, again=pair.operation == "retrain")


def ids(bench: Bench) -> dict[str, str]:
    """The voices in the state by their resources' names."""
    states = bench.engine.snapshot().resources
    found = [state for state in states if state.type.startswith("voiceclone:") and not state.delete]
    return {state.urn.rpartition("::")[2]: str(state.id) for state in found}
