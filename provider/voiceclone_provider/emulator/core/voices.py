"""A voice and its trainings. Every question takes a moment, so that reads can lag behind writes."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(slots=True)
class Training:
    started_at: float
    finishes_at: float | None
    """Nothing: never."""
    result: str | None
    """`success` or `failed`; nothing while the sample is still being fetched."""
    code: int | str | None = None
    message: str = ""
    audio_sha256: str | None = None
    audio_url: str | None = None
    by: str = "api"
    details: dict[str, Any] = field(default_factory=dict)

    def over(self, at: float) -> bool:
        return self.result is not None and self.finishes_at is not None and self.finishes_at <= at

    def succeeded(self, at: float) -> bool:
        return self.over(at) and self.result == "success"

    def failed(self, at: float) -> bool:
        return self.over(at) and self.result == "failed"


@dataclass(slots=True)
class Voice:
    vendor: str
    id: str
    created_at: float
    names: list[tuple[float, str]] = field(default_factory=list)
    trainings: list[Training] = field(default_factory=list)
    deleted_at: float | None = None
    locked_at: float | None = None
    expires_at: float | None = None
    budget: int | None = None
    """How many trainings the voice has left, where somebody set that by hand."""
    extra: dict[str, Any] = field(default_factory=dict)

    def exists(self, at: float) -> bool:
        return self.created_at <= at and not self.deleted(at)

    def deleted(self, at: float) -> bool:
        return self.deleted_at is not None and self.deleted_at <= at

    def locked(self, at: float) -> bool:
        return self.locked_at is not None and self.locked_at <= at

    def expired(self, at: float) -> bool:
        return self.expires_at is not None and self.expires_at <= at

    def name(self, at: float) -> str:
        known = [name for since, name in self.names if since <= at]
        return known[-1] if known else (self.names[0][1] if self.names else "")

    def rename(self, at: float, name: str) -> None:
        self.names.append((at, name))

    def begun(self, at: float) -> list[Training]:
        return [training for training in self.trainings if training.started_at <= at]

    def latest(self, at: float) -> Training | None:
        begun = self.begun(at)
        return begun[-1] if begun else None

    def training(self, at: float) -> bool:
        latest = self.latest(at)
        return latest is not None and not latest.over(at)

    def successes(self, at: float) -> list[Training]:
        return [training for training in self.trainings if training.succeeded(at)]

    def finished(self, at: float) -> list[Training]:
        return [training for training in self.trainings if training.over(at)]

    def left(self, at: float, allowed: int) -> int:
        """Trainings left; a training counts from the moment it was accepted."""
        if self.budget is not None:
            since = self.extra.get("budget_since", 0.0)
            spent = sum(1 for training in self.begun(at) if training.started_at > since)
            return max(0, self.budget - spent)
        return max(0, allowed - len(self.begun(at)))

    def status(self, at: float) -> str:
        """The state in the words of the control API."""
        latest = self.latest(at)
        if self.deleted(at):
            return "deleted"
        if self.expired(at):
            return "expired"
        if self.locked(at):
            return "locked"
        if latest is None:
            return "pending"
        if not latest.over(at):
            return "training"
        return "ready" if latest.result == "success" else "failed"

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(doc: dict[str, Any]) -> Voice:
        doc = dict(doc)
        doc["names"] = [(since, name) for since, name in doc["names"]]
        doc["trainings"] = [Training(**training) for training in doc["trainings"]]
        return Voice(**doc)
