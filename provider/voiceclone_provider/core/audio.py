"""What is inside a sample: container, size, duration, channels, sample rate.

Faults are what every vendor here refuses; what a vendor only advises is said in its own module. Nothing
here is called by diff.
"""

from __future__ import annotations

import functools
import io
import os
import threading
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from . import content
from .content import MAX_BYTES
from .errors import PermanentError
from .values import Asset

FORMATS = ("wav", "mp3", "ogg", "m4a", "aac", "pcm")
PCM_RATE = 24_000
PCM_CHANNELS = 1

_MOST_READS = 250_000
"""Reads of one sample's headers. Ten minutes of speech in the smallest packets take fewer; a file that keeps
the parser busy on purpose would take millions."""


@dataclass(frozen=True)
class Sample:
    """A sample's content and its container."""

    data: bytes
    format: str
    filename: str


@dataclass(frozen=True)
class Probe:
    """What a sample's first bytes and headers say.

    Arguments:
        size: bytes.
        container: by its content; `None` when it is none we know (raw PCM has no header).
        extension: of the file's name, lower case, without the dot.
        duration: seconds; `None` when the headers do not say.
    """

    size: int
    container: str | None
    extension: str
    duration: float | None = None
    channels: int | None = None
    sample_rate: int | None = None


def probe_file(path: str) -> Probe:
    """Probe a local file; raises `PermanentError` when it cannot be read."""
    try:
        stat = os.stat(path)
        return _probe_path(path, stat.st_size, stat.st_mtime_ns)
    except ValueError:
        raise PermanentError(f"cannot read {path!r}: no file can have this name") from None
    except OSError as error:
        if "://" in path:
            raise PermanentError(f"cannot read {path} as a file: a URL is given as a remote asset") from None
        raise PermanentError(f"cannot read {path}: {(error.strerror or 'error').lower()}") from None


@functools.lru_cache(maxsize=512)
def _probe_path(path: str, size: int, _mtime_ns: int) -> Probe:
    if size > MAX_BYTES:
        return Probe(size, None, _extension(path))
    return probe_bytes(content.read(path), path)


def probe_bytes(data: bytes, name: str) -> Probe:
    """Probe content; `name` (a path or the path of a URL) gives the extension."""
    container = _container(data)
    probe = Probe(len(data), container, _extension(name))
    if container in (None, "aac"):  # headers without a duration
        return probe
    from tinytag import TinyTag

    try:
        tag = TinyTag.get(f"sample.{container}", file_obj=_Headers(data), tags=False)
    except Exception:  # whatever a damaged header does to the parser, the vendor is the judge of it
        return probe
    return Probe(len(data), container, probe.extension, tag.duration or None, tag.channels, tag.samplerate)


class _Headers(io.BytesIO):
    """A sample's content for the parser. Raises `ValueError` at the read after `_MOST_READS`."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self._left = _MOST_READS

    def read(self, size: int | None = -1, /) -> bytes:
        if self._left == 0:
            raise ValueError("too many reads")
        self._left -= 1
        return super().read(size)


def _extension(name: str) -> str:
    return PurePosixPath(name).suffix.lower().lstrip(".")


def _container(data: bytes) -> str | None:
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return "wav"
    if data[:4] == b"OggS":
        return "ogg"
    if data[4:8] == b"ftyp":
        return "m4a"
    if data[:3] == b"ID3" and len(data) > 10:
        size = sum((byte & 0x7F) << shift for byte, shift in zip(data[6:10], (21, 14, 7, 0), strict=True))
        return "aac" if _mpeg(data[10 + size : 14 + size]) == "aac" else "mp3"
    return _mpeg(data[:4])


def _mpeg(header: bytes) -> str | None:
    """What an MPEG frame's header says. Layer I is left out: nobody stores it, and raw PCM that begins
    with a sample of -1 looks like it."""
    if len(header) < 4 or header[0] != 0xFF:
        return None
    if header[1] & 0xF6 == 0xF0:
        return "aac"
    version, layer = header[1] & 0x18, header[1] & 0x06
    bit_rate, sample_rate = header[2] & 0xF0, header[2] & 0x0C
    if header[1] & 0xE0 != 0xE0 or version == 0x08 or layer not in (0x02, 0x04):
        return None
    return None if bit_rate == 0xF0 or sample_rate == 0x0C else "mp3"


def declared_format(probe: Probe, audio_format: str | None) -> str | None:
    """The format to send: the declared one or, without it, the file's extension or content."""
    if audio_format:
        return audio_format
    if probe.extension in FORMATS:
        return probe.extension
    return probe.container


def faults(probe: Probe, audio_format: str | None) -> list[str]:
    """Why every vendor that takes a file would refuse this one."""
    if probe.size == 0:
        return ["is an empty file; a recording of 10 to 30 seconds is needed"]
    if probe.size > MAX_BYTES:
        return [
            f"is {probe.size:,} bytes, the limit is {MAX_BYTES:,} bytes (10 MB); "
            "shorten the recording or store it as mp3"
        ]
    expected = declared_format(probe, audio_format)
    source = "audioFormat" if audio_format else f"the extension .{probe.extension}"
    if expected is None:
        extension = f"the extension .{probe.extension}" if probe.extension else "no extension"
        return [
            f"has {extension} and no content that is known; "
            f"the containers allowed are {', '.join(FORMATS)}; set audioFormat if it is one of them"
        ]
    if expected == "pcm":
        return _pcm_faults(probe)
    if probe.container != expected:
        found = f"a {probe.container} file" if probe.container else "no audio file that is known"
        return [f"is {found}, but {source} says {expected}; the container must be the one declared"]
    return []


def _pcm_faults(probe: Probe) -> list[str]:
    if probe.container is None:
        return ["is no whole number of 16-bit samples, so it is not raw PCM"] if probe.size % 2 else []
    found: list[str] = []
    if probe.channels not in (None, PCM_CHANNELS):
        found.append(f"has {probe.channels} channels; PCM must be mono ({PCM_CHANNELS} channel)")
    if probe.sample_rate not in (None, PCM_RATE):
        found.append(f"has a sample rate of {probe.sample_rate:,} Hz; PCM must be {PCM_RATE:,} Hz")
    found.append(
        f"is a {probe.container} file, but pcm means raw samples without a header; "
        f"set audioFormat to {probe.container} or convert it"
    )
    return found


def length_advice(probe: Probe, shortest: float, longest: float) -> list[str]:
    """What to say of a sample that is shorter or longer than a vendor advises (seconds)."""
    if probe.duration is None or shortest <= probe.duration <= longest:
        return []
    word = "short" if probe.duration < shortest else "long"
    return [
        f"the sample is {probe.duration:.1f} s long, which is {word}: "
        f"{shortest:g} to {longest:g} s are advised"
    ]


def load(
    asset: Asset, audio_format: str | None, stop: threading.Event = content.NEVER
) -> tuple[Sample, Probe]:
    """The content of a sample and what it is; raises `PermanentError` or, for a remote one, `TemporaryError`
    and, when `stop` is set, `CancelledError`.

    The content must be what the engine hashed when it made the plan: otherwise the fingerprint in the
    state would not be that of the sample that was sent.
    """
    data, name = _content(asset, stop)
    if len(data) > MAX_BYTES:  # read no further than this
        raise PermanentError(
            f"audio is larger than the limit of {MAX_BYTES:,} bytes (10 MB)",
            advice="Shorten the recording or store it as mp3.",
        )
    probe = probe_bytes(data, name)
    wrong = faults(probe, audio_format)
    if wrong:
        raise PermanentError(f"audio {'; it '.join(wrong)}")
    container = declared_format(probe, audio_format) or ""
    return Sample(data, container, PurePosixPath(name).name or f"sample.{container}"), probe


def _content(asset: Asset, stop: threading.Event) -> tuple[bytes, str]:
    import hashlib

    if asset.path is not None:
        data, name = content.read(asset.path), asset.path
    elif asset.uri is not None:
        data, name = content.fetch(asset.uri, stop), urlsplit(asset.uri).path
    else:
        raise PermanentError(
            "audio has no content any more", advice="Give it as a file asset or a remote asset."
        )
    if asset.hash and len(data) <= MAX_BYTES and hashlib.sha256(data).hexdigest() != asset.hash:
        raise PermanentError(
            f"audio changed while the deployment was running ({asset.path or asset.uri})",
            advice="Run the command again. Where `ignoreChanges` keeps the former sample, give its content "
            "back, or ignore the change no longer.",
        )
    return data, name
