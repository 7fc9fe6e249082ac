"""`python -m voiceclone_provider to-plugin`: a stack's voices become the plugin's where they stand.

It reads what `pulumi stack export` wrote, and writes what `pulumi stack import` takes: the same voices with
the plugin's types and URNs, and with these wherever they are named. No vendor is asked and no stack changed.

The voices are protected in what it writes, so that a program that does not declare them as the plugin's
cannot delete them. The first update by one that does puts the protection back to what it declares.
"""

from __future__ import annotations

import json
import os
import sys
import uuid
from pathlib import Path
from typing import Any, Final

import click

from ..core.errors import PermanentError
from ..dynamic import keys
from ..plugin.codec import ASSET, SECRET, SIGNATURE
from ..vendors import VENDORS

_TYPES: Final = {keys.dynamic_type(vendor): keys.plugin_type(vendor) for vendor in VENDORS}
_DYNAMIC_PROVIDER: Final = "pulumi:providers:pulumi-python"
_PROVIDER: Final = "pulumi:providers:voiceclone"
_OWN: Final = ("__provider", keys.HIDDEN)

State = dict[str, Any]


@click.command(epilog="Exit codes: 0 done; 1 nothing was written; 2 wrong usage.")
@click.argument("before", type=click.Path(path_type=Path))
@click.argument("after", type=click.Path(path_type=Path))
def command(before: Path, after: Path) -> None:
    """Move a stack's voices from the dynamic provider to the plugin.

    BEFORE is the file that `pulumi stack export --file` wrote. AFTER is the file to write, for
    `pulumi stack import --file`; it must not exist. Changes no stack and asks no vendor.
    """
    try:
        lines, text = converted(before.read_text("utf-8"))
        _write(after, text)
    except (OSError, PermanentError) as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(1)
    print("\n".join(lines))
    print(f"{len(lines)} voices are the plugin's in {after}.", file=sys.stderr)
    print(f"To take it: pulumi stack import --file {after}", file=sys.stderr)


def converted(export: str) -> tuple[list[str], str]:
    """A line for each voice of an exported stack, and the text to import. Raises `PermanentError`."""
    try:
        state = json.loads(export)
        deployment = state["deployment"] or {}
        resources = [dict(item) for item in deployment.get("resources") or ()]
        voices = [item for item in resources if item["type"] in _TYPES]
        _refuse(deployment, resources, voices)
        lines = [f"{_urn(voice['urn'])}  {voice['id']}{_note(voice)}" for voice in voices]
        for voice in voices:
            _convert(voice)
        deployment["resources"] = _with_provider(
            [_renamed(item) for item in resources], _urn(voices[0]["urn"])
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise PermanentError(
            "the state cannot be read", advice="Give the file that `pulumi stack export --file` writes."
        ) from None
    return lines, json.dumps(state, indent=2, ensure_ascii=False) + "\n"


def _refuse(deployment: State, resources: list[State], voices: list[State]) -> None:
    """Raise `PermanentError` where the state cannot be converted as it is."""
    if not voices:
        raise PermanentError("this state has no voices of the dynamic provider")
    if deployment.get("pending_operations"):
        raise PermanentError(
            "an operation on this stack was interrupted, and nobody knows how it ended",
            advice="Run `pulumi up` with the program as it is, then export the state again.",
        )
    there = {item["urn"] for item in resources}
    for voice in voices:
        if _urn(voice["urn"]) in there:
            raise PermanentError(
                f"the stack has a resource {_urn(voice['urn'])} already",
                advice="Give one of the two another name first (with `aliases`).",
            )


def _convert(voice: State) -> None:
    """Everything of a voice but its URN and its provider, in place."""
    hidden = (voice.get("outputs") or {}).get(keys.HIDDEN) or {}
    name = voice["urn"].rpartition("::")[2]
    for part in ("inputs", "outputs"):
        if part in voice:
            own = {key: value for key, value in voice[part].items() if key not in _OWN}
            if "audio" in own:
                own["audio"] = _asset(own["audio"], name)
            voice[part] = own
    if "propertyDependencies" in voice:
        before = voice["propertyDependencies"]
        voice["propertyDependencies"] = {key: value for key, value in before.items() if key not in _OWN}
    if hidden.get(keys.TROUBLE):  # with the plugin the engine itself knows that a voice is not ready
        voice["initErrors"] = [hidden[keys.TROUBLE]]
    if not voice.get("external") and not voice.get("delete"):
        voice["protect"] = True
    voice["type"] = _TYPES[voice["type"]]


def _asset(sample: Any, name: str) -> Any:
    """The sample as the plugin's states have it."""
    if not isinstance(sample, dict):
        return sample
    if sample.get(SIGNATURE) == SECRET:
        if "plaintext" not in sample:
            raise PermanentError(
                f"the sample of {name} is secret, and encrypted in this file",
                advice="Export the state with --show-secrets, and remove both files afterwards.",
            )
        inner = json.dumps(_asset(json.loads(sample["plaintext"]), name), ensure_ascii=False)
        return {SIGNATURE: SECRET, "plaintext": inner}
    places: State = {}
    secret = False
    for key, value in sample.items():
        if isinstance(value, dict):  # a secret path, beside its hash
            secret = True
            value = json.loads(_asset(value, name)["plaintext"])
        places[key] = value
    asset = {SIGNATURE: ASSET, **places}
    return {SIGNATURE: SECRET, "plaintext": json.dumps(asset, ensure_ascii=False)} if secret else asset


def _renamed(value: Any) -> Any:
    """The value with the plugin's URNs in place of the dynamic ones: in dependencies, parents, aliases, and
    in what other resources hold."""
    if isinstance(value, dict):
        return {key: _renamed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_renamed(item) for item in value]
    return _urn(value) if isinstance(value, str) else value


def _urn(text: str) -> str:
    """A voice's URN, or that of something below one, as it is with the plugin; any other text as it is."""
    parts = text.split("::", 3)
    if not text.startswith("urn:pulumi:") or len(parts) < 4:
        return text
    parts[2] = "$".join(_TYPES.get(kind, kind) for kind in parts[2].split("$"))
    return "::".join(parts)


def _with_provider(resources: list[State], a_voice: str) -> list[State]:
    """The resources with the plugin's default provider before the first that needs it, and without the
    dynamic one where nothing needs it any more: Pulumi could not start it without a Python program."""
    urn = "::".join([*a_voice.split("::")[:2], _PROVIDER, "default"])
    provider = next((item for item in resources if item["urn"] == urn and not item.get("delete")), None)
    if provider is None:
        provider = {"urn": urn, "custom": True, "id": str(uuid.uuid4()), "type": _PROVIDER}
    others = [item for item in resources if item is not provider]
    reference = f"{urn}::{provider['id']}"
    for item in others:
        if item["type"] in _TYPES.values() and item["provider"].split("::")[2] == _DYNAMIC_PROVIDER:
            item["provider"] = reference
    used = {item.get("provider", "").rpartition("::")[0] for item in others}
    kept = [item for item in others if item["type"] != _DYNAMIC_PROVIDER or item["urn"] in used]
    first = next(place for place, item in enumerate(kept) if item.get("provider") == reference)
    return [*kept[:first], provider, *kept[first:]]


def _note(voice: State) -> str:
    if voice.get("external"):
        return "  (looked at, not managed)"
    return "  (replaced, to be deleted by the next `pulumi up`)" if voice.get("delete") else ""


def _write(path: Path, text: str) -> None:
    """Only the user may read it: a state can hold secrets in the clear. Nothing is written over."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
