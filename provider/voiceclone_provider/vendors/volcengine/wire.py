"""Volcengine's answers: what its codes stand for, and what a status says of a slot. The answers of the voice
API V3 are in `wire_v3`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from ...core.call import Reply
from ...core.errors import (
    CredentialsError,
    NotFoundError,
    PermanentError,
    SampleRefusedError,
    TemporaryError,
    ThrottledError,
    VoiceError,
)
from ...core.times import rfc3339
from ..base import Observation, Status
from ..wire import LATER, NO_MESSAGE, SLOWER, Verdict, unlisted
from .evidence import Evidence
from .models import VolcengineModelType

CLUSTER = "volcano_icl"
SEED_1 = "seed-icl-1.0"
SEED_2 = "seed-icl-2.0"
NOT_GRANTED = 45000030

MODEL_NUMBERS: Mapping[VolcengineModelType, int] = {
    VolcengineModelType.ICL_1_0: 1,
    VolcengineModelType.DIT_STANDARD: 2,
    VolcengineModelType.DIT_RESTORATION: 3,
    VolcengineModelType.ICL_2_0: 4,
}
STATUSES: Mapping[str, Status] = {
    # 查询训练状态, as words and as numbers
    "notfound": Status.PENDING,
    "processing": Status.TRAINING,
    "training": Status.TRAINING,
    "success": Status.READY,
    "failed": Status.FAILED,
    "active": Status.LOCKED,
    "0": Status.PENDING,
    "1": Status.TRAINING,
    "2": Status.READY,
    "3": Status.FAILED,
    "4": Status.LOCKED,
    # 批量查询状态
    "unknown": Status.PENDING,
    "expired": Status.EXPIRED,
    "reclaimed": Status.EXPIRED,
}

LIST_STATES: Mapping[Status | None, str] = {
    Status.PENDING: "Unknown",
    Status.TRAINING: "Training",
    Status.READY: "Success",
    Status.LOCKED: "Active",
    Status.EXPIRED: "Expired",
}
"""What 批量查询状态 can be asked for; how it shows a training that failed is not documented."""

_APP = "volcengineAppId (VOLCENGINE_SPEECH_APP_ID)"
_TOKEN = "volcengineAccessToken (VOLCENGINE_SPEECH_ACCESS_TOKEN)"  # noqa: S105 - where it is, not what it is
_KEYS = "volcengineAccessKey (VOLCENGINE_ACCESS_KEY) and volcengineSecretKey (VOLCENGINE_SECRET_KEY)"
_ASK_TOKEN = f"Check {_APP} and {_TOKEN}: the token must be that of the application."
_ASK_RESOURCE = (
    "The voice cloning service is not opened for the application, or under another resource: open it in the "
    f"speech console, or set volcengineResourceId (VOLCENGINE_SPEECH_RESOURCE_ID). {_ASK_TOKEN}"
)
ASK_URL = "Check volcengineBaseUrl (environment variable VOLCENGINE_SPEECH_BASE_URL)."
_ASK_CONSOLE_URL = "Check volcengineConsoleUrl (environment variable VOLCENGINE_CONSOLE_URL)."
_ASK_KEYS = f"Check {_KEYS}."
_ASK_CLOCK = f"Check this machine's clock: requests are signed with the time; then check {_KEYS}."
_ASK_GRANT = f"Grant the key's user access to the speech console API (speech_saas_prod). {_ASK_KEYS}"
_ASK_INPUTS = "Check speakerId, which must be a slot of the application, and the other inputs."
_AGAIN = "Run `pulumi up` again; if that does not help, record the sample anew."

ERRORS: Mapping[int, Verdict] = {
    1001: (PermanentError, _ASK_INPUTS),
    1101: (PermanentError, f"The vendor could not take the sample. {_AGAIN}"),
    1102: (PermanentError, f"The vendor could not recognise the speech in the sample. {_AGAIN}"),
    1103: (PermanentError, f"The vendor could not identify the speaker of the sample. {_AGAIN}"),
    1104: (SampleRefusedError, "The voice is too much like a well-known person's: use another speaker."),
    1105: (PermanentError, f"The vendor could not read the sample. {_AGAIN}"),
    1106: (PermanentError, "The speaker ID is in use: use another slot as speakerId."),
    1107: (
        NotFoundError,
        f"Check speakerId: it must be a slot that was bought for the application. {_ASK_TOKEN}",
    ),
    1108: (SampleRefusedError, "The file cannot be decoded: store the recording as WAV or MP3."),
    1109: (
        SampleRefusedError,
        "What is said in the sample differs too much from text: correct text, or leave it out.",
    ),
    1111: (SampleRefusedError, "No speech was found in the sample: use a recording of one clear voice."),
    1112: (SampleRefusedError, "The sample is too noisy: record it in a quiet room."),
    1113: (PermanentError, f"Noise could not be removed from the sample. {_AGAIN}"),
    1114: (
        SampleRefusedError,
        "The sample's quality is too low: record it in a quiet room, near the speaker.",
    ),
    1122: (SampleRefusedError, "No voice was found in the sample: use a recording of one clear voice."),
    1123: (
        PermanentError,
        "The slot has been trained as often as the vendor allows: use another slot as speakerId.",
    ),
    NOT_GRANTED: (CredentialsError, _ASK_RESOURCE),
}
"""BaseResp.StatusCode, or `code` where the gateway answers."""

STATUS_ERRORS: Mapping[int, Verdict] = {
    401: (CredentialsError, _ASK_TOKEN),
    403: (CredentialsError, _ASK_RESOURCE),
    404: (PermanentError, ASK_URL),
    429: (ThrottledError, SLOWER),
}

CONSOLE_ERRORS: Mapping[str, Verdict] = {
    "OperationDenied.InvalidSpeakerID": (
        PermanentError,
        f"A slot does not belong to the application. Check {_APP}.",
    ),
    "OperationDenied": (PermanentError, f"Check {_APP}."),
    "InvalidParameter": (PermanentError, f"Check {_APP}."),
    "InvalidParameter.AppID": (CredentialsError, f"Check {_APP}: it must be one of the key's account."),
    "Forbidden.InvalidService": (
        PermanentError,
        "Voice cloning is not opened for this account: open it in the speech console.",
    ),
    "Forbidden.ErrAccountNotPermission": (CredentialsError, _ASK_GRANT),
    "Forbidden.LimitedTradingFrequency": (ThrottledError, SLOWER),
    "Forbidden": (CredentialsError, _ASK_GRANT),
    "NotFound": (PermanentError, "Check that slots were bought for the application."),
    "InternalError": (TemporaryError, LATER),
    # Codes that every API of this console has
    "AccessDenied": (CredentialsError, _ASK_GRANT),
    "InvalidAccessKey": (CredentialsError, _ASK_KEYS),
    "InvalidCredential": (CredentialsError, _ASK_KEYS),
    "InvalidAuthorization": (CredentialsError, _ASK_KEYS),
    "MissingAuthenticationToken": (CredentialsError, _ASK_KEYS),
    "SignatureDoesNotMatch": (CredentialsError, _ASK_CLOCK),
    "InvalidTimestamp": (CredentialsError, _ASK_CLOCK),
    "InvalidActionOrVersion": (PermanentError, _ASK_CONSOLE_URL),
    "FlowLimitExceeded": (ThrottledError, SLOWER),
    "AccountFlowLimitExceeded": (ThrottledError, SLOWER),
}
"""ResponseMetadata.Error.Code: the whole code or, where it is not here, what stands before its first dot."""

CONSOLE_STATUS_ERRORS: Mapping[int, Verdict] = {
    401: (CredentialsError, _ASK_KEYS),
    403: (CredentialsError, _ASK_GRANT),
    404: (PermanentError, _ASK_CONSOLE_URL),
    429: (ThrottledError, SLOWER),
}

SAMPLE_CODES = frozenset(range(1101, 1123)) - {1106, 1107}
"""What can be wrong with a sample; the two left out are about the slot."""


def accepted(reply: Reply) -> None:
    """The answer to an upload: nothing in it is not known already."""
    code, error = _judged(reply)
    if code:
        raise error


def slot_status(reply: Reply, voice_id: str) -> Observation:
    """The answer to 查询训练状态."""
    body = reply.body
    status, why, code = told(body.get("status"), *_judged(reply), SAMPLE_CODES)
    created = body.get("create_time") or body.get("creaet_time")  # the vendor's own page has both
    return observation(
        voice_id,
        status,
        "voice",
        version=body.get("version"),
        created=created,
        preview=body.get("demo_audio"),
        error=why,
        error_code=code,
    )


def told(
    reported: object, code: int, error: VoiceError, failures: Collection[int]
) -> tuple[Status, str, str]:
    """What an answer says of a training: the status and, of one that failed, the words and the code.

    A call that sends no sample learns of a bad one only by the training that failed: the answer has a code of
    `failures`, with or without a status. Raises `error` where the code is about anything else.
    """
    # A status that the vendor may add one day is taken for one that passes.
    status = None if reported is None else STATUSES.get(word(reported), Status.TRAINING)
    if code:
        usable = status is not None and status.usable
        if status is not Status.FAILED and (usable or code not in failures):
            raise error
        return Status.FAILED, f"{error.message.rstrip('.')}. {error.advice}".strip(), str(code)
    if status is None:
        raise ValueError("no status")
    return status, "", ""


def slots(reply: Reply, source: str) -> tuple[list[Observation], int | None]:
    """The answer to 批量查询状态: a page of slots, and the count on all pages where it is given. `source`
    says which version of the console API was asked."""
    result = _result(reply)
    total = result.get("TotalCount", result.get("Total"))
    return [_slot(item, source) for item in result["Statuses"] or ()], None if total is None else int(total)


def resource_of(seen: Observation) -> str | None:
    """The Resource-Id of the voice, where an answer has it."""
    reported = seen.extras.get("resourceId")
    return str(reported) if reported else None


def _slot(item: Mapping[str, Any], source: str) -> Observation:
    state = word(item["State"])
    details = [detail for detail in item.get("ModelTypeDetails") or () if isinstance(detail, Mapping)]
    resource = item.get("ResourceID") or (details[0].get("ResourceID") if len(details) == 1 else None)
    extras = {
        "instanceNo": item.get("InstanceNO") or item.get("InstanceNo"),
        "alias": item.get("Alias"),
        "expiresAt": _time(item.get("ExpireTime")),
        "resourceId": resource,
    }
    return observation(
        str(item["SpeakerID"]),
        STATUSES.get(state, Status.TRAINING),
        source,
        version=item.get("Version"),
        created=item.get("CreateTime"),
        preview=item.get("DemoAudio") or (details[0].get("DemoAudio") if len(details) == 1 else None),
        available=item.get("AvailableTrainingTimes"),
        inputs=_model(details, resource),
        extras={name: str(value) for name, value in extras.items() if value},
        gone=state == "reclaimed",
    )


def _model(details: list[Mapping[str, Any]], resource: object) -> dict[str, str]:
    """The model, where the answer leaves only one."""
    if len(details) == 1:
        for model, number in MODEL_NUMBERS.items():
            if str(details[0].get("ModelType")) == str(number):
                return {"modelType": str(model)}
    return {"modelType": str(VolcengineModelType.ICL_2_0)} if resource == SEED_2 else {}


def observation(
    voice_id: str,
    status: Status,
    source: str,
    *,
    version: Any,
    created: Any,
    preview: Any,
    available: Any = None,
    inputs: Mapping[str, Any] | None = None,
    extras: Mapping[str, str] | None = None,
    error: str = "",
    error_code: str = "",
    gone: bool = False,
) -> Observation:
    """A slot as one of the four APIs shows it; `source` says which."""
    left = None if available is None else int(available)
    return Observation(
        voice_id=voice_id,
        status=status,
        version=_evidence(status, source, version, left, created),
        error=error,
        error_code=error_code,
        available_trainings=left,
        preview_url=str(preview or "") or None,
        created_at=_time(created),
        inputs=dict(inputs or {}),
        extras={"cluster": CLUSTER, **(extras or {})},
        gone=gone,
    )


def _evidence(status: Status, source: str, version: Any, left: int | None, created: Any) -> str:
    if status is Status.PENDING:  # it may show a counter although it was never trained
        return str(Evidence(left=left, source=source))
    counter = Evidence.parse(str(version)).counter
    if status in (Status.LOCKED, Status.EXPIRED):
        return str(Evidence(counter))  # that changes the other two without a training
    return str(Evidence(counter, left, int(created) if created else None, source))


def word(reported: object) -> str:
    """A status, which is a word or a number, as `STATUSES` has it."""
    if isinstance(reported, float):
        reported = int(reported)
    return str(reported).strip().lower()


def _time(milliseconds: Any) -> str | None:
    return rfc3339(int(milliseconds) / 1000) if milliseconds and int(milliseconds) > 0 else None


def _judged(reply: Reply) -> tuple[int, VoiceError]:
    """The voice API's code, and the error that it stands for; the code is 0 where all is well."""
    body = reply.body
    reported = body.get("BaseResp")
    if isinstance(reported, Mapping):
        code, message = int(reported["StatusCode"]), reported.get("StatusMessage")
    elif reply.status >= 400:  # the gateway's own envelope
        code = int(body["code"]) if str(body.get("code", "")).isdecimal() else 0
        message = body.get("message") or body.get("msg") or body.get("error")
    else:
        raise ValueError("no BaseResp")
    logid = str(reply.headers.get("X-Tt-Logid") or "")
    code = code or (reply.status if reply.status >= 400 else 0)
    verdict = ERRORS.get(code) or STATUS_ERRORS.get(reply.status)
    return code, as_error(verdict, reply.status, str(code), message, logid)


def _result(reply: Reply) -> Mapping[str, Any]:
    """The console API's `Result`, or the error that its code stands for."""
    body = reply.body
    metadata = body.get("ResponseMetadata")
    metadata = metadata if isinstance(metadata, Mapping) else {}
    reported = metadata.get("Error")
    if not reported and reply.status < 400:
        result: Mapping[str, Any] = body["Result"]
        return result
    error: Mapping[str, Any] = reported if isinstance(reported, Mapping) else {}
    code = str(error.get("Code") or "")
    verdict = (
        CONSOLE_ERRORS.get(code)
        or CONSOLE_ERRORS.get(code.split(".", 1)[0])
        or CONSOLE_STATUS_ERRORS.get(reply.status)
    )
    request_id = str(metadata.get("RequestId") or reply.headers.get("X-Tt-Logid") or "")
    raise as_error(verdict, reply.status, code or str(reply.status), error.get("Message"), request_id)


def as_error(verdict: Verdict | None, status: int, code: str, message: object, request_id: str) -> VoiceError:
    """The error that a code, or where no table has it the HTTP status, stands for."""
    make, advice = verdict or unlisted(status)
    text = str(message or NO_MESSAGE)
    return make(text, code=code, request_id=request_id, advice=advice)
