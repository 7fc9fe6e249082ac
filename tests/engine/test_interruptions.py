"""A plugin that is killed in the middle of trainings: never a second training."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

from .emulator import Emulator, eventually
from .stack import Stack
from .voices import ALL, VENDORS, all_ready, declare


def killed_in_training(stack: Stack, emulator: Emulator, count: int) -> None:
    """An `up` whose plugin dies when all its voices are in training."""
    process = stack.start("up", "--yes", "--skip-preview")

    def in_training() -> bool:
        seen = [voice["status"] for vendor in ALL for voice in emulator.voices(vendor.key)]
        return seen == ["training"] * count

    eventually(in_training)
    for plugin in stack.plugins():
        os.kill(plugin, signal.SIGKILL)
    process.communicate(timeout=60)
    assert process.returncode != 0


def test_a_plugin_killed_in_trainings_then_up_finds_the_voices(
    new_stack: Callable[[Emulator], Stack], slow_emulator: Emulator
) -> None:
    stack = new_stack(slow_emulator)
    declare(stack, slow_emulator, ALL)
    killed_in_training(stack, slow_emulator, len(ALL))
    voices = {vendor.key: slow_emulator.voice(vendor.key)["id"] for vendor in ALL}

    stack.up()
    assert all_ready(stack, slow_emulator, ALL) == voices
    assert len(slow_emulator.changing()) == sum(vendor.creating for vendor in ALL)
    stack.nothing_to_do()


def test_an_automatic_name_finds_the_voice_without_the_journal(
    new_stack: Callable[[Emulator], Stack], slow_emulator: Emulator
) -> None:
    """The state and everything on this machine is lost; the name at the vendor still tells whose it is."""
    vendor = VENDORS["coze"]
    stack = new_stack(slow_emulator)
    declare(stack, slow_emulator, [vendor], changed={"coze": {"name": None}})
    killed_in_training(stack, slow_emulator, 1)
    stack.environment["PULUMI_HOME"] = str(stack.home.with_name("another-home"))

    stack.up()
    assert stack.resource("coze")["id"] == slow_emulator.voice("coze")["id"]
    assert slow_emulator.voice("coze")["trainings"] == 1


def test_destroy_names_what_a_killed_create_left(
    new_stack: Callable[[Emulator], Stack], slow_emulator: Emulator
) -> None:
    """No state ever heard of these voices, so that the engine does not ask to delete them. (Of a stack
    without any other voice, Pulumi does not even start the plugin.)"""
    first, *others = ALL
    stack = new_stack(slow_emulator)
    declare(stack, slow_emulator, [first])
    stack.up()
    declare(stack, slow_emulator, ALL)
    process = stack.start("up", "--yes", "--skip-preview")
    eventually(lambda: all(slow_emulator.voices(vendor.key) for vendor in others))
    for plugin in stack.plugins():
        os.kill(plugin, signal.SIGKILL)
    process.communicate(timeout=60)

    said = stack.destroy().told("warning")
    named = {key for key in VENDORS for line in said if f"{key}: an interrupted run" in line}
    assert named == {vendor.key for vendor in others}
    sent = slow_emulator.changing()
    declare(stack, slow_emulator, others)
    stack.up()
    all_ready(stack, slow_emulator, others)
    assert len(slow_emulator.changing()) - len(sent) <= sum(vendor.creating for vendor in others)
    assert "an interrupted run" not in stack.up().text
