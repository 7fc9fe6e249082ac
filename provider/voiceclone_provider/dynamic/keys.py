"""The one property that this face adds to a voice's own, and what it holds.

The engine gives a dynamic provider neither the resource's URN nor its `customTimeouts`, does not say which
inputs are secret, and keeps nothing of an operation that failed halfway. So the program sends the first three
along, and the provider keeps the fourth:

    __voiceclone:
      urn: urn:pulumi:<stack>::<project>::<parents>$voiceclone:<vendor>:Voice::<name>
      timeouts: {create: 20m, …}        only what the program declares
      secrets: [text, …]                inputs whose values are redacted; only where there are any
      trouble: <one sentence>           only in outputs: why the voice is not as declared

The URN is the one that the same resource has with the plugin, so that automatic names, handles and the intent
journal are the same in both faces. Pulumi neither shows nor compares properties that begin with two
underscores. States hold this property: what is in it may grow, but never change its meaning.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

HIDDEN: Final = "__voiceclone"
URN: Final = "urn"
TIMEOUTS: Final = "timeouts"
SECRETS: Final = "secrets"
TROUBLE: Final = "trouble"

STACK_TYPE: Final = "pulumi:pulumi:Stack"


def plugin_type(vendor: str) -> str:
    """The type of a vendor's voices with the plugin."""
    return f"voiceclone:{vendor}:Voice"


def module_of(vendor: str) -> str:
    """The middle part of the type of a vendor's voices in this face."""
    return f"voiceclone/{vendor}"


def dynamic_type(vendor: str) -> str:
    """The type of a vendor's voices in this face."""
    return f"pulumi-python:dynamic/{module_of(vendor)}:Voice"


def urn_of(stack: str, project: str, vendor: str, name: str) -> str:
    """The plugin's URN of a voice without a parent."""
    return f"urn:pulumi:{stack}::{project}::{plugin_type(vendor)}::{name}"


def child_urn(parent: str, vendor: str, name: str) -> str:
    """The plugin's URN of a voice whose parent has the URN `parent`."""
    root, project, kind, _ = parent.split("::", 3)
    qualified = plugin_type(vendor) if kind == STACK_TYPE else f"{kind}${plugin_type(vendor)}"
    return f"{root}::{project}::{qualified}::{name}"


def vendor_of(urn: str) -> str:
    """The vendor that one of these URNs names."""
    return urn.split("::", 3)[2].rpartition("$")[2].split(":")[1]


def shown_urn(urn: str) -> str:
    """The URN that the engine knows the resource by."""
    vendor = vendor_of(urn)
    parts = urn.split("::", 3)
    parts[2] = parts[2].removesuffix(plugin_type(vendor)) + dynamic_type(vendor)
    return "::".join(parts)


def read_from_state(hidden: Mapping[str, Any]) -> list[Any]:
    """What a delete and a refresh read in the state, because they do not get what the program declares."""
    return [hidden.get(TIMEOUTS, {}).get("delete"), hidden.get(SECRETS, [])]
