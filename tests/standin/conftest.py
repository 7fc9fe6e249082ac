"""An engine in this process, with the toy provider behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .toys import Toys


@pytest.fixture
def toys(tmp_path: Path) -> Iterator[Toys]:
    toys = Toys(tmp_path)
    yield toys
    toys.engine.close()


@pytest.fixture
def new_toys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Toys]]:
    """Makes as many as a test wants."""
    made: list[Toys] = []

    def make() -> Toys:
        made.append(Toys(tmp_path_factory.mktemp("toys")))
        return made[-1]

    yield make
    for toys in made:
        toys.engine.close()
