"""Discovery: everything that can be seen, and a file that adopts what can be adopted."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from command_line import run
from memory_vendor import FLAVOURS, KEYS_REFUSED, World
from stack import account

from voiceclone_provider.account.config import ProviderConfig
from voiceclone_provider.core.errors import CredentialsError, TemporaryError
from voiceclone_provider.dynamic import keys
from voiceclone_provider.plugin.codec import SECRET, SIGNATURE
from voiceclone_provider.vendors import VENDORS
from voiceclone_provider.vendors.base import Status
from voiceclone_provider.vendors.models import VendorConfig

Worlds = dict[str, World]


@pytest.fixture
def worlds(monkeypatch: pytest.MonkeyPatch) -> Worlds:
    """Four accounts with one voice each, beside Volcengine's three free slots."""
    found = {key: account(monkeypatch, key) for key in FLAVOURS}
    for key, world in found.items():
        world.trained(voice_id=f"S_{key}", name="旁白" if key == "kling" else "The Narrator")
    config = ProviderConfig({key: VendorConfig() for key in FLAVOURS})
    monkeypatch.setattr(ProviderConfig, "load", lambda *_: config)
    return found


def written(tmp_path: Path, *arguments: str) -> tuple[int, list[dict[str, str]]]:
    file = tmp_path / "import.json"
    code = run("discover", *arguments, "--import-file", str(file))
    return code, json.loads(file.read_text("utf-8"))["resources"]


def exported(tmp_path: Path, *resources: dict[str, Any]) -> str:
    file = tmp_path / "state.json"
    file.write_text(json.dumps({"version": 3, "deployment": {"resources": list(resources)}}))
    return str(file)


def resource(key: str, voice: str, name: str, **more: Any) -> dict[str, Any]:
    kind = f"voiceclone:{key}:Voice"
    urn = f"urn:pulumi:dev::shop::{kind}::{name}"
    return {"urn": urn, "type": kind, "id": voice, "outputs": {"account": "memory"}, **more}


def test_everything_is_listed_and_what_can_be_adopted_is_written(
    worlds: Worlds, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, resources = written(tmp_path)
    assert code == 0
    assert [(item["type"], item["id"], item["name"]) for item in resources] == [
        ("voiceclone:volcengine:Voice", "S_volcengine", "the-narrator"),
        ("voiceclone:coze:Voice", "S_coze", "coze-the-narrator"),
        ("voiceclone:qiniu:Voice", "S_qiniu", "qiniu-the-narrator"),
        ("voiceclone:kling:Voice", "S_kling", "s-kling"),
    ]
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert lines[0].split() == ["VENDOR", "ID", "NAME", "STATUS", "LEFT", "CREATED", "NOTE"]
    assert sum("never trained" in line for line in lines) == 3
    assert len(lines) == 1 + 7
    # Each Chinese character is as wide as two letters.
    (kling,) = [line for line in lines if line.startswith("kling")]
    assert kling.index("Ready") == lines[0].index("STATUS") - len("旁白")
    assert "4 of 7 voices" in err
    assert "pulumi import --file" in err
    assert {name for world in worlds.values() for name in world.changes} == set()


def test_one_vendor_is_asked_alone(worlds: Worlds, tmp_path: Path) -> None:
    code, resources = written(tmp_path, "--vendor", "coze", "--vendor", "kling")
    assert (code, [item["id"] for item in resources]) == (0, ["S_coze", "S_kling"])
    assert worlds["qiniu"].sent == worlds["volcengine"].sent == []


def test_what_the_stack_has_is_left_out(
    worlds: Worlds, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    state = exported(
        tmp_path,
        resource("coze", "S_coze", "the-narrator"),
        resource("kling", "S_kling", "read-only", external=True),
        resource("qiniu", "S_qiniu", "old", delete=True),
        {"urn": "urn:pulumi:dev::shop::pulumi:pulumi:Stack::s-kling", "type": "pulumi:pulumi:Stack"},
        resource("volcengine", "S_volcengine", "x", outputs={"account": "another"}),
    )
    _, resources = written(tmp_path, "--state", state)
    assert [(item["id"], item["name"]) for item in resources] == [
        ("S_volcengine", "volcengine-the-narrator"),
        ("S_kling", "kling-s-kling"),
    ]
    assert "in the stack" in capsys.readouterr().out


def test_a_voice_whose_account_is_a_secret_in_the_state_is_in_the_stack(
    worlds: Worlds, tmp_path: Path
) -> None:
    """`pulumi stack export` writes such an output as an object."""
    hidden = {SIGNATURE: SECRET, "ciphertext": "v1:abc"}
    ours = resource("coze", "S_coze", "narrator", outputs={"account": hidden})
    _, resources = written(tmp_path, "--vendor", "coze", "--state", exported(tmp_path, ours))
    assert resources == []


def test_what_a_program_has_without_the_plugin_is_left_out_too(worlds: Worlds, tmp_path: Path) -> None:
    ours = {**resource("coze", "S_coze", "narrator"), "type": keys.dynamic_type("coze")}
    _, resources = written(tmp_path, "--vendor", "coze", "--state", exported(tmp_path, ours))
    assert resources == []


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"deployment": {"resources": [1]}}'])
def test_a_state_that_cannot_be_read_is_told(
    worlds: Worlds, tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "state.json").write_text(text)
    assert run("discover", "--state", str(tmp_path / "state.json")) == 1
    assert "pulumi stack export" in capsys.readouterr().err
    assert run("discover", "--state", str(tmp_path / "none.json")) == 1
    assert worlds["coze"].sent == []


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_state_is_read_as_any_shell_writes_it(worlds: Worlds, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "state.json"
    path.write_text('{"version": 3, "deployment": null}', encoding)
    assert len(written(tmp_path, "--state", str(path))[1]) == 4


@pytest.mark.parametrize("name", ["null", "Pulumi"])
def test_no_name_is_one_that_pulumi_keeps_for_itself(worlds: Worlds, tmp_path: Path, name: str) -> None:
    worlds["coze"].only.name = name
    _, resources = written(tmp_path, "--vendor", "coze")
    assert [item["name"] for item in resources] == [f"coze-{name.lower()}"]


def test_an_empty_state_is_a_state(worlds: Worlds, tmp_path: Path) -> None:
    (tmp_path / "state.json").write_text('{"version": 3, "deployment": null}')
    assert len(written(tmp_path, "--state", str(tmp_path / "state.json"))[1]) == 4


@pytest.mark.parametrize(
    ("status", "adopted"),
    [(status, status in (Status.READY, Status.LOCKED)) for status in Status],
)
def test_only_a_voice_that_can_be_used_is_adopted(
    worlds: Worlds, tmp_path: Path, status: Status, adopted: bool
) -> None:
    worlds["coze"].only.status = status
    _, resources = written(tmp_path, "--vendor", "coze")
    assert bool(resources) is adopted


def test_a_vendor_that_fails_keeps_nobody_back(
    worlds: Worlds, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    worlds["coze"].raises["list"].append(TemporaryError("the vendor is down"))
    worlds["qiniu"].raises["list"].append(KEYS_REFUSED)
    code, resources = written(tmp_path)
    assert (code, len(resources)) == (1, 2)
    err = capsys.readouterr().err
    assert "error: the vendor is down." in err


def test_a_vendor_without_credentials_is_left_out_unless_it_is_asked_for(
    worlds: Worlds, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def missing(config: object) -> None:
        raise CredentialsError("no token is configured", vendor="Coze", advice="Set COZE_API_TOKEN.")

    monkeypatch.setattr(VENDORS["coze"], "require_credentials", missing)
    code, resources = written(tmp_path)
    assert (code, len(resources)) == (0, 3)
    assert "Coze is left out: no token is configured." in capsys.readouterr().err
    assert written(tmp_path, "--vendor", "coze") == (1, [])
    assert "Set COZE_API_TOKEN." in capsys.readouterr().err


def test_names_are_unique_and_begin_with_a_letter(worlds: Worlds, tmp_path: Path) -> None:
    world = worlds["coze"]
    world.voices.clear()
    for number, name in enumerate(["a", "A!", "a", "7 dwarfs", "音", ""]):
        world.trained(voice_id=f"73480000000000000{number}", name=name)
    _, resources = written(tmp_path, "--vendor", "coze")
    assert [item["name"] for item in resources] == [
        "a",
        "coze-a",
        "coze-a-2",
        "coze-7-dwarfs",
        "coze-000000000004",
        "coze-000000000005",
    ]


def test_a_voice_without_a_letter_gets_a_name_and_the_file_is_private(worlds: Worlds, tmp_path: Path) -> None:
    world = worlds["coze"]
    world.voices.clear()
    world.trained(voice_id="音色", name="——")
    _, (resource,) = written(tmp_path, "--vendor", "coze")
    assert resource["name"] == "voice"
    assert {file.stat().st_mode & 0o077 for file in tmp_path.glob("*.json")} == {0}


def test_the_command_is_the_plugins_own(tmp_path: Path) -> None:
    """Without any credentials, in a process of its own."""
    command = [sys.executable, "-P", "-m", "voiceclone_provider", "discover"]
    done = subprocess.run(command, env={}, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "No voices were found.\n")
    assert done.stderr.count("is left out") == 4
    told = subprocess.run([*command, "--help"], capture_output=True, text=True, check=True).stdout
    assert "--import-file FILE" in told
