"""Coze's answers: what its codes stand for, and what an entry of its list says of a voice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.call import Reply
from ...core.errors import (
    CredentialsError,
    PermanentError,
    SampleRefusedError,
    ThrottledError,
)
from ...core.times import rfc3339
from ..base import Observation, Status
from ..wire import NO_MESSAGE, SLOWER, Verdict, unlisted
from .models import CozeLanguage

_DEFAULT_PREVIEW = "你好，我是你的专属AI克隆声音，希望未来可以一起好好相处哦"

_STATUSES: Mapping[str, Status] = {
    # A slot that was bought and never trained, and for a moment a voice that was just cloned.
    "init": Status.PENDING,
    "cloned": Status.READY,
}

CREDENTIALS = "cozeToken in the provider's configuration or the environment variable COZE_API_TOKEN"
_ASK_TOKEN = (
    f"Check {CREDENTIALS}: the token must be valid, and of the same site as cozeBaseUrl "
    "(a token of coze.cn is not valid at coze.com)."
)
_ASK_PERMISSION = f"Give the token the permission {{permission}}, or use another one: {CREDENTIALS}.{{plan}}"
_PLAN = (
    " Only accounts with an enterprise plan (企业版) can clone voices. The plan includes one voice; more are "
    "bought in the vendor's console (音色复刻扩容包). A voice that was bought is named by voiceId."
)
_ASK_CREDIT = (
    "The account's credit (资源点) or balance is used up: top it up in the vendor's console, then run the "
    "command again.{plan}"
)
_ASK_URL = "Check cozeBaseUrl (environment variable COZE_API_BASE)."
_ASK_INPUTS = "Check the inputs; the vendor's message says which one is wrong.{plan}"

ERRORS: Mapping[int, Verdict] = {
    4000: (PermanentError, _ASK_INPUTS),
    4008: (ThrottledError, SLOWER),
    4009: (ThrottledError, SLOWER),
    4011: (PermanentError, _ASK_CREDIT),
    4013: (ThrottledError, SLOWER),
    4100: (CredentialsError, _ASK_TOKEN),
    4019: (PermanentError, _ASK_CREDIT),
    4020: (ThrottledError, SLOWER),
    4022: (PermanentError, _ASK_CREDIT),
    4101: (CredentialsError, _ASK_PERMISSION),
    4200: (PermanentError, "Check voiceId and spaceId: each must be one of the token's account.{plan}"),
    700012006: (CredentialsError, _ASK_TOKEN),
    # The cloning behind Coze has Volcengine's codes; the page names 1109.
    1104: (SampleRefusedError, "The voice is too much like a well-known person's: use another speaker."),
    1108: (SampleRefusedError, "The file cannot be decoded: store the recording as WAV or MP3."),
    1109: (
        SampleRefusedError,
        "What is said in the sample differs too much from text: correct text, or leave it out.",
    ),
    1111: (SampleRefusedError, "No speech was found in the sample: use a recording of one clear voice."),
    1112: (SampleRefusedError, "The sample is too noisy: record it in a quiet room."),
    1114: (
        SampleRefusedError,
        "The sample's quality is too low: record it in a quiet room, near the speaker.",
    ),
    1122: (SampleRefusedError, "No voice was found in the sample: use a recording of one clear voice."),
    1123: (
        PermanentError,
        "The voice has been trained as often as the vendor allows: declare another voice.",
    ),
}
"""错误码. The vendor's whole table is on another page: other codes are reported in its own words."""

STATUS_ERRORS: Mapping[int, Verdict] = {
    401: (CredentialsError, _ASK_TOKEN),
    403: (CredentialsError, _ASK_PERMISSION),
    404: (PermanentError, _ASK_URL),
    429: (ThrottledError, SLOWER),
}

_CLONES = ("create", "train")
_PERMISSIONS: Mapping[str, str] = {"create": "`createVoice`", "train": "`createVoice`", "list": "`listVoice`"}


def data_of(reply: Reply, operation: str) -> Mapping[str, Any]:
    """返回参数: the envelope's `data`, or the error that its code stands for."""
    body = reply.body
    reported = body.get("code")
    if reported is None and reply.status < 400:
        raise ValueError("no code")
    code = int(reported) if reported is not None else 0
    if code == 0 and reply.status < 400:
        data: Mapping[str, Any] = body["data"]
        return data
    make, advice = _verdict(code, reply.status)
    detail = body.get("detail")
    logid = detail.get("logid") if isinstance(detail, Mapping) else None
    raise make(
        str(body.get("msg") or body.get("message") or NO_MESSAGE),
        code=str(code or reply.status),
        request_id=str(logid or reply.headers.get("X-Tt-Logid") or ""),
        advice=advice.format(permission=_PERMISSIONS[operation], plan=_PLAN if operation in _CLONES else ""),
    )


def refused(voice_id: str, message: str, advice: str) -> PermanentError:
    """The fault of a create that may not train the voice that its inputs name."""
    return PermanentError(message, vendor="Coze", operation="create", voice=voice_id, advice=advice)


def _verdict(code: int, status: int) -> Verdict:
    known = ERRORS.get(code) or STATUS_ERRORS.get(status)
    if known:
        return known
    return unlisted(status)


def observation(voice: Mapping[str, Any]) -> Observation:
    # The page's own sample has no state: a voice that cannot be heard, and was not changed since it was made,
    # is not trained then. A state that the vendor may add one day is taken for one that passes.
    untouched = voice.get("update_time") in (None, voice.get("create_time"))
    shown = voice.get("state") or ("init" if voice.get("preview_audio") == "" and untouched else "cloned")
    status = _STATUSES.get(str(shown).lower(), Status.TRAINING)
    available = voice.get("available_training_times")
    created, updated = voice.get("create_time"), voice.get("update_time")
    name = str(voice["name"]) if voice.get("name") is not None else None
    inputs: dict[str, Any] = {"name": name} if name else {}
    language = str(voice.get("language_code") or "").lower().split("-")[0]
    if language in tuple(CozeLanguage):
        inputs["language"] = language
    preview = str(voice.get("preview_text") or _DEFAULT_PREVIEW)
    if preview != _DEFAULT_PREVIEW:
        inputs["previewText"] = preview
    told = voice.get("support_emotions")
    emotions = [str(item["emotion"]) for item in told or () if item.get("emotion")]
    return Observation(
        voice_id=id_of(voice),
        status=status,
        version=_version(available, updated),
        name=name,
        available_trainings=None if available is None else int(available),
        preview_url=str(voice.get("preview_audio") or "") or None,
        created_at=rfc3339(float(created)) if created else None,
        updated_at=rfc3339(float(updated)) if updated else None,
        inputs=inputs,
        extras={
            **({"modelType": str(voice["model_type"])} if voice.get("model_type") else {}),
            **({"modelName": str(voice["model_name"])} if voice.get("model_name") else {}),
            **({"supportEmotions": emotions} if emotions else {}),
            **({"isSystemVoice": True} if voice.get("is_system_voice") else {}),
        },
    )


def id_of(data: Mapping[str, Any]) -> str:
    """IDs have 19 digits and are text on the wire."""
    if not data["voice_id"]:
        raise ValueError("no voice_id")
    return str(data["voice_id"])


def _version(available: Any, updated: Any) -> str:
    """The vendor has no counter: a training takes one of the trainings left and moves the update time."""
    if available is None and not updated:
        return ""
    return f"{'' if available is None else int(available)}/{int(updated or 0)}"


def version_parts(version: str) -> tuple[int | None, int] | None:
    available, slash, updated = version.partition("/")
    if not slash or not updated.isdecimal() or not (available.lstrip("-").isdecimal() or not available):
        return None
    return (int(available) if available else None), int(updated)
