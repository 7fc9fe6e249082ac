"""Read: the voice as it is at the vendor, and the proof when it is gone.

Everything but a proved absence is an error, never a deletion.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

from ..account.account import Account
from ..account.poller import WaitTimeoutError
from ..core.errors import About, NotFoundError, TemporaryError, contradictory
from ..core.ports import Reporter
from ..core.values import Properties
from ..vendors.base import Observation, Status, Vendor
from ..voice.state import VoiceState
from .check import defaults_for
from .operation import NotReadyError
from .train import unusable


def find(
    account: Account,
    voice_id: str,
    state: VoiceState | None,
    inputs: Properties | None,
    with_training: Callable[[str, VoiceState], VoiceState],
    *,
    keep_name: bool = False,
) -> tuple[str, VoiceState, Properties] | None:
    """The voice, or `None` when it is proved gone; without a state, when there is none to import.

    `with_training` adds to a state what the journal knows of a run that was killed. `keep_name`: the name in
    the inputs is ours, not the program's, so a rename at the vendor does not change it. Raises
    `NotReadyError` for a voice that exists and cannot be used.
    """
    seen = _imported(account, voice_id) if state is None else _refreshed(account, voice_id, state)
    if seen is None:
        return None
    voice_id = seen.voice_id
    found = dict(inputs) if inputs is not None else _inputs_of(account.vendor, seen)
    if account.vendor.facts.rename == "call" and seen.name and "name" in found and not keep_name:
        found["name"] = seen.name
    now = account.clock.now()
    before = with_training(voice_id, state or VoiceState()).resumed(now)
    after, _ = before.observed(account.vendor, seen, found, now)
    after = after.with_drift(account.vendor, found, before)
    if not after.usable:
        raise NotReadyError(voice_id, after, unusable(_about(account, voice_id), after), found)
    return voice_id, after, found


def present(account: Account, voice_id: str, reporter: Reporter | None) -> Observation | None:
    """The voice that an update is about. With a reporter, for a preview, which goes on without it."""
    about: About = {"vendor": account.vendor.facts.title, "operation": "update", "voice": voice_id}
    try:
        seen = account.now(voice_id)
        if seen is not None and not seen.gone:
            return seen
        if not account.is_gone(voice_id):
            raise contradictory(about)
    except TemporaryError as error:
        if reporter is None:
            raise
        reporter.warning(f"could not look at the vendor: {error}")
        return None
    raise NotFoundError(
        "the voice does not exist at the vendor any more",
        advice="Run `pulumi refresh`, then `pulumi up` makes a new one.",
        **about,
    )


def _imported(account: Account, voice_id: str) -> Observation | None:
    """A voice that is to be imported. One that was never trained is trained by the next update; but a slot of
    the buyer's is none, because one that does not exist may look the same."""
    try:
        voice_id = account.vendor.resolve(voice_id)
    except NotFoundError:
        return None
    seen = account.look(voice_id) or account.now(voice_id)  # it may be younger than the shared listing
    if seen is None or seen.gone:
        return None
    slot = account.vendor.facts.recovery.slot_input is not None
    return None if slot and seen.status is Status.PENDING else seen


def _refreshed(account: Account, voice_id: str, state: VoiceState) -> Observation | None:
    """A voice that the stack has. Just after a change of ours, in whatever run, a listing may lag behind."""
    seen = account.look(voice_id)
    if _stale(seen, state) and state.changed_lately(account.clock.now(), account.vendor.facts.settle):
        seen = _looked_for(account, voice_id, state) or account.now(voice_id)
    if not _missing(seen, state):
        account.saw(state)
        return seen
    if account.is_gone(voice_id):
        account.refuse_another(state, seen, _about(account, voice_id))
        return None
    seen = account.now(voice_id) or seen
    if seen is None or seen.gone:
        raise contradictory(_about(account, voice_id), "Nothing was removed from the stack. ")
    return seen


def _about(account: Account, voice_id: str) -> About:
    return {"vendor": account.vendor.facts.title, "operation": "read", "voice": voice_id}


def _looked_for(account: Account, voice_id: str, state: VoiceState) -> Observation | None:
    """The voice, if it shows as it was left, before the vendor can be trusted; asked for with others."""
    until = account.clock.monotonic() + account.vendor.facts.settle
    with contextlib.suppress(WaitTimeoutError):
        return account.poller.wait(
            voice_id, lambda seen: None if _stale(seen, state) else seen, until, lambda trouble: None
        )
    return None


def _stale(seen: Observation | None, state: VoiceState) -> bool:
    """Whether this may be the voice as it was before our last training was over."""
    if seen is None or _missing(seen, state):
        return True
    return seen.status is Status.TRAINING and state.pending is None and state.usable


def _missing(seen: Observation | None, state: VoiceState) -> bool:
    """Whether the voice is not there. One that was trained, and shows as one that never was, may be another's
    slot now."""
    if seen is None or seen.gone:
        return True
    return seen.status is Status.PENDING and bool(state.trained_on)


def _inputs_of(vendor: Vendor[Any], seen: Observation) -> Properties:
    """What an import declares: everything that the vendor reports, and defaults where no training is at
    stake: what the voice was trained with must not be guessed."""
    reported = {name: value for name, value in seen.inputs.items() if value is not None}
    usual = defaults_for(type(vendor)).items()
    inputs = {name: value for name, value in usual if name not in vendor.facts.training_inputs} | reported
    if vendor.facts.recovery.slot_input and not inputs.keys() & set(vendor.facts.replacing_inputs):
        inputs[vendor.facts.recovery.slot_input] = seen.voice_id
    if vendor.facts.name_limit is not None and seen.name:
        inputs["name"] = seen.name
    return inputs
