"""Cloned voices at Kling.

Made by `make schema` from the same models as `schema.json`: not to be edited.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pulumi

from .base import BaseVoice
from .common import DeletionPolicy

__all__ = ["DeletionPolicy", "Voice"]


class Voice(BaseVoice, vendor="kling"):
    """A cloned voice at Kling. Kling cannot train a voice again: a changed sample replaces the voice.
    Deleted with the resource. A training usually takes about 10 s."""

    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        retrain_triggers: pulumi.Input[Sequence[Any]] | None = None,
        deletion_policy: pulumi.Input[str | DeletionPolicy] | None = None,
        audio_url: pulumi.Input[str] | None = None,
        video_id: pulumi.Input[str] | None = None,
        name: pulumi.Input[str] | None = None,
        callback_url: pulumi.Input[str] | None = None,
        external_task_id: pulumi.Input[str] | None = None,
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
            audio_url: Where the vendor fetches the sample from: 5 to 30 seconds, clean, exactly one
                human voice. Exactly one of `audio_url` and `video_id` is needed. Signature parameters in the
                query do not count as a change. A change replaces the voice. An http(s) URL whose path ends
                in .mp3, .wav, .mp4, .mov.
            video_id: A video of the account to take the voice from: made by a V2.6 model with sound on,
                or by the avatar or the lip-sync API. Exactly one of `audio_url` and `video_id` is needed. A
                change replaces the voice.
            name: The voice's name at the vendor (`voice_name`). A change replaces the voice. Default:
                the resource's name with a hash. At most 20 characters, whatever the script.
            callback_url: Where the vendor announces the result. Only used when the voice is made; a
                change calls nobody. An http(s) URL.
            external_task_id: Your own ID for the task that makes the voice; the vendor wants it to be
                unique in the account, so a voice that is to be replaced needs another. A change replaces the
                voice. Default: an ID of the provider's, by which it finds a voice again whose creation was
                interrupted.
        """
        inputs: dict[str, Any] = {
            "retrainTriggers": retrain_triggers,
            "deletionPolicy": deletion_policy,
            "audioUrl": audio_url,
            "videoId": video_id,
            "name": name,
            "callbackUrl": callback_url,
            "externalTaskId": external_task_id,
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
            "taskId",
            "ownedBy",
            "unitsCharged",
        )
        self._declare(resource_name, opts, inputs, outputs)

    @property
    def audio_url(self) -> pulumi.Output[str | None]:
        """Where the vendor fetches the sample from: 5 to 30 seconds, clean, exactly one human voice.
        Exactly one of `audio_url` and `video_id` is needed. Signature parameters in the query do not
        count as a change. A change replaces the voice. An http(s) URL whose path ends in .mp3, .wav,
        .mp4, .mov."""
        return self._output("audioUrl")

    @property
    def video_id(self) -> pulumi.Output[str | None]:
        """A video of the account to take the voice from: made by a V2.6 model with sound on, or by the
        avatar or the lip-sync API. Exactly one of `audio_url` and `video_id` is needed. A change replaces
        the voice."""
        return self._output("videoId")

    @property
    def name(self) -> pulumi.Output[str]:
        """The voice's name at the vendor (`voice_name`). A change replaces the voice. Default: the
        resource's name with a hash. At most 20 characters, whatever the script."""
        return self._output("name")

    @property
    def callback_url(self) -> pulumi.Output[str | None]:
        """Where the vendor announces the result. Only used when the voice is made; a change calls nobody.
        An http(s) URL."""
        return self._output("callbackUrl")

    @property
    def external_task_id(self) -> pulumi.Output[str | None]:
        """Your own ID for the task that makes the voice; the vendor wants it to be unique in the account,
        so a voice that is to be replaced needs another. A change replaces the voice. Default: an ID of
        the provider's, by which it finds a voice again whose creation was interrupted."""
        return self._output("externalTaskId")

    @property
    def task_id(self) -> pulumi.Output[str]:
        """The task that made the voice: the resource's ID."""
        return self._output("taskId")

    @property
    def owned_by(self) -> pulumi.Output[str | None]:
        """The ID of the voice's creator, or `kling` for the vendor's own voices."""
        return self._output("ownedBy")

    @property
    def units_charged(self) -> pulumi.Output[str | None]:
        """The units that making the voice took from the account (`final_unit_deduction`)."""
        return self._output("unitsCharged")
