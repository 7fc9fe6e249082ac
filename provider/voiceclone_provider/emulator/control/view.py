"""The emulator's state as the control API shows it."""

from __future__ import annotations

from typing import Any

from ..core.store import now
from ..core.vendor import EmulatedVendor
from ..core.voices import Training, Voice
from ..core.world import World
from ..registry import VENDORS
from .actions import offered


def state(world: World, origin: str | None = None) -> dict[str, Any]:
    """With an origin, also where each voice can be heard."""
    at = now()
    shown: dict[str, Any] = {vendor: [] for vendor in VENDORS}
    shown["slots"] = []
    for vendor in VENDORS.values():
        for voice in world.store.voices(vendor.key):
            if vendor.slots_at_start and vendor.status(world, voice, at) == "pending":
                shown["slots"].append(voice.id)
            elif vendor.listed(voice, at):
                shown[vendor.key].append(doc := _voice(vendor, world, voice, at))
                if origin is not None and (good := voice.successes(at)):
                    doc["preview_url"] = world.preview(origin, voice, good[-1])
    return shown


def _voice(vendor: EmulatedVendor, world: World, voice: Voice, at: float) -> dict[str, Any]:
    latest, good = voice.latest(at), voice.successes(at)
    failed = latest if latest is not None and latest.failed(at) else None
    return {
        "id": voice.id,
        "name": voice.name(at),
        "status": vendor.status(world, voice, at),
        "trainings": len(voice.trainings),
        "audio_sha256": latest.audio_sha256 if latest else None,
        "audio_url": latest.audio_url if latest else None,
        "ready_audio_sha256": good[-1].audio_sha256 if good else None,
        "left": vendor.left(world, voice, at),
        "error": {"code": failed.code, "message": failed.message} if failed else None,
        "created_at": voice.created_at,
        "expires_at": voice.expires_at,
        "progress": _progress(latest, at) if latest is not None and not latest.over(at) else None,
        "actions": offered(vendor, world, voice, at),
        "history": [_training(training, at) for training in voice.trainings],
        **vendor.view(world, voice, at),
    }


def _progress(training: Training, at: float) -> dict[str, Any]:
    """How far a training is; both are nothing when it will never end."""
    if training.finishes_at is None:
        return {"share": None, "seconds_left": None}
    whole, left = training.finishes_at - training.started_at, max(0.0, training.finishes_at - at)
    return {"share": round(1 - left / whole, 3) if whole > 0 else 1.0, "seconds_left": round(left, 1)}


def _training(training: Training, at: float) -> dict[str, Any]:
    over = training.over(at)
    return {
        "at": training.started_at,
        "audio_sha256": training.audio_sha256,
        "audio_url": training.audio_url,
        "finished_at": training.finishes_at if over else None,
        "result": training.result if over else None,
        "code": training.code if over else None,
        "by": training.by,
        "details": training.details,
    }
