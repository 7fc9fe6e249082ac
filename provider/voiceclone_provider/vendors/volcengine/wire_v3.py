"""Answers of the voice API V3: error codes from page 2534853, the table of all replies from 2534906."""

from __future__ import annotations

from collections.abc import Mapping

from ...core.call import Reply
from ...core.errors import (
    CredentialsError,
    NotFoundError,
    PermanentError,
    SampleRefusedError,
    ThrottledError,
    VoiceError,
)
from ..base import Observation
from ..wire import SLOWER, Verdict
from .models import is_post_paid
from .wire import ASK_URL, ERRORS, NOT_GRANTED, SAMPLE_CODES, as_error, observation, told

MISMATCHED = 55000000
V1 = 45000000
"""V3 has the codes of V1 above this number."""

_KEY = (
    "Check volcengineApiKey (VOLCENGINE_SPEECH_API_KEY) or, with the old console, volcengineAppId and "
    "volcengineAccessToken."
)
_PROJECT = "The key and the slot must be of the same project."
_GRANT = (
    "The voice cloning service is not opened for the key's project; post-paid voices (customSpeakerId) need "
    f"a service of their own. Open it in the speech console. {_KEY}"
)

OWN_ERRORS: Mapping[int, Verdict] = {
    V1: (CredentialsError, _KEY),
    45000010: (CredentialsError, _KEY),
    NOT_GRANTED: (CredentialsError, _GRANT),
    45001107: (NotFoundError, f"Check speakerId: it must be a slot that was bought. {_PROJECT}"),
    45001124: (SampleRefusedError, "The vendor refuses what is said in the sample: record another text."),
    45001125: (PermanentError, "The vendor refuses demoText: change it."),
    45001126: (PermanentError, "Change the length of demoText: the vendor takes 4 to 300 characters."),
    45001127: (SampleRefusedError, "The vendor refuses the sample's content: use another recording."),
    45001128: (SampleRefusedError, "The vendor refuses what is said in the sample: record another text."),
    MISMATCHED: (
        PermanentError,
        f"Check speakerId, and whether its service is opened and its term has not ended. {_PROJECT}",
    ),
}
STATUS_ERRORS: Mapping[int, Verdict] = {
    401: (CredentialsError, _KEY),
    403: (CredentialsError, _GRANT),
    404: (PermanentError, ASK_URL),
    429: (ThrottledError, SLOWER),
}
_FAILURES = frozenset({V1 + code for code in (*SAMPLE_CODES, 1124, 1125, 1126, 1127, 1128)}) | {55001307}
"""Why a training can fail that was taken before."""


def taken(reply: Reply) -> None:
    """The answer to a training: nothing in it is not known already."""
    code, error = _judged(reply)
    if code:
        raise error


def voice_status(reply: Reply, voice_id: str) -> Observation:
    """The answer to 查询音色."""
    body = reply.body
    status, why, code = told(body.get("status"), *_judged(reply), _FAILURES)
    return observation(
        voice_id,
        status,
        "v3",
        version=None,  # it has no counter
        created=body.get("create_time"),
        preview=_preview(body.get("speaker_status")),
        available=body.get("available_training_times"),
        inputs={"customSpeakerId": voice_id} if is_post_paid(voice_id) else {},
        error=why,
        error_code=code,
    )


def models_of(reply: Reply, voice_id: str) -> int:
    """How many models the voice can speak with. Raises the reply's error."""
    voice_status(reply, voice_id)
    rows = reply.body.get("speaker_status")
    return len({row.get("model_type") for row in rows}) if isinstance(rows, list) else 0


def _preview(rows: object) -> str | None:
    """The newest model's audio: rows are in the order of the models."""
    heard = (
        [str(row["demo_audio"]) for row in rows if row.get("demo_audio")] if isinstance(rows, list) else []
    )
    return heard[-1] if heard else None


def _judged(reply: Reply) -> tuple[int, VoiceError]:
    """The code, and the error that it stands for; the code is 0 where all is well. The gateway wraps both in
    `header`, and an answer without a fault has no code."""
    body = reply.body
    header = body.get("header")
    envelope = header if isinstance(header, Mapping) else body
    code = int(envelope.get("code") or 0)
    if code == 20000000 or (code == 0 and reply.status < 400):
        code = 0
    elif code == 0:
        code = reply.status
    elif code in ERRORS and code < V1:  # some answers have the short codes of V1
        code += V1
    verdict = OWN_ERRORS.get(code) or ERRORS.get(code - V1) or STATUS_ERRORS.get(reply.status)
    logid = str(reply.headers.get("X-Tt-Logid") or "")
    return code, as_error(verdict, reply.status, str(code), envelope.get("message"), logid)
