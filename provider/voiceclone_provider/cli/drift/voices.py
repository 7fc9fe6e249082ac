"""What a voice's properties in an event mean, by the lifecycle's own rules. No network."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from ...core.redaction import SHOWN
from ...lifecycle.check import has_sample
from ...lifecycle.diff import diff, trains
from ...vendors import VENDORS
from ...vendors.base import Status
from ...voice.fingerprint import EXTERNAL
from ...voice.state import VoiceState
from ..plans import properties
from ..stacks import vendor_of
from .events import Step
from .finding import Difference

_LONGEST: Final = 60
_HASH: Final = 12


def state_of(outputs: Mapping[str, Any]) -> VoiceState:
    return VoiceState.parse(properties(outputs))


def changed(step: Step) -> tuple[Difference, ...]:
    """What a refresh found to differ. The plugin's provider says which properties; the dynamic one cannot,
    and is asked as the engine would: what must be done to the voice as it is, so that it is as it was."""
    names = set(step.diffs)
    vendor = vendor_of(step.type)
    if not names and vendor is not None:
        inputs = properties(step.inputs)
        wanted = properties(step.old_inputs)
        names = set(diff(VENDORS[vendor], step.id, state_of(step.outputs), inputs, wanted).changes)
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
    if state.trained_on == EXTERNAL and has_sample(VENDORS[vendor].facts, properties(step.inputs)):
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
    inputs = properties(step.inputs)
    return trains(VENDORS[vendor], state_of(step.outputs), inputs, properties(step.old_inputs) or inputs)


def hides(values: Mapping[str, Any]) -> bool:
    """Whether something of it is secret."""
    return SHOWN in json.dumps(values)


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
