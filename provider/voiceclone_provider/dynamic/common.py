"""The outputs that every vendor's `Voice` has, and the values that inputs of several vendors take.

Made by `make schema` from the same models as `schema.json`: not to be edited.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

import pulumi

__all__ = ["AudioFormat", "DeletionPolicy", "VoiceOutputs"]


class AudioFormat(StrEnum):
    """The container of a sample."""

    WAV = "wav"
    MP3 = "mp3"
    OGG = "ogg"
    M4A = "m4a"
    AAC = "aac"
    PCM = "pcm"


class DeletionPolicy(StrEnum):
    """What a deletion does where the vendor has no delete call, or refuses it."""

    DELETE = "delete"
    RETAIN = "retain"
    FAIL = "fail"


class VoiceOutputs:
    """What the voices of all vendors show."""

    def _output(self, name: str) -> pulumi.Output[Any]:
        output: pulumi.Output[Any] = self.__dict__[name]
        return output

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
    def changed_at(self) -> pulumi.Output[str | None]:
        """When the last training was seen to be over: RFC 3339, UTC. Just after it, what a vendor shows
        may be out of date."""
        return self._output("changedAt")

    @property
    def credentials(self) -> pulumi.Output[Sequence[Any] | None]:
        """Salted hashes of the credentials that the voice was created, trained or imported with. A voice
        that other credentials do not show may be another account's: it is not taken for deleted."""
        return self._output("credentials")

    @property
    def drift(self) -> pulumi.Output[Sequence[Any] | None]:
        """The outputs in which a refresh found the voice changed by somebody else, where no `pulumi up`
        can change it back: `status` (it was locked), `name` (where only a training renames). The next
        `pulumi up` reports it, and keeps the voice as it is."""
        return self._output("drift")
