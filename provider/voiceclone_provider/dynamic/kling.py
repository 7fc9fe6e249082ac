"""Cloned voices at Kling.

Made by `make schema` from the same models as `schema.json`: not to be edited.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from .base import BaseVoice
from .enums import DeletionPolicy

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
            "drift",
            "taskId",
            "ownedBy",
            "unitsCharged",
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
    def name(self) -> pulumi.Output[str | None]:
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

    @property
    def task_id(self) -> pulumi.Output[str | None]:
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
