"""Qiniu (灵矽): a voice is a slot that is made first (`Init`), and trained and renamed afterwards.

Written from the vendor's page 音色克隆API in two revisions: the current one, whose create takes `language`
and `tier`, and the older one, whose create takes `model_id`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, ClassVar, Self, TypeVar

from ...core.call import Call, Reply, segment
from ...core.clock import SYSTEM, Clock
from ...core.errors import (
    CredentialsError,
    NotFoundError,
    PermanentError,
    RefusedError,
    TemporaryError,
    ThrottledError,
    VoiceError,
)
from ...core.http import Http, bearer
from ...core.ports import Fault
from ...core.values import Properties
from ..base import Budget, Facts, Given, Observation, Order, Status, Vendor
from ..facts import ByNewEntry
from ..models import VendorConfig, VoiceFilter, VoiceInfo, VoiceInputs, VoiceOutputs
from ..wire import LATER, NO_MESSAGE, SLOWER, code_of, unlisted
from . import quotas
from .models import (
    FREE_LANGUAGES,
    NAME_LIMIT,
    QiniuConfig,
    QiniuFilter,
    QiniuInfo,
    QiniuInputs,
    QiniuLanguage,
    QiniuModel,
    QiniuOutputs,
    QiniuTier,
)

TITLE = "Qiniu"
DEFAULT_BASE_URL = "https://xrobo.qiniu.com"
_DEFAULT_NAME = "复刻音色-"
"""What the vendor calls a voice before its first training (创建音色栏位)."""

_VOICES = "/v1/voice-clones"
_QUOTAS = "/v1/quotas"
_SOON = 5.0
"""Seconds that a preview waits for the quotas."""
_SHARED_FOR = 10.0
"""Seconds that previews of one account share what its quotas were."""

T = TypeVar("T")

_STATUSES: Mapping[str, Status] = {
    "init": Status.PENDING,
    "training": Status.TRAINING,
    "success": Status.READY,
    "failed": Status.FAILED,
}
"""音色状态说明"""

_FAILED = (
    "the training failed and the vendor gives no reason; check that the sample's URL can be fetched from the "
    "internet and holds WAV or MP3, 10 to 60 s of one clear voice without background noise"
)

_ASK_KEYS = (
    "Check qiniuToken in the provider's configuration or the environment variable QINIU_XROBO_TOKEN: it must "
    "be a valid token of the account that the voice belongs to."
)
_ASK_URL = "Check qiniuBaseUrl (environment variable QINIU_XROBO_BASE_URL)."

ERRORS: Mapping[int, tuple[Callable[..., VoiceError], str]] = {
    400: (PermanentError, "Check the inputs: the name, the URL of the sample, the language and the tier."),
    401: (CredentialsError, _ASK_KEYS),
    403: (CredentialsError, _ASK_KEYS),
    404: (NotFoundError, "Check the voice's ID, and that the token is of the account that owns it."),
    429: (ThrottledError, SLOWER),
    500: (TemporaryError, LATER),
}
"""The status codes of every call's page section; they come as HTTP status, as `code` in the body, or both.
Statuses from 501 on mean what 500 means."""


class _MalformedError(PermanentError):
    """The vendor refuses the body of a create (请求参数错误): nothing was made."""


ERRORS_OF: Mapping[tuple[str, int], tuple[Callable[..., VoiceError], str]] = {
    ("create", 400): (
        _MalformedError,
        "Check language and tier; an account that knows the vendor's older API only takes neither.",
    ),
    ("delete", 403): (
        RefusedError,
        "A paid slot cannot be deleted through the API: let it expire, or set deletionPolicy to retain.",
    ),
    # There is no voice that could be missing: the path itself is wrong.
    ("create", 404): (PermanentError, _ASK_URL),
    ("list", 404): (PermanentError, _ASK_URL),
}
"""Where a call means something else by a code."""


def _verdict(operation: str, code: int) -> tuple[Callable[..., VoiceError], str] | None:
    code = 500 if 500 < code < 600 else code
    return ERRORS_OF.get((operation, code)) or ERRORS.get(code)


def _data(reply: Reply, operation: str) -> Any:
    """The envelope's `data`, or the error that its code stands for."""
    body = reply.body
    code, shown = code_of(reply)
    if code == 0 and reply.status < 400:
        return body.get("data")
    message = str(body.get("msg") or body.get("message") or NO_MESSAGE)
    details = {"code": shown, "request_id": str(body.get("reqid") or "")}
    if body.get("code") is None and reply.status == 404:
        # Not the vendor's envelope: another server's 404 must never pass for a deleted voice.
        raise PermanentError(message, advice=_ASK_URL, **details)
    # A server's fault that comes with a client's code is no certain refusal.
    told = _verdict(operation, code) if code and reply.status < 500 else None
    verdict = told or _verdict(operation, reply.status)
    make, advice = verdict or unlisted(reply.status)
    raise make(message, advice=advice, **details)


def _observation(voice: Mapping[str, Any]) -> Observation:
    if not voice["id"]:
        raise ValueError("no id")
    state = str(voice["state"])
    # A state that the vendor may add one day is taken for one that passes.
    status = _STATUSES.get(state.strip().lower(), Status.TRAINING)
    failed = status is Status.FAILED
    name = str(voice["name"]) if voice.get("name") is not None else None
    inputs: dict[str, Any] = {"name": name} if name else {}
    for key, values in (("language", QiniuLanguage), ("tier", QiniuTier)):
        if voice.get(key) in tuple(values):
            inputs[key] = str(voice[key])
    return Observation(
        voice_id=str(voice["id"]),
        status=status,
        name=name,
        error=_FAILED if failed else "",
        error_code=state if failed else "",
        preview_url=str(voice.get("demo_url") or "") or None,
        inputs=inputs,
    )


def _listed(data: Mapping[str, Any]) -> list[Observation]:
    voices = data["voices"]
    if not isinstance(voices, list | None):
        raise TypeError("voices is not a list")
    return list({voice.voice_id: voice for voice in map(_observation, voices or ())}.values())


def _nothing(data: Any) -> None:
    """For calls whose answer holds nothing that is not read again anyway."""


class Qiniu(Vendor[QiniuConfig]):
    """One account at Qiniu."""

    facts: ClassVar[Facts] = Facts(
        key="qiniu",
        title=TITLE,
        sample_inputs=("audioUrl",),
        training_inputs=("audioUrl", "retrainTriggers"),
        replacing_inputs=("language", "tier", "modelId"),
        implied={
            "tier": str(QiniuTier.FREE),
            "language": str(QiniuLanguage.CHINESE),
            "modelId": str(QiniuModel.QN_ACV),
        },
        name_limit=NAME_LIMIT,
        name_unit="characters",
        rename="call",
        retrains=True,
        deletes=True,
        deletes_for_good=True,
        shows_training=True,
        recovery=ByNewEntry(_DEFAULT_NAME),
        timeout=1800.0,
        usual="a few minutes to a quarter of an hour",
        poll=(0.2, 12.0),
        settle=15.0,
    )
    Config: ClassVar[type[VendorConfig]] = QiniuConfig
    Inputs: ClassVar[type[VoiceInputs]] = QiniuInputs
    Outputs: ClassVar[type[VoiceOutputs]] = QiniuOutputs
    Info: ClassVar[type[VoiceInfo]] = QiniuInfo
    Filter: ClassVar[type[VoiceFilter]] = QiniuFilter

    def __init__(self, config: QiniuConfig, http: Http) -> None:
        super().__init__(config, http)
        self._older: bool | None = None  # whether creates take the older body; None: not known yet
        self._counting = threading.Lock()  # guards what is below
        self._left: Mapping[str, int] = {}
        self._counted_at = float("-inf")

    @classmethod
    def connect(cls, config: QiniuConfig, cancelled: threading.Event, clock: Clock = SYSTEM) -> Self:
        token = (config.qiniu_token or "").strip()
        return cls(config, Http(TITLE, bearer(token), (token,), cancelled, clock))

    @classmethod
    def require_credentials(cls, config: QiniuConfig) -> None:
        if not (config.qiniu_token or "").strip():
            raise CredentialsError(
                "no token is configured",
                vendor=TITLE,
                advice="Run `pulumi config set --secret voiceclone:qiniuToken <token>`, or set the "
                "environment variable QINIU_XROBO_TOKEN.",
            )

    @classmethod
    def cross_check(cls, given: Given, config: QiniuConfig) -> list[Fault]:
        inputs, unknown = given.inputs, given.unknown

        def present(name: str) -> bool:
            return name in unknown or inputs.get(name) not in (None, "")

        faults: list[Fault] = []
        others = [name for name in ("language", "tier") if present(name)]
        if present("modelId") and others:
            reason = f"modelId cannot be given together with {' or '.join(others)}; leave one of them out"
            faults.append(Fault("modelId", f"{TITLE}: {reason}"))
        language, tier = inputs.get("language"), inputs.get("tier")
        free = "tier" not in unknown and tier in (None, "", QiniuTier.FREE)
        if free and language in tuple(QiniuLanguage) and language not in FREE_LANGUAGES:
            allowed = ", ".join(FREE_LANGUAGES)
            reason = f"language is '{language!s}', but the free tier allows {allowed} only; set tier to pro"
            faults.append(Fault("language", f"{TITLE}: {reason}"))
        return faults

    @classmethod
    def warnings(cls, inputs: Properties) -> list[str]:
        url = inputs.get("audioUrl")
        if not isinstance(url, str) or url.split("#")[0].split("?")[0].lower().endswith((".mp3", ".wav")):
            return []
        return [
            "the path of audioUrl does not end in .mp3 or .wav; the vendor's own app takes only such URLs, "
            "so the training may fail"
        ]

    @property
    def account(self) -> str:
        return (self.config.qiniu_base_url or DEFAULT_BASE_URL).rstrip("/")

    @property
    def credential(self) -> str:
        return (self.config.qiniu_token or "").strip()

    def observe(self, voice_ids: Collection[str]) -> dict[str, Observation]:
        wanted = set(voice_ids)
        if len(wanted) > 1:
            return {voice.voice_id: voice for voice in self.listing() if voice.voice_id in wanted}
        try:
            return {voice_id: self._get(voice_id) for voice_id in wanted}
        except NotFoundError:
            return {}

    def listing(self) -> list[Observation]:
        """获取音色列表: everything in one answer, in any state."""
        return self._call("list", "GET", read=_listed)

    def beyond_listing(self, voice_id: str, listed: Observation | None) -> Observation | None:
        return listed  # the list is complete; the proof asks for the voice itself

    def is_gone(self, voice_id: str, listed: Callable[[], list[Observation]] | None = None) -> bool:
        try:
            self._get(voice_id)
        except NotFoundError:
            return True
        return False

    def create(self, order: Order) -> Observation:
        """创建音色栏位. The call takes no name: the first `train` gives it.

        The older body is sent where the inputs say so or, where the vendor refuses the current one as
        malformed and with it makes the same voice, in its place.
        """
        inputs: QiniuInputs = order.inputs
        older = {"model_id": str(inputs.model_id or QiniuModel.QN_ACV)}
        if inputs.model_id is not None:
            return self._created(order, older)
        chosen = {"language": inputs.language, "tier": inputs.tier}
        current = {key: str(value) for key, value in chosen.items() if value is not None}
        usual = inputs.language in (None, QiniuLanguage.CHINESE) and inputs.tier in (None, QiniuTier.FREE)
        if usual and self._older:
            return self._created(order, older)
        try:
            made = self._created(order, current)
        except _MalformedError as error:
            if not usual or self._older is False:
                raise
            try:
                made = self._created(order, older)
            except _MalformedError as second:
                second.message = f"{error.message}; with the older API's body: {second.message}"
                raise
            self._older = True
        else:
            self._older = False
        return made

    def _created(self, order: Order, body: Mapping[str, str]) -> Observation:
        return self._call("create", "POST", label=order.name, body=body, read=_observation)

    def train(self, voice_id: str, order: Order) -> None:
        """训练音色. The vendor wants the name each time."""
        body = {"key": str(order.inputs.audio_url), "name": order.name}
        self._call("train", "PUT", voice_id, body=body, read=_nothing)

    def rename(self, voice_id: str, name: str) -> None:
        """训练音色, without `key`: only the name changes."""
        self._call("rename", "PUT", voice_id, body={"name": name}, read=_nothing)

    def delete(self, voice: Observation) -> bool:
        """删除音色"""
        self._call("delete", "DELETE", voice.voice_id, read=_nothing)
        return True

    def budget(self, inputs: Properties, seen: Observation | None) -> Budget | None:
        """A voice of the paid tier uses its account's quota up with each training, any other only when it is
        made (付费音色栏位在进行音色复刻时，会消耗复刻音色额度)."""
        tier = str((seen.inputs.get("tier") if seen else None) or inputs.get("tier") or QiniuTier.FREE)
        if seen is not None and tier != QiniuTier.PRO:
            return None
        with self._counting:
            if self.http.clock.monotonic() - self._counted_at > _SHARED_FOR:
                self._left = {}
                try:
                    self._left = quotas.left_by_tier(self._quotas(), self.http.clock.now())
                finally:  # what fails is not asked for again by each voice
                    self._counted_at = self.http.clock.monotonic()
            left = self._left.get(tier)
        return None if left is None else Budget(left, f"the account's quota of tier {tier}")

    def _quotas(self) -> Iterator[Mapping[str, Any]]:
        """The quotas of voice clones, page by page."""
        cursor = ""
        for _ in range(quotas.MOST_PAGES):
            asked = {"resource_type": quotas.VOICE_CLONES, "limit": str(quotas.PAGE_SIZE)}
            if cursor:
                asked["cursor"] = cursor
            found, following = self._call(
                "read quotas", "GET", path=_QUOTAS, params=asked, read=quotas.page, timeout=_SOON
            )
            yield from found
            if not following:
                return
            if following == cursor:
                break
            cursor = following
        raise TemporaryError("the list of quotas does not end", operation="read quotas", vendor=TITLE)

    def _get(self, voice_id: str) -> Observation:
        """获取音色信息"""
        return self._call("read", "GET", voice_id, read=_observation)

    def _call(
        self,
        operation: str,
        method: str,
        voice_id: str = "",
        *,
        read: Callable[[Any], T],
        path: str = _VOICES,
        label: str = "",
        body: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        timeout: float | None = None,
    ) -> T:
        path = f"{path}/{segment(voice_id)}" if voice_id else path
        call = Call(
            method=method,
            url=self.account + path,
            operation=operation,
            voice=voice_id or label,
            changes=method != "GET",
            json=body,
            params=params,
            timeout=timeout,
        )
        return self.http.call(call, lambda reply: read(_data(reply, operation)))
