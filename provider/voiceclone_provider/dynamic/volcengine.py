"""Cloned voices at Volcengine.

Made by `make schema` from the same models as `schema.json`: not to be edited.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

import pulumi

from .base import BaseVoice
from .common import AudioFormat, DeletionPolicy

__all__ = ["AudioFormat", "DeletionPolicy", "DenoiseModel", "Gender", "Language", "ModelType", "Voice"]


class DenoiseModel(StrEnum):
    """The model that removes noise from a Volcengine sample (`voice_clone_denoise_model_id`)."""

    SPEECH_INPAINTING_V2 = "SpeechInpaintingV2"
    """The vendor's default."""
    VOCAL_DIFFUSION_V2 = "VocalDiffusionV2"
    """VocalDiffusionV2."""
    VOCAL_DIFFUSION_V2_44_KHZ = "VocalDiffusionV2_44k"
    """VocalDiffusionV2 at 44 kHz."""


class Gender(StrEnum):
    """The speaker's gender, as Volcengine's form upload takes it."""

    MALE = "male"
    """A male voice."""
    FEMALE = "female"
    """A female voice."""


class Language(StrEnum):
    """The language spoken in a sample for Volcengine. With API V3 every one may be given; with V1 it
    depends on the model."""

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


class ModelType(StrEnum):
    """The model that a Volcengine voice is trained with (`model_type`). API V3 trains for every model."""

    ICL_1_0 = "ICL_1_0"
    """声音复刻 ICL 1.0."""
    DIT_STANDARD = "DIT_STANDARD"
    """DiT 标准版: the voice's sound, not the speaker's style."""
    DIT_RESTORATION = "DIT_RESTORATION"
    """DiT 还原版: the voice's sound, and the speaker's accent, pace and style."""
    ICL_2_0 = "ICL_2_0"
    """声音复刻 ICL 2.0."""


class Voice(BaseVoice, vendor="volcengine"):
    """A cloned voice at Volcengine. A changed sample trains the same voice ID again. Volcengine has no
    delete endpoint: a deletion takes the voice out of the stack only. A training usually takes a few
    seconds to 2 min."""

    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        retrain_triggers: pulumi.Input[Sequence[Any]] | None = None,
        deletion_policy: pulumi.Input[str | DeletionPolicy] | None = None,
        audio: pulumi.Input[str | os.PathLike[str] | pulumi.Asset] | None = None,
        audio_format: pulumi.Input[str | AudioFormat] | None = None,
        language: pulumi.Input[str | Language] | None = None,
        text: pulumi.Input[str] | None = None,
        speaker_id: pulumi.Input[str] | None = None,
        custom_speaker_id: pulumi.Input[str] | None = None,
        model_type: pulumi.Input[str | ModelType] | None = None,
        demo_text: pulumi.Input[str] | None = None,
        gender: pulumi.Input[str | Gender] | None = None,
        enable_audio_denoise: pulumi.Input[bool] | None = None,
        voice_clone_denoise_model_id: pulumi.Input[str | DenoiseModel] | None = None,
        voice_clone_enable_mss: pulumi.Input[bool] | None = None,
        enable_crop_by_asr: pulumi.Input[bool] | None = None,
        disable_volume_normalization: pulumi.Input[bool] | None = None,
        upgrade_voice: pulumi.Input[bool] | None = None,
        overwrite_existing: pulumi.Input[bool] | None = None,
    ) -> None:
        """Declare a voice.

        Arguments:
            resource_name: the resource's name in the program.
            opts: Pulumi's own options; `custom_timeouts` are obeyed.
            retrain_triggers: Any values; when one of them changes, the voice is trained again although
                its sample did not change (Kling: replaced). Costs a training.
            deletion_policy: What a deletion does. `delete` calls the vendor's delete endpoint; `retain`
                only forgets the voice, with a warning that names what still exists; `fail` deletes where the
                vendor can, and stops where it has no delete endpoint. Default: `delete` where the vendor has
                a delete endpoint, otherwise `retain`.
            audio: The sample: WAV, MP3, OGG, M4A, AAC, or raw PCM with 24 kHz, mono. 10 to 30 seconds of
                one clear voice are advised; what is longer is cut. A change trains the same voice again,
                which costs one of the slot's trainings; `available_trainings` says how many are left. A file
                asset or a remote asset, 10 MB (10 × 1024 × 1024 bytes) at most. A path, which is taken
                relative to the program's folder, will do as well.
            audio_format: The sample's container. Default: what the extension of the file's name says or,
                without one, its content.
            language: The language spoken in the sample; required by the vendor where that is not
                Chinese. With API V3 each of them; with V1 `zh` and `en` with every `model_type`; `ja`, `es`,
                `id` and `pt` with `ICL_1_0` and `DIT_STANDARD`; `de` and `fr` with `DIT_STANDARD`. A change
                trains the voice again. Default: the vendor's (Chinese).
            text: What is said in the sample, word for word: the vendor refuses a sample that differs too
                much from it (1109 WERError). A change trains the voice again.
            speaker_id: The slot that the voice lives in, as bought in the vendor's console; it is the
                voice's ID. A change replaces the voice. Default: a slot that was never trained; finding it
                needs `volcengineAccessKey` and `volcengineSecretKey`. Must be a slot's ID: S_ followed by
                letters and digits.
            custom_speaker_id: The ID of a post-paid voice, in place of a slot's. API V3 only. The vendor
                charges for the voice when speech is first synthesised with it, after which it cannot be
                trained again, and deletes one that was not used for 7 days; this package never synthesises
                speech. A change replaces the voice. Must be 8 to 256 letters, digits, hyphens and
                underscores that begin with a letter, end with a letter or digit, and have none of the
                vendor's own prefixes (such as S_, zh_) and suffixes.
            model_type: The model to train with. API V1 only. A change trains the voice again. Default:
                `ICL_1_0`.
            demo_text: What the voice says in its preview (`demo_text`), in the sample's language. API V3
                only. A change trains the voice again. 4 to 300 characters, whatever the script.
            gender: The speaker's gender. Only with `volcengineUploadEncoding: form`: no other upload has
                such a field. A change trains the voice again.
            enable_audio_denoise: Whether noise is removed from the sample (`enable_audio_denoise`). Not
                with the form upload. A change trains the voice again. Default: the vendor's.
            voice_clone_denoise_model_id: The model that removes noise (`voice_clone_denoise_model_id`).
                Not with the form upload. A change trains the voice again. Default: the vendor's.
            voice_clone_enable_mss: Whether the voice is separated from music and other sources
                (`voice_clone_enable_mss`). Not with the form upload. A change trains the voice again.
                Default: the vendor's.
            enable_crop_by_asr: Whether a long sample is cut where speech recognition finds a pause
                (`enable_crop_by_asr`). Not with the form upload. A change trains the voice again. Default:
                the vendor's.
            disable_volume_normalization: Whether the sample's volume stays as it is
                (`disable_volume_normalization`). API V3 only. A change trains the voice again. Default: the
                vendor's (no).
            upgrade_voice: Whether a voice that was trained through API V1 is upgraded (`upgrade_voice`),
                so that every model can speak with it. API V3 only. What an upgrade costs, the vendor's page
                does not say; a voice that was trained through V3 needs none. Default: no.
            overwrite_existing: Whether a slot that already holds a trained voice may be trained over
                when this resource is created. The voice in it is lost. Default: no.
        """
        inputs: dict[str, Any] = {
            "retrainTriggers": retrain_triggers,
            "deletionPolicy": deletion_policy,
            "audio": audio,
            "audioFormat": audio_format,
            "language": language,
            "text": text,
            "speakerId": speaker_id,
            "customSpeakerId": custom_speaker_id,
            "modelType": model_type,
            "demoText": demo_text,
            "gender": gender,
            "enableAudioDenoise": enable_audio_denoise,
            "voiceCloneDenoiseModelId": voice_clone_denoise_model_id,
            "voiceCloneEnableMss": voice_clone_enable_mss,
            "enableCropByAsr": enable_crop_by_asr,
            "disableVolumeNormalization": disable_volume_normalization,
            "upgradeVoice": upgrade_voice,
            "overwriteExisting": overwrite_existing,
        }
        outputs = (
            "voiceId",
            "status",
            "account",
            "lastError",
            "availableTrainings",
            "previewUrl",
            "createdAt",
            "updatedAt",
            "ownershipId",
            "trainedOn",
            "trainedVersion",
            "failedOn",
            "pendingTraining",
            "changedAt",
            "credentials",
            "drift",
            "cluster",
            "instanceNo",
            "alias",
            "expiresAt",
            "resourceId",
        )
        self._declare(resource_name, opts, inputs, outputs)

    @property
    def audio(self) -> pulumi.Output[Mapping[str, str] | None]:
        """Where the sample is, and the SHA-256 of its content (hex): `path` or `uri`, and `hash`."""
        return self._output("audio")

    @property
    def audio_format(self) -> pulumi.Output[str | None]:
        """The sample's container. Default: what the extension of the file's name says or, without one,
        its content."""
        return self._output("audioFormat")

    @property
    def language(self) -> pulumi.Output[str | None]:
        """The language spoken in the sample; required by the vendor where that is not Chinese. With API
        V3 each of them; with V1 `zh` and `en` with every `model_type`; `ja`, `es`, `id` and `pt` with
        `ICL_1_0` and `DIT_STANDARD`; `de` and `fr` with `DIT_STANDARD`. A change trains the voice again.
        Default: the vendor's (Chinese)."""
        return self._output("language")

    @property
    def text(self) -> pulumi.Output[str | None]:
        """What is said in the sample, word for word: the vendor refuses a sample that differs too much
        from it (1109 WERError). A change trains the voice again."""
        return self._output("text")

    @property
    def speaker_id(self) -> pulumi.Output[str | None]:
        """The slot that the voice lives in, as bought in the vendor's console; it is the voice's ID. A
        change replaces the voice. Default: a slot that was never trained; finding it needs
        `volcengineAccessKey` and `volcengineSecretKey`. Must be a slot's ID: S_ followed by letters and
        digits."""
        return self._output("speakerId")

    @property
    def custom_speaker_id(self) -> pulumi.Output[str | None]:
        """The ID of a post-paid voice, in place of a slot's. API V3 only. The vendor charges for the
        voice when speech is first synthesised with it, after which it cannot be trained again, and
        deletes one that was not used for 7 days; this package never synthesises speech. A change replaces
        the voice. Must be 8 to 256 letters, digits, hyphens and underscores that begin with a letter, end
        with a letter or digit, and have none of the vendor's own prefixes (such as S_, zh_) and suffixes."""
        return self._output("customSpeakerId")

    @property
    def model_type(self) -> pulumi.Output[str | None]:
        """The model to train with. API V1 only. A change trains the voice again. Default: `ICL_1_0`."""
        return self._output("modelType")

    @property
    def demo_text(self) -> pulumi.Output[str | None]:
        """What the voice says in its preview (`demo_text`), in the sample's language. API V3 only. A
        change trains the voice again. 4 to 300 characters, whatever the script."""
        return self._output("demoText")

    @property
    def gender(self) -> pulumi.Output[str | None]:
        """The speaker's gender. Only with `volcengineUploadEncoding: form`: no other upload has such a
        field. A change trains the voice again."""
        return self._output("gender")

    @property
    def enable_audio_denoise(self) -> pulumi.Output[bool | None]:
        """Whether noise is removed from the sample (`enable_audio_denoise`). Not with the form upload. A
        change trains the voice again. Default: the vendor's."""
        return self._output("enableAudioDenoise")

    @property
    def voice_clone_denoise_model_id(self) -> pulumi.Output[str | None]:
        """The model that removes noise (`voice_clone_denoise_model_id`). Not with the form upload. A
        change trains the voice again. Default: the vendor's."""
        return self._output("voiceCloneDenoiseModelId")

    @property
    def voice_clone_enable_mss(self) -> pulumi.Output[bool | None]:
        """Whether the voice is separated from music and other sources (`voice_clone_enable_mss`). Not
        with the form upload. A change trains the voice again. Default: the vendor's."""
        return self._output("voiceCloneEnableMss")

    @property
    def enable_crop_by_asr(self) -> pulumi.Output[bool | None]:
        """Whether a long sample is cut where speech recognition finds a pause (`enable_crop_by_asr`). Not
        with the form upload. A change trains the voice again. Default: the vendor's."""
        return self._output("enableCropByAsr")

    @property
    def disable_volume_normalization(self) -> pulumi.Output[bool | None]:
        """Whether the sample's volume stays as it is (`disable_volume_normalization`). API V3 only. A
        change trains the voice again. Default: the vendor's (no)."""
        return self._output("disableVolumeNormalization")

    @property
    def upgrade_voice(self) -> pulumi.Output[bool | None]:
        """Whether a voice that was trained through API V1 is upgraded (`upgrade_voice`), so that every
        model can speak with it. API V3 only. What an upgrade costs, the vendor's page does not say; a
        voice that was trained through V3 needs none. Default: no."""
        return self._output("upgradeVoice")

    @property
    def overwrite_existing(self) -> pulumi.Output[bool | None]:
        """Whether a slot that already holds a trained voice may be trained over when this resource is
        created. The voice in it is lost. Default: no."""
        return self._output("overwriteExisting")

    @property
    def cluster(self) -> pulumi.Output[str | None]:
        """What a synthesis request with this voice gives as `app.cluster` on the per-character plan:
        `volcano_icl`, for every model. On the concurrency plan it is `volcano_icl_concurr`; which plan an
        account has, the vendor's API does not report."""
        return self._output("cluster")

    @property
    def instance_no(self) -> pulumi.Output[str | None]:
        """The slot's order (`InstanceNO`). Told by the console API only."""
        return self._output("instanceNo")

    @property
    def alias(self) -> pulumi.Output[str | None]:
        """The name that the slot has in the vendor's console, where alone it can be changed. Told by the
        console API only."""
        return self._output("alias")

    @property
    def expires_at(self) -> pulumi.Output[str | None]:
        """When the slot's term ends. RFC 3339, UTC. Told by the console API only."""
        return self._output("expiresAt")

    @property
    def resource_id(self) -> pulumi.Output[str | None]:
        """The `Resource-Id` that goes with the voice, as the console API reports it."""
        return self._output("resourceId")
