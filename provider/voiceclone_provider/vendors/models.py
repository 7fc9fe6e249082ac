"""What the vendors' pydantic models share: types with limits, and the properties that are the same on all.

The models are the one source of inputs, outputs, limits and documentation: `check` validates with them and
`schema.json` is generated from them. A limit is written once, as an annotation with its text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from ..core.values import Archive, Asset


def fault(reason: str) -> PydanticCustomError:
    """A validation error whose text is shown to the user as it is."""
    return PydanticCustomError("voice_input", "{reason}", {"reason": reason})


@dataclass(frozen=True)
class Limit:
    """The documentation of a limit: `schema.py` appends it to the property's description."""

    text: str


def max_bytes(limit: int) -> Any:
    """Annotation: at most `limit` bytes of UTF-8, not empty."""

    def check(value: str) -> str:
        size = len(value.encode())
        if size > limit:
            raise fault(f"is {size:,} bytes long (UTF-8), the limit is {limit:,} bytes")
        if not value:
            raise fault("is empty; leave it out instead")
        return value

    return _Both(AfterValidator(check), Limit(f"At most {limit:,} bytes (UTF-8)."))


def max_characters(limit: int) -> Any:
    """Annotation: at most `limit` characters, whatever the script, not empty."""

    def check(value: str) -> str:
        if len(value) > limit:
            raise fault(f"is {len(value):,} characters long, the limit is {limit:,} characters")
        if not value:
            raise fault("is empty; leave it out instead")
        return value

    return _Both(AfterValidator(check), Limit(f"At most {limit:,} characters, whatever the script."))


def characters(least: int, most: int) -> Any:
    """Annotation: `least` to `most` characters, whatever the script."""

    def check(value: str) -> str:
        if not least <= len(value) <= most:
            raise fault(
                f"is {len(value):,} characters long, the limits are {least:,} and {most:,} characters"
            )
        return value

    return _Both(AfterValidator(check), Limit(f"{least:,} to {most:,} characters, whatever the script."))


def matches(pattern: str, meaning: str) -> Any:
    """Annotation: the whole text matches `pattern`; `meaning` says it in words."""
    compiled = re.compile(pattern)

    def check(value: str) -> str:
        if not compiled.fullmatch(value):
            raise fault(f"is {value!r}, but must be {meaning}")
        return value

    return _Both(AfterValidator(check), Limit(f"Must be {meaning}."))


def http_url(*extensions: str, credentials: bool = True) -> Any:
    """Annotation: an absolute http(s) URL; with `extensions`, its path must end with one of them; without
    `credentials`, it must not hold a user name and password."""

    def check(value: str) -> str:
        shown = repr(re.sub("//[^/]*@", "//[secret]@", value))
        try:
            parts = urlsplit(value)
            host = parts.hostname
            _ = parts.port
        except ValueError:
            raise fault(f"is {shown}, which is not a URL") from None
        if parts.scheme not in ("http", "https") or not host or re.search(r"\s", value):
            raise fault(f"is {shown}, which is not an http:// or https:// URL")
        if "@" in parts.netloc and not credentials:
            raise fault("holds a user name or password; the vendor takes its own credentials only")
        if extensions and not parts.path.lower().endswith(extensions):
            raise fault(f"has the path {parts.path!r}; its extension must be one of {', '.join(extensions)}")
        return value

    text = "An http(s) URL"
    text += f" whose path ends in {', '.join(extensions)}." if extensions else "."
    return _Both(AfterValidator(check), Limit(text))


def base_url() -> Any:
    """Annotation: where a vendor's API is, without a user name and password."""
    return http_url(credentials=False)


def moment() -> Any:
    """Annotation: a point in time, RFC 3339 with its offset."""

    def check(value: str) -> str:
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            raise fault(f"is {value!r}, which is not a time such as 2030-01-31T00:00:00Z")
        return value

    return _Both(AfterValidator(check), Limit("RFC 3339, such as `2030-01-31T00:00:00Z`."))


class _Both:
    """Unpacks to a validator and its documentation inside `Annotated`."""

    def __init__(self, validator: AfterValidator, limit: Limit) -> None:
        self.validator = validator
        self.text = limit.text

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> Any:
        return self.validator.__get_pydantic_core_schema__(source, handler)  # type: ignore[arg-type]


def _asset(value: object) -> Asset:
    if isinstance(value, Archive):
        raise fault("is an archive; give one audio file as a file asset or a remote asset")
    if not isinstance(value, Asset):
        raise fault("must be an asset: a file asset or a remote asset")
    if value.text is not None:
        raise fault("is a string asset; give the audio as a file asset or a remote asset")
    return value


AudioAsset = Annotated[
    Any,
    BeforeValidator(_asset),
    Limit("A file asset or a remote asset, 10 MB (10 × 1024 × 1024 bytes) at most."),
]
"""An asset that holds a sample. What is inside is judged by `voiceclone_provider.audio`."""


class AudioFormat(StrEnum):
    """The container of a sample."""

    WAV = "wav"
    MP3 = "mp3"
    OGG = "ogg"
    M4A = "m4a"
    AAC = "aac"
    PCM = "pcm"


class Status(StrEnum):
    """What can be done with a voice now; the values are the `status` output."""

    PENDING = "Pending"
    """The slot exists and was never trained."""
    TRAINING = "Training"
    READY = "Ready"
    FAILED = "Failed"
    LOCKED = "Locked"
    """Ready, and cannot be trained again."""
    EXPIRED = "Expired"
    """The vendor keeps the voice but does not serve it: its term or the account's credit ran out."""

    @property
    def usable(self) -> bool:
        return self in (Status.READY, Status.LOCKED)


class DeletionPolicy(StrEnum):
    """What a deletion does where the vendor has no delete call, or refuses it."""

    DELETE = "delete"
    RETAIN = "retain"
    FAIL = "fail"


class VoicecloneModel(BaseModel):
    """Python names in snake case, Pulumi's in camel case.

    Pydantic could read the docstrings below the fields itself (`use_attribute_docstrings`), but would do so
    whenever the plugin starts; `schema.py` reads them when they are needed.
    """

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        extra="forbid",
        frozen=True,
        arbitrary_types_allowed=True,
    )


@dataclass(frozen=True)
class Setting:
    """How a configuration key travels: its environment variables, and whether it is secret."""

    environment: str
    secret: bool = False


class VendorConfig(VoicecloneModel):
    """One vendor's configuration keys. Every field is annotated with a `Setting`; all are optional,
    because a vendor that is not used needs nothing."""


class VoiceInputs(VoicecloneModel):
    """Inputs that every vendor's Voice has."""

    retrain_triggers: list[Any] | None = None
    """Any values; when one of them changes, the voice is trained again although its sample did not
    change (Kling: replaced). Costs a training."""
    deletion_policy: DeletionPolicy | None = None
    """What a deletion does. `delete` calls the vendor's delete endpoint; `retain` only forgets the
    voice, with a warning that names what still exists; `fail` deletes where the vendor can, and stops where
    it has no delete endpoint. Default: `delete` where the vendor
    has a delete endpoint, otherwise `retain`."""


class NamedInputs(VoiceInputs):
    """The same, of vendors where a new voice is known by its name only."""

    allow_same_name: bool | None = None
    """Whether a voice may be made with a `name` that another voice of the account has already. Without it,
    the preview stops there: that voice may be this resource's, made by a run that was killed. Automatic
    names never need it. Default: no."""


class VoiceShown(VoicecloneModel):
    """What every vendor shows of a voice."""

    voice_id: str
    """The ID that the vendor's synthesis takes."""
    status: str
    """`Pending`, `Training`, `Ready`, `Failed`, `Locked` (ready, cannot be trained again) or `Expired`."""
    account: str
    """The account that the voice lives in: an application or a base URL."""
    last_error: str | None = None
    """Why the last training failed, in the vendor's words."""
    available_trainings: int | None = None
    """Trainings left, where the vendor reports them."""
    preview_url: str | None = None
    """A sample of the voice, as it was after its last training. The URL expires."""
    created_at: str | None = None
    """RFC 3339, UTC."""
    updated_at: str | None = None
    """RFC 3339, UTC."""


class VoiceOutputs(VoiceShown):
    """Outputs that every vendor's Voice has."""

    ownership_id: str | None = None
    """Tells this resource from others that have the same voice. Made anew when the voice is created, taken
    over or imported."""
    trained_on: str | None = None
    """Fingerprint of everything that the last training used. Absent: imported, unknown. `external`:
    somebody else trained the voice."""
    trained_version: str | None = None
    """The vendor's counter or timestamp of that training."""
    failed_on: str | None = None
    """Fingerprint of what the vendor refused to train; it is not sent again."""
    pending_training: dict[str, Any] | None = None
    """The training that is running: what it uses, and the version that it started from."""
    changed_at: str | None = None
    """When the last training was seen to be over: RFC 3339, UTC. Just after it, what a vendor shows may be
    out of date."""
    credentials: list[str] | None = None
    """Salted hashes of the credentials that the voice was created, trained or imported with. A voice that
    other credentials do not show may be another account's: it is not taken for deleted."""
    drift: list[str] | None = None
    """The outputs in which a refresh found the voice changed by somebody else, where no `pulumi up` can
    change it back: `status` (it was locked), `name` (where only a training renames). The next `pulumi up`
    reports it, and keeps the voice as it is."""


class VoiceInfo(VoiceShown):
    """A voice as the vendor shows it now, whether a stack has it or not."""

    id: str
    """The ID that the voice has as a resource: what `pulumi import` takes."""


class VoiceLookup(VoicecloneModel):
    """What names one voice."""

    voice_id: Annotated[str, Field(min_length=1)]
    """The voice's ID."""


class VoiceFilter(VoicecloneModel):
    """Which voices of the account are wanted. Every vendor's voices can be chosen by their status; a
    vendor's own filters are its own to declare."""

    status: Status | None = None
    """Only voices with this status. Default: all."""


class NamedFilter(VoiceFilter):
    """The same, of vendors whose voices have names."""

    name: str | None = None
    """Only voices with exactly this name."""


NotEmpty = Annotated[str, Field(min_length=1)]
