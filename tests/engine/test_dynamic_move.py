"""From the dynamic provider to the plugin: the voices stay, and no vendor is asked to change anything."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from .emulator import Emulator
from .faces import DynamicStack
from .stack import Stack
from .voices import VENDORS


def test_the_way_from_the_dynamic_provider_to_the_plugin(
    cli: Path, template: Path, tmp_path: Path, emulator: Emulator
) -> None:
    """The steps of docs/dynamic.md."""
    folder = tmp_path / "pulumi"
    shutil.copytree(template, folder)
    before = DynamicStack(cli, folder, emulator.environment)
    program = {vendor.key: vendor.resource(emulator) for vendor in VENDORS.values()}
    before.program(program)
    before.up()
    voices = before.resources()
    sent = emulator.changing()

    listed = [{"type": VENDORS[name].type, "name": name, "id": voice["id"]} for name, voice in voices.items()]
    (folder / "voices.json").write_text(json.dumps({"resources": listed}))
    state = before.export()["deployment"]["resources"]
    (provider,) = (r["urn"] for r in state if r["type"] == "pulumi:providers:pulumi-python")
    for urn in (*(voice["urn"] for voice in voices.values()), provider):
        before.must("state", "delete", "--yes", urn)

    after = Stack(cli, folder, emulator.environment)
    (folder / "program" / "__main__.py").unlink()
    after.program(program)
    imported = ("--file", str(folder / "voices.json"), "--protect=false", "--generate-code=false")
    after.must("import", "--yes", "--skip-preview", *imported)
    assert {name: voice["id"] for name, voice in after.resources().items()} == {
        name: voice["id"] for name, voice in voices.items()
    }
    after.up()
    after.nothing_to_do()
    assert before.resources() == {}
    assert {voice["outputs"]["status"] for voice in after.resources().values()} == {"Ready"}
    assert emulator.changing() == sent

    # They live on as the plugin's: another sample trains the same voice.
    coze = VENDORS["coze"]
    after.program({**program, "coze": coze.resource(emulator, take=2)})
    after.up()
    assert after.resource("coze")["id"] == voices["coze"]["id"]
    assert emulator.voice("coze")["trainings"] == 2
