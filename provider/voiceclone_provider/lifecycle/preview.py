"""What a preview reports before anything is sent: warnings, what cannot work, and what a training costs.

Reads only.
"""

from __future__ import annotations

from typing import Any

from ..core.errors import TemporaryError
from ..core.ports import Reporter
from ..core.values import Properties
from ..vendors.base import Observation, Status, Vendor
from ..voice.state import VoiceState
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
    account, recovery = operation.account, operation.facts.recovery
    try:
        order = operation.order()
        claimed = account.claim(operation.urn, order, preview=True) if may_claim else None
        if claimed is not None and claimed.status is not Status.PENDING:
            refuse_untrainable(operation, claimed.voice_id, claimed)
            _report_cost(operation, claimed)
        if recovery.resends:  # the handle says that it was this very training
            for voice in recovery.look(operation.vendor, order)[0]:
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


def _report_cost(operation: Operation, seen: Observation) -> None:
    left = seen.available_trainings
    if left is None:
        text = f"this update uses a training; remaining trainings unknown (not reported by {operation.title})"
    elif left == 1:
        text = "this update uses the last remaining training"
    else:
        text = f"this update uses one of {left} remaining trainings"
    operation.reporter.warning(text)
