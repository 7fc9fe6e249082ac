"""Speech from the first vendor that can give it. Needs neither Pulumi nor the SDK."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What Pulumi stores for the ID of a failed voice when a Python program runs with `--continue-on-error`."""

Speaker = Callable[[str, str], bytes]
"""Speaks with one vendor: gets a voice ID and a text, returns the audio, raises an error if it cannot.

It must end by itself, so give its requests a time-out. What it raises becomes the reason that is told: keep
secrets out of it.
"""


@dataclass(frozen=True)
class Speech:
    """What was spoken.

    Arguments:
        passed_over: the vendors that were tried before, in order, each with the reason why it did not speak.
    """

    audio: bytes
    vendor: str
    passed_over: Mapping[str, str]


class NoSpeechError(Exception):
    """No vendor spoke; `reasons` has each one's."""

    def __init__(self, reasons: Mapping[str, str]) -> None:
        super().__init__(
            "no vendor spoke: " + "; ".join(f"{vendor}: {why}" for vendor, why in reasons.items())
        )
        self.reasons = reasons


def read_voice_ids(outputs: str, name: str = "voiceIds") -> dict[str, str]:
    """The voice IDs by vendor, from what `pulumi stack output --json` prints.

    Raises:
        ValueError: the text is something else, or the stack has no such output.
    """
    try:
        told = json.loads(outputs)
    except ValueError as error:
        raise ValueError(f"this is not what 'pulumi stack output --json' prints: {error}") from None
    if not isinstance(told, dict) or name not in told:
        raise ValueError(
            f"the stack has no output {name!r}: run 'pulumi up' first, or give the output's name"
        )
    ids = told[name]
    if not isinstance(ids, dict) or not all(isinstance(voice_id, str) for voice_id in ids.values()):
        raise ValueError(f"the output {name!r} is not a map of vendors to voice IDs")
    return {vendor: voice_id for vendor, voice_id in ids.items() if voice_id != UNKNOWN}


def speak(
    text: str, voice_ids: Mapping[str, str], order: Sequence[str], speakers: Mapping[str, Speaker]
) -> Speech:
    """Speak with the first vendor of `order` that has a voice and returns audio.

    Raises:
        ValueError: `order` is empty, or has a vendor without a speaker. This is checked before any vendor is
            asked: it should not come out on the day that the vendor is needed.
        NoSpeechError: no vendor spoke.
    """
    if not order:
        raise ValueError("the order of vendors is empty")
    if missing := [vendor for vendor in order if vendor not in speakers]:
        raise ValueError(f"no function speaks with {', '.join(missing)}")
    reasons: dict[str, str] = {}
    for vendor in order:
        voice_id = voice_ids.get(vendor)
        if not voice_id:
            reasons[vendor] = "the stack has no voice there"
            continue
        try:
            audio = speakers[vendor](voice_id, text)
        except Exception as error:  # whatever a vendor's client raises: the next vendor may speak
            reasons[vendor] = f"{type(error).__name__}: {error}"
            continue
        if audio:
            return Speech(audio, vendor, reasons)
        reasons[vendor] = "it returned no audio"
    raise NoSpeechError(reasons)
