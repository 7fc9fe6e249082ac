"""The YAML examples of the schema, all in one program, from preview to the second `up`."""

from __future__ import annotations

import json
import re
import shutil
from typing import Any

import pytest
import yaml

from voiceclone_provider.codegen.examples import every
from voiceclone_provider.codegen.schema import package

from .emulator import Emulator
from .stack import SAMPLES, Stack

# What an example says of an account or a file, and what the emulator and the samples have.
THERE = {
    "S_Nf3x9K2p1": "S_emulator07",
    "840134426335252561": "860000000000000001",
    "./narrator.wav": "./narrator-zh.wav",
    "./announcer.wav": "./announcer-en.wav",
    "./host.mp3": "./host-en.mp3",
}
SCHEMA = package()
URL = re.compile(r"https://samples\.example\.com/(\w+)\.mp3")


def programs(emulator: Emulator) -> dict[str, dict[str, Any]]:
    """The examples, their names made unique, on what the emulator has."""
    found = {}
    for example in every():
        text = URL.sub(emulator.sample_url("guide-zh.mp3"), example.code("yaml"))
        for said, there in THERE.items():
            text = text.replace(said, there)
        prefix = re.sub(r"\W", "_", example.name)
        program = yaml.safe_load(re.sub(r"\$\{(?=\w)", f"${{{prefix}_", text))
        found[example.name] = {
            section: {f"{prefix}_{name}": value for name, value in entries.items()}
            for section, entries in program.items()
        }
    return found


@pytest.mark.usefixtures("cli")
def test_every_example_runs(stack: Stack, emulator: Emulator) -> None:
    """The voices first: an example may look for one by a name that another example's voice has."""
    for sample in SAMPLES.iterdir():
        shutil.copy(sample, stack.folder)
    emulator.switch(qiniu_paid=True)
    stack.environment |= {"VOLCENGINE_SPEECH_API_KEY": "emulator-token", "VOLCENGINE_SPEECH_API": "v3"}
    all_of_them = programs(emulator)
    making = [program for program in all_of_them.values() if "resources" in program]
    for chosen in (making, list(all_of_them.values())):
        whole: dict[str, dict[str, Any]] = {"resources": {}, "variables": {}, "outputs": {}}
        for program in chosen:
            for section, entries in program.items():
                whole[section] |= entries
        stack.program(**whole)
        stack.must("preview")
        stack.up()
    resources = stack.resources()
    assert resources.keys() == whole["resources"].keys()
    assert {resource["outputs"]["status"] for resource in resources.values()} == {"Ready"}
    for resource in resources.values():
        assert set(SCHEMA["resources"][resource["type"]]["required"]) <= resource["outputs"].keys()
    told = json.loads(stack.must("stack", "output", "--json").out)
    shown = {name for name in told if name.endswith("VoiceId")}
    assert len(shown) == len([name for name in all_of_them if "/Voice/" in name])
    assert all(told[name] for name in shown)
    assert told["coze_getVoices_by_name_previewUrl"]
