"""Bad inputs, told at preview: vendor, property, limit and actual value, all faults of a resource at once."""

from __future__ import annotations

import wave
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from .emulator import Emulator
from .stack import SAMPLES, Stack
from .voices import VENDORS, Properties, asset

pytestmark = pytest.mark.in_process


def wav(path: Path, *, seconds: float) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(24_000)
        file.writeframes(bytes(round(seconds * 24_000) * 2))
    return path


def empty(folder: Path) -> Properties:
    (folder / "empty.wav").touch()
    return {"fn::fileAsset": str(folder / "empty.wav")}


def mislabelled(folder: Path) -> Properties:
    (folder / "really-mp3.wav").write_bytes((SAMPLES / "host-en.mp3").read_bytes())
    return {"fn::fileAsset": str(folder / "really-mp3.wav")}


@dataclass(frozen=True)
class Bad:
    """Properties that replace a voice's good ones, and what must be told of each."""

    vendor: str
    properties: dict[str, Any]
    told: tuple[tuple[str, ...], ...]


BAD = {
    "all of Coze": Bad(
        "coze",
        {"name": "语" * 43, "text": "x" * 1025, "language": "klingon", "audio": empty},
        (
            ("Coze", "name", "129", "128", "bytes"),
            ("Coze", "text", "1,025", "1,024", "bytes"),
            ("Coze", "language", "klingon", "zh"),
            ("Coze", "audio", "empty"),
        ),
    ),
    "all of Qiniu": Bad(
        "qiniu",
        {"name": "音" * 21, "language": "xx", "audioUrl": "not a URL"},
        (
            ("Qiniu", "name", "21", "20", "characters"),
            ("Qiniu", "language", "xx", "zh"),
            ("Qiniu", "audioUrl", "not a URL"),
        ),
    ),
    "all of Kling": Bad(
        "kling",
        {"name": "色" * 21, "audioUrl": "ftp://voices.example/a.txt", "deletionPolicy": "keep"},
        (
            ("Kling", "name", "21", "20", "characters"),
            ("Kling", "audioUrl", "ftp://voices.example/a.txt"),
            ("Kling", "deletionPolicy", "keep", "retain"),
        ),
    ),
    "all of Volcengine": Bad(
        "volcengine",
        {"speakerId": "narrator", "language": "xx", "audio": mislabelled},
        (
            ("Volcengine", "audio", "mp3", ".wav"),
            ("Volcengine", "speakerId", "narrator", "S_"),
            ("Volcengine", "language", "xx"),
        ),
    ),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_bad_inputs_are_told_at_preview(stack: Stack, emulator: Emulator, tmp_path: Path, bad: Bad) -> None:
    properties = {
        name: value(tmp_path) if callable(value) else value for name, value in bad.properties.items()
    }
    stack.program({"voice": VENDORS[bad.vendor].resource(emulator, **properties)})
    result = stack.fails("preview")
    faults = result.told("error")
    for words in bad.told:
        assert any(all(word in fault for word in words) for fault in faults), (words, faults)
    assert emulator.requests() == [], "a check is no reason to call anybody"


def test_an_unknown_property_is_told_with_what_there_is(stack: Stack, emulator: Emulator) -> None:
    stack.program({"voice": VENDORS["coze"].resource(emulator, audioFile="a.wav")})
    result = stack.fails("preview")
    assert "audioFile" in result.text
    assert "audioFormat" in result.text


def test_advice_is_a_warning(stack: Stack, emulator: Emulator, tmp_path: Path) -> None:
    advised = {"coze": (4, "short"), "volcengine": (42, "long")}
    voices = {}
    for key, (seconds, _) in advised.items():
        sample = {"fn::fileAsset": str(wav(tmp_path / f"{key}.wav", seconds=seconds))}
        voices[key] = VENDORS[key].resource(emulator, audio=sample)
    stack.program(voices)
    result = stack.must("preview")
    for seconds, word in advised.values():
        told = [line for line in result.told("warning") if word in line]
        (line,) = [line for line in told if f"{seconds}" in line]
        assert "10" in line
        assert "30" in line


def test_a_slot_that_holds_a_voice_is_refused_with_the_way_on(stack: Stack, emulator: Emulator) -> None:
    vendor = VENDORS["volcengine"]
    stack.program({"voice": vendor.resource(emulator, speakerId="S_emulator07")})
    stack.up()
    sent = emulator.changing()
    stack.must("state", "delete", "--yes", stack.resource()["urn"])
    # Another resource: nothing shows that the voice in the slot is its own.
    other = vendor.resource(emulator, take=2, speakerId="S_emulator07")
    stack.program({"other": other})
    for command in ("preview", "up"):
        result = stack.fails(command, *(("--yes", "--skip-preview") if command == "up" else ()))
        assert "pulumi import voiceclone:volcengine:Voice other S_emulator07" in result.text
        assert "overwriteExisting" in result.text
    assert emulator.changing() == sent
    other["properties"]["overwriteExisting"] = True
    stack.program({"other": other})
    stack.up()
    assert emulator.voice("volcengine")["trainings"] == 2


def test_what_only_the_vendor_can_judge_is_told_in_its_words(stack: Stack, emulator: Emulator) -> None:
    """There is no sample behind this URL."""
    vendor = VENDORS["kling"]
    url = emulator.sample_url("no-such-sample.mp3")
    stack.program({"voice": vendor.resource(emulator, audioUrl=url)})
    stack.must("preview")
    stack.up_fails()
    sent = emulator.changing()
    stack.up_fails()
    assert emulator.changing() == sent


def test_values_that_are_known_later_pass(stack: Stack, emulator: Emulator) -> None:
    """A name that is another voice's ID, a sample's URL that is an output."""
    qiniu, coze = VENDORS["qiniu"], VENDORS["coze"]
    stack.program(
        {
            "first": coze.resource(emulator),
            "second": coze.resource(emulator, name="of-${first.voiceId}"),
            "third": qiniu.resource(emulator, name=None),
        },
        {"id": "${second.voiceId}"},
    )
    stack.must("preview")
    stack.up()
    names = {voice["name"] for voice in emulator.voices("coze")}
    assert names == {"host", f"of-{stack.output('voiceId', 'first')}"}
    stack.nothing_to_do()


def test_a_secret_input_stays_secret(stack: Stack, emulator: Emulator) -> None:
    text = "a text that nobody may read"
    voice = VENDORS["coze"].resource(emulator, text={"fn::secret": text})
    stack.program({"voice": voice})
    stack.up()
    assert text not in stack.must("stack", "export").out
    stack.refresh()
    assert text not in stack.must("stack", "export").out
    stack.nothing_to_do()


def test_a_relative_path_is_one_in_the_program(stack: Stack, emulator: Emulator) -> None:
    (stack.folder / "a.mp3").write_bytes((SAMPLES / "host-en.mp3").read_bytes())
    stack.program({"voice": VENDORS["coze"].resource(emulator, audio={"fn::fileAsset": "./a.mp3"})})
    stack.up()
    stack.program({"voice": VENDORS["coze"].resource(emulator, audio=asset("host-en.mp3"))})
    sent = emulator.changing()
    stack.up()  # the same content from another place is the same sample
    assert emulator.changing() == sent
