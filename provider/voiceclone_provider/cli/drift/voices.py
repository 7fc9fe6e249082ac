"""What a voice's properties in an event mean, by the lifecycle's own rules. No network."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from pulumi.automation.events import OpType
from pulumi.runtime import rpc

from ...core.redaction import SHOWN
from ...core.values import Asset, Properties
from ...dynamic import wire
from ...lifecycle.check import has_sample
from ...lifecycle.diff import diff, trains
from ...plugin.codec import ASSET, SIGNATURE
from ...vendors import VENDORS
from ...vendors.base import Status
from ...voice.fingerprint import EXTERNAL
from ...voice.state import VoiceState
from ..stacks import vendor_of
from .events import Step
from .finding import Difference

_LONGEST: Final = 60
_HASH: Final = 12
_NOT_KNOWN: Final = (rpc.UNKNOWN, SHOWN)


def decode(properties: Mapping[str, Any]) -> Properties:
    """The properties of an event, of either face, as the lifecycle has them."""
    return wire.decode({name: _with_assets(value) for name, value in properties.items()})


def _with_assets(value: Any) -> Any:
    if isinstance(value, Mapping):
        if value.get(SIGNATURE) == ASSET:
            known = {key: item for key, item in value.items() if key in ("hash", "path", "uri", "text")}
            return Asset(**{"hash": "", **known})
        return {name: _with_assets(item) for name, item in value.items()}
    return [_with_assets(item) for item in value] if isinstance(value, list) else value


def state_of(outputs: Mapping[str, Any]) -> VoiceState:
    return VoiceState.parse(decode(outputs))


def changed(step: Step) -> tuple[Difference, ...]:
    """What a refresh found to differ. The plugin's provider says which properties; the dynamic one cannot,
    and is asked as the engine would: what must be done to the voice as it is, so that it is as it was."""
    names: set[str] = {name.split(".")[0].split("[")[0] for name in step.diffs}
    vendor = vendor_of(step.type)
    if not names and vendor is not None:
        names = set(_difference(vendor, step, step.old_inputs))
    if not names:
        names = {
            name
            for name in step.old_outputs.keys() | step.outputs.keys()
            if step.old_outputs.get(name) != step.outputs.get(name)
        }
    every = (
        Difference(name, *(shown(part.get(name)) for part in _parts(step, name))) for name in sorted(names)
    )
    return tuple(item for item in every if item.before != item.now and not item.property.startswith("__"))


def unhealed(step: Step) -> tuple[Difference, ...]:
    """What an earlier refresh, or an update that failed, left in the state of a voice: a refresh does not
    show it again."""
    vendor = vendor_of(step.type)
    if vendor is None:
        return ()
    state = state_of(step.outputs)
    found = []
    if state.trained_on == EXTERNAL and has_sample(VENDORS[vendor].facts, decode(step.inputs)):
        found.append(Difference("trainedOn", "", EXTERNAL))
    if not state.usable:
        found.append(Difference("status", str(Status.READY), str(state.status)))
    found += (Difference(name, "", shown(step.outputs.get(name))) for name in state.drift)
    return tuple(sorted(found, key=lambda item: item.property))


def healing_trains(step: Step) -> bool:
    """Whether it takes a training to have a voice, as a refresh found it, on what the stack declares."""
    vendor = vendor_of(step.type)
    if vendor is None:
        return False
    inputs = decode(step.inputs)
    return trains(VENDORS[vendor], state_of(step.outputs), inputs, decode(step.old_inputs) or inputs)


def hides(properties: Mapping[str, Any]) -> bool:
    """Whether something of it is secret."""
    return SHOWN in json.dumps(properties)


def trainings(step: Step) -> int:
    """How many trainings a planned step takes at most.

    A new voice takes one. Of an update, the plugin's preview says it: it promises `trainedOn` unless it must
    train. The dynamic provider has no preview, so its rule is applied here to what it would be given. What is
    secret or unknown counts as a training, and so does an update that only the journal of an interrupted run
    explains.
    """
    vendor = vendor_of(step.type)
    if vendor is None:
        return 0
    if step.op in (OpType.CREATE, OpType.CREATE_REPLACEMENT):
        return 1
    if step.op is not OpType.UPDATE:
        return 0
    if step.type.startswith("voiceclone:"):
        return int(step.outputs.get("trainedOn") in _NOT_KNOWN)
    state, olds, news = state_of(step.old_outputs), decode(step.old_inputs), decode(step.inputs)
    explained = bool(_difference(vendor, step, step.inputs, step.old_outputs, step.old_inputs))
    return int(not explained or trains(VENDORS[vendor], state, olds, news))


def _difference(
    vendor: str,
    step: Step,
    wanted: Mapping[str, Any],
    outputs: Mapping[str, Any] | None = None,
    inputs: Mapping[str, Any] | None = None,
) -> Mapping[str, Any]:
    """What the lifecycle would do to a voice of these outputs and inputs (by default: after the step)."""
    had = decode(step.inputs if inputs is None else inputs)
    state = state_of(step.outputs if outputs is None else outputs)
    return diff(VENDORS[vendor], step.id, state, had, decode(wanted)).changes


def _parts(step: Step, name: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    if name in step.old_outputs or name in step.outputs:
        return step.old_outputs, step.outputs
    return step.old_inputs, step.inputs


def shown(value: Any) -> str:
    """A value in a line: hashes and long texts are cut."""
    if value is None:
        return ""
    if isinstance(value, Mapping) and isinstance(value.get("hash"), str):
        value = value["hash"]  # an asset
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
    if len(text) == 64 and all(letter in "0123456789abcdef" for letter in text):
        return f"{text[:_HASH]}…"
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
