"""A voice that the program names is never deleted, whatever happens between the engine's steps."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest

from .emulator import Emulator
from .faces import FACES
from .stack import Stack
from .voices import VENDORS, Vendor

EVERY = bool(os.environ.get("VOICECLONE_ALL_FAULTS"))
DELETING = [vendor for vendor in VENDORS.values() if vendor.deletes]


@pytest.fixture(params=FACES)
def stack_type(request: pytest.FixtureRequest) -> type[Stack]:
    """Each face in turn."""
    return FACES[request.param].stack


# `make faults` tries both.
FACES_TRIED = list(FACES) if EVERY else ["plugin"]
BOTH_FACES = pytest.mark.parametrize("stack_type", FACES_TRIED, indirect=True)
# Explicit providers and imports are things that dynamic providers do not have.
ONLY_PLUGIN = pytest.mark.parametrize("stack_type", ["plugin"], indirect=True)


def failing(emulator: Emulator, vendor: Vendor, **changed: Any) -> dict[str, Any]:
    return vendor.resource(emulator, **changed, audioUrl=f"{emulator.url}/_emulator/samples/none.wav")


def no_drift(stack: Stack) -> None:
    stack.must("refresh", "--preview-only", "--expect-no-changes")


def all_agree(stack: Stack, emulator: Emulator, *vendors: str) -> None:
    """State and vendors have the same voices, all of them ready, and a refresh finds nothing."""
    for key in vendors:
        held = [
            r["id"] for r in stack.resources().values() if r["outputs"]["voiceId"] and r["type"].count(key)
        ]
        assert sorted(held) == sorted(v["id"] for v in emulator.voices(key) if v["status"] == "ready")
    assert {r["outputs"]["status"] for r in stack.resources().values()} == {"Ready"}
    stack.nothing_to_do()
    no_drift(stack)


@BOTH_FACES
def test_back_to_the_sample_of_a_voice_that_was_to_be_replaced(stack: Stack, emulator: Emulator) -> None:
    kling, qiniu = VENDORS["kling"], VENDORS["qiniu"]
    good = {"kling": kling.resource(emulator), "qiniu": qiniu.resource(emulator)}
    bad = {"kling": failing(emulator, kling), "qiniu": failing(emulator, qiniu)}
    reference = {"id": "${kling.voiceId}"}
    stack.program(good, reference)
    stack.up()
    voices = {name: resource["id"] for name, resource in stack.resources().items()}

    stack.program(bad, reference)
    stack.up_fails()
    assert stack.resource("kling")["id"] == voices["kling"], "a training that failed leaves no voice"
    assert stack.must("stack", "output", "id").out.strip() == stack.output("voiceId", "kling")
    stack.program({**good, "qiniu": bad["qiniu"]}, reference)
    stack.up_fails()
    stack.program(good, reference)
    stack.up()

    assert {name: resource["id"] for name, resource in stack.resources().items()} == voices
    all_agree(stack, emulator, "kling", "qiniu")


def replacing(stack: Stack, *names: str) -> list[str]:
    """The words that ask an `up` for other voices."""
    return [word for name in names for word in ("--replace", stack.resource(name)["urn"])]


def test_a_replacement_right_after_an_update_is_a_new_voice(stack: Stack, emulator: Emulator) -> None:
    """Asked for in both ways: by the command's words, and by a mark in the state."""
    keys = [vendor.key for vendor in DELETING]
    stack.program({f"{v.key}-{n}": v.resource(emulator, name=f"take {n}") for v in DELETING for n in (1, 2)})
    stack.up()
    first = {name: resource["id"] for name, resource in stack.resources().items()}
    for key in keys:
        stack.must("state", "taint", "--yes", stack.resource(f"{key}-2")["urn"])
    stack.up(*replacing(stack, *(f"{key}-1" for key in keys)))
    assert all(resource["id"] != first[name] for name, resource in stack.resources().items())
    all_agree(stack, emulator, *keys)


@pytest.mark.in_process
@pytest.mark.parametrize(
    ("stack_type", "elsewhere"),
    [("plugin", False), *((face, True) for face in FACES_TRIED)],
    indirect=["stack_type"],
)
def test_a_replacement_whose_sibling_fails(stack: Stack, emulator: Emulator, elsewhere: bool) -> None:
    """`elsewhere`: each command runs on a machine that knows nothing of the others."""

    def moved() -> None:
        if elsewhere:
            stack.environment["PULUMI_HOME"] += "-next"

    # Named by the provider: every run finds them.
    voices = {vendor.key: vendor.resource(emulator, name=None) for vendor in DELETING}
    sibling = {
        **VENDORS["coze"].resource(emulator),
        "options": {"dependsOn": [f"${{{key}}}" for key in voices]},
    }
    stack.program(voices)
    stack.up()
    emulator.fault("coze", "status", code=403, body='{"code": 4101, "msg": "no"}', times=0)
    stack.program({**voices, "sibling": sibling})
    words = replacing(stack, *voices)
    moved()
    stack.up_fails(*words)
    emulator.no_faults()
    moved()
    stack.up()
    all_agree(stack, emulator, *voices)


@BOTH_FACES
def test_a_refused_deletion_and_the_way_back(stack: Stack, emulator: Emulator) -> None:
    kling = VENDORS["kling"]
    first, second = ({"voice": kling.resource(emulator, take)} for take in (1, 2))
    coze = {"sibling": VENDORS["coze"].resource(emulator)}
    stack.program(first)
    stack.up()
    delete = "/v1/general/delete-voices"
    emulator.fault("kling", "status", path=delete, code=403, body='{"code": 1103}', times=0)
    stack.program(second)
    stack.up_fails()
    emulator.fault("coze", "status", code=403, body='{"code": 4101, "msg": "no"}', times=0)
    stack.program({**first, **coze})
    stack.up_fails()
    emulator.no_faults()
    stack.up()
    all_agree(stack, emulator, "kling", "coze")


@pytest.mark.in_process
@ONLY_PLUGIN
def test_a_provider_of_its_own_for_a_voice_that_the_default_one_made(
    stack: Stack, emulator: Emulator
) -> None:
    """Another process for the same voice, in the same run."""
    voice = {"voice": VENDORS["kling"].resource(emulator, name=None)}
    stack.program(voice)
    stack.up()
    own = {"own": {"type": "pulumi:providers:voiceclone", "properties": {"klingApiKey": "emulator-token"}}}
    voice["voice"]["options"] = {"provider": "${own}"}
    stack.program(own | voice)
    stack.environment["PULUMI_HOME"] += "-next"
    stack.up()
    all_agree(stack, emulator, "kling")


@pytest.mark.in_process
@ONLY_PLUGIN
def test_two_stacks_with_the_same_voices(stack_type: type[Stack], new_stack: Any, emulator: Emulator) -> None:
    first: Stack = new_stack(emulator)
    first.program({vendor.key: vendor.resource(emulator) for vendor in DELETING})
    first.up()
    second = Stack(first.command, first.folder.with_name("second"), emulator.environment)
    second.home, second.environment["PULUMI_HOME"] = first.home, str(first.home)
    second.template(first.command, first.folder.with_name("second"))
    second.environment["PULUMI_STACK"] = "second"
    second.must("stack", "init", "second")
    held = {vendor.key: first.resource(vendor.key)["id"] for vendor in DELETING}
    wanted = [{"type": vendor.type, "name": vendor.key, "id": held[vendor.key]} for vendor in DELETING]
    (second.folder / "voices.json").write_text(json.dumps({"resources": wanted}))
    options = ("--yes", "--skip-preview", "--generate-code=false", "--protect=false")
    second.must("import", "--file", "voices.json", *options)
    told = first.destroy().told("warning")
    for vendor in DELETING:
        assert any("is in use by" in line and held[vendor.key] in line for line in told), told
        assert len(emulator.voices(vendor.key)) == 1
    second.destroy()
    for vendor in DELETING:
        assert emulator.voices(vendor.key) == []
