"""The recording that the program declares for a voice."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ...core import content
from ...core.errors import VoiceError
from ...core.redaction import SHOWN
from ..stacks import Voice
from . import words
from .folder import Folder
from .sounds import Sound, fetched, kept
from .words import Words

Found = tuple[Sound | Words, Words | None]


class Samples:
    """Finds samples and keeps them for the page.

    Arguments:
        fetch: whether samples at URLs are fetched. They are of the programs' choice, so the user decides.
    """

    def __init__(self, folder: Folder, *, fetch: bool) -> None:
        self._folder = folder
        self._fetch = fetch

    def of(self, voice: Voice, places: Sequence[Path]) -> Found:
        """The sample or why it cannot be heard, and what to know of it. Paths begin at one of `places`."""
        inputs = voice.inputs
        if any(SHOWN in str(inputs.get(name, "")) for name in ("audio", "audioUrl", "videoId")):
            return words.SECRET_SAMPLE, None
        audio = inputs.get("audio")
        if isinstance(audio, dict):
            return self._asset(audio, places, inputs.get("audioFormat")), None
        if isinstance(url := inputs.get("audioUrl"), str):
            sound = self._remote(url, None)
            return sound, words.SAMPLE_UNCHECKED if isinstance(sound, Sound) else None
        if isinstance(name := inputs.get("videoId"), str):
            return words.video(name), None
        return words.NO_SAMPLE, None

    def _asset(self, audio: dict[str, Any], places: Sequence[Path], audio_format: Any) -> Sound | Words:
        expected = audio.get("hash")
        if not isinstance(expected, str):
            return words.SAMPLE_WITHOUT_FILE
        if isinstance(uri := audio.get("uri"), str):
            return self._remote(uri, expected)
        if not isinstance(path := audio.get("path"), str):
            return words.SAMPLE_WITHOUT_FILE
        found = False
        for place in places:
            try:
                data = content.read(str(place / path))
            except VoiceError:
                continue
            if _sha256(data) == expected:  # only then: a state's path may lead to any file of this machine
                return kept(self._folder, data, audio_format)
            found = True
        return words.SAMPLE_CHANGED if found else words.SAMPLE_NOT_HERE

    def _remote(self, url: str, expected: str | None) -> Sound | Words:
        if not self._fetch:
            return words.SAMPLE_NOT_FETCHED
        data = fetched(url)
        if isinstance(data, Words):
            return data
        if expected is not None and len(data) <= content.MAX_BYTES and _sha256(data) != expected:
            return words.SAMPLE_CHANGED
        return kept(self._folder, data)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
