"""Drift from outside: the command with the real CLI and the emulator, on both faces."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.command import Command
from engine.emulator import Emulator
from engine.faces import FACES
from engine.stack import Stack
from engine.voices import VENDORS, sha256

Drift = Callable[..., dict[str, Any]]

pytestmark = pytest.mark.engine


@pytest.fixture(params=FACES)
def stack_type(request: pytest.FixtureRequest) -> type[Stack]:
    """Each face in turn."""
    return FACES[request.param].stack


@pytest.fixture
def drift(stack: Stack, command: Command, cli: Path) -> Drift:
    """Runs the command beside the program, and checks what every run keeps to."""

    def run(code: int, *words: str) -> dict[str, Any]:
        file = stack.folder.with_name("drift.json")
        file.unlink(missing_ok=True)
        path = f"{cli.parent}:{stack.environment['PATH']}"
        before = stack.resources()
        done = subprocess.run(
            [sys.executable, "-P", "-m", "voiceclone_provider", "drift", "--json", str(file), *words],
            cwd=stack.folder,
            env={**stack.environment, "PATH": path},
            capture_output=True,
            text=True,
            timeout=180,
        )
        assert done.returncode == code, done.stdout + done.stderr
        assert done.stderr == ""
        assert "Traceback" not in done.stdout
        assert "--heal" in words or stack.resources() == before, "a look changes no state"
        told: dict[str, Any] = json.loads(file.read_text("utf-8"))
        assert told["exitCode"] == code
        for secret in ("emulator-token", "emulator-sk", "ciphertext"):
            assert secret not in done.stdout + file.read_text("utf-8")
        return told

    return run


def kinds(told: dict[str, Any]) -> dict[str, str]:
    return {item["resource"] or item["voiceId"] or item["vendor"]: item["kind"] for item in told["findings"]}


def refusal(told: dict[str, Any]) -> str:
    (healing,) = told["healing"]
    assert not healing["done"]
    return str(healing["refused"] or healing["error"])


def test_what_others_did_is_found_and_healed(stack: Stack, emulator: Emulator, drift: Drift) -> None:
    """A training, a rename and a deletion, while a vendor is down and when it is back."""
    coze, qiniu = VENDORS["coze"], VENDORS["qiniu"]
    program = {
        "coze": coze.resource(emulator),
        "guide": qiniu.resource(emulator),
        "gone": qiniu.resource(emulator, name="gone"),
    }
    stack.program(program, {"guideId": "${gone.voiceId}"})
    stack.up()
    ids = {name: resource["id"] for name, resource in stack.resources().items()}
    emulator.retrain("coze", ids["coze"])
    emulator.act("qiniu", ids["guide"], "rename", name="theirs")
    emulator.delete("qiniu", ids["gone"])
    emulator.finish()
    stack.later()
    paid = emulator.changing()

    emulator.fault("coze", "status", code=401, times=1000)
    told = drift(1, "--heal", "--max-trainings", "0", "--no-untracked")
    emulator.no_faults()
    assert kinds(told) == {"coze": "unreadable", "guide": "changed", "gone": "deleted"}
    assert "needs 1 training in" in refusal(told), "what cannot be read is not healed"
    assert emulator.changing() == paid, "what is refused changes nothing"

    told = drift(0, "--heal", "--max-trainings", "2")
    steps = {step["resource"]: step["trainings"] for step in told["healing"][0]["steps"]}
    assert steps == {"coze": 1, "guide": 0, "gone": 1}
    healed = {voice["id"]: voice for voice in emulator.voices("qiniu")}
    assert healed[ids["guide"]]["name"] == "guide"
    new = stack.resource("gone")["id"]
    assert new != ids["gone"]
    assert healed[new]["audio_sha256"] == sha256(qiniu, emulator, 1)
    assert emulator.voice("coze")["audio_sha256"] == sha256(coze, emulator, 1)
    assert emulator.voice("coze")["trainings"] == 3
    assert json.loads(stack.must("stack", "output", "--json").out) == {"guideId": new}


@pytest.mark.parametrize("stack_type", [FACES["plugin"].stack], ids=["plugin"])
def test_what_stands_in_the_way_of_healing(stack: Stack, emulator: Emulator, drift: Drift) -> None:
    """A program that goes further, another's lock, and a vendor that refuses the new voice; beside a voice
    that no stack has."""
    qiniu = VENDORS["qiniu"]
    program = {name: qiniu.resource(emulator, name=name) for name in ("host", "guide")}
    stack.program({**program, "lost": qiniu.resource(emulator, name="lost")})
    stack.up()
    ids = {name: resource["id"] for name, resource in stack.resources().items()}
    stack.must("state", "delete", stack.resource("lost")["urn"], "--yes")
    emulator.delete("qiniu", ids["guide"])
    stack.later()

    stack.program({**program, "more": VENDORS["kling"].resource(emulator)})
    told = drift(7, "--heal")
    assert kinds(told) == {"guide": "deleted", "lost": "untracked", "more": "missing"}
    assert {each["vendor"]: each["emptySlots"] for each in told["accounts"]}["volcengine"] == 20
    assert "not deployed" in refusal(told)
    assert "more" in refusal(told)

    stack.program(program)
    lock = stack.folder.parent / "state/.pulumi/locks/organization/voices/test/theirs.json"
    lock.parent.mkdir(parents=True, exist_ok=True)
    lock.write_text('{"pid": 1, "username": "a", "hostname": "b", "timestamp": "2026-01-01T00:00:00Z"}')
    assert "another update" in refusal(drift(7, "--heal", "--no-untracked"))
    lock.unlink()

    emulator.fault("qiniu", "status", code=400, method="POST", path="/v1/voice-clones", times=1000)
    told = drift(7, "--heal", "--known", ids["lost"], ".:test", ".")
    emulator.no_faults()
    assert "guide" not in stack.resources(), "the refresh took it out"
    assert kinds(told) == {"guide": "deleted"}, "and it is reported still"
    assert kinds(drift(7, "--declared", "--known", ids["lost"])) == {"guide": "missing"}, "in later runs, too"
