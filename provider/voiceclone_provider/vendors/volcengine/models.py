"""Configuration, inputs and outputs of voices at Volcengine, as its page 声音复刻 API documents them."""

from __future__ import annotations

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
    matches,
    moment,
)

SLOT = r"S_[A-Za-z0-9]+"


class VolcengineLanguage(StrEnum):
    """The language spoken in a sample for Volcengine. Which ones there are depends on the model."""

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


class VolcengineModelType(StrEnum):
    """The model that a Volcengine voice is trained with (`model_type`)."""

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


class VolcengineUploadEncoding(StrEnum):
    """Which of the vendor's two documented ways of sending a sample is used."""

    JSON = "json"
    """A JSON body with the sample in base64, as the vendor's current page says."""
    FORM = "form"
    """A form (multipart/form-data), as an older page says."""


LANGUAGES: dict[VolcengineModelType, tuple[VolcengineLanguage, ...]] = {
    VolcengineModelType.ICL_1_0: tuple(VolcengineLanguage)[:6],
    VolcengineModelType.DIT_STANDARD: tuple(VolcengineLanguage),
    VolcengineModelType.DIT_RESTORATION: tuple(VolcengineLanguage)[:2],
    VolcengineModelType.ICL_2_0: tuple(VolcengineLanguage)[:2],
}
"""上传音频训练, `language`: the first two, six or eight languages, by model."""


class VolcengineConfig(VendorConfig):
    """How Volcengine is reached."""

    volcengine_app_id: Annotated[str | None, Setting("VOLCENGINE_SPEECH_APP_ID")] = None
    """The speech application's ID (`appid`), which the slots belong to."""
    volcengine_access_token: Annotated[str | None, Setting("VOLCENGINE_SPEECH_ACCESS_TOKEN", secret=True)] = (
        None
    )
    """The speech application's access token, which its page in the speech console shows. It trains voices and
    reads their status."""
    volcengine_access_key: Annotated[str | None, Setting("VOLCENGINE_ACCESS_KEY")] = None
    """The account's access key ID. With it and `volcengineSecretKey`, voices are read from the console API:
    all slots at once, with the trainings left, and a free slot is found where `speakerId` is not given.
    Without them each voice's status is read by itself."""
    volcengine_secret_key: Annotated[str | None, Setting("VOLCENGINE_SECRET_KEY", secret=True)] = None
    """The account's secret access key, which belongs to `volcengineAccessKey`."""
    volcengine_resource_id: Annotated[str | None, Setting("VOLCENGINE_SPEECH_RESOURCE_ID")] = None
    """Sent as the `Resource-Id` header. Default: by the voice's model, `seed-icl-2.0` for `ICL_2_0`,
    otherwise `seed-icl-1.0`. Older applications need `volc.megatts.voiceclone`."""
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
    """How the voice API is called: `json` as the vendor's current page says, `form` as an older one says
    (the sample as a form, the status with GET)."""


class VolcengineInputs(VoiceInputs):
    """Inputs of a voice at Volcengine."""

    audio: AudioAsset | None = None
    """The sample: WAV, MP3, OGG, M4A, AAC, or raw PCM with 24 kHz, mono. 10 to 30 seconds of one clear voice
    are advised; what is longer is cut. A change trains the same voice again, which costs one of the
    trainings that the slot has left."""
    audio_format: AudioFormat | None = None
    """The sample's container. Default: what the extension of the file's name says or, without one, its
    content."""
    language: VolcengineLanguage | None = None
    """The language spoken in the sample: `zh` and `en` with every `modelType`; `ja`, `es`, `id` and `pt` with
    `ICL_1_0` and `DIT_STANDARD`; `de` and `fr` with `DIT_STANDARD`. A change trains the voice again. Default:
    the vendor's (Chinese)."""
    text: NotEmpty | None = None
    """What is said in the sample, word for word: the vendor refuses a sample that differs too much from it
    (1109 WERError). A change trains the voice again."""
    speaker_id: Annotated[str, matches(SLOT, "a slot's ID: S_ followed by letters and digits")] | None = None
    """The slot that the voice lives in, as bought in the vendor's console; it is the voice's ID. A change
    replaces the voice. Default: a slot that was never trained; finding it needs `volcengineAccessKey` and
    `volcengineSecretKey`."""
    model_type: VolcengineModelType = VolcengineModelType.ICL_1_0
    """The model to train with. A change trains the voice again."""
    gender: VolcengineGender | None = None
    """The speaker's gender. Sent only with `volcengineUploadEncoding: form`: the vendor's JSON upload has no
    such field. A change trains the voice again."""
    enable_audio_denoise: bool | None = None
    """Whether noise is removed from the sample (`enable_audio_denoise`). JSON upload only. A change trains
    the voice again. Default: the vendor's (no with `ICL_2_0`, otherwise yes)."""
    voice_clone_denoise_model_id: NotEmpty | None = None
    """The model that removes noise (`voice_clone_denoise_model_id`). JSON upload only. A change trains the
    voice again. Default: the vendor's."""
    voice_clone_enable_mss: bool | None = None
    """Whether the voice is separated from music and other sources (`voice_clone_enable_mss`). JSON upload
    only. A change trains the voice again. Default: the vendor's."""
    enable_crop_by_asr: bool | None = None
    """Whether a long sample is cut where speech recognition finds a pause (`enable_crop_by_asr`). JSON upload
    only. A change trains the voice again. Default: the vendor's."""
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
