"""What a preview promises."""

from __future__ import annotations

import pytest

from .emulator import Emulator
from .stack import Stack, Step
from .voices import ALL, VENDORS, declare

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


@pytest.mark.in_process
def test_new_voices_have_no_id_yet_and_trained_ones_keep_it(stack: Stack, emulator: Emulator) -> None:
    declare(stack, emulator, ALL)
    for step in voices(stack).values():
        assert step.op == "create"
        assert step.outputs["voiceId"] == step.outputs["status"] == UNKNOWN
    assert emulator.changing() == []

    stack.up()
    sent = emulator.changing()
    declare(stack, emulator, ALL, take=2)
    planned = voices(stack)
    for vendor in ALL:
        step = planned[vendor.key]
        if vendor.keeps_id:
            assert step.op == "update"
            assert step.outputs["voiceId"] == stack.output("voiceId", vendor.key)
            assert {step.outputs[name] for name in ("status", "trainedOn", "trainedVersion")} == {UNKNOWN}
    assert emulator.changing() == sent


def voices(stack: Stack) -> dict[str, Step]:
    return {name: step for name, step in stack.planned().items() if name in VENDORS}


@pytest.mark.in_process
def test_kling_replaces_and_creates_first(stack: Stack, emulator: Emulator) -> None:
    vendor = VENDORS["kling"]
    stack.program({"voice": vendor.resource(emulator)})
    stack.up()
    stack.program({"voice": vendor.resource(emulator, take=2)})
    assert stack.planned()["voice"].op == "create-replacement"
    stack.up()
    assert emulator.changing()[-2:] == ["kling POST create", "kling POST delete"]


@pytest.mark.usefixtures("cli")
def test_a_plan_can_be_saved_and_kept_to(stack: Stack, emulator: Emulator) -> None:
    vendor = VENDORS["coze"]
    stack.environment["PULUMI_EXPERIMENTAL"] = "true"
    for take in (1, 2):
        stack.program({"voice": vendor.resource(emulator, take)}, {"id": "${voice.voiceId}"})
        stack.must("preview", "--save-plan", "plan.json")
        stack.up("--plan", "plan.json")
    assert emulator.voice("coze")["trainings"] == 2
