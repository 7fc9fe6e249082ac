"""What V3 answers (vendor's pages 2534906 and 2534853): one flat object, and non-200 for a refusal."""

from __future__ import annotations

import secrets
from typing import Any

from ..core.voices import Training, Voice
from ..core.wire import Answer, Incoming, Json, RefusedError, whole_number
from ..core.world import World
from .replies import headers
from .slots import create_time, left, models, post_paid, shown, status_number

SENTINEL = "custom_speaker_id"
"""What `speaker_id` is for a post-paid voice; its name is in the field that is called so."""

_CODES: dict[Any, int] = {1111: 1122}
"""V3's table has no 1111; without speech its ASR finds no speaker."""
_WORDS = {
    45001001: "request parameters are wrong",
    45001107: "SpeakerID not found",
    45001123: "upload limit reached",
    55000000: "resource ID is mismatched with speaker related resource",
}


def refused(code: int, message: str = "", **more: Any) -> RefusedError:
    return RefusedError(_flat(code, message, **more))


def _flat(code: int, message: str = "", **more: Any) -> Answer:
    """4 is the caller's fault and 5 the server's; their HTTP statuses are those of a sibling's table."""
    text = message or _WORDS.get(code, "the training failed")
    payload = {"code": code, "message": text, **more}
    return Answer(500 if str(code).startswith("5") else 400, payload, headers(), code)


def gateway(world: World | None, status: int, code: int, message: str) -> Answer:
    """What never reaches the service: in a `header`, or flat (both seen by clients)."""
    inner: Json = {"reqid": secrets.token_hex(16), "code": code, "message": message}
    flat = world is not None and world.switches.on("volcengine_v3_flat_gateway")
    return Answer(status, inner if flat else {"header": inner}, headers(), code)


def turned_away(world: World, status: int, code: int, message: str) -> RefusedError:
    return RefusedError(gateway(world, status, code, message))


def shown_voice(world: World, incoming: Incoming, voice: Voice, at: float) -> Answer:
    """The reply of all three calls."""
    number, latest = status_number(voice, at), voice.latest(at)
    heard = shown(voice, at) if number in (2, 4) else None
    sentinel = post_paid(voice) and world.switches.on("volcengine_v3_sentinel")
    reply: Json = {
        "available_training_times": left(world, voice, at),
        **create_time(world, voice, at),
        "language": (latest.details.get("language") if latest else 0) or 0,
        "speaker_id": SENTINEL if sentinel else voice.id,
        "speaker_status": _models(world, incoming, voice, heard),
        "status": number,
    }
    if number == 3 and latest is not None:
        code = 45000000 + _CODES.get(latest.code, whole_number(latest.code, 1, 99999) or 1114)
        if world.switches.on("volcengine_v3_failed_200"):
            return Answer(200, {"code": code, "message": latest.message, **reply}, headers(), code)
        return _flat(code, latest.message, **reply)
    match world.switches.text("volcengine_v3_code"):
        case "zero":
            reply |= {"code": 0, "message": ""}
        case "20000000":
            reply |= {"code": 20000000, "message": "ok"}
    return Answer(200, reply, headers(), 0)


def _models(world: World, incoming: Incoming, voice: Voice, heard: Training | None) -> list[Json]:
    if heard is None:
        return []
    demo = world.preview(incoming.origin, voice, heard)
    return [{"demo_audio": demo, "model_type": model} for model in models(world, heard)]
