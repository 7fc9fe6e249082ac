"""A program in YAML: what it declares, and in which order that can be had.

Only what such programs commonly say is known: resources with properties, options and `get`, variables,
configuration, outputs. Components, stack references and parameterized packages are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

_FILES: Final = ("Pulumi.yaml", "Pulumi.yml", "Main.yaml")
_REFERENCE: Final = re.compile(r"\$\{([^}]*)\}")
_ROOT: Final = re.compile(r"[^.\[]+")
PULUMI: Final = "pulumi"


class ProgramError(Exception):
    """The program cannot be understood."""


@dataclass(frozen=True)
class Node:
    """A resource or a variable."""

    name: str
    declared: Any
    resource: bool

    @property
    def type(self) -> str:
        return str(self.declared.get("type", "")) if self.resource else ""

    @property
    def options(self) -> Mapping[str, Any]:
        return self.declared.get("options") or {}


@dataclass
class Program:
    """What a program declares.

    Arguments:
        folder: what paths in it are relative to.
        packages: where plugins lie, by package.
    """

    name: str
    folder: Path
    resources: dict[str, Any] = field(default_factory=dict)
    variables: dict[str, Any] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=dict)
    config: dict[str, Any] = field(default_factory=dict)
    packages: dict[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path) -> Program:
        """The program in a folder."""
        for name in _FILES:
            file = folder / name
            if file.is_file():
                return cls.of(yaml.safe_load(file.read_text("utf-8")) or {}, folder)
        raise ProgramError(f"no Pulumi.yaml project file found in {folder}")

    @classmethod
    def of(cls, declared: Mapping[str, Any], folder: Path) -> Program:
        """The program that a project file holds."""
        runtime = declared.get("runtime", "yaml")
        if (runtime.get("name") if isinstance(runtime, Mapping) else runtime) != "yaml":
            raise ProgramError(f"only YAML programs can be run, and this one's runtime is {runtime}")
        packages = {name: str(place) for name, place in (declared.get("packages") or {}).items()}
        for plugin in (declared.get("plugins") or {}).get("providers") or ():
            packages[plugin["name"]] = str(plugin["path"])
        parts = ("resources", "variables", "outputs", "config")
        return cls(
            str(declared.get("name", "project")),
            folder,
            **{part: dict(declared.get(part) or {}) for part in parts},
            packages=packages,
        )

    def nodes(self) -> list[Node]:
        """Resources and variables, each after what it depends on."""
        nodes = {name: Node(name, declared or {}, True) for name, declared in self.resources.items()}
        nodes |= {name: Node(name, declared, False) for name, declared in self.variables.items()}
        ordered: dict[str, Node] = {}
        visiting: set[str] = set()

        def visit(node: Node) -> None:
            if node.name in ordered:
                return
            if node.name in visiting:
                raise ProgramError(f"circular dependency of '{node.name}' transitively on itself")
            visiting.add(node.name)
            for name in self.needs(node):
                if name in nodes:
                    visit(nodes[name])
                elif name not in self.config and name != PULUMI and ":" not in name:
                    raise ProgramError(f'resource, variable, or config value "{name}" not found')
            ordered[node.name] = node

        for node in nodes.values():
            visit(node)
        return list(ordered.values())

    def needs(self, node: Node) -> list[str]:
        """Names that a node refers to, and the default provider that it declares."""
        names = list(dict.fromkeys(references(node.declared)))
        if node.resource and "provider" not in node.options:
            default = self.default_provider(node.type.partition(":")[0])
            if default and default != node.name:
                names.append(default)
        return names

    def default_provider(self, package: str) -> str:
        """The resource that is the default provider of a package, or an empty string."""
        for name, declared in self.resources.items():
            if declared.get("defaultProvider") and declared["type"] == f"pulumi:providers:{package}":
                return str(name)
        return ""


def references(declared: Any) -> Iterator[str]:
    """Names that an expression refers to."""
    if isinstance(declared, str):
        for path in _REFERENCE.findall(declared.replace("$${", "")):
            root = _ROOT.match(path)
            if root:
                yield root[0]
    elif isinstance(declared, Mapping):
        for child in declared.values():
            yield from references(child)
    elif isinstance(declared, list):
        for child in declared:
            yield from references(child)
