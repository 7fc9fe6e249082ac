"""What Kling answers."""

from __future__ import annotations

import uuid
from typing import Any

from ..core.wire import Answer, Json, RefusedError


def answer(status: int, code: int, message: str, data: Any = None) -> Answer:
    payload: Json = {"code": code, "message": message, "request_id": str(uuid.uuid4())}
    if data is not None:
        payload["data"] = data
    return Answer(status, payload, {}, code)


def done(data: Any) -> Answer:
    return answer(200, 0, "SUCCEED", data)


def refused(code: int, message: str, status: int = 400) -> RefusedError:
    return RefusedError(answer(status, code, message))
