"""What a command shows, and what it writes to an event log.

Like the real CLI's display without a terminal, as far as people and tests read it: a line when something
happens to a resource, and at the end what was told of each, the outputs and a summary.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, TextIO

from .engine import Done, Listener, Outcome, Told
from .reading import Refresh
from .resources import ROOT_TYPE, State, is_default_provider, name_of, type_of
from .steps import Step
from .values import UNKNOWN, Asset, Reference, Secret
from .wire import UNKNOWN_TEXT, asset_as_object

BANNER: Final = (
    "A stand-in for Pulumi's engine, for trying and testing on this machine only; it is not Pulumi."
)
_SIGNS: Final = {
    "create": "+ ",
    "update": "~ ",
    "delete": "- ",
    "create-replacement": "++",
    "delete-replaced": "--",
    "replace": "+-",
    "read": "> ",
    "import": "= ",
    "refresh": "~ ",
}
_DOING: Final = {
    "create": "creating",
    "update": "updating",
    "delete": "deleting",
    "create-replacement": "creating replacement",
    "delete-replaced": "deleting original",
    "read": "reading",
    "import": "importing",
    "refresh": "refreshing",
}
_DID: Final = {
    "create": "created",
    "update": "updated",
    "delete": "deleted",
    "create-replacement": "created replacement",
    "delete-replaced": "deleted original",
    "replace": "replaced",
    "read": "read",
    "import": "imported",
}


class Display(Listener):
    """Shows one command.

    Arguments:
        events: a file that takes the engine's events, one in a line.
        quiet: show nothing of what is under way.
    """

    def __init__(self, out: TextIO, *, events: Path | None = None, quiet: bool = False) -> None:
        self._out = out
        self._quiet = quiet
        self._events = events
        self._lock = threading.Lock()
        self._under_way: dict[str, str] = {}
        self._begun = time.monotonic()
        self._preview = False

    # -- while it runs -------------------------------------------------------------------------------------

    def headline(self, text: str, *, preview: bool) -> None:
        self._begun, self._preview = time.monotonic(), preview
        self._print(f"{text}:\n", always=True)

    def line(self, told: Told) -> None:
        if told.severity == "debug":
            return
        if told.urn:
            severity = "" if told.status or told.severity == "info" else f"{told.severity}: "
            first = told.text.strip().partition("\n")[0]
            self._print(f"{self._resource(told.urn)}{severity}{first}")
        self._log("diagnosticEvent", {"urn": told.urn, "severity": told.severity, "message": told.text})

    def begun(self, step: Step) -> None:
        urn, op = step.resource.urn, step.op
        if op in _DOING and not is_default_provider(urn):
            with self._lock:
                self._under_way[urn] = f"{_SIGNS.get(op, '  ')} "
            self._print(f"{self._resource(urn)}{op if self._preview else _DOING[op]}")
        self._log("resourcePreEvent", {"metadata": _metadata(step, op)})

    def ended(self, done: Done) -> None:
        step, op = done.step, done.op
        if isinstance(step, Refresh) and done.error is None:
            op = step.result
        if done.error is not None:
            self._print(f"{self._resource(done.urn)}**{_DOING.get(done.op, done.op)} failed**")
            self._log("resOpFailedEvent", {"metadata": _metadata(step, op)})
            return
        if done.op in _DOING and not self._preview and not is_default_provider(done.urn):
            self._print(f"{self._resource(done.urn)}{_DID.get(op, 'done')}")
        self._log("resOutputsEvent", {"metadata": _metadata(step, op)})

    def _resource(self, urn: str) -> str:
        sign = self._under_way.get(urn, "   ")
        return f" {sign}{type_of(urn)} {name_of(urn)} "

    # -- at the end ----------------------------------------------------------------------------------------

    def summary(self, outcome: Outcome, stack: State | None, *, preview: bool) -> None:
        self._diagnostics(outcome)
        self._outputs(stack)
        self._counts(outcome, preview=preview)
        self._log("summaryEvent", {"resourceChanges": outcome.changes})

    def _diagnostics(self, outcome: Outcome) -> None:
        told: dict[str, list[Told]] = {}
        for line in outcome.lines:
            if not line.status and line.severity != "debug":
                told.setdefault(line.urn, []).append(line)
        if not told:
            return
        self._print("Diagnostics:", always=True)
        for urn, lines in told.items():
            self._print(f"  {type_of(urn)} ({name_of(urn)}):" if urn else f"  {ROOT_TYPE}:", always=True)
            for line in lines:
                severity = "" if line.severity == "info" else f"{line.severity}: "
                text = line.text.rstrip().replace("\n", "\n    ")
                self._print(f"    {severity}{text}", always=True)
            self._print("", always=True)

    def _outputs(self, stack: State | None) -> None:
        outputs = (stack.outputs or {}) if stack is not None else {}
        if not outputs:
            return
        self._print("Outputs:", always=True)
        width = max(map(len, outputs))
        for name, value in outputs.items():
            self._print(f"    {name:{width}}: {_written(value)}", always=True)
        self._print("", always=True)

    def _counts(self, outcome: Outcome, *, preview: bool) -> None:
        counts = outcome.changes
        failed = sum(done.error is not None for done in outcome.steps)
        self._print("Resources:", always=True)
        for op, count in counts.items():
            if op != "same":
                did = f"to {op}" if preview else _DID.get(op, op)
                self._print(f"    {_SIGNS.get(op, '  ').strip()} {count} {did}", always=True)
        if counts.get("same"):
            self._print(f"    {counts['same']} unchanged", always=True)
        if failed:
            self._print(f"    {failed} errored", always=True)
        self._print(f"\nDuration: {time.monotonic() - self._begun:.0f}s\n", always=True)

    # -- writing -------------------------------------------------------------------------------------------

    def _print(self, text: str, *, always: bool = False) -> None:
        if self._quiet and not always:
            return
        with self._lock:
            print(text, file=self._out, flush=True)

    def _log(self, kind: str, event: Mapping[str, Any]) -> None:
        if self._events is None:
            return
        with self._lock, self._events.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"timestamp": int(time.time()), kind: event}) + "\n")


def _metadata(step: Step, op: str) -> dict[str, Any]:
    resource = step.resource
    return {
        "op": op,
        "urn": resource.urn,
        "type": resource.type,
        "old": _state(step.old),
        "new": _state(step.new),
        "logical": step.logical,
        "provider": resource.provider,
    }


def _state(state: State | None) -> dict[str, Any] | None:
    if state is None:
        return None
    return {
        "type": state.type,
        "urn": state.urn,
        "custom": state.custom,
        "id": state.id,
        "parent": state.parent,
        "inputs": shown(state.inputs),
        "outputs": shown(state.outputs or {}),
        "provider": state.provider,
    }


def shown(value: Any, *, secrets: bool = False) -> Any:
    """A value as JSON; secrets are hidden unless they are asked for."""
    if isinstance(value, Secret):
        return shown(value.value, secrets=True) if secrets else "[secret]"
    if isinstance(value, Mapping):
        return {name: shown(child, secrets=secrets) for name, child in value.items()}
    if isinstance(value, list):
        return [shown(child, secrets=secrets) for child in value]
    if value is UNKNOWN:
        return UNKNOWN_TEXT
    if isinstance(value, Reference):
        return {"urn": value.urn, "id": shown(value.id), "packageVersion": ""}
    return asset_as_object(value) if isinstance(value, Asset) else value


def _written(value: Any) -> str:
    if value is UNKNOWN:
        return "[unknown]"
    return json.dumps(shown(value), ensure_ascii=False)
