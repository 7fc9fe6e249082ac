"""The voice API V3: a sample is sent with an API key, and trains for every model.

Pages 音色训练 (2534906), 查询音色 (2535742) and 音色升级 (2535751) of 2026-08; the old console's headers from
the page before them (2227958), and error codes from 2534853.
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import requests

from ...core.call import Call
from ...core.errors import NotFoundError, PermanentError
from ...core.http import Auth, Http
from ..base import Observation, Order, Status
from ..samples import sample_of
from .console import Console
from .models import LANGUAGE_NUMBERS, VolcengineInputs, VolcengineModelType, is_post_paid
from .services import slots_for_any_model
from .upload import OPTIONS
from .wire_v3 import MISMATCHED, models_of, taken, voice_status

POST_PAID = "custom_speaker_id"
"""What `speaker_id` is for a post-paid voice, whose own ID has a field of the same name."""


def api_key(key: str) -> Auth:
    """The new console's key."""
    return _headers({"X-Api-Key": key})


def app_key(app_id: str, token: str) -> Auth:
    """The old console's application and its token."""
    return _headers({"X-Api-App-Key": app_id, "X-Api-Access-Key": token})


class VoiceV3:
    """The voices that one key can reach."""

    def __init__(self, http: Http, base_url: str) -> None:
        self._http = http
        self._base_url = base_url

    def train(self, voice_id: str, order: Order) -> None:
        """音色训练"""
        inputs: VolcengineInputs = order.inputs
        sample = sample_of(order)
        body: dict[str, Any] = {
            **_who(voice_id),
            "audio": {"data": base64.b64encode(sample.data).decode(), "format": sample.format},
        }
        if inputs.text:
            body["text"] = inputs.text
        if inputs.language:
            body["language"] = LANGUAGE_NUMBERS[inputs.language]
        options = {key: getattr(inputs, key) for key in OPTIONS.values()}
        given = {key: value for key, value in options.items() if value is not None}
        if given:
            body["extra_params"] = given
        self._http.call(self._call("voice_clone", "train", voice_id, body), taken)

    def status(self, voice_id: str, *, prove: bool = False) -> Observation:
        """查询音色. A post-paid ID that nobody has may be answered as one of another resource; with `prove`,
        that is not taken for an answer."""
        call = self._call("get_voice", "read", voice_id, _who(voice_id))
        try:
            return self._http.call(call, lambda reply: voice_status(reply, voice_id))
        except PermanentError as error:
            if prove or error.code != str(MISMATCHED) or not is_post_paid(voice_id):
                raise
            raise NotFoundError(error.message, code=error.code, advice=error.advice) from None

    def upgrade(self, voice_id: str) -> bool:
        """音色升级: a voice of V1 speaks with one model, one of V3 with several. Returns whether this was one
        of V1's."""
        call = self._call("get_voice", "read", voice_id, _who(voice_id))
        if self._http.call(call, lambda reply: models_of(reply, voice_id)) > 1:
            return False
        self._http.call(self._call("upgrade_voice", "upgrade", voice_id, _who(voice_id)), taken)
        return True

    def before_training(self, voice_id: str) -> Observation:
        """A voice that no read may show before its first training: no page says what the status of a slot is
        then, and a post-paid voice is made by it. An ID that nobody has is refused by the training."""
        try:
            return self.status(voice_id)
        except NotFoundError:
            return Observation(voice_id, Status.PENDING)

    def slots_for(self, console: Console, model: VolcengineModelType) -> list[Observation]:
        """V3 trains for every model."""
        return slots_for_any_model(console)

    def listed(self, slots: list[Observation]) -> list[Observation]:
        """V3 knows no model of a voice."""
        return [replace(slot, inputs={}) for slot in slots]

    def _call(self, path: str, operation: str, voice_id: str, body: Mapping[str, Any]) -> Call:
        return Call(
            method="POST",
            url=f"{self._base_url}/api/v3/tts/{path}",
            operation=operation,
            voice=voice_id,
            changes=operation != "read",
            json=body,
        )


def _who(voice_id: str) -> dict[str, str]:
    if is_post_paid(voice_id):
        return {"speaker_id": POST_PAID, POST_PAID: voice_id}
    return {"speaker_id": voice_id}


def _headers(headers: Mapping[str, str]) -> Auth:
    def auth(request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers.update({**headers, "X-Api-Request-Id": str(uuid.uuid4())})
        return request

    return auth
