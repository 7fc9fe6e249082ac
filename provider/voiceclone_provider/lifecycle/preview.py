"""What a preview reports before anything is sent: warnings, what cannot work, and what a training costs.

Reads only.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..core.errors import TemporaryError
from ..core.ports import Reporter
from ..core.values import Properties
from ..vendors.base import Observation, Status, Vendor
from ..vendors.models import DeletionPolicy
from ..voice.state import VoiceState, planned
from .delete import deletion_policy
from .diff import trains
from .namesakes import may_meet_namesakes, refuse_namesakes
from .operation import Operation
from .train import refuse_failed, refuse_repeat, refuse_untrainable


def warn(vendor: type[Vendor[Any]], inputs: Properties, reporter: Reporter) -> None:
    """Warn of what the vendor advises against but does not refuse."""
    for warning in vendor.warnings({name: value for name, value in inputs.items() if value is not None}):
        reporter.warning(f"{vendor.facts.title}: {warning}")


def preview_create(operation: Operation, *, may_claim: bool) -> None:
    """Raise what a create would fail with. A vendor that cannot be reached is no reason to fail a preview.

    `may_claim`: whether it would take a new slot, because no interrupted run left a voice to go on with.
    """
    _warn_of_deletion(operation)
    account, recovery = operation.account, operation.facts.recovery
    try:
        order = operation.order()
        claimed = account.claim(operation.urn, order, preview=True) if may_claim else None
        if claimed is not None and claimed.status is not Status.PENDING:
            refuse_untrainable(operation, claimed.voice_id, claimed)
            _report_cost(operation, claimed)
        elif claimed is None and may_claim:
            if may_meet_namesakes(operation) and not operation.may_have_left_a_voice:
                refuse_namesakes(operation, recovery.look(account, order).namesakes)
            _report_cost(operation, None)
        if recovery.resends:  # the handle says that it was this very training
            for voice in recovery.look(operation.vendor, order).marked:
                refuse_failed(operation, voice)
    except TemporaryError as error:
        operation.reporter.warning(f"could not look at the vendor: {error}")


def preview_training(operation: Operation, voice_id: str, seen: Observation, state: VoiceState) -> None:
    """Raise what a training would fail with, or report its cost; nothing where it would only wait."""
    pending = state.pending
    waits = pending is not None and pending.accepted and not pending.unconfirmed
    if waits and state.known_training == operation.fingerprint:
        return
    if state.trained_on == operation.fingerprint and seen.status.usable:
        return
    refuse_repeat(operation, voice_id, state)
    refuse_untrainable(operation, voice_id, seen)
    _report_cost(operation, seen)


def planned_update(
    vendor: type[Vendor[Any]], state: VoiceState, old_inputs: Properties | None, news: Properties
) -> Properties:
    """The outputs of an update, as far as they are known before it."""
    if trains(vendor, state, old_inputs, news):
        return planned(vendor, news, state)
    return replace(state, drift=()).outputs() | {k: v for k, v in news.items() if v is not None}


def _warn_of_deletion(operation: Operation) -> None:
    """Say, before a voice is replaced, that the former one cannot be had back. The engine asks nothing about
    a deletion that it previews; of a replacement it asks for the new voice."""
    former = operation.registry.former_inputs(operation.urn)
    if former is None or not operation.facts.deletes_for_good:
        return
    if deletion_policy(operation.facts, VoiceState(), former) is not DeletionPolicy.RETAIN:
        operation.reporter.warning(
            f"this replaces the voice and deletes the former one, which {operation.title} cannot restore. To "
            "keep it, set deletionPolicy to retain with a `pulumi up` of its own first"
        )


def _report_cost(operation: Operation, seen: Observation | None) -> None:
    """Of a voice that is trained again, or of a new one; of a new one only where something is known."""
    left, of = seen.available_trainings if seen is not None else None, ""
    if left is None:
        budget = operation.account.budget(operation.inputs, seen, operation.reporter)
        if budget is not None:
            left, of = budget.left, f" of {budget.of}"
        elif seen is None:
            return
    if left is None:
        text = f"this update uses a training; remaining trainings unknown (not reported by {operation.title})"
    elif left <= 0:
        text = f"this update needs a training, and none is left{of}: buy more in the vendor's console first"
    elif left == 1:
        text = f"this update uses the last remaining training{of}"
    else:
        text = f"this update uses one of {left} remaining trainings{of}"
    operation.reporter.warning(text)
