"""Volcengine (火山引擎): a voice lives in a slot that was bought before, and is trained there.

Written from the vendor's page 声音复刻 API and from what that page says outranks it, the vendor's current
pages. They differ in how a sample is sent and a status is asked for: `volcengineUploadEncoding` chooses.
There is no call that makes, renames or deletes a slot.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar, Self

from ...core import files
from ...core.call import Call
from ...core.clock import SYSTEM, Clock
from ...core.errors import CredentialsError, NotFoundError, VoiceError
from ...core.http import Http, bearer
from ...core.ports import Fault
from ...core.values import Properties
from ..base import Facts, Observation, Order, Status, Vendor
from ..facts import BySlot
from ..models import VendorConfig, VoiceFilter, VoiceInfo, VoiceInputs, VoiceOutputs
from ..samples import length_advice, part, sample_of
from . import upload
from .evidence import Evidence
from .models import (
    LANGUAGES,
    VolcengineConfig,
    VolcengineFilter,
    VolcengineInfo,
    VolcengineInputs,
    VolcengineModelType,
    VolcengineOutputs,
    VolcengineUploadEncoding,
)
from .reservations import Reservations
from .signature import Signature
from .slots import KEY_PAIR, free_slot, refuse_used, refused
from .upload import EXTRA_PARAMS, refuse_what_a_form_cannot_carry
from .wire import (
    LANGUAGE_NUMBERS,
    LIST_STATES,
    NOT_GRANTED,
    SEED_1,
    SEED_2,
    accepted,
    resource_of,
    slot_status,
    slots,
)

TITLE = "Volcengine"
DEFAULT_BASE_URL = "https://openspeech.bytedance.com"
DEFAULT_CONSOLE_URL = "https://open.volcengineapi.com"
PAGE_SIZE = 100
MOST_PAGES = 200
ADVISED_SECONDS = (10.0, 30.0)


class Volcengine(Vendor[VolcengineConfig]):
    """One speech application at Volcengine."""

    facts: ClassVar[Facts] = Facts(
        key="volcengine",
        title=TITLE,
        sample_inputs=("audio",),
        training_inputs=(
            "audio",
            "text",
            "language",
            "modelType",
            "gender",
            *EXTRA_PARAMS,
            "retrainTriggers",
        ),
        replacing_inputs=("speakerId",),
        name_limit=None,
        name_unit="characters",
        rename="never",
        retrains=True,
        deletes=False,
        shows_training=True,
        recovery=BySlot("speakerId"),
        timeout=600.0,
        usual="a few seconds to 2 min",
        poll=(0.2, 5.0),
        settle=15.0,
    )
    Config: ClassVar[type[VendorConfig]] = VolcengineConfig
    Inputs: ClassVar[type[VoiceInputs]] = VolcengineInputs
    Outputs: ClassVar[type[VoiceOutputs]] = VolcengineOutputs
    Info: ClassVar[type[VoiceInfo]] = VolcengineInfo
    Filter: ClassVar[type[VoiceFilter]] = VolcengineFilter

    def __init__(self, config: VolcengineConfig, http: Http) -> None:
        super().__init__(config, http)
        self._app_id = _text(config.volcengine_app_id)
        self._base_url = (config.volcengine_base_url or DEFAULT_BASE_URL).rstrip("/")
        self._console_url = (config.volcengine_console_url or DEFAULT_CONSOLE_URL).rstrip("/")
        self._form = config.volcengine_upload_encoding is VolcengineUploadEncoding.FORM
        self._resources: dict[str, str] = {}
        self._reservations = Reservations(files.home() / "slots")
        access_key, secret_key = _text(config.volcengine_access_key), _text(config.volcengine_secret_key)
        self._signature = Signature(access_key, secret_key, http.clock) if access_key and secret_key else None

    @classmethod
    def connect(cls, config: VolcengineConfig, cancelled: threading.Event, clock: Clock = SYSTEM) -> Self:
        token = _text(config.volcengine_access_token)
        auth = bearer(token, "Bearer;")  # a semicolon, and no space
        return cls(config, Http(TITLE, auth, (token, _text(config.volcengine_secret_key)), cancelled, clock))

    @classmethod
    def require_credentials(cls, config: VolcengineConfig) -> None:
        """The application's ID and token always; of the key pair both or none."""
        needed = [
            ("application ID", config.volcengine_app_id, "volcengineAppId", "SPEECH_APP_ID"),
            ("access token", config.volcengine_access_token, "volcengineAccessToken", "SPEECH_ACCESS_TOKEN"),
        ]
        if _text(config.volcengine_access_key) or _text(config.volcengine_secret_key):
            needed += [
                ("access key", config.volcengine_access_key, "volcengineAccessKey", "ACCESS_KEY"),
                ("secret key", config.volcengine_secret_key, "volcengineSecretKey", "SECRET_KEY"),
            ]
        for what, value, key, variable in needed:
            if not _text(value):
                secret = "--secret " if what in ("access token", "secret key") else ""
                raise CredentialsError(
                    f"no {what} is configured",
                    vendor=TITLE,
                    advice=f"Run `pulumi config set {secret}voiceclone:{key} <value>`, or set the "
                    f"environment variable VOLCENGINE_{variable}.",
                )

    @classmethod
    def cross_check(cls, inputs: Properties, unknown: frozenset[str]) -> list[Fault]:
        language, model = inputs.get("language"), inputs.get("modelType", VolcengineModelType.ICL_1_0)
        if "modelType" in unknown or model not in tuple(VolcengineModelType):
            return []
        allowed = LANGUAGES[VolcengineModelType(model)]
        if language not in tuple(LANGUAGE_NUMBERS) or language in allowed:
            return []
        speaks = ", ".join(allowed)
        reason = (
            f"language is '{language!s}', but modelType {model!s} speaks {speaks} only; change one of them"
        )
        return [Fault("language", f"{TITLE}: {reason}")]

    @classmethod
    def warnings(cls, inputs: Properties) -> list[str]:
        advice = length_advice(inputs, *ADVISED_SECONDS)
        if inputs.get("gender"):
            advice.append("gender is only sent with volcengineUploadEncoding form")
        return advice

    @classmethod
    def trainings_between(cls, base: str, version: str) -> int | None:
        return Evidence.parse(base).trainings_until(Evidence.parse(version))

    @classmethod
    def trained_since(cls, version: str, now: str) -> bool:
        return Evidence.parse(version).trained_until(Evidence.parse(now))

    @property
    def account(self) -> str:
        return self._app_id

    def observe(self, voice_ids: Collection[str]) -> dict[str, Observation]:
        found: dict[str, Observation] = {}
        if self._signature and voice_ids:
            for page in self._pages():
                found |= {slot.voice_id: slot for slot in page if slot.voice_id in voice_ids}
                if len(found) == len(set(voice_ids)):
                    break
        for voice_id in voice_ids:
            seen = self.beyond_listing(voice_id, found.get(voice_id))
            if seen is not None:
                found[voice_id] = seen
        return found

    @property
    def reads_by_listing(self) -> bool:
        return self._signature is not None

    def beyond_listing(self, voice_id: str, listed: Observation | None) -> Observation | None:
        if listed is None:  # the console shows only slots that were paid for in advance
            try:
                return self._status(voice_id)
            except NotFoundError:
                return None
        return self._with_reason(listed) if listed.status is Status.FAILED else listed

    def listing(self) -> list[Observation]:
        found = {slot.voice_id: slot for page in self._pages() for slot in page}
        return list(found.values())

    def search(self, wanted: VolcengineFilter) -> list[Observation]:
        if wanted.speaker_ids == []:  # to the vendor, an empty list is no filter
            return []
        filters: dict[str, Any] = {}
        if wanted.speaker_ids:
            filters["SpeakerIDs"] = wanted.speaker_ids
        if wanted.status in LIST_STATES:
            filters["State"] = LIST_STATES[wanted.status]
        if wanted.expires_before:
            end = datetime.fromisoformat(wanted.expires_before).timestamp()
            filters["ExpireTimeEnd"] = int(end * 1000) - 1
        found = {slot.voice_id: slot for page in self._pages(filters) for slot in page}
        return list(found.values())

    def is_gone(self, voice_id: str, listed: Callable[[], list[Observation]] | None = None) -> bool:
        """A slot that the console does not show proves nothing: it shows only some kinds of slots."""
        if self._signature:
            for slot in (listed or self.listing)():
                if slot.voice_id == voice_id and slot.status is not Status.PENDING:
                    return slot.gone
        try:
            return self._status(voice_id, prove=True).status is Status.PENDING
        except NotFoundError:
            return True

    def claim(self, order: Order, taken: Collection[str], *, reserve: bool) -> Observation:
        inputs: VolcengineInputs = order.inputs
        if self._form:
            refuse_what_a_form_cannot_carry(inputs)
        speaker_id = inputs.speaker_id
        if speaker_id is None:
            if self._signature is None:
                message = "speakerId is missing, and without the console API's keys no free slot can be found"
                raise refused(order.name, message, f"Give speakerId, or configure both {KEY_PAIR}.")
            listed, used = self.listing(), set(taken)
            while True:
                slot = free_slot(listed, used, order.handle)
                if not reserve or self._reservations.take(self.account, slot.voice_id):
                    return slot
                used.add(slot.voice_id)
        if speaker_id in taken:
            message = "another resource of this program has the same speakerId"
            raise refused(speaker_id, message, "Give each voice a slot of its own.")
        named = self.observe([speaker_id]).get(speaker_id)
        if named is None:
            message = "the application has no such slot"
            advice = "Check speakerId and volcengineAppId (VOLCENGINE_SPEECH_APP_ID)."
            raise refused(speaker_id, message, advice)
        refuse_used(named, order.resource, overwrite=bool(inputs.overwrite_existing))
        if reserve:  # a slot that the program names is not given up, whoever has reserved it
            self._reservations.take(self.account, speaker_id)
        return named

    def train(self, voice_id: str, order: Order) -> None:
        """上传音频训练"""
        inputs: VolcengineInputs = order.inputs
        model_resource = SEED_2 if inputs.model_type is VolcengineModelType.ICL_2_0 else SEED_1
        resource = _text(self.config.volcengine_resource_id) or model_resource
        self._resources[voice_id] = resource
        call = Call(
            method="POST",
            url=f"{self._base_url}/api/v1/mega_tts/audio/upload",
            operation="train",
            voice=voice_id,
            changes=True,
            headers={"Resource-Id": resource},
        )
        if self._form:
            refuse_what_a_form_cannot_carry(inputs)
            fields = upload.fields(self._app_id, voice_id, order)
            call = replace(call, form=fields, files={"audio_data": part(sample_of(order))})
        else:
            call = replace(call, json=upload.body(self._app_id, voice_id, order))
        self.http.call(call, accepted)

    def _with_reason(self, slot: Observation) -> Observation:
        """The console shows that a training failed; the voice API says why."""
        try:
            shown = self._status(slot.voice_id)
        except VoiceError:
            return slot
        if shown.status is not Status.FAILED:
            return slot
        return replace(slot, error=shown.error, error_code=shown.error_code)

    def _status(self, voice_id: str, *, prove: bool = False) -> Observation:
        """查询训练状态. Where the voice's Resource-Id is not known, both are tried: under the wrong one a
        voice may look as if it were not there. With `prove`, no answer of one of them may be missing."""
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
                    self._resources[voice_id] = resource
                    return seen
                nothing = seen
        if nothing is not None:
            return nothing
        assert missing is not None  # noqa: S101 - there is at least one Resource-Id
        raise missing

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
        return self.http.call(call, lambda reply: slot_status(reply, voice_id))

    def _resources_of(self, voice_id: str) -> tuple[str, ...]:
        known = _text(self.config.volcengine_resource_id) or self._resources.get(voice_id)
        return (known,) if known else (SEED_1, SEED_2)

    def _pages(self, filters: Mapping[str, Any] | None = None) -> Iterator[list[Observation]]:
        """批量查询状态, page by page."""
        signature = self._signature
        if signature is None:
            raise CredentialsError(
                "voices cannot be listed without the console API's key pair",
                vendor=TITLE,
                operation="list",
                advice=f"Configure both {KEY_PAIR}.",
            )
        seen: set[str] = set()
        for number in range(1, MOST_PAGES + 1):
            call = Call(
                method="POST",
                url=f"{self._console_url}/",
                operation="list",
                params={"Action": "BatchListMegaTTSTrainStatus", "Version": "2023-11-07"},
                json={
                    "AppID": self._app_id,
                    **(filters or {}),
                    "PageNumber": number,
                    "PageSize": PAGE_SIZE,
                },
            )
            page, total = self.http.call(call, slots, auth=signature)
            for slot in page:
                resource = resource_of(slot)
                if resource:
                    self._resources[slot.voice_id] = resource
            yield page
            new = {slot.voice_id for slot in page} - seen
            seen |= new
            # Without a total, a page that is not full is the last. A page that repeats others ends it too.
            if not new or (len(page) < PAGE_SIZE if total is None else len(seen) >= total):
                return


def _text(value: str | None) -> str:
    return (value or "").strip()
