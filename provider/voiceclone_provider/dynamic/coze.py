"""Cloned voices at Coze.

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

__all__ = ["AudioFormat", "DeletionPolicy", "Language", "Voice"]


class Language(StrEnum):
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


class Voice(BaseVoice, vendor="coze"):
    """A cloned voice at Coze. A changed sample trains the same voice ID again. Coze has no delete
    endpoint: a deletion takes the voice out of the stack only. A training usually takes a few seconds to
    1 min."""

    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        retrain_triggers: pulumi.Input[Sequence[Any]] | None = None,
        deletion_policy: pulumi.Input[str | DeletionPolicy] | None = None,
        allow_same_name: pulumi.Input[bool] | None = None,
        audio: pulumi.Input[str | os.PathLike[str] | pulumi.Asset] | None = None,
        audio_format: pulumi.Input[str | AudioFormat] | None = None,
        name: pulumi.Input[str] | None = None,
        language: pulumi.Input[str | Language] | None = None,
        text: pulumi.Input[str] | None = None,
        preview_text: pulumi.Input[str] | None = None,
        description: pulumi.Input[str] | None = None,
        voice_id: pulumi.Input[str] | None = None,
        overwrite_existing: pulumi.Input[bool] | None = None,
        space_id: pulumi.Input[str] | None = None,
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
            allow_same_name: Whether a voice may be made with a `name` that another voice of the account
                has already. Without it, the preview stops there: that voice may be this resource's, made by
                a run that was killed. Automatic names never need it. Default: no.
            audio: The sample (音色复刻素材要求): WAV, MP3, OGG, M4A, AAC, or raw PCM with 24 kHz, mono.
                One speaker in a quiet room; 10 to 30 seconds are advised. A change trains the same voice
                again, which costs one of the trainings that it has left. A file asset or a remote asset, 10
                MB (10 × 1024 × 1024 bytes) at most. A path, which is taken relative to the program's folder,
                will do as well.
            audio_format: The sample's container. Default: what the extension of the file's name says or,
                without one, its content.
            name: The voice's name at the vendor (`voice_name`). The vendor renames a voice only by
                training it, so a change costs a training. Default: the resource's name with a hash. At most
                128 bytes (UTF-8).
            language: The language spoken in the sample. A change trains the voice again. Default: the
                vendor's.
            text: What is said in the sample, roughly word for word: the vendor refuses a sample that
                differs too much from it (1109 WERError). A change trains the voice again. At most 1,024
                bytes (UTF-8).
            preview_text: What the preview of the trained voice says. A change trains the voice again.
                Default: the vendor's sentence in Chinese.
            description: A description of the voice; the vendor takes it but does not show it. A change
                trains the voice again.
            voice_id: A voice to train in place of making a new one: one that was bought and never
                trained (待克隆), as `getVoices` lists it with the status `Pending`. A change replaces the
                voice. Default: the vendor makes a voice.
            overwrite_existing: Whether a voice that is trained already, and named by `voice_id`, may be
                trained over when this resource is created. What it is now is lost. Default: no.
            space_id: The workspace that the voice is made in: the number after `w` in the URL of its
                page. Voices cannot be used in another workspace, so a change replaces the voice. Default:
                the account's personal space.
        """
        inputs: dict[str, Any] = {
            "retrainTriggers": retrain_triggers,
            "deletionPolicy": deletion_policy,
            "allowSameName": allow_same_name,
            "audio": audio,
            "audioFormat": audio_format,
            "name": name,
            "language": language,
            "text": text,
            "previewText": preview_text,
            "description": description,
            "voiceId": voice_id,
            "overwriteExisting": overwrite_existing,
            "spaceId": space_id,
        }
        outputs = (
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
            "modelType",
            "modelName",
            "supportEmotions",
        )
        self._declare(resource_name, opts, inputs, outputs)

    @property
    def allow_same_name(self) -> pulumi.Output[bool | None]:
        """Whether a voice may be made with a `name` that another voice of the account has already.
        Without it, the preview stops there: that voice may be this resource's, made by a run that was
        killed. Automatic names never need it. Default: no."""
        return self._output("allowSameName")

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
    def name(self) -> pulumi.Output[str]:
        """The voice's name at the vendor (`voice_name`). The vendor renames a voice only by training it,
        so a change costs a training. Default: the resource's name with a hash. At most 128 bytes (UTF-8)."""
        return self._output("name")

    @property
    def language(self) -> pulumi.Output[str | None]:
        """The language spoken in the sample. A change trains the voice again. Default: the vendor's."""
        return self._output("language")

    @property
    def text(self) -> pulumi.Output[str | None]:
        """What is said in the sample, roughly word for word: the vendor refuses a sample that differs too
        much from it (1109 WERError). A change trains the voice again. At most 1,024 bytes (UTF-8)."""
        return self._output("text")

    @property
    def preview_text(self) -> pulumi.Output[str | None]:
        """What the preview of the trained voice says. A change trains the voice again. Default: the
        vendor's sentence in Chinese."""
        return self._output("previewText")

    @property
    def description(self) -> pulumi.Output[str | None]:
        """A description of the voice; the vendor takes it but does not show it. A change trains the voice
        again."""
        return self._output("description")

    @property
    def overwrite_existing(self) -> pulumi.Output[bool | None]:
        """Whether a voice that is trained already, and named by `voice_id`, may be trained over when this
        resource is created. What it is now is lost. Default: no."""
        return self._output("overwriteExisting")

    @property
    def space_id(self) -> pulumi.Output[str | None]:
        """The workspace that the voice is made in: the number after `w` in the URL of its page. Voices
        cannot be used in another workspace, so a change replaces the voice. Default: the account's
        personal space."""
        return self._output("spaceId")

    @property
    def model_type(self) -> pulumi.Output[str | None]:
        """The kind of model that the voice runs on, as the vendor reports it: `big` or `small`."""
        return self._output("modelType")

    @property
    def model_name(self) -> pulumi.Output[str | None]:
        """The name of that model, as the vendor shows it."""
        return self._output("modelName")

    @property
    def support_emotions(self) -> pulumi.Output[Sequence[Any] | None]:
        """The emotions that the voice can speak with, by the names that synthesis takes, where the vendor
        reports any (多情感音色)."""
        return self._output("supportEmotions")
