"""What an upload's audio must be, whichever of the two APIs it came by."""

from __future__ import annotations

from ..core.world import Heard, World
from .fields import FORMATS


class BadAudioError(Exception):
    """With V1's code; V3's is 45000000 more."""

    def __init__(self, code: int, message: str) -> None:
        self.code, self.message = code, message


async def listen(world: World, audio: bytes, declared: str | None) -> Heard:
    largest = int(world.switches.number("volcengine_audio_mb"))
    if len(audio) > largest * 1024 * 1024:
        raise BadAudioError(1101, f"the audio is larger than {largest} MB")
    heard = await world.listen(audio, declared)
    if heard.sound is None:
        raise BadAudioError(1101 if not audio else 1108, heard.reason)
    container = heard.sound.container
    if declared is not None and container != declared and (declared, container) != ("m4a", "mp4"):
        raise BadAudioError(1108, f"the audio is {container}, not {declared}")
    if declared is None and container not in FORMATS:
        raise BadAudioError(1108, f"the audio is {container}")
    if declared is None and container == "m4a":
        raise BadAudioError(1001, "the audio's format is required for pcm and m4a")
    return heard
