"""A voice that the program names is never deleted, whatever happens between the engine's steps."""

from __future__ import annotations

from typing import Any

import pytest

from .emulator import Emulator
from .faces import FACES
from .stack import Stack
from .voices import VENDORS, Vendor

DELETING = [vendor for vendor in VENDORS.values() if vendor.deletes]


@pytest.fixture(params=FACES)
def stack_type(request: pytest.FixtureRequest) -> type[Stack]:
    """Each face in turn."""
    return FACES[request.param].stack


@pytest.fixture(params=DELETING, ids=lambda vendor: str(vendor.key))
def vendor(request: pytest.FixtureRequest) -> Vendor:
    """Each vendor that deletes."""
    chosen: Vendor = request.param
    return chosen


# Explicit providers and imports are things that dynamic providers do not have.
ONLY_PLUGIN = pytest.mark.parametrize("stack_type", [Stack], ids=["plugin"])


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


def replaced(stack: Stack, how: str) -> list[str]:
    """Ask for other voices in the next `up`; the words that it takes."""
    urns = [resource["urn"] for resource in stack.resources().values()]
    if how == "replace":
        return [word for urn in urns for word in ("--replace", urn)]
    for urn in urns:
        stack.must("state", "taint", "--yes", urn)
    return []


@pytest.mark.parametrize("how", ["replace", "taint"])
def test_a_replacement_right_after_an_update_is_a_new_voice(
    stack: Stack, emulator: Emulator, how: str
) -> None:
    stack.program({vendor.key: vendor.resource(emulator) for vendor in DELETING})
    stack.up()
    first = {name: resource["id"] for name, resource in stack.resources().items()}
    stack.up(*replaced(stack, how))
    assert all(resource["id"] != first[name] for name, resource in stack.resources().items())
    all_agree(stack, emulator, *first)


@pytest.mark.parametrize(
    ("stack_type", "elsewhere"),
    [(FACES["plugin"].stack, False), (FACES["plugin"].stack, True), (FACES["dynamic"].stack, True)],
    ids=["plugin-here", "plugin-elsewhere", "dynamic-elsewhere"],
)
def test_a_replacement_whose_sibling_fails(
    stack: Stack, emulator: Emulator, vendor: Vendor, elsewhere: bool
) -> None:
    """`elsewhere`: each command runs on a machine that knows nothing of the others."""

    def moved() -> None:
        if elsewhere:
            stack.environment["PULUMI_HOME"] += "-next"

    voice = {"voice": vendor.resource(emulator, name=None)}  # named by the provider: every run finds it
    sibling = {**VENDORS["coze"].resource(emulator), "options": {"dependsOn": ["${voice}"]}}
    stack.program(voice)
    stack.up()
    emulator.fault("coze", "status", code=403, body='{"code": 4101, "msg": "no"}', times=0)
    stack.program({**voice, "sibling": sibling})
    words = replaced(stack, "replace")
    moved()
    stack.up_fails(*words)
    emulator.no_faults()
    moved()
    stack.up()
    all_agree(stack, emulator, vendor.key)


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


@ONLY_PLUGIN
def test_two_stacks_with_one_voice(
    stack_type: type[Stack], new_stack: Any, emulator: Emulator, vendor: Vendor
) -> None:
    first: Stack = new_stack(emulator)
    first.program({"voice": vendor.resource(emulator)})
    first.up()
    second = Stack(first.command, first.folder.with_name("second"), emulator.environment)
    second.home, second.environment["PULUMI_HOME"] = first.home, str(first.home)
    second.template(first.command, first.folder.with_name("second"))
    second.environment["PULUMI_STACK"] = "second"
    second.must("stack", "init", "second")
    second.must(
        "import",
        "--yes",
        "--skip-preview",
        "--generate-code=false",
        "--protect=false",
        vendor.type,
        "voice",
        first.resource()["id"],
    )
    told = first.destroy().text
    assert "is in use by" in told
    assert len(emulator.voices(vendor.key)) == 1
    second.destroy()
    assert emulator.voices(vendor.key) == []
