"""An engine in this process, with the toy provider behind it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .calls import Hooks
from .engine import Engine, Outcome
from .plugins import InProcess
from .toy import SCHEMA, Toy


class Toys:
    """The engine, and what its provider made."""

    def __init__(self, folder: Path) -> None:
        self.cloud = folder / "cloud.json"
        self.folder = folder
        self.engine = self.open()

    def open(self) -> Engine:
        plugin = InProcess(lambda address: Toy(self.cloud), played=True)
        return Engine(self.folder / "state", {"toy": plugin}, schema=SCHEMA, project="prog", parallel=1)

    @property
    def things(self) -> list[str]:
        """IDs of what there is."""
        if not self.cloud.exists():
            return []
        return sorted(json.loads(self.cloud.read_text())["things"])

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
