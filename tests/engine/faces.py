"""The two faces: a stack on the plugin, and the same voices in a Python program on the dynamic provider."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from .stack import PROJECT, Result, Stack
from .voices import VENDORS

QUICK = Path(__file__).with_name("quick")
"""The folder of a `pip` that answers Pulumi at once."""

ASSETS = {"fn::fileAsset": "FileAsset", "fn::remoteAsset": "RemoteAsset"}


class DynamicStack(Stack):
    """A stack whose program is written in Python and needs no plugin.

    It is told what to declare in the words of the other face, so that both can be given the same.
    """

    TYPES = "pulumi-python:dynamic/voiceclone/"
    LANGUAGE = "python"

    def __init__(self, command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> None:
        super().__init__(command, folder, environment)
        self.imports_from(QUICK)

    def imports_from(self, folder: Path) -> None:
        """Let the programs import what is in a folder, before anything else of that name."""
        folders = (str(folder), *filter(None, [self.environment.get("PYTHONPATH")]))
        self.environment["PYTHONPATH"] = os.pathsep.join(folders)

    def program(
        self, resources: Mapping[str, Any], outputs: Mapping[str, Any] | None = None, **more: Any
    ) -> None:
        vendors = ", ".join(sorted(VENDORS))
        lines = ["import pulumi", f"from voiceclone_provider.dynamic import {vendors}", ""]
        names = list(resources)
        for number, (name, resource) in enumerate(resources.items()):
            made = re.sub(
                r"'\$\{(\w+)\}'", lambda found: f"voice_{names.index(found[1])}", call(name, resource)
            )
            lines.append(f"voice_{number} = {made}")
        for key, reference in (outputs or {}).items():
            resource, output = reference.removeprefix("${").removesuffix("}").split(".")
            lines.append(f"pulumi.export({key!r}, voice_{names.index(resource)}.{snake(output)})")
        self.python("\n".join(lines) + "\n", **more)

    def fails(self, *words: str) -> Result:
        """As for the other face, but for the trace that Pulumi's own runner of Python programs leaves
        when the engine ends it."""
        result = self.run(*words)
        assert result.code not in (0, 2), result.text
        for noise in ("panic:", "rpc error", "bug in the voiceclone provider", "pulumi/dynamic"):
            assert noise not in result.text
        return result

    def python(self, text: str, **more: Any) -> None:
        """Write the program as it is to be."""
        runtime = {"name": "python", "options": {"virtualenv": sys.prefix}}
        project = yaml.safe_dump({"name": PROJECT, "runtime": runtime, **more}, sort_keys=False)
        (self.folder / "Pulumi.yaml").write_text(project, encoding="utf-8")
        (self.folder / "__main__.py").write_text(text, encoding="utf-8")


def call(name: str, resource: Mapping[str, Any]) -> str:
    """The expression that declares a voice."""
    vendor = resource["type"].split(":")[1]
    arguments = [repr(name)]
    options = [f"{snake(key)}={argument(value)}" for key, value in (resource.get("options") or {}).items()]
    if options:
        arguments.append(f"pulumi.ResourceOptions({', '.join(options)})")
    arguments += [f"{snake(key)}={argument(value)}" for key, value in resource["properties"].items()]
    return f"{vendor}.Voice({', '.join(arguments)})"


def argument(value: Any) -> str:
    if isinstance(value, Mapping) and len(value) == 1:
        ((kind, item),) = value.items()
        if kind in ASSETS:
            return f"pulumi.{ASSETS[kind]}({item!r})"
        if kind == "fn::secret":
            return f"pulumi.Output.secret({argument(item)})"
    return repr(value)


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


@dataclass(frozen=True)
class Face:
    """How a face differs.

    Arguments:
        stack: how its programs are written.
        marks_failures: whether the engine itself knows that a voice in the state is not ready.
        warns_at_preview: whether a preview can tell more than invalid inputs.
    """

    stack: type[Stack]
    marks_failures: bool
    warns_at_preview: bool


FACES = {"plugin": Face(Stack, True, True), "dynamic": Face(DynamicStack, False, False)}
