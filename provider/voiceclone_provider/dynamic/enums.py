"""The values that inputs of several vendors take.

Made by `make schema` from the same models as `schema.json`: not to be edited.
"""

from __future__ import annotations

from enum import StrEnum

__all__ = ["AudioFormat", "DeletionPolicy"]


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
