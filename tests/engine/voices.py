"""One voice on each vendor: how the tests declare it, and how it must be."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from .emulator import Emulator
from .stack import SAMPLES, Stack

Properties = dict[str, Any]


class Samples(Protocol):
    """Where samples are for vendors that take a URL."""

    def sample_url(self, file: str) -> str: ...


def asset(file: str) -> Properties:
    return {"fn::fileAsset": str(SAMPLES / file)}


@dataclass(frozen=True)
class Vendor:
    """What the tests must know of a vendor.

    Arguments:
        sample: the properties that hold the sample; `take` 1 or 2.
        properties: the rest of what a voice declares.
        keeps_id: whether a voice is trained again in place.
        rename: properties that rename the voice, and None where the vendor has no name.
        renaming: what a rename costs: a call, a training, or another voice.
        replacing: properties that only another voice can have, None where there are none.
        deletes: whether the vendor has a delete endpoint.
        creating, retraining: how many changing requests a new voice and another training take.
        costly: method and path of the request that a `create` costs, and of a `retrain` where it differs.
        judges_at_once: whether a sample that cannot be trained is refused before anything is made.
        takes_handles: whether a create carries an ID of ours, so that a lost one is sent again at once.
        previews: whether the vendor lets a voice be heard.
        elsewhere: what somebody else does to the voice in the test of that: `delete`, `retrain` or `rename`.
    """

    key: str
    sample: Callable[[Samples, int], Properties]
    properties: Properties
    keeps_id: bool
    deletes: bool
    creating: int
    retraining: int
    costly: Mapping[str, tuple[str, str]]
    judges_at_once: bool = False
    takes_handles: bool = False
    previews: bool = True
    elsewhere: str = ""
    rename: Properties | None = None
    renaming: str = ""
    replacing: Properties | None = None

    @property
    def type(self) -> str:
        return f"voiceclone:{self.key}:Voice"

    def resource(self, emulator: Samples, take: int = 1, **changed: Any) -> Properties:
        properties = {**self.properties, **self.sample(emulator, take), **changed}
        return {"type": self.type, "properties": {k: v for k, v in properties.items() if v is not None}}


def _file(first: str, second: str) -> Callable[[Samples, int], Properties]:
    return lambda _, take: {"audio": asset(first if take == 1 else second)}


def _url(first: str, second: str) -> Callable[[Samples, int], Properties]:
    return lambda emulator, take: {"audioUrl": emulator.sample_url(first if take == 1 else second)}


VOLCENGINE = Vendor(
    key="volcengine",
    sample=_file("narrator-zh.wav", "narrator-zh-take2.wav"),
    properties={"language": "zh"},  # takes a free slot
    keeps_id=True,
    deletes=False,
    creating=1,
    retraining=1,
    costly={"create": ("POST", "/api/v1/mega_tts/audio/upload")},
    elsewhere="retrain",
    replacing={"speakerId": "S_emulator20"},
)
COZE = Vendor(
    key="coze",
    judges_at_once=True,
    sample=_file("host-en.mp3", "host-en-take2.mp3"),
    properties={"name": "host", "language": "en"},
    keeps_id=True,
    deletes=False,
    creating=1,
    retraining=1,
    costly={"create": ("POST", "/v1/audio/voices/clone")},
    rename={"name": "presenter"},
    renaming="training",
    replacing={"spaceId": "7350000000000000001"},
)
QINIU = Vendor(
    key="qiniu",
    sample=_url("guide-zh.mp3", "guide-zh-take2.mp3"),
    properties={"name": "guide", "language": "zh"},
    keeps_id=True,
    deletes=True,
    creating=2,
    retraining=1,
    costly={"create": ("POST", "/v1/voice-clones"), "retrain": ("PUT", "/v1/voice-clones")},
    elsewhere="rename",
    rename={"name": "leader"},
    renaming="call",
    replacing={"language": "en"},
)
KLING = Vendor(
    key="kling",
    sample=_url("announcer-en.wav", "announcer-en-take2.wav"),
    properties={"name": "announcer"},
    keeps_id=False,
    deletes=True,
    creating=1,
    retraining=2,
    costly={"create": ("POST", "/v1/general/custom-voices")},
    takes_handles=True,
    elsewhere="delete",
    rename={"name": "speaker"},
    renaming="replacement",
)
# Every description above, by its key.
VENDORS: Mapping[str, Vendor] = {v.key: v for v in tuple(vars().values()) if isinstance(v, Vendor)}

_CHOSEN = os.environ.get("VOICECLONE_VENDORS", "").split() or VENDORS
ALL = tuple(VENDORS[key] for key in _CHOSEN)
"""All vendors, or those that `VOICECLONE_VENDORS` names."""


def sha256(vendor: Vendor, emulator: Samples, take: int) -> str:
    """Of the sample that a voice is made of."""
    sample: Any = vendor.sample(emulator, take)
    place = sample["audioUrl"] if "audioUrl" in sample else sample["audio"]["fn::fileAsset"]
    return hashlib.sha256((SAMPLES / place.rpartition("/")[2]).read_bytes()).hexdigest()


def declare(
    stack: Stack,
    emulator: Emulator,
    vendors: Iterable[Vendor],
    take: int = 1,
    changed: Mapping[str, Mapping[str, Any]] | None = None,
) -> None:
    """A voice on each vendor, named after it."""
    more = changed or {}
    stack.program({v.key: v.resource(emulator, take, **more.get(v.key, {})) for v in vendors})


def is_ready(
    stack: Stack, emulator: Emulator, vendor: Vendor, take: int, trainings: int, name: str = ""
) -> str:
    """Assert that state and emulator agree on one healthy voice; its resource ID."""
    resource = stack.resource(name or vendor.key)
    outputs = resource["outputs"]
    (voice,) = (voice for voice in emulator.voices(vendor.key) if voice["id"] == resource["id"])
    assert outputs["voiceId"] == voice.get("voice_id", voice["id"])
    assert (outputs["status"], voice["status"]) == ("Ready", "ready")
    assert not resource.get("initErrors")
    assert not outputs.get("pendingTraining")
    assert not outputs.get("lastError")
    assert voice["trainings"] == trainings
    assert voice["audio_sha256"] == sha256(vendor, emulator, take)
    return str(resource["id"])


def all_ready(stack: Stack, emulator: Emulator, vendors: Iterable[Vendor], take: int = 1) -> dict[str, str]:
    """The same of several voices that were trained `take` times, and of nothing else at these vendors."""
    voices = {}
    for vendor in vendors:
        trainings = take if vendor.keeps_id else 1
        voices[vendor.key] = is_ready(stack, emulator, vendor, take, trainings)
        assert len(emulator.voices(vendor.key)) == 1
    return voices
