"""Check: all faults at once, by name; defaults and the automatic name; unknown values pass."""

from __future__ import annotations

import io
import wave
from pathlib import Path
from typing import Any

import pytest

from voiceclone_provider.core.ports import Checked
from voiceclone_provider.core.values import UNKNOWN, Archive, Asset, Properties
from voiceclone_provider.lifecycle.check import check
from voiceclone_provider.vendors import VENDORS
from voiceclone_provider.voice.fingerprint import auto_name

URL = "https://samples.example/narrator.wav"
REMOTE = Asset(hash="a" * 64, uri="https://samples.example/narrator.wav")
INPUTS: dict[str, dict[str, Any]] = {
    "volcengine": {"audio": REMOTE},
    "coze": {"audio": REMOTE},
    "qiniu": {"audioUrl": URL},
    "kling": {"audioUrl": URL},
}


def urn(key: str) -> str:
    return f"urn:pulumi:dev::project::voiceclone:{key}:Voice::narrator"


def checked_by(key: str, urn: str, olds: Properties | None, news: Properties, **config: Any) -> Checked:
    configured = VENDORS[key].Config.model_validate(config)
    return check(VENDORS[key], urn, olds, news, configured)


def faults(key: str, **inputs: Any) -> dict[str, str]:
    """What is wrong, by property."""
    config = {"volcengineAppId": "1"} if key == "volcengine" else {}
    checked = checked_by(key, urn(key), None, inputs, **config)
    return {fault.property: fault.reason for fault in checked.faults}


@pytest.mark.parametrize("key", VENDORS)
def test_a_sample_alone_is_enough_and_the_rest_is_filled_in(key: str) -> None:
    checked = checked_by(key, urn(key), None, INPUTS[key])
    facts = VENDORS[key].facts
    assert checked.faults == []
    wanted = {**INPUTS[key], "deletionPolicy": "delete" if facts.deletes else "retain"}
    if key == "volcengine":
        wanted["modelType"] = "ICL_1_0"
    else:
        wanted["name"] = auto_name(facts, urn(key), {})
    assert checked.inputs == wanted


@pytest.mark.parametrize("key", VENDORS)
def test_checked_inputs_are_plain_values_and_pass_again(key: str) -> None:
    first = checked_by(key, urn(key), None, INPUTS[key])
    again = checked_by(key, urn(key), first.inputs, first.inputs)
    assert again == first
    assert all(type(value) in (str, Asset) for value in first.inputs.values())


FAULTS: list[tuple[str, dict[str, Any], str, str]] = [
    ("volcengine", {"speakerId": "S-1"}, "speakerId", "'S-1', but must be a slot's ID"),
    ("volcengine", {"speakerId": "S_1\n"}, "speakerId", "must be a slot's ID"),
    ("volcengine", {"modelType": "ICL_3"}, "modelType", "'ICL_3', but must be one of 'ICL_1_0'"),
    ("volcengine", {"language": "de"}, "language", "modelType ICL_1_0 speaks zh, en"),
    ("volcengine", {"deletionPolicy": "delete"}, "deletionPolicy", "no delete endpoint; use retain or fail"),
    ("coze", {"deletionPolicy": "delete"}, "deletionPolicy", "no delete endpoint"),
    ("coze", {"name": "旁" * 43}, "name", "129 bytes long (UTF-8), the limit is 128 bytes"),
    ("coze", {"text": "a" * 1025}, "text", "the limit is 1,024 bytes"),
    ("coze", {"name": ""}, "name", "is empty"),
    ("coze", {"audio": Asset(hash="a", text="hello")}, "audio", "is a string asset"),
    ("coze", {"audio": Archive(hash="a")}, "audio", "is an archive"),
    ("coze", {"audio": "narrator.wav"}, "audio", "must be an asset"),
    ("coze", {"audioFormat": "flac"}, "audioFormat", "'flac', but must be one of"),
    ("coze", {"audioUrl": URL}, "audioUrl", "is not a property of this resource; did you mean"),
    ("coze", {"voiceName": "x"}, "voiceName", "is not a property of this resource; there are"),
    ("coze", {"deletion_policy": "fail"}, "deletion_policy", "did you mean deletionPolicy?"),
    ("coze", {"langauge": UNKNOWN}, "langauge", "did you mean language?"),
    ("coze", {"retrainTriggers": "now"}, "retrainTriggers", "list"),
    ("qiniu", {"name": "旁" * 21}, "name", "21 characters long, the limit is 20 characters"),
    ("qiniu", {"audioUrl": "ftp://samples.example/a.wav"}, "audioUrl", "not an http:// or https:// URL"),
    ("qiniu", {"audioUrl": "http://[::1"}, "audioUrl", "is not a URL"),
    ("qiniu", {"modelId": "QN_ACV", "language": "zh"}, "modelId", "modelId"),
    ("kling", {"videoId": "1"}, "audioUrl", "exactly one of audioUrl and videoId"),
    ("kling", {"videoId": "1"}, "videoId", "exactly one of audioUrl and videoId"),
    ("kling", {"audioUrl": "https://samples.example/a.ogg"}, "audioUrl", "must be one of .mp3, .wav"),
    ("kling", {"callbackUrl": "example.com"}, "callbackUrl", "not an http:// or https:// URL"),
    ("kling", {"deletionPolicy": "keep"}, "deletionPolicy", "'keep', but must be one of"),
    ("kling", {"name": 5}, "name", "string"),
]


@pytest.mark.parametrize(("key", "wrong", "name", "reason"), FAULTS)
def test_a_fault_names_vendor_property_limit_and_value(
    key: str, wrong: dict[str, Any], name: str, reason: str
) -> None:
    found = faults(key, **{**INPUTS[key], **wrong})
    assert reason in found[name]
    assert found[name].startswith(f"{VENDORS[key].facts.title}: ")


def test_all_faults_are_told_at_once() -> None:
    wrong = {"language": "xx", "text": "", "name": "x" * 129, "colour": "red", "deletionPolicy": "delete"}
    assert set(faults("coze", **wrong)) == {*wrong, "audio"}


@pytest.mark.parametrize("key", VENDORS)
def test_a_missing_sample_is_told_beside_other_faults_of_a_new_voice(key: str) -> None:
    sample = VENDORS[key].facts.sample_inputs[0]
    assert "is required" in faults(key, deletionPolicy="keep")[sample]


@pytest.mark.parametrize("key", VENDORS)
def test_a_missing_sample_alone_passes_because_the_voice_may_be_adopted(key: str) -> None:
    assert faults(key) == {}


@pytest.mark.parametrize("key", VENDORS)
def test_unknown_values_pass(key: str) -> None:
    fields = VENDORS[key].Inputs.model_fields
    inputs: dict[str, Any] = {field.alias or name: UNKNOWN for name, field in fields.items()}
    inputs["retrainTriggers"] = [1, {"deep": UNKNOWN}]
    for exclusive in ("modelId", "videoId", "customSpeakerId"):
        inputs.pop(exclusive, None)
    checked = checked_by(key, urn(key), None, inputs)
    assert checked.faults == []
    assert checked.inputs == inputs


def test_a_file_is_not_judged_by_a_format_that_is_not_known_yet(tmp_path: Path) -> None:
    path = tmp_path / "narrator.raw"
    path.write_bytes(b"\x01\x00" * 100)
    local = Asset(hash="a", path=str(path))
    assert faults("coze", audio=local, audioFormat=UNKNOWN) == {}
    assert faults("coze", audio=local, audioFormat="pcm") == {}
    assert "no content that is known" in faults("coze", audio=local)["audio"]


def test_internal_properties_and_nulls_are_no_inputs() -> None:
    assert faults("coze", audio=REMOTE, __internal="x", language=None) == {}
    checked = checked_by("coze", urn("coze"), None, {"audio": REMOTE, "__internal": 1, "language": None})
    assert set(checked.inputs) == {"audio", "name", "deletionPolicy"}


def test_an_automatic_name_once_given_stays() -> None:
    checked = checked_by("coze", urn("coze"), {"name": "narrator-of-old"}, {"audio": REMOTE})
    assert checked.inputs["name"] == "narrator-of-old"


def test_a_given_name_wins() -> None:
    checked = checked_by("coze", urn("coze"), {"name": "old"}, {"audio": REMOTE, "name": "new"})
    assert checked.inputs["name"] == "new"


@pytest.mark.parametrize("key", ["volcengine", "coze"])
@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"", "a.wav", "is an empty file"),
        (b"\0" * (10 * 1024 * 1024 + 1), "a.wav", "10,485,761 bytes, the limit is 10,485,760 bytes"),
        (b"<html>", "a.wav", "no audio file that is known, but the extension .wav says wav"),
        (b"<html>", "a.txt", "the containers allowed are"),
        (None, "a.wav", "cannot read"),
    ],
)
def test_a_local_sample_is_looked_into(
    key: str, tmp_path: Path, content: bytes | None, name: str, reason: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    assert reason in faults(key, audio=Asset(hash="a", path=str(path)))["audio"]


def test_a_good_local_sample_passes_whatever_its_length(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(24_000)
        file.writeframes(b"\0\0" * 24_000)
    path = tmp_path / "a.wav"
    path.write_bytes(buffer.getvalue())
    assert faults("coze", audio=Asset(hash="a", path=str(path))) == {}
