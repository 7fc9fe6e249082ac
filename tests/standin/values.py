"""Property values, as the engine holds them.

Plain values are Python's own: None, bool, int, float, str, list and dict. The others have a class here. An
asset is equal to another with the same hash, wherever it lies (sdk/go/common/resource/asset/asset.go).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

Properties = dict[str, Any]


class Unknown:
    """A value that is not known before the deployment has run."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()


@dataclass(frozen=True)
class Secret:
    """A value that must not be shown, and is encrypted in the state."""

    value: Any = field(repr=False)


@dataclass(frozen=True)
class Asset:
    """A file, a text, or what lies at a URL; an archive likewise."""

    hash: str
    path: str = field(default="", compare=False)
    uri: str = field(default="", compare=False)
    text: str = field(default="", compare=False)
    archive: bool = False

    @property
    def empty(self) -> bool:
        """Whether it is only told by its hash."""
        return not (self.path or self.uri or self.text)


@dataclass(frozen=True)
class Reference:
    """A resource as a value. A component has no ID."""

    urn: str
    id: Any = None


def secret(value: Any) -> Secret:
    """The value marked secret, once."""
    return value if isinstance(value, Secret) else Secret(value)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def walk(value: Any) -> Iterator[Any]:
    """The value and all that is in it."""
    yield value
    if isinstance(value, Secret):
        yield from walk(value.value)
    elif isinstance(value, Mapping):
        for child in value.values():
            yield from walk(child)
    elif isinstance(value, list):
        for child in value:
            yield from walk(child)


def has_unknown(value: Any) -> bool:
    return any(item is UNKNOWN for item in walk(value))


def has_secret(value: Any) -> bool:
    return any(isinstance(item, Secret) for item in walk(value))


def mapped(value: Any, change: Callable[[Any], Any]) -> Any:
    """A copy in which `change` was applied to every part, and then to the parts of what came of it."""
    value = change(value)
    if isinstance(value, Secret):
        return Secret(mapped(value.value, change))
    if isinstance(value, Mapping):
        return {name: mapped(child, change) for name, child in value.items()}
    if isinstance(value, list):
        return [mapped(child, change) for child in value]
    return value


def plain(value: Any) -> Any:
    """A copy without the marks of secrets."""

    def bare(item: Any) -> Any:
        while isinstance(item, Secret):
            item = item.value
        return item

    return mapped(value, bare)


def copied(value: Any) -> Any:
    return mapped(value, lambda item: item)


def equal(one: Any, other: Any) -> bool:
    """Deep equality; unlike in Python, true is not one."""
    if isinstance(one, bool) or isinstance(other, bool):
        return isinstance(one, bool) and isinstance(other, bool) and one == other
    if isinstance(one, Secret) and isinstance(other, Secret):
        return equal(one.value, other.value)
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(equal(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(equal, one, other))
    if isinstance(one, int | float) and isinstance(other, int | float):
        return one == other
    return type(one) is type(other) and bool(one == other)


def changed_keys(olds: Mapping[str, Any], news: Mapping[str, Any]) -> list[str]:
    """The top-level properties that differ, secret or not."""
    keys = sorted(olds.keys() | news.keys())
    return [
        key for key in keys if (key in olds) != (key in news) or not equal(plain(olds[key]), plain(news[key]))
    ]
