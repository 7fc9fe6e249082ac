"""How the tests' accounts are reached: one row for each kind of credentials that a vendor gives out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from voiceclone_provider.emulator.registry import VENDORS


@dataclass(frozen=True)
class Access:
    """One kind of credentials.

    Arguments:
        newer: whether they are those of the vendor's newer console.
        without: variables that are not set.
        more: variables that are set beside them.
        inputs: what a voice then declares.
        costly: method and path of the request that a training costs, where it is another than usual.
    """

    name: str
    vendor: str
    newer: bool = False
    without: tuple[str, ...] = ()
    more: Mapping[str, str] = field(default_factory=dict)
    inputs: Mapping[str, Any] = field(default_factory=dict)
    costly: tuple[str, str] | None = None

    def environment(self, url: str) -> dict[str, str]:
        """The variables that point the provider at the emulator; an empty one counts as not set."""
        vendor = VENDORS[self.vendor]
        found = (vendor.newer_environment if self.newer else vendor.environment)(url)
        every = {name for each in (vendor.environment(url), vendor.newer_environment(url)) for name in each}
        found = {**dict.fromkeys(every, ""), **found, **dict.fromkeys(self.without, ""), **self.more}
        return found | ({"KLING_API_KEY": ""} if self.vendor == "kling" else {})


_KEY_PAIR = ("VOLCENGINE_ACCESS_KEY", "VOLCENGINE_SECRET_KEY")
_SLOT = {"speakerId": "S_emulator01"}
_V3 = ("POST", "/api/v3/tts/voice_clone")

ACCESSES = [
    Access("application and key pair", "volcengine"),
    Access("application", "volcengine", without=_KEY_PAIR, inputs=_SLOT),
    Access("project", "volcengine", more={"VOLCENGINE_SPEECH_PROJECT": "default"}, inputs=_SLOT),
    Access("API key and key pair", "volcengine", newer=True, costly=_V3),
    Access("API key", "volcengine", newer=True, without=_KEY_PAIR, inputs=_SLOT, costly=_V3),
    Access("post-paid", "volcengine", newer=True, inputs={"customSpeakerId": "grandma-reads"}, costly=_V3),
    Access("token", "coze", inputs={"name": "narrator"}),  # long enough for either side
    Access("token", "qiniu"),
    Access("key pair", "kling"),
]
