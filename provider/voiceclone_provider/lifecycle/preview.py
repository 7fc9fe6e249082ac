"""What a preview tells before anything is sent: advice, what cannot work, and what a training costs.

Reads only.
"""

from __future__ import annotations

from typing import Any

from ..core.errors import TemporaryError
from ..core.ports import Reporter
from ..core.values import Properties
from ..vendors.base import Observation, Status, Vendor
from ..voice.pending import Pending
from .train import Task, refuse_failed, refuse_repeat, refuse_untrainable


def advise(vendor: type[Vendor[Any]], inputs: Properties, reporter: Reporter) -> None:
    """Warn of what the vendor advises against but does not refuse."""
    for advice in vendor.advise({name: value for name, value in inputs.items() if value is not None}):
        reporter.warning(f"{vendor.facts.title}: {advice}")


def create(task: Task, urn: str, *, may_claim: bool) -> None:
    """Raise what a create would fail with. A vendor that cannot be reached is no reason to fail a preview.

    `may_claim`: whether it would take a new place, because no interrupted run left a voice to go on with.
    """
    account = task.account
    try:
        order = task.order()
        claimed = account.claim(urn, order, preview=True) if may_claim else None
        if claimed is not None and claimed.status is not Status.PENDING:
            refuse_untrainable(task, claimed.voice_id, claimed)
            _tell_cost(task, claimed)
        for voice in account.vendor.marked(order) if account.vendor.facts.handle_is_unique else []:
            refuse_failed(task, voice)
    except TemporaryError as error:
        task.reporter.warning(f"could not look at the vendor: {error}")


def training(task: Task, voice_id: str, seen: Observation, state: Properties) -> None:
    """Raise what a training would fail with, or tell what it costs; nothing where it would only wait."""
    pending = Pending.from_state(state)
    if pending and pending.accepted and pending.fingerprint == task.fingerprint:
        return
    if state.get("trainedOn") == task.fingerprint and seen.status.usable:
        return
    refuse_repeat(task, voice_id, state)
    refuse_untrainable(task, voice_id, seen)
    _tell_cost(task, seen)


def _tell_cost(task: Task, seen: Observation) -> None:
    left = seen.available_trainings
    if left is None:
        task.reporter.warning(
            "this change spends a training of the voice; the vendor does not tell how many are left"
        )
        return
    after = "none is" if left == 1 else f"{left - 1} {'is' if left == 2 else 'are'}"
    task.reporter.warning(
        f"this change spends one of the voice's {left} remaining trainings; {after} left after it"
    )
