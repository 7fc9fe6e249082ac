"""What a V3 training says (vendor's page 2534906)."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from ..core.wire import Incoming, Json, RefusedError
from ..core.world import World
from .fields import FORMATS
from .replies import gateway
from .v3_replies import SENTINEL, refused

LANGUAGES = (*range(18), 19, 20, 21)
_SWITCHES = (
    "enable_audio_denoise",
    "disable_volume_normalization",
    "enable_audio_denoise_with_snr",
    "voice_clone_enable_mss",
    "enable_crop_by_asr",
    "enable_check_prompt_text_quality",
    "enable_check_audio_quality",
)
_DENOISERS = ("", "SpeechInpaintingV2", "VocalDiffusionV2", "VocalDiffusionV2_44k")
_RESERVED = re.compile(
    r"^((?i:S_|ICL_|MIX_|DiT_|BV)|[a-z]{2}_"
    r"|(?i:(wvae|moon|mercury|venus|earth|mars|jupiter|saturn|uranus|neptune|pluto|umm)_)).*"
    r"|.*_(?i:bigtts|bigtts_cc|tob|cs_tob|streaming)$"
    r"|^[^a-zA-Z]|.*[-_]$|^.{0,7}$|^.{257,}$|.*[^a-zA-Z0-9_-].*"
)
"""A post-paid voice's name must not match this (vendor's page)."""


def speaker(body: Json) -> tuple[str, bool]:
    """The voice's ID, and whether it is a name of the caller's own."""
    wanted, own = body.get("speaker_id"), body.get("custom_speaker_id")
    if not isinstance(wanted, str) or not wanted:
        raise refused(45001001, "speaker_id is missing")
    if wanted != SENTINEL:
        return wanted, False
    if not isinstance(own, str) or not own:
        raise refused(45001001, "custom_speaker_id is missing")
    return own, True


def check_name(name: str) -> None:
    if _RESERVED.match(name):
        message = f"code:1001, message:invalid speaker_id {name[:80]}, please rename it and try again"
        raise RefusedError(gateway(400, 1001, message))


def fields(world: World, incoming: Incoming, body: Json) -> Json:
    """The sample and how it is to be trained; `audio` in bytes."""
    if "model_type" in body:
        raise refused(55000000, "server error: model_type")  # seen by a client: HTTP 500
    audio = body.get("audio")
    if not isinstance(audio, dict):
        raise refused(45001001, "audio is an object")
    data, declared = audio.get("data"), audio.get("format") or None
    if declared is not None and declared not in FORMATS:
        raise refused(45001001, f"audio.format is one of {', '.join(FORMATS)}")
    text, language = body.get("text"), body.get("language", 0)
    if text is not None and not isinstance(text, str):
        raise refused(45001001, "text is a string")
    if isinstance(language, bool) or not isinstance(language, int) or language not in LANGUAGES:
        raise refused(45001001, "language is 0 to 17, or 19 to 21")
    extra = body.get("extra_params")
    _check_extra(world, extra)
    return {
        "audio": _decoded(data),
        "audio_format": declared,
        "text": text,
        "language": language,
        "extra_params": extra,
    }


def _decoded(data: Any) -> bytes:
    if not isinstance(data, str):
        raise refused(45001001, "audio.data is not base64")
    try:
        return base64.b64decode(data, validate=True)
    except (ValueError, binascii.Error):
        raise refused(45001001, "audio.data is not base64") from None


def _check_extra(world: World, extra: Any) -> None:
    if extra is None:
        return
    if not isinstance(extra, dict):
        raise refused(45001001, "extra_params is an object")
    demo, longest = extra.get("demo_text"), int(world.switches.number("volcengine_v3_demo_text"))
    if demo is not None and (not isinstance(demo, str) or not 4 <= len(demo) <= longest):
        raise refused(45001126, f"demo_text has 4 to {longest} characters")
    for name in _SWITCHES:
        if not isinstance(extra.get(name, False), bool):
            raise refused(45001001, f"{name} is a boolean")
    if extra.get("voice_clone_denoise_model_id", "") not in _DENOISERS:
        raise refused(45001001, "voice_clone_denoise_model_id is not known")
