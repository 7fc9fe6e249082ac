"""Coze's voices: clone and list (given page: "复刻音色"; the list is in the vendor's SDKs and documentation).

There is no call for one voice, none to delete and none to rename.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any

from ..core.store import now
from ..core.voices import Voice
from ..core.wire import Answer, Call, Incoming, Json, Part, RefusedError, whole_number
from ..core.world import Heard, World
from .voices import LANGUAGES, SYSTEM, listed, listed_state

_FORMATS = ("wav", "mp3", "ogg", "m4a", "aac", "pcm")
_LARGEST = 10 * 1024 * 1024
_FIELDS = {
    "voice_name": 128,
    "text": 1024,
    "language": None,
    "voice_id": None,
    "preview_text": None,
    "space_id": None,
    "audio_format": None,
    "description": None,
}
_PREVIEW_TEXT = "你好，我是你的专属AI克隆声音，希望未来可以一起好好相处哦"
_PERSONAL_SPACE = ""


def answer(status: int, code: int, message: str, data: Any = None) -> Answer:
    logid = datetime.now(UTC).strftime("%Y%m%d%H%M%S") + secrets.token_hex(9).upper()
    payload: Json = {"code": code, "msg": message, "detail": {"logid": logid}}
    if data is not None:
        payload["data"] = data
    return Answer(status, payload, {"X-Tt-Logid": logid}, code)


def refused(code: int, message: str, status: int = 200) -> RefusedError:
    return RefusedError(answer(status, code, message))


def permitted(world: World, switch: str, what: str) -> None:
    """Each permission of a token is granted on its own (given page: 权限)."""
    if not world.switches.on(switch):
        message = (
            f"Your connector token does not have permission to access {what}. Please verify whether the "
            "resource ID or token is correct, and ensure that the necessary permissions are enabled"
        )
        raise refused(4101, message, auth_status(world))


def auth_status(world: World) -> int:
    status = int(world.switches.number("coze_auth_status"))
    return status if 200 <= status <= 599 else 200


def _solvent(world: World) -> None:
    match world.switches.text("coze_credit"):
        case "spent":
            raise refused(4011, "the Coze token balance of the account is not enough")
        case "arrears":
            raise refused(4019, "the account is in arrears")


async def clone(world: World, call: Call, incoming: Incoming) -> Answer:
    permitted(world, "coze_create_voice", "CloneVoice")
    fields, audio = _read(world, incoming)
    _solvent(world)
    call.voice = fields.get("voice_id")
    call.action = "train" if call.voice else "create"
    heard = await _listen(world, fields["audio_format"], audio)
    at = now()
    voice = _wanted(world, fields, at) or _new(world, fields, at)
    if world.full("coze"):
        raise refused(4013, "too many voices are being cloned", 429)
    names_before, call.voice = list(voice.names), voice.id
    if voice.name(at) != fields["voice_name"]:
        voice.rename(at, fields["voice_name"])
    fault = world.training_fault(call, incoming, voice)
    if fault is not None and fault.kind == "train-fail" and not fault.options.get("after"):
        # The audio is judged within the call: nothing was made, nothing is spent.
        voice.names = names_before
        code = whole_number(fault.options.get("code"), 1, 10**12) or 1109
        raise refused(code, fault.options.get("message", "WERError"))
    voice.extra |= {
        "language": fields.get("language", voice.extra.get("language", "zh")),
        "preview_text": fields.get("preview_text", _PREVIEW_TEXT),
        "description": fields.get("description", ""),
    }
    details = {key: value for key, value in fields.items() if key != "voice_name"}
    world.begin(voice, world.verdict_after(fault), fault, audio_sha256=heard.sha256, details=details)
    if world.switches.on("coze_clone_full_object"):
        return answer(200, 0, "", listed(world, incoming, voice, now()))
    return answer(200, 0, "", {"voice_id": voice.id})


def _read(world: World, incoming: Incoming) -> tuple[dict[str, str], bytes]:
    """The form. The order of its parts and the file's name mean nothing (the SDKs differ)."""
    parts = incoming.form()
    files = [part for part in parts if part.name == "file"]
    if len(files) != 1:
        raise refused(4000, "file: exactly one audio file is required", 400)
    fields: dict[str, str] = {}
    for part in parts:
        if part.name in _FIELDS:
            _take(fields, part)
    if len(fields.get("voice_name", "").encode()) < max(1, world.switches.number("coze_name_bytes_min")):
        raise refused(4000, "voice_name is missing or too short", 400)
    if fields.get("audio_format") not in _FORMATS:
        raise refused(4000, f"audio_format is one of {', '.join(_FORMATS)}", 400)
    if fields.get("language", "zh") not in LANGUAGES:
        raise refused(4000, f"language is one of {', '.join(LANGUAGES)}", 400)
    if len(files[0].data) > _LARGEST:
        raise refused(4000, "file is larger than 10 MB", 400)
    return fields, files[0].data


def _take(fields: dict[str, str], part: Part) -> None:
    longest = _FIELDS[part.name]
    if part.name in fields:
        raise refused(4000, f"{part.name} is there twice", 400)
    if longest is not None and len(part.data) > longest:
        raise refused(4000, f"{part.name} is longer than {longest} bytes", 400)
    if part.data:
        fields[part.name] = part.text


async def _listen(world: World, declared: str, audio: bytes) -> Heard:
    """The audio, if it can be cloned."""
    heard = await world.listen(audio, declared)
    if heard.sound is None:
        if not audio:
            raise refused(1101, f"AudioUploadError: {heard.reason}")
        raise refused(1108, f"AudioConvertError: {heard.reason}")
    container = heard.sound.container
    if container != declared and (declared, container) != ("m4a", "mp4"):
        raise refused(1108, f"AudioConvertError: the audio is {container}, not {declared}")
    verdict = world.judge("coze", heard)
    if verdict.result == "failed":
        raise refused(int(str(verdict.code)), verdict.message)
    return heard


def _wanted(world: World, fields: dict[str, str], at: float) -> Voice | None:
    """The voice to train again; it must be of the same space and have a training left."""
    if (wanted := fields.get("voice_id")) is None:
        return None
    voice = world.find("coze", wanted, at)
    if voice is None or voice.extra["space_id"] != fields.get("space_id", _PERSONAL_SPACE):
        raise refused(4200, "the voice does not exist in this space", 404)
    if voice.training(at):
        raise refused(4000, "the voice is being cloned", 400)
    if voice.left(at, int(world.switches.number("trainings_per_voice"))) <= 0:
        raise refused(1123, "UploadLimitError: a voice can be cloned 10 times")
    return voice


def _new(world: World, fields: dict[str, str], at: float) -> Voice:
    """A voice of the account's own. One that was bought is trained by its ID, as in a retrain (assumed)."""
    voices = world.present("coze", at)
    own = [voice for voice in voices if not voice.extra.get("bought")]
    for limit, taken in (("coze_slots", voices), ("coze_included", own)):
        if 0 < int(world.switches.number(limit)) <= len(taken):
            code = int(world.switches.number("coze_no_voice_code"))
            raise refused(code, "the account has no voice left; buy more")
    space = fields.get("space_id", _PERSONAL_SPACE)
    return new_voice(world, fields["voice_name"], at, space_id=space)


def new_voice(world: World, name: str, at: float, **extra: Any) -> Voice:
    return Voice("coze", world.number(19, "7"), at, [(at, name)], extra={"space_id": _PERSONAL_SPACE} | extra)


async def list_voices(world: World, call: Call, incoming: Incoming) -> Answer:
    permitted(world, "coze_list_voice", "ListVoice")
    no_system, model, state, page, size = _listing(incoming)
    at = world.read_at(call)
    own = world.present("coze", at)
    if state != "all":
        own = [voice for voice in own if listed_state(voice, at) == state]
    if model == "small":  # every cloned voice is of a big model
        own = []
    system = [] if no_system or state == "init" else SYSTEM
    system = [voice for voice in system if model in (None, voice["model_type"])]
    first, total = (page - 1) * size, len(own) + len(system)
    chosen = [listed(world, incoming, voice, at) for voice in own[first : first + size]]
    room = size - len(chosen)
    skipped = max(0, first - len(own))
    chosen += [dict(voice) for voice in system[skipped : skipped + room]]
    return answer(200, 0, "", {"voice_list": chosen, "has_more": first + size < total})


def _listing(incoming: Incoming) -> tuple[bool, str | None, str, int, int]:
    no_system = (incoming.param("filter_system_voice") or "false").lower()
    model = incoming.param("model_type") or None
    state = incoming.param("voice_state") or "cloned"
    page = whole_number(incoming.param("page_num") or "1", 1, 10**9)
    size = whole_number(incoming.param("page_size") or "100", 1, 100)
    for name, right in (
        ("filter_system_voice", no_system in ("true", "false", "1", "0")),
        ("model_type", model in (None, "big", "small")),
        ("voice_state", state in ("init", "cloned", "all")),
        ("page_num", page is not None),
        ("page_size", size is not None),
    ):
        if not right:
            raise refused(4000, f"{name} is not valid", 400)
    assert page is not None  # noqa: S101  refused above
    assert size is not None  # noqa: S101  refused above
    return no_system in ("true", "1"), model, state, page, size
