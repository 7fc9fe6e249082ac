"""The state of a voice: what the stack's outputs say of it. Parsed once, and written once, by the lifecycle.

The rules: expiring URLs and counters change only with a training, so that a refresh of an unchanged voice is
silent; `trained_on` is ours only when the vendor's counter says that nobody else trained since.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Self

from ..core.errors import VoiceError
from ..core.times import rfc3339, unix
from ..core.values import UNKNOWN, Properties
from ..vendors.base import Observation, Status, Vendor
from ..vendors.models import VoiceOutputs
from .fingerprint import EXTERNAL
from .pending import Pending, Phase, phase

_CREDENTIALS_KEPT = 8
_WITH_TRAINING = ("previewUrl", "availableTrainings", "updatedAt")


@dataclass(frozen=True)
class VoiceState:
    """A voice as the stack knows it. `None` says that the stack does not know.

    Arguments:
        status: as it was last seen, but `TRAINING` while an accepted training of ours is pending.
        account: the account that the voice lives in.
        ownership_id: distinguishes this entry of a state from others that have the same voice.
        trained_on: fingerprint of what it was trained on; `EXTERNAL` where somebody else trained it; `None`
            where it was imported.
        trained_version: the vendor's counter or timestamp of that training.
        failed_on: fingerprint of what the vendor refused to train.
        last_error: why, in the vendor's words.
        pending: the training that was sent and has not ended.
        changed_at: when the last training of ours was seen to be over (RFC 3339).
        credentials: hashes of the credentials that the voice was reached with, the latest last.
        drift: the outputs that somebody else changed and no training of ours changes back; kept until an
            update has reported them, because a refresh could not show them otherwise.
        shown: all other outputs, by their Pulumi names: the inputs, and what the vendor shows.
    """

    status: Status | None = None
    account: str | None = None
    ownership_id: str | None = None
    trained_on: str | None = None
    trained_version: str | None = None
    failed_on: str | None = None
    last_error: str | None = None
    pending: Pending | None = field(default=None, metadata={"field": "pending_training"})
    changed_at: str | None = None
    credentials: tuple[str, ...] = ()
    drift: tuple[str, ...] = ()
    shown: Mapping[str, Any] = field(default_factory=dict)

    # -- parsing and writing -------------------------------------------------------------------------------

    @classmethod
    def parse(cls, outputs: Properties) -> Self:
        """The outputs of a state, which may have been edited by hand: what is not understood is not known."""
        texts = {
            name: value
            for name, key in _KEYS.items()
            if isinstance(value := outputs.get(key), str)
            and value
            and name not in ("status", "pending", "credentials", "drift")
        }
        return cls(
            **texts,
            status=_status(outputs.get("status")),
            pending=Pending.parse(outputs.get("pendingTraining")),
            credentials=_texts(outputs.get("credentials")),
            drift=_texts(outputs.get("drift")),
            shown={key: value for key, value in outputs.items() if key not in _KEYS.values()},
        )

    def outputs(self) -> Properties:
        """The outputs as Pulumi keeps them."""
        written = dict(self.shown)
        for item in fields(self):
            key, value = _KEYS.get(item.name), getattr(self, item.name)
            if key is None or value in (None, ()):
                continue
            if isinstance(value, Pending):
                written[key] = value.to_json()
            else:
                written[key] = list(value) if isinstance(value, tuple) else str(value)
        return written

    # -- what it says --------------------------------------------------------------------------------------

    @property
    def usable(self) -> bool:
        """Whether the voice can be used, as far as is known."""
        return self.status is None or self.status.usable

    @property
    def known_training(self) -> str | None:
        """What the voice was, or is being, trained on; `None` for an imported voice."""
        if self.pending is not None and self.pending.accepted:
            return self.pending.fingerprint
        return self.trained_on or self.failed_on

    def resumed(self, now: float) -> VoiceState:
        """The state as a later run sees it."""
        return replace(self, pending=self.pending and self.pending.resumed(now))

    def changed_lately(self, now: float, seconds: float) -> bool:
        """Whether a training was sent, or was over, within these seconds. A time far from now, in the past
        or, by another machine's clock, in the future, says nothing."""
        at = self.pending.latest if self.pending is not None else unix(self.changed_at)
        return at is not None and abs(now - at) < seconds

    def seconds_left(self, now: float) -> float | None:
        """Until the term ends that a bought voice has; `None` where there is none."""
        told = self.shown.get("expiresAt")
        ends = unix(told) if isinstance(told, str) else None
        return None if ends is None else ends - now

    @property
    def name(self) -> str | None:
        name = self.shown.get("name")
        return name if isinstance(name, str) else None

    def drift_reports(self, *, trains: bool) -> list[str]:
        """What to say of `drift`, one sentence each. A training to come changes the name back."""
        words = {
            "status": "the voice was locked at the vendor: it works as before, but cannot be trained again",
            "name": f"the voice was renamed to {self.name!r} at the vendor; the name stays, because only a "
            "training would change it back",
        }
        stays = [name for name in self.drift if not (trains and name == "name")]
        return [words[name] for name in stays if name in words]

    # -- transitions ---------------------------------------------------------------------------------------

    def observed(
        self, vendor: Vendor[Any], seen: Observation, inputs: Properties, at: float
    ) -> tuple[VoiceState, Phase | None]:
        """The voice as it is seen, with every training accounted for, and what became of the pending one.

        A training that ended after our time-out is ours; anything beyond it is somebody else's.
        """
        if self.pending is None:
            return self._observed_idle(vendor, seen, inputs), None
        pending = self.pending.after(seen)
        result = phase(type(vendor), pending, seen, at)
        ended = result in (Phase.READY, Phase.FAILED, Phase.FOREIGN)
        state = replace(self._shown(vendor, seen, inputs, anew=ended), pending=pending)
        if result is Phase.READY:
            return state._succeeded(pending, seen, at), result
        if result is Phase.FAILED:
            return state._failed(pending, seen, at), result
        if result is Phase.FOREIGN:
            return state._overtaken(seen), result
        return replace(state, status=Status.TRAINING) if pending.accepted else state, result

    def sending(self, pending: Pending) -> VoiceState:
        """A training is about to be sent."""
        return replace(self, pending=pending)

    def accepted(self, pending: Pending) -> VoiceState:
        """The vendor took the training."""
        return replace(self, pending=pending, status=Status.TRAINING)

    def not_sent(self) -> VoiceState:
        """The vendor did not take the training."""
        return replace(self, pending=None)

    def refused(self, fingerprint: str, error: VoiceError) -> VoiceState:
        """The vendor refused this sample."""
        return replace(self, failed_on=fingerprint, last_error=with_code(error.message, error.code))

    def unconfirmed(self) -> VoiceState:
        """Nothing shows that the pending training began, and this run fails for it."""
        return replace(self, pending=self.pending and replace(self.pending, unconfirmed=True))

    def without_effect(self, seen: Observation, *, certain: bool) -> VoiceState:
        """The pending training is given up: it did not happen or, where that is not `certain`, the voice may
        be on anything."""
        state = replace(self, pending=None, status=seen.status)
        return state if certain else replace(state, trained_on=EXTERNAL, trained_version=None)

    def with_drift(self, vendor: Vendor[Any], inputs: Properties, before: VoiceState) -> VoiceState:
        """The same, with what a refresh finds changed since `before`."""
        found = set(before.drift)
        for name, was, is_now, stays in (
            ("status", before.status, self.status, self.status is Status.LOCKED),
            (
                "name",
                before.name,
                self.name,
                vendor.facts.rename == "training" and self.name != inputs.get("name"),
            ),
        ):
            if not stays:
                found.discard(name)
            elif was is not None and was != is_now:
                found.add(name)
        return replace(self, drift=tuple(sorted(found)))

    def reached_with(self, credential: str) -> VoiceState:
        """The vendor was asked to change the voice with this credential."""
        others = tuple(item for item in self.credentials if item != credential)
        return replace(self, credentials=(*others, credential)[-_CREDENTIALS_KEPT:]) if credential else self

    def renamed(self, name: str) -> VoiceState:
        return replace(self, shown={**self.shown, "name": name})

    # -- how -----------------------------------------------------------------------------------------------

    def _observed_idle(self, vendor: Vendor[Any], seen: Observation, inputs: Properties) -> VoiceState:
        since = self.trained_version
        trained = since is not None and vendor.trained_since(since, seen.version)
        ended = self.status is Status.TRAINING or (
            self.status is Status.FAILED and seen.status is Status.READY
        )
        if self.trained_on and ended and (since is None or not seen.version):
            trained = True  # nobody counts here, but a training that was not ours has ended
        foreign = trained and seen.status is not Status.TRAINING
        recovered = seen.status.usable and not self.usable
        state = self._shown(vendor, seen, inputs, anew=foreign or recovered)
        if foreign:
            state = state._overtaken(seen)
        elif seen.version and seen.status.usable and self._is_not_comparable(vendor, seen):
            # Somebody else's later training must be noticed.
            state = replace(state, trained_version=seen.version)
        return replace(state, last_error=None) if seen.status.usable else state

    def _is_not_comparable(self, vendor: Vendor[Any], seen: Observation) -> bool:
        """Whether the voice was imported, or is read in another way than when it was trained."""
        if self.trained_version is None:
            return self.known_training is None
        return vendor.trainings_between(self.trained_version, seen.version) is None

    def _shown(self, vendor: Vendor[Any], seen: Observation, inputs: Properties, *, anew: bool) -> VoiceState:
        """With `anew`, what comes and goes with a training is taken from the observation; otherwise it stays
        as it was, where it was known."""
        shown: Properties = {name: value for name, value in inputs.items() if value is not None}
        fresh: Properties = {
            "previewUrl": seen.preview_url or None,
            "availableTrainings": seen.available_trainings,
            "updatedAt": seen.updated_at,
        }
        kept = dict(self.shown)
        if seen.status is Status.LOCKED:
            kept["availableTrainings"] = None  # whatever was left is lost
        for name in _WITH_TRAINING:
            value = fresh[name] if anew or kept.get(name) is None else kept[name]
            if value is not None:
                shown[name] = value
        shown.update({name: value for name, value in seen.extras.items() if value is not None})
        shown["voiceId"] = seen.extras.get("voiceId", seen.voice_id)
        created_at = kept.get("createdAt") or seen.created_at  # some vendors move it with every training
        if created_at is not None:
            shown["createdAt"] = created_at
        if seen.name is not None and vendor.facts.name_limit is not None and vendor.facts.rename != "never":
            shown["name"] = seen.name
        return replace(
            self,
            status=seen.status,
            account=vendor.account,
            last_error=with_code(seen.error, seen.error_code) if seen.error else self.last_error,
            drift=(),
            shown=shown,
        )

    def _succeeded(self, pending: Pending, seen: Observation, at: float) -> VoiceState:
        return replace(
            self,
            pending=None,
            failed_on=None,
            last_error=None,
            trained_on=pending.fingerprint,
            trained_version=seen.version or None,
            changed_at=rfc3339(at),
        )

    def _overtaken(self, seen: Observation) -> VoiceState:
        """Somebody else trained the voice."""
        return replace(
            self,
            pending=None,
            failed_on=None,
            last_error=None if seen.status.usable else self.last_error,
            trained_on=EXTERNAL,
            trained_version=seen.version or None,
        )

    def _failed(self, pending: Pending, seen: Observation, at: float) -> VoiceState:
        return replace(
            self,
            pending=None,
            failed_on=pending.fingerprint,
            last_error=with_code(seen.error, seen.error_code),
            trained_version=seen.version or self.trained_version,
            changed_at=rfc3339(at),
        )


_KEYS = {
    item.name: str(VoiceOutputs.model_fields[item.metadata.get("field", item.name)].alias)
    for item in fields(VoiceState)
    if item.name != "shown"
}
"""Of each field, the output that `VoiceOutputs` declares for it."""


def with_code(message: str, code: str) -> str:
    """A vendor's words and its code, as `lastError` keeps them."""
    words = message or "the vendor gives no reason"
    return f"{words} (code {code})" if code and code not in words else words


def planned(vendor: type[Vendor[Any]], inputs: Properties, before: VoiceState | None) -> Properties:
    """The outputs that a preview can promise; the others are unknown until the training is over."""
    changing = {
        "status",
        "trainedOn",
        "trainedVersion",
        "changedAt",
        *_WITH_TRAINING,
        "lastError",
        "failedOn",
    }
    if before is None:
        changing = {field.alias or name for name, field in vendor.Outputs.model_fields.items()}
        kept: Properties = {}
    else:
        kept = before.outputs()
    for name in ("pendingTraining", "drift"):
        kept.pop(name, None)
        changing.discard(name)
    return {**kept, **dict.fromkeys(changing, UNKNOWN), **{k: v for k, v in inputs.items() if v is not None}}


def _texts(value: object) -> tuple[str, ...]:
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def _status(value: object) -> Status | None:
    """An unknown one is not usable: an update looks at the voice."""
    if not isinstance(value, str):
        return None
    try:
        return Status(value)
    except ValueError:
        return Status.PENDING
