"""The property values that are neither text, number, boolean, list nor map.

Faces translate Pulumi's wire or Python objects into these; the core knows no other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, TypeGuard


class Unknown(Enum):
    """A value that is not known until other resources have been made (only at preview)."""

    UNKNOWN = "unknown"

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown.UNKNOWN


@dataclass(frozen=True)
class Asset:
    """A Pulumi asset: exactly one of `path`, `uri`, `text` says where the content is.

    Diff sees assets without it; `hash` (SHA-256 of the content, hex) is always there.
    """

    hash: str = ""
    path: str | None = None
    uri: str | None = None
    text: str | None = None


@dataclass(frozen=True)
class Archive:
    """A Pulumi archive: no vendor takes one, so it is always an error."""

    hash: str = ""


def is_unknown(value: object) -> TypeGuard[Unknown]:
    """Whether the value itself is unknown."""
    return value is UNKNOWN


def contains_unknown(value: object) -> bool:
    """Whether the value is unknown, or holds something that is."""
    if isinstance(value, Mapping):
        return any(contains_unknown(item) for item in value.values())
    if isinstance(value, list | tuple):
        return any(contains_unknown(item) for item in value)
    return is_unknown(value)


Properties = dict[str, Any]
"""Inputs or outputs by their Pulumi names; values are JSON values, `Asset`, `Archive` or `UNKNOWN`."""
