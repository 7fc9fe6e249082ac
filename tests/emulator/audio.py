"""Small recordings for the tests, made on the spot."""

from __future__ import annotations

import functools
import io
import math
import random
import wave
from array import array
from fractions import Fraction
from typing import Any

import av


@functools.cache
def speech(seconds: float = 12.0, rate: int = 16000, seed: int = 0) -> bytes:
    """Something with a voice's pitch and syllables, 16-bit mono samples."""
    rng = random.Random(seed)
    pitch = 110 + rng.random() * 80
    samples = array("h")
    for at in range(int(seconds * rate)):
        moment = at / rate
        syllable = max(0.0, math.sin(2 * math.pi * 3.1 * moment)) ** 2
        phase = 2 * math.pi * pitch * (moment + 0.01 * math.sin(2 * math.pi * 0.7 * moment))
        voice = math.sin(phase) + 0.5 * math.sin(2 * phase) + 0.3 * math.sin(5 * phase)
        samples.append(int(7000 * syllable * voice))
    return samples.tobytes()


@functools.cache
def noise(seconds: float = 12.0, rate: int = 16000, colour: str = "white") -> bytes:
    rng = random.Random(7)
    samples, held = array("h"), 0.0
    for _ in range(int(seconds * rate)):
        drawn = rng.gauss(0, 3000)
        held = 0.98 * held + 0.2 * drawn
        samples.append(int(max(-32000, min(32000, drawn if colour == "white" else held))))
    return samples.tobytes()


def silence(seconds: float = 12.0, rate: int = 16000) -> bytes:
    return bytes(int(seconds * rate) * 2)


def wav(samples: bytes, rate: int = 16000, channels: int = 1) -> bytes:
    made = io.BytesIO()
    with wave.open(made, "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(samples)
    return made.getvalue()


@functools.cache
def spoken(seconds: float = 12.0, seed: int = 0) -> bytes:
    return wav(speech(seconds, seed=seed))


_ENCODERS = {
    "mp3": ("mp3", "mp3"),
    "ogg": ("ogg", "libopus"),
    "m4a": ("ipod", "aac"),
    "mov": ("mov", "aac"),
    "mp4": ("mp4", "aac"),
    "aac": ("adts", "aac"),
    "flac": ("flac", "flac"),
}


@functools.cache
def encoded(container: str, seconds: float = 12.0) -> bytes:
    """Speech in another container."""
    muxer, codec = _ENCODERS[container]
    made = io.BytesIO()
    rate = {"mp3": 24000, "libopus": 48000}.get(codec, 16000)
    with av.open(made, "w", format=muxer) as out:
        stream: Any = out.add_stream(codec, rate=rate)
        stream.layout = "mono"
        resampler = av.AudioResampler(format=stream.format.name, layout="mono", rate=rate, frame_size=1024)
        frame = av.AudioFrame(format="s16", layout="mono", samples=int(seconds * 16000))
        frame.planes[0].update(speech(seconds))
        frame.sample_rate = 16000
        frame.time_base = Fraction(1, 16000)
        frame.pts = 0
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            out.mux(stream.encode(piece))
        out.mux(stream.encode(None))
    return made.getvalue()
