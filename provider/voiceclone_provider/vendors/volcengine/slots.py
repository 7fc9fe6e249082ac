"""Which of the buyer's slots at Volcengine a new voice may live in."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection

from ...core.errors import PermanentError
from ..base import Observation, Status
from .evidence import Evidence

KEY_PAIR = "volcengineAccessKey and volcengineSecretKey (VOLCENGINE_ACCESS_KEY and VOLCENGINE_SECRET_KEY)"

_OTHER_SLOT = "Give another slot as speakerId."


def refuse_used(slot: Observation, resource: str, *, overwrite: bool) -> None:
    """Raise where the slot cannot be trained, or holds a voice: that is never lost unasked."""
    if slot.gone:
        raise refused(slot.voice_id, "the slot was reclaimed by the vendor", _OTHER_SLOT)
    if slot.status is Status.LOCKED:
        message = "the slot holds a voice that is locked and cannot be trained again"
        raise refused(slot.voice_id, message, f"{_import(slot, resource)} {_OTHER_SLOT}")
    if slot.status is Status.EXPIRED:
        message = "the slot is expired: its term, or the account's credit, has run out"
        raise refused(slot.voice_id, message, f"Renew it in the vendor's console. {_OTHER_SLOT}")
    evidence = Evidence.parse(slot.version)
    counted = evidence.counter is not None or (evidence.trained and evidence.source == "v3")
    trained_before = counted or slot.preview_url is not None
    holds = slot.status in (Status.READY, Status.TRAINING) or (
        slot.status is Status.FAILED and trained_before
    )
    if holds and not overwrite:
        training = slot.status is Status.TRAINING
        raise refused(
            slot.voice_id,
            f"the slot {'is in training' if training else 'already holds a trained voice'}",
            f"{_import(slot, resource)} To train over it and lose that voice, set overwriteExisting to true.",
        )


def free_slot(listed: Collection[Observation], taken: Collection[str], handle: str) -> Observation:
    """A slot that was never trained. In a run after a crash it is the same one, where that is still free."""
    free = [slot for slot in listed if is_free(slot) and slot.voice_id not in taken]
    if not free:
        raise refused(
            "",
            f"the application has no free slot ({_counted(listed, taken)})",
            "Buy a slot in the speech console, renew an expired one, or give the speakerId of one that may "
            "be trained over, with overwriteExisting.",
        )
    return min(free, key=lambda slot: hashlib.sha256(f"{handle} {slot.voice_id}".encode()).digest())


def is_free(slot: Observation) -> bool:
    """Whether it was never trained, and can be."""
    return slot.status is Status.PENDING and slot.available_trainings != 0


def refused(voice_id: str, message: str, advice: str) -> PermanentError:
    """The fault of a create that gets no slot."""
    return PermanentError(message, vendor="Volcengine", operation="create", voice=voice_id, advice=advice)


def _import(slot: Observation, resource: str) -> str:
    command = f"pulumi import voiceclone:volcengine:Voice {resource} {slot.voice_id}"
    return f"To import the voice, run `{command}`."


def _use(slot: Observation, taken: Collection[str]) -> str:
    if slot.gone:
        return "reclaimed"
    if slot.status is Status.EXPIRED:
        return "expired"
    if slot.status is Status.PENDING and slot.voice_id in taken:
        return "taken by other resources of this program"
    return "in use"


def _counted(listed: Collection[Observation], taken: Collection[str]) -> str:
    counts = Counter(_use(slot, taken) for slot in listed)
    if not counts:
        return "it shows no slots at all"
    return f"{len(listed)} slots: {', '.join(f'{count} {what}' for what, count in counts.items())}"
