"""What a program's resource comes to: properties and options, as the engine is told of them.

pkg/pulumiyaml/run.go of pulumi-yaml. Of the schema only that is used which changes what the engine is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from .evaluation import EvaluationError, Scope
from .program import Node
from .resources import Alias, Goal, State, Timeouts
from .values import plain, secret

_DURATION: Final = re.compile(r"(\d+(?:\.\d+)?)(h|ms|m|us|µs|ns|s)")
_UNITS: Final = {"h": 3600, "m": 60, "s": 1, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9}


@dataclass(frozen=True)
class Schema:
    """A package's schema, as far as it matters."""

    resources: Mapping[str, Any]

    @classmethod
    def of(cls, schema: Mapping[str, Any]) -> Schema:
        name = schema.get("name", "")
        provider = {f"pulumi:providers:{name}": schema.get("provider") or {}}
        return cls({**(schema.get("resources") or {}), **provider})

    @classmethod
    def joined(cls, schemas: Iterable[Mapping[str, Any]]) -> Schema:
        resources: dict[str, Any] = {}
        for schema in schemas:
            resources |= cls.of(schema).resources
        return cls(resources)

    def knows(self, type_: str) -> bool:
        return type_ in self.resources

    def problems(self, nodes: Iterable[Node]) -> Iterator[str]:
        """What is wrong with a program before anything of it is run."""
        for node in nodes:
            known = self._part(node.type, "inputProperties")
            for name in (node.declared.get("properties") or {}) if node.resource and known else ():
                if name not in known:
                    yield (
                        f"property {name} of {node.name} does not exist on {node.type}; there are: "
                        f"{', '.join(sorted(known))}"
                    )

    def outputs(self, type_: str) -> set[str]:
        return set(self._part(type_, "properties"))

    def secret_inputs(self, type_: str) -> set[str]:
        return self._secret(type_, "inputProperties")

    def secret_outputs(self, type_: str) -> set[str]:
        return self._secret(type_, "properties")

    def replace_on_changes(self, type_: str) -> list[str]:
        parts = self._part(type_, "properties").items()
        return [name for name, declared in parts if declared.get("replaceOnChanges")]

    def _secret(self, type_: str, part: str) -> set[str]:
        return {name for name, declared in self._part(type_, part).items() if declared.get("secret")}

    def _part(self, type_: str, part: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.resources.get(type_, {}).get(part) or {}
        return found


def goal_of(node: Node, scope: Scope, schema: Schema, stack: State | None, provider: str) -> tuple[Goal, str]:
    """What the program wants of a resource; and its ID, if the program only wants to know of it."""
    if not schema.knows(node.type):
        raise EvaluationError(f"error resolving type of resource {node.name}: unknown type {node.type}")
    get = node.declared.get("get") or {}
    declared = get.get("state") if get else node.declared.get("properties")
    hidden = schema.secret_inputs(node.type)
    goal = Goal(node.type, str(node.declared.get("name") or node.name), provider=provider)
    urns: set[str] = set()
    for name, expression in (declared or {}).items():
        value = scope.evaluate(expression)
        goal.properties[name] = secret(value.value) if name in hidden else value.value
        goal.property_dependencies[name] = sorted(value.urns)
        urns |= value.urns
    _with_options(goal, node.options, scope, urns)
    if not goal.parent and stack is not None:
        goal.parent = stack.urn
    goal.dependencies = sorted(urns)
    goal.additional_secret_outputs += sorted(schema.secret_outputs(node.type))
    goal.replace_on_changes += schema.replace_on_changes(node.type)
    return goal, str(plain(scope.evaluate(get["id"]).value)) if get else ""


def _with_options(goal: Goal, options: Mapping[str, Any], scope: Scope, urns: set[str]) -> None:
    """Read the options; `urns` takes what the resource depends on."""
    needed = options.get("dependsOn") or []
    urns |= {scope.resource(name).urn for name in (needed if isinstance(needed, list) else [needed])}
    if "parent" in options:
        goal.parent = scope.resource(options["parent"]).urn
    if "deletedWith" in options:
        goal.deleted_with = scope.resource(options["deletedWith"]).urn
    goal.replace_with = [scope.resource(name).urn for name in options.get("replaceWith") or ()]
    goal.protect = bool(plain(scope.evaluate(options.get("protect", False)).value))
    goal.retain_on_delete = bool(options.get("retainOnDelete", False))
    goal.delete_before_replace = options.get("deleteBeforeReplace") or None
    goal.ignore_changes = list(options.get("ignoreChanges") or ())
    goal.replace_on_changes = list(options.get("replaceOnChanges") or ())
    goal.additional_secret_outputs = list(options.get("additionalSecretOutputs") or ())
    goal.import_id = str(options.get("import") or "")
    goal.aliases = [_alias(declared, scope) for declared in options.get("aliases") or ()]
    timeouts = options.get("customTimeouts") or {}
    goal.timeouts = Timeouts(**{verb: seconds(str(text)) for verb, text in timeouts.items()})


def _alias(declared: Any, scope: Scope) -> Alias:
    if isinstance(declared, str):
        return Alias(urn=str(scope.evaluate(declared).value))
    parts = {name: value for name, value in declared.items() if name not in ("parent", "noParent")}
    texts = {name: str(scope.evaluate(value).value) for name, value in parts.items()}
    parent = declared.get("parent", "")
    if str(parent).startswith("${"):
        parent = scope.resource(parent).urn
    return Alias(**texts, parent=parent, no_parent=bool(declared.get("noParent")))


def seconds(duration: str) -> float:
    """A duration as Go writes it, `1h30m`."""
    parts = _DURATION.findall(duration)
    if "".join(number + unit for number, unit in parts) != duration or not parts:
        raise EvaluationError(f"unable to parse customTimeouts value {duration!r}")
    total = sum(float(number) * _UNITS[unit] for number, unit in parts)
    return int(total) if float(total).is_integer() else total
