"""examples/multi-vendor: one voice on several vendors, and a program that falls back from one to another."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from vendor_limits import refusals

from .emulator import Emulator
from .sdks import MYPY, must, need, take_example
from .stack import ROOT, SAMPLES, STACK, Stack

SAMPLE, SECOND_SAMPLE = "announcer-en.wav", "announcer-en-take2.wav"
NO_CREDIT = "Account balance not enough"


@dataclass(frozen=True)
class Language:
    """How the example is checked, and run, in a language.

    Arguments:
        limits: what prints in JSON which faults a name, a language and vendors (in JSON) have.
    """

    needs: Sequence[str]
    checks: Sequence[Sequence[str]]
    announce: Sequence[str]
    limits: Sequence[str]


LANGUAGES = {
    "python": Language(
        (),
        ((*MYPY, "--strict", "__main__.py", "announce.py"),),
        ("venv/bin/python", "announce.py"),
        (
            *("venv/bin/python", "-c"),
            "import json, sys, vendor_limits as v; name, language, vendors = sys.argv[1:];"
            "print(json.dumps(v.refusals(name, language, json.loads(vendors))))",
        ),
    ),
    "typescript": Language(
        ("node", "npm"),
        (("node_modules/.bin/tsc", "--strict"),),
        ("node", "bin/announce.js"),
        (
            *("node", "-e"),
            "const [name, language, vendors] = process.argv.slice(1);"
            "const { refusals } = require('./bin/vendorLimits');"
            "console.log(JSON.stringify(refusals(name, language, JSON.parse(vendors))));",
        ),
    ),
}
REFUSED = [
    ("播报员" * 7, "ja", ["qiniu", "acme"]),
    ("声" * 43, "en", []),
    ("", "de", ["volcengine", "coze"]),
    ("😀" * 20, "en", ["kling"]),
]


@pytest.mark.parametrize("name", LANGUAGES)
def test_one_voice_on_several_vendors(
    name: str, stack: Stack, emulator: Emulator, cli: Path, shared: Path
) -> None:
    language = LANGUAGES[name]
    need(*language.needs)
    take_example(stack, ROOT / "examples" / "multi-vendor" / name, cli, shared)
    for check in language.checks:
        must(check, stack.folder, stack)
    stack.environment |= {
        "EMULATOR": emulator.url,
        "PULUMI_NODEJS_TRANSPILE_ONLY": "true",
    }  # types are checked
    for refused in REFUSED:
        assert json.loads(run(stack, language.limits, *words(refused)).stdout) == refusals(*refused)

    shutil.copy(SAMPLES / SAMPLE, stack.folder)
    # A URL with a signature is a secret, and must not make the map one.
    stack.must("config", "set", "--secret", "sampleUrl", emulator.sample_url(SAMPLE))

    choose(stack, "acme", "coze")
    assert "announcer: there is no vendor 'acme'" in stack.fails("preview").text
    assert not emulator.changing()

    choose(stack, "coze", "qiniu")
    stack.up()
    first = stack.resources()
    assert first.keys() == {"announcer-coze", "announcer-qiniu"}

    # Two vendors are added, of which one fails: the other has its voice, and nothing happens elsewhere.
    choose(stack, "coze", "qiniu", "kling", "volcengine")
    emulator.fault(
        "kling", "status", method="POST", code=429, body={"code": 1102, "message": NO_CREDIT}, times=0
    )
    sent = len(emulator.changing())
    failed = stack.run("up", "--yes", "--skip-preview", "--continue-on-error")
    assert failed.code != 0
    assert NO_CREDIT in failed.text
    assert vendors_changed(emulator, sent) == {"kling", "volcengine"}
    resources = stack.resources()
    assert resources.pop("announcer-volcengine")["outputs"]["status"] == "Ready"
    assert resources == first
    told = stack.must("stack", "output", "--json").out
    assert speaks(stack, language, told, "kling", "coze") == [
        "kling did not speak: the stack has no voice there",
        "coze",
    ]

    # That vendor recovers, and another one is removed, for which its protection has to go.
    emulator.no_faults()
    assert stack.resource("announcer-coze")["protect"]
    stack.must("state", "unprotect", stack.resource("announcer-coze")["urn"], "--yes")
    choose(stack, "qiniu", "kling", "volcengine")
    sent = len(emulator.changing())
    stack.up()
    assert vendors_changed(emulator, sent) == {"kling"}
    resources = stack.resources()
    assert resources["announcer-qiniu"] == first["announcer-qiniu"]
    assert {key for key, voice in resources.items() if voice.get("protect")} == {
        "announcer-qiniu",
        "announcer-volcengine",
    }
    told = stack.must("stack", "output", "--json").out
    ids = json.loads(told)["voiceIds"]
    assert ids == {
        key.removeprefix("announcer-"): voice["outputs"]["voiceId"] for key, voice in resources.items()
    }
    assert ids.keys() == {"qiniu", "kling", "volcengine"}

    # The program speaks with the first vendor, and with the next when somebody took the voice away.
    assert speaks(stack, language, told, "kling", "qiniu") == ["kling"]
    emulator.delete("kling", emulator.voice("kling")["id"])
    spoken, vendor = speaks(stack, language, told, "kling", "qiniu")
    assert spoken.startswith("kling did not speak: ")
    assert f"there is no voice {ids['kling']}" in spoken
    assert vendor == "qiniu"
    silent = run(stack, language.announce, "kling", stdin=told, code=1)
    assert "error: no vendor spoke: kling: " in silent.stderr

    # Another sample behind the same URL: all are trained on it, and only Kling's voice gets another ID.
    audio = (SAMPLES / SECOND_SAMPLE).read_bytes()
    (stack.folder / SAMPLE).write_bytes(audio)
    emulator.serve_sample(SAMPLE, audio)
    stack.up()
    digest = hashlib.sha256(audio).hexdigest()
    assert [emulator.voice(vendor)["audio_sha256"] for vendor in ids] == [digest] * 3
    changed = {key for key, voice in stack.resources().items() if voice["id"] != resources[key]["id"]}
    assert changed == {"announcer-kling"}


def choose(stack: Stack, *vendors: str) -> None:
    """The vendors of the stack's configuration."""
    file = stack.folder / f"Pulumi.{STACK}.yaml"
    settings = yaml.safe_load(file.read_text("utf-8"))
    settings["config"] |= {"voices:vendors": list(vendors), "voices:sampleFile": SAMPLE}
    file.write_text(yaml.safe_dump(settings), encoding="utf-8")


def vendors_changed(emulator: Emulator, since: int) -> set[str]:
    """The vendors that were asked to change something after so many of such requests."""
    return {request.split()[0] for request in emulator.changing()[since:]}


def speaks(stack: Stack, language: Language, outputs: str, *order: str) -> list[str]:
    """What the program says of the vendors in its order; the last is the one that spoke."""
    *passed_over, spoken = run(stack, [*language.announce, *order], stdin=outputs).stdout.splitlines()
    audio = stack.folder / "speech.wav"
    assert audio.read_bytes() == (SAMPLES / SAMPLE).read_bytes()
    audio.unlink()
    vendor, _, rest = spoken.partition(" ")
    assert rest.startswith("spoke: ")
    return [*passed_over, vendor]


def words(refused: tuple[str, str, list[str]]) -> tuple[str, str, str]:
    name, language, vendors = refused
    return name, language, json.dumps(vendors)


def run(
    stack: Stack, command: Sequence[str], *more: str, stdin: str = "", code: int = 0
) -> subprocess.CompletedProcess[str]:
    ended = subprocess.run(
        [*command, *more],
        cwd=stack.folder,
        env=stack.environment,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == code, ended.stdout + ended.stderr
    return ended
