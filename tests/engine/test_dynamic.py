"""What is special about the dynamic provider: its state, its process, its example."""

from __future__ import annotations

import base64
import json
import os
import shutil
import sys
from collections.abc import Callable

import pytest
import yaml

from .emulator import Emulator, eventually
from .faces import DynamicStack
from .stack import ROOT, SAMPLES, Stack
from .voices import VENDORS

EXAMPLE = ROOT / "examples" / "dynamic"
DATA = ROOT / "tests" / "data"
MOST_BYTES = 100


@pytest.fixture
def stack_type() -> type[Stack]:
    return DynamicStack


def take_example(stack: DynamicStack, emulator: Emulator) -> None:
    """The example as it is, but for the folder that its virtualenv and its samples are in."""
    project = yaml.safe_load((EXAMPLE / "Pulumi.yaml").read_text())
    project |= {"name": "voices"}
    project["runtime"]["options"]["virtualenv"] = sys.prefix
    (stack.folder / "Pulumi.yaml").write_text(yaml.safe_dump(project))
    shutil.copy(EXAMPLE / "__main__.py", stack.folder)
    shutil.copytree(SAMPLES, stack.folder.with_name("voices"))
    stack.must("config", "set", "guideAudioUrl", emulator.sample_url("guide-zh.mp3"))
    stack.must("config", "set", "announcerAudioUrl", emulator.sample_url("announcer-en.wav"))
    # Credentials of one vendor from the stack's configuration, of the others from the environment.
    del stack.environment["COZE_API_TOKEN"]
    stack.must("config", "set", "--secret", "voiceclone:cozeToken", "emulator-token")


def test_the_example(stack: DynamicStack, emulator: Emulator) -> None:
    take_example(stack, emulator)
    quick = stack.environment["PYTHONPATH"]
    stack.environment["PYTHONPATH"] = os.environ.get("PYTHONPATH", "")  # once with the pip that a user has
    stack.up()
    stack.environment["PYTHONPATH"] = quick
    voices = stack.resources()
    assert {name: voice["outputs"]["status"] for name, voice in voices.items()} == dict.fromkeys(
        ("narrator", "host", "guide", "announcer"), "Ready"
    )

    exported = json.dumps(stack.export())
    for secret in ("emulator-token", "emulator-sk", "emulator-ak"):
        assert secret not in exported
    for voice in voices.values():
        pickled = base64.b64decode(voice["inputs"]["__provider"])
        assert len(pickled) < MOST_BYTES
        assert b"voiceclone_provider.dynamic.provider" in pickled

    # Another sample under the same path: the content counts.
    shutil.copy(SAMPLES / "narrator-zh-take2.wav", stack.folder.parent / "voices" / "narrator-zh.wav")
    stack.up()
    assert stack.resource("narrator")["id"] == voices["narrator"]["id"]
    assert emulator.voice("volcengine")["trainings"] == 2

    stack.destroy()
    assert stack.resources() == {}
    assert emulator.voices("qiniu") == emulator.voices("kling") == []


def test_more_voices_than_pulumi_has_threads_train_at_the_same_time(
    new_stack: Callable[[Emulator], Stack], slow_emulator: Emulator
) -> None:
    stack = new_stack(slow_emulator)
    coze = VENDORS["coze"]
    names = [f"voice-{number}" for number in range(7)]
    stack.program({name: coze.resource(slow_emulator, name=name) for name in names})
    process = stack.start("up", "--yes", "--skip-preview", "--parallel", "16")

    def all_training() -> bool:
        return [voice["status"] for voice in slow_emulator.voices("coze")] == ["training"] * len(names)

    eventually(all_training)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, out + err
    assert {voice["outputs"]["status"] for voice in stack.resources().values()} == {"Ready"}


def test_a_training_that_outlives_its_time_is_waited_for_by_the_next_run(
    new_stack: Callable[[Emulator], Stack], slow_emulator: Emulator
) -> None:
    stack = new_stack(slow_emulator)
    resource = VENDORS["coze"].resource(slow_emulator)
    impatient = "pulumi.ResourceOptions(custom_timeouts=pulumi.CustomTimeouts(create='1s'))"
    program = "import pulumi\nfrom voiceclone_provider.dynamic import coze\n"
    path = resource["properties"]["audio"]["fn::fileAsset"]
    assert isinstance(stack, DynamicStack)
    stack.python(f"{program}coze.Voice('voice', {impatient}, audio={path!r}, language='en')\n")
    result = stack.up_fails()
    assert any("not over after" in line for line in result.told("error"))
    assert stack.output("status") == "Training"
    sent = slow_emulator.changing()
    stack.python(f"{program}coze.Voice('voice', audio={path!r}, language='en')\n")
    stack.up()
    assert stack.output("status") == "Ready"
    assert slow_emulator.changing() == sent


def test_a_look_at_a_voice_of_others_and_a_voice_in_a_component(
    stack: DynamicStack, emulator: Emulator
) -> None:
    coze = VENDORS["coze"]
    stack.program({"mine": coze.resource(emulator)})
    stack.up()
    voice = stack.resource("mine")["id"]
    sent = emulator.changing()
    theirs = f"""
import pulumi
from voiceclone_provider.dynamic import coze

class Studio(pulumi.ComponentResource):
    def __init__(self) -> None:
        super().__init__("my:studio:Studio", "studio")
        sample = pulumi.Output.from_input({str(SAMPLES / "host-en.mp3")!r})
        self.voice = coze.Voice("inner", pulumi.ResourceOptions(parent=self), audio=sample)

mine = coze.Voice("mine", name="host", language="en", audio={str(SAMPLES / "host-en.mp3")!r})
seen = coze.Voice.get("seen", {voice!r})
Studio()
pulumi.export("id", seen.voice_id)
pulumi.export("left", seen.available_trainings)
"""
    stack.python(theirs)
    stack.up()
    outputs = json.loads(stack.must("stack", "output", "--json").out)
    assert outputs == {"id": voice, "left": 9}
    assert len(emulator.changing()) == len(sent) + coze.creating
    inner = stack.resource("inner")
    # The name, like the handle, is the plugin's: it comes of the same URN.
    assert inner["outputs"]["__voiceclone"]["urn"] == (
        "urn:pulumi:test::voices::my:studio:Studio$voiceclone:coze:Voice::inner"
    )

    stack.python(theirs.replace(repr(voice), "'7'"))
    assert any("Coze read 7: there is no such voice" in line for line in stack.fails("preview").told("error"))

    stack.python(theirs.replace("Studio()", "coze.Voice('a', pulumi.ResourceOptions(import_='1'))"))
    assert any("cannot import" in line for line in stack.up_fails().told("error"))


def test_an_ignored_change_of_the_sample_costs_nothing(stack: DynamicStack, emulator: Emulator) -> None:
    voice = "import pulumi\nfrom voiceclone_provider.dynamic import coze\n"
    voice += "coze.Voice('voice', pulumi.ResourceOptions(ignore_changes=['audio']), audio='a.mp3')\n"
    shutil.copy(SAMPLES / "host-en.mp3", stack.folder / "a.mp3")
    stack.python(voice)
    stack.up()
    sent = emulator.changing()
    shutil.copy(SAMPLES / "host-en-take2.mp3", stack.folder / "a.mp3")
    stack.up("--expect-no-changes")
    assert emulator.changing() == sent


def test_what_the_engine_tells_a_dynamic_provider_in_a_way_of_its_own(
    stack: DynamicStack, emulator: Emulator
) -> None:
    """Paths, assets, another voice's sample, and a time-out that only a deletion reads."""
    shutil.copy(SAMPLES / "host-en.mp3", stack.folder / "a.mp3")
    program = """
import pathlib
import pulumi
from voiceclone_provider.dynamic import coze

options = pulumi.ResourceOptions()
triggers = [pulumi.FileAsset("a.mp3")]
voice = coze.Voice("voice", options, audio=pathlib.Path("a.mp3"), retrain_triggers=triggers)
coze.Voice("other", audio=voice.audio)
"""
    stack.python(program)
    stack.up()
    stack.up("--expect-no-changes")
    asked = emulator.requests()
    patient = "ResourceOptions(custom_timeouts=pulumi.CustomTimeouts(delete='7m'))"
    stack.python(program.replace("ResourceOptions()", patient))
    stack.up()
    assert stack.output("__voiceclone")["timeouts"] == {"delete": "7m"}
    assert emulator.requests() == asked


def test_a_state_of_the_first_release_needs_no_change(stack: DynamicStack, emulator: Emulator) -> None:
    """Recorded with the first version of this face; nothing was changed but source positions left out."""
    port = "http://127.0.0.1:18573/_emulator/samples"
    for sample in ("narrator-zh.wav", "host-en.mp3"):
        shutil.copy(SAMPLES / sample, stack.folder)
    stack.python(f"""
import pulumi
from voiceclone_provider.dynamic import coze, kling, qiniu, volcengine

narrator = volcengine.Voice("narrator", audio="narrator-zh.wav", language="zh")
triggers = [1, {{"take": "first"}}]
coze.Voice("host", audio=pulumi.FileAsset("host-en.mp3"), language="en", retrain_triggers=triggers)
qiniu.Voice("guide", audio_url="{port}/guide-zh.mp3", language="zh")
kling.Voice("announcer", audio_url="{port}/announcer-en.wav")
pulumi.export("narratorVoiceId", narrator.voice_id)
""")
    stack.must("stack", "import", "--file", str(DATA / "dynamic-first-state.json"))
    stack.up("--expect-no-changes")
    assert emulator.requests() == []
