"""The state of a voice: what the vendor shows now, laid over what is known from before.

Pure. The rules: expiring URLs and counters change only with a training, so that a refresh of an
unchanged voice is silent; `trainedOn` is ours only when the vendor's counter says that nobody else
trained since.
"""

from __future__ import annotations

from typing import Any

from ..core.values import UNKNOWN, Properties
from ..vendors.base import Observation, Status, Vendor
from .fingerprint import EXTERNAL
from .pending import Pending, Phase, phase

_WITH_TRAINING = ("previewUrl", "availableTrainings", "updatedAt")
_KEPT = (
    "ownershipId",
    "trainedOn",
    "trainedVersion",
    "failedOn",
    "lastError",
    "pendingTraining",
    "createdAt",
)
_KNOWN_AFTER_TRAINING = ("status", "trainedOn", "trainedVersion", *_WITH_TRAINING, "lastError", "failedOn")


def usable(state: Properties) -> bool:
    """Whether the voice can be used, as far as the state knows."""
    return state.get("status") in (None, Status.READY, Status.LOCKED)


def known_training(state: Properties) -> str | None:
    """What the voice was, or is being, trained on; `None` for an adopted voice."""
    pending = Pending.from_state(state)
    if pending is not None and pending.accepted:
        return pending.fingerprint
    return state.get("trainedOn") or state.get("failedOn")


def show(
    vendor: Vendor[Any], seen: Observation, inputs: Properties, before: Properties, *, anew: bool
) -> Properties:
    """Outputs for a voice as it is seen. With `anew`, what comes and goes with a training is taken from
    the observation; otherwise it stays as it was, where it was known."""
    state: Properties = {name: value for name, value in inputs.items() if value is not None}
    for name in _KEPT:
        if before.get(name) is not None:
            state[name] = before[name]
    fresh: Properties = {
        "previewUrl": seen.preview_url or None,
        "availableTrainings": seen.available_trainings,
        "updatedAt": seen.updated_at,
    }
    if seen.status is Status.LOCKED:
        before = {**before, "availableTrainings": None}  # whatever was left is lost
    for name in _WITH_TRAINING:
        value = fresh[name] if anew or before.get(name) is None else before[name]
        if value is not None:
            state[name] = value
    state.update({name: value for name, value in seen.extras.items() if value is not None})
    state["voiceId"] = seen.extras.get("voiceId", seen.voice_id)
    state["status"] = str(seen.status)
    state["account"] = vendor.account
    if seen.created_at:
        state.setdefault("createdAt", seen.created_at)  # some vendors move it with every training
    if seen.name is not None and vendor.facts.name_limit is not None and vendor.facts.rename != "never":
        state["name"] = seen.name
    if seen.error:
        state["lastError"] = with_code(seen.error, seen.error_code)
    return state


def settle(
    vendor: Vendor[Any], seen: Observation, inputs: Properties, before: Properties, at: float
) -> tuple[Properties, Phase | None]:
    """The state with every training accounted for, and what became of the one that was pending.

    A training that ended after our time-out is ours; anything beyond it is somebody else's.
    """
    kind = type(vendor)
    pending = Pending.from_state(before)
    if pending is None:
        return _without_pending(vendor, seen, inputs, before), None
    pending = pending.after(seen)
    result = phase(kind, pending, seen, at)
    state = show(vendor, seen, inputs, before, anew=result in (Phase.READY, Phase.FAILED, Phase.FOREIGN))
    if result is Phase.READY:
        state = succeeded(state, pending, seen)
    elif result is Phase.FAILED:
        state = failed(state, pending, seen)
    elif result is Phase.FOREIGN:
        state = overtaken(state, seen)
    else:
        state["pendingTraining"] = pending.to_state()
        if pending.accepted:
            state["status"] = str(Status.TRAINING)
    return state, result


def _without_pending(
    vendor: Vendor[Any], seen: Observation, inputs: Properties, before: Properties
) -> Properties:
    since = before.get("trainedVersion")
    steps = None if since is None else vendor.trainings_between(str(since), seen.version)
    ended = before.get("status") == Status.TRAINING or (
        before.get("status") == Status.FAILED and seen.status.usable
    )
    if steps is None and before.get("trainedOn") and ended:
        steps = 1  # nobody counts here, but a training that was not ours has ended
    foreign = steps is not None and steps > 0 and seen.status is not Status.TRAINING
    recovered = seen.status.usable and not usable(before)
    state = show(vendor, seen, inputs, before, anew=foreign or recovered)
    if foreign:
        state = overtaken(state, seen)
    elif since is None and seen.version and seen.status.usable and known_training(before) is None:
        state["trainedVersion"] = seen.version  # adopted: somebody else's later training must be told
    if seen.status.usable:
        state.pop("lastError", None)
    return state


def succeeded(state: Properties, pending: Pending, seen: Observation) -> Properties:
    """The state after this training succeeded."""
    state = {
        name: value
        for name, value in state.items()
        if name not in ("pendingTraining", "failedOn", "lastError", "trainedVersion")
    }
    state["trainedOn"] = pending.fingerprint
    if seen.version:
        state["trainedVersion"] = seen.version
    return state


def overtaken(state: Properties, seen: Observation) -> Properties:
    """The state after somebody else's training."""
    gone = {"pendingTraining", "failedOn", *(("lastError",) if seen.status.usable else ())}
    state = {name: value for name, value in state.items() if name not in gone}
    state = {**state, "trainedOn": EXTERNAL, "trainedVersion": seen.version}
    if not seen.version:
        del state["trainedVersion"]
    return state


def failed(state: Properties, pending: Pending, seen: Observation) -> Properties:
    """The state after this training failed."""
    state = {name: value for name, value in state.items() if name != "pendingTraining"}
    state["failedOn"] = pending.fingerprint
    state["lastError"] = with_code(seen.error, seen.error_code)
    if seen.version:
        state["trainedVersion"] = seen.version
    return state


def with_code(message: str, code: str) -> str:
    """A vendor's words and its code, as `lastError` keeps them."""
    words = message or "the vendor gives no reason"
    return f"{words} (code {code})" if code and code not in words else words


def noticed(vendor: Vendor[Any], inputs: Properties, before: Properties, after: Properties) -> list[str]:
    """The outputs that somebody else changed and no training of ours changes back (`drift`). They are kept
    until an update has told of them: without that, a refresh could not show them at all."""
    found = set(before.get("drift") or ())
    for name, stays in (
        ("status", after["status"] == Status.LOCKED),
        ("name", vendor.facts.rename == "training" and after.get("name") != inputs.get("name")),
    ):
        if not stays:
            found.discard(name)
        elif before.get(name) is not None and before[name] != after.get(name):
            found.add(name)
    return sorted(found)


def told(state: Properties, *, trains: bool) -> list[str]:
    """What to say of a voice's `drift`, one sentence each. A training to come changes the name back."""
    words = {
        "status": "the voice was locked at the vendor: it works as before, but can never be trained again",
        "name": f"somebody named the voice {state.get('name')!r} at the vendor; it stays so, because only a "
        "training would change it back",
    }
    stays = [name for name in state.get("drift") or () if not (trains and name == "name")]
    return [words[name] for name in stays if name in words]


def planned(vendor: type[Vendor[Any]], inputs: Properties, before: Properties | None) -> Properties:
    """The outputs that preview can promise; the others are unknown until the training is over."""
    if before is None:
        outputs = {"voiceId": UNKNOWN, "account": UNKNOWN, "createdAt": UNKNOWN}
        names = {field.alias or name for name, field in vendor.Outputs.model_fields.items()}
        outputs |= dict.fromkeys(names - {"pendingTraining", "drift"}, UNKNOWN)
    else:
        outputs = {**before, **dict.fromkeys(_KNOWN_AFTER_TRAINING, UNKNOWN)}
        outputs.pop("pendingTraining", None)
        outputs.pop("drift", None)
    return {**outputs, **{name: value for name, value in inputs.items() if value is not None}}
