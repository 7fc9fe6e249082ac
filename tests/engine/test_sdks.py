"""SDKs, as users get them: generated, compiled and type-checked, and the examples of their languages run.

A language that lacks something here is skipped, and told what it lacks.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

import reference
from voiceclone_provider.codegen import names
from voiceclone_provider.codegen.examples import every

from .emulator import Emulator
from .sdks import LAUNCHER, MYPY, must, need, skip, take_example
from .stack import ROOT, SAMPLES, Stack
from .voices import VENDORS, sha256


@dataclass(frozen=True)
class Language:
    """A language that has an example.

    Arguments:
        needs: the commands without which it cannot be run.
        checks: the commands that compile and type-check SDK and example.
    """

    needs: Sequence[str]
    checks: Sequence[Sequence[str]]


# What every SDK has that Pulumi makes: dicts with values of several types, and functions that it lifts.
LENIENT = ("--disable-error-code=assignment", "--disable-error-code=return-value")
GO_SDK = f"{names.GO_MODULE}/..."
LANGUAGES = {
    "python": Language(
        (),
        (
            (*MYPY, "--strict", "__main__.py"),
            (*MYPY, "--strict", "converted"),
            (*MYPY, *LENIENT, "-p", names.PYTHON_PACKAGE),
        ),
    ),
    "typescript": Language(
        ("node", "npm"),
        # The SDK was compiled, and strictly, when npm installed it.
        (
            ("node_modules/.bin/tsc", "--strict", "--noEmit"),
            ("node_modules/.bin/tsc", "--strict", "--noEmit", "-p", "converted"),
        ),
    ),
    "go": Language(
        ("go",),
        # -trimpath as Pulumi has it: without, everything would be compiled for a second time.
        (("go", "build", "-trimpath", GO_SDK), ("go", "vet", "-trimpath", "./...", GO_SDK)),
    ),
}

VOICES = {
    "narrator": ("volcengine", {"audioFormat": "wav", "language": "zh", "modelType": "ICL_2_0"}),
    "host": ("coze", {"name": "host", "language": "en", "deletionPolicy": "retain"}),
    "guide": ("qiniu", {"name": "guide", "language": "zh", "tier": "free"}),
    "announcer": ("kling", {"name": "announcer"}),
}
"""What every example declares: each voice's vendor, and how its texts and enums must arrive there."""

AGAIN = ("narrator", "announcer")
"""The voices that get another sample."""


@pytest.mark.long
@pytest.mark.parametrize("name", LANGUAGES)
def test_the_example(name: str, stack: Stack, emulator: Emulator, cli: Path, shared: Path) -> None:
    language = LANGUAGES[name]
    need(*language.needs)
    take_example(stack, ROOT / "examples" / name, cli, shared)
    shutil.copytree(SAMPLES, stack.folder.with_name("voices"))
    take_converted(stack.folder / "converted", name)
    for check in language.checks:
        must(check, stack.folder, stack)

    use_samples(stack, emulator, VOICES, 1)
    stack.up()
    made = are_ready(stack, emulator)
    for voice, (_, inputs) in VOICES.items():
        assert stack.resource(voice)["inputs"].items() >= inputs.items()
    assert stack.resource("announcer")["customTimeouts"]["create"] == 20 * 60

    # Another file for one, another URL for one; the others have not changed, and are left alone.
    before = stack.resources()
    use_samples(stack, emulator, AGAIN, 2)
    stack.up()
    trained = are_ready(stack, emulator, AGAIN)
    assert {voice for voice in VOICES if trained[voice] != made[voice]} == {"announcer"}
    assert {voice for voice, now in stack.resources().items() if now != before[voice]} == set(AGAIN)

    told = json.loads(stack.must("stack", "output", "--json").out)
    assert {voice: told.pop(f"{voice}VoiceId") for voice in VOICES} == trained
    assert "x-expires" in told.pop("hostPreviewUrl")
    assert told == {"readyAtCoze": ["host"]}


def take_converted(folder: Path, language: str) -> None:
    """The examples of the schema and of docs/_index.md in a language, each as a program of its own."""
    folder.mkdir()
    programs = [(re.sub(r"\W", "_", one.name), one.code(language), one.file(language)) for one in every()]
    if language in reference.programs():  # docs/_index.md's
        page, program = reference.programs()[language]
        programs.append(("index_page", program, Path(page)))
    for name, code, source in programs:
        if language in ("go", "java"):
            file = folder / name / {"go": "main.go", "java": "App.java"}[language]
            file.parent.mkdir()
        else:
            file = folder / f"{name}{source.suffix}"
        file.write_text(code.replace("package generated_program;", f"package {name};"), encoding="utf-8")
    if language == "typescript":
        settings = {"extends": "../tsconfig.json", "files": [file.name for file in folder.glob("*.ts")]}
        (folder / "tsconfig.json").write_text(json.dumps(settings), encoding="utf-8")


def use_samples(stack: Stack, emulator: Emulator, voices: Iterable[str], take: int) -> None:
    for voice in voices:
        sample = VENDORS[VOICES[voice][0]].sample(emulator, take)
        if "audioUrl" in sample:
            stack.must("config", "set", f"{voice}AudioUrl", sample["audioUrl"])
        else:
            file = Path(sample["audio"]["fn::fileAsset"])
            shutil.copy(file, stack.folder.with_name("voices") / file.name.replace("-take2", ""))


def are_ready(stack: Stack, emulator: Emulator, again: Collection[str] = ()) -> dict[str, str]:
    """Assert that state and emulator agree on healthy voices, some of them on their second sample; their
    voice IDs."""
    found = {}
    for voice, (key, _) in VOICES.items():
        take = 2 if voice in again else 1
        vendor, there, outputs = VENDORS[key], emulator.voice(key), stack.resource(voice)["outputs"]
        assert (outputs["status"], there["status"]) == ("Ready", "ready")
        assert outputs["voiceId"] == there.get("voice_id", there["id"])
        assert there["trainings"] == (take if vendor.keeps_id else 1)
        assert there["audio_sha256"] == sha256(vendor, emulator, take)
        found[voice] = outputs["voiceId"]
    return found


# -- languages whose SDKs are compiled, and no more ----------------------------------------------------------


def test_dotnet(stack: Stack, tmp_path: Path, cli: Path) -> None:
    sdk = generate("dotnet", stack, tmp_path, cli)
    need("dotnet")
    must(("dotnet", "build", "--nologo"), sdk, stack)


POM = """
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>voiceclone</groupId><artifactId>sdk</artifactId><version>0</version>
  <dependencies><dependency>
    <groupId>com.pulumi</groupId><artifactId>pulumi</artifactId><version>[1,2)</version>
  </dependency></dependencies>
</project>
"""


def test_java(stack: Stack, tmp_path: Path, cli: Path) -> None:
    sdk = generate("java", stack, tmp_path, cli)
    need("javac", "mvn")
    (tmp_path / "pom.xml").write_text(POM.lstrip(), encoding="utf-8")
    must(("mvn", "-q", "-B", "dependency:copy-dependencies", "-DoutputDirectory=jars"), tmp_path, stack)
    take_converted(tmp_path / "converted", "java")
    sources = [str(file) for folder in (sdk, tmp_path / "converted") for file in folder.rglob("*.java")]
    assert sources
    (tmp_path / "classes").mkdir()
    must(("javac", "-d", "classes", "-cp", "jars/*", *sources), tmp_path, stack)


def generate(language: str, stack: Stack, folder: Path, cli: Path) -> Path:
    """The SDK of a language whose plugin does not come with every CLI."""
    plugin = f"pulumi-language-{language}"
    home = Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi")
    installed = sorted(home.glob(f"plugins/language-{language}-v*"))
    path = os.pathsep.join(map(str, (os.environ["PATH"], cli.parent, *reversed(installed))))
    if shutil.which(plugin, path=path) is None:
        skip(f"there is no {plugin} beside the Pulumi CLI, on PATH, or among its plugins")
    stack.environment["PATH"] = path
    out = ("--language", language, "--out", str(folder / "sdks"))
    must((str(cli), "package", "gen-sdk", str(LAUNCHER), *out), folder, stack)
    return folder / "sdks" / language
