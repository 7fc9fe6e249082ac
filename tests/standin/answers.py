"""What a provider answers, and how its failures are told apart.

pkg/resource/plugin/provider_plugin.go
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from voiceclone_provider.plugin.protos import provider_pb2, status_pb2

from . import wire
from .values import Asset, Properties, has_secret, mapped, secret, walk

_DETAILS: Final = "grpc-status-details-bin"


class ProviderError(Exception):
    """A call failed, and nothing is known of the resource but what was known before."""


@dataclass
class InitFailedError(Exception):
    """A call failed, and the resource is there: what the provider says of it."""

    id: str
    outputs: Properties
    inputs: Properties | None
    reasons: list[str]

    def __str__(self) -> str:
        count = len(self.reasons)
        lines = "\n".join(f"\t* {reason}" for reason in self.reasons)
        return f"{count} error{'' if count == 1 else 's'} occurred:\n{lines}\n\n"


@dataclass
class Checked:
    inputs: Properties
    failures: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Difference:
    """What a provider says of two states of a resource; `changes` is None where it does not know."""

    changes: bool | None
    replaces: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    detailed: dict[str, str] | None = None
    delete_before_replace: bool = False


@dataclass
class Found:
    id: str
    outputs: Properties | None
    inputs: Properties | None


def translated(error: Any) -> Exception:
    """The failure, and the resource if there is one in spite of it."""
    details = next((value for key, value in error.trailing_metadata() or () if key == _DETAILS), None)
    if details is not None:
        status = status_pb2.Status.FromString(details)
        missing = provider_pb2.ConfigureErrorMissingKeys()
        failed = provider_pb2.ErrorResourceInitFailed()
        for detail in status.details:
            if detail.Unpack(failed):
                return InitFailedError(
                    failed.id,
                    properties_of(failed, "properties", unknowns=False) or {},
                    properties_of(failed, "inputs", unknowns=False),
                    list(failed.reasons),
                )
            if detail.Unpack(missing):
                keys = [
                    f'missing required configuration key "{key.name}": {key.description}'
                    for key in missing.missingKeys
                ]
                return ProviderError("\n".join(keys))
    return ProviderError(error.details() or str(error.code()))


def properties_of(message: Any, name: str, *, unknowns: bool) -> Properties | None:
    return wire.decode(getattr(message, name), unknowns=unknowns) if message.HasField(name) else None


def failures_of(answer: Any) -> list[tuple[str, str]]:
    return [(failure.property, failure.reason) for failure in answer.failures]


def difference_of(answer: Any) -> Difference:
    changes = {provider_pb2.DiffResponse.DIFF_NONE: False, provider_pb2.DiffResponse.DIFF_SOME: True}
    kinds = provider_pb2.PropertyDiff.Kind
    detailed = {path: kinds.Name(diff.kind) for path, diff in answer.detailedDiff.items()}
    return Difference(
        changes.get(answer.changes),
        list(answer.replaces),
        list(answer.diffs),
        detailed if answer.hasDetailedDiff else None,
        answer.deleteBeforeReplace,
    )


def marked(outs: Properties, ins: Mapping[str, Any]) -> Properties:
    """Mark what was secret when it was sent without the mark."""
    return {
        name: secret(value) if name in ins and has_secret(ins[name]) else value
        for name, value in outs.items()
    }


def restore(inputs: Properties | None, *found: Properties | None) -> None:
    """Give assets that were sent, and came back, without their contents what the state knew of them."""
    known = {item.hash: item for item in walk(inputs or {}) if isinstance(item, Asset)}

    def whole(item: Any) -> Any:
        return known.get(item.hash, item) if isinstance(item, Asset) and item.empty else item

    for properties in found:
        if properties is not None:
            properties.update({name: mapped(value, whole) for name, value in properties.items()})
