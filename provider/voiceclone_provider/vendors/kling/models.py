"""Configuration, inputs and outputs of voices at Kling, as its page 自定义音色 documents them."""

from __future__ import annotations

from typing import Annotated

from ..models import (
    NamedFilter,
    NotEmpty,
    Setting,
    VendorConfig,
    VoicecloneModel,
    VoiceInfo,
    VoiceInputs,
    VoiceLookup,
    VoiceOutputs,
    VoiceShown,
    base_url,
    http_url,
    max_characters,
)

NAME_LIMIT = 20


class KlingConfig(VendorConfig):
    """How Kling is reached: with an API key or, without one, with an access key and a secret key."""

    kling_access_key: Annotated[str | None, Setting("KLING_ACCESS_KEY")] = None
    """The access key that tokens are made of, together with `klingSecretKey`."""
    kling_secret_key: Annotated[str | None, Setting("KLING_SECRET_KEY", secret=True)] = None
    """The secret key that signs tokens (JWT, HS256, valid for 30 minutes each)."""
    kling_api_key: Annotated[str | None, Setting("KLING_API_KEY", secret=True)] = None
    """An API key, sent as a bearer token. Wins over `klingAccessKey` and `klingSecretKey`."""
    kling_base_url: Annotated[Annotated[str, base_url()] | None, Setting("KLING_BASE_URL")] = None
    """Where Kling's API is. Default: `https://api-beijing.klingai.com` (mainland China); accounts elsewhere
    use `https://api-singapore.klingai.com`."""


class KlingInputs(VoiceInputs):
    """Inputs of a voice at Kling. The vendor changes no voice: another sample or name makes a new one."""

    audio_url: Annotated[str, http_url(".mp3", ".wav", ".mp4", ".mov")] | None = None
    """Where the vendor fetches the sample from: 5 to 30 seconds, clean, exactly one human voice. Exactly one
    of `audioUrl` and `videoId` is needed. Signature parameters in the query do not count as a change. A
    change replaces the voice."""
    video_id: str | None = None
    """A video of the account to take the voice from: made by a V2.6 model with sound on, or by the avatar
    or the lip-sync API. Exactly one of `audioUrl` and `videoId` is needed. A change replaces the voice."""
    name: Annotated[str, max_characters(NAME_LIMIT)] | None = None
    """The voice's name at the vendor (`voice_name`). A change replaces the voice. Default: the resource's
    name with a hash."""
    callback_url: Annotated[str, http_url()] | None = None
    """Where the vendor announces the result. Only used when the voice is made; a change calls nobody."""
    external_task_id: NotEmpty | None = None
    """Your own ID for the task that makes the voice; the vendor wants it to be unique in the account, so a
    voice that is to be replaced needs another. A change replaces the voice. Default: an ID of the provider's,
    by which it finds a voice again whose creation was interrupted."""


class KlingShown(VoiceShown):
    """What Kling shows of a voice."""

    task_id: str
    """The task that made the voice: the resource's ID."""
    owned_by: str | None = None
    """The ID of the voice's creator, or `kling` for the vendor's own voices."""
    units_charged: str | None = None
    """The units that making the voice took from the account (`final_unit_deduction`)."""


class KlingOutputs(KlingShown, VoiceOutputs):
    """Outputs of a voice at Kling. `voiceId` is empty until the voice is ready."""


class KlingInfo(KlingShown, VoiceInfo):
    """A voice at Kling. `voiceId` is empty until the voice is ready; `id` is that of its task."""

    name: str | None = None
    """The voice's name."""
    external_task_id: str | None = None
    """The ID that the voice's maker chose for its task."""


class KlingLookup(VoiceLookup):
    """What names one voice at Kling."""

    voice_id: NotEmpty
    """The voice's ID, or the ID or external ID of the task that made it."""


class KlingFilter(NamedFilter):
    """Which voices of the account are wanted; deleted ones are left out."""


class KlingPreset(VoicecloneModel):
    """One of the vendor's own voices: it can be used but not changed."""

    voice_id: str
    """The voice's ID."""
    name: str | None = None
    """The voice's name."""
    preview_url: str | None = None
    """A sample of the voice. The URL expires."""
    owned_by: str
    """`kling`."""


class KlingPresetFilter(VoicecloneModel):
    """Which of the vendor's own voices are wanted."""

    name: str | None = None
    """Only voices with exactly this name."""
