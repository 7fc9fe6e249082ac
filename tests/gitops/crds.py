"""The operator's custom resource definitions, as JSON Schemas that refuse what the operator does not know."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

MODULE = "github.com/pulumi/pulumi-kubernetes-operator/v2@v2.9.0"
FILES = ("pulumi.com_stacks.yaml", "pulumi.com_programs.yaml")

# The definitions leave it open, because the API server checks it by itself.
METADATA = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "maxLength": 42},  # so long may a Stack's be
        "namespace": {"type": "string"},
        "labels": {"type": "object", "additionalProperties": {"type": "string"}},
        "annotations": {"type": "object", "additionalProperties": {"type": "string"}},
    },
    "required": ["name", "namespace"],
    "additionalProperties": False,
}

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # they have more than 20,000 lines


class UnavailableError(Exception):
    """The definitions cannot be had here."""


def folder(scratch: Path) -> Path:
    """The folder with the definitions: VOICECLONE_OPERATOR_CRDS names it, or it is in the operator's module.

    Raises `UnavailableError` where neither can be had.
    """
    named = os.environ.get("VOICECLONE_OPERATOR_CRDS")
    if named:
        return Path(named)
    go = shutil.which("go")
    if go is None:
        raise UnavailableError("the operator's definitions need go")
    try:
        done = subprocess.run(
            [go, "mod", "download", "-json", MODULE], cwd=scratch, capture_output=True, text=True, timeout=120
        )
        told = json.loads(done.stdout or "{}")
    except (subprocess.TimeoutExpired, json.JSONDecodeError) as error:
        raise UnavailableError("the operator's Go module cannot be downloaded") from error
    if "Dir" not in told:
        raise UnavailableError("the operator's Go module cannot be downloaded")
    return Path(told["Dir"]) / "deploy" / "crds"


def schemas(place: Path) -> dict[tuple[str, str], dict[str, Any]]:
    """The schema of each apiVersion and kind."""
    found = {}
    for name in FILES:
        with (place / name).open(encoding="utf-8") as stream:
            definition = yaml.load(stream, _LOADER)["spec"]  # noqa: S506 - a safe loader
        for version in definition["versions"]:
            key = f"{definition['group']}/{version['name']}", definition["names"]["kind"]
            schema = closed(version["schema"]["openAPIV3Schema"])
            schema["properties"]["metadata"] = METADATA
            found[key] = schema
    return found


def closed(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A structural schema that refuses fields which the API server would drop without a word."""
    made: dict[str, Any] = dict(schema)
    if "properties" in schema:
        made["properties"] = {name: closed(part) for name, part in schema["properties"].items()}
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), Mapping):
            made[key] = closed(schema[key])
    is_open = schema.get("x-kubernetes-preserve-unknown-fields") or "additionalProperties" in schema
    if schema.get("type") == "object" and not is_open:
        made["additionalProperties"] = False
    return made
