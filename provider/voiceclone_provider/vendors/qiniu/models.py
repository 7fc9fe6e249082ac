"""Configuration, inputs and outputs of voices at Qiniu, as its page 音色克隆API documents them."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from ..models import (
    NamedFilter,
    NamedInputs,
    Setting,
    VendorConfig,
    VoiceInfo,
    VoiceOutputs,
    base_url,
    http_url,
    max_characters,
)

NAME_LIMIT = 20


class QiniuLanguage(StrEnum):
    """The language that a Qiniu voice speaks. The free tier knows `zh` and `en` only."""

    CHINESE = "zh"
    """Chinese."""
    ENGLISH = "en"
    """English."""
    JAPANESE = "ja"
    """Japanese; `pro` tier."""
    KOREAN = "ko"
    """Korean; `pro` tier."""
    SPANISH = "es"
    """Spanish; `pro` tier."""
    PORTUGUESE = "pt"
    """Portuguese; `pro` tier."""
    INDONESIAN = "id"
    """Indonesian; `pro` tier."""
    GERMAN = "de"
    """German; `pro` tier."""
    FRENCH = "fr"
    """French; `pro` tier."""
    ARABIC = "ar"
    """Arabic; `pro` tier."""
    HINDI = "hi"
    """Hindi; `pro` tier."""
    ITALIAN = "it"
    """Italian; `pro` tier."""
    TURKISH = "tr"
    """Turkish; `pro` tier."""
    CANTONESE = "yue"
    """Cantonese; `pro` tier."""


class QiniuTier(StrEnum):
    """The kind of slot that a Qiniu voice uses."""

    FREE = "free"
    """Speaks Chinese and English; can be deleted."""
    PRO = "pro"
    """A paid slot: more languages, each training uses up quota, and the vendor refuses to delete it."""


class QiniuModel(StrEnum):
    """The model that a Qiniu voice is made with."""

    QN_ACV = "QN_ACV"
    """The only one there is."""


FREE_LANGUAGES = (QiniuLanguage.CHINESE, QiniuLanguage.ENGLISH)


class QiniuConfig(VendorConfig):
    """How Qiniu is reached."""

    qiniu_token: Annotated[str | None, Setting("QINIU_XROBO_TOKEN", secret=True)] = None
    """The account's token for Qiniu's 灵矽 (xrobot) API, sent as a bearer token. It is not Qiniu's access
    key or secret key."""
    qiniu_base_url: Annotated[Annotated[str, base_url()] | None, Setting("QINIU_XROBO_BASE_URL")] = None
    """Where Qiniu's API is. Default: `https://xrobo.qiniu.com`."""


class QiniuInputs(NamedInputs):
    """Inputs of a voice at Qiniu."""

    audio_url: Annotated[str, http_url()] | None = None
    """Where the vendor fetches the sample from: WAV or MP3, clear and without background noise; 10 to 60
    seconds are advised (音频文件要求). Signature parameters in the query do not count as a change. A change
    trains the same voice again."""
    name: Annotated[str, max_characters(NAME_LIMIT)] | None = None
    """The voice's name at the vendor; every letter, digit or Chinese character counts as one (音色名称限制).
    A change renames the voice without training it. Default: the resource's name with a hash."""
    language: QiniuLanguage | None = None
    """The language that the voice speaks. The vendor cannot change it later: a change replaces the voice.
    Default: the vendor's (`zh`)."""
    tier: QiniuTier | None = None
    """The kind of slot that the voice uses. A change replaces the voice. Default: the vendor's (`free`)."""
    model_id: QiniuModel | None = None
    """The model to make the voice with; not together with `language` or `tier`, which replaced it in the
    vendor's API. Where it is left out, it is sent only after the vendor refused a create without it, and no
    language but `zh` and no tier but `free` was declared. A change replaces the voice."""


class QiniuOutputs(VoiceOutputs):
    """Outputs of a voice at Qiniu."""


class QiniuInfo(VoiceInfo):
    """A voice at Qiniu. One that was made and never trained has the status `Pending`."""

    name: str | None = None
    """The voice's name."""
    language: QiniuLanguage | None = None
    """The language that the voice speaks."""
    tier: QiniuTier | None = None
    """The kind of slot that the voice uses."""


class QiniuFilter(NamedFilter):
    """Which voices of the account are wanted."""
