"""Drift: whatever happens behind the stack's back is shown, and healed where it can be; nothing else is."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from .emulator import Emulator, eventually
from .stack import Stack, name_of
from .voices import VENDORS, Vendor, sha256

Act = Callable[[Emulator, str, str], None]


@dataclass(frozen=True)
class Kind:
    """One kind of drift.

    Arguments:
        act: what happens to a voice, given the emulator, the vendor and the voice's ID.
        shown: what a refresh says of it (`same` where the vendor hides it).
        trainings: how many the voice has when the stack is healed; None where it is another voice.
        told: what the `up` says that can only tell of it.
    """

    act: Act
    shown: str
    trainings: int | None
    told: str = ""


def retrain(emulator: Emulator, vendor: str, voice: str) -> None:
    emulator.retrain(vendor, voice)


def retrain_in_vain(emulator: Emulator, vendor: str, voice: str) -> None:
    emulator.retrain(vendor, voice)
    emulator.act(vendor, voice, "fail", code=1112, message="too noisy")


def delete(emulator: Emulator, vendor: str, voice: str) -> None:
    emulator.delete(vendor, voice)


def rename(emulator: Emulator, vendor: str, voice: str) -> None:
    emulator.act(vendor, voice, "rename", name="theirs")


def lock(emulator: Emulator, vendor: str, voice: str) -> None:
    emulator.act(vendor, voice, "lock")


def nothing(emulator: Emulator, vendor: str, voice: str) -> None:
    """The others' drift must not be taken for this one's."""


KINDS: dict[str, dict[str, Kind]] = {
    "volcengine": {
        "reclaimed": Kind(delete, "delete", None),
        "retrained": Kind(retrain, "update", 3),
        "retrained-in-vain": Kind(retrain_in_vain, "update", 3),
        "locked": Kind(lock, "update", 1, "cannot be trained again"),
        "renamed": Kind(rename, "same", 1),
        "untouched": Kind(nothing, "same", 1),
    },
    "coze": {
        "deleted": Kind(delete, "delete", None),
        "retrained": Kind(retrain, "update", 3),
        "renamed": Kind(rename, "update", 1, "the voice was renamed to 'theirs'"),
        "untouched": Kind(nothing, "same", 1),
    },
    "qiniu": {
        "deleted": Kind(delete, "delete", None),
        "renamed": Kind(rename, "update", 1),
        "retrained-in-vain": Kind(retrain_in_vain, "update", 3),
        "retrained": Kind(retrain, "same", 2),
        "untouched": Kind(nothing, "same", 1),
    },
    "kling": {
        "deleted": Kind(delete, "delete", None),
        "renamed": Kind(rename, "same", 1),
        "untouched": Kind(nothing, "same", 1),
    },
}


def shown(stack: Stack, *, drift: bool) -> dict[str, str]:
    """What a refresh says of each voice, with the exit code that a schedule acts on."""
    log = stack.folder.with_name("refresh.json")
    log.unlink(missing_ok=True)
    result = stack.run("refresh", "--preview-only", "--expect-no-changes", "--event-log", str(log))
    assert (result.code != 0) is drift, result.text
    ops = {}
    for line in log.read_text().splitlines():
        metadata = json.loads(line).get("resOutputsEvent", {}).get("metadata")
        if metadata and metadata["type"].startswith("voiceclone:"):
            ops[name_of(metadata["urn"])] = metadata["op"]
    return ops


def declare(stack: Stack, emulator: Emulator, vendor: Vendor, *names: str, **changed: Any) -> None:
    named: dict[str, Any] = {name: {"name": name} if vendor.rename else {} for name in names}
    stack.program({name: vendor.resource(emulator, **named[name], **changed) for name in names})


def test_drift_is_shown_and_healed(stack: Stack, emulator: Emulator) -> None:
    """Of all kinds, at all vendors, together."""
    kinds = {f"{key} {kind}": found for key, each in KINDS.items() for kind, found in each.items()}
    vendors = {name: VENDORS[name.partition(" ")[0]] for name in kinds}
    names: dict[str, dict[str, Any]] = {
        name: {"name": name.partition(" ")[2]} if vendor.rename else {} for name, vendor in vendors.items()
    }
    stack.program({name: vendor.resource(emulator, **names[name]) for name, vendor in vendors.items()})
    stack.up("--parallel", "32")
    assert set(shown(stack, drift=False).values()) == {"same"}
    before = {name: resource["id"] for name, resource in stack.resources().items()}
    sent = emulator.changing()

    for name, kind in kinds.items():
        kind.act(emulator, vendors[name].key, before[name])
    stack.later()
    assert shown(stack, drift=True) == {name: kind.shown for name, kind in kinds.items()}
    stack.refresh()
    assert emulator.changing() == sent, "a refresh only reads"
    healed = stack.up("--parallel", "32")
    for kind in kinds.values():
        assert kind.told in healed.text

    assert set(shown(stack, drift=False).values()) == {"same"}
    stack.nothing_to_do()
    voices = {voice["id"]: voice for key in KINDS for voice in emulator.voices(key)}
    for name, resource in stack.resources().items():
        vendor, voice, trainings = vendors[name], voices[resource["id"]], kinds[name].trainings
        assert (resource["id"] == before[name]) is (trainings is not None)
        assert voice["trainings"] == (trainings or 1)
        if kinds[name].act is not retrain or trainings == 3:  # else nobody could see it
            assert voice["audio_sha256"] == sha256(vendor, emulator, take=1)
        assert voice["status"] == ("locked" if kinds[name].act is lock else "ready")
        if kinds[name].act is rename and vendor.renaming == "call":
            assert voice["name"] == name.partition(" ")[2]


@pytest.mark.in_process
def test_an_expired_slot_is_told_and_cannot_be_healed_here(stack: Stack, emulator: Emulator) -> None:
    vendor = VENDORS["volcengine"]
    declare(stack, emulator, vendor, "expired")
    stack.up()
    slot, sent = stack.resource("expired")["id"], emulator.changing()
    emulator.act("volcengine", slot, "expire")
    assert shown(stack, drift=True) == {"expired": "update"}
    stack.refresh()
    assert stack.output("status", "expired") == "Expired"
    told = stack.up_fails().text
    assert f"{slot}: the voice is expired" in told
    assert "Renew it in the vendor's console" in told
    emulator.act("volcengine", slot, "restore")
    stack.refresh()
    assert stack.output("status", "expired") == "Ready"
    assert shown(stack, drift=False) == {"expired": "same"}
    stack.nothing_to_do()
    assert emulator.changing() == sent


@pytest.mark.in_process
def test_a_strangers_training_that_a_refresh_saw_is_healed_where_nobody_counts(
    stack: Stack, emulator: Emulator
) -> None:
    vendor = VENDORS["qiniu"]
    declare(stack, emulator, vendor, "voice")
    stack.up()
    voice = stack.resource()["id"]
    emulator.act("qiniu", voice, "retrain", seconds=3600)
    stack.later()
    assert shown(stack, drift=True) == {"voice": "update"}
    stack.refresh()
    assert stack.output("status") == "Training"
    emulator.act("qiniu", voice, "finish")
    stack.refresh()
    assert stack.output("trainedOn") == "external"
    stack.up()
    assert emulator.voice("qiniu")["audio_sha256"] == sha256(vendor, emulator, take=1)
    assert shown(stack, drift=False) == {"voice": "same"}


@pytest.mark.in_process
def test_a_training_that_outlived_its_time_out_is_ours(stack: Stack, emulator: Emulator) -> None:
    resources = {}
    for key, vendor in VENDORS.items():
        emulator.fault(key, "train-forever", times=1)
        resources[key] = vendor.resource(emulator)
        resources[key]["options"] = {"customTimeouts": {"create": "1s"}}
    stack.program(resources)
    stack.up_fails("--continue-on-error")
    assert {key: stack.output("status", key) for key in VENDORS} == dict.fromkeys(VENDORS, "Training")
    for key in VENDORS:
        emulator.act(key, emulator.voice(key)["id"], "finish")
    sent = emulator.changing()
    stack.refresh()
    for key in VENDORS:
        assert stack.output("status", key) == "Ready"
        assert stack.output("trainedOn", key) not in (None, "external")
    assert set(shown(stack, drift=False).values()) == {"same"}
    stack.up()
    stack.nothing_to_do()
    assert emulator.changing() == sent, "nothing is trained twice"


@pytest.mark.in_process
def test_what_does_not_matter_is_never_shown(stack: Stack, emulator: Emulator) -> None:
    """URLs that expire, numbers or words for a status, another order, other names of fields."""
    emulator.switch(preview_seconds=1)
    stack.program({key: vendor.resource(emulator) for key, vendor in VENDORS.items()})
    stack.up()
    exported = stack.resources()
    for words in (True, False):
        emulator.switch(volcengine_status_strings=words, volcengine_given_names=words)
        before = emulator.previews("qiniu")
        eventually(lambda before=before: emulator.previews("qiniu") != before)  # type: ignore[misc]
        assert set(shown(stack, drift=False).values()) == {"same"}
        stack.refresh("--expect-no-changes")
    for key, resource in stack.resources().items():
        for kind in ("inputs", "outputs"):
            assert resource[kind] == exported[key][kind]


@pytest.mark.in_process
def test_an_empty_account_is_no_proof_of_a_deletion(stack: Stack, emulator: Emulator) -> None:
    """It may be the wrong account: nothing leaves the state."""
    declare(stack, emulator, VENDORS["coze"], "voice")
    stack.up()
    emulator.delete("coze", stack.resource()["id"])
    stack.later()
    result = stack.fails("refresh", "--yes", "--skip-preview")
    assert any("cozeToken" in line for line in result.told("error"))
    assert stack.output("status") == "Ready"
