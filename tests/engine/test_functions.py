"""Functions, as a program calls them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .emulator import Emulator
from .stack import ROOT, Stack
from .voices import VENDORS


def invoke(function: str, **arguments: Any) -> dict[str, Any]:
    return {"fn::invoke": {"function": f"voiceclone:{function}", "arguments": arguments}}


def test_a_program_reads_voices_of_its_own_and_others(stack: Stack, emulator: Emulator) -> None:
    resources = {key: vendor.resource(emulator) for key, vendor in VENDORS.items()}
    asked = {f"{key}One": invoke(f"{key}:getVoice", voiceId=f"${{{key}.id}}") for key in VENDORS}
    asked |= {f"{key}All": invoke(f"{key}:getVoices", status="Ready") for key in VENDORS}
    asked["presets"] = invoke("kling:getPresetVoices")
    stack.program(resources, {name: f"${{{name}}}" for name in asked}, variables=asked)
    preview = stack.must("preview").text
    assert "klingOne     : [unknown]" in preview, "the voice that is asked for does not exist yet"
    assert emulator.changing() == []
    stack.up()
    sent = emulator.changing()
    stack.up()
    assert emulator.changing() == sent

    outputs = json.loads(stack.must("stack", "output", "--json").out)
    for key, resource in stack.resources().items():
        one = outputs[f"{key}One"]
        assert one["id"] == resource["id"]
        for name in ("voiceId", "account", "status"):
            assert one[name] == resource["outputs"][name]
        assert ("x-expires" in one.get("previewUrl", "")) is VENDORS[key].previews
        assert [voice["id"] for voice in outputs[f"{key}All"]["voices"]] == [resource["id"]]
    assert len(outputs["presets"]["voices"]) > 30, "more than the vendor puts on a page unasked"


@pytest.mark.in_process
def test_what_is_wrong_with_a_question_is_told(stack: Stack, emulator: Emulator) -> None:
    asked = {"one": invoke("kling:getVoice", voiceId="nobody")}
    stack.program({}, {"one": "${one}"}, variables=asked)
    assert "Kling read nobody: there is no task with this ID" in stack.run("preview").text
    asked = {"some": invoke("coze:getVoices", status="Good")}
    stack.program({}, {"some": "${some}"}, variables=asked)
    assert "status is 'Good', but must be one of 'Pending'" in stack.run("preview").text


@pytest.mark.usefixtures("cli")
def test_pulumi_do_lists_voices(stack: Stack, emulator: Emulator) -> None:
    stack.program({key: vendor.resource(emulator) for key, vendor in VENDORS.items()})
    stack.up()
    plugin = ["do", "--package", str(ROOT / "pulumi-resource-voiceclone")]
    for key, resource in stack.resources().items():
        listed = json.loads(stack.must(*plugin, VENDORS[key].type, "list").out)
        assert [voice["id"] for voice in listed] == [resource["id"]]
