"""The emulator's state as the control API shows it."""

from __future__ import annotations

from typing import Any

from ..core.store import now
from ..core.voices import Voice
from ..core.world import VENDORS, World
from ..coze.voices import listed_state
from ..volcengine.slots import left, list_state


def state(world: World, origin: str | None = None) -> dict[str, Any]:
    """With an origin, also where each voice can be heard."""
    at = now()
    shown: dict[str, Any] = {vendor: [] for vendor in VENDORS}
    shown["slots"] = []
    for vendor in VENDORS:
        for voice in world.store.voices(vendor):
            if vendor == "volcengine" and _status(world, voice, at) == "pending":
                shown["slots"].append(voice.id)
            elif vendor == "volcengine" or voice.exists(at):
                shown[vendor].append(doc := _voice(world, voice, at))
                if origin is not None and (good := voice.successes(at)):
                    doc["preview_url"] = world.preview(origin, voice, good[-1])
    return shown


def _voice(world: World, voice: Voice, at: float) -> dict[str, Any]:
    latest, good = voice.latest(at), voice.successes(at)
    failed = latest if latest is not None and latest.failed(at) else None
    doc: dict[str, Any] = {
        "id": voice.id,
        "name": voice.name(at),
        "status": _status(world, voice, at),
        "trainings": len(voice.trainings),
        "audio_sha256": latest.audio_sha256 if latest else None,
        "audio_url": latest.audio_url if latest else None,
        "ready_audio_sha256": good[-1].audio_sha256 if good else None,
        "left": _left(world, voice, at),
        "error": {"code": failed.code, "message": failed.message} if failed else None,
        "created_at": voice.created_at,
        "history": [
            {
                "at": training.started_at,
                "audio_sha256": training.audio_sha256,
                "audio_url": training.audio_url,
                "finished_at": training.finishes_at if training.over(at) else None,
                "result": training.result if training.over(at) else None,
                "code": training.code if training.over(at) else None,
                "by": training.by,
                "details": training.details,
            }
            for training in voice.trainings
        ],
    }
    if voice.vendor == "kling":
        doc |= {name: voice.extra[name] for name in ("voice_id", "external_task_id", "callback_url")}
    elif voice.vendor == "coze":
        doc |= {
            "state": listed_state(voice, at),
            "space_id": voice.extra["space_id"],
            "language": voice.extra["language"],
        }
    elif voice.vendor == "qiniu":
        doc |= {name: voice.extra[name] for name in ("language", "tier")}
    else:
        doc["state"] = list_state(world, voice, at)
    return doc


def _left(world: World, voice: Voice, at: float) -> int | None:
    """Trainings left, at the vendors that count them."""
    if voice.vendor == "volcengine":
        return left(world, voice, at)
    if voice.vendor == "coze":
        return voice.left(at, int(world.switches.number("trainings_per_voice")))
    return None


def _status(world: World, voice: Voice, at: float) -> str:
    if voice.vendor == "volcengine" and list_state(world, voice, at) == "Expired":
        return "expired"
    return voice.status(at)
