"""Volcengine (火山引擎): a voice lives in a slot that was bought before, and is trained there; or it is
post-paid, under an ID of the user's own.

There is no call that makes, renames or deletes either. Two versions of the voice API train and show voices
(`voice_v1`, `voice_v3`), and the console API lists slots (`console`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar, Self

from ...core import files
from ...core.clock import SYSTEM, Clock
from ...core.errors import CredentialsError, NotFoundError, VoiceError
from ...core.http import Http, bearer
from ...core.ports import Fault
from ...core.values import Properties
from ..base import Facts, Given, Observation, Order, Status, Vendor
from ..facts import BySlot
from ..models import VendorConfig, VoiceFilter, VoiceInfo, VoiceInputs, VoiceOutputs
from ..samples import length_advice
from .check import faults
from .console import Console, Scope
from .evidence import Evidence
from .models import (
    VolcengineApi,
    VolcengineConfig,
    VolcengineFilter,
    VolcengineInfo,
    VolcengineInputs,
    VolcengineOutputs,
    VolcengineUploadEncoding,
    api_of,
    is_post_paid,
)
from .reservations import Reservations
from .slots import KEY_PAIR, free_slot, refuse_used, refused
from .upload import OPTIONS
from .voice_v1 import VoiceV1
from .voice_v3 import VoiceV3, api_key, app_key
from .voices import Voices
from .wire import LIST_STATES

TITLE = "Volcengine"
DEFAULT_BASE_URL = "https://openspeech.bytedance.com"
DEFAULT_CONSOLE_URL = "https://open.volcengineapi.com"
DEFAULT_PROJECT = "default"
ADVISED_SECONDS = (10.0, 30.0)


class Volcengine(Vendor[VolcengineConfig]):
    """One speech application at Volcengine, or what one API key reaches."""

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
            *OPTIONS,
            "retrainTriggers",
        ),
        replacing_inputs=("speakerId", "customSpeakerId"),
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
        project = _text(config.volcengine_project) or ("" if self._app_id else DEFAULT_PROJECT)
        self._console = Console(
            http,
            (config.volcengine_console_url or DEFAULT_CONSOLE_URL).rstrip("/"),
            Scope(self._app_id, project),
            _text(config.volcengine_access_key),
            _text(config.volcengine_secret_key),
        )
        self._voices: Voices = VoiceV3(http, self._base_url)
        if api_of(config) is VolcengineApi.V1:
            form = config.volcengine_upload_encoding is VolcengineUploadEncoding.FORM
            resource = _text(config.volcengine_resource_id)
            self._voices = VoiceV1(http, self._base_url, self._app_id, resource, form=form)
        self._reservations = Reservations(files.home() / "slots")

    @classmethod
    def connect(cls, config: VolcengineConfig, cancelled: threading.Event, clock: Clock = SYSTEM) -> Self:
        app_id, token = _text(config.volcengine_app_id), _text(config.volcengine_access_token)
        key = _text(config.volcengine_api_key)
        if api_of(config) is VolcengineApi.V1:
            auth = bearer(token, "Bearer;")  # a semicolon, and no space
        else:
            auth = api_key(key) if key else app_key(app_id, token)
        secrets = (key, token, _text(config.volcengine_secret_key))
        return cls(config, Http(TITLE, auth, secrets, cancelled, clock))

    @classmethod
    def require_credentials(cls, config: VolcengineConfig) -> None:
        """An API key, or an application's ID and token; of the console's key pair both or none."""
        needed: list[tuple[str, str | None, str, str]] = []
        if api_of(config) is VolcengineApi.V1 or not _text(config.volcengine_api_key):
            needed += [
                ("application ID", config.volcengine_app_id, "volcengineAppId", "SPEECH_APP_ID"),
                (
                    "access token",
                    config.volcengine_access_token,
                    "volcengineAccessToken",
                    "SPEECH_ACCESS_TOKEN",
                ),
            ]
        if _text(config.volcengine_access_key) or _text(config.volcengine_secret_key):
            needed += [
                ("access key", config.volcengine_access_key, "volcengineAccessKey", "ACCESS_KEY"),
                ("secret key", config.volcengine_secret_key, "volcengineSecretKey", "SECRET_KEY"),
            ]
        for what, value, key, variable in needed:
            if not _text(value):
                secret = "--secret " if what in ("access token", "secret key") else ""
                instead = ""
                if key == "volcengineAppId" and config.volcengine_api is not VolcengineApi.V1:
                    instead = (
                        " With the new console, give volcengineApiKey (VOLCENGINE_SPEECH_API_KEY) instead."
                    )
                raise CredentialsError(
                    f"no {what} is configured",
                    vendor=TITLE,
                    advice=f"Run `pulumi config set {secret}voiceclone:{key} <value>`, or set the "
                    f"environment variable VOLCENGINE_{variable}.{instead}",
                )

    @classmethod
    def cross_check(cls, given: Given, config: VolcengineConfig) -> list[Fault]:
        return faults(given, config)

    @classmethod
    def warnings(cls, inputs: Properties) -> list[str]:
        return length_advice(inputs, *ADVISED_SECONDS)

    @classmethod
    def trainings_between(cls, base: str, version: str) -> int | None:
        return Evidence.parse(base).trainings_until(Evidence.parse(version))

    @classmethod
    def trained_since(cls, version: str, now: str) -> bool:
        return Evidence.parse(version).trained_until(Evidence.parse(now))

    @property
    def account(self) -> str:
        return self._app_id or self._base_url

    @property
    def credential(self) -> str:
        """An application's ID names the account; an API key may be of any."""
        v3 = api_of(self.config) is VolcengineApi.V3
        return _text(self.config.volcengine_api_key) if v3 else ""

    def observe(self, voice_ids: Collection[str]) -> dict[str, Observation]:
        found: dict[str, Observation] = {}
        slots = {voice_id for voice_id in voice_ids if not is_post_paid(voice_id)}
        if self._console.available and slots:
            for page in self._console.pages():
                page = self._voices.listed(page)
                found |= {slot.voice_id: slot for slot in page if slot.voice_id in slots}
                if len(found) == len(slots):
                    break
        for voice_id in voice_ids:
            listed = found.get(voice_id)
            seen = self.beyond_listing(voice_id, None) if listed is None else self._in_words(listed)
            if seen is not None:
                found[voice_id] = seen
        return found

    @property
    def reads_by_listing(self) -> bool:
        return self._console.available

    def beyond_listing(self, voice_id: str, listed: Observation | None) -> Observation | None:
        if listed is None:  # the console shows only slots that were paid for in advance
            try:
                return self._voices.status(voice_id)
            except NotFoundError:
                return None
        return self._in_words(listed) if listed.status is Status.FAILED else listed

    def listing(self) -> list[Observation]:
        return self._voices.listed(self._console.listing())

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
        return self._voices.listed(self._console.listing(filters))

    def is_gone(self, voice_id: str, listed: Callable[[], list[Observation]] | None = None) -> bool:
        """A slot that the console does not show proves nothing: it shows only some kinds of voices."""
        if self._console.available and not is_post_paid(voice_id):
            for slot in (listed or self.listing)():
                if slot.voice_id == voice_id and slot.status is not Status.PENDING:
                    return slot.gone
        try:
            return self._voices.status(voice_id, prove=True).status is Status.PENDING
        except NotFoundError:
            return True

    def claim(self, order: Order, taken: Collection[str], *, reserve: bool) -> Observation:
        inputs: VolcengineInputs = order.inputs
        chosen = inputs.speaker_id or inputs.custom_speaker_id
        if chosen is None:
            return self._claim_any(order, taken, reserve=reserve)
        if chosen in taken:
            message = "another resource of this program has the same ID"
            raise refused(chosen, message, "Give each voice an ID of its own.")
        named = None if is_post_paid(chosen) else self.observe([chosen]).get(chosen)
        named = named or self._voices.before_training(chosen)
        if named is None:
            message = "the vendor has no such slot for these credentials"
            advice = "Check speakerId, and volcengineAppId (VOLCENGINE_SPEECH_APP_ID) or volcengineApiKey."
            raise refused(chosen, message, advice)
        refuse_used(named, order.resource, overwrite=bool(inputs.overwrite_existing))
        if reserve:  # a slot that the program names is not given up, whoever has reserved it
            self._reservations.take(chosen)
        return named

    def adjust(self, voice_id: str, inputs: Properties) -> bool:
        return bool(inputs.get("upgradeVoice")) and self._voices.upgrade(voice_id)

    def train(self, voice_id: str, order: Order) -> None:
        self._voices.train(voice_id, order)

    def _claim_any(self, order: Order, taken: Collection[str], *, reserve: bool) -> Observation:
        """A slot that was never trained, of the service that the voice's model belongs to."""
        if not self._console.available:
            message = "speakerId is missing, and without the console API's keys no free slot can be found"
            raise refused(order.name, message, f"Give speakerId, or configure both {KEY_PAIR}.")
        inputs: VolcengineInputs = order.inputs
        listed = self._voices.slots_for(self._console, inputs.model_type)
        used = set(taken)
        while True:
            slot = free_slot(listed, used, order.handle)
            if not reserve or self._reservations.take(slot.voice_id):
                return slot
            used.add(slot.voice_id)

    def _in_words(self, slot: Observation) -> Observation:
        """The console has no word for a training that failed, and may lag behind the voice API, which says
        what is true and why. Its times and counts are those of the console."""
        if slot.gone or slot.status in (Status.LOCKED, Status.EXPIRED, Status.TRAINING):
            return slot
        try:
            shown = self._voices.status(slot.voice_id)
        except VoiceError:
            return slot
        if shown.status is Status.PENDING:
            return slot
        preview = slot.preview_url or shown.preview_url
        return replace(
            slot, status=shown.status, preview_url=preview, error=shown.error, error_code=shown.error_code
        )


def _text(value: str | None) -> str:
    return (value or "").strip()
