"""Misbehaviour on command: which fault meets which request, and how often."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from .wire import Call, Incoming

BEFORE = {"refuse", "reset-before", "timeout-before", "status", "html", "endless", "redirect"}
AFTER = {"reset-after", "timeout-after", "slow", "truncate", "not-json", "content-type"}
TRAINING = {"train-fail", "train-forever"}
KINDS = BEFORE | AFTER | TRAINING | {"stale"}


class BadFaultError(ValueError):
    pass


@dataclass(slots=True)
class Fault:
    id: int
    kind: str
    vendor: str | None = None
    method: str | None = None
    path: str | None = None
    voice: str | None = None
    times: int | None = 1
    """Nothing: until the faults are cleared."""
    hits: int = 0
    options: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        doc = asdict(self)
        doc |= doc.pop("options")
        return doc

    @property
    def spent(self) -> bool:
        return self.times is not None and self.hits >= self.times

    @property
    def applies_effect(self) -> bool:
        """Whether the request has its effect although the reply is spoilt."""
        return self.kind in AFTER or bool(self.options.get("after"))

    def seconds(self, default: float) -> float:
        return float(self.options.get("seconds", default))


_OPTIONS: dict[str, type | tuple[type, ...]] = {
    "code": (int, str),
    "message": str,
    "headers": dict,
    "body": (str, dict, list),
    "seconds": (int, float),
    "body_seconds": (int, float),
    "after": bool,
    "bytes": int,
    "action": str,
    "location": str,
}


def parse(number: int, doc: dict[str, Any]) -> Fault:
    kind = doc.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise BadFaultError(f"kind is one of {', '.join(sorted(KINDS))}")
    fault = Fault(number, kind)
    for name, value in doc.items():
        if name == "kind":
            continue
        if name == "times":
            if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
                raise BadFaultError("times is a whole number, or null or 0 for ever")
            fault.times = value or None
        elif name in ("vendor", "method", "path", "voice"):
            if value is not None and not isinstance(value, str):
                raise BadFaultError(f"{name} is a string")
            setattr(fault, name, value or None)
        elif name in _OPTIONS:
            if not isinstance(value, _OPTIONS[name]) or (isinstance(value, bool) and name != "after"):
                raise BadFaultError(f"{name} has the wrong type")
            fault.options[name] = value
        else:
            raise BadFaultError(f"a fault has no field {name}")
    if kind == "status" and not isinstance(fault.options.get("code"), int):
        raise BadFaultError("kind status wants a code, the HTTP status")
    if isinstance(status := fault.options.get("code"), int) and kind in BEFORE and not 200 <= status <= 599:
        raise BadFaultError("code is an HTTP status from 200 to 599")
    if fault.path:
        try:
            re.compile(fault.path)
        except re.error as bad:
            raise BadFaultError(f"path is neither a path nor a regular expression: {bad}") from bad
    return fault


class Faults:
    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._next = 1

    def add(self, doc: dict[str, Any]) -> Fault:
        fault = parse(self._next, doc)
        self._next += 1
        self._faults.append(fault)
        return fault

    def clear(self, number: int | None = None) -> None:
        self._faults = [fault for fault in self._faults if number is not None and fault.id != number]

    def all(self) -> list[Fault]:
        return list(self._faults)

    def _fitting(self, call: Call, method: str, path: str) -> list[Fault]:
        return [fault for fault in self._faults if not fault.spent and _scope(fault, call, method, path)]

    def take(self, call: Call, incoming: Incoming, aliases: Mapping[str, Collection[str]]) -> list[Fault]:
        """The faults that meet this request: the first one that spoils the reply, and any `stale`.

        `aliases` has, for each voice a fault names, every word the vendor knows it by.
        """
        met: list[Fault] = []
        spoilt = False
        for fault in self._fitting(call, incoming.method, incoming.path):
            if fault.kind in TRAINING or (call.changes if fault.kind == "stale" else spoilt):
                continue
            if fault.voice and not mentions(incoming, {fault.voice, *aliases.get(fault.voice, ())}):
                continue
            fault.hits += 1
            met.append(fault)
            spoilt = spoilt or fault.kind != "stale"
        return met

    def early(self, call: Call, method: str, path: str) -> Fault | None:
        """A `refuse` that needs no look at the body."""
        fitting = self._fitting(call, method, path)
        return _hit(fault for fault in fitting if fault.kind == "refuse" and not fault.voice)

    def take_training(self, call: Call, incoming: Incoming, names: Collection[str]) -> Fault | None:
        """The fault for a training that starts now."""
        fitting = self._fitting(call, incoming.method, incoming.path)
        return _hit(
            fault for fault in fitting if fault.kind in TRAINING and (not fault.voice or fault.voice in names)
        )

    def voices_named(self) -> set[str]:
        return {fault.voice for fault in self._faults if fault.voice and not fault.spent}


def _hit(faults: Iterable[Fault]) -> Fault | None:
    if fault := next(iter(faults), None):
        fault.hits += 1
    return fault


def _scope(fault: Fault, call: Call, method: str, path: str) -> bool:
    if fault.vendor and fault.vendor != call.vendor:
        return False
    if fault.method and fault.method.upper() != method:
        return False
    if (action := fault.options.get("action")) and action != call.action:
        return False
    return not fault.path or path.startswith(fault.path) or re.fullmatch(fault.path, path) is not None


def mentions(incoming: Incoming, words: Collection[str]) -> bool:
    """Whether path, query or body has one of the words, whole."""
    heap = "\n".join([incoming.path, *(value for _, value in incoming.query)]).encode("utf-8", "replace")
    for word in words:
        for spelt in {word, json.dumps(word)[1:-1]}:
            pattern = re.compile(rb"(?<![\w-])" + re.escape(spelt.encode("utf-8", "replace")) + rb"(?![\w-])")
            if pattern.search(heap) or pattern.search(incoming.body):
                return True
    return False
