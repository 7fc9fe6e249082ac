"""Kling (可灵): a task makes a voice once; nothing of it can be changed, and only the voice is deleted.

The resource ID is the task's. Written from the vendor's page 自定义音色; codes and tokens from its pages
on error codes and authentication.
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, ClassVar, Self, TypeVar

import requests

from ...core.call import Call, segment
from ...core.clock import SYSTEM, Clock
from ...core.errors import CredentialsError, NotFoundError, PermanentError, ProviderBugError
from ...core.http import Http, bearer
from ...core.ports import Fault
from ...core.values import Properties
from ..base import Catalogue, Facts, Given, Observation, Order, Status, Vendor
from ..facts import ByHandle
from ..models import VendorConfig, VoiceFilter, VoiceInfo, VoiceInputs, VoiceLookup, VoiceOutputs
from .models import (
    NAME_LIMIT,
    KlingConfig,
    KlingFilter,
    KlingInfo,
    KlingInputs,
    KlingLookup,
    KlingOutputs,
    KlingPreset,
    KlingPresetFilter,
)
from .wire import DeletingError, data_of, deleted, observation, observations, presets

TITLE = "Kling"
DEFAULT_BASE_URL = "https://api-beijing.klingai.com"
_CUSTOM = "/v1/general/custom-voices"
_PRESETS = "/v1/general/presets-voices"
_DELETE = "/v1/general/delete-voices"
_PAGE_SIZE = 500
_LAST_PAGE = 1000
_USUAL_PAGE_SIZE = 30
"""What the vendor puts on a page unasked: a page with fewer is the last, even if it caps ours."""
_TOKEN_SECONDS = 1800
_TOKEN_SPARE = 300
"""A token is renewed while it is still good for this long, so that no slow upload outlives it."""

T = TypeVar("T")


class _Signer:
    """Bearer tokens made of access key and secret key (接口鉴权)."""

    def __init__(self, access_key: str, secret_key: str, clock: Clock) -> None:
        self._clock = clock
        self._access_key = access_key
        self._secret_key = secret_key
        self._lock = threading.Lock()
        self._token = ""
        self._ends = 0.0

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._current()}"
        return request

    def _current(self) -> str:
        import jwt

        # The vendor chooses how long its secret keys are; its user can do nothing about a warning.
        warnings.filterwarnings("ignore", message="The HMAC key is", module="jwt")
        with self._lock:
            now = int(self._clock.now())
            if now > self._ends - _TOKEN_SPARE or now < self._ends - _TOKEN_SECONDS:
                self._ends = now + _TOKEN_SECONDS
                claims = {"iss": self._access_key, "exp": self._ends, "nbf": now - 5}
                self._token = jwt.encode(
                    claims, self._secret_key, algorithm="HS256", headers={"alg": "HS256", "typ": "JWT"}
                )
            return self._token


def _text(value: str | None) -> str:
    return (value or "").strip()


def _preset_voices(vendor: Kling, wanted: KlingPresetFilter) -> list[Properties]:
    return [
        {
            "voiceId": voice.voice_id,
            "name": voice.name,
            "previewUrl": voice.preview_url,
            "ownedBy": voice.extras["ownedBy"],
        }
        for voice in vendor.presets()
        if wanted.name in (None, voice.name)
    ]


class Kling(Vendor[KlingConfig]):
    """One account at Kling."""

    facts: ClassVar[Facts] = Facts(
        key="kling",
        title=TITLE,
        sample_inputs=("audioUrl", "videoId"),
        training_inputs=("audioUrl", "videoId", "retrainTriggers"),
        replacing_inputs=("name", "externalTaskId"),
        name_limit=NAME_LIMIT,
        name_unit="characters",
        rename="never",
        retrains=False,
        deletes=True,
        shows_training=True,
        recovery=ByHandle("externalTaskId"),
        timeout=600.0,
        usual="about 10 s",
        poll=(0.2, 4.0),
        settle=10.0,
    )
    Config: ClassVar[type[VendorConfig]] = KlingConfig
    Inputs: ClassVar[type[VoiceInputs]] = KlingInputs
    Outputs: ClassVar[type[VoiceOutputs]] = KlingOutputs
    Info: ClassVar[type[VoiceInfo]] = KlingInfo
    Lookup: ClassVar[type[VoiceLookup]] = KlingLookup
    Filter: ClassVar[type[VoiceFilter]] = KlingFilter
    catalogues: ClassVar[tuple[Catalogue, ...]] = (
        Catalogue(
            function="getPresetVoices",
            about="Kling's own voices (官方音色), which can be used but not changed.",
            Filter=KlingPresetFilter,
            Entry=KlingPreset,
            entries=_preset_voices,
        ),
    )

    @classmethod
    def connect(cls, config: KlingConfig, cancelled: threading.Event, clock: Clock = SYSTEM) -> Self:
        api_key, secret_key = _text(config.kling_api_key), _text(config.kling_secret_key)
        auth = bearer(api_key) if api_key else _Signer(_text(config.kling_access_key), secret_key, clock)
        return cls(config, Http(TITLE, auth, (api_key, secret_key), cancelled, clock))

    @classmethod
    def require_credentials(cls, config: KlingConfig) -> None:
        pair = (_text(config.kling_access_key), _text(config.kling_secret_key))
        if _text(config.kling_api_key) or all(pair):
            return
        missing = "no key is configured"
        if any(pair):
            missing = f"{'klingSecretKey' if pair[0] else 'klingAccessKey'} is missing"
        raise CredentialsError(
            missing,
            vendor=TITLE,
            advice="Run `pulumi config set --secret voiceclone:klingApiKey <key>` (environment variable "
            "KLING_API_KEY), or `pulumi config set voiceclone:klingAccessKey <key>` (KLING_ACCESS_KEY) and "
            "`pulumi config set --secret voiceclone:klingSecretKey <key>` (KLING_SECRET_KEY).",
        )

    @classmethod
    def cross_check(cls, given: Given, config: KlingConfig) -> list[Fault]:
        samples = cls.facts.sample_inputs
        if not all(name in given.unknown or given.inputs.get(name) not in (None, "") for name in samples):
            return []
        reason = "exactly one of audioUrl and videoId may be given, but both are; leave one of them out"
        return [Fault(name, f"{TITLE}: {reason}") for name in samples]

    @property
    def account(self) -> str:
        return (self.config.kling_base_url or DEFAULT_BASE_URL).rstrip("/")

    @property
    def credential(self) -> str:
        return (self.config.kling_api_key or self.config.kling_access_key or "").strip()

    def observe(self, voice_ids: Collection[str]) -> dict[str, Observation]:
        wanted = set(voice_ids)
        found: dict[str, Observation] = {}
        if len(wanted) > 1:
            for page in self._pages(_CUSTOM, observations):
                found.update((voice.voice_id, voice) for voice in page if voice.voice_id in wanted)
                if len(found) == len(wanted):
                    break
        present = {task_id for task_id, voice in found.items() if not voice.gone}
        for task_id in sorted(wanted - present):
            try:
                found[task_id] = observation(self._get(task_id))
            except NotFoundError:
                found.pop(task_id, None)
        return found

    def listing(self) -> list[Observation]:
        return [voice for page in self._pages(_CUSTOM, observations) for voice in page]

    def presets(self) -> list[Observation]:
        """查询官方音色（列表）: the vendor's own voices, which can be used but not changed."""
        return [voice for page in self._pages(_PRESETS, presets) for voice in page]

    def is_gone(self, voice_id: str, listed: Callable[[], list[Observation]] | None = None) -> bool:
        """A task may outlive its voice, without a voice in its result or out of the listing."""
        try:
            seen = observation(self._get(voice_id))
        except NotFoundError:
            return True
        if seen.gone or seen.status is not Status.READY:
            return seen.gone
        voices = {voice.voice_id: voice for voice in (listed or self.listing)()}
        # An empty listing beside a task that can be read proves nothing.
        return bool(voices) and (voice_id not in voices or voices[voice_id].gone)

    def resolve(self, voice_id: str) -> str:
        """The task's ID for a task ID, an external task ID or a voice ID."""
        try:
            return observation(self._get(voice_id)).voice_id
        except NotFoundError as error:
            for page in self._pages(_CUSTOM, observations):
                for voice in page:
                    if voice.extras["voiceId"] == voice_id:
                        return voice.voice_id
            error.message = "there is no task with this ID or external ID, and no voice with this ID"
            raise

    def create(self, order: Order) -> Observation:
        """创建自定义音色"""
        inputs: KlingInputs = order.inputs
        body = {
            "voice_name": order.name,
            "voice_url": inputs.audio_url,
            "video_id": None if inputs.audio_url else inputs.video_id,
            "callback_url": inputs.callback_url,
            "external_task_id": order.handle,
        }
        given = {key: value for key, value in body.items() if value}
        made = self._call("create", "POST", _CUSTOM, voice=order.name, body=given, read=observation)
        # Whatever the answer says of the result: the next read shows whether there is a voice.
        return Observation(
            voice_id=made.voice_id,
            status=Status.TRAINING,
            name=order.name,
            created_at=made.created_at,
            updated_at=made.updated_at,
            extras=made.extras,
        )

    def train(self, voice_id: str, order: Order) -> None:
        raise ProviderBugError(f"Kling was asked to train voice {voice_id} again, which it cannot")

    def delete(self, voice: Observation) -> bool:
        """删除自定义音色, by the voice's own ID. A failed task has no voice: nothing is to be deleted."""
        own_id = voice.extras.get("voiceId")
        if own_id:
            body = {"voice_id": str(own_id)}
            try:
                return self._call("delete", "POST", _DELETE, voice=voice.voice_id, body=body, read=deleted)
            except DeletingError:
                return False
        if voice.gone:
            raise NotFoundError(
                "the voice was deleted before", vendor=TITLE, operation="delete", voice=voice.voice_id
            )
        if voice.status is not Status.FAILED:
            raise PermanentError(
                "the voice is still being made, and has no ID to delete it by",
                vendor=TITLE,
                operation="delete",
                voice=voice.voice_id,
                advice="Run the command again when its task is over.",
            )
        return True

    def by_handle(self, handle: str) -> list[Observation]:
        try:
            task = self._get(handle)
        except NotFoundError:
            return []
        known = (task.get("task_info") or {}).get("external_task_id")
        return [observation(task)] if known in (None, "", handle) else []

    def _get(self, any_id: str) -> dict[str, Any]:
        """查询自定义音色（单个）, by task ID or external task ID."""

        def read(data: Any) -> dict[str, Any]:
            observation(data)  # a task of an unknown shape is reported as an odd answer, with its HTTP status
            return dict(data)

        return self._call("read", "GET", f"{_CUSTOM}/{segment(any_id)}", voice=any_id, read=read)

    def _pages(self, path: str, read: Callable[[Any], list[Observation]]) -> Iterator[list[Observation]]:
        """查询自定义音色（列表）, 查询官方音色（列表）: page by page, each voice once."""
        seen: set[tuple[str, str]] = set()
        for number in range(1, _LAST_PAGE + 1):
            params = {"pageNum": str(number), "pageSize": str(_PAGE_SIZE)}
            page = self._call("list", "GET", path, params=params, read=read)
            new = {(voice.voice_id, str(voice.extras["voiceId"])): voice for voice in page}
            new = {key: voice for key, voice in new.items() if key not in seen}
            yield list(new.values())
            seen.update(new)
            if not new or len(page) < _USUAL_PAGE_SIZE:
                return
        raise PermanentError(
            f"the account has more voices than the vendor lists ({_LAST_PAGE:,} pages)",
            vendor=TITLE,
            operation="list",
        )

    def _call(
        self,
        operation: str,
        method: str,
        path: str,
        *,
        read: Callable[[Any], T],
        voice: str = "",
        body: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
    ) -> T:
        call = Call(
            method=method,
            url=self.account + path,
            operation=operation,
            voice=voice,
            changes=method != "GET",
            json=body,
            params=params,
        )
        return self.http.call(call, lambda reply: read(data_of(reply, operation)))
