"""Sixteen voices at once."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from .emulator import Emulator
from .stack import Stack
from .voices import VENDORS


def test_sixteen_voices_train_side_by_side(
    new_stack: Callable[[Emulator], Stack], slow_emulator: Emulator
) -> None:
    stack = new_stack(slow_emulator)
    voices = {}
    for number in range(4):
        for vendor in VENDORS.values():
            name: dict[str, Any] = {"name": f"v{number}"} if vendor.rename else {}
            voices[f"{vendor.key}-{number}"] = vendor.resource(slow_emulator, **name)
    stack.program(voices)
    start = time.monotonic()
    stack.up("--parallel", "16")
    took = time.monotonic() - start

    resources = stack.resources()
    assert resources.keys() == voices.keys()
    assert {resource["outputs"]["status"] for resource in resources.values()} == {"Ready"}
    for vendor in VENDORS.values():
        known = slow_emulator.voices(vendor.key)
        assert [voice["trainings"] for voice in known] == [1, 1, 1, 1]
        ids = {r["id"] for r in resources.values() if r["type"] == vendor.type}
        assert {voice["id"] for voice in known} == ids
    # Two trainings after one another would take this long by themselves.
    assert took < 2 * slow_emulator.training_seconds
    stack.nothing_to_do()
    assert len(slow_emulator.changing()) == sum(4 * vendor.creating for vendor in VENDORS.values())
