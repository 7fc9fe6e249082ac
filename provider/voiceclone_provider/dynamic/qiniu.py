"""Cloned voices at Qiniu.

Made by `make schema` from the same models as `schema.json`: not to be edited.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import pulumi

from .base import BaseVoice
from .common import DeletionPolicy

__all__ = ["DeletionPolicy", "Language", "Model", "Tier", "Voice"]


class Language(StrEnum):
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


class Model(StrEnum):
    """The model that a Qiniu voice is made with."""

    QN_ACV = "QN_ACV"
    """The only one there is."""


class Tier(StrEnum):
    """The kind of slot that a Qiniu voice uses."""

    FREE = "free"
    """Speaks Chinese and English; can be deleted."""
    PRO = "pro"
    """A paid slot: more languages, each training uses up quota, and the vendor refuses to delete it."""


class Voice(BaseVoice, vendor="qiniu"):
    """A cloned voice at Qiniu. A changed sample trains the same voice ID again. Deleted with the
    resource. A training usually takes a few minutes to a quarter of an hour."""

    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        retrain_triggers: pulumi.Input[Sequence[Any]] | None = None,
        deletion_policy: pulumi.Input[str | DeletionPolicy] | None = None,
        allow_same_name: pulumi.Input[bool] | None = None,
        audio_url: pulumi.Input[str] | None = None,
        name: pulumi.Input[str] | None = None,
        language: pulumi.Input[str | Language] | None = None,
        tier: pulumi.Input[str | Tier] | None = None,
        model_id: pulumi.Input[str | Model] | None = None,
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
            audio_url: Where the vendor fetches the sample from: WAV or MP3, clear and without background
                noise; 10 to 60 seconds are advised (音频文件要求). Signature parameters in the query do not
                count as a change. A change trains the same voice again. An http(s) URL.
            name: The voice's name at the vendor; every letter, digit or Chinese character counts as one
                (音色名称限制). A change renames the voice without training it. Default: the resource's name
                with a hash. At most 20 characters, whatever the script.
            language: The language that the voice speaks. The vendor cannot change it later: a change
                replaces the voice. Default: the vendor's (`zh`).
            tier: The kind of slot that the voice uses. A change replaces the voice. Default: the
                vendor's (`free`).
            model_id: The model to make the voice with; not together with `language` or `tier`, which
                replaced it in the vendor's API. Where it is left out, it is sent only after the vendor
                refused a create without it, and no language but `zh` and no tier but `free` was declared. A
                change replaces the voice.
        """
        inputs: dict[str, Any] = {
            "retrainTriggers": retrain_triggers,
            "deletionPolicy": deletion_policy,
            "allowSameName": allow_same_name,
            "audioUrl": audio_url,
            "name": name,
            "language": language,
            "tier": tier,
            "modelId": model_id,
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
        )
        self._declare(resource_name, opts, inputs, outputs)

    @property
    def allow_same_name(self) -> pulumi.Output[bool | None]:
        """Whether a voice may be made with a `name` that another voice of the account has already.
        Without it, the preview stops there: that voice may be this resource's, made by a run that was
        killed. Automatic names never need it. Default: no."""
        return self._output("allowSameName")

    @property
    def audio_url(self) -> pulumi.Output[str | None]:
        """Where the vendor fetches the sample from: WAV or MP3, clear and without background noise; 10 to
        60 seconds are advised (音频文件要求). Signature parameters in the query do not count as a change.
        A change trains the same voice again. An http(s) URL."""
        return self._output("audioUrl")

    @property
    def name(self) -> pulumi.Output[str]:
        """The voice's name at the vendor; every letter, digit or Chinese character counts as one
        (音色名称限制). A change renames the voice without training it. Default: the resource's name with
        a hash. At most 20 characters, whatever the script."""
        return self._output("name")

    @property
    def language(self) -> pulumi.Output[str | None]:
        """The language that the voice speaks. The vendor cannot change it later: a change replaces the
        voice. Default: the vendor's (`zh`)."""
        return self._output("language")

    @property
    def tier(self) -> pulumi.Output[str | None]:
        """The kind of slot that the voice uses. A change replaces the voice. Default: the vendor's
        (`free`)."""
        return self._output("tier")

    @property
    def model_id(self) -> pulumi.Output[str | None]:
        """The model to make the voice with; not together with `language` or `tier`, which replaced it in
        the vendor's API. Where it is left out, it is sent only after the vendor refused a create without
        it, and no language but `zh` and no tier but `free` was declared. A change replaces the voice."""
        return self._output("modelId")
