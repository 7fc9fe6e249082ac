"""Recordings as files of the page: fetched from a URL or taken from a file, checked, and named by a hash."""

from __future__ import annotations

import hashlib
import io
import re
import wave
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from ...core import audio, content
from ...core.errors import VoiceError
from . import words
from .folder import Folder
from .words import Words

SECONDS: Final = 60.0
"""For one recording, from the first byte to the last."""

_TYPES: Final = {
    "wav": "audio/wav",
    "mp3": "audio/mpeg",
    "ogg": "audio/ogg",
    "m4a": "audio/mp4",
    "aac": "audio/aac",
}

_URL: Final = re.compile(r"https?://([^\s/:]+)(?::\d+)?(?:/\S*?)?(?=:?(?:\s|$))")
"""In a message; only the host is kept, because a path may be signed, too."""


@dataclass(frozen=True)
class Sound:
    """A recording of the page.

    Arguments:
        file: relative to the page.
        type: its media type.
        sha256: of the content.
        seconds: its length, where the headers say it.
    """

    file: str
    type: str
    sha256: str
    seconds: float | None


def fetched(url: str) -> bytes | Words:
    """What is at a URL, or why it could not be had. The URL is in neither: it may be signed."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return words.NOT_HTTP
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return words.NOT_HTTP
    try:
        return content.fetch(url, seconds=SECONDS)
    except VoiceError as error:
        told = _URL.sub(r"\1", error.message.removeprefix("cannot fetch "))
        return words.unfetched(told)


def kept(folder: Folder, data: bytes, audio_format: str | None = None) -> Sound | Words:
    """The recording as a file of the page, or why it cannot be one. Raises `OSError`."""
    if len(data) > content.MAX_BYTES:
        return words.TOO_LARGE
    sha256 = hashlib.sha256(data).hexdigest()
    if audio_format == "pcm" and audio.probe_bytes(data, "").container is None:
        data = _with_header(data)
    probe = audio.probe_bytes(data, "")
    kind = _TYPES.get(probe.container or "")
    if kind is None:
        return words.NO_AUDIO
    file = f"audio/{sha256[:32]}.{probe.container}"
    folder.add(file, data)
    return Sound(file, kind, sha256, round(probe.duration, 1) if probe.duration else None)


def _with_header(samples: bytes) -> bytes:
    """Raw PCM, in the only layout that the vendors take, as a WAV file."""
    made = io.BytesIO()
    with wave.open(made, "wb") as out:
        out.setnchannels(audio.PCM_CHANNELS)
        out.setsampwidth(2)
        out.setframerate(audio.PCM_RATE)
        out.writeframes(samples)
    return made.getvalue()
