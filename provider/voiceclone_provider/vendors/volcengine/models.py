"""Configuration, inputs and outputs of voices at Volcengine, as its pages on voice cloning document them."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated

from ..models import (
    AudioAsset,
    AudioFormat,
    NotEmpty,
    Setting,
    VendorConfig,
    VoiceFilter,
    VoiceInfo,
    VoiceInputs,
    VoiceOutputs,
    VoiceShown,
    base_url,
    characters,
    matches,
    moment,
)

SLOT = r"S_[A-Za-z0-9]+"
POST_PAID = (
    r"(?!(?i:S_|ICL_|MIX_|DiT_|BV))(?![a-z]{2}_)"
    r"(?!(?i:wvae|moon|mercury|venus|earth|mars|jupiter|saturn|uranus|neptune|pluto|umm)_)"
    r"(?!.*_(?i:bigtts|bigtts_cc|tob|cs_tob|streaming)$)[a-zA-Z][a-zA-Z0-9_-]{6,254}[a-zA-Z0-9]"
)
"""音色训练, `custom_speaker_id`: what the vendor's own pattern does not refuse."""


class VolcengineLanguage(StrEnum):
    """The language spoken in a sample for Volcengine. With API V3 every one may be given; with V1 it depends
    on the model."""

    CHINESE = "zh"
    """Chinese; every model."""
    ENGLISH = "en"
    """English; every model."""
    JAPANESE = "ja"
    """Japanese; `ICL_1_0` and `DIT_STANDARD`."""
    SPANISH = "es"
    """Spanish; `ICL_1_0` and `DIT_STANDARD`."""
    INDONESIAN = "id"
    """Indonesian; `ICL_1_0` and `DIT_STANDARD`."""
    PORTUGUESE = "pt"
    """Portuguese; `ICL_1_0` and `DIT_STANDARD`."""
    GERMAN = "de"
    """German; `DIT_STANDARD`."""
    FRENCH = "fr"
    """French; `DIT_STANDARD`."""
    KOREAN = "ko"
    """Korean; API V3."""
    ITALIAN = "it"
    """Italian; API V3."""
    THAI = "th"
    """Thai; API V3."""
    VIETNAMESE = "vi"
    """Vietnamese; API V3."""
    RUSSIAN = "ru"
    """Russian; API V3."""
    FILIPINO = "fil"
    """Filipino; API V3."""
    MALAY = "ms"
    """Malay; API V3."""
    ARABIC = "ar"
    """Arabic; API V3."""
    MEXICAN_SPANISH = "es-MX"
    """Mexican Spanish (`mx`); API V3."""
    BRAZILIAN_PORTUGUESE = "pt-BR"
    """Brazilian Portuguese (`pt-br`); API V3."""
    POLISH = "pl"
    """Polish; API V3."""
    TURKISH = "tr"
    """Turkish; API V3."""
    SWEDISH = "sv"
    """Swedish; API V3."""


class VolcengineModelType(StrEnum):
    """The model that a Volcengine voice is trained with (`model_type`). API V3 trains for every model."""

    ICL_1_0 = "ICL_1_0"
    """声音复刻 ICL 1.0."""
    DIT_STANDARD = "DIT_STANDARD"
    """DiT 标准版: the voice's sound, not the speaker's style."""
    DIT_RESTORATION = "DIT_RESTORATION"
    """DiT 还原版: the voice's sound, and the speaker's accent, pace and style."""
    ICL_2_0 = "ICL_2_0"
    """声音复刻 ICL 2.0."""


class VolcengineGender(StrEnum):
    """The speaker's gender, as Volcengine's form upload takes it."""

    MALE = "male"
    """A male voice."""
    FEMALE = "female"
    """A female voice."""


class VolcengineDenoiseModel(StrEnum):
    """The model that removes noise from a Volcengine sample (`voice_clone_denoise_model_id`)."""

    SPEECH_INPAINTING_V2 = "SpeechInpaintingV2"
    """The vendor's default."""
    VOCAL_DIFFUSION_V2 = "VocalDiffusionV2"
    """VocalDiffusionV2."""
    VOCAL_DIFFUSION_V2_44_KHZ = "VocalDiffusionV2_44k"
    """VocalDiffusionV2 at 44 kHz."""


class VolcengineApi(StrEnum):
    """A version of the vendor's voice API."""

    V1 = "v1"
    """声音复刻 V1: an application's ID and token; a voice is trained for one model."""
    V3 = "v3"
    """声音复刻 V3: an API key, or an application's ID and token; a voice is trained for every model."""


class VolcengineUploadEncoding(StrEnum):
    """Which of the vendor's two documented ways of sending a sample is used."""

    JSON = "json"
    """A JSON body with the sample in base64, as the vendor's current page says."""
    FORM = "form"
    """A form (multipart/form-data), as an older page says."""


LANGUAGE_NUMBERS: dict[VolcengineLanguage, int] = {
    language: number + (number > 17) for number, language in enumerate(VolcengineLanguage)
}
"""音色训练, `language`: 0 to 21, without 18."""

LANGUAGES: dict[VolcengineModelType, tuple[VolcengineLanguage, ...]] = {
    VolcengineModelType.ICL_1_0: tuple(VolcengineLanguage)[:6],
    VolcengineModelType.DIT_STANDARD: tuple(VolcengineLanguage),
    VolcengineModelType.DIT_RESTORATION: tuple(VolcengineLanguage)[:2],
    VolcengineModelType.ICL_2_0: tuple(VolcengineLanguage)[:2],
}
"""上传音频训练, `language`: the first two, six or eight languages, by model."""


class VolcengineConfig(VendorConfig):
    """How Volcengine is reached: with an API key or, with the old console, an application's ID and token."""

    volcengine_api_key: Annotated[str | None, Setting("VOLCENGINE_SPEECH_API_KEY", secret=True)] = None
    """The API key that the new speech console shows. It trains voices and reads their status through API
    V3."""
    volcengine_app_id: Annotated[str | None, Setting("VOLCENGINE_SPEECH_APP_ID")] = None
    """The speech application's ID (`appid`) in the old console, which the slots belong to."""
    volcengine_access_token: Annotated[str | None, Setting("VOLCENGINE_SPEECH_ACCESS_TOKEN", secret=True)] = (
        None
    )
    """The speech application's access token, which its page in the old speech console shows. It trains voices
    and reads their status."""
    volcengine_api: Annotated[VolcengineApi | None, Setting("VOLCENGINE_SPEECH_API")] = None
    """The version of the voice API. Default: `v3` with an API key, otherwise `v1`."""
    volcengine_project: Annotated[str | None, Setting("VOLCENGINE_SPEECH_PROJECT")] = None
    """The project that the slots belong to. With it, the console API is asked in its version 2025-05-21.
    Default: `default` where no application is configured; with one, version 2023-11-07 is asked for the
    application."""
    volcengine_access_key: Annotated[str | None, Setting("VOLCENGINE_ACCESS_KEY")] = None
    """The account's access key ID. With it and `volcengineSecretKey`, voices are read from the console API:
    all slots at once, with the trainings left, and a free slot is found where `speakerId` is not given.
    Without them each voice's status is read by itself."""
    volcengine_secret_key: Annotated[str | None, Setting("VOLCENGINE_SECRET_KEY", secret=True)] = None
    """The account's secret access key, which belongs to `volcengineAccessKey`."""
    volcengine_resource_id: Annotated[str | None, Setting("VOLCENGINE_SPEECH_RESOURCE_ID")] = None
    """Sent as the `Resource-Id` header of API V1. Default: by the voice's model, `seed-icl-2.0` for
    `ICL_2_0`, otherwise `seed-icl-1.0`. Older applications need `volc.megatts.voiceclone`."""
    volcengine_base_url: Annotated[
        Annotated[str, base_url()] | None, Setting("VOLCENGINE_SPEECH_BASE_URL")
    ] = None
    """Where the voice API is. Default: `https://openspeech.bytedance.com`."""
    volcengine_console_url: Annotated[
        Annotated[str, base_url()] | None, Setting("VOLCENGINE_CONSOLE_URL")
    ] = None
    """Where the console API is. Default: `https://open.volcengineapi.com`."""
    volcengine_upload_encoding: Annotated[
        VolcengineUploadEncoding, Setting("VOLCENGINE_SPEECH_UPLOAD_ENCODING")
    ] = VolcengineUploadEncoding.JSON
    """How the voice API V1 is called: `json` as the vendor's current page says, `form` as an older one says
    (the sample as a form, the status with GET)."""


def api_of(config: VolcengineConfig) -> VolcengineApi:
    """The version of the voice API that is asked."""
    if config.volcengine_api is not None:
        return config.volcengine_api
    return VolcengineApi.V3 if (config.volcengine_api_key or "").strip() else VolcengineApi.V1


def is_post_paid(voice_id: str) -> bool:
    """Slots begin with `S_`, which no ID of the user's own may."""
    return re.fullmatch(SLOT, voice_id) is None


class VolcengineInputs(VoiceInputs):
    """Inputs of a voice at Volcengine."""

    audio: AudioAsset | None = None
    """The sample: WAV, MP3, OGG, M4A, AAC, or raw PCM with 24 kHz, mono. 10 to 30 seconds of one clear voice
    are advised; what is longer is cut. A change trains the same voice again, which costs one of the slot's
    trainings; `availableTrainings` says how many are left."""
    audio_format: AudioFormat | None = None
    """The sample's container. Default: what the extension of the file's name says or, without one, its
    content."""
    language: VolcengineLanguage | None = None
    """The language spoken in the sample; required by the vendor where that is not Chinese. With API V3 each
    of them; with V1 `zh` and `en` with every `modelType`; `ja`, `es`, `id` and `pt` with `ICL_1_0` and
    `DIT_STANDARD`; `de` and `fr` with `DIT_STANDARD`. A change trains the voice again. Default: the vendor's
    (Chinese)."""
    text: NotEmpty | None = None
    """What is said in the sample, word for word: the vendor refuses a sample that differs too much from it
    (1109 WERError). A change trains the voice again."""
    speaker_id: Annotated[str, matches(SLOT, "a slot's ID: S_ followed by letters and digits")] | None = None
    """The slot that the voice lives in, as bought in the vendor's console; it is the voice's ID. A change
    replaces the voice. Default: a slot that was never trained; finding it needs `volcengineAccessKey` and
    `volcengineSecretKey`."""
    custom_speaker_id: (
        Annotated[
            str,
            matches(
                POST_PAID,
                "8 to 256 letters, digits, hyphens and underscores that begin with a letter, end with a "
                "letter or digit, and have none of the vendor's own prefixes (such as S_, zh_) and suffixes",
            ),
        ]
        | None
    ) = None
    """The ID of a post-paid voice, in place of a slot's. API V3 only. The vendor charges for the voice when
    speech is first synthesised with it, after which it cannot be trained again, and deletes one that was not
    used for 7 days; this package never synthesises speech. A change replaces the voice."""
    model_type: VolcengineModelType = VolcengineModelType.ICL_1_0
    """The model to train with. API V1 only. A change trains the voice again."""
    demo_text: Annotated[str, characters(4, 300)] | None = None
    """What the voice says in its preview (`demo_text`), in the sample's language. API V3 only. A change
    trains the voice again."""
    gender: VolcengineGender | None = None
    """The speaker's gender. Only with `volcengineUploadEncoding: form`: no other upload has such a field. A
    change trains the voice again."""
    enable_audio_denoise: bool | None = None
    """Whether noise is removed from the sample (`enable_audio_denoise`). Not with the form upload. A change
    trains the voice again. Default: the vendor's."""
    voice_clone_denoise_model_id: VolcengineDenoiseModel | None = None
    """The model that removes noise (`voice_clone_denoise_model_id`). Not with the form upload. A change
    trains the voice again. Default: the vendor's."""
    voice_clone_enable_mss: bool | None = None
    """Whether the voice is separated from music and other sources (`voice_clone_enable_mss`). Not with the
    form upload. A change trains the voice again. Default: the vendor's."""
    enable_crop_by_asr: bool | None = None
    """Whether a long sample is cut where speech recognition finds a pause (`enable_crop_by_asr`). Not with
    the form upload. A change trains the voice again. Default: the vendor's."""
    disable_volume_normalization: bool | None = None
    """Whether the sample's volume stays as it is (`disable_volume_normalization`). API V3 only. A change
    trains the voice again. Default: the vendor's (no)."""
    upgrade_voice: bool | None = None
    """Whether a voice that was trained through API V1 is upgraded (`upgrade_voice`), so that every model can
    speak with it. API V3 only. What an upgrade costs, the vendor's page does not say; a voice that was
    trained through V3 needs none. Default: no."""
    overwrite_existing: bool | None = None
    """Whether a slot that already holds a trained voice may be trained over when this resource is created.
    The voice in it is lost. Default: no."""


class VolcengineShown(VoiceShown):
    """What Volcengine shows of a slot and its voice."""

    cluster: str | None = None
    """What a synthesis request with this voice gives as `app.cluster` on the per-character plan:
    `volcano_icl`, for every model. On the concurrency plan it is `volcano_icl_concurr`; which plan an account
    has, the vendor's API does not report."""
    instance_no: str | None = None
    """The slot's order (`InstanceNO`). Told by the console API only."""
    alias: str | None = None
    """The name that the slot has in the vendor's console, where alone it can be changed. Told by the console
    API only."""
    expires_at: str | None = None
    """When the slot's term ends. RFC 3339, UTC. Told by the console API only."""
    resource_id: str | None = None
    """The `Resource-Id` that goes with the voice, as the console API reports it."""


class VolcengineOutputs(VolcengineShown, VoiceOutputs):
    """Outputs of a voice at Volcengine."""


class VolcengineInfo(VolcengineShown, VoiceInfo):
    """A slot at Volcengine, and the voice in it. One that was never trained has the status `Pending`."""

    model_type: VolcengineModelType | None = None
    """The model that the voice was trained with, where the vendor reports only one."""


class VolcengineFilter(VoiceFilter):
    """Which slots of the application are wanted; those that the vendor has taken back are left out."""

    speaker_ids: list[str] | None = None
    """Only these slots. The vendor refuses the whole call where one is not the application's."""
    expires_before: Annotated[str, moment()] | None = None
    """Only slots whose term ends before this time."""
