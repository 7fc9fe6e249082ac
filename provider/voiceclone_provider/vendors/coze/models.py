"""Configuration, inputs and outputs of voices at Coze, as its page 复刻音色 documents them."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from ..models import (
    AudioAsset,
    AudioFormat,
    NamedFilter,
    NamedInputs,
    NotEmpty,
    Setting,
    VendorConfig,
    VoiceInfo,
    VoiceOutputs,
    VoiceShown,
    base_url,
    max_bytes,
)

NAME_LIMIT = 128
TEXT_LIMIT = 1024


class CozeLanguage(StrEnum):
    """The language spoken in a sample for Coze."""

    CHINESE = "zh"
    """Chinese."""
    ENGLISH = "en"
    """English."""
    JAPANESE = "ja"
    """Japanese."""
    SPANISH = "es"
    """Spanish."""
    INDONESIAN = "id"
    """Indonesian."""
    PORTUGUESE = "pt"
    """Portuguese."""


class CozeModelType(StrEnum):
    """The kind of model that a Coze voice runs on."""

    BIG = "big"
    """A large model; every cloned voice."""
    SMALL = "small"
    """A small model."""


class CozeConfig(VendorConfig):
    """How Coze is reached."""

    coze_token: Annotated[str | None, Setting("COZE_API_TOKEN", secret=True)] = None
    """The account's access token (a personal access token, or an OAuth or JWT token), with the permissions
    `createVoice` and `listVoice`."""
    coze_base_url: Annotated[Annotated[str, base_url()] | None, Setting("COZE_API_BASE")] = None
    """Where Coze's API is. Tokens of coze.cn and coze.com are not valid at each other. Default:
    `https://api.coze.cn`."""


class CozeInputs(NamedInputs):
    """Inputs of a voice at Coze."""

    audio: AudioAsset | None = None
    """The sample (音色复刻素材要求): WAV, MP3, OGG, M4A, AAC, or raw PCM with 24 kHz, mono. One speaker in a
    quiet room; 10 to 30 seconds are advised. A change trains the same voice again, which costs one of
    the trainings that it has left."""
    audio_format: AudioFormat | None = None
    """The sample's container. Default: what the extension of the file's name says or, without one, its
    content."""
    name: Annotated[str, max_bytes(NAME_LIMIT)] | None = None
    """The voice's name at the vendor (`voice_name`). The vendor renames a voice only by training it, so a
    change costs a training. Default: the resource's name with a hash."""
    language: CozeLanguage | None = None
    """The language spoken in the sample. A change trains the voice again. Default: the vendor's."""
    text: Annotated[str, max_bytes(TEXT_LIMIT)] | None = None
    """What is said in the sample, roughly word for word: the vendor refuses a sample that differs too much
    from it (1109 WERError). A change trains the voice again."""
    preview_text: NotEmpty | None = None
    """What the preview of the trained voice says. A change trains the voice again. Default: the vendor's
    sentence in Chinese."""
    description: NotEmpty | None = None
    """A description of the voice; the vendor takes it but does not show it. A change trains the voice
    again."""
    voice_id: NotEmpty | None = None
    """A voice to train in place of making a new one: one that was bought and never trained (待克隆), as
    `getVoices` lists it with the status `Pending`. A change replaces the voice. Default: the vendor makes a
    voice."""
    overwrite_existing: bool | None = None
    """Whether a voice that is trained already, and named by `voiceId`, may be trained over when this resource
    is created. What it is now is lost. Default: no."""
    space_id: NotEmpty | None = None
    """The workspace that the voice is made in: the number after `w` in the URL of its page. Voices cannot be
    used in another workspace, so a change replaces the voice. Default: the account's personal space."""


class CozeShown(VoiceShown):
    """What Coze shows of a voice."""

    model_type: str | None = None
    """The kind of model that the voice runs on, as the vendor reports it: `big` or `small`."""
    model_name: str | None = None
    """The name of that model, as the vendor shows it."""
    support_emotions: list[str] | None = None
    """The emotions that the voice can speak with, by the names that synthesis takes, where the vendor reports
    any (多情感音色)."""


class CozeOutputs(CozeShown, VoiceOutputs):
    """Outputs of a voice at Coze."""


class CozeInfo(CozeShown, VoiceInfo):
    """A voice at Coze. One that was bought and never trained has the status `Pending`."""

    name: str | None = None
    """The voice's name."""
    language: CozeLanguage | None = None
    """The language that the voice speaks."""
    preview_text: str | None = None
    """What the preview says, where it is not the vendor's own sentence."""
    is_system_voice: bool | None = None
    """Whether it is one of the vendor's own voices, which can be used but not changed."""


class CozeFilter(NamedFilter):
    """Which voices are wanted: of those that the token can see, other members' of its workspaces too."""

    model_type: CozeModelType | None = None
    """Only voices that run on this kind of model."""
    system_voices: bool | None = None
    """Whether the vendor's own voices are wanted as well. Default: no."""
