"""Voices that exist already come under management, without a call that changes anything."""

from __future__ import annotations

import json

import pytest

from .emulator import Emulator
from .stack import Stack
from .voices import ALL, VENDORS, Vendor, all_ready, declare, is_ready


def forget_all(stack: Stack) -> None:
    stack.must("state", "delete", "--all", "--yes")
    assert stack.resources() == {}


def adopt(stack: Stack, vendor: Vendor, named: str, name: str = "") -> None:
    options = ("--yes", "--skip-preview", "--protect=false")
    stack.must("import", *options, vendor.type, name or vendor.key, named)


def test_import_changes_nothing_at_the_vendor(stack: Stack, emulator: Emulator) -> None:
    declare(stack, emulator, ALL)
    stack.up()
    voices = all_ready(stack, emulator, ALL)
    sent = emulator.changing()
    forget_all(stack)
    wanted = [{"type": vendor.type, "name": vendor.key, "id": voices[vendor.key]} for vendor in ALL]
    (stack.folder / "voices.json").write_text(json.dumps({"resources": wanted}))
    stack.must("import", "--file", "voices.json", "--yes", "--skip-preview", "--protect=false")
    for vendor in ALL:
        adopted = stack.resource(vendor.key)
        assert adopted["id"] == voices[vendor.key]
        assert adopted["outputs"]["status"] == "Ready"
        assert "trainedOn" not in adopted["outputs"]
    stack.up()
    stack.nothing_to_do()
    assert all_ready(stack, emulator, ALL) == voices
    assert emulator.changing() == sent

    # Adopted, they are voices like any other: another sample trains them.
    declare(stack, emulator, ALL, take=2)
    stack.up()
    after = all_ready(stack, emulator, ALL, take=2)
    for vendor in ALL:
        assert (after[vendor.key] == voices[vendor.key]) is vendor.keeps_id


@pytest.mark.in_process
def test_an_imported_voice_may_be_declared_with_less_than_the_vendor_tells(
    stack: Stack, emulator: Emulator
) -> None:
    vendor = VENDORS["qiniu"]
    declare(stack, emulator, [vendor])
    stack.up()
    voice = is_ready(stack, emulator, vendor, take=1, trainings=1)
    sent = emulator.changing()
    forget_all(stack)
    adopt(stack, vendor, voice)
    declare(stack, emulator, [vendor], changed={"qiniu": {"language": None, "audioUrl": None}})
    stack.up()
    declare(stack, emulator, [vendor], changed={"qiniu": {"language": None}})
    stack.up()
    stack.nothing_to_do()
    assert stack.resource("qiniu")["id"] == voice
    assert emulator.changing() == sent


@pytest.mark.in_process
def test_kling_can_be_imported_by_its_other_ids(stack: Stack, emulator: Emulator) -> None:
    vendor = VENDORS["kling"]
    stack.program({key: vendor.resource(emulator, externalTaskId=key) for key in ("one", "other")})
    stack.up()
    made = {key: voice["id"] for key, voice in stack.resources().items()}
    voices = {voice["id"]: voice["voice_id"] for voice in emulator.voices("kling")}
    forget_all(stack)
    adopt(stack, vendor, "one", name="one")
    adopt(stack, vendor, voices[made["other"]], name="other")
    assert {key: voice["id"] for key, voice in stack.resources().items()} == made
    stack.up()
    stack.nothing_to_do()
    assert len(emulator.changing()) == 2 * vendor.creating


@pytest.mark.in_process
def test_an_import_of_what_does_not_exist(stack: Stack, emulator: Emulator, vendor: Vendor) -> None:
    stack.program({})
    missing = {"volcengine": "S_notmine1", "coze": "7340000000000000000", "kling": "930801301486305328"}
    result = stack.fails("import", "--yes", vendor.type, "voice", missing.get(vendor.key, "voice_clone_none"))
    assert stack.resources() == {}
    assert emulator.changing() == []
    assert any("does not exist" in line for line in result.told("error"))
