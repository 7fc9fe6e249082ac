"""An emulator whose trainings are over at once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.emulator import Emulator


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    emulator = Emulator(tmp_path_factory.mktemp("emulator"), training_seconds=0.02)
    yield emulator
    emulator.stop()
