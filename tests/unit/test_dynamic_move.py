"""From the dynamic provider to the plugin: what becomes of an exported stack."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from command_line import run

from voiceclone_provider.cli import to_plugin as move
from voiceclone_provider.core.errors import PermanentError
from voiceclone_provider.dynamic import keys
from voiceclone_provider.plugin.codec import ASSET, RESOURCE, SECRET, SIGNATURE

RECORDED = Path(__file__).parents[1] / "data" / "dynamic-first-state.json"
ROOT = "urn:pulumi:dev::shop"
DYNAMIC = f"{ROOT}::pulumi:providers:pulumi-python::default"
PLUGIN = f"{ROOT}::pulumi:providers:voiceclone::default"
COZE, OURS = keys.dynamic_type("coze"), keys.plugin_type("coze")
HASH = "1a43"

State = dict[str, Any]


def voice(name: str = "host", **more: Any) -> State:
    own = {
        "__provider": "gASV",
        "__voiceclone": {"urn": f"{ROOT}::{OURS}::{name}"},
        "audio": {"path": "a.mp3", "hash": HASH},
    }
    return {
        "urn": f"{ROOT}::{COZE}::{name}",
        "custom": True,
        "id": "7348",
        "type": COZE,
        "inputs": dict(own),
        "outputs": {**own, "voiceId": "7348", "status": "Ready", "trainedOn": "f00d"},
        "provider": f"{DYNAMIC}::1234",
        "propertyDependencies": {"__provider": [], "__voiceclone": [], "audio": []},
        **more,
    }


def provider(urn: str = DYNAMIC, number: str = "1234") -> State:
    return {"urn": urn, "custom": True, "id": number, "type": urn.split("::")[2]}


def other(name: str, **more: Any) -> State:
    return {"urn": f"{ROOT}::my:thing:Thing::{name}", "type": "my:thing:Thing", "custom": False, **more}


def export(*resources: State, **more: Any) -> str:
    return json.dumps({"version": 3, "deployment": {"resources": list(resources), **more}})


def converted(*resources: State) -> list[State]:
    found: list[State] = json.loads(move.converted(export(*resources))[1])["deployment"]["resources"]
    return found


def only(*resources: State) -> State:
    """The only voice after the conversion."""
    (found,) = (item for item in converted(*resources) if item["type"] == OURS)
    return found


def test_a_recorded_stack() -> None:
    before = json.loads(RECORDED.read_text("utf-8"))
    lines, text = move.converted(RECORDED.read_text("utf-8"))
    after = json.loads(text)
    assert len(lines) == 4
    assert {k: v for k, v in after.items() if k != "deployment"} == {"version": 3}
    for key in ("manifest", "secrets_providers"):
        assert after["deployment"][key] == before["deployment"][key]
    old = {item["id"]: item for item in before["deployment"]["resources"] if "dynamic/" in item["type"]}
    stack, plugin, *voices = after["deployment"]["resources"]
    assert (stack["type"], plugin["type"]) == ("pulumi:pulumi:Stack", "pulumi:providers:voiceclone")
    assert len(voices) == len(old) == 4
    for new in voices:
        was = old[new["id"]]
        assert new["urn"] == was["outputs"]["__voiceclone"]["urn"]
        assert new["urn"].split("::")[2] == new["type"]
        assert new["provider"] == f"{plugin['urn']}::{plugin['id']}"
        assert new["protect"] is True
        assert "initErrors" not in new
        for part in ("inputs", "outputs"):
            expected = {k: v for k, v in was[part].items() if not k.startswith("__")}
            if "audio" in expected:
                expected["audio"] = {SIGNATURE: ASSET, **expected["audio"]}
            assert new[part] == expected
        assert new["propertyDependencies"] == {
            k: v for k, v in was["propertyDependencies"].items() if not k.startswith("__")
        }
    assert "pulumi-python" not in text


def test_whatever_names_a_voice_names_it_as_it_is_now() -> None:
    was, now = f"{ROOT}::{COZE}::host", f"{ROOT}::{OURS}::host"

    def naming(urn: str, kind: str) -> State:
        return other(
            "user",
            parent=urn,
            dependencies=[urn],
            propertyDependencies={"voice": [urn]},
            deletedWith=urn,
            aliases=[f"{ROOT}::{kind}::older"],
            outputs={
                "voice": {SIGNATURE: RESOURCE, "urn": urn, "id": "7348"},
                "kind": COZE,
                "text": "a::b::c::d",
            },
        )

    below = other("inner", urn=f"{ROOT}::{COZE}$my:thing:Thing::inner")
    deep = voice("deep", urn=f"{ROOT}::my:studio:Studio${COZE}::deep::{COZE}")
    found = {item["urn"]: item for item in converted(provider(), voice(), naming(was, COZE), below, deep)}
    assert found[naming(now, OURS)["urn"]] == naming(now, OURS)
    assert f"{ROOT}::{OURS}$my:thing:Thing::inner" in found
    # A name may say what it likes.
    assert f"{ROOT}::my:studio:Studio${OURS}::deep::{COZE}" in found


def test_a_voice_of_others_stays_one() -> None:
    seen = only(provider(), voice(external=True))
    assert seen["external"] is True
    assert "protect" not in seen


def test_what_was_replaced_is_still_to_be_deleted_and_what_replaces_it_is_kept() -> None:
    old, new = voice(delete=True), voice(id="7349")
    found = [item for item in converted(provider(), new, old) if item["type"] == OURS]
    assert [(item["id"], item.get("protect"), item.get("delete")) for item in found] == [
        ("7349", True, None),
        ("7348", None, True),
    ]
    lines, _ = move.converted(export(provider(), new, old))
    assert ["to be deleted" in line for line in lines] == [False, True]


def test_a_voice_that_is_not_ready_is_so_to_the_engine() -> None:
    troubled = voice()
    troubled["outputs"]["__voiceclone"] = {"urn": "…", "trouble": "host: the training failed."}
    assert only(provider(), troubled)["initErrors"] == ["host: the training failed."]


def test_other_dynamic_resources_keep_their_provider() -> None:
    mine = other("mine", provider=f"{DYNAMIC}::1234", type="pulumi-python:dynamic/mine:Thing", custom=True)
    found = converted(provider(), mine, voice())
    assert found[:2] == [provider(), mine]
    assert found[2]["urn"] == PLUGIN
    assert found[3]["provider"] == f"{PLUGIN}::{found[2]['id']}"


def test_a_provider_of_the_plugin_that_is_there_is_taken() -> None:
    theirs = voice("new", urn=f"{ROOT}::{OURS}::new", type=OURS, provider=f"{PLUGIN}::99")
    found = converted(provider(), voice(), provider(PLUGIN, "99"), theirs)
    assert [item["urn"] for item in found] == [PLUGIN, f"{ROOT}::{OURS}::host", f"{ROOT}::{OURS}::new"]
    assert {item["provider"] for item in found[1:]} == {f"{PLUGIN}::99"}
    assert found[2] == theirs  # the plugin's own are not touched


def secret(**of: Any) -> State:
    return {SIGNATURE: SECRET, **of}


def test_secrets_stay_as_they_are() -> None:
    hidden = voice()
    hidden["inputs"]["text"] = secret(ciphertext="v1:abc")
    assert only(provider(), hidden)["inputs"]["text"] == secret(ciphertext="v1:abc")


@pytest.mark.parametrize("whole", [True, False])
def test_a_secret_sample_is_converted_where_it_can_be_read(whole: bool) -> None:
    asset = {SIGNATURE: ASSET, "path": "a.mp3", "hash": HASH}
    path = {"path": "a.mp3", "hash": HASH}
    sample = (
        secret(plaintext=json.dumps(path))
        if whole
        else {**path, "path": secret(plaintext=json.dumps("a.mp3"))}
    )
    shown = voice()
    shown["inputs"]["audio"] = sample
    found = only(provider(), shown)["inputs"]["audio"]
    assert found.keys() == {SIGNATURE, "plaintext"}
    assert json.loads(found["plaintext"]) == asset

    encrypted = copy.deepcopy(shown)
    encrypted["inputs"]["audio"] = (
        secret(ciphertext="v1:abc") if whole else {**path, "path": secret(ciphertext="v1:abc")}
    )
    with pytest.raises(PermanentError, match="--show-secrets"):
        converted(provider(), encrypted)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "cannot be read"),
        ("[]", "cannot be read"),
        (export({"urn": "x"}), "cannot be read"),
        ('{"version": 3, "deployment": null}', "no voices"),
        (export(provider(), other("x")), "no voices"),
        (export(provider(), voice(), pending_operations=[{"type": "creating"}]), "interrupted"),
        (export(provider(), voice(), {"urn": f"{ROOT}::{OURS}::host", "type": OURS}), "already"),
    ],
)
def test_what_cannot_be_converted_is_told_and_nothing_is_written(
    tmp_path: Path, text: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before, after = tmp_path / "before.json", tmp_path / "after.json"
    before.write_text(text)
    assert run("to-plugin", str(before), str(after)) == 1
    assert told in capsys.readouterr().err
    assert not after.exists()


def test_the_command(tmp_path: Path) -> None:
    """In a process of its own, as the page says it."""
    command = [sys.executable, "-P", "-m", "voiceclone_provider", "to-plugin", "before.json", "after.json"]
    (tmp_path / "before.json").write_text(export(provider(), voice(), voice("seen", external=True)))
    done = subprocess.run(command, env={}, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        f"{ROOT}::{OURS}::host  7348",
        f"{ROOT}::{OURS}::seen  7348  (looked at, not managed)",
    ]
    assert "pulumi stack import --file after.json" in done.stderr
    assert (tmp_path / "after.json").stat().st_mode & 0o077 == 0
    # It may be the only copy of something: it is not written over.
    again = subprocess.run(command, env={}, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (again.returncode, again.stdout) == (1, "")
    assert "after.json" in again.stderr
