"""The stand-in manages no real voices."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.command import ROOT, STANDIN

from .engine import Engine
from .plugins import InProcess
from .safety import is_local

HERE = "http://127.0.0.1:9"
VOICE = {"type": "voiceclone:coze:Voice", "properties": {"name": "x"}}
SCHEMA = {
    "name": "voiceclone",
    "resources": {"voiceclone:coze:Voice": {}},
    "provider": {"inputProperties": {"cozeBaseUrl": {"type": "string"}}},
}


class Recording:
    """A provider that must not be configured."""

    def __init__(self, address: str) -> None:
        from voiceclone_provider.plugin.server import Server

        self._server = Server(address)
        self.port = self._server.port

    def start(self) -> None:
        self._server.start()

    def stop(self) -> None:
        self._server.stop()


@pytest.fixture
def new_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Engine]]:
    made: list[Engine] = []

    def make(config: dict[str, Any] | None = None, **environment: str) -> Engine:
        for name in [name for name in os.environ if name.startswith(("COZE_", "KLING_", "QINIU_", "VOLC"))]:
            monkeypatch.delenv(name)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        made.append(Engine(tmp_path, InProcess(Recording), schema=SCHEMA, config=config))
        return made[-1]

    yield make
    for engine in made:
        engine.close()


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:80/x", True),
        ("http://[::1]:80", True),
        ("https://localhost", True),
        ("https://api.coze.cn", False),
        ("http://127.0.0.1.example.com", False),
        ("http://user@10.0.0.1", False),
        ("http://127.0.0.1@api.coze.cn", False),
        ("not a URL", False),
        ("", False),
    ],
)
def test_what_is_on_this_machine(url: str, local: bool) -> None:
    assert is_local(url) is local


@pytest.mark.parametrize("where", ["config", "environment", "provider", "nowhere"])
@pytest.mark.parametrize("command", ["preview", "up"])
def test_a_vendor_elsewhere_is_refused(new_engine: Callable[..., Engine], where: str, command: str) -> None:
    real = "https://api.coze.cn"
    engine = new_engine(
        {"voiceclone:cozeBaseUrl": real} if where == "config" else None,
        **({"COZE_API_BASE": real} if where == "environment" else {}),
    )
    resources: dict[str, Any] = {"voice": VOICE}
    if where == "provider":
        own = {"type": "pulumi:providers:voiceclone", "properties": {"cozeBaseUrl": real}}
        resources = {"own": own, "voice": {**VOICE, "options": {"provider": "${own}"}}}
    outcome = getattr(engine, command)({"resources": resources})
    assert not outcome.succeeded
    (told,) = [line for line in outcome.told("error") if "no real voices" in line]
    assert "cozeBaseUrl" in told
    assert "COZE_API_BASE" in told
    assert outcome.methods("Check", "Create") == []
    assert outcome.methods("Configure") == ([] if where != "nowhere" else ["Configure default"])


def test_a_vendor_here_is_not(new_engine: Callable[..., Engine]) -> None:
    outcome = new_engine(COZE_API_BASE=HERE, COZE_API_TOKEN="t").preview({"resources": {"voice": VOICE}})
    assert "Check voice" in outcome.methods()


def test_a_sample_elsewhere_is_not_fetched(new_engine: Callable[..., Engine]) -> None:
    audio = {"fn::remoteAsset": "https://voices.example/a.mp3"}
    voice = {**VOICE, "properties": {"audio": audio}}
    outcome = new_engine(COZE_API_BASE=HERE).preview({"resources": {"voice": voice}})
    assert any("voices.example" in line and "this machine" in line for line in outcome.told("error"))


def test_the_first_line_says_what_it_is(tmp_path: Path) -> None:
    program = {
        "name": "p",
        "runtime": "yaml",
        "packages": {"voiceclone": str(ROOT)},
        "resources": {"v": VOICE},
    }
    (tmp_path / "Pulumi.yaml").write_text(yaml.safe_dump(program))
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME")}
    environment = {
        **kept,
        "PULUMI_BACKEND_URL": f"file://{tmp_path}",
        "PULUMI_HOME": str(tmp_path),
        "PULUMI_CONFIG_PASSPHRASE": "x",
        "COZE_API_TOKEN": "t",
    }

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*STANDIN, *words], cwd=tmp_path, env=environment, capture_output=True, text=True
        )

    assert run("stack", "init", "dev").returncode == 0
    done = run("up", "--yes", "--skip-preview")
    assert done.returncode == 1
    assert done.stdout.startswith("A stand-in for Pulumi's engine")
    assert "no real voices" in done.stdout
    exported = run("stack", "export")
    assert exported.stdout.startswith("{"), "what is read by machines has nothing before it"
    assert exported.stderr.startswith("A stand-in for Pulumi's engine")
