"""Kling's answers: what its codes stand for, and what a task says of its voice."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...core.call import Reply
from ...core.errors import (
    CredentialsError,
    HandleTakenError,
    NotFoundError,
    PermanentError,
    SampleRefusedError,
    TemporaryError,
    ThrottledError,
)
from ...core.times import rfc3339
from ..base import Observation, Status
from ..wire import NO_MESSAGE, SLOWER, Verdict, code_of, unlisted

_KEYS = (
    "klingApiKey (KLING_API_KEY), or klingAccessKey and klingSecretKey (KLING_ACCESS_KEY, KLING_SECRET_KEY)"
)
_CHECK_KEYS = f"Check {_KEYS}."
_CHECK_CLOCK = f"Check this machine's clock: tokens are made from it; then check {_KEYS}."
_CHECK_URL = "Check klingBaseUrl (environment variable KLING_BASE_URL)."
_CHECK_INPUTS = "Check the inputs: name, audioUrl or videoId, callbackUrl, externalTaskId."
_LATER = "The vendor has a fault or is overloaded: try again later."
_POLICY = "The vendor refuses this sample or name: use another one."


class DeletingError(PermanentError):
    """The vendor is deleting the voice already."""


ERRORS: Mapping[int, Verdict] = {
    1000: (CredentialsError, _CHECK_KEYS),
    1001: (CredentialsError, f"The request carried no key. {_CHECK_KEYS}"),
    1002: (CredentialsError, f"The key is not valid at this address. {_CHECK_KEYS} {_CHECK_URL}"),
    1003: (CredentialsError, f"The token is not valid yet. {_CHECK_CLOCK}"),
    1004: (CredentialsError, f"The token has expired. {_CHECK_CLOCK}"),
    1100: (PermanentError, "The account is in an abnormal state: see the vendor's console."),
    1101: (PermanentError, "The account is in arrears: pay in the vendor's console."),
    1102: (
        PermanentError,
        "The resource pack is used up or has expired: buy another in the vendor's console.",
    ),
    1103: (CredentialsError, f"The key has no permission for this call. {_CHECK_KEYS}"),
    1200: (PermanentError, _CHECK_INPUTS),
    1201: (PermanentError, _CHECK_INPUTS),
    1202: (PermanentError, _CHECK_URL),
    1203: (NotFoundError, "Check the ID, and that the key is of the account that owns the voice."),
    1300: (SampleRefusedError, _POLICY),
    1301: (SampleRefusedError, _POLICY),
    1302: (ThrottledError, SLOWER),
    1303: (
        ThrottledError,
        "Too many tasks of the account run at once: try again later, or use a lower `--parallel`.",
    ),
    1304: (
        PermanentError,
        "The account has an IP whitelist: add this machine's address in the vendor's console.",
    ),
    5000: (TemporaryError, _LATER),
    5001: (TemporaryError, _LATER),
    5002: (TemporaryError, _LATER),
}
"""The vendor's table of error codes. 1101, 1102 and 1304 come with HTTP 429, but do not go away."""

ERRORS_OF: Mapping[tuple[str, int], Verdict] = {
    # There is no voice yet that could be missing.
    ("create", 1203): (PermanentError, _CHECK_INPUTS),
    ("list", 1203): (PermanentError, _CHECK_URL),
}

STATUS_ERRORS: Mapping[int, Verdict] = {
    401: (CredentialsError, _CHECK_KEYS),
    403: (CredentialsError, _CHECK_KEYS),
    404: (PermanentError, _CHECK_URL),
    429: (ThrottledError, SLOWER),
}
"""By HTTP status, for answers whose code is not in the table. A 404 of this kind is never a missing voice."""


@dataclass(frozen=True)
class Phrase:
    """What a code means where its message has one word of each group, by calls."""

    operations: frozenset[str]
    codes: frozenset[int]
    words: tuple[tuple[str, ...], ...]
    verdict: Verdict

    def fits(self, operation: str, code: int | None, message: str) -> bool:
        return (
            operation in self.operations
            and code in self.codes
            and all(any(word in message for word in group) for group in self.words)
        )


PHRASES = (
    Phrase(
        frozenset({"read", "delete"}),
        frozenset({1200, 1201}),
        (("not found", "not exist", "doesn't exist", "no such", "不存在", "未找到", "找不到"),),
        (NotFoundError, "Check the ID, and that the key is of the account that owns the voice."),
    ),
    Phrase(
        frozenset({"delete"}),
        frozenset({1200, 1201}),
        (("already be delet", "been delet", "already delet", "已删除", "已被删除"),),
        (NotFoundError, "The voice was deleted before."),
    ),
    Phrase(
        frozenset({"delete"}),
        frozenset({1200, 1201}),
        (("being delet", "deleting", "deletion in progress", "正在删除", "删除中"),),
        (DeletingError, "Run the command again later."),
    ),
    Phrase(
        frozenset({"create"}),
        frozenset({1200, 1201}),
        (
            ("external", "task_id", "task id", "任务"),
            (
                "duplicat",
                "already",
                "repeat",
                "unique",
                "in use",
                "been used",
                "重复",
                "已存在",
                "唯一",
                "占用",
            ),
        ),
        (HandleTakenError, "Another task of the account has this externalTaskId: choose another."),
    ),
)
"""All were seen as 1201, which otherwise means a wrong parameter, but for the third, which is a guess. The
wording is not documented."""

_STATUSES: Mapping[str, Status] = {
    "submitted": Status.TRAINING,
    "processing": Status.TRAINING,
    "succeed": Status.READY,
    "succeeded": Status.READY,
    "failed": Status.FAILED,
}

_OWN_HANDLE = re.compile(r"voiceclone-[0-9a-f]{32}")
"""The provider's own external IDs: no input, or an import would ask for it."""


def verdict_of(operation: str, code: int | None, status: int, message: str) -> Verdict:
    """The error class and the advice for an answer that is no success."""
    words = message.casefold()
    for phrase in PHRASES:
        if phrase.fits(operation, code, words):
            return phrase.verdict
    found = (ERRORS_OF.get((operation, code)) or ERRORS.get(code)) if code else None
    found = found or STATUS_ERRORS.get(status)
    if found is None:
        found = unlisted(status, _LATER)
    return found


def data_of(reply: Reply, operation: str) -> Any:
    """The envelope's `data`, or the error that its code stands for."""
    body = reply.body
    code, shown = code_of(reply)
    if code == 0 and reply.status < 400:
        return body.get("data")
    message = str(body.get("message") or body.get("msg") or NO_MESSAGE)
    make, advice = verdict_of(operation, code, reply.status, message)
    raise make(message, code=shown, request_id=str(body.get("request_id") or ""), advice=advice)


def voices_of(task: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    """The task's voices that are not deleted; `None` where the answer leaves the result out, which says
    nothing of them. A result without voices is what the vendor gives where there are none."""
    result = task.get("task_result")
    if not isinstance(result, dict):
        return None
    voices = result.get("voices") or []
    return [voice for voice in voices if voice.get("voice_id") and voice.get("status") != "deleted"]


def _time(milliseconds: object) -> str | None:
    """Creation and update times come in milliseconds."""
    return rfc3339(float(str(milliseconds)) / 1000) if milliseconds else None


def observation(task: Any) -> Observation:
    """What a task says of its voice. A task that succeeded and has no voice any more had it deleted."""
    if not task["task_id"]:
        raise ValueError("no task_id")
    # A status that the vendor may add one day is taken for one that passes.
    status = _STATUSES.get(str(task["task_status"]).strip().lower(), Status.TRAINING)
    voices = voices_of(task)
    if status is Status.READY and voices is None:
        status = Status.TRAINING  # a voice without its ID is of no use yet
    voice = voices[0] if voices else {}
    inputs: dict[str, Any] = {}
    if voice.get("voice_name"):
        inputs["name"] = str(voice["voice_name"])
    external_id = (task.get("task_info") or {}).get("external_task_id")
    if external_id and not _OWN_HANDLE.fullmatch(str(external_id)):
        inputs["externalTaskId"] = str(external_id)
    extras: dict[str, Any] = {"taskId": str(task["task_id"]), "voiceId": str(voice.get("voice_id") or "")}
    for key, value in (
        ("ownedBy", voice.get("owned_by")),
        ("unitsCharged", task.get("final_unit_deduction")),
    ):
        if value not in (None, ""):
            extras[key] = str(value)
    failed = status is Status.FAILED
    return Observation(
        voice_id=str(task["task_id"]),
        status=status,
        name=inputs.get("name"),
        error=str(task.get("task_status_msg") or "the vendor gives no reason") if failed else "",
        preview_url=str(voice.get("trial_url") or "") or None,
        created_at=_time(task.get("created_at")),
        updated_at=_time(task.get("updated_at")),
        inputs=inputs,
        extras=extras,
        gone=status is Status.READY and not voices,
    )


def deleted(data: Any) -> bool:
    """删除自定义音色: whether the voice is deleted. The answer is a task of its own, which no call reads; one
    that is not over has deleted nothing yet. An answer without a task was seen for what was deleted."""
    told = data.get("task_status") if isinstance(data, dict) else None
    status = _STATUSES.get(str(told).strip().lower()) if told else Status.READY
    if status is Status.FAILED:
        raise PermanentError(
            "the vendor's deletion task failed: the voice is not deleted, and stays in the stack",
            advice="Run the command again, or delete the voice in the vendor's console.",
        )
    return status is Status.READY


def observations(data: Any) -> list[Observation]:
    """A page of tasks."""
    if not isinstance(data, list | None):
        raise TypeError("data is not a list")
    return [observation(task) for task in data or ()]


def presets(data: Any) -> list[Observation]:
    """A page of the vendor's own voices: every voice on its own, by its own ID."""
    if not isinstance(data, list | None):
        raise TypeError("data is not a list")
    return [
        Observation(
            voice_id=str(voice["voice_id"]),
            status=Status.READY,
            name=str(voice.get("voice_name") or "") or None,
            preview_url=str(voice.get("trial_url") or "") or None,
            extras={"voiceId": str(voice["voice_id"]), "ownedBy": str(voice.get("owned_by") or "kling")},
        )
        for task in data or ()
        for voice in voices_of(task) or ()
    ]
