"""The life of a voice, on each vendor: what Pulumi's state says, and what the emulator saw."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from .emulator import Emulator
from .stack import SAMPLES, Stack
from .voices import VENDORS, Vendor

RENAMED = [vendor for vendor in VENDORS.values() if vendor.rename]
JUDGED_AT_ONCE = [vendor for vendor in VENDORS.values() if vendor.judges_at_once]
JUDGED_LATER = [vendor for vendor in VENDORS.values() if not vendor.judges_at_once]
REPLACED = [vendor for vendor in VENDORS.values() if vendor.replacing]


def sha256(vendor: Vendor, emulator: Emulator, take: int) -> str:
    """Of the sample that a voice is made of."""
    sample: Any = vendor.sample(emulator, take)
    place = sample["audioUrl"] if "audioUrl" in sample else sample["audio"]["fn::fileAsset"]
    return hashlib.sha256((SAMPLES / place.rpartition("/")[2]).read_bytes()).hexdigest()


def declare(stack: Stack, emulator: Emulator, vendor: Vendor, take: int = 1, **changed: Any) -> None:
    stack.program({"voice": vendor.resource(emulator, take, **changed)}, {"id": "${voice.voiceId}"})


def is_ready(
    stack: Stack, emulator: Emulator, vendor: Vendor, take: int, trainings: int, name: str = "voice"
) -> str:
    """Assert that state and emulator agree on one healthy voice; its resource ID."""
    resource = stack.resource(name)
    outputs = resource["outputs"]
    voice = emulator.voice(vendor.key)
    assert resource["id"] == voice["id"]
    assert outputs["voiceId"] == voice.get("voice_id", voice["id"])
    assert (outputs["status"], voice["status"]) == ("Ready", "ready")
    assert not resource.get("initErrors")
    assert not outputs.get("pendingTraining")
    assert not outputs.get("lastError")
    assert voice["trainings"] == trainings
    assert voice["audio_sha256"] == sha256(vendor, emulator, take)
    return str(resource["id"])


def test_made_once_left_alone_and_destroyed(stack: Stack, emulator: Emulator, vendor: Vendor) -> None:
    declare(stack, emulator, vendor)
    stack.must("preview")
    assert emulator.changing() == []
    shown = stack.up().text
    assert "training 0s, usually" in shown, "the progress is to be seen"
    is_ready(stack, emulator, vendor, take=1, trainings=1)
    made = emulator.changing()
    assert len(made) == vendor.creating

    stack.nothing_to_do()
    stack.refresh("--expect-no-changes")
    assert emulator.changing() == made

    done = stack.destroy()
    assert stack.resources() == {}
    if vendor.deletes:
        assert emulator.voices(vendor.key) == []
        assert len(emulator.changing()) == vendor.creating + 1
    else:
        # No delete endpoint: the voice stays, and that is said.
        kept = emulator.voice(vendor.key)
        assert emulator.changing() == made
        assert any(kept["id"] in line for line in done.told("warning"))


def test_a_changed_sample_trains_the_voice_again(stack: Stack, emulator: Emulator, vendor: Vendor) -> None:
    declare(stack, emulator, vendor)
    stack.up()
    before = is_ready(stack, emulator, vendor, take=1, trainings=1)
    trained_on = stack.output("trainedOn")

    declare(stack, emulator, vendor, take=2)
    stack.up()
    after = is_ready(stack, emulator, vendor, take=2, trainings=2 if vendor.keeps_id else 1)
    assert (after == before) is vendor.keeps_id
    assert stack.output("trainedOn") != trained_on
    assert len(emulator.changing()) == vendor.creating + vendor.retraining
    stack.nothing_to_do()
    assert len(emulator.changing()) == vendor.creating + vendor.retraining


def test_a_changed_trigger_trains_the_voice_again(stack: Stack, emulator: Emulator) -> None:
    vendor = VENDORS["qiniu"]
    declare(stack, emulator, vendor, retrainTriggers=[1, {"a": ["b"]}])
    stack.up()
    before = is_ready(stack, emulator, vendor, take=1, trainings=1)
    stack.nothing_to_do()
    declare(stack, emulator, vendor, retrainTriggers=[2, {"a": ["b"]}])
    stack.up()
    assert is_ready(stack, emulator, vendor, take=1, trainings=2) == before


@pytest.mark.parametrize("vendor", RENAMED, ids=[vendor.key for vendor in RENAMED])
def test_rename(stack: Stack, emulator: Emulator, vendor: Vendor) -> None:
    assert vendor.rename is not None
    declare(stack, emulator, vendor)
    stack.up()
    before = is_ready(stack, emulator, vendor, take=1, trainings=1)
    declare(stack, emulator, vendor, **vendor.rename)
    stack.up()
    trainings = 2 if vendor.renaming == "training" else 1
    after = is_ready(stack, emulator, vendor, take=1, trainings=trainings)
    assert (after == before) is (vendor.renaming != "replacement")
    assert emulator.voice(vendor.key)["name"] == vendor.rename["name"]
    stack.nothing_to_do()


@pytest.mark.parametrize("vendor", REPLACED, ids=[vendor.key for vendor in REPLACED])
def test_replacement(stack: Stack, emulator: Emulator, vendor: Vendor) -> None:
    assert vendor.replacing is not None
    declare(stack, emulator, vendor)
    stack.up()
    before = is_ready(stack, emulator, vendor, take=1, trainings=1)
    declare(stack, emulator, vendor, **vendor.replacing)
    stack.up()
    resource = stack.resource()
    voices = {voice["id"]: voice for voice in emulator.voices(vendor.key)}
    assert resource["id"] != before
    assert voices[resource["id"]]["trainings"] == 1
    assert (before in voices) is not vendor.deletes
    stack.nothing_to_do()


@pytest.mark.parametrize("vendor", JUDGED_LATER, ids=lambda vendor: vendor.key)
def test_a_failed_training_is_kept_and_mended(stack: Stack, emulator: Emulator, vendor: Vendor) -> None:
    emulator.fault(vendor.key, "train-fail", times=1, message="no human voice")
    declare(stack, emulator, vendor)
    stack.up_fails()
    failed = stack.resource()
    assert failed["id"] == emulator.voice(vendor.key)["id"]
    assert failed["initErrors"]
    assert failed["outputs"]["status"] == "Failed"
    assert failed["outputs"]["lastError"]
    sent = emulator.changing()

    # The same sample would fail again, and cost another training.
    stack.up_fails()
    assert emulator.changing() == sent
    assert stack.resource()["id"] == failed["id"]

    declare(stack, emulator, vendor, take=2)
    stack.up()
    resource = stack.resource()
    assert (resource["id"] == failed["id"]) is vendor.keeps_id
    assert not resource.get("initErrors")
    assert resource["outputs"]["status"] == "Ready"
    stack.nothing_to_do()


@pytest.mark.parametrize("vendor", JUDGED_AT_ONCE, ids=lambda vendor: vendor.key)
def test_a_refused_sample_is_not_sent_again(stack: Stack, emulator: Emulator, vendor: Vendor) -> None:
    emulator.fault(vendor.key, "train-fail", times=1, message="no human voice")
    declare(stack, emulator, vendor)
    assert any("no human voice" in line for line in stack.up_fails().told("error"))
    assert stack.resources() == {}
    assert emulator.voices(vendor.key) == []
    sent = emulator.changing()
    assert len(sent) == 1
    for command in ("preview",), ("up", "--yes", "--skip-preview"):
        assert any("no human voice" in line for line in stack.fails(*command).told("error"))
    assert emulator.changing() == sent

    declare(stack, emulator, vendor, take=2)
    stack.up()
    before = is_ready(stack, emulator, vendor, take=2, trainings=1)

    # The same for a voice that exists: it stays what it was.
    emulator.fault(vendor.key, "train-fail", times=1, message="too noisy")
    declare(stack, emulator, vendor, take=1, text="other words")
    stack.up_fails()
    sent = emulator.changing()
    stack.up_fails()
    assert emulator.changing() == sent
    declare(stack, emulator, vendor, take=2)
    stack.up()
    assert is_ready(stack, emulator, vendor, take=2, trainings=1) == before
    assert emulator.changing() == sent
    stack.nothing_to_do()


def test_a_voice_deleted_behind_the_stacks_back_comes_back(
    stack: Stack, emulator: Emulator, vendor: Vendor
) -> None:
    name = {"name": "bystander"} if vendor.rename else {}
    stack.program(
        {"voice": vendor.resource(emulator), "bystander": vendor.resource(emulator, take=2, **name)}
    )
    stack.up()
    before = stack.resource()["id"]
    bystander = stack.resource("bystander")["id"]
    emulator.delete(vendor.key, before)
    stack.refresh()
    assert stack.resources().keys() == {"bystander"}
    stack.up()
    resource = stack.resource()
    assert resource["outputs"]["status"] == "Ready"
    assert resource["id"] != before
    alive = {voice["id"] for voice in emulator.voices(vendor.key) if voice["status"] == "ready"}
    assert alive == {resource["id"], bystander}
    stack.nothing_to_do()


def test_an_empty_account_is_no_proof_of_a_deletion(stack: Stack, emulator: Emulator) -> None:
    """It may be the wrong account: nothing leaves the state."""
    vendor = VENDORS["coze"]
    declare(stack, emulator, vendor)
    stack.up()
    emulator.delete(vendor.key, stack.resource()["id"])
    result = stack.fails("refresh", "--yes", "--skip-preview")
    assert any("cozeToken" in line for line in result.told("error"))
    assert stack.output("status") == "Ready"


@pytest.mark.parametrize("vendor", [v for v in VENDORS.values() if v.keeps_id], ids=lambda vendor: vendor.key)
def test_a_voice_trained_by_somebody_else_is_trained_again(
    stack: Stack, emulator: Emulator, vendor: Vendor
) -> None:
    declare(stack, emulator, vendor)
    stack.up()
    before = is_ready(stack, emulator, vendor, take=1, trainings=1)
    emulator.retrain(vendor.key, before)
    settled = [voice["status"] for voice in emulator.voices(vendor.key)]
    while settled != ["ready"]:
        settled = [voice["status"] for voice in emulator.voices(vendor.key)]
    stack.refresh()
    if vendor.key == "qiniu":  # shows neither a counter nor a time: nobody can tell
        return
    assert stack.output("trainedOn") == "external"
    stack.up()
    assert is_ready(stack, emulator, vendor, take=1, trainings=3) == before


def test_import_changes_nothing_at_the_vendor(stack: Stack, emulator: Emulator, vendor: Vendor) -> None:
    declare(stack, emulator, vendor)
    stack.up()
    voice = is_ready(stack, emulator, vendor, take=1, trainings=1)
    sent = emulator.changing()
    stack.must("state", "delete", "--yes", stack.resource()["urn"])
    assert stack.resources() == {}

    stack.must("import", "--yes", "--skip-preview", "--protect=false", vendor.type, "voice", voice)
    adopted = stack.resource()
    assert adopted["id"] == voice
    assert adopted["outputs"]["status"] == "Ready"
    assert "trainedOn" not in adopted["outputs"]
    stack.up()
    stack.nothing_to_do()
    assert stack.resource()["id"] == voice
    assert emulator.changing() == sent

    # Adopted, it is a voice like any other: another sample trains it.
    declare(stack, emulator, vendor, take=2)
    stack.up()
    assert (is_ready(stack, emulator, vendor, 2, 2 if vendor.keeps_id else 1) == voice) is vendor.keeps_id


def test_an_imported_voice_may_be_declared_with_less_than_the_vendor_tells(
    stack: Stack, emulator: Emulator
) -> None:
    vendor = VENDORS["qiniu"]
    declare(stack, emulator, vendor)
    stack.up()
    voice = is_ready(stack, emulator, vendor, take=1, trainings=1)
    sent = emulator.changing()
    stack.must("state", "delete", "--yes", stack.resource()["urn"])
    stack.must("import", "--yes", "--skip-preview", "--protect=false", vendor.type, "voice", voice)
    declare(stack, emulator, vendor, language=None, audioUrl=None)
    stack.up()
    declare(stack, emulator, vendor, language=None)
    stack.up()
    stack.nothing_to_do()
    assert stack.resource()["id"] == voice
    assert emulator.changing() == sent


@pytest.mark.parametrize("other", ["voice_id", "external_task_id"])
def test_kling_can_be_imported_by_its_other_ids(stack: Stack, emulator: Emulator, other: str) -> None:
    vendor = VENDORS["kling"]
    declare(stack, emulator, vendor, externalTaskId="ours-1")
    stack.up()
    voice = emulator.voice(vendor.key)
    named = {"voice_id": voice["voice_id"], "external_task_id": "ours-1"}[other]
    stack.must("state", "delete", "--yes", stack.resource()["urn"])
    stack.must("import", "--yes", "--skip-preview", "--protect=false", vendor.type, "voice", named)
    assert stack.resource()["id"] == voice["id"]
    stack.up()
    stack.nothing_to_do()
    assert len(emulator.changing()) == vendor.creating


def test_an_import_of_what_does_not_exist(stack: Stack, emulator: Emulator, vendor: Vendor) -> None:
    stack.program({})
    missing = {"volcengine": "S_notmine1", "coze": "7340000000000000000", "kling": "930801301486305328"}
    result = stack.fails("import", "--yes", vendor.type, "voice", missing.get(vendor.key, "voice_clone_none"))
    assert stack.resources() == {}
    assert emulator.changing() == []
    assert any("does not exist" in line for line in result.told("error"))
