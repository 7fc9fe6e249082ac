"""Speaks with the emulator's voices: pulumi stack output --json | python announce.py VENDOR...

The emulator does not synthesise speech. A voice's preview takes its place, which does not say the text. A
program of yours has a function here that calls the vendor.
"""

from __future__ import annotations

import functools
import json
import os
import sys
import urllib.request
from pathlib import Path

from fallback import NoSpeechError, read_voice_ids, speak

EMULATOR = os.environ.get("EMULATOR", "http://127.0.0.1:8765")
SECONDS = 10


def get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=SECONDS) as reply:  # noqa: S310  the emulator's
        audio: bytes = reply.read()
    return audio


def preview(vendor: str, voice_id: str, text: str) -> bytes:
    """A speaker, once the vendor is filled in."""
    for voice in json.loads(get(f"{EMULATOR}/_emulator/state?previews=1"))[vendor]:
        if voice_id in (voice["id"], voice.get("voice_id")):
            if voice["status"] != "ready":
                raise RuntimeError(f"the voice {voice_id} is {voice['status']}")
            return get(voice["preview_url"])
    raise RuntimeError(f"there is no voice {voice_id}")


def main(order: list[str]) -> None:
    speakers = {vendor: functools.partial(preview, vendor) for vendor in order}
    try:
        speech = speak("Good evening.", read_voice_ids(sys.stdin.read()), order, speakers)
    except (ValueError, NoSpeechError) as error:
        sys.exit(f"error: {error}")
    for vendor, reason in speech.passed_over.items():
        print(f"{vendor} did not speak: {reason}")
    Path("speech.wav").write_bytes(speech.audio)
    print(f"{speech.vendor} spoke: {len(speech.audio)} bytes in speech.wav")


if __name__ == "__main__":
    main(sys.argv[1:])
