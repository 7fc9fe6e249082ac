"""What a preview says of trainings and slots before any is spent."""

from __future__ import annotations

import pytest

from .emulator import Emulator
from .stack import Stack
from .voices import VENDORS

pytestmark = pytest.mark.in_process


def test_a_preview_tells_the_trainings_left(stack: Stack, emulator: Emulator) -> None:
    keys = ("volcengine", "coze")
    stack.program({key: VENDORS[key].resource(emulator) for key in keys})
    stack.up()
    sent = emulator.changing()
    voices = {key: stack.resource(key)["id"] for key in keys}
    stack.program({key: VENDORS[key].resource(emulator, take=2) for key in keys})
    for left, used in ((2, "one of 2 remaining trainings"), (1, "the last remaining training")):
        for key, voice in voices.items():
            emulator.act(key, voice, "quota", left=left)
        told = stack.must("preview").told("warning")
        assert [line for line in told if f"this update uses {used}" in line], told

    for key, voice in voices.items():
        emulator.act(key, voice, "quota", left=0)
        stack.program({key: VENDORS[key].resource(emulator, take=2)})
        refused = stack.fails("preview", "--target", stack.resource(key)["urn"]).text
        assert f"{voice}: no trainings are left for this voice (0 available)" in refused
        assert "Go back to the sample it was trained on, or declare another voice." in refused
    assert emulator.changing() == sent


def test_a_preview_fails_where_a_slot_cannot_be_trained(stack: Stack, emulator: Emulator) -> None:
    vendor = VENDORS["volcengine"]
    stack.program({"voice": vendor.resource(emulator)})
    stack.up()
    slot, sent = stack.resource()["id"], emulator.changing()
    stack.program({"voice": vendor.resource(emulator, take=2)})
    for verb, words in (
        ("lock", "cannot be trained again"),
        ("expire", "Renew it in the vendor's console"),
    ):
        emulator.act("volcengine", slot, verb)
        assert words in stack.fails("preview").text
    assert emulator.changing() == sent


def test_free_slots(stack: Stack, emulator: Emulator) -> None:
    """Twenty are bought. Each voice gets one of its own, the same one when it comes back."""
    vendor = VENDORS["volcengine"]
    voices = {"chosen": vendor.resource(emulator, speakerId="S_emulator07")}
    voices |= {f"voice-{number}": vendor.resource(emulator) for number in range(19)}
    stack.program(voices)
    stack.up("--parallel", "32")
    slots = {name: resource["id"] for name, resource in stack.resources().items()}
    assert len(set(slots.values())) == 20
    assert slots["chosen"] == "S_emulator07"
    assert {voice["trainings"] for voice in emulator.voices("volcengine")} == {1}

    stack.program({**voices, "one-more": vendor.resource(emulator)})
    refused = stack.fails("preview").text
    assert "the application has no free slot (20 slots: 20 in use)" in refused
    assert "Buy a slot in the speech console" in refused

    sent = emulator.changing()
    stack.destroy()
    stack.program(voices)
    stack.up("--parallel", "32")
    assert {name: resource["id"] for name, resource in stack.resources().items()} == slots
    assert emulator.changing() == sent, "what was kept is taken back as it is"
