"""Sixteen voices at once."""

from __future__ import annotations

from typing import Any

from .emulator import Emulator, eventually
from .stack import Stack
from .voices import VENDORS


def test_sixteen_voices_train_side_by_side(stack: Stack, emulator: Emulator) -> None:
    voices = {}
    for number in range(4):
        for vendor in VENDORS.values():
            name: dict[str, Any] = {"name": f"v{number}"} if vendor.rename else {}
            voices[f"{vendor.key}-{number}"] = vendor.resource(emulator, **name)
    stack.program(voices)
    for vendor in VENDORS.values():
        emulator.fault(vendor.key, "train-forever", times=0)
    process = stack.start("up", "--yes", "--skip-preview", "--parallel", "16")

    def all_in_training() -> bool:
        seen = [voice["status"] for key in VENDORS for voice in emulator.voices(key)]
        return seen == ["training"] * len(voices)

    eventually(all_in_training, 120)
    emulator.finish()
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, out + err

    resources = stack.resources()
    assert resources.keys() == voices.keys()
    assert {resource["outputs"]["status"] for resource in resources.values()} == {"Ready"}
    for vendor in VENDORS.values():
        known = emulator.voices(vendor.key)
        assert [voice["trainings"] for voice in known] == [1, 1, 1, 1]
        ids = {r["id"] for r in resources.values() if r["type"] == vendor.type}
        assert {voice["id"] for voice in known} == ids
    stack.nothing_to_do()
    assert len(emulator.changing()) == sum(4 * vendor.creating for vendor in VENDORS.values())
