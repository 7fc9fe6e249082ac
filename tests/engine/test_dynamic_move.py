"""From the dynamic provider to the plugin: the voices stay, and no vendor is asked to change anything."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest

from .emulator import Emulator
from .faces import DynamicStack
from .stack import ROOT, SAMPLES, Stack
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


def moved(stack: Stack, cli: Path) -> str:
    """Follow the page up to where the program is changed; the commands that come after it."""
    converting, checking = commands()
    shell(stack, cli, converting)
    return re.sub(r"^( *)pulumi up\b", r"\1pulumi up --yes", checking, flags=re.MULTILINE)


def unchanged(voices: dict[str, dict[str, Any]], without: Collection[str] = ()) -> dict[str, Any]:
    """What must be the same on both sides."""

    def same(outputs: dict[str, Any]) -> dict[str, Any]:
        return {k: v for k, v in outputs.items() if k not in ("audio", *without) and not k.startswith("__")}

    return {
        name: (voice["id"], voice.get("external", False), same(voice["outputs"]))
        for name, voice in voices.items()
    }


def test_the_way_from_the_dynamic_provider_to_the_plugin(
    cli: Path, template: Path, tmp_path: Path, emulator: Emulator
) -> None:
    """The very commands of docs/dynamic.md."""
    folder = tmp_path / "pulumi"
    shutil.copytree(template, folder)
    before = DynamicStack([str(cli)], folder, emulator.environment)
    before.must("config", "set", "--secret", "voiceclone:cozeToken", "emulator-token")
    program = {vendor.key: vendor.resource(emulator) for vendor in VENDORS.values()}
    before.program(program)
    before.up()
    voices = before.resources()
    sent = emulator.changing()

    checking = moved(before, cli)
    after = Stack([str(cli)], folder, emulator.environment)
    (folder / "program" / "__main__.py").unlink()
    after.program(program)
    shell(after, cli, checking)
    after.nothing_to_do()
    assert unchanged(after.resources()) == unchanged(voices)
    assert not any(voice.get("protect") for voice in after.resources().values())
    assert before.resources() == {}
    assert {r["type"] for r in after.export()["deployment"]["resources"] if ":providers:" in r["type"]} == {
        "pulumi:providers:voiceclone"
    }
    assert emulator.changing() == sent

    # They live on as the plugin's: another sample trains the same voice.
    coze = VENDORS["coze"]
    after.program({**program, "coze": coze.resource(emulator, take=2)})
    after.up()
    assert after.resource("coze")["id"] == voices["coze"]["id"]
    assert emulator.voice("coze")["trainings"] == 2


PROGRAM = """
import pulumi
from {package} import coze, kling, qiniu, volcengine

class Studio(pulumi.ComponentResource):
    def __init__(self) -> None:
        super().__init__("my:studio:Studio", "studio")
        sample = pulumi.FileAsset({host!r})
        below, said = pulumi.ResourceOptions(parent=self), pulumi.Output.secret("hi")
        self.voice = coze.Voice("inner", below, audio=sample, text=said)
        self.register_outputs({{"voiceId": self.voice.voice_id, "voice": self.voice}})

studio = Studio()
first = volcengine.Voice("first", audio=pulumi.FileAsset({narrator!r}), language="zh")
after = pulumi.ResourceOptions(depends_on=[first, studio])
coze.Voice("after", after, audio=pulumi.FileAsset({take!r}), language="en")
qiniu.Voice("user", audio_url={guide!r}, language="zh", retrain_triggers=[first.voice_id])
kling.Voice("kept", pulumi.ResourceOptions(protect=True), audio_url={announcer!r})
seen = qiniu.Voice.get("seen", {theirs!r})
pulumi.export("first", first.voice_id)
pulumi.export("seen", seen.voice_id)
"""


def sdk(stack: DynamicStack, folder: Path) -> None:
    """The plugin's Python SDK where the programs of this stack find it, as if it were installed."""
    made = ("package", "gen-sdk", str(ROOT / "schema.json"), "--language", "python", "--out", str(folder))
    stack.must(*made)
    installed = folder / "python" / "pulumi_voiceclone-0.1.0.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: pulumi_voiceclone\nVersion: 0.1.0\n")
    stack.imports_from(folder / "python")


@pytest.mark.long
def test_what_depends_on_voices_comes_along_and_no_wrong_moment_deletes_one(
    cli: Path, template: Path, tmp_path: Path, emulator: Emulator
) -> None:
    folder = tmp_path / "pulumi"
    shutil.copytree(template, folder)
    stack = DynamicStack([str(cli)], folder, emulator.environment)
    sdk(stack, tmp_path / "sdk")
    qiniu = VENDORS["qiniu"]
    stack.program({"theirs": qiniu.resource(emulator, name="theirs")})
    stack.up()
    theirs = stack.resource("theirs")
    stack.must("state", "delete", "--yes", theirs["urn"])

    def program(package: str, take: int = 1) -> None:
        text = PROGRAM.format(
            package=package,
            host=str(SAMPLES / "host-en.mp3"),
            take=str(SAMPLES / ("host-en.mp3" if take == 1 else "host-en-take2.mp3")),
            narrator=str(SAMPLES / "narrator-zh.wav"),
            guide=emulator.sample_url("guide-zh.mp3"),
            announcer=emulator.sample_url("announcer-en.wav"),
            theirs=theirs["id"],
        )
        stack.python(text, packages={"voiceclone": str(ROOT)})

    program("voiceclone_provider.dynamic")
    stack.up()
    voices = stack.resources()
    sent = emulator.changing()

    checking = moved(stack, cli)
    # The program that does not know yet, and commands that delete, are refused.
    assert "protect" in stack.fails("up", "--yes").text
    assert "protect" in stack.fails("destroy", "--yes").text
    stack.refresh()
    assert emulator.changing() == sent

    program("pulumi_voiceclone")
    shell(stack, cli, checking)
    stack.nothing_to_do()
    after = Stack([str(cli)], folder, emulator.environment).resources()
    # Signed anew; encrypted, or made of what is.
    fleeting = ("previewUrl", "text", "trainedOn")
    assert unchanged(after, fleeting) == unchanged(voices, fleeting)
    assert "ciphertext" in after["inner"]["outputs"]["text"]
    assert {name for name, voice in after.items() if voice.get("protect")} == {"kept"}
    assert after["inner"]["urn"] == voices["inner"]["outputs"]["__voiceclone"]["urn"]
    assert after["after"]["dependencies"].count(after["first"]["urn"]) == 1
    assert emulator.changing() == sent

    program("pulumi_voiceclone", take=2)
    stack.up()
    now = Stack([str(cli)], folder, emulator.environment).resources()
    assert {name: voice["id"] for name, voice in now.items()} == {n: v["id"] for n, v in voices.items()}
    assert now["after"]["outputs"]["trainedOn"] != after["after"]["outputs"]["trainedOn"]
    assert {voice["trainings"] for voice in emulator.voices("coze")} == {1, 2}

    stack.must("state", "unprotect", "--yes", "--all")
    stack.destroy()
    assert [voice["id"] for voice in emulator.voices("qiniu")] == [theirs["id"]]


def test_the_wrong_program_without_a_preview_is_refused_and_undone(
    cli: Path, template: Path, tmp_path: Path, emulator: Emulator
) -> None:
    folder = tmp_path / "pulumi"
    shutil.copytree(template, folder)
    before = DynamicStack([str(cli)], folder, emulator.environment)
    program = {"voice": VENDORS["kling"].resource(emulator)}
    before.program(program, packages={"voiceclone": str(ROOT)})
    before.up()
    voices = before.resources()
    sent = emulator.changing()

    checking = moved(before, cli)
    assert "protect" in before.up_fails().text
    made = before.resource()["id"]
    assert made != voices["voice"]["id"], "the voice is the plugin's by now"
    before.must("stack", "import", "--file", "after.json")

    after = Stack([str(cli)], folder, emulator.environment)
    (folder / "program" / "__main__.py").unlink()
    after.program(program)
    shell(after, cli, checking)
    assert unchanged(after.resources()) == unchanged(voices)
    assert emulator.changing() == [*sent, "kling POST create"]
    assert {voice["id"] for voice in emulator.voices("kling")} == {made, voices["voice"]["id"]}
