"""The voice API V1: a sample is sent with the application's ID and token, and trains for one model.

声音复刻 API, 上传音频训练 and 查询训练状态. The given page and the vendor's current one differ in how both
are sent: `volcengineUploadEncoding` chooses.
"""

from __future__ import annotations

from dataclasses import replace

from ...core.call import Call
from ...core.errors import CredentialsError, NotFoundError, PermanentError, VoiceError
from ...core.http import Http
from ..base import Observation, Order, Status
from ..samples import part, sample_of
from . import services, upload
from .console import Console
from .models import VolcengineInputs, VolcengineModelType, is_post_paid
from .wire import NOT_GRANTED, SEED_1, SEED_2, accepted, resource_of, slot_status


class VoiceV1:
    """One application's voices.

    Arguments:
        form: whether samples are sent as a form, as the given page says.
        resource: the `Resource-Id` of all voices, where the user knows it.
    """

    def __init__(self, http: Http, base_url: str, app_id: str, resource: str, *, form: bool) -> None:
        self._http = http
        self._base_url = base_url
        self._app_id = app_id
        self._resource = resource
        self._form = form
        self._resources: dict[str, str] = {}

    def train(self, voice_id: str, order: Order) -> None:
        """上传音频训练"""
        inputs: VolcengineInputs = order.inputs
        model_resource = SEED_2 if inputs.model_type is VolcengineModelType.ICL_2_0 else SEED_1
        resource = self._resource or model_resource
        self._learn(voice_id, resource)
        call = Call(
            method="POST",
            url=f"{self._base_url}/api/v1/mega_tts/audio/upload",
            operation="train",
            voice=voice_id,
            changes=True,
            headers={"Resource-Id": resource},
        )
        if self._form:
            upload.refuse_format(order)
            fields = upload.fields(self._app_id, voice_id, order)
            call = replace(call, form=fields, files={"audio_data": part(sample_of(order))})
        else:
            call = replace(call, json=upload.body(self._app_id, voice_id, order))
        self._http.call(call, accepted)

    def status(self, voice_id: str, *, prove: bool = False) -> Observation:
        """查询训练状态. Where the voice's Resource-Id is not known, both are tried: under the wrong one a
        voice may look as if it were not there. With `prove`, no answer of one of them may be missing."""
        if is_post_paid(voice_id):
            raise PermanentError(
                "a post-paid voice needs API V3",
                vendor="Volcengine",
                operation="read",
                voice=voice_id,
                advice="Configure volcengineApiKey (VOLCENGINE_SPEECH_API_KEY), or set volcengineApi to v3.",
            )
        nothing: Observation | None = None
        missing: VoiceError | None = None
        for resource in self._resources_of(voice_id):
            try:
                seen = self._status_under(voice_id, resource)
            except NotFoundError as error:
                missing = missing or error
            except CredentialsError as error:
                if prove or error.code != str(NOT_GRANTED):
                    raise
                missing = error
            else:
                if seen.status is not Status.PENDING:
                    self._learn(voice_id, resource)
                    return seen
                nothing = seen
        if nothing is not None:
            return nothing
        assert missing is not None  # noqa: S101 - there is at least one Resource-Id
        raise missing

    def upgrade(self, voice_id: str) -> bool:
        """V1 trains for one model."""
        return False

    def before_training(self, voice_id: str) -> Observation | None:
        """Every slot has a status."""
        return None

    def slots_for(self, console: Console, model: VolcengineModelType) -> list[Observation]:
        """Those of the model's service."""
        return services.slots_for(console, model)

    def listed(self, slots: list[Observation]) -> list[Observation]:
        """As they are. A voice must be asked about under its `Resource-Id`, which the console may show."""
        for slot in slots:
            resource = resource_of(slot)
            if resource:
                self._learn(slot.voice_id, resource)
        return slots

    def _learn(self, voice_id: str, resource: str) -> None:
        self._resources[voice_id] = resource

    def _status_under(self, voice_id: str, resource: str) -> Observation:
        asked = {"appid": self._app_id, "speaker_id": voice_id}
        call = Call(
            method="GET" if self._form else "POST",
            url=f"{self._base_url}/api/v1/mega_tts/status",
            operation="read",
            voice=voice_id,
            headers={"Resource-Id": resource},
            params=asked if self._form else None,
            json=None if self._form else asked,
        )
        return self._http.call(call, lambda reply: slot_status(reply, voice_id))

    def _resources_of(self, voice_id: str) -> tuple[str, ...]:
        known = self._resource or self._resources.get(voice_id)
        return (known,) if known else (SEED_1, SEED_2)
