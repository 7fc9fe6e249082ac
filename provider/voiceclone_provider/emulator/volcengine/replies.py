"""What the voice API answers: the service in one shape, the gateway before it in another."""

from __future__ import annotations

import secrets
from typing import Any

from ..core.wire import Answer, RefusedError

# Given page, status codes of the upload; names from the vendor's page.
_ERRORS = {
    1001: "BadRequestError",
    1101: "AudioUploadError",
    1102: "ASRError",
    1103: "SIDError",
    1104: "SIDFailError",
    1105: "GetAudioDataError",
    1106: "SpeakerIDDuplicationError",
    1107: "SpeakerIDNotFoundError",
    1108: "AudioConvertError",
    1109: "WERError",
    1111: "AEDError",
    1112: "SNRError",
    1113: "DenoiseError",
    1114: "AudioQualityError",
    1122: "ASRNoSpeakerError",
    1123: "UploadLimitError",
}


def headers() -> dict[str, str]:
    return {"X-Tt-Logid": f"02{secrets.token_hex(20)}"}


def answer(code: int, message: str, **more: Any) -> Answer:
    text = f"{_ERRORS.get(code, 'Error')}: {message}" if code else message
    payload = {"BaseResp": {"StatusCode": code, "StatusMessage": text}, **more}
    return Answer(200, payload, headers(), code)


def gateway(status: int, code: int, message: str) -> Answer:
    """What never reaches the service is answered by the gateway, in another shape (seen by clients)."""
    payload = {"reqid": secrets.token_hex(16), "code": code, "message": message}
    return Answer(status, payload, headers(), code)


def refused(code: int, message: str, **more: Any) -> RefusedError:
    return RefusedError(answer(code, message, **more))


def turned_away(status: int, code: int, message: str) -> RefusedError:
    return RefusedError(gateway(status, code, message))
