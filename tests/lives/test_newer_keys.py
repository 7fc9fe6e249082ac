"""A stack of the voice API V1 goes on with an API key: the voices are the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from faults.bench import Bench

from .accesses import ACCESSES, Access
from .life import Life

OLD = Access("application", "volcengine", inputs={"speakerId": "S_emulator01"})
NEW = next(access for access in ACCESSES if access.newer and access.without)


def test_a_stack_moves_to_an_api_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(tmp_path, monkeypatch, environment=OLD.environment)
    try:
        life = Life(bench, OLD)
        life.must(life.up(1))
        life.is_well(trained=1)
        for name, value in NEW.environment(bench.proxy.url).items():
            monkeypatch.setenv(name, value)
        life.must(life.up())
        life.is_well(trained=0)
        life.must(life.up(2))
        life.is_well(trained=1)
    finally:
        bench.close()


def test_a_voice_of_v1_is_upgraded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(tmp_path, monkeypatch, environment=OLD.environment)
    try:
        life = Life(bench, OLD)
        life.must(life.up(1))
        for name, value in NEW.environment(bench.proxy.url).items():
            monkeypatch.setenv(name, value)
        before = bench.side.requests()
        life.must(life.up(upgradeVoice=True))
        assert bench.side.requests() == before + 1
        life.is_well(trained=1)
        assert bench.side.requests() == before + 1
    finally:
        bench.close()
