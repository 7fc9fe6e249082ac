"""Volcengine's voice API (given page: "上传音频训练", "查询训练状态"; vendor's page 1305191).

Both shapes are served: the given page's form and GET, and the vendor's JSON and POST.
"""

from __future__ import annotations

import base64
import binascii
import re
import secrets
from typing import Any

from ..core.store import now
from ..core.wire import Answer, Call, Incoming, Json, UnreadableError, route, whole_number
from ..core.world import GOOD, Heard, Verdict, World
from ..credentials import TOKEN, VOLCENGINE_APP
from . import console
from .slots import ERRORS, FORMATS, LARGEST, may_train, shown, status_number, version

_RESOURCES = ("volc.megatts.voiceclone", "seed-icl-1.0", "seed-icl-2.0")
_ID = re.compile(r"S_[A-Za-z0-9]+")
_FORM_LANGUAGES = ("zh", "en")


class RefusedError(Exception):
    def __init__(self, code: int, message: str, speaker: str = "") -> None:
        self.code, self.message, self.speaker = code, message, speaker


def _headers() -> dict[str, str]:
    return {"X-Tt-Logid": f"02{secrets.token_hex(20)}"}


def _answer(code: int, message: str, **more: Any) -> Answer:
    text = f"{ERRORS.get(code, 'Error')}: {message}" if code else message
    payload = {"BaseResp": {"StatusCode": code, "StatusMessage": text}, **more}
    return Answer(200, payload, _headers(), code)


def _gateway(status: int, code: int, message: str) -> Answer:
    """What never reaches the service is answered by the gateway, in another shape (seen by clients)."""
    return Answer(
        status, {"reqid": secrets.token_hex(16), "code": code, "message": message}, _headers(), code
    )


def _authenticate(incoming: Incoming, *, given_shape: bool) -> Answer | None:
    """`Authorization: Bearer;{token}`: a semicolon; a space after it, as some pages print, is taken too."""
    found = re.fullmatch(r"Bearer; ?(\S+)", incoming.headers.get("authorization", ""))
    if found is None or found[1] != TOKEN:
        return _gateway(401, 45000010, "authenticate request: load grant: requested grant not found")
    resource = incoming.headers.get("resource-id")
    if resource is None and given_shape:
        return None  # the given page, which has this shape, does not know the header
    if resource not in _RESOURCES:
        return _gateway(403, 45000030, f"[resource_id={resource or ''}] requested resource not granted")
    return None


def _grant(appid: Any) -> Answer | None:
    if appid == VOLCENGINE_APP:
        return None
    return _gateway(403, 45000010, "authenticate request: load grant: requested grant not found")


async def upload(world: World, call: Call, incoming: Incoming) -> Answer:
    form = incoming.content_type == "multipart/form-data"
    if refused := _authenticate(incoming, given_shape=form):
        return refused
    try:
        fields = _form_fields(incoming) if form else _json_fields(incoming)
        call.voice = fields["speaker_id"]
        if refused := _grant(fields["appid"]):
            return refused
        return await _train(world, call, incoming, fields)
    except RefusedError as bad:
        return _answer(bad.code, bad.message, speaker_id=bad.speaker)
    except UnreadableError as bad:
        return _answer(1001, str(bad))


async def _train(world: World, call: Call, incoming: Incoming, fields: Json) -> Answer:
    speaker, audio, declared = fields["speaker_id"], fields["audio"], fields["audio_format"]
    if not _ID.fullmatch(speaker):
        return _gateway(400, 1001, f"invalid speaker_id {speaker[:80]}, please rename it")
    _check_resource(world, incoming, fields["model_type"])
    if why := may_train(world, world.store.voice("volcengine", speaker), now()):
        raise RefusedError(*why, speaker)
    if len(audio) > LARGEST:
        raise RefusedError(1101, "the audio is larger than 10 MB", speaker)
    heard = await world.listen(audio, declared)
    if heard.sound is None:
        raise RefusedError(1101 if not audio else 1108, heard.reason, speaker)
    if declared is not None and not _matches(declared, heard.sound.container):
        raise RefusedError(1108, f"the audio is {heard.sound.container}, not {declared}", speaker)
    if declared is None and heard.sound.container not in FORMATS:
        raise RefusedError(1108, f"the audio is {heard.sound.container}", speaker)
    if declared is None and heard.sound.container == "m4a":
        raise RefusedError(1001, "audio_format is required for pcm and m4a", speaker)
    # Looked at again: others may have come first while the audio was decoded.
    voice = world.store.voice("volcengine", speaker)
    if why := may_train(world, voice, now()):
        raise RefusedError(*why, speaker)
    if world.full("volcengine"):
        return _gateway(429, 45000292, "quota exceeded for types: concurrency")
    assert voice is not None  # noqa: S101  may_train refuses a missing one
    details = {key: value for key, value in fields.items() if key not in ("audio", "appid", "speaker_id")}
    verdict = judge(heard) if world.switches.on("judge_audio") else GOOD
    world.train(call, incoming, voice, verdict, audio_sha256=heard.sha256, details=details)
    return _answer(0, "", speaker_id=speaker)


def judge(heard: Heard) -> Verdict:
    """No speech: 1111; nothing but noise: 1112. Both only come out in the training."""
    if heard.sound is None or heard.sound.verdict == "silence":
        return Verdict("failed", 1111, "AEDError: no speech in the audio")
    if heard.sound.verdict == "noise":
        return Verdict("failed", 1112, "SNRError: the audio is too noisy")
    return GOOD


def _matches(declared: str, container: str) -> bool:
    return container == declared or (declared == "m4a" and container == "mp4")


def _check_resource(world: World, incoming: Incoming, model: int) -> None:
    """`seed-icl-2.0` is for model_type 4, `seed-icl-1.0` for the others (vendor's newer page)."""
    resource = incoming.headers.get("resource-id")
    if not world.switches.on("volcengine_strict_resource_id") or resource in (
        None,
        "volc.megatts.voiceclone",
    ):
        return
    if (resource == "seed-icl-2.0") != (model == 4):
        raise RefusedError(1001, f"Resource-Id {resource} does not go with model_type {model}")


def _json_fields(incoming: Incoming) -> Json:
    """The vendor's page: JSON, audio in base64, exactly one item in `audios`."""
    body = incoming.json()
    fields: Json = {name: _string(body, name) for name in ("appid", "speaker_id")}
    speaker = fields["speaker_id"]
    audios = body.get("audios")
    if not isinstance(audios, list) or len(audios) != 1 or not isinstance(audios[0], dict):
        raise RefusedError(1001, "audios is a list of exactly one audio", speaker)
    audio = audios[0]
    if body.get("source") != 2 or isinstance(body.get("source"), bool):
        raise RefusedError(1001, "source is 2", speaker)
    fields["audio_format"] = _format(audio.get("audio_format"), speaker)
    fields["text"] = _optional_string(audio, "text", speaker)
    fields["model_type"] = _model(body.get("model_type", 0), speaker)
    fields["language"] = _language(body.get("language", 0), fields["model_type"], speaker)
    extra = body.get("extra_params")
    if extra is not None and not (isinstance(extra, str) and _is_json_object(extra)):
        raise RefusedError(1001, "extra_params is a JSON object written as a string", speaker)
    fields["extra_params"] = extra
    encoded = audio.get("audio_bytes")
    try:
        if not isinstance(encoded, str):
            raise RefusedError(1001, "audio_bytes is not base64", speaker)
        fields["audio"] = base64.b64decode(encoded, validate=True)
    except (ValueError, binascii.Error):
        raise RefusedError(1001, "audio_bytes is not base64", speaker) from None
    return fields


def _form_fields(incoming: Incoming) -> Json:
    """The given page: a form with the file in `audio_data`, as bytes or in base64."""
    parts = incoming.form()
    if len({part.name for part in parts}) != len(parts):
        raise RefusedError(1001, "a form field is there twice")
    audio = next((part.data for part in parts if part.name == "audio_data"), None)
    text = {part.name: part.text for part in parts if part.name != "audio_data"}
    fields: Json = {name: _string(text, name) for name in ("appid", "speaker_id")}
    speaker = fields["speaker_id"]
    if audio is None:
        raise RefusedError(1001, "audio_data is missing", speaker)
    fields["audio"] = _maybe_base64(audio)
    if not text.get("audio_format"):
        raise RefusedError(1001, "audio_format is missing", speaker)
    fields["audio_format"] = _format(text["audio_format"], speaker)
    fields["text"] = text.get("text")
    fields["model_type"] = _model(text.get("model_type", 0), speaker)
    language = text.get("language", "zh")
    if language not in _FORM_LANGUAGES:
        raise RefusedError(1001, "language is zh or en", speaker)
    fields["language"] = language
    if (gender := text.get("gender")) not in (None, "male", "female"):
        raise RefusedError(1001, "gender is male or female", speaker)
    fields["gender"] = gender
    return fields


def _maybe_base64(audio: bytes) -> bytes:
    if re.fullmatch(rb"[A-Za-z0-9+/\s]{16,}={0,2}\s*", audio):
        try:
            return base64.b64decode(b"".join(audio.split()), validate=True)
        except binascii.Error:
            pass
    return audio


def _string(body: Json, name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise RefusedError(1001, f"{name} is missing")
    return value


def _optional_string(body: Json, name: str, speaker: str) -> str | None:
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise RefusedError(1001, f"{name} is a string", speaker)
    return value


def _is_json_object(text: str) -> bool:
    try:
        Incoming("", "", "", [], {}, text.encode("utf-8", "replace"), "").json()
    except UnreadableError:
        return False
    return True


def _format(value: Any, speaker: str) -> str | None:
    if value is None or value == "":
        return None
    if value not in FORMATS:
        raise RefusedError(1001, f"audio_format is one of {', '.join(FORMATS)}", speaker)
    return str(value)


def _model(value: Any, speaker: str) -> int:
    model = whole_number(value, 0, 4)
    if model is None:
        raise RefusedError(1001, "model_type is 0 to 4", speaker)
    return model


def _language(value: Any, model: int, speaker: str) -> int:
    """0 cn, 1 en, 2 ja, 3 es, 4 id, 5 pt; also 6 de, 7 fr with model 2; 0 and 1 alone with 3 and 4."""
    highest = {2: 7, 3: 1, 4: 1}.get(model, 5)
    language = None if isinstance(value, str) else whole_number(value, 0, highest)
    if language is None:
        raise RefusedError(1001, f"language is 0 to {highest} with model_type {model}", speaker)
    return language


async def status(world: World, call: Call, incoming: Incoming) -> Answer:
    by_get = incoming.method == "GET"
    if refused := _authenticate(incoming, given_shape=by_get):
        return refused
    try:
        asked: Json = dict(reversed(incoming.query)) if by_get else incoming.json()
        appid, speaker = _string(asked, "appid"), _string(asked, "speaker_id")
    except RefusedError as bad:
        return _answer(bad.code, bad.message)
    except UnreadableError as bad:
        return _answer(1001, str(bad))
    call.voice = speaker
    if refused := _grant(appid):
        return refused
    voice = world.store.voice("volcengine", speaker)
    if voice is None:
        return _answer(1107, "speaker id not found", speaker_id=speaker, status=_word(world, 0))
    at = world.read_at(call)
    number = status_number(voice, at)
    reply: Json = {"speaker_id": speaker, "status": _word(world, number)}
    latest, heard = voice.latest(at), shown(voice, at)
    if number:
        assert latest is not None or voice.locked(at)  # noqa: S101  only a training or a lock gives a state
        started = latest.started_at if latest else voice.created_at
        key = "creaet_time" if world.switches.on("volcengine_creaet_time") else "create_time"
        reply[key] = int(started * 1000)
        reply["version"] = version(world, voice, at)
    if number in (2, 4) and heard is not None:
        reply["demo_audio"] = world.preview(incoming.origin, voice, heard)
    if number == 3 and latest is not None:
        code = whole_number(latest.code, 1, 99999) or 1114
        return _answer(code, latest.message or "the training failed", **reply)
    return _answer(0, "", **reply)


def _word(world: World, number: int) -> int | str:
    """The given page has words (Processing, Success, Failed), the vendor's page numbers."""
    if not world.switches.on("volcengine_status_strings"):
        return number
    return {0: "NotFound", 1: "Processing", 2: "Success", 3: "Failed", 4: "Active"}[number]


class Volcengine:
    name = "volcengine"
    routes = [  # noqa: RUF012
        route("POST", "/api/v1/mega_tts/audio/upload", "upload", upload, changes=True),
        route("POST", "/api/v1/mega_tts/status", "status", status),
        route("GET", "/api/v1/mega_tts/status", "status", status),
        route("POST", "/", "console", console.serve),
        route("GET", "/", "console", console.serve),
    ]

    def owns(self, path: str, query: list[tuple[str, str]]) -> bool:
        return path.startswith("/api/v1/mega_tts/") or (
            path == "/" and any(key == "Action" for key, _ in query)
        )

    def classify(self, call: Call, incoming: Incoming) -> None:
        if incoming.path == "/":
            call.action = (incoming.param("Action") or "console")[:80]
            call.changes = call.action == "ActivateMegaTTSTrainStatus"

    def fault(self, incoming: Incoming, status: int, message: str) -> Answer:
        if incoming.path == "/":
            return console.fault(incoming, status, message)
        code = {400: 1001, 404: 1001, 405: 1001, 413: 1101, 429: 45000292}.get(status, 55000000)
        return _gateway(status, code, message)
