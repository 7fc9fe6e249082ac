"""Ctrl-C, a killed plugin and an outage in the middle of a training: never a second training."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

from .emulator import Emulator, eventually
from .stack import Stack
from .voices import VENDORS, Vendor


def in_training(emulator: Emulator, vendor: Vendor) -> bool:
    return [voice["status"] for voice in emulator.voices(vendor.key)] == ["training"]


def test_ctrl_c_in_a_training_then_up_goes_on(
    new_stack: Callable[[Emulator], Stack], slow_emulator: Emulator, vendor: Vendor
) -> None:
    stack = new_stack(slow_emulator)
    stack.program({"voice": vendor.resource(slow_emulator)})
    process = stack.start("up", "--yes", "--skip-preview")
    eventually(lambda: in_training(slow_emulator, vendor))
    result = stack.interrupt(process)
    assert result.code != 0
    assert in_training(slow_emulator, vendor), "the wait did not end at once"
    assert stack.plugins() == []

    kept = stack.resource()
    assert kept["id"] == slow_emulator.voice(vendor.key)["id"]
    assert kept["initErrors"]
    assert kept["outputs"]["status"] == "Training"
    sent = slow_emulator.changing()
    assert len(sent) == vendor.creating

    stack.up()
    done = stack.resource()
    assert done["id"] == kept["id"]
    assert done["outputs"]["status"] == "Ready"
    assert not done.get("initErrors")
    assert slow_emulator.changing() == sent
    assert slow_emulator.voice(vendor.key)["trainings"] == 1
    stack.nothing_to_do()


def test_ctrl_c_in_a_retraining_then_up_goes_on(
    new_stack: Callable[[Emulator], Stack], slow_emulator: Emulator, vendor: Vendor
) -> None:
    stack = new_stack(slow_emulator)
    stack.program({"voice": vendor.resource(slow_emulator)})
    stack.up()
    before = stack.resource()["id"]
    sent = len(slow_emulator.changing())
    stack.program({"voice": vendor.resource(slow_emulator, take=2)})
    process = stack.start("up", "--yes", "--skip-preview")
    eventually(lambda: len(slow_emulator.changing()) > sent)
    assert stack.interrupt(process).code != 0
    assert stack.resource()["initErrors"]  # of the new voice, where the old one is to be replaced

    stack.up()
    done = stack.resource()
    assert (done["id"] == before) is vendor.keeps_id
    assert done["outputs"]["status"] == "Ready"
    assert len(slow_emulator.changing()) == sent + vendor.retraining
    assert slow_emulator.voice(vendor.key)["trainings"] == (2 if vendor.keeps_id else 1)
    stack.nothing_to_do()


def test_a_plugin_killed_in_a_training_then_up_finds_the_voice(
    new_stack: Callable[[Emulator], Stack], slow_emulator: Emulator, vendor: Vendor
) -> None:
    stack = new_stack(slow_emulator)
    stack.program({"voice": vendor.resource(slow_emulator)})
    process = stack.start("up", "--yes", "--skip-preview")
    eventually(lambda: in_training(slow_emulator, vendor))
    for plugin in stack.plugins():
        os.kill(plugin, signal.SIGKILL)
    process.communicate(timeout=60)
    assert process.returncode != 0
    voice = slow_emulator.voice(vendor.key)

    stack.up()
    done = stack.resource()
    assert done["id"] == voice["id"]
    assert done["outputs"]["status"] == "Ready"
    assert slow_emulator.voice(vendor.key)["trainings"] == 1
    assert len(slow_emulator.changing()) == vendor.creating
    stack.nothing_to_do()


def test_an_automatic_name_finds_the_voice_without_the_journal(
    new_stack: Callable[[Emulator], Stack], slow_emulator: Emulator
) -> None:
    """The state and everything on this machine is lost; the name at the vendor still tells whose it is."""
    vendor = VENDORS["coze"]
    stack = new_stack(slow_emulator)
    stack.program({"voice": vendor.resource(slow_emulator, name=None)})
    process = stack.start("up", "--yes", "--skip-preview")
    eventually(lambda: in_training(slow_emulator, vendor))
    for plugin in stack.plugins():
        os.kill(plugin, signal.SIGKILL)
    process.communicate(timeout=60)
    stack.environment["PULUMI_HOME"] = str(stack.home.with_name("another-home"))

    stack.up()
    assert stack.resource()["id"] == slow_emulator.voice("coze")["id"]
    assert slow_emulator.voice("coze")["trainings"] == 1
