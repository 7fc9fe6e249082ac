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
from .credentials import API_KEY, APP, TOKEN
from .fields import form_fields, json_fields, required
from .replies import answer, refused, turned_away
from .sample import BadAudioError, listen
from .slots import belongs, create_time, find_slot, may_train, resource, shown, status_number, version

_RESOURCES = ("volc.megatts.voiceclone", "seed-icl-1.0", "seed-icl-2.0")
_ID = re.compile(r"S_[A-Za-z0-9]+")


def _authenticate(world: World, incoming: Incoming, *, given_shape: bool) -> bool:
    """`Authorization: Bearer;{token}`: a semicolon; a space after it, as some pages print, is taken too.

    True for an API key, which names no app; two clients say that it is taken here too.
    """
    found = re.fullmatch(r"Bearer; ?(\S+)", incoming.headers.get("authorization", ""))
    key = world.switches.on("volcengine_v1_takes_api_key") and incoming.headers.get("x-api-key") == API_KEY
    if not key and (found is None or found[1] != TOKEN):
        raise turned_away(401, 45000010, "authenticate request: load grant: requested grant not found")
    asked = incoming.headers.get("resource-id")
    if asked is None and given_shape:
        return key  # the given page, which has this shape, does not know the header
    if asked not in _RESOURCES:
        message = f"[resource_id={asked or ''}] requested resource not granted"
        raise turned_away(403, 45000030, message)
    return key


def _grant(appid: Any, key: bool) -> None:
    if appid != APP and not key:
        raise turned_away(403, 45000010, "authenticate request: load grant: requested grant not found")


async def upload(world: World, call: Call, incoming: Incoming) -> Answer:
    form = incoming.content_type == "multipart/form-data"
    key = _authenticate(world, incoming, given_shape=form)
    fields = form_fields(incoming) if form else json_fields(incoming)
    call.voice = speaker = fields["speaker_id"]
    _grant(fields["appid"], key)
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
    _check_service(world, voice, fields["model_type"])
    details = {key: value for key, value in fields.items() if key not in ("audio", "appid", "speaker_id")}
    world.train(
        call, incoming, voice, world.judge("volcengine", heard), audio_sha256=heard.sha256, details=details
    )
    return answer(0, _fine(world), speaker_id=speaker)


async def _listen(world: World, fields: Json) -> Heard:
    try:
        return await listen(world, fields["audio"], fields["audio_format"])
    except BadAudioError as bad:
        raise refused(bad.code, bad.message, speaker_id=fields["speaker_id"]) from None


def _check_resource(world: World, incoming: Incoming, model: int) -> None:
    """`seed-icl-2.0` is for model_type 4, `seed-icl-1.0` for the others (vendor's newer page)."""
    asked = incoming.headers.get("resource-id")
    if not world.switches.on("volcengine_strict_resource_id") or asked in (None, _RESOURCES[0]):
        return
    if asked != resource(model):
        message = f"Resource-Id {asked} does not go with model_type {model}"
        raise refused(1001, message, speaker_id="")


def _check_service(world: World, voice: Voice, model: int) -> None:
    """A slot is trained with models of its service. How V1 refuses others no page says."""
    if belongs(voice, resource(model)):
        return
    if world.switches.on("volcengine_mismatch_500"):
        raise turned_away(500, 55000000, "resource ID is mismatched with speaker related resource")
    message = f"model_type {model} does not go with the service of the speaker"
    raise refused(1001, message, speaker_id=voice.id)


async def status(world: World, call: Call, incoming: Incoming) -> Answer:
    by_get = incoming.method == "GET"
    key = _authenticate(world, incoming, given_shape=by_get)
    asked: Json = dict(reversed(incoming.query)) if by_get else incoming.json()
    appid, speaker = required(asked, "appid"), required(asked, "speaker_id")
    call.voice = speaker
    _grant(appid, key)
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
