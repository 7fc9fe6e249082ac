"""The stand-in does what the real engine does: the same calls to the plugin, the same state after them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from .comparing import ROOT, STANDIN, Bench, Seen, differences
from .scenarios import SCENARIOS, Do


@pytest.fixture(scope="session")
def cli() -> Path:
    """The real CLI."""
    finder = [sys.executable, str(ROOT / "scripts" / "pulumi_cli.py")]
    found = subprocess.run(finder, capture_output=True, text=True)
    if found.returncode != 0:
        pytest.skip("NO PULUMI CLI to compare the stand-in with")
    return Path(found.stdout.strip())


@pytest.mark.engine
@pytest.mark.parametrize("name", SCENARIOS)
def test_the_stand_in_does_what_the_real_engine_does(
    cli: Path, tmp_path: Path, name: str, record_property: Callable[[str, object], None]
) -> None:
    real, standin = Bench((str(cli),), tmp_path / "real"), Bench(STANDIN, tmp_path / "standin")
    for number, step in enumerate(SCENARIOS[name], 1):
        first, second = _run(real, step), _run(standin, step)
        found = differences(first, second, plugins=step.plugins)
        told = f"step {number}, {' '.join(step.words)}\n{first.text}\n-- stand-in --\n{second.text}\n"
        assert not found, told + "\n".join(found)
    record_property("calls compared", real.count)


def _run(bench: Bench, step: Do) -> Seen:
    if step.resources is not None:
        bench.program(step.resources, **step.more)
    if step.cloud is not None:
        bench.change_cloud(step.cloud)
    meanwhile = step.meanwhile
    return bench.run(
        *step.words, meanwhile=None if meanwhile is None else lambda process: meanwhile(bench, process)
    )
