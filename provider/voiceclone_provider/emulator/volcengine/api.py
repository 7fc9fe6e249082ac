"""Volcengine's voice API (given page: "上传音频训练", "查询训练状态"; vendor's page 1305191).

Both shapes are served: the given page's form and GET, and the vendor's JSON and POST.
"""

from __future__ import annotations

import re
from typing import Any

from ..core.store import now
from ..core.voices import Voice
from ..core.wire import Answer, Call, Incoming, Json, whole_number
from ..core.world import Heard, World
from .credentials import APP, TOKEN
from .fields import FORMATS, form_fields, json_fields, required
from .replies import answer, refused, turned_away
from .slots import create_time, find_slot, may_train, shown, status_number, version

_RESOURCES = ("volc.megatts.voiceclone", "seed-icl-1.0", "seed-icl-2.0")
_ID = re.compile(r"S_[A-Za-z0-9]+")


def _authenticate(incoming: Incoming, *, given_shape: bool) -> None:
    """`Authorization: Bearer;{token}`: a semicolon; a space after it, as some pages print, is taken too."""
    found = re.fullmatch(r"Bearer; ?(\S+)", incoming.headers.get("authorization", ""))
    if found is None or found[1] != TOKEN:
        raise turned_away(401, 45000010, "authenticate request: load grant: requested grant not found")
    resource = incoming.headers.get("resource-id")
    if resource is None and given_shape:
        return  # the given page, which has this shape, does not know the header
    if resource not in _RESOURCES:
        message = f"[resource_id={resource or ''}] requested resource not granted"
        raise turned_away(403, 45000030, message)


def _grant(appid: Any) -> None:
    if appid != APP:
        raise turned_away(403, 45000010, "authenticate request: load grant: requested grant not found")


async def upload(world: World, call: Call, incoming: Incoming) -> Answer:
    form = incoming.content_type == "multipart/form-data"
    _authenticate(incoming, given_shape=form)
    fields = form_fields(incoming) if form else json_fields(incoming)
    call.voice = speaker = fields["speaker_id"]
    _grant(fields["appid"])
    if not _ID.fullmatch(speaker):
        raise turned_away(400, 1001, f"invalid speaker_id {speaker[:80]}, please rename it")
    _check_resource(world, incoming, fields["model_type"])
    if why := may_train(world, find_slot(world, speaker, now()), now()):
        raise refused(*why, speaker_id=speaker)
    heard = await _listen(world, fields)
    # Looked at again: others may have come first while the audio was decoded.
    voice = find_slot(world, speaker, now())
    if why := may_train(world, voice, now()):
        raise refused(*why, speaker_id=speaker)
    if world.full("volcengine"):
        raise turned_away(429, 45000292, "quota exceeded for types: concurrency")
    assert voice is not None  # noqa: S101  may_train refuses a missing one
    details = {key: value for key, value in fields.items() if key not in ("audio", "appid", "speaker_id")}
    world.train(
        call, incoming, voice, world.judge("volcengine", heard), audio_sha256=heard.sha256, details=details
    )
    return answer(0, _fine(world), speaker_id=speaker)


async def _listen(world: World, fields: Json) -> Heard:
    """The audio, if it is what the fields say."""
    speaker, audio, declared = fields["speaker_id"], fields["audio"], fields["audio_format"]
    largest = int(world.switches.number("volcengine_audio_mb"))
    if len(audio) > largest * 1024 * 1024:
        raise refused(1101, f"the audio is larger than {largest} MB", speaker_id=speaker)
    heard = await world.listen(audio, declared)
    if heard.sound is None:
        raise refused(1101 if not audio else 1108, heard.reason, speaker_id=speaker)
    container = heard.sound.container
    if declared is not None and container != declared and (declared, container) != ("m4a", "mp4"):
        raise refused(1108, f"the audio is {container}, not {declared}", speaker_id=speaker)
    if declared is None and container not in FORMATS:
        raise refused(1108, f"the audio is {container}", speaker_id=speaker)
    if declared is None and container == "m4a":
        raise refused(1001, "audio_format is required for pcm and m4a", speaker_id=speaker)
    return heard


def _check_resource(world: World, incoming: Incoming, model: int) -> None:
    """`seed-icl-2.0` is for model_type 4, `seed-icl-1.0` for the others (vendor's newer page)."""
    resource = incoming.headers.get("resource-id")
    if not world.switches.on("volcengine_strict_resource_id") or resource in (None, _RESOURCES[0]):
        return
    if (resource == "seed-icl-2.0") != (model == 4):
        message = f"Resource-Id {resource} does not go with model_type {model}"
        raise refused(1001, message, speaker_id="")


async def status(world: World, call: Call, incoming: Incoming) -> Answer:
    by_get = incoming.method == "GET"
    _authenticate(incoming, given_shape=by_get)
    asked: Json = dict(reversed(incoming.query)) if by_get else incoming.json()
    appid, speaker = required(asked, "appid"), required(asked, "speaker_id")
    call.voice = speaker
    _grant(appid)
    voice = world.store.voice("volcengine", speaker)
    if voice is None:
        return answer(1107, "speaker id not found", speaker_id=speaker, status=_word(world, 0))
    at = world.read_at(call)
    number = status_number(voice, at)
    reply: Json = {"speaker_id": speaker, "status": _word(world, number)}
    latest, heard = voice.latest(at), shown(voice, at)
    if number:
        reply |= _times(world, voice, at)
    if number in (2, 4) and heard is not None:
        reply["demo_audio"] = world.preview(incoming.origin, voice, heard)
    if number == 3 and latest is not None:
        code = whole_number(latest.code, 1, 99999) or 1114
        return answer(code, latest.message or "the training failed", **reply)
    return answer(0, _fine(world), **reply)


def _fine(world: World) -> str:
    """StatusMessage of a success: the given page has `success`, the vendor's page nothing."""
    return "success" if world.switches.on("volcengine_success_message") else ""


def _times(world: World, voice: Voice, at: float) -> Json:
    """What tells one training from the next; the given page's reply has nothing of it."""
    if world.switches.on("volcengine_status_bare"):
        return {}
    times = create_time(world, voice, at) | version(world, voice, at)
    if world.switches.on("volcengine_creaet_time") and "create_time" in times:
        times["creaet_time"] = times.pop("create_time")
    return times


def _word(world: World, number: int) -> int | str:
    """The given page has words (Processing, Success, Failed), the vendor's page numbers."""
    if not world.switches.on("volcengine_status_strings"):
        return number
    return {0: "NotFound", 1: "Processing", 2: "Success", 3: "Failed", 4: "Active"}[number]
