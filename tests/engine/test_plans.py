"""What a preview promises."""

from __future__ import annotations

import pytest

from .emulator import Emulator
from .stack import Stack
from .voices import VENDORS, Vendor

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
KEEPING = [vendor for vendor in VENDORS.values() if vendor.keeps_id]


def test_a_new_voice_has_no_id_yet(stack: Stack, emulator: Emulator, vendor: Vendor) -> None:
    stack.program({"voice": vendor.resource(emulator)})
    step = stack.planned()["voice"]
    assert step.op == "create"
    assert step.outputs["voiceId"] == UNKNOWN
    assert step.outputs["status"] == UNKNOWN
    assert emulator.changing() == []


@pytest.mark.parametrize("vendor", KEEPING, ids=lambda vendor: vendor.key)
def test_a_retraining_keeps_the_id_known(stack: Stack, emulator: Emulator, vendor: Vendor) -> None:
    stack.program({"voice": vendor.resource(emulator)})
    stack.up()
    sent = emulator.changing()
    stack.program({"voice": vendor.resource(emulator, take=2)})
    step = stack.planned()["voice"]
    assert step.op == "update"
    assert step.outputs["voiceId"] == stack.output("voiceId")
    assert {step.outputs[name] for name in ("status", "trainedOn", "trainedVersion")} == {UNKNOWN}
    assert emulator.changing() == sent


def test_kling_replaces_and_creates_first(stack: Stack, emulator: Emulator) -> None:
    vendor = VENDORS["kling"]
    stack.program({"voice": vendor.resource(emulator)})
    stack.up()
    stack.program({"voice": vendor.resource(emulator, take=2)})
    assert stack.planned()["voice"].op == "create-replacement"
    stack.up()
    assert emulator.changing()[-2:] == ["kling POST create", "kling POST delete"]


def test_a_plan_can_be_saved_and_kept_to(stack: Stack, emulator: Emulator) -> None:
    vendor = VENDORS["coze"]
    stack.environment["PULUMI_EXPERIMENTAL"] = "true"
    for take in (1, 2):
        stack.program({"voice": vendor.resource(emulator, take)}, {"id": "${voice.voiceId}"})
        stack.must("preview", "--save-plan", "plan.json")
        stack.up("--plan", "plan.json")
    assert emulator.voice("coze")["trainings"] == 2
