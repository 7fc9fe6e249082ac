"""What makes two trainings the same, and a voice ours: fingerprints, automatic names, handles.

All are pure functions of a resource's URN and inputs, so that a run after a crash computes them again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_plus, urlsplit, urlunsplit

from ..core import files
from ..core.values import Archive, Asset, Properties, contains_unknown
from ..vendors.base import Facts, Vendor

EXTERNAL = "external"
"""`trainedOn` of a voice that somebody else trained."""

_SIGNATURE_PARAMETERS = frozenset(
    {
        "expires",
        "signature",
        "ossaccesskeyid",
        "awsaccesskeyid",
        "e",
        "token",
        "x-expires",
        "x-signature",
    }
)
_SIGNATURE_PREFIXES = ("x-amz-", "x-tos-")
_NAME_HASH_LENGTH = 8


def stable_url(url: str) -> str:
    """The URL without the parameters that sign it: they change whenever it is made anew.

    What is kept stays as it is written: decoding would make one of texts that are not UTF-8.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    kept = [part for part in parts.query.split("&") if part and not _signs(part)]
    return urlunsplit((parts.scheme.lower(), parts.netloc, parts.path, "&".join(kept), ""))


def _signs(parameter: str) -> bool:
    key = unquote_plus(parameter.partition("=")[0]).lower()
    return key in _SIGNATURE_PARAMETERS or key.startswith(_SIGNATURE_PREFIXES)


def canonical(name: str, value: Any) -> Any:
    """A value in a form that compares equal whenever a training would be the same."""
    if isinstance(value, Asset | Archive):
        return value.hash
    if isinstance(value, Mapping):
        return {key: canonical("", item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [canonical("", item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)  # the wire has one kind of number
    if name == "audioUrl" and isinstance(value, str):
        return stable_url(value)
    return value


def defaults(vendor: type[Vendor[Any]]) -> Properties:
    """The inputs that have a default, by their Pulumi names."""
    found: Properties = {}
    for name, field in vendor.Inputs.model_fields.items():
        if field.default is not None and not field.is_required():
            value = field.default
            found[field.alias or name] = str(value) if isinstance(value, str) else value
    return found


def fingerprint(vendor: type[Vendor[Any]], inputs: Properties) -> str | None:
    """SHA-256 (hex) of everything that a training on these inputs would use; `None` when something
    of it is not known yet. Inputs at their default do not count, so that a new one changes nothing."""
    usual = defaults(vendor)
    used = {
        name: canonical(name, inputs[name])
        for name in vendor.facts.training_inputs
        if inputs.get(name) not in (None, "", []) and inputs[name] != usual.get(name)
    }
    if any(contains_unknown(value) for value in used.values()):
        return None
    return hashlib.sha256(json.dumps(used, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def auto_name(facts: Facts, urn: str, inputs: Properties) -> str | None:
    """The resource's name, cut to the vendor's limit, and a hash of its URN.

    The hash covers the inputs that replace the voice too: during a replacement old and new exist side
    by side under one URN, and each must find only itself. `None` where the vendor has no names.
    """
    if facts.name_limit is None:
        return None
    text = json.dumps([urn, _replacing(facts, inputs)], sort_keys=True, ensure_ascii=False)
    suffix = "-" + hashlib.sha256(text.encode()).hexdigest()[:_NAME_HASH_LENGTH]
    room = facts.name_limit - len(suffix)
    name = urn.rsplit("::", 1)[-1]
    if facts.name_unit == "bytes":
        return name.encode()[:room].decode(errors="ignore") + suffix
    return name[:room] + suffix


def replacing_key(facts: Facts, inputs: Properties) -> str:
    """A text that is the same as long as nothing changes that would need another voice."""
    return files.name(json.dumps(_replacing(facts, inputs), sort_keys=True, ensure_ascii=False))


def _replacing(facts: Facts, inputs: Properties) -> Properties:
    return {
        name: canonical(name, inputs[name])
        for name in facts.replacing_inputs
        if name != "name" and inputs.get(name) is not None and not contains_unknown(inputs[name])
    }


def handle(urn: str, trained_on: str, attempt: int) -> str:
    """A text that every run computes alike for this URN, training and attempt, and no other has."""
    text = json.dumps([urn, trained_on, attempt])
    return "voiceclone-" + hashlib.sha256(text.encode()).hexdigest()[:32]
