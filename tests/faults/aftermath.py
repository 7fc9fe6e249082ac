"""What else may happen before the run that puts things right, or in it; and what nobody can know then."""

from __future__ import annotations

from typing import Final

from .bench import AT_THE_CHANGE, Bench, Fault
from .catalogue import KINDS

LOST: Final = "machine lost"
"""The journal and everything else that the provider keeps are gone, as with a runner that is made anew."""

HOURS: Final = "hours later"

SECOND_VOICE: Final = "second voice without the journal"
SECOND_TRAINING: Final = "second training without the journal"

_LONG = 5 * 3600.0

_FAULTS: Final = {
    "then reset after": Fault(KINDS["reset after"], AT_THE_CHANGE),
    "then 504 late": Fault(KINDS["504, effect 11 s later"], AT_THE_CHANGE),
    "then killed": Fault(KINDS["nothing"], AT_THE_CHANGE, "engine killed"),
    "then killed at once": Fault(KINDS["nothing"], 0, "plugin killed"),
}
"""Faults of the run that puts things right."""

AFTERMATHS: Final = (LOST, HOURS, *_FAULTS)

WORST: Final = {
    ("nothing", "engine killed"): True,
    ("nothing", "plugin killed"): True,
    ("nothing", "not saved"): True,
    ("reset after", "none"): False,
    ("504, effect 11 s later", "none"): False,
    ("504, effect 11 s later", "engine killed"): False,
}
"""What happens before: kinds and stops, and whether they are tried at reads, too."""

WORST_OPERATIONS: Final = ("create", "create unnamed", "retrain")

_NO_HANDLE: Final = {"create": ("volcengine", "coze", "qiniu"), "retrain": ("volcengine", "coze", "qiniu")}
"""Operations of vendors whose requests carry nothing by which another machine knows them again: Volcengine
is left to choose a slot, a chosen name proves nothing, and no training can be marked."""

_UNMARKED: Final = "POST /v1/voice-clones"
"""Makes a voice that gets our name only with its sample."""


def happens(after: str, bench: Bench) -> Fault | None:
    """Let it happen; returns the fault that the next command meets."""
    if after == LOST:
        bench.machine.new_home()
    elif after == HOURS:
        bench.clock.advance(_LONG)
    return _FAULTS.get(after)


def unknowable(vendor: str, operation: str, call: str, kind: str) -> str:
    """The column of what nobody can know without the journal; empty where it can be known."""
    if operation == "retrain" and vendor in _NO_HANDLE[operation]:
        return SECOND_TRAINING
    too_soon = kind == KINDS["504, effect 11 s later"].name and vendor != "kling"
    if vendor in _NO_HANDLE.get(operation, ()) or call == _UNMARKED or too_soon:
        return SECOND_VOICE
    return ""
