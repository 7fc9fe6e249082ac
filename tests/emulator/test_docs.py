"""docs/emulator.md lists every rule, and every rule has its test."""

from __future__ import annotations

import functools
import re
import subprocess
import sys

from voiceclone_provider.emulator.core.faults import KINDS
from voiceclone_provider.emulator.core.switches import Switches
from voiceclone_provider.emulator.registry import SWITCHES

from .contradictions import CONTRADICTIONS
from .rules import PAGE


@functools.cache
def table() -> str:
    # In a process of its own: pytest cannot collect while it runs.
    command = [sys.executable, "-m", "tests.emulator.rules", "--print"]
    ended = subprocess.run(
        command, cwd=PAGE.parents[1], capture_output=True, text=True, timeout=60, check=True
    )
    return ended.stdout


def test_page_is_fresh() -> None:
    assert table() in PAGE.read_text(encoding="utf-8"), "run python -m tests.emulator.rules"


def test_rules() -> None:
    rows = table().splitlines()[2:]
    assert len({row.split(" | ")[1] for row in rows}) >= 150


def test_faults_and_vendor_switches_are_told() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert [kind for kind in sorted(KINDS) if f"`{kind}`" not in page] == []
    common = ("_qps", "_concurrency", "_lag_seconds")
    assert [name for name in SWITCHES if not name.endswith(common) and name not in page] == []


def test_contradictions() -> None:
    """Every switch of the page's table has its other side in the data, and the data nothing else."""
    chapter = PAGE.read_text(encoding="utf-8").partition("## Where the sources disagree")[2]
    cells = [row.split(" | ")[-1] for row in chapter.partition("\n## ")[0].splitlines() if row[:2] == "| "]
    told = {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}
    assert told <= set(SWITCHES)
    switched = {name for one in CONTRADICTIONS for name in one.switches}
    assert told == switched
    assert len({one.name for one in CONTRADICTIONS}) == len(CONTRADICTIONS)
    known = Switches(SWITCHES, {})
    for one in CONTRADICTIONS:
        for name, value in one.switches.items():
            assert known.checked(name, value) != SWITCHES[name], one
            assert name.startswith(one.vendor) or name == "trainings_per_voice"
