"""One voice on each vendor, as the tests declare it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .emulator import Emulator
from .stack import SAMPLES

Properties = dict[str, Any]


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
        judges_at_once: whether a sample that cannot be trained is refused before anything is made.
    """

    key: str
    sample: Callable[[Emulator, int], Properties]
    properties: Properties
    keeps_id: bool
    deletes: bool
    creating: int
    retraining: int
    judges_at_once: bool = False
    rename: Properties | None = None
    renaming: str = ""
    replacing: Properties | None = None

    @property
    def type(self) -> str:
        return f"voiceclone:{self.key}:Voice"

    def resource(self, emulator: Emulator, take: int = 1, **changed: Any) -> Properties:
        properties = {**self.properties, **self.sample(emulator, take), **changed}
        return {"type": self.type, "properties": {k: v for k, v in properties.items() if v is not None}}


def _file(first: str, second: str) -> Callable[[Emulator, int], Properties]:
    return lambda _, take: {"audio": asset(first if take == 1 else second)}


def _url(first: str, second: str) -> Callable[[Emulator, int], Properties]:
    return lambda emulator, take: {"audioUrl": emulator.sample_url(first if take == 1 else second)}


VOLCENGINE = Vendor(
    key="volcengine",
    sample=_file("narrator-zh.wav", "narrator-zh-take2.wav"),
    properties={"language": "zh"},  # takes a free slot
    keeps_id=True,
    deletes=False,
    creating=1,
    retraining=1,
    replacing={"speakerId": "S_emulator02"},
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
    rename={"name": "speaker"},
    renaming="replacement",
)
VENDORS: Mapping[str, Vendor] = {vendor.key: vendor for vendor in (VOLCENGINE, COZE, QINIU, KLING)}
