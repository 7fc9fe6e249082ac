"""The functions: what the accounts hold, every page, filtered, and with fresh URLs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import test_vendor_coze
import test_vendor_kling
import volcengine_face
from fake_vendor import Answer, FakeVendor
from memory_vendor import FLAVOURS
from stack import Fixture

from voiceclone_provider.account.account import Account
from voiceclone_provider.codegen.schema import package
from voiceclone_provider.core.errors import NotFoundError
from voiceclone_provider.core.values import UNKNOWN
from voiceclone_provider.lifecycle import functions
from voiceclone_provider.vendors import VENDORS
from voiceclone_provider.vendors.base import Status, Vendor
from voiceclone_provider.vendors.coze.client import Coze
from voiceclone_provider.vendors.coze.models import CozeConfig
from voiceclone_provider.voice.registry import Registry

SCHEMA = package()

NOBODY = Registry(Path("nobody", "writes", "here"))


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeVendor]:
    with FakeVendor() as vendor:
        yield vendor


def ask(vendor: Vendor[Any], function: str, /, **arguments: Any) -> functions.Answer:
    account = Account(vendor, threading.Event(), NOBODY)
    return functions.call(lambda: account, functions.functions(vendor.facts.key)[function], arguments)


def coze(fake: FakeVendor) -> Coze:
    return Coze.connect(CozeConfig(coze_token="t", coze_base_url=fake.url), threading.Event())


def refused() -> Account:
    raise AssertionError("the vendor was asked")


@pytest.mark.parametrize("key", FLAVOURS)
def test_one_voice_as_it_is_now(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.up("first")
    answer = stack.process.invoke(key, "getVoice", {"voiceId": stack.voice_id})
    found = answer.properties
    assert found["id"] == stack.voice_id
    assert found["voiceId"] == stack.state["voiceId"]
    assert (found["status"], found["account"]) == ("Ready", "memory")
    assert found["previewUrl"].endswith("training=1")
    assert found.get("availableTrainings") == stack.state.get("availableTrainings")
    declared = SCHEMA["functions"][f"voiceclone:{key}:getVoice"]["outputs"]
    assert found.keys() <= declared["properties"].keys()
    assert set(declared["required"]) <= found.keys()
    assert "pendingTraining" not in declared["properties"]


@pytest.mark.parametrize("key", FLAVOURS)
def test_a_preview_url_is_fresh_each_time(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.up("first")
    for trainings in (1, 2):
        found = stack.process.invoke(key, "getVoices", {}).properties["voices"]
        (voice,) = [voice for voice in found if voice["id"] == stack.voice_id]
        assert voice["previewUrl"].endswith(f"training={trainings}")
        stack.world.retrain_elsewhere(stack.voice_id)


@pytest.mark.parametrize("key", FLAVOURS)
def test_a_voice_that_is_not_there_is_told(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.up("first")
    for voice in ("nobody", stack.voice_id):
        with pytest.raises(NotFoundError, match="no such voice"):
            stack.process.invoke(key, "getVoice", {"voiceId": voice})
        stack.world.voices[stack.voice_id].gone = True


@pytest.mark.parametrize("key", FLAVOURS)
def test_voices_can_be_chosen_by_status_and_name(stack_at: Fixture, key: str) -> None:
    stack = stack_at(key)
    stack.world.trained(name="one", voice_id="S_one")
    stack.world.trained(name="two", voice_id="S_two")
    stack.world.make(name="two", voice_id="S_three")
    stack.world.trained(name="two", voice_id="S_gone").gone = True

    def found(**wanted: str) -> set[str]:
        answer = stack.process.invoke(key, "getVoices", dict(wanted))
        assert answer.faults == []
        return {voice["id"] for voice in answer.properties["voices"]} - {"S_1", "S_2", "S_3"}

    assert found() == {"S_one", "S_two", "S_three"}
    assert found(status="Ready") == {"S_one", "S_two"}
    assert found(status="Pending") == {"S_three"}
    if key != "volcengine":
        assert found(status="Ready", name="two") == {"S_two"}


@pytest.mark.parametrize("key", VENDORS)
def test_an_answer_is_not_known_before_its_arguments_are(key: str) -> None:
    one, many = functions.functions(key)["getVoice"], functions.functions(key)["getVoices"]
    answer = functions.call(refused, one, {"voiceId": UNKNOWN})
    assert set(answer.properties.values()) == {UNKNOWN}
    assert {"id", "voiceId", "status", "previewUrl"} <= answer.properties.keys()
    assert functions.call(refused, many, {"status": UNKNOWN}).properties == {"voices": UNKNOWN}


@pytest.mark.parametrize(
    ("key", "name", "arguments", "reasons"),
    [
        ("coze", "getVoice", {}, ["voiceId is missing"]),
        ("kling", "getVoice", {"voiceId": ""}, ["voiceId is ''"]),
        ("qiniu", "getVoices", {"status": "Good", "names": []}, ["must be one of 'Pending'", "names is not"]),
        ("volcengine", "getVoices", {"expiresBefore": "2030-01-01"}, ["which is not a time"]),
        ("coze", "getVoices", {"modelType": "huge"}, ["must be one of 'big' or 'small'"]),
    ],
)
def test_every_fault_is_told_before_the_vendor_is_asked(
    key: str, name: str, arguments: dict[str, Any], reasons: list[str]
) -> None:
    answer = functions.call(refused, functions.functions(key)[name], arguments)
    assert answer.properties == {}
    told = " | ".join(fault.reason for fault in answer.faults)
    assert len(answer.faults) == len(reasons)
    assert all(reason in told for reason in reasons), told


def test_volcengine_filters_at_the_vendor(fake: FakeVendor) -> None:
    vendor = volcengine_face.connect(fake, volcengineAccessKey="ak", volcengineSecretKey="sk")
    slots = [volcengine_face.slot(f"S_{number}") for number in range(101)]
    told = {"TotalCount": 101}
    for first, last in ((0, 100), (100, 101)):
        fake.script.append(Answer(volcengine_face.page(*slots[first:last], **told)))
    fake.requests.clear()
    answer = ask(
        vendor,
        "getVoices",
        status="Ready",
        speakerIds=[slot["SpeakerID"] for slot in slots],
        expiresBefore="2030-01-01T00:00:00+08:00",
    )
    assert len(answer.properties["voices"]) == 101
    assert [request.json["PageNumber"] for request in fake.requests] == [1, 2]
    for request in fake.requests:
        assert len(request.json["SpeakerIDs"]) == 101
        assert (request.json["State"], request.json["ExpireTimeEnd"]) == ("Success", 1893427199999)
    sent = len(fake.requests)
    assert ask(vendor, "getVoices", speakerIds=[]).properties == {"voices": []}
    assert len(fake.requests) == sent, "an empty list is no filter to the vendor"


@pytest.mark.parametrize(
    ("arguments", "sent"),
    [
        ({}, {"filter_system_voice": "true", "voice_state": "all"}),
        (
            {"systemVoices": True, "modelType": "small", "status": "Ready"},
            {"filter_system_voice": "false", "voice_state": "cloned", "model_type": "small"},
        ),
        ({"status": "Pending"}, {"filter_system_voice": "true", "voice_state": "init"}),
        ({"status": "Failed"}, {"filter_system_voice": "true", "voice_state": "all"}),
    ],
)
def test_coze_filters_at_the_vendor(fake: FakeVendor, arguments: Any, sent: dict[str, str]) -> None:
    system = test_vendor_coze.voice("7", is_system_voice=True, name="theirs")
    own = test_vendor_coze.voice("8", name="ours")
    reply = test_vendor_coze.envelope({"voice_list": [system, own], "has_more": False})
    fake.script.append(Answer(reply))
    found = ask(coze(fake), "getVoices", **arguments).properties["voices"]
    assert fake.requests[-1].query == {**sent, "page_num": "1", "page_size": "100"}
    wanted = {} if arguments.get("status") in (None, "Ready") else {"nothing": True}
    expected = [] if wanted else [("theirs", True), ("ours", None)][not arguments.get("systemVoices") :]
    assert [(voice["name"], voice.get("isSystemVoice")) for voice in found] == expected


@pytest.mark.parametrize(
    ("arguments", "names"), [({}, {"阳光少年", "新闻播报男"}), ({"name": "阳光少年"}, {"阳光少年"})]
)
def test_klings_own_voices(fake: FakeVendor, arguments: Any, names: set[str]) -> None:
    def preset(voice_id: str, name: str) -> dict[str, Any]:
        voice = {"voice_id": voice_id, "voice_name": name, "trial_url": "https://x/a.wav"}
        return {**test_vendor_kling.task(), "task_result": {"voices": [{**voice, "owned_by": "kling"}]}}

    fake.script.append(
        Answer(test_vendor_kling.envelope([preset("1", "阳光少年"), preset("2", "新闻播报男")]))
    )
    found = ask(test_vendor_kling.connect(fake), "getPresetVoices", **arguments).properties["voices"]
    assert {voice["name"] for voice in found} == names
    assert {voice["ownedBy"] for voice in found} == {"kling"}
    assert fake.requests[-1].path == "/v1/general/presets-voices"


def test_kling_is_asked_by_any_of_its_ids(fake: FakeVendor) -> None:
    missing, task = test_vendor_kling.MISSING, test_vendor_kling.task()
    for answer in (
        missing,
        Answer(test_vendor_kling.envelope([task])),
        Answer(test_vendor_kling.envelope(task)),
    ):
        fake.script.append(answer)
    found = ask(test_vendor_kling.connect(fake), "getVoice", voiceId=test_vendor_kling.VOICE).properties
    assert (found["id"], found["voiceId"]) == (test_vendor_kling.TASK, test_vendor_kling.VOICE)


@pytest.mark.parametrize("key", VENDORS)
def test_the_schema_declares_what_there_is(key: str) -> None:
    for name, function in functions.functions(key).items():
        declared = SCHEMA["functions"][f"voiceclone:{key}:{name}"]
        assert set(declared["outputs"]["properties"]) == set(function.results)
        assert declared["description"]
        assert all(spec["description"] for spec in declared["inputs"]["properties"].values())
    assert SCHEMA["functions"][f"voiceclone:{key}:getVoice"]["inputs"]["required"] == ["voiceId"]
    assert SCHEMA["functions"][f"voiceclone:{key}:getVoices"]["inputs"]["required"] == []


@pytest.mark.parametrize("key", VENDORS)
def test_a_failed_voice_tells_why(key: str, stack_at: Fixture) -> None:
    stack = stack_at(key)
    voice = stack.world.make(status=Status.FAILED, error="too much noise")
    found: Callable[[str], Any] = stack.process.invoke(
        key, "getVoice", {"voiceId": voice.voice_id}
    ).properties.get
    assert (found("status"), found("lastError")) == ("Failed", "too much noise")


@pytest.mark.parametrize("key", FLAVOURS)
def test_what_could_be_imported_is_listed(key: str, stack_at: Fixture) -> None:
    stack = stack_at(key)
    stack.world.trained(voice_id="S_one", name="one")
    stack.world.make(voice_id="S_place")
    stack.world.trained(voice_id="S_gone").gone = True
    assert stack.process.listed(key) == [functions.Listed("S_one", "one")]
