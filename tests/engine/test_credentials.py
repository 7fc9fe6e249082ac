"""Credentials that are missing, wrong, configured, rotated: told clearly, and never seen again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from .emulator import Emulator
from .faces import FACES
from .stack import Stack
from .voices import ALL, VENDORS, declare

TOKEN = "t0ken-that-nobody-may-see-4711"


@dataclass(frozen=True)
class Credential:
    """What a vendor is reached with.

    Arguments:
        key: of the configuration.
        others: variables that must go for it to be missing.
    """

    vendor: str
    key: str
    variable: str
    others: tuple[str, ...] = ()


ONE_EACH = (
    Credential("volcengine", "volcengineAccessToken", "VOLCENGINE_SPEECH_ACCESS_TOKEN"),
    Credential("coze", "cozeToken", "COZE_API_TOKEN"),
    Credential("qiniu", "qiniuToken", "QINIU_XROBO_TOKEN"),
    Credential("kling", "klingApiKey", "KLING_API_KEY", ("KLING_ACCESS_KEY", "KLING_SECRET_KEY")),
)
SECRET_KEY = Credential("kling", "klingSecretKey", "KLING_SECRET_KEY")
APP_ID = Credential("volcengine", "volcengineAppId", "VOLCENGINE_SPEECH_APP_ID")
API_KEY = Credential("volcengine", "volcengineApiKey", "VOLCENGINE_SPEECH_API_KEY")
IDS = ("one of each vendor", "others")


def leaks(folder: Path, secret: str) -> list[str]:
    """Files below a folder that hold a secret: state, backups, logs, caches."""
    return [
        str(file) for file in folder.rglob("*") if file.is_file() and secret.encode() in file.read_bytes()
    ]


def stack_folder(stack: Stack) -> Path:
    return stack.folder.parent


@pytest.mark.in_process
@pytest.mark.parametrize("missing", [ONE_EACH, (APP_ID, SECRET_KEY)], ids=IDS)
def test_missing_credentials_are_named(
    stack: Stack, emulator: Emulator, missing: tuple[Credential, ...]
) -> None:
    for each in missing:
        for name in (each.variable, *each.others):
            stack.environment.pop(name, None)
    declare(stack, emulator, [VENDORS[each.vendor] for each in missing])
    previewed = stack.must("preview").told("warning")
    refused = stack.up_fails("--continue-on-error").told("error")
    for each in missing:
        for told in (previewed, refused):
            (line,) = [line for line in told if each.key in line]
            assert f"voiceclone:{each.key}" in line
            assert each.variable in line
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
    result, planned = stack.previewed()
    for each in (APP_ID, *ONE_EACH[1:]):
        assert result.text.partition("Diagnostics:")[2].count(each.variable) == 1
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


@pytest.mark.in_process
@pytest.mark.parametrize("wrong", [ONE_EACH, (API_KEY, SECRET_KEY)], ids=IDS)
def test_wrong_credentials_are_named_and_not_shown(
    stack: Stack, emulator: Emulator, wrong: tuple[Credential, ...]
) -> None:
    for each in wrong:
        for name in each.others:
            stack.environment.pop(name, None)
        stack.must("config", "set", "--secret", f"voiceclone:{each.key}", TOKEN)
    declare(stack, emulator, [VENDORS[each.vendor] for each in wrong])
    result = stack.up_fails("--continue-on-error")
    for each in wrong:
        assert emulator.voices(each.vendor) == []
        (line,) = [line for line in result.told("error") if each.key in line]
        assert each.variable in line
    assert TOKEN not in result.text
    assert leaks(stack_folder(stack), TOKEN) == []
    assert TOKEN not in emulator.log

    for each in wrong:
        stack.must("config", "rm", f"voiceclone:{each.key}")
    stack.environment |= emulator.environment | {"KLING_API_KEY": "emulator-token"}
    stack.up()
    for each in wrong:
        assert stack.output("status", each.vendor) == "Ready"
        assert emulator.voice(each.vendor)["trainings"] == 1


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


@pytest.mark.in_process
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


@pytest.mark.in_process
def test_a_vendor_that_is_not_used_needs_nothing(stack: Stack, emulator: Emulator) -> None:
    for name in list(stack.environment):
        if name.startswith(("VOLCENGINE_", "QINIU_", "KLING_")):
            del stack.environment[name]
    stack.program({"voice": VENDORS["coze"].resource(emulator)})
    stack.up()
    assert stack.output("status") == "Ready"


@pytest.mark.in_process
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
