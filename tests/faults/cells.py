"""The matrix: an operation, a fault at one of its exchanges, a way to be stopped; and what came of it."""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from standin import Outcome

from .aftermath import AFTERMATHS, LOST, WORST, WORST_OPERATIONS, happens, unknowable
from .bench import STOPS, Bench, Fault
from .catalogue import KINDS
from .kinds import Scene, fits
from .operations import Clean, Story, ids_in_state, program
from .vendors import Seen

STOPPED = (
    "nothing",
    "reset before",
    "reset after",
    "hang after",
    "504 page",
    "504, effect 11 s later",
    "200 page after",
    "429 for 2 s",
    "stale for 9 s",
)
"""Kinds that are tried with every way to be stopped; the others with none."""

FEW = {
    "reset before": False,
    "connection refused": False,
    "hang before": False,
    "cut in the body": False,
    "500 page": False,
    "503 lasting": False,
    "404 JSON": False,
    "401 lasting": False,
    "429 lasting": False,
    "JSON of another": False,
    "odd data": False,
    "empty listing": False,
    "ours not listed": False,
    "always more": False,
    "stale for 9 s": False,
    "nothing": True,
    "reset after": True,
    "504, effect 11 s later": True,
    "200 page after": False,
    "odd code after": False,
}
"""Kinds for exchanges that repeat what others are; whether they are tried with every way to be stopped, too.
Of kinds that look alike to the provider, one."""

REPEATING = ("create unnamed", "rename", "replace")
"""Operations that consist of the requests of others."""

PROBLEMS = (
    "orphans",
    "double trainings",
    "false deletions",
    "lost IDs",
    "not converged",
    "tracebacks",
    "untold",
)

_UPS = 2
TRACES = ("Traceback (most recent", "bug in the voiceclone provider", "nexpected", "unexpectedly (")
DOUBT = "may or may not"
_LONGEST = 2 * 1800.0
"""Seconds that a command may take: as long as it may wait for a training, and as long again."""
LATE = 120.0
"""Seconds after which everything that a gateway held back has arrived."""


@dataclass(frozen=True)
class Cell:
    story: Story
    fault: Fault
    call: str
    after: str = ""

    @property
    def id(self) -> str:
        """As it is told, and asked for with VOICECLONE_CELLS."""
        fault = self.fault
        then = f"|{self.after}" if self.after else ""
        return f"{self.story.key}|{fault.number} {self.call}|{fault.kind.name}|{fault.stop}{then}"


@dataclass
class Result:
    """What came of a cell: problems with what was seen, and whether the user was asked instead; or the column
    of what nobody could know (`allowed`)."""

    id: str
    vendor: str
    operation: str
    problems: dict[str, str] = field(default_factory=dict)
    asked: str = ""
    allowed: str = ""
    said: str = ""
    struck: bool = True

    def record(self) -> dict[str, Any]:
        """What the table needs."""
        kept = ("id", "vendor", "operation", "problems", "asked", "allowed")
        return {name: getattr(self, name) for name in kept}


def cells(clean: Clean) -> Iterator[Cell]:
    """Every cell of an operation, in the order of its exchanges."""
    for number, repeats in _places(clean):
        call = _call(clean, number)
        changes, answer = number in clean.changing, clean.answers[number]
        for kind in KINDS.values():
            if (kind.skew and number) or (repeats and kind.name not in FEW and not kind.skew):
                continue
            if not fits(kind, changes=changes, answer=answer, any_changes=bool(clean.changing)):
                continue
            stopped = FEW.get(kind.name, False) if repeats else kind.name in STOPPED
            for stop in STOPS if stopped else STOPS[:1]:
                if (kind.name, stop) != ("nothing", "none"):
                    yield Cell(clean.story, Fault(kind, number, stop), call)


def followed(clean: Clean) -> Iterator[Cell]:
    """Every cell after which something else happens: at an operation's changes, and the reads after them."""
    if clean.story.name not in WORST_OPERATIONS:
        return
    reads = {number + 1 for number in clean.changing} - clean.changing
    for number in sorted({*clean.changing, *(reads & {exchange.number for exchange in clean.exchanges})}):
        for (kind, stop), at_reads in WORST.items():
            for after in AFTERMATHS if at_reads or number in clean.changing else ():
                yield Cell(clean.story, Fault(KINDS[kind], number, stop), _call(clean, number), after)


def _call(clean: Clean, number: int) -> str:
    call = clean.exchanges[number].name
    if clean.voice_id:
        call = call.replace(clean.voice_id, "ID")
    return "/".join(part if len(part) < 24 else "ID" for part in call.split("/"))


def _places(clean: Clean) -> Iterator[tuple[int, bool]]:
    """Of a row of reads that are the same, the first and the last; with whether the place repeats another."""
    story = clean.story
    alike = story.name in REPEATING and not (story.name == "rename" and story.vendor.renaming == "call")
    rows = groupby(clean.exchanges, lambda exchange: (exchange.name, exchange.number in clean.changing))
    for _, row in rows:
        numbers = [exchange.number for exchange in row]
        yield numbers[0], alike
        if len(numbers) > 1:
            yield numbers[-1], True


def tried(bench: Bench, clean: Clean, cell: Cell, strangers: frozenset[str]) -> Result:
    """Do it, and judge."""
    random.seed(zlib.crc32(cell.id.encode()))
    story, fault = clean.story, cell.fault
    bench.back(clean.kept, fault.kind.skew)
    bench.machine.struck = 0
    began = bench.clock.now()
    scene = clean.scene(bench, strangers)
    first = bench.run(lambda: story.command(bench, clean.voice_id), scene, fault)
    row = cell.after or story.name
    result = Result(cell.id, story.vendor.key, row, struck=bench.machine.struck > 0)
    if bench.clock.now() - began > _LONGEST:
        result.problems["not converged"] = f"the command took {bench.clock.now() - began:.0f} s"
    if not first.succeeded and not first.killed and not first.told("error") and "C" not in fault.stop:
        result.problems["untold"] = "the command failed without a word"
    _converge(bench, clean, first, result, scene, cell.after)
    bench.clock.advance(LATE)
    _compare(bench, clean, strangers, result)
    said = "\n".join(bench.said)
    result.said = said[-6000:]
    if any(trace in said for trace in TRACES):
        result.problems["tracebacks"] = next(line for line in bench.said if any(t in line for t in TRACES))
    if result.problems and result.problems.keys() <= {"orphans", "double trainings", "not converged"}:
        _excuse(bench, clean, result, [line for line in bench.said if line.startswith(("error", "warning"))])
        silent = result.problems.keys() <= {"orphans", "double trainings"}
        if result.problems and silent and cell.after == LOST:
            result.allowed = unknowable(story.vendor.key, story.name, cell.call, fault.kind.name)
            result.problems = {} if result.allowed else result.problems
    return result


def _converge(bench: Bench, clean: Clean, first: Outcome, result: Result, scene: Scene, after: str) -> None:
    """What the user does next: an `up`, and another where that fails; before them an import, if need be. One
    that meets another fault does not count."""
    story, last = clean.story, first
    fault = happens(after, bench)
    if fault is not None:
        last = story.again(bench, clean.voice_id, scene, fault)
    imports = ups = 0
    while ups < _UPS + 2 and not (ups and last.succeeded and _is_there(bench, clean)):
        imports += story.name == "import" and not ids_in_state(bench)
        ups += story.name != "import" or bool(ids_in_state(bench)) or imports > _UPS
        last = story.again(bench, clean.voice_id)
        if after == LOST:  # a vendor may refuse what is in training, and nobody knows that it is
            bench.clock.advance(30.0)
    if ups > _UPS or not last.succeeded:
        errors = "; ".join(last.told("error"))[:300]
        result.problems["not converged"] = f"{ups} updates; {errors or 'then well'}"


def _is_there(bench: Bench, clean: Clean) -> bool:
    there = ids_in_state(bench)
    return not there if clean.story.then is None else len(there) == 1


def _compare(bench: Bench, clean: Clean, strangers: frozenset[str], result: Result) -> None:
    """With what the operation leaves when it is undisturbed."""
    story, problems = clean.story, result.problems
    key = story.vendor.key
    voices = {voice.id: voice for voice in bench.side.voices(key)}
    had, wanted = {v.id: v for v in clean.before}, {v.id: v for v in clean.voices}
    for voice in had.values():
        if not wanted[voice.id].deleted and voices[voice.id].deleted:
            problems["false deletions"] = voice.id
        if voice.id in strangers and (voices[voice.id].trainings, voices[voice.id].name) != (
            voice.trainings,
            voice.name,
        ):
            problems["double trainings"] = f"the stranger's {voice.id}"
    ours = ids_in_state(bench)
    extra = _trainings(voices) - _trainings(wanted)
    if extra > 0:
        problems["double trainings"] = f"{extra} more than needed"
    left = [
        v.id
        for v in voices.values()
        if _living(v) and v.id not in ours and not (v.id in wanted and v.id in had)
    ]
    left += [i for i in had if i in voices and _living(voices[i]) and wanted[i].deleted and i not in ours]
    if left:
        problems["orphans"] = ", ".join(left)
    if story.then is None:
        return
    if len(ours) != 1 or (clean.kept_id and ours != [clean.voice_id]):
        problems["lost IDs"] = f"the state has {ours}, not {clean.voice_id or 'one'}"
        return
    if "not converged" not in problems:
        _settled(bench, clean, voices.get(ours[0]), problems)


def _settled(bench: Bench, clean: Clean, voice: Seen | None, problems: dict[str, str]) -> None:
    """Nothing is left to do, and the voice is what the program declares."""
    story = clean.story
    (wanted,) = (
        v
        for v in clean.voices
        if _living(v)
        and (v.id == clean.voice_id if clean.kept_id else v.id not in {b.id for b in clean.before})
    )
    if voice is None or not _living(voice):
        problems["lost IDs"] = "the voice in the state is not there"
        return
    if (voice.status, voice.audio) != (wanted.status, wanted.audio) or (
        voice.name != wanted.name and story.vendor.rename
    ):
        problems["not converged"] = f"the voice is {voice.status}, {voice.name}, {voice.audio}"
    before = bench.side.requests()
    outcome = bench.run(lambda: bench.engine.up(program(story.then), refresh=True))
    if not outcome.succeeded or outcome.changed or bench.side.requests() != before:
        errors = "; ".join(outcome.told("error"))[:300]
        problems["not converged"] = f"a refresh and an update later: {outcome.changes} {errors}"


def _living(voice: Seen) -> bool:
    """A task that failed is no voice."""
    return not voice.deleted and voice.status != "failed"


def _trainings(voices: dict[str, Seen]) -> int:
    return sum(voice.trainings for voice in voices.values())


def _excuse(bench: Bench, clean: Clean, result: Result, told: list[str]) -> None:
    """Problems that the user was told of, in words that name the voice and say what to do. A voice whose
    create was never confirmed has no ID that could be told, but a name."""
    declared = str((clean.story.then or {}).get("properties", {}).get("name") or "voice-")
    names = {declared, *ids_in_state(bench), clean.voice_id} - {""}
    doubts = [line for line in told if DOUBT in line and any(name in line for name in names)]
    orphans = [orphan for orphan in result.problems.get("orphans", "").split(", ") if orphan]
    named = [line for line in told if orphans and any(orphan in line for orphan in orphans)]
    if doubts or (named and all(any(orphan in line for line in named) for orphan in orphans)):
        result.asked = f"{', '.join(result.problems)}: {(doubts or named)[-1]}"
        result.problems = {}
