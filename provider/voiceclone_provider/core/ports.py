"""What passes between a face and the lifecycle: requests' results and the way to talk to the user.

A face owns the translation to Pulumi's wire; the lifecycle owns every decision.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from .values import Properties


class Reporter(Protocol):
    """How one resource's operation talks to the user while it runs. Never raises."""

    def status(self, message: str) -> None:
        """Replace the resource's live status line (`training, usually 1–3 min`). It may be told as often as
        it is known: one that has not changed is shown now and then. The time that passes is no part of it,
        because the engine shows that."""

    def info(self, message: str) -> None:
        """A permanent line."""

    def redact(self, text: str) -> str:
        """The text without the secrets of the resource."""

    def warning(self, message: str) -> None:
        """A permanent warning."""


@dataclass(frozen=True)
class Fault:
    """An input that cannot be right: Pulumi's CheckFailure."""

    property: str
    reason: str


@dataclass(frozen=True)
class Checked:
    """Inputs with defaults filled in, or what is wrong with them."""

    inputs: Properties
    faults: list[Fault]


class Change(Enum):
    """What a differing property means."""

    ADD = "add"
    DELETE = "delete"
    UPDATE = "update"
    ADD_REPLACE = "add-replace"
    DELETE_REPLACE = "delete-replace"
    UPDATE_REPLACE = "update-replace"

    @property
    def replaces(self) -> bool:
        return self.value.endswith("replace")


@dataclass(frozen=True)
class Difference:
    """The answer of diff.

    Arguments:
        changes: by property; empty means that there is nothing to do.
        outputs: those of `changes` that are outputs (`status`), not inputs.
        stables: outputs that keep their value through this update.
    """

    changes: dict[str, Change] = field(default_factory=dict)
    outputs: frozenset[str] = frozenset()
    stables: tuple[str, ...] = ()

    @property
    def replaces(self) -> list[str]:
        return [name for name, change in self.changes.items() if change.replaces]


@dataclass(frozen=True)
class Created:
    """A voice, as create leaves it. At preview `voice_id` is empty and outputs may be UNKNOWN."""

    voice_id: str
    state: Properties


@dataclass(frozen=True)
class Found:
    """A voice, as read finds it. `voice_id` may differ from the one asked for (import by another ID)."""

    voice_id: str
    state: Properties
    inputs: Properties
