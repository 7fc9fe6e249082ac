"""Every fault at every exchange of every operation: afterwards one voice, paid for once, and nothing lost.

`make faults` tries all; `make test` tries every so-manieth cell. VOICECLONE_CELLS has a pattern of the cells
to try (`kling create|*|reset after|*`), and then says of each what the user was told.
"""

from __future__ import annotations

import os
from fnmatch import fnmatchcase
from itertools import count

import pytest

from .catalogue import KINDS
from .cells import Cell, cells, followed, tried
from .conftest import CELL
from .operations import Recorder, story_keys

EVERY = bool(os.environ.get("VOICECLONE_ALL_FAULTS"))
WANTED = os.environ.get("VOICECLONE_CELLS", "")
SAMPLE = 83
"""Every how manieth cell is tried otherwise; a prime, so that all kinds and stops have their turn."""

STORIES = story_keys()
GROUPS = [(key, kind) for key in STORIES for kind in KINDS] if EVERY else [(key, "") for key in STORIES]


@pytest.mark.timeout(3600)
@pytest.mark.parametrize(("key", "kind"), GROUPS, ids=[f"{key}-{kind or 'sample'}" for key, kind in GROUPS])
def test_after_any_fault(recorder: Recorder, request: pytest.FixtureRequest, key: str, kind: str) -> None:
    clean = recorder.clean(key)
    results = []
    for cell in chosen([*cells(clean), *followed(clean)], key, kind):
        skew = cell.fault.kind.skew
        result = tried(recorder.bench, recorder.clean(key, skew), cell, recorder.strangers)
        results.append(result)
        request.node.user_properties.append((CELL, result.record()))
    for result in results if WANTED else ():
        print(f"{result.id}\n{result.said}\n")
    failed = [f"{result.id}: {result.problems}\n{result.said}" for result in results if result.problems]
    unmet = [result.id for result in results if not result.struck]
    assert not failed, "\n\n".join(failed)
    assert not unmet, f"these faults met nothing: {unmet}"


def chosen(every: list[Cell], key: str, kind: str) -> list[Cell]:
    if WANTED:
        every = [cell for cell in every if fnmatchcase(cell.id, WANTED)]
    elif not EVERY:
        start = STORIES.index(key)
        every = [cell for number, cell in zip(count(start), every, strict=False) if number % SAMPLE == 0]
    return [cell for cell in every if kind in ("", cell.fault.kind.name)]
