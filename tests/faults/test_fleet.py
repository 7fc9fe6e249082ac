"""A hundred voices in one `up`, at a vendor that takes five requests a second: each is paid once."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from engine.voices import COZE

from .bench import Bench
from .clock import QuietClock
from .conftest import FLEET
from .vendors import TRAINING_SECONDS

VOICES = 100 if "VOICECLONE_ALL_FAULTS" in os.environ else 20
A_SECOND = 5
AT_ONCE = (16, VOICES)
"""How many resources the engine works on at once: as many as it does on four processors, and all."""

MOST = 4
"""How many times as long as it must take it may take: a storm of requests that are refused takes longer."""


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    clock = QuietClock()
    send = requests.adapters.HTTPAdapter.send

    def counted(*args: Any, **kwargs: Any) -> requests.Response:
        clock.requests += 1
        try:
            return send(*args, **kwargs)
        finally:
            clock.requests -= 1

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", counted)
    made = Bench(tmp_path, monkeypatch, clock)
    yield made
    made.close()
    clock.close()


@pytest.mark.timeout(900)
@pytest.mark.parametrize("at_once", AT_ONCE)
def test_a_hundred_voices(bench: Bench, at_once: int, record_property: Callable[[str, Any], None]) -> None:
    bench.side.switch("coze_qps", A_SECOND)
    resources = {f"voice{n}": COZE.resource(bench, name=f"voice {n}") for n in range(VOICES)}
    bench.engine._parallel = at_once
    began = bench.clock.now()
    outcome = bench.run(lambda: bench.engine.up({"resources": resources}))
    took = bench.clock.now() - began
    assert outcome.succeeded, outcome.told("error")
    voices = bench.side.voices("coze")
    assert sorted(voice.name for voice in voices) == sorted(f"voice {n}" for n in range(VOICES))
    assert {voice.trainings for voice in voices} == {1}
    rounds = math.ceil(VOICES / at_once)
    bound = max(VOICES / A_SECOND + TRAINING_SECONDS, rounds * TRAINING_SECONDS)
    refused = sum(answer.status == 429 for answer in bench.proxy.answered.values())
    words = f"{VOICES} voices, {at_once} at once: {took:.0f} s, at least {bound:.0f} s; {refused} refusals"
    record_property(FLEET, words)
    assert took < MOST * bound, words
