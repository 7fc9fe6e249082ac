"""Cloned voices at Qiniu.

Made by `make schema` from the same models as `schema.json`: not to be edited.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

import pulumi

from .base import BaseVoice
from .enums import DeletionPolicy

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
            audio_url: Where the vendor fetches the sample from: WAV or MP3, clear and without background
                noise; 10 to 60 seconds are advised (音频文件要求). Signature parameters in the query do not
                count as a change. A change trains the same voice again. An http(s) URL.
            name: The voice's name at the vendor; every letter, digit or Chinese character counts as one
                (音色名称限制). A change renames the voice without training it. Default: the resource's name
                with a hash. At most 20 characters, whatever the script.
            language: The language that the voice speaks. The vendor cannot change it later: a change
                replaces the voice.
            tier: The kind of slot that the voice uses. A change replaces the voice. Default: the
                vendor's (`free`).
            model_id: The model to make the voice with; not together with `language` or `tier`, which
                replaced it in the vendor's API. Sent as `QN_ACV` when none of the three is given. A change
                replaces the voice.
        """
        inputs: dict[str, Any] = {
            "retrainTriggers": retrain_triggers,
            "deletionPolicy": deletion_policy,
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
            "drift",
        )
        self._declare(resource_name, opts, inputs, outputs)

    @property
    def retrain_triggers(self) -> pulumi.Output[Sequence[Any] | None]:
        """Any values; when one of them changes, the voice is trained again although its sample did not
        change (Kling: replaced). Costs a training."""
        return self._output("retrainTriggers")

    @property
    def deletion_policy(self) -> pulumi.Output[str | None]:
        """What a deletion does. `delete` calls the vendor's delete endpoint; `retain` only forgets the
        voice, with a warning that names what still exists; `fail` deletes where the vendor can, and stops
        where it has no delete endpoint. Default: `delete` where the vendor has a delete endpoint,
        otherwise `retain`."""
        return self._output("deletionPolicy")

    @property
    def audio_url(self) -> pulumi.Output[str | None]:
        """Where the vendor fetches the sample from: WAV or MP3, clear and without background noise; 10 to
        60 seconds are advised (音频文件要求). Signature parameters in the query do not count as a change.
        A change trains the same voice again. An http(s) URL."""
        return self._output("audioUrl")

    @property
    def name(self) -> pulumi.Output[str | None]:
        """The voice's name at the vendor; every letter, digit or Chinese character counts as one
        (音色名称限制). A change renames the voice without training it. Default: the resource's name with
        a hash. At most 20 characters, whatever the script."""
        return self._output("name")

    @property
    def language(self) -> pulumi.Output[str | None]:
        """The language that the voice speaks. The vendor cannot change it later: a change replaces the
        voice."""
        return self._output("language")

    @property
    def tier(self) -> pulumi.Output[str | None]:
        """The kind of slot that the voice uses. A change replaces the voice. Default: the vendor's
        (`free`)."""
        return self._output("tier")

    @property
    def model_id(self) -> pulumi.Output[str | None]:
        """The model to make the voice with; not together with `language` or `tier`, which replaced it in
        the vendor's API. Sent as `QN_ACV` when none of the three is given. A change replaces the voice."""
        return self._output("modelId")

    @property
    def voice_id(self) -> pulumi.Output[str]:
        """The ID that the vendor's synthesis takes."""
        return self._output("voiceId")

    @property
    def status(self) -> pulumi.Output[str]:
        """`Pending`, `Training`, `Ready`, `Failed`, `Locked` (ready, cannot be trained again) or
        `Expired`."""
        return self._output("status")

    @property
    def account(self) -> pulumi.Output[str]:
        """The account that the voice lives in: an application or a base URL."""
        return self._output("account")

    @property
    def last_error(self) -> pulumi.Output[str | None]:
        """Why the last training failed, in the vendor's words."""
        return self._output("lastError")

    @property
    def available_trainings(self) -> pulumi.Output[int | None]:
        """Trainings left, where the vendor reports them."""
        return self._output("availableTrainings")

    @property
    def preview_url(self) -> pulumi.Output[str | None]:
        """A sample of the voice, as it was after its last training. The URL expires."""
        return self._output("previewUrl")

    @property
    def created_at(self) -> pulumi.Output[str | None]:
        """RFC 3339, UTC."""
        return self._output("createdAt")

    @property
    def updated_at(self) -> pulumi.Output[str | None]:
        """RFC 3339, UTC."""
        return self._output("updatedAt")

    @property
    def ownership_id(self) -> pulumi.Output[str | None]:
        """Tells this resource from others that have the same voice. Made anew when the voice is created,
        taken over or imported."""
        return self._output("ownershipId")

    @property
    def trained_on(self) -> pulumi.Output[str | None]:
        """Fingerprint of everything that the last training used. Absent: imported, unknown. `external`:
        somebody else trained the voice."""
        return self._output("trainedOn")

    @property
    def trained_version(self) -> pulumi.Output[str | None]:
        """The vendor's counter or timestamp of that training."""
        return self._output("trainedVersion")

    @property
    def failed_on(self) -> pulumi.Output[str | None]:
        """Fingerprint of what the vendor refused to train; it is not sent again."""
        return self._output("failedOn")

    @property
    def pending_training(self) -> pulumi.Output[Mapping[str, Any] | None]:
        """The training that is running: what it uses, and the version that it started from."""
        return self._output("pendingTraining")

    @property
    def drift(self) -> pulumi.Output[Sequence[Any] | None]:
        """The outputs in which a refresh found the voice changed by somebody else, where no `pulumi up`
        can change it back: `status` (it was locked), `name` (where only a training renames). The next
        `pulumi up` reports it, and keeps the voice as it is."""
        return self._output("drift")
