"""docs/emulator.md lists every rule, and every rule has its test."""

from __future__ import annotations

import functools
import subprocess
import sys

from voiceclone_provider.emulator.core.faults import KINDS
from voiceclone_provider.emulator.registry import SWITCHES

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
