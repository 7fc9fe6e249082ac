"""From the dynamic provider to the plugin: the voices stay, and no vendor is asked to change anything."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

from .emulator import Emulator
from .faces import DynamicStack
from .stack import PROJECT, ROOT, STACK, Stack
from .voices import VENDORS

GUIDE = ROOT / "docs" / "dynamic.md"


def commands() -> list[str]:
    """What the page says to run, step by step."""
    section = GUIDE.read_text("utf-8").partition("## From here to the plugin")[2].partition("\n## ")[0]
    blocks = re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
    return [textwrap.dedent(f"   {block}" if not block.startswith(" ") else block) for block in blocks]


def shell(stack: Stack, cli: Path, command: str) -> None:
    folders = (str(cli.parent), str(Path(sys.executable).parent), stack.environment["PATH"])
    run = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", command],
        cwd=stack.folder,
        env={**stack.environment, "PATH": os.pathsep.join(folders)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert run.returncode == 0, f"{command}\n{run.stdout}{run.stderr}"


def test_the_way_from_the_dynamic_provider_to_the_plugin(
    cli: Path, template: Path, tmp_path: Path, emulator: Emulator
) -> None:
    """The very commands of docs/dynamic.md."""
    folder = tmp_path / "pulumi"
    shutil.copytree(template, folder)
    before = DynamicStack(cli, folder, emulator.environment)
    program = {vendor.key: vendor.resource(emulator) for vendor in VENDORS.values()}
    before.program(program)
    before.up()
    voices = before.resources()
    sent = emulator.changing()

    listing, forgetting, forgetting_the_provider, taking = commands()
    shell(before, cli, listing)
    shell(before, cli, forgetting)
    assert before.resources() == {}
    shell(before, cli, forgetting_the_provider.replace("<stack>", STACK).replace("<project>", PROJECT))
    after = Stack(cli, folder, emulator.environment)
    (folder / "program" / "__main__.py").unlink()
    after.program(program)
    shell(after, cli, re.sub(r"^pulumi up\b", "pulumi up --yes", taking, flags=re.MULTILINE))
    assert {name: voice["id"] for name, voice in after.resources().items()} == {
        name: voice["id"] for name, voice in voices.items()
    }
    assert before.resources() == {}
    assert {voice["outputs"]["status"] for voice in after.resources().values()} == {"Ready"}
    assert emulator.changing() == sent

    # They live on as the plugin's: another sample trains the same voice.
    coze = VENDORS["coze"]
    after.program({**program, "coze": coze.resource(emulator, take=2)})
    after.up()
    assert after.resource("coze")["id"] == voices["coze"]["id"]
    assert emulator.voice("coze")["trainings"] == 2
