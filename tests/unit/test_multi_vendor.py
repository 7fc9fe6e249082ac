"""The parts of examples/multi-vendor that need no SDK: what is refused, and the fallback."""

from __future__ import annotations

import json

import pytest
from pulumi.runtime.rpc import UNKNOWN as PULUMIS
from pydantic import ValidationError

from fallback import UNKNOWN, NoSpeechError, read_voice_ids, speak
from vendor_limits import LANGUAGES, VENDORS, refusals
from voiceclone_provider.vendors.coze.models import CozeInputs, CozeLanguage
from voiceclone_provider.vendors.kling.models import KlingInputs
from voiceclone_provider.vendors.models import VoiceInputs
from voiceclone_provider.vendors.qiniu.models import FREE_LANGUAGES, QiniuInputs
from voiceclone_provider.vendors.volcengine.models import LANGUAGES as VOLCENGINE
from voiceclone_provider.vendors.volcengine.models import VolcengineModelType

INPUTS: dict[str, type[VoiceInputs]] = {"coze": CozeInputs, "qiniu": QiniuInputs, "kling": KlingInputs}

# -- what the vendors refuse ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["", "a", "a" * 20, "a" * 21, "声" * 20, "声" * 21, "声" * 43, "😀" * 20, "a" * 129]
)
def test_a_name_is_refused_by_whom_the_provider_says(name: str) -> None:
    refusing = set()
    for vendor, inputs in INPUTS.items():
        try:
            inputs(name=name)  # type: ignore[call-arg]
        except ValidationError:
            refusing.add(vendor)
    told = refusals(name, "en", ["coze"])
    assert {vendor for vendor in VENDORS if any(vendor in line for line in told)} == refusing


def test_the_languages_are_the_providers() -> None:
    assert set(LANGUAGES["coze"]) == set(CozeLanguage)
    assert set(LANGUAGES["qiniu"]) == set(FREE_LANGUAGES)
    assert set(LANGUAGES["volcengine"]) == set(VOLCENGINE[VolcengineModelType.ICL_1_0])


def test_every_fault_is_told_at_once() -> None:
    assert refusals("n" * 21, "ja", ["qiniu", "acme"]) == [
        "there is no vendor 'acme'; there are volcengine, coze, qiniu, kling",
        "qiniu refuses the name 'nnnnnnnnnnnnnnnnnnnnn': 21 characters, at most 20 are allowed",
        "kling refuses the name 'nnnnnnnnnnnnnnnnnnnnn': 21 characters, at most 20 are allowed",
        "qiniu refuses the language 'ja'; it takes zh, en",
    ]
    assert refusals("n", "ja", ["coze", "kling"]) == []
    assert refusals("n", "en", []) == ["no vendor is chosen; there are volcengine, coze, qiniu, kling"]


# -- the map -------------------------------------------------------------------------------------------------


def test_the_map_is_read_from_the_stacks_outputs() -> None:
    ids = {"coze": "7001", "kling": "8001"}
    assert read_voice_ids(json.dumps({"voiceIds": ids, "more": 1})) == ids
    assert read_voice_ids(json.dumps({"announcer": ids}), "announcer") == ids


def test_a_voice_that_failed_has_no_id() -> None:
    assert UNKNOWN == PULUMIS
    assert read_voice_ids(json.dumps({"voiceIds": {"coze": "7001", "kling": UNKNOWN}})) == {"coze": "7001"}


@pytest.mark.parametrize(
    ("outputs", "reason"),
    [
        ("", "not what 'pulumi stack output --json' prints"),
        ("[]", "no output 'voiceIds'"),
        ('{"voices": {}}', "no output 'voiceIds'"),
        ('{"voiceIds": "[secret]"}', "not a map"),
        ('{"voiceIds": {"coze": 7001}}', "not a map"),
    ],
)
def test_what_is_no_map_is_refused(outputs: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read_voice_ids(outputs)


# -- the fallback --------------------------------------------------------------------------------------------


class Vendors:
    """Speakers that record whom they were asked for."""

    def __init__(self, *failing: str, silent: str = "") -> None:
        self.failing, self.silent = failing, silent
        self.asked: list[tuple[str, str, str]] = []

    def speaker(self, vendor: str, voice_id: str, text: str) -> bytes:
        self.asked.append((vendor, voice_id, text))
        if vendor in self.failing:
            raise TimeoutError("no answer")
        return b"" if vendor == self.silent else vendor.encode()


IDS = {"coze": "7001", "qiniu": "q1", "kling": "8001"}


def spoken(vendors: Vendors, *order: str) -> tuple[bytes, str, dict[str, str]]:
    speakers = {
        vendor: lambda voice_id, text, vendor=vendor: vendors.speaker(vendor, voice_id, text)
        for vendor in VENDORS
    }
    speech = speak("Good evening.", IDS, order, speakers)
    return speech.audio, speech.vendor, dict(speech.passed_over)


def test_the_first_vendor_speaks_alone() -> None:
    vendors = Vendors()
    assert spoken(vendors, "qiniu", "coze") == (b"qiniu", "qiniu", {})
    assert vendors.asked == [("qiniu", "q1", "Good evening.")]


def test_the_next_vendor_speaks_where_one_cannot() -> None:
    vendors = Vendors("coze", silent="kling")
    assert spoken(vendors, "volcengine", "coze", "kling", "qiniu") == (
        b"qiniu",
        "qiniu",
        {
            "volcengine": "the stack has no voice there",
            "coze": "TimeoutError: no answer",
            "kling": "it returned no audio",
        },
    )
    assert [vendor for vendor, _, _ in vendors.asked] == ["coze", "kling", "qiniu"]


def test_no_vendor_speaks() -> None:
    with pytest.raises(NoSpeechError, match="coze: TimeoutError: no answer; kling: TimeoutError") as caught:
        spoken(Vendors("coze", "kling"), "coze", "kling")
    assert list(caught.value.reasons) == ["coze", "kling"]


def test_a_wrong_order_is_found_before_anybody_is_asked() -> None:
    vendors = Vendors()
    with pytest.raises(ValueError, match="no function speaks with acme"):
        spoken(vendors, "coze", "acme")
    with pytest.raises(ValueError, match="empty"):
        spoken(vendors)
    assert vendors.asked == []
