"""What the two versions of the voice API both do (`voice_v1`, `voice_v3`)."""

from __future__ import annotations

from typing import Protocol

from ..base import Observation, Order
from .console import Console
from .models import VolcengineModelType


class Voices(Protocol):
    """The voices that the configured credentials reach."""

    def train(self, voice_id: str, order: Order) -> None:
        """Send the order's sample."""

    def status(self, voice_id: str, *, prove: bool = False) -> Observation:
        """What the voice API shows of a voice. Raises `NotFoundError` where it has none of that ID; with
        `prove`, only where the answer leaves no doubt."""

    def upgrade(self, voice_id: str) -> bool:
        """Make the voice usable with every model. Returns whether a call was needed."""

    def before_training(self, voice_id: str) -> Observation | None:
        """A voice that the program names and no read shows; `None` where there can be none."""

    def slots_for(self, console: Console, model: VolcengineModelType) -> list[Observation]:
        """The slots that a training for the model may use, and those that are in use."""

    def listed(self, slots: list[Observation]) -> list[Observation]:
        """The console's slots, as far as this version knows their voices' models."""
