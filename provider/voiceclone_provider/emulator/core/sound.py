"""Looking at a sample: what container it really is, how long, and whether anyone speaks in it."""

from __future__ import annotations

import hashlib
import io
from array import array
from dataclasses import dataclass
from operator import mul, sub

import av
import av.error

_RATE = 8000  # enough to tell speech from silence and noise
_LOOKED_AT = 20 * _RATE
_DECODED_SECONDS = 120.0  # of anything longer the container's own word is taken
_FRAME = 160


class NoAudioError(ValueError):
    """The bytes cannot be decoded as audio."""


@dataclass(frozen=True, slots=True)
class Sound:
    container: str
    seconds: float
    verdict: str
    """`speech`, `silence` or `noise`."""


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def sniff(data: bytes) -> str | None:
    """The container by its first bytes; headerless PCM has none."""
    if data[:4] in (b"RIFF", b"RF64") and data[8:12] == b"WAVE":
        return "wav"
    if data[:4] == b"OggS":
        return "ogg"
    if data[4:8] == b"ftyp":
        return "mov" if data[8:12] == b"qt  " else ("m4a" if data[8:11] in (b"M4A", b"M4B") else "mp4")
    if data[:4] == b"fLaC":
        return "flac"
    if data[:3] == b"ID3":
        return "mp3"
    if len(data) > 2 and data[0] == 0xFF:
        if data[1] & 0xF6 == 0xF0:  # layer bits zero: AAC in ADTS
            return "aac"
        if data[1] & 0xE0 == 0xE0 and data[1] & 0x06:
            return "mp3"
    return None


_DEMUXERS = {"m4a": "mov", "mp4": "mov"}


def inspect(data: bytes, declared: str | None = None) -> Sound:
    """Decode the sample. `pcm` (24 kHz, mono, 16 bit) only when declared: it cannot be recognised."""
    if not data:
        raise NoAudioError("the audio is empty")
    container = sniff(data)
    if declared == "pcm":
        if container is not None and container not in ("mp3", "aac"):
            raise NoAudioError(f"declared as pcm, but it is {container}")
        if len(data) % 2:
            raise NoAudioError("16-bit pcm has an even number of bytes")
        samples = array("h", data[: _LOOKED_AT * 6])
        return Sound("pcm", len(data) / 48000, judge(samples[::3]))
    if container is None:
        raise NoAudioError("not a known audio format")
    try:
        return _decode(data, container)
    except (av.error.FFmpegError, ValueError, IndexError) as bad:
        raise NoAudioError(f"the {container} cannot be decoded") from bad


def _decode(data: bytes, container: str) -> Sound:
    samples = array("h")
    seconds = 0.0
    with av.open(io.BytesIO(data), "r", format=_DEMUXERS.get(container, container)) as opened:
        if not opened.streams.audio:
            raise NoAudioError(f"the {container} holds no audio")
        stream = opened.streams.audio[0]
        declared = float(opened.duration or 0) / 1_000_000
        resampler = av.AudioResampler(format="s16", layout="mono", rate=_RATE)
        try:
            for frame in opened.decode(stream):
                seconds += frame.samples / frame.sample_rate
                if len(samples) < _LOOKED_AT:
                    for out in resampler.resample(frame):
                        samples.frombytes(bytes(out.planes[0])[: out.samples * 2])
                if seconds > _DECODED_SECONDS:
                    seconds = max(seconds, declared)
                    break
        except av.error.FFmpegError:
            if seconds < 0.2:  # a broken tail is forgiven, as any decoder does
                raise
    if not samples or seconds <= 0:
        raise NoAudioError(f"the {container} holds no sound")
    return Sound(container, seconds, judge(samples))


def judge(samples: array[int]) -> str:
    """Speech comes in syllables; silence has no level, noise a steady one and no pitch.

    A steady tone passes: it has a pitch.
    """
    heard = samples[:_LOOKED_AT]
    if len(heard) < 2 * _FRAME:
        return "silence"
    if (sum(map(mul, heard, heard)) / len(heard)) ** 0.5 < 50:  # about -56 dBFS
        return "silence"
    # The difference of neighbours evens out pink and brown noise, whose level wanders.
    edge = list(map(sub, heard[1:], heard))
    levels = sorted(
        sum(map(mul, part, part)) / _FRAME
        for part in (edge[at : at + _FRAME] for at in range(0, len(edge) - _FRAME, _FRAME))
    )
    low, high = levels[len(levels) // 10], levels[len(levels) * 9 // 10]
    steady = high < 4 * (low + 1)  # 6 dB
    return "noise" if steady and _pitch(edge) < 0.7 else "speech"


def _pitch(samples: list[int]) -> float:
    """How well 50 ms pieces repeat themselves, the median of a dozen."""
    size, found = 400, []
    step = max(size * 2, len(samples) // 12)
    for at in range(0, len(samples) - 2 * size, step):
        first = samples[at : at + size]
        power = sum(map(mul, first, first)) or 1
        best = 0.0
        for lag in range(20, 200):
            second = samples[at + lag : at + lag + size]
            other = sum(map(mul, second, second)) or 1
            best = max(best, sum(map(mul, first, second)) / (power * other) ** 0.5)
        found.append(best)
    return sorted(found)[len(found) // 2] if found else 0.0
