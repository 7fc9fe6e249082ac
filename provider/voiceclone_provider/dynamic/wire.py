"""Property values as `pulumi.dynamic` hands them to a provider, to and from the core's.

A sample travels as `{path | uri | text, hash}`. The hash is added by check and is all that diff looks at.
The program never sends one: a sample that comes with its hash was put back by the engine (`ignore_changes`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any, Final

import pulumi
from pulumi.output import Unknown
from pulumi.runtime import rpc

from ..core import content
from ..core.errors import PermanentError
from ..core.values import UNKNOWN, Archive, Asset, Properties

_SAMPLE: Final = "audio"
_UNITS: Final = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}


def decode(properties: Mapping[str, Any]) -> Properties:
    """The voice's own properties; the two that begin with underscores are left out."""
    return {
        name: _sample(value) if name == _SAMPLE else _decoded(value)
        for name, value in properties.items()
        if not name.startswith("__")
    }


def encode(properties: Mapping[str, Any]) -> dict[str, Any]:
    """What `pulumi.dynamic` takes. Of an asset that is no sample, only its content counts: its hash."""
    return {
        name: _place(value) if name == _SAMPLE and isinstance(value, Asset) else _encoded(value)
        for name, value in properties.items()
    }


def hashed(asset: Asset) -> Asset:
    """The sample with the hash of its content now; without one when it cannot be read. One that has a hash
    stays as it is, whatever its content is by now.

    Raises `PermanentError` or `TemporaryError` for a remote one that cannot be fetched.
    """
    if asset.hash:
        return asset
    if asset.path is not None:
        try:
            digest = hashlib.sha256(content.read(asset.path)).hexdigest()
        except PermanentError:
            return asset  # the check of the sample says what is wrong
        return Asset(hash=digest, path=asset.path)
    if asset.uri is not None:
        return Asset(hash=hashlib.sha256(content.fetch(asset.uri)).hexdigest(), uri=asset.uri)
    if asset.text is not None:
        return Asset(hash=hashlib.sha256(asset.text.encode()).hexdigest(), text=asset.text)
    return asset


def all_hashed(value: Any) -> Any:
    """A value with every asset in it hashed. Raises what `hashed` does, and for an archive in it."""
    if isinstance(value, Asset):
        return hashed(value)
    if isinstance(value, Mapping):
        return {name: _inside(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_inside(item) for item in value]
    return value


def _inside(value: Any) -> Any:
    if isinstance(value, Archive):
        raise PermanentError("holds an archive, whose content a program without the plugin cannot compare")
    return all_hashed(value)


def seconds(duration: object) -> float:
    """A duration as `customTimeouts` writes it (`1h30m`), in seconds; 0 for none."""
    parts = re.findall(r"([0-9.]+)(ns|us|µs|ms|s|m|h)", str(duration or ""))
    try:
        return sum(float(number) * _UNITS[unit] for number, unit in parts)
    except ValueError:
        return 0.0


def _sample(value: Any) -> Any:
    if isinstance(value, Mapping):
        if "archive" in value:
            return Archive()
        if any(isinstance(item, Unknown) for item in value.values()):
            return UNKNOWN
        texts = all(isinstance(item, str) for item in value.values())
        if texts and value and value.keys() <= {"hash", "path", "uri", "text"}:
            return Asset(**{"hash": "", **value})
    return _decoded(value)


def _decoded(value: Any) -> Any:
    if isinstance(value, Unknown) or value == rpc.UNKNOWN:
        return UNKNOWN
    if isinstance(value, pulumi.FileAsset):
        return Asset(path=value.path)
    if isinstance(value, pulumi.RemoteAsset):
        return Asset(uri=value.uri)
    if isinstance(value, pulumi.StringAsset):
        return Asset(text=value.text)
    if isinstance(value, pulumi.Archive):
        return Archive()
    if isinstance(value, Mapping):
        return {name: _decoded(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_decoded(item) for item in value]
    return value


def _place(sample: Asset) -> dict[str, str]:
    places = {"hash": sample.hash or None, "path": sample.path, "uri": sample.uri, "text": sample.text}
    return {name: text for name, text in places.items() if text is not None}


def _encoded(value: Any) -> Any:
    if value is UNKNOWN:
        return rpc.UNKNOWN
    if isinstance(value, Asset):
        return value.hash
    if isinstance(value, Archive):
        return {"archive": True}
    if isinstance(value, Mapping):
        return {name: _encoded(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_encoded(item) for item in value]
    return value
