"""The same under every shape in which Volcengine's pages show what a training changes.

`make faults` tries every seventh cell of each shape; `make test` a few cells of a few.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count

import pytest

from emulator.contradictions import CONTRADICTIONS, Contradiction

from .cells import cells, followed, tried
from .conftest import CELL
from .operations import Recorder, story_keys

ALL = bool(os.environ.get("VOICECLONE_ALL_FAULTS"))
EVERY = 7 if ALL else 211
"""Every how manieth cell is tried; primes, so that all kinds and stops have their turn."""

MOVING = {"volcengine_version", "volcengine_create_time", "volcengine_trainings_left"}
SHAPES = [side for side in CONTRADICTIONS if MOVING & side.switches.keys()][:: 1 if ALL else 4]
STORIES = [key for key in story_keys() if key.startswith("volcengine ")]


@pytest.fixture(scope="module", params=SHAPES, ids=lambda shape: shape.name)
def shape(request: pytest.FixtureRequest) -> Contradiction:
    found: Contradiction = request.param
    return found


@pytest.fixture(scope="module")
def shaped(shape: Contradiction, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Recorder]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        made = Recorder(tmp_path_factory.mktemp("shape"), monkeypatch, shape.switches)
        yield made
        made.bench.close()


@pytest.mark.timeout(3600)
def test_after_any_fault(shaped: Recorder, shape: Contradiction, request: pytest.FixtureRequest) -> None:
    bench = shaped.bench
    every = [
        cell for key in STORIES for clean in [shaped.clean(key)] for cell in (*cells(clean), *followed(clean))
    ]
    start = SHAPES.index(shape)
    failed = []
    for number, cell in zip(count(start), every, strict=False):
        if number % EVERY:
            continue
        result = tried(bench, shaped.clean(cell.story.key, cell.fault.kind.skew), cell, shaped.strangers)
        request.node.user_properties.append((CELL, {**result.record(), "operation": shape.name}))
        if result.problems:
            failed.append(f"{result.id}: {result.problems}\n{result.said}")
    assert not failed, "\n\n".join(failed)
