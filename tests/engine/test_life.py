"""The life of voices on every vendor, the same through plugin and dynamic provider.

All that the faces differ in on purpose stands in `Face`. What Pulumi's state says is held against what the
emulator saw.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .emulator import Emulator, eventually
from .faces import FACES, Face
from .stack import Stack
from .voices import ALL, VENDORS, Properties, Vendor, all_ready, declare, is_ready


@pytest.fixture(params=FACES)
def face(request: pytest.FixtureRequest) -> Face:
    return FACES[request.param]


# Where the plugin is not a matter of the engine's.
PLUGIN_IN_PROCESS = pytest.mark.parametrize(
    "face", [pytest.param("plugin", marks=pytest.mark.in_process), "dynamic"], indirect=True
)


@pytest.fixture
def stack_type(face: Face) -> type[Stack]:
    return face.stack


def test_made_left_alone_trained_again_and_destroyed(stack: Stack, emulator: Emulator) -> None:
    declare(stack, emulator, ALL)
    stack.must("preview")
    assert emulator.changing() == []
    shown = stack.up().text
    assert shown.count(", usually ") >= len(ALL), "the progress is to be seen"
    before = all_ready(stack, emulator, ALL)
    trained_on = {key: stack.output("trainedOn", key) for key in before}
    made = emulator.changing()
    assert len(made) == sum(vendor.creating for vendor in ALL)

    stack.nothing_to_do()
    stack.refresh("--expect-no-changes")
    assert emulator.changing() == made

    declare(stack, emulator, ALL, take=2)
    stack.up()
    after = all_ready(stack, emulator, ALL, take=2)
    for vendor in ALL:
        assert (after[vendor.key] == before[vendor.key]) is vendor.keeps_id
        assert stack.output("trainedOn", vendor.key) != trained_on[vendor.key]
    sent = emulator.changing()
    assert len(sent) == len(made) + sum(vendor.retraining for vendor in ALL)

    done = stack.destroy()
    assert stack.resources() == {}
    for vendor in ALL:
        kept = emulator.voices(vendor.key)
        assert bool(kept) is not vendor.deletes
        # No delete endpoint: the voice stays, and that is said.
        assert all(any(voice["id"] in line for line in done.told("warning")) for voice in kept)
    assert len(emulator.changing()) == len(sent) + sum(vendor.deletes for vendor in ALL)


def changes(vendor: Vendor) -> dict[str, tuple[Properties, Properties]]:
    """What is declared of voices of a vendor, first and then: another trigger, another name, and what only
    another voice can have."""

    def called(name: str) -> Properties:
        return {"name": name} if vendor.rename else {}

    found = {}
    if vendor.keeps_id:
        first, second = ({**called("trained"), "retrainTriggers": [turn, {"a": ["b"]}]} for turn in (1, 2))
        found["trigger"] = (first, second)
    if vendor.rename:
        found["name"] = (called("first"), vendor.rename)
    if vendor.replacing:
        found["replacing"] = (called("replaced"), {**called("replaced"), **vendor.replacing})
    return found


@PLUGIN_IN_PROCESS
def test_triggers_renames_and_replacements(stack: Stack, emulator: Emulator) -> None:
    """A rename is a call, a training or another voice, as the vendor makes it."""
    voices = {
        f"{vendor.key}-{what}": (vendor, what, properties)
        for vendor in ALL
        for what, properties in changes(vendor).items()
    }

    def declared(turn: int) -> None:
        stack.program({name: v.resource(emulator, **given[turn]) for name, (v, _, given) in voices.items()})
        stack.up()

    declared(0)
    before = {name: is_ready(stack, emulator, v, 1, 1, name) for name, (v, _, _) in voices.items()}
    declared(1)
    there = {v.key: {voice["id"]: voice for voice in emulator.voices(v.key)} for v in ALL}
    known: dict[str, set[str]] = {v.key: set() for v in ALL}
    for name, (vendor, what, _) in voices.items():
        costs = {"trigger": "training", "name": vendor.renaming, "replacing": "replacement"}[what]
        after = is_ready(stack, emulator, vendor, 1, 2 if costs == "training" else 1, name)
        assert (after == before[name]) is (costs != "replacement")
        if what == "name":
            assert there[vendor.key][after]["name"] == (vendor.rename or {})["name"]
        known[vendor.key] |= {after} if vendor.deletes else {before[name], after}
    assert {key: set(ids) for key, ids in there.items()} == known
    stack.nothing_to_do()


def test_a_failed_training_is_kept_and_mended(stack: Stack, face: Face, emulator: Emulator) -> None:
    vendors = [vendor for vendor in ALL if not vendor.judges_at_once]
    for vendor in vendors:
        emulator.fault(vendor.key, "train-fail", times=1, message="no human voice")
    declare(stack, emulator, vendors)
    told = stack.up_fails("--continue-on-error").text
    assert told.count("no human voice") >= len(vendors)
    failed = stack.resources()
    kept = [
        vendor for vendor in vendors if vendor.keeps_id
    ]  # of the others, a failed training makes no voice
    assert failed.keys() == {vendor.key for vendor in kept}
    for vendor in kept:
        resource = failed[vendor.key]
        assert [voice["id"] for voice in emulator.voices(vendor.key)] == [resource["id"]]
        assert bool(resource.get("initErrors")) is face.marks_failures
        assert resource["outputs"]["status"] == "Failed"
        assert resource["outputs"]["lastError"] in told
    sent = emulator.changing()

    # The same sample would fail again, and cost another training.
    stack.up_fails("--continue-on-error")
    assert emulator.changing() == sent
    assert {key: r["id"] for key, r in stack.resources().items()} == {k: r["id"] for k, r in failed.items()}

    declare(stack, emulator, vendors, take=2)
    stack.up()
    for vendor in vendors:
        mended = is_ready(stack, emulator, vendor, take=2, trainings=2 if vendor.keeps_id else 1)
        assert not vendor.keeps_id or mended == failed[vendor.key]["id"]
    stack.nothing_to_do()


@PLUGIN_IN_PROCESS
def test_a_refused_sample_is_not_sent_again(stack: Stack, face: Face, emulator: Emulator) -> None:
    """Where nothing is made of a sample that cannot be trained."""
    vendor = next((vendor for vendor in ALL if vendor.judges_at_once), None)
    if vendor is None:
        pytest.skip("the chosen vendors make a voice first")
    emulator.fault(vendor.key, "train-fail", times=1, message="no human voice")
    declare(stack, emulator, [vendor])
    assert any("no human voice" in line for line in stack.up_fails().told("error"))
    assert stack.resources() == {}
    assert emulator.voices(vendor.key) == []
    sent = emulator.changing()
    assert len(sent) == 1
    if face.warns_at_preview:
        assert any("no human voice" in line for line in stack.fails("preview").told("error"))
    assert any("no human voice" in line for line in stack.up_fails().told("error"))
    assert emulator.changing() == sent

    declare(stack, emulator, [vendor], take=2)
    stack.up()
    before = is_ready(stack, emulator, vendor, take=2, trainings=1)

    # The same for a voice that exists: it stays what it was.
    emulator.fault(vendor.key, "train-fail", times=1, message="too noisy")
    declare(stack, emulator, [vendor], changed={vendor.key: {"retrainTriggers": ["again"]}})
    stack.up_fails()
    sent = emulator.changing()
    stack.up_fails()
    assert emulator.changing() == sent
    declare(stack, emulator, [vendor], take=2)
    stack.up()
    assert is_ready(stack, emulator, vendor, take=2, trainings=1) == before
    assert emulator.changing() == sent


@PLUGIN_IN_PROCESS
def test_what_others_did_is_seen_and_healed(stack: Stack, emulator: Emulator) -> None:
    """Voices were deleted, trained or renamed by somebody else."""
    vendors = [vendor for vendor in ALL if vendor.elsewhere]
    declare(stack, emulator, vendors)
    stack.up()
    before = all_ready(stack, emulator, vendors)
    for vendor in vendors:
        if vendor.elsewhere == "delete":
            emulator.delete(vendor.key, before[vendor.key])
        else:
            details = {"name": "theirs"} if vendor.elsewhere == "rename" else {}
            emulator.act(vendor.key, before[vendor.key], vendor.elsewhere, **details)
    eventually(lambda: all(voice["status"] == "ready" for v in vendors for voice in emulator.voices(v.key)))
    stack.later()
    stack.refresh()
    seen = stack.resources()
    assert seen.keys() == {vendor.key for vendor in vendors if vendor.elsewhere != "delete"}
    for vendor in vendors:
        if vendor.elsewhere == "retrain":
            assert stack.output("trainedOn", vendor.key) == "external"
        if vendor.elsewhere == "rename":
            assert stack.output("name", vendor.key) == "theirs"
    stack.up()
    for vendor in vendors:
        trainings = 3 if vendor.elsewhere == "retrain" else 1
        after = is_ready(stack, emulator, vendor, take=1, trainings=trainings)
        assert (after == before[vendor.key]) is (vendor.elsewhere != "delete")
        if vendor.elsewhere == "rename":
            assert emulator.voice(vendor.key)["name"] == vendor.properties["name"]
    stack.nothing_to_do()


@PLUGIN_IN_PROCESS
def test_every_fault_is_told_at_once(stack: Stack, emulator: Emulator) -> None:
    coze = VENDORS["coze"]
    text = {"fn::secret": "hidden words" * 200}
    declare(stack, emulator, [coze], changed={"coze": {"language": "xx", "text": text, "audio": None}})
    result = stack.fails("preview")
    told = "\n".join(result.told("error"))
    assert "language is 'xx'" in told
    assert "text is invalid; its value is secret" in told
    assert "audio" in told
    assert "hidden words" not in result.text
    assert emulator.changing() == []


def test_ctrl_c_in_trainings_then_up_goes_on(
    new_stack: Callable[[Emulator], Stack], face: Face, slow_emulator: Emulator
) -> None:
    emulator, stack = slow_emulator, new_stack(slow_emulator)

    def in_training() -> bool:
        seen = [voice["status"] for vendor in ALL for voice in emulator.voices(vendor.key)]
        return seen == ["training"] * len(ALL)

    declare(stack, emulator, ALL)
    process = stack.start("up", "--yes", "--skip-preview")
    eventually(in_training)
    assert stack.interrupt(process).code != 0
    assert in_training(), "the wait did not end at once"
    assert stack.plugins() == []
    kept = stack.resources()
    for vendor in ALL:
        assert kept[vendor.key]["id"] == emulator.voice(vendor.key)["id"]
        assert bool(kept[vendor.key].get("initErrors")) is face.marks_failures
        assert kept[vendor.key]["outputs"]["status"] == "Training"
    sent = emulator.changing()
    assert len(sent) == sum(vendor.creating for vendor in ALL)

    stack.up()
    before = all_ready(stack, emulator, ALL)
    assert before == {key: resource["id"] for key, resource in kept.items()}
    assert emulator.changing() == sent

    # The same in another training of each.
    declare(stack, emulator, ALL, take=2)
    process = stack.start("up", "--yes", "--skip-preview")
    eventually(lambda: len(emulator.changing()) == len(sent) + len(ALL))
    assert stack.interrupt(process).code != 0
    stack.up()
    after = all_ready(stack, emulator, ALL, take=2)
    for vendor in ALL:
        assert (after[vendor.key] == before[vendor.key]) is vendor.keeps_id
    assert len(emulator.changing()) == len(sent) + sum(vendor.retraining for vendor in ALL)
    stack.nothing_to_do()


def test_an_engine_killed_in_trainings_then_up_finds_everything(
    new_stack: Callable[[Emulator], Stack], slow_emulator: Emulator
) -> None:
    """No state shows what the provider did."""
    emulator, stack = slow_emulator, new_stack(slow_emulator)

    def killed_after(requests: int) -> None:
        process = stack.start("up", "--yes", "--skip-preview")
        eventually(lambda: len(emulator.changing()) == requests)
        stack.kill(process)
        emulator.finish()
        stack.up()
        # The engine itself cannot know what became of creates, and keeps them in mind until it is told.
        stack.refresh("--clear-pending-creates", "--expect-no-changes")

    named = {vendor.key: vendor.rename or {} for vendor in ALL}  # not found by an automatic name
    made = sum(vendor.creating for vendor in ALL)
    declare(stack, emulator, ALL, changed=named)
    killed_after(made)
    before = all_ready(stack, emulator, ALL)
    assert len(emulator.changing()) == made

    declare(stack, emulator, ALL, take=2, changed=named)
    killed_after(made + len(ALL))
    after = all_ready(stack, emulator, ALL, take=2)
    for vendor in ALL:
        assert (after[vendor.key] == before[vendor.key]) is vendor.keeps_id
    assert len(emulator.changing()) == made + sum(vendor.retraining for vendor in ALL)
