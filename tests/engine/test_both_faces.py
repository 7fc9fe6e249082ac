"""One behaviour, whichever face a team chose: the same declarations through plugin and dynamic provider.

Everything that differs on purpose stands in `Face`.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from .emulator import Emulator
from .faces import DynamicStack
from .stack import Stack
from .test_life import declare, is_ready
from .voices import VENDORS, Vendor


@dataclass(frozen=True)
class Face:
    """How a face differs.

    Arguments:
        stack: how its programs are written.
        marks_failures: whether the engine itself knows that a voice in the state is not ready.
    """

    stack: type[Stack]
    marks_failures: bool


FACES = {"plugin": Face(Stack, True), "dynamic": Face(DynamicStack, False)}


@pytest.fixture(params=FACES)
def face(request: pytest.FixtureRequest) -> Face:
    return FACES[request.param]


@pytest.fixture
def new_stack(face: Face, cli: Path, template: Path, tmp_path: Path) -> Callable[[Emulator], Stack]:
    def make(emulator: Emulator) -> Stack:
        folder = tmp_path / "pulumi"
        shutil.copytree(template, folder)
        return face.stack(cli, folder, emulator.environment)

    return make


def declare_all(stack: Stack, emulator: Emulator, vendors: Iterable[Vendor], take: int) -> None:
    stack.program({vendor.key: vendor.resource(emulator, take) for vendor in vendors})


def test_a_life_on_every_vendor(stack: Stack, emulator: Emulator) -> None:
    """Made, left alone, looked at, trained on another sample, destroyed."""
    vendors = VENDORS.values()
    declare_all(stack, emulator, vendors, take=1)
    shown = stack.up().text
    assert ", usually " in shown, "the progress is to be seen"
    before = {vendor.key: is_ready(stack, emulator, vendor, 1, 1, vendor.key) for vendor in vendors}
    made = emulator.changing()
    assert len(made) == sum(vendor.creating for vendor in vendors)

    stack.up("--expect-no-changes")
    stack.refresh("--expect-no-changes")
    assert emulator.changing() == made

    declare_all(stack, emulator, vendors, take=2)
    stack.up()
    for vendor in vendors:
        after = is_ready(stack, emulator, vendor, 2, 2 if vendor.keeps_id else 1, vendor.key)
        assert (after == before[vendor.key]) is vendor.keeps_id
    sent = emulator.changing()
    assert len(sent) == len(made) + sum(vendor.retraining for vendor in vendors)

    done = stack.destroy()
    assert stack.resources() == {}
    for vendor in vendors:
        kept = emulator.voices(vendor.key)
        assert bool(kept) is not vendor.deletes
        assert all(any(voice["id"] in line for line in done.told("warning")) for voice in kept)
    assert len(emulator.changing()) == len(sent) + sum(vendor.deletes for vendor in vendors)


@pytest.mark.parametrize("vendor", [VENDORS["qiniu"], VENDORS["kling"]], ids=lambda vendor: vendor.key)
def test_a_failed_training_is_kept_and_mended(
    stack: Stack, face: Face, emulator: Emulator, vendor: Vendor
) -> None:
    emulator.fault(vendor.key, "train-fail", times=1, message="no human voice")
    declare(stack, emulator, vendor)
    result = stack.up_fails()
    failed = stack.resource()
    assert failed["id"] == emulator.voice(vendor.key)["id"]
    assert bool(failed.get("initErrors")) is face.marks_failures
    assert failed["outputs"]["status"] == "Failed"
    assert failed["outputs"]["lastError"] in result.text
    sent = emulator.changing()

    # The same sample would fail again, and cost another training.
    stack.up_fails()
    assert emulator.changing() == sent
    assert stack.resource()["id"] == failed["id"]

    declare(stack, emulator, vendor, take=2)
    stack.up()
    after = stack.resource()
    assert (after["id"] == failed["id"]) is vendor.keeps_id
    assert after["outputs"]["status"] == "Ready"
    assert not after["outputs"].get("lastError")
    stack.up("--expect-no-changes")


def test_a_sample_that_is_refused_at_once_leaves_nothing(stack: Stack, emulator: Emulator) -> None:
    vendor = VENDORS["coze"]
    emulator.fault(vendor.key, "train-fail", times=1, message="no human voice")
    declare(stack, emulator, vendor)
    assert any("no human voice" in line for line in stack.up_fails().told("error"))
    assert stack.resources() == {}
    sent = emulator.changing()
    assert any("no human voice" in line for line in stack.up_fails().told("error"))
    assert emulator.changing() == sent


def test_a_voice_deleted_behind_the_stacks_back_comes_back(stack: Stack, emulator: Emulator) -> None:
    vendor = VENDORS["qiniu"]
    declare(stack, emulator, vendor)
    stack.up()
    before = is_ready(stack, emulator, vendor, take=1, trainings=1)
    emulator.delete(vendor.key, before)
    stack.refresh()
    assert stack.resources() == {}
    stack.up()
    assert is_ready(stack, emulator, vendor, take=1, trainings=1) != before


def test_a_voice_trained_by_somebody_else_is_trained_again(stack: Stack, emulator: Emulator) -> None:
    vendor = VENDORS["volcengine"]
    declare(stack, emulator, vendor)
    stack.up()
    before = is_ready(stack, emulator, vendor, take=1, trainings=1)
    emulator.retrain(vendor.key, before)
    while emulator.voice(vendor.key)["status"] != "ready":
        pass
    stack.refresh()
    assert stack.output("trainedOn") == "external"
    stack.up()
    assert is_ready(stack, emulator, vendor, take=1, trainings=3) == before


def test_a_rename_and_a_replacement(stack: Stack, emulator: Emulator) -> None:
    vendor = VENDORS["qiniu"]
    declare(stack, emulator, vendor)
    stack.up()
    before = is_ready(stack, emulator, vendor, take=1, trainings=1)
    declare(stack, emulator, vendor, name="leader")
    stack.up()
    assert is_ready(stack, emulator, vendor, take=1, trainings=1) == before
    assert emulator.voice(vendor.key)["name"] == "leader"
    declare(stack, emulator, vendor, name="leader", language="en")
    stack.up()
    assert is_ready(stack, emulator, vendor, take=1, trainings=1) != before


def test_every_fault_is_told_at_once(stack: Stack, emulator: Emulator) -> None:
    text = {"fn::secret": "hidden words" * 200}
    declare(stack, emulator, VENDORS["coze"], language="xx", text=text, audio=None)
    result = stack.fails("preview")
    told = "\n".join(result.told("error"))
    assert "language is 'xx'" in told
    assert "the limit is 1,024 bytes" in told
    assert "audio" in told
    assert "hidden words" not in result.text
    assert emulator.changing() == []


def test_ctrl_c_in_a_training_then_up_goes_on(
    new_stack: Callable[[Emulator], Stack], slow_emulator: Emulator
) -> None:
    vendor, stack = VENDORS["coze"], new_stack(slow_emulator)
    declare(stack, slow_emulator, vendor)
    process = stack.start("up", "--yes", "--skip-preview")
    seen: list[str] = []
    while seen != ["training"]:
        seen = [voice["status"] for voice in slow_emulator.voices(vendor.key)]
    assert stack.interrupt(process).code != 0
    assert slow_emulator.voice(vendor.key)["status"] == "training", "the wait did not end at once"
    kept = stack.resource()
    assert kept["outputs"]["status"] == "Training"
    sent = slow_emulator.changing()

    stack.up()
    assert is_ready(stack, slow_emulator, vendor, take=1, trainings=1) == kept["id"]
    assert slow_emulator.changing() == sent
