"""An engine in this process, with the toy provider behind it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from .calls import Hooks
from .engine import Engine, Outcome
from .plugins import InProcess
from .toy import SCHEMA, Toy


class Toys:
    """The engine, and what its provider made."""

    def __init__(self, folder: Path) -> None:
        self._cloud = folder / "cloud.json"
        self.folder = folder
        self.engine = self.open()

    def open(self) -> Engine:
        plugin = InProcess(lambda address: Toy(self._cloud), played=True)
        return Engine(self.folder / "state", {"toy": plugin}, schema=SCHEMA, project="prog", parallel=1)

    @property
    def things(self) -> list[str]:
        """IDs of what there is."""
        if not self._cloud.exists():
            return []
        return sorted(json.loads(self._cloud.read_text())["things"])

    def up(self, hooks: Hooks | None = None, **resources: Any) -> Outcome:
        """`up` on these resources; properties only, of things."""
        self.engine.hooks = hooks or Hooks()
        declared = {name: self.thing(properties) for name, properties in resources.items()}
        return self.engine.up({"resources": declared})

    @staticmethod
    def thing(properties: Mapping[str, Any]) -> dict[str, Any]:
        options = {name: value for name, value in properties.items() if name in ("aliases", "dependsOn")}
        rest = {name: value for name, value in properties.items() if name not in options}
        return {"type": "toy:index:Thing", "properties": rest, "options": options}

    @property
    def state(self) -> list[str]:
        """What the state holds, as `name id`, with marks."""
        lines = []
        for state in self.engine.snapshot().resources:
            if state.type == "toy:index:Thing":
                marks = ["deleting"] * state.delete + ["unready"] * bool(state.init_errors)
                lines.append(" ".join([state.name, state.id, *marks]))
        return lines

    @property
    def pending(self) -> list[str]:
        return [f"{item.type} {item.resource.name}" for item in self.engine.snapshot().operations]


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
