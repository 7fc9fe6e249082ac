"""Coze (扣子): one call clones a voice or trains it again; everything else is read from the list of voices.

Written from the vendor's page 复刻音色, and from its list call (查看音色列表), which that page does not show.
There is no call for one voice, for a deletion, or for a new name.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import ClassVar, Self

from ...core.call import Call, Reply
from ...core.clock import SYSTEM, Clock
from ...core.errors import CredentialsError, PermanentError, TemporaryError
from ...core.http import Http, bearer
from ...core.values import Properties
from ..base import Facts, Observation, Order, Status, Vendor
from ..facts import ByNameOrChosen
from ..models import VendorConfig, VoiceFilter, VoiceInfo, VoiceInputs, VoiceOutputs
from ..samples import length_advice, part, sample_of
from ..wire import LATER
from .models import NAME_LIMIT, CozeConfig, CozeFilter, CozeInfo, CozeInputs, CozeOutputs
from .wire import CREDENTIALS, data_of, id_of, observation, refused, version_parts

TITLE = "Coze"
DEFAULT_BASE_URL = "https://api.coze.cn"
PAGE_SIZE = 100
MOST_PAGES = 200
MOST_EMPTY_PAGES = 10
ADVISED_SECONDS = (10.0, 30.0)
# Without the state, a voice that is not trained yet is not shown.
_OWN_VOICES: Mapping[str, str] = {"filter_system_voice": "true", "voice_state": "all"}


class Coze(Vendor[CozeConfig]):
    """One account at Coze."""

    facts: ClassVar[Facts] = Facts(
        key="coze",
        title=TITLE,
        sample_inputs=("audio",),
        training_inputs=(
            "audio",
            "text",
            "language",
            "name",
            "previewText",
            "description",
            "retrainTriggers",
        ),
        replacing_inputs=("spaceId", "voiceId"),
        name_limit=NAME_LIMIT,
        name_unit="bytes",
        rename="training",
        retrains=True,
        deletes=False,
        shows_training=False,
        recovery=ByNameOrChosen("voiceId"),
        timeout=600.0,
        usual="a few seconds to 1 min",
        poll=(0.2, 3.0),
        settle=15.0,
    )
    Config: ClassVar[type[VendorConfig]] = CozeConfig
    Inputs: ClassVar[type[VoiceInputs]] = CozeInputs
    Outputs: ClassVar[type[VoiceOutputs]] = CozeOutputs
    Info: ClassVar[type[VoiceInfo]] = CozeInfo
    Filter: ClassVar[type[VoiceFilter]] = CozeFilter

    @classmethod
    def connect(cls, config: CozeConfig, cancelled: threading.Event, clock: Clock = SYSTEM) -> Self:
        token = (config.coze_token or "").strip()
        return cls(config, Http(TITLE, bearer(token), (token,), cancelled, clock))

    @classmethod
    def require_credentials(cls, config: CozeConfig) -> None:
        if not (config.coze_token or "").strip():
            raise CredentialsError(
                "no access token is configured",
                vendor=TITLE,
                advice="Run `pulumi config set --secret voiceclone:cozeToken <token>`, or set the "
                "environment variable COZE_API_TOKEN.",
            )

    @classmethod
    def warnings(cls, inputs: Properties) -> list[str]:
        return length_advice(inputs, *ADVISED_SECONDS)

    @classmethod
    def trainings_between(cls, base: str, version: str) -> int | None:
        before, after = version_parts(base), version_parts(version)
        if before is None or after is None:
            return None
        rose = False
        if before[0] is not None and after[0] is not None:
            if before[0] > after[0]:
                return before[0] - after[0]
            rose = after[0] > before[0]
        return 1 if before[1] != after[1] and not rose else 0

    @property
    def account(self) -> str:
        return (self.config.coze_base_url or DEFAULT_BASE_URL).rstrip("/")

    @property
    def credential(self) -> str:
        return (self.config.coze_token or "").strip()

    def observe(self, voice_ids: Collection[str]) -> dict[str, Observation]:
        missing = set(voice_ids)
        found: dict[str, Observation] = {}
        pages = self._pages() if missing else iter(())
        for page in pages:
            found |= {voice.voice_id: voice for voice in page if voice.voice_id in missing}
            if len(found) == len(missing):
                break
        return found

    def listing(self) -> list[Observation]:
        voices = {voice.voice_id: voice for page in self._pages() for voice in page}
        return list(voices.values())

    def search(self, wanted: CozeFilter) -> list[Observation]:
        states: dict[Status | None, str] = {Status.PENDING: "init", Status.READY: "cloned"}
        filters = {
            "filter_system_voice": "false" if wanted.system_voices else "true",
            "voice_state": states.get(wanted.status, "all"),
            **({"model_type": str(wanted.model_type)} if wanted.model_type else {}),
        }
        voices = {voice.voice_id: voice for page in self._pages(filters) for voice in page}
        return list(voices.values())

    @property
    def reads_by_listing(self) -> bool:
        return True

    def beyond_listing(self, voice_id: str, listed: Observation | None) -> Observation | None:
        return listed

    def is_gone(self, voice_id: str, listed: Callable[[], list[Observation]] | None = None) -> bool:
        """No call reads one voice, so its absence must be seen in two listings that show others."""
        for look in [listed] if listed else [self.listing, self.listing]:
            voices = look()
            if not voices:
                raise PermanentError(
                    "the account shows no voices at all, so it is not known whether this one is gone",
                    vendor=TITLE,
                    operation="read",
                    voice=voice_id,
                    advice=f"It may be the wrong account: check {CREDENTIALS}. If the voice is really gone, "
                    "take it out of the stack with `pulumi state delete`.",
                )
            if any(voice.voice_id == voice_id for voice in voices):
                return False
        return True

    def claim(self, order: Order, taken: Collection[str], *, reserve: bool) -> Observation | None:
        """A voice that was bought, or one to train over, where the inputs name it."""
        inputs: CozeInputs = order.inputs
        voice_id = inputs.voice_id
        if voice_id is None:
            return None
        if voice_id in taken:
            message = "another resource of this program has the same voiceId"
            raise refused(voice_id, message, "Give each voice a voiceId of its own.")
        seen = self.observe([voice_id]).get(voice_id)
        if seen is None:
            message = "the account shows no such voice"
            raise refused(voice_id, message, f"Check voiceId, and {CREDENTIALS}.")
        if seen.status is not Status.PENDING and not inputs.overwrite_existing:
            command = f"pulumi import voiceclone:coze:Voice {order.resource} {voice_id}"
            raise refused(
                voice_id,
                "the voice is trained already",
                f"To import it, run `{command}`. To train over it and lose what it is, set overwriteExisting "
                "to true.",
            )
        return seen

    def create(self, order: Order) -> Observation:
        """接口说明: without `voice_id` the vendor makes a voice."""
        voice_id = self._clone("create", order.name, order)
        return Observation(voice_id=voice_id, status=Status.TRAINING, name=order.name)

    def train(self, voice_id: str, order: Order) -> None:
        """接口说明: with `voice_id` the vendor trains that voice again and keeps its ID."""
        made = self._clone("train", voice_id, order, voice_id=voice_id)
        if made != voice_id:
            raise PermanentError(
                f"the vendor made another voice, {made}, instead of training this one",
                vendor=TITLE,
                operation="train",
                voice=voice_id,
                advice="Look at both in the vendor's console.",
            )

    def _clone(self, operation: str, label: str, order: Order, *, voice_id: str = "") -> str:
        """请求参数. The page's table says JSON, its text says that a form is a must."""
        inputs: CozeInputs = order.inputs
        sample = sample_of(order)
        fields = {
            "voice_name": order.name,
            "audio_format": sample.format,
            "language": inputs.language,
            "text": inputs.text,
            "voice_id": voice_id,
            "preview_text": inputs.preview_text,
            "description": inputs.description,
            "space_id": inputs.space_id,
        }
        call = Call(
            method="POST",
            url=f"{self.account}/v1/audio/voices/clone",
            operation=operation,
            voice=label,
            changes=True,
            form={name: str(value) for name, value in fields.items() if value},
            files={"file": part(sample)},
        )
        return self.http.call(call, lambda reply: id_of(data_of(reply, operation)))

    def _pages(self, filters: Mapping[str, str] | None = None) -> Iterator[list[Observation]]:
        """查看音色列表, page by page. Ends after the last page; raises where the pages do not end."""
        seen: set[str] = set()
        empty = 0
        for number in range(1, MOST_PAGES + 1):
            voices, more = self._page(number, {**_OWN_VOICES, **(filters or {})})
            new = {voice.voice_id for voice in voices} - seen
            yield voices
            if not more:
                return
            # The vendor may leave system voices out of a page after counting them.
            empty = 0 if voices else empty + 1
            if (voices and not new) or empty >= MOST_EMPTY_PAGES:
                break
            seen |= new
        raise TemporaryError(
            "the list of voices does not end, so it is not known what is in it",
            vendor=TITLE,
            operation="list",
            advice=LATER,
        )

    def _page(self, number: int, filters: Mapping[str, str]) -> tuple[list[Observation], bool]:
        call = Call(
            method="GET",
            url=f"{self.account}/v1/audio/voices",
            operation="list",
            params={**filters, "page_num": str(number), "page_size": str(PAGE_SIZE)},
        )

        def understand(reply: Reply) -> tuple[list[Observation], bool]:
            data = data_of(reply, "list")
            items = data["voice_list"] or []
            more = data.get("has_more")
            own = filters["filter_system_voice"] == "true"
            voices = [observation(item) for item in items if not (own and item.get("is_system_voice"))]
            return voices, len(items) >= PAGE_SIZE if more is None else bool(more)

        return self.http.call(call, understand)
