"""The policy pack of examples/policy in real previews and updates, of both faces."""

from __future__ import annotations

import importlib.util
import json
import shutil
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.emulator import Emulator
from engine.faces import FACES
from engine.stack import ROOT, STACK, Stack
from engine.voices import VENDORS, sha256

COZE, QINIU, KLING = (VENDORS[key] for key in ("coze", "qiniu", "kling"))

pytestmark = [
    pytest.mark.engine,
    pytest.mark.usefixtures("cli"),
    pytest.mark.skipif(
        importlib.util.find_spec("pulumi_policy") is None, reason="pulumi-policy is not installed"
    ),
]


@pytest.fixture(params=FACES)
def stack_type(request: pytest.FixtureRequest) -> type[Stack]:
    return FACES[request.param].stack


@dataclass(frozen=True)
class Pack:
    """A copy of the pack that this Python runs."""

    folder: Path

    @property
    def words(self) -> tuple[str, ...]:
        """What makes a command use it."""
        config = str(self.folder / "config.json")
        return "--policy-pack", str(self.folder), "--policy-pack-config", config

    def configure(self, policies: dict[str, Any]) -> None:
        (self.folder / "config.json").write_text(json.dumps(policies), encoding="utf-8")

    def consents(self, *records: dict[str, Any]) -> None:
        (self.folder / "consents.yaml").write_text(yaml.safe_dump(list(records)), encoding="utf-8")


def record(*samples: str, **changed: object) -> dict[str, Any]:
    """A consent that covers samples."""
    complete = {"speaker": "Lin", "agreed": date(2026, 1, 1), "until": date(2099, 1, 1), "scope": "tests"}
    return {**complete, "document": "contract.pdf", "samples": list(samples), **changed}


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    folder = tmp_path / "pack"
    shutil.copytree(ROOT / "examples" / "policy", folder, ignore=shutil.ignore_patterns("__pycache__"))
    project = folder / "PulumiPolicy.yaml"
    declared = yaml.safe_load(project.read_text("utf-8"))
    declared["runtime"]["options"]["virtualenv"] = sys.prefix
    project.write_text(yaml.safe_dump(declared), encoding="utf-8")
    return Pack(folder)


def bad(emulator: Emulator, pack: Pack) -> dict[str, Any]:
    """A program with every fault that the configuration knows."""
    coze, qiniu = sha256(COZE, emulator, 1), emulator.sample_url("guide-zh.mp3")
    pack.consents(record(coze, document=None), record(qiniu, until=date(2026, 2, 1)), record("another"))
    pack.configure(
        {
            "allowed-vendors": {"vendors": ["coze", "qiniu"]},
            "allowed-languages": {"languages": ["zh"]},
            "production-protected": {"stacks": [STACK]},
            "training-cap": {"maximum": 2},
        }
    )
    return {v.key: v.resource(emulator) for v in (COZE, QINIU, KLING)}


def test_a_preview_tells_every_fault(stack: Stack, emulator: Emulator, pack: Pack) -> None:
    stack.program(bad(emulator, pack))
    told = stack.fails("preview", *pack.words).text
    for sentence in (
        "record 1 in consents.yaml, does not hold: document is missing",
        "record 2 in consents.yaml, does not hold: it ended on 2026-02-01",
        f"under samples: {emulator.sample_url('announcer-en.wav')} (its URL)",
        "kling is not an allowed vendor. Move the voice to one of: coze, qiniu.",
        "en is not an allowed language. Allowed: zh.",
        "This update would train coze, kling, qiniu: 3, where 2 are allowed.",
    ):
        assert told.count(sentence) == 1, told
    assert told.count("test is a production stack") == 2, told  # Coze keeps its voices by default


@pytest.mark.parametrize("stack_type", [Stack])
def test_an_update_without_a_preview_trains_nothing_that_is_refused(
    stack: Stack, emulator: Emulator, pack: Pack
) -> None:
    """It stops at the first voice that is refused. Only the cap needs a preview."""
    stack.program(bad(emulator, pack))
    assert "[mandatory]" in stack.up_fails(*pack.words).text
    assert emulator.changing() == []


@pytest.mark.parametrize("stack_type", [Stack])
def test_levels_and_targets(stack: Stack, emulator: Emulator, pack: Pack) -> None:
    """An advisory violation stops nothing; a new voice that is left out is neither judged nor counted."""
    pack.consents(record("another"))
    pack.configure({"voice-consent": {"enforcementLevel": "advisory"}, "training-cap": {"maximum": 1}})
    stack.program({v.key: v.resource(emulator) for v in (COZE, QINIU)})
    told = stack.must("preview", "--target", "**coze", *pack.words).text
    assert told.count("[advisory]") == 1, told
    assert told.count("No consent covers the sample of this voice.") == 1


def test_a_good_stack_and_its_retraining(stack: Stack, emulator: Emulator, pack: Pack) -> None:
    """The cap counts what an update would train, and nothing else; a new sample needs a new consent."""

    def declare(take: int, **more: Any) -> None:
        options = {"coze": {"protect": True, **more}, "qiniu": {"protect": True}}
        voices = {v.key: v.resource(emulator, take) for v in (COZE, QINIU)}
        stack.program({key: {**voice, "options": options[key]} for key, voice in voices.items()})

    protected = {"production-protected": {"stacks": [STACK], "onlyProtect": True}}
    pack.consents(record(sha256(COZE, emulator, 1), emulator.sample_url("guide-zh.mp3")))
    pack.configure({**protected, "training-cap": {"maximum": 2}})
    declare(take=1)
    stack.up(*pack.words)
    made = emulator.changing()

    pack.configure({**protected, "training-cap": {"maximum": 0}})
    declare(take=2, ignoreChanges=["audio"])
    told = stack.fails("up", "--yes", *pack.words).text
    assert "This update would train qiniu: 1, where 0 are allowed." in told
    assert told.count("No consent covers the sample of this voice.") == 1
    assert emulator.changing() == made
