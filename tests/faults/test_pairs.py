"""Two voices of one vendor in one `up`: a fault at one of them costs neither anything."""

from __future__ import annotations

import os
from fnmatch import fnmatchcase

import pytest

from .conftest import CELL
from .operations import Recorder
from .pairs import Pair, cell_id, disturbed, meet, pairs, strikes

EVERY = bool(os.environ.get("VOICECLONE_ALL_FAULTS"))
WANTED = os.environ.get("VOICECLONE_CELLS", "")
SAMPLE = 23
"""Every how manieth is tried otherwise."""

PAIRS = list(pairs())


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("pair", PAIRS, ids=[pair.key for pair in PAIRS])
def test_two_at_once(recorder: Recorder, request: pytest.FixtureRequest, pair: Pair) -> None:
    bench = recorder.bench
    met = meet(bench, pair, recorder.kept)
    faults = list(strikes(pair))
    chosen = faults if EVERY else faults[PAIRS.index(pair) % SAMPLE :: SAMPLE]
    if WANTED:
        chosen = [fault for fault in faults if fnmatchcase(cell_id(pair, fault), WANTED)]
    results = [disturbed(bench, met, fault, recorder.strangers) for fault in chosen]
    request.node.user_properties.extend((CELL, result.record()) for result in results)
    failed = [f"{result.id}: {result.problems}\n{result.said}" for result in results if result.problems]
    unmet = [result.id for result in results if not result.struck]
    assert not failed, "\n\n".join(failed)
    assert not unmet, f"these faults met nothing: {unmet}"
