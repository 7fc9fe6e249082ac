"""Credentials that are missing, wrong, configured, rotated: told clearly, and never seen again."""

from __future__ import annotations

from pathlib import Path

import pytest

from .emulator import Emulator
from .faces import FACES
from .stack import Stack
from .voices import ALL, VENDORS, declare

TOKEN = "t0ken-that-nobody-may-see-4711"

# Vendor, configuration key and environment variable, and what else must go for it to be missing.
NEEDED = [
    ("volcengine", "volcengineAccessToken", "VOLCENGINE_SPEECH_ACCESS_TOKEN", ()),
    ("volcengine", "volcengineAppId", "VOLCENGINE_SPEECH_APP_ID", ()),
    ("coze", "cozeToken", "COZE_API_TOKEN", ()),
    ("qiniu", "qiniuToken", "QINIU_XROBO_TOKEN", ()),
    ("kling", "klingApiKey", "KLING_API_KEY", ("KLING_ACCESS_KEY", "KLING_SECRET_KEY")),
    ("kling", "klingSecretKey", "KLING_SECRET_KEY", ()),
]
SECRETS = [
    *[need for need in NEEDED if need[1] != "volcengineAppId"],
    ("volcengine", "volcengineApiKey", "VOLCENGINE_SPEECH_API_KEY", ()),
]


def leaks(folder: Path, secret: str) -> list[str]:
    """Files below a folder that hold a secret: state, backups, logs, caches."""
    return [
        str(file) for file in folder.rglob("*") if file.is_file() and secret.encode() in file.read_bytes()
    ]


def stack_folder(stack: Stack) -> Path:
    return stack.folder.parent


@pytest.mark.parametrize(("vendor", "key", "variable", "others"), NEEDED, ids=[need[1] for need in NEEDED])
def test_missing_credentials_are_named(
    stack: Stack, emulator: Emulator, vendor: str, key: str, variable: str, others: tuple[str, ...]
) -> None:
    for name in (variable, *others):
        stack.environment.pop(name, None)
    stack.program({"voice": VENDORS[vendor].resource(emulator)})
    previewed = stack.must("preview").told("warning")
    refused = stack.up_fails().told("error")
    for told in (previewed, refused):
        (line,) = [line for line in told if key in line]
        assert f"voiceclone:{key}" in line
        assert variable in line
    assert emulator.requests() == []


def without_credentials(stack: Stack) -> None:
    """The runner of a fork's pull request, which gets no secrets."""
    for name in list(stack.environment):
        if name.startswith(("VOLCENGINE_", "COZE_", "QINIU_", "KLING_")):
            del stack.environment[name]


@pytest.mark.parametrize("stack_type", [face.stack for face in FACES.values()], ids=list(FACES))
def test_a_preview_does_without_credentials(stack: Stack, emulator: Emulator) -> None:
    """Of new voices, of a changed one and of one that stays; each vendor is told of once."""
    declare(stack, emulator, ALL)
    stack.up()
    given, asked = dict(stack.environment), emulator.requests()
    without_credentials(stack)
    resources = {f"new-{v.key}": v.resource(emulator, 2, name=None) for v in ALL}
    kept = {v.key: v.resource(emulator, 2 if v.key == "coze" else 1) for v in ALL}
    stack.program({**resources, **kept})
    result = stack.must("preview")
    for _, _, variable, _ in NEEDED[1:5]:
        assert result.text.partition("Diagnostics:")[2].count(variable) == 1
    planned = stack.planned()
    assert {planned[f"new-{v.key}"].op for v in ALL} == {"create"}
    assert (planned["coze"].op, planned["qiniu"].op) == ("update", "same")
    assert emulator.requests() == asked

    stack.program({"wrong": VENDORS["coze"].resource(emulator, language="xx")})
    assert "language is 'xx'" in stack.fails("preview").text
    stack.program({**resources, **kept})
    stack.up_fails()
    stack.environment = given
    declare(stack, emulator, ALL)
    stack.nothing_to_do()


@pytest.mark.parametrize(("vendor", "key", "variable", "others"), SECRETS, ids=[need[1] for need in SECRETS])
def test_wrong_credentials_are_named_and_not_shown(
    stack: Stack, emulator: Emulator, vendor: str, key: str, variable: str, others: tuple[str, ...]
) -> None:
    for name in others:
        stack.environment.pop(name, None)
    stack.must("config", "set", "--secret", f"voiceclone:{key}", TOKEN)
    stack.program({"voice": VENDORS[vendor].resource(emulator)})
    result = stack.up_fails()
    assert emulator.voices(vendor) == []
    (line,) = [line for line in result.told("error") if key in line]
    assert variable in line
    assert TOKEN not in result.text
    assert leaks(stack_folder(stack), TOKEN) == []
    assert TOKEN not in emulator.log

    stack.must("config", "rm", f"voiceclone:{key}")
    stack.environment |= emulator.environment | {"KLING_API_KEY": "emulator-token"}
    stack.up()
    assert stack.output("status") == "Ready"
    assert emulator.voice(vendor)["trainings"] == 1


def test_configured_credentials_work_and_are_encrypted_in_the_state(stack: Stack, emulator: Emulator) -> None:
    """By the stack's configuration, and by a provider resource whose program says nothing of a secret."""
    token = stack.environment.pop("COZE_API_TOKEN")
    stack.environment.pop("QINIU_XROBO_TOKEN")
    stack.must("config", "set", "--secret", "voiceclone:cozeToken", token)
    (stack.folder / "token").write_text(token)
    stack.program(
        {
            "own": {
                "type": "pulumi:providers:voiceclone",
                "properties": {"qiniuToken": {"fn::readFile": "./token"}, "qiniuBaseUrl": emulator.url},
            },
            "host": VENDORS["coze"].resource(emulator),
            "guide": VENDORS["qiniu"].resource(emulator) | {"options": {"provider": "${own}"}},
        }
    )
    stack.up("--logtostderr", "-v=9")
    assert {voice["outputs"]["status"] for voice in stack.resources().values()} == {"Ready"}
    exported = stack.must("stack", "export").out
    assert token not in exported
    (stack.folder / "token").unlink()
    assert leaks(stack_folder(stack) / "state", token) == []


def test_a_rotated_token_replaces_nothing(stack: Stack, emulator: Emulator) -> None:
    voice = VENDORS["kling"].resource(emulator) | {"options": {"provider": "${own}"}}
    provider = {"type": "pulumi:providers:voiceclone", "properties": {"klingApiKey": "emulator-token"}}
    stack.program({"own": provider, "voice": voice})
    stack.up()
    before = stack.resource()["id"]
    sent = emulator.changing()
    provider["properties"] = {"klingSecretKey": "emulator-sk", "klingAccessKey": "emulator-ak"}
    stack.program({"own": provider, "voice": voice})
    assert {step.op for step in stack.planned().values()} <= {"same", "update", "read"}
    stack.up()
    assert stack.resource()["id"] == before
    assert emulator.changing() == sent


def test_a_vendor_that_is_not_used_needs_nothing(stack: Stack, emulator: Emulator) -> None:
    for name in list(stack.environment):
        if name.startswith(("VOLCENGINE_", "QINIU_", "KLING_")):
            del stack.environment[name]
    stack.program({"voice": VENDORS["coze"].resource(emulator)})
    stack.up()
    assert stack.output("status") == "Ready"


def test_configuration_that_cannot_be_right_is_told(stack: Stack, emulator: Emulator) -> None:
    stack.must("config", "set", "voiceclone:cozeBaseUrl", "coze dot cn")
    stack.must("config", "set", "--secret", "voiceclone:cozeTokn", TOKEN)
    stack.program({"voice": VENDORS["coze"].resource(emulator)})
    result = stack.fails("preview")
    assert "cozeBaseUrl" in result.text
    assert "coze dot cn" in result.text
    assert "cozeTokn" in result.text
    assert TOKEN not in result.text
    assert emulator.requests() == []
