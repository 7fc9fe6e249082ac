"""What an upload says: the vendor's JSON, or the given page's form."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from ..core.wire import Incoming, Json, UnreadableError, whole_number
from .replies import refused

FORMATS = ("wav", "mp3", "ogg", "m4a", "aac", "pcm")
_FORM_LANGUAGES = ("zh", "en")


def json_fields(incoming: Incoming) -> Json:
    """The vendor's page: JSON, audio in base64, exactly one item in `audios`."""
    body = incoming.json()
    fields: Json = {name: required(body, name, speaker_id="") for name in ("appid", "speaker_id")}
    speaker = fields["speaker_id"]
    audios = body.get("audios")
    if not isinstance(audios, list) or len(audios) != 1 or not isinstance(audios[0], dict):
        raise refused(1001, "audios is a list of exactly one audio", speaker_id=speaker)
    audio = audios[0]
    if body.get("source") != 2 or isinstance(body.get("source"), bool):
        raise refused(1001, "source is 2", speaker_id=speaker)
    fields["audio_format"] = _format(audio.get("audio_format"), speaker)
    fields["text"] = _optional_string(audio, "text", speaker)
    fields["model_type"] = _model(body.get("model_type", 0), speaker)
    fields["language"] = _language(body.get("language", 0), fields["model_type"], speaker)
    extra = body.get("extra_params")
    if extra is not None and not (isinstance(extra, str) and _is_json_object(extra)):
        raise refused(1001, "extra_params is a JSON object written as a string", speaker_id=speaker)
    fields["extra_params"] = extra
    encoded = audio.get("audio_bytes")
    try:
        if not isinstance(encoded, str):
            raise refused(1001, "audio_bytes is not base64", speaker_id=speaker)
        fields["audio"] = base64.b64decode(encoded, validate=True)
    except (ValueError, binascii.Error):
        raise refused(1001, "audio_bytes is not base64", speaker_id=speaker) from None
    return fields


def form_fields(incoming: Incoming) -> Json:
    """The given page: a form with the file in `audio_data`, as bytes or in base64."""
    parts = incoming.form()
    if len({part.name for part in parts}) != len(parts):
        raise refused(1001, "a form field is there twice", speaker_id="")
    audio = next((part.data for part in parts if part.name == "audio_data"), None)
    text = {part.name: part.text for part in parts if part.name != "audio_data"}
    fields: Json = {name: required(text, name, speaker_id="") for name in ("appid", "speaker_id")}
    speaker = fields["speaker_id"]
    if audio is None:
        raise refused(1001, "audio_data is missing", speaker_id=speaker)
    fields["audio"] = _maybe_base64(audio)
    if not text.get("audio_format"):
        raise refused(1001, "audio_format is missing", speaker_id=speaker)
    fields["audio_format"] = _format(text["audio_format"], speaker)
    fields["text"] = text.get("text")
    fields["model_type"] = _model(text.get("model_type", 0), speaker)
    language = text.get("language", "zh")
    if language not in _FORM_LANGUAGES:
        raise refused(1001, "language is zh or en", speaker_id=speaker)
    fields["language"] = language
    if (gender := text.get("gender")) not in (None, "male", "female"):
        raise refused(1001, "gender is male or female", speaker_id=speaker)
    fields["gender"] = gender
    return fields


def _maybe_base64(audio: bytes) -> bytes:
    if re.fullmatch(rb"[A-Za-z0-9+/\s]{16,}={0,2}\s*", audio):
        try:
            return base64.b64decode(b"".join(audio.split()), validate=True)
        except binascii.Error:
            pass
    return audio


def required(body: Json, name: str, **more: Any) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise refused(1001, f"{name} is missing", **more)
    return value


def _optional_string(body: Json, name: str, speaker: str) -> str | None:
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise refused(1001, f"{name} is a string", speaker_id=speaker)
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
        raise refused(1001, f"audio_format is one of {', '.join(FORMATS)}", speaker_id=speaker)
    return str(value)


def _model(value: Any, speaker: str) -> int:
    model = whole_number(value, 0, 4)
    if model is None:
        raise refused(1001, "model_type is 0 to 4", speaker_id=speaker)
    return model


def _language(value: Any, model: int, speaker: str) -> int:
    """0 cn, 1 en, 2 ja, 3 es, 4 id, 5 pt; also 6 de, 7 fr with model 2; 0 and 1 alone with 3 and 4."""
    highest = {2: 7, 3: 1, 4: 1}.get(model, 5)
    language = None if isinstance(value, str) else whole_number(value, 0, highest)
    if language is None:
        raise refused(1001, f"language is 0 to {highest} with model_type {model}", speaker_id=speaker)
    return language
