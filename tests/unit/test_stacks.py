"""Which stacks a command is about, and what it takes from their states."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import click
import pytest
from memory_vendor import FLAVOURS
from stack import account

from voiceclone_provider.account.config import ProviderConfig
from voiceclone_provider.cli import stacks
from voiceclone_provider.cli.accounts import configurations, listings
from voiceclone_provider.cli.stacks import Place, Project, State, concealed, failed
from voiceclone_provider.core.errors import PermanentError, TemporaryError
from voiceclone_provider.plugin.codec import SECRET, SIGNATURE
from voiceclone_provider.vendors.models import VendorConfig

URN = "urn:pulumi:dev::shop::"


def secret(value: Any) -> dict[str, Any]:
    return {SIGNATURE: SECRET, "plaintext": json.dumps(value)}


def state(*resources: dict[str, Any], **more: Any) -> State:
    return State.parse({"resources": list(resources), **more})


def resource(kind: str, name: str, **more: Any) -> dict[str, Any]:
    return {"urn": f"{URN}{kind}::{name}", "type": kind, "custom": True, "id": f"id-{name}", **more}


def test_a_place_is_a_project_and_perhaps_a_stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("shop", "with:colon"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "Pulumi.yaml").write_text("name: shop\n")
    monkeypatch.chdir(tmp_path)
    assert Place.parse("shop") == Place(Path("shop"))
    assert Place.parse("shop:prod") == Place(Path("shop"), "prod")
    assert Place.parse("shop:team/shop/prod") == Place(Path("shop"), "team/shop/prod")
    assert Place.parse("with:colon") == Place(Path("with:colon"))
    assert Place.parse("with:colon:prod") == Place(Path("with:colon"), "prod")
    for wrong in ("", ".", "nowhere", "nowhere:prod", "shop:"):
        with pytest.raises(click.UsageError, match=r"Pulumi\.yaml"):
            Place.parse(wrong)


def test_each_stack_is_chosen_once(monkeypatch: pytest.MonkeyPatch) -> None:
    class Project:
        def __init__(self, folder: Path, _: object) -> None:
            self.folder = folder

        def stack(self, name: str) -> SimpleNamespace:
            return SimpleNamespace(label=f"{self.folder}/{name}")

        def stacks(self, *, every: bool) -> list[SimpleNamespace]:
            return [self.stack(name) for name in ("prod", "dev")[: 2 if every else 1]]

    monkeypatch.setattr(stacks, "command", object)
    monkeypatch.setattr(stacks, "Project", Project)
    shop, blog = Place(Path("shop"), "prod"), Place(Path("blog"))
    assert [stack.label for stack in stacks.chosen([shop, Place(Path("shop"))])] == ["shop/prod"]
    found = stacks.chosen([shop, blog], every=True)
    assert [stack.label for stack in found] == ["shop/prod", "blog/prod", "blog/dev"]


def test_voices_of_both_faces_are_found_and_nothing_secret_with_them() -> None:
    dynamic = "pulumi-python:dynamic/voiceclone/coze:Voice"
    found = state(
        resource("voiceclone:kling:Voice", "a", inputs={"name": secret("quiet")}, protect=True),
        resource(dynamic, "b", outputs={"account": "coze.cn", "list": [secret("quiet")]}, delete=True),
        resource("random:index:Id", "c", dependencies=[f"{URN}voiceclone:kling:Voice::a"]),
        {"urn": f"{URN}pulumi:pulumi:Stack::shop-dev", "type": "pulumi:pulumi:Stack"},
        pending_operations=[{"type": "creating", "resource": resource("voiceclone:coze:Voice", "d")}],
    )
    first, second = found.voices
    assert (first.vendor, first.name, first.id, first.protect) == ("kling", "a", "id-a", True)
    assert first.dependents == (f"{URN}random:index:Id::c",)
    assert (second.type, second.delete) == ("voiceclone:coze:Voice", True)
    assert second.account == "coze.cn"
    assert "quiet" not in repr(found)
    assert found.pending == (("creating", f"{URN}voiceclone:coze:Voice::d"),)
    assert list(found.managed.values()) == ["voiceclone:kling:Voice", "random:index:Id"]


def test_an_explicit_providers_inputs_are_opened_and_not_shown() -> None:
    kind = "pulumi:providers:voiceclone"
    found = state(
        resource(kind, "default_0_1_0", inputs={"cozeToken": secret("old")}),
        resource(kind, "default-account", inputs={"cozeToken": secret("quiet"), "cozeBaseUrl": "https://a"}),
    )
    assert list(found.providers.values()) == [{"cozeToken": "quiet", "cozeBaseUrl": "https://a"}]
    assert "quiet" not in repr(found)
    assert "quiet" not in repr(concealed({"token": secret("quiet")}))
    default, explicit = configurations({"cozeToken": "new"}, found.providers.values())
    assert default.of("coze").coze_token == "new"
    assert explicit.of("coze").coze_token == "quiet"


@pytest.mark.parametrize("deployment", [{"resources": [{}]}, {"resources": 3}, {"resources": ["x"]}])
def test_what_is_no_state_is_an_error(deployment: dict[str, Any]) -> None:
    with pytest.raises(PermanentError, match="cannot be read"):
        State.parse(deployment)


def test_an_account_is_listed_once_and_one_that_fails_hides_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    worlds = {key: account(monkeypatch, key) for key in FLAVOURS}
    for world in worlds.values():
        world.trained(voice_id="S_1")
    worlds["coze"].raises["list"].append(TemporaryError("down"))
    config = ProviderConfig({key: VendorConfig() for key in FLAVOURS})
    found = listings([config, config])
    assert [listing.vendor for listing in found] == list(FLAVOURS)
    for listing in found:
        assert (listing.error is not None) is (listing.vendor == "coze")
        assert ("S_1" in [voice.voice_id for voice in listing.voices]) is (listing.vendor != "coze")


def test_of_a_failed_command_only_the_errors_are_told() -> None:
    from pulumi.automation._cmd import CommandResult
    from pulumi.automation.errors import create_command_error

    noise = "Diagnostics:\n  voiceclone:coze:Voice (a):\n    error: it is broken\n"
    assert failed(create_command_error(CommandResult(noise, "error: it is broken\n", 1))).message == (
        "it is broken"
    )
    locked = create_command_error(CommandResult("", "error: the stack is currently locked by 1 lock(s).", 1))
    assert "pulumi cancel" in str(failed(locked))


def test_a_project_without_a_stack_in_the_backend_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another backend than the one that is meant must not look like a project where nothing differs."""
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: yaml\n")
    cli = tmp_path / "pulumi"
    cli.write_text("#!/bin/sh\ncase $1 in version) echo v3.260.0 ;; *) echo '[]' ;; esac\n")
    cli.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(PermanentError, match="no stack in this backend"):
        Project(tmp_path, stacks.command()).stacks(every=True)
