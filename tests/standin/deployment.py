"""Pulumi's deployment format, version 3 (pkg/resource/stack/deployment.go, sdk/go/common/apitype/core.go).

What the real CLI writes is read, and the other way round. The fields of a resource that have no meaning here
(source positions, hooks, views) are kept and written back.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from .resources import Operation, State, Timeouts, now
from .secrets import Keeper
from .values import UNKNOWN, Asset, Properties, Reference, Secret
from .wire import REFERENCE, SECRET, SIGNATURE, UNKNOWN_TEXT, asset_as_object, special

ENGINE: Final = "standin"
"""What the manifest says of the engine's version."""

# Names in the state, in its order, and here.
_FIELDS: Final = {
    "urn": "urn",
    "custom": "custom",
    "delete": "delete",
    "id": "id",
    "type": "type",
    "inputs": "inputs",
    "outputs": "outputs",
    "parent": "parent",
    "protect": "protect",
    "taint": "taint",
    "external": "external",
    "dependencies": "dependencies",
    "initErrors": "init_errors",
    "provider": "provider",
    "propertyDependencies": "property_dependencies",
    "pendingReplacement": "pending_replacement",
    "additionalSecretOutputs": "additional_secret_outputs",
    "aliases": "aliases",
    "customTimeouts": "timeouts",
    "importID": "import_id",
    "retainOnDelete": "retain_on_delete",
    "deletedWith": "deleted_with",
    "replaceWith": "replace_with",
    "created": "created",
    "modified": "modified",
    "ignoreChanges": "ignore_changes",
    "replaceOnChanges": "replace_on_changes",
    "refreshBeforeUpdate": "refresh_before_update",
}
_ALWAYS: Final = {"urn", "custom", "type"}
_FEATURES: Final = {
    "taint": "taint",
    "replaceWith": "replaceWith",
    "refreshBeforeUpdate": "refreshBeforeUpdate",
}


@dataclass
class Snapshot:
    """What the state holds."""

    resources: list[State] = field(default_factory=list)
    operations: list[Operation] = field(default_factory=list)


def dump(snapshot: Snapshot, keeper: Keeper) -> dict[str, Any]:
    """The snapshot as `pulumi stack export` shows it."""
    resources = [_dumped(resource, keeper) for resource in snapshot.resources]
    deployment: dict[str, Any] = {
        "manifest": {"time": now(), "magic": hashlib.sha256(ENGINE.encode()).hexdigest(), "version": ENGINE}
    }
    if keeper.provider:
        deployment["secrets_providers"] = keeper.provider
    if resources:
        deployment["resources"] = resources
    if snapshot.operations:
        deployment["pending_operations"] = [
            {"resource": _dumped(operation.resource, keeper), "type": operation.type}
            for operation in snapshot.operations
        ]
    deployment["metadata"] = {}
    features = sorted({name for key, name in _FEATURES.items() for resource in resources if key in resource})
    if features:
        return {"version": 4, "features": features, "deployment": deployment}
    return {"version": 3, "deployment": deployment}


def load(exported: Mapping[str, Any], keeper: Keeper) -> Snapshot:
    """The snapshot in what `pulumi stack export` shows."""
    deployment = exported.get("deployment") or {}
    return Snapshot(
        [_loaded(item, keeper) for item in deployment.get("resources") or ()],
        [
            Operation(_loaded(item["resource"], keeper), item["type"])
            for item in deployment.get("pending_operations") or ()
        ],
    )


def _dumped(state: State, keeper: Keeper) -> dict[str, Any]:
    item: dict[str, Any] = {}
    for name, attribute in _FIELDS.items():
        value = getattr(state, attribute)
        if isinstance(value, Timeouts):
            value = {verb: seconds for verb, seconds in vars(value).items() if seconds}
        elif attribute in ("inputs", "outputs"):
            value = dump_value(value, keeper)
        if value or name in _ALWAYS:
            item[name] = value
    return item | state.others


def _loaded(item: Mapping[str, Any], keeper: Keeper) -> State:
    values: dict[str, Any] = {attribute: item[name] for name, attribute in _FIELDS.items() if name in item}
    # The format leaves out what is empty, and the engine takes it to be there.
    values["inputs"] = load_properties(item.get("inputs") or {}, keeper)
    values["outputs"] = load_properties(item.get("outputs") or {}, keeper)
    if "customTimeouts" in item:
        values["timeouts"] = Timeouts(**item["customTimeouts"])
    return State(**values, others={name: value for name, value in item.items() if name not in _FIELDS})


def dump_value(value: Any, keeper: Keeper | None) -> Any:
    """A property value as the state holds it. Without a keeper, secrets in it need no marks of their own."""
    match value:
        case Secret():
            inner = dump_value(value.value, None)
            if keeper is None:
                return {SIGNATURE: SECRET, "plaintext": _json(inner)}
            return {SIGNATURE: SECRET, **keeper.write(_json(inner))}
        case Mapping():
            return {name: dump_value(value[name], keeper) for name in sorted(value)}
        case list():
            return [dump_value(child, keeper) for child in value]
        case Asset():
            return asset_as_object(value)
        case Reference():
            known = {} if value.id is None else {"id": value.id}
            return {SIGNATURE: REFERENCE, "urn": value.urn, "packageVersion": "", **known}
        case _:
            return UNKNOWN_TEXT if value is UNKNOWN else value


def load_properties(item: Mapping[str, Any], keeper: Keeper) -> Properties:
    return {name: load_value(value, keeper) for name, value in item.items()}


def load_value(value: Any, keeper: Keeper) -> Any:
    if isinstance(value, list):
        return [load_value(child, keeper) for child in value]
    if not isinstance(value, Mapping):
        return UNKNOWN if value == UNKNOWN_TEXT else value
    if value.get(SIGNATURE) == SECRET:
        return Secret(load_value(json.loads(keeper.read(dict(value))), keeper))
    item = load_properties(value, keeper)
    return special(item, unknowns=True) if SIGNATURE in item else item


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
