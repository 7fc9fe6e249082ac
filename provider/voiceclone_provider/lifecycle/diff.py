"""Diff: what a change of inputs means for a voice that exists.

Pure and symmetric (a refresh calls it with old and new swapped), without network, never failing. What a
training used is compared with the state's `trainedOn`, not with old inputs: after a failed update new
outputs stand beside old inputs.
"""

from __future__ import annotations

from typing import Any

from ..core.ports import Change, Difference
from ..core.values import Properties, contains_unknown
from ..vendors.base import Status, Vendor
from ..voice.fingerprint import canonical, fingerprint
from ..voice.state import VoiceState
from .check import has_sample

_STABLE = ("voiceId", "account", "createdAt")


def diff(
    vendor: type[Vendor[Any]],
    voice_id: str,
    state: VoiceState,
    old_inputs: Properties | None,
    news: Properties,
    *,
    interrupted: bool = False,
) -> Difference:
    """What must be done so that the voice is as `news` say.

    `interrupted`: a run that was killed left a training or a voice that only an update can settle.
    """
    facts = vendor.facts
    olds = old_inputs if old_inputs is not None else _shown(state, news)
    changes: dict[str, Change] = {}
    outputs: set[str] = set()

    for name in facts.replacing_inputs:
        if _replaces(vendor, name, voice_id, state, olds, news):
            changes[name] = _kind(name, olds, news, replaces=True)

    trained = training_changes(vendor, state, olds, news)
    for name in trained:
        changes[name] = _kind(name, olds, news, replaces=not facts.retrains)
        if name not in facts.training_inputs:
            outputs.add(name)

    if facts.rename == "call" and "name" not in changes and _renamed(state, olds, news):
        changes["name"] = _kind("name", olds, news, replaces=False)

    if not state.usable:
        dead = state.status is Status.FAILED and not facts.retrains and has_sample(facts, news)
        changes["status"] = Change.UPDATE_REPLACE if dead else Change.UPDATE
        outputs.add("status")

    if interrupted or (state.usable and state.pending is not None):
        changes["pendingTraining"] = Change.UPDATE
        outputs.add("pendingTraining")

    for name in state.drift:  # found by a refresh, and not reported by an update yet
        if name not in changes:
            changes[name] = Change.UPDATE
            outputs.add(name)

    for name in sorted(_free(vendor)):
        if canonical(name, olds.get(name)) != canonical(name, news.get(name)):
            changes[name] = _kind(name, olds, news, replaces=False)
    return Difference(changes, frozenset(outputs), _STABLE)


def training_changes(
    vendor: type[Vendor[Any]], state: VoiceState, olds: Properties, news: Properties
) -> list[str]:
    """The properties that make another training necessary; empty when none is.

    Without a sample nothing can be trained, so a voice that lost its sample stays as it is. For an
    imported voice nobody knows what it was trained on: its declared inputs are taken for it, and only a
    later change of one of them counts.
    """
    facts = vendor.facts
    if not has_sample(facts, news):
        return []
    differing = [
        name
        for name in facts.training_inputs
        if canonical(name, olds.get(name)) != canonical(name, news.get(name))
    ]
    trained_on = state.known_training
    if trained_on is None:
        return [name for name in differing if olds.get(name) is not None and news.get(name) is not None]
    wanted = fingerprint(vendor, news)
    if wanted is not None and wanted == trained_on:
        return []
    return differing or ["trainedOn"]


def trains(
    vendor: type[Vendor[Any]], state: VoiceState, old_inputs: Properties | None, news: Properties
) -> bool:
    """Whether an update must train the voice, because of its inputs or because it cannot be used."""
    olds = old_inputs if old_inputs is not None else _shown(state, news)
    if training_changes(vendor, state, olds, news):
        return True
    if not has_sample(vendor.facts, news) or state.usable:
        return False
    # An imported voice that somebody is training is left to them.
    return state.known_training is not None or state.status is not Status.TRAINING


def _shown(state: VoiceState, news: Properties) -> Properties:
    """The inputs as the outputs show them, where the engine has no inputs."""
    return {name: state.shown[name] for name in news if name in state.shown}


def _replaces(
    vendor: type[Vendor[Any]],
    name: str,
    voice_id: str,
    state: VoiceState,
    olds: Properties,
    news: Properties,
) -> bool:
    new = news.get(name)
    if new is None:
        return False  # left out: whatever it is
    if name == vendor.facts.recovery.voice_input:  # the slot that was taken is as good
        return contains_unknown(new) or new != voice_id
    declared, shown = olds.get(name), state.shown.get(name)
    old = shown or declared if name == "name" else declared or shown
    if old is None and state.known_training is None:
        return False  # newly declared on an imported voice
    if old is None:
        old = vendor.facts.implied.get(name)
    return bool(canonical(name, old) != canonical(name, new))


def _renamed(state: VoiceState, olds: Properties, news: Properties) -> bool:
    old = state.shown.get("name", olds.get("name"))
    return old is not None and news.get("name") is not None and old != news["name"]


def _free(vendor: type[Vendor[Any]]) -> set[str]:
    facts = vendor.facts
    names = {field.alias or key for key, field in vendor.Inputs.model_fields.items()}
    return names - set(facts.training_inputs) - set(facts.replacing_inputs) - {"name"}


def _kind(name: str, olds: Properties, news: Properties, *, replaces: bool) -> Change:
    had, has = olds.get(name) is not None, news.get(name) is not None
    if has and not had:
        return Change.ADD_REPLACE if replaces else Change.ADD
    if had and not has:
        return Change.DELETE_REPLACE if replaces else Change.DELETE
    return Change.UPDATE_REPLACE if replaces else Change.UPDATE
