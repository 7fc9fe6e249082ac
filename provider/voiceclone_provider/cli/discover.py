"""`python -m voiceclone_provider discover`: what the credentials can see, and how to import all of it.

Reads only. The credentials are those of the environment; a vendor without any is left out, with a note.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NoReturn

import click

from ..account.config import ProviderConfig
from ..core.errors import PermanentError
from ..dynamic import keys
from ..vendors import VENDORS
from ..vendors.base import Observation, Status
from .accounts import listings, without_credentials
from .tables import table

_COLUMNS = ("VENDOR", "ID", "NAME", "STATUS", "LEFT", "CREATED", "NOTE")
_RESERVED = frozenset({"null", "pulumi"})  # Pulumi's programs cannot have resources with these names
_ID_LENGTH = 12  # of an ID that stands in for a name; the vendors' IDs have up to 32 letters
_IN_STATE = "in the stack"
_PLUGIN_TYPES = {keys.dynamic_type(vendor): keys.plugin_type(vendor) for vendor in VENDORS}
_NOTES = {
    Status.PENDING: "never trained: nothing to import",
    Status.TRAINING: "in training: import it when that is over",
    Status.FAILED: "its training failed: nothing to import",
    Status.EXPIRED: "renew it first",
}


@dataclass(frozen=True)
class Voice:
    """A voice that was found; `note` says why it is not to be imported, and is empty where it is."""

    vendor: str
    account: str
    seen: Observation
    note: str = ""

    @property
    def type(self) -> str:
        return keys.plugin_type(self.vendor)

    @property
    def label(self) -> str:
        """What people call it."""
        return self.seen.name or str(self.seen.extras.get("alias") or "")

    @property
    def row(self) -> tuple[str, ...]:
        seen = self.seen
        left = "" if seen.available_trainings is None else str(seen.available_trainings)
        created = (seen.created_at or "").partition("T")[0]
        return (self.vendor, seen.voice_id, self.label, str(seen.status), left, created, self.note)


@dataclass(frozen=True)
class Held:
    """What a stack has: the voices by type and ID, with their accounts, and all resources' names."""

    voices: Mapping[tuple[str, str], str]
    names: frozenset[str]


NOTHING = Held({}, frozenset())


@click.command(epilog="Exit codes: 0 done; 1 a vendor could not be asked; 2 wrong usage.")
@click.option(
    "--vendor",
    "chosen",
    multiple=True,
    type=click.Choice(list(VENDORS)),
    help="Only this vendor; may be given several times.",
)
@click.option(
    "--import-file",
    metavar="FILE",
    help="Write the voices that can be imported, for `pulumi import --file`.",
)
@click.option(
    "--state",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Leave out what is in this stack: the file that `pulumi stack export --file` writes.",
)
def command(chosen: tuple[str, ...], import_file: str | None, state: Path | None) -> None:
    """List the voices of your accounts, to import them.

    The credentials are those of the environment. Reads only.
    """
    try:
        held = held_in(state.read_bytes()) if state else NOTHING
        config = ProviderConfig.load({}, os.environ)
    except (OSError, PermanentError) as error:
        _fail(error)
    voices, complete = survey(config, chosen)
    voices = [_noted(voice, held) for voice in voices]
    print(table(_COLUMNS, [voice.row for voice in voices]) if voices else "No voices were found.")
    wanted = [voice for voice in voices if not voice.note]
    if import_file:
        text = json.dumps(importable(wanted, held.names), indent=2, ensure_ascii=False) + "\n"
        try:
            with open(import_file, "w", encoding="utf-8", opener=_private) as file:
                file.write(text)
        except OSError as error:
            _fail(error)
        _say(f"{len(wanted)} of {len(voices)} voices are in {import_file}.")
        if wanted:
            _say(f"To import them: pulumi import --file {import_file}")
    sys.exit(0 if complete else 1)


def survey(config: ProviderConfig, chosen: Collection[str]) -> tuple[list[Voice], bool]:
    """All voices of these vendors (without any: of all that have credentials), and whether every vendor
    answered. Errors are printed on stderr; one vendor's does not keep the others' voices back."""
    complete = True
    for key in VENDORS:
        missing = without_credentials(key, config)
        if missing is None or (chosen and key not in chosen):
            continue
        complete = complete and not chosen
        _say(f"error: {missing}" if chosen else f"{VENDORS[key].facts.title} is left out: {missing.message}.")
    found: list[Voice] = []
    for listing in listings([config], chosen or VENDORS):
        if listing.error is not None:
            complete = False
            _say(f"error: {listing.error}")
        found += (Voice(listing.vendor, listing.account, voice) for voice in listing.voices)
    return found, complete


def held_in(export: bytes) -> Held:
    """What a stack has, from the file that `pulumi stack export` prints. Raises `PermanentError`."""
    try:
        deployment = json.loads(export)["deployment"] or {}
        resources = deployment.get("resources") or ()
        voices = {  # those too that the next update deletes: imported, they would be deleted all the same
            (_PLUGIN_TYPES.get(item["type"], item["type"]), item["id"]): _account(item)
            for item in resources
            if item.get("id") and not item.get("external")
        }
        names = frozenset(item["urn"].rpartition("::")[2] for item in resources if not item.get("delete"))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise PermanentError(
            "the state cannot be read", advice="Give the file that `pulumi stack export --file` writes."
        ) from None
    return Held(voices, names)


def _account(resource: Mapping[str, Any]) -> str:
    account = (resource.get("outputs") or {}).get("account")
    return account if isinstance(account, str) else ""  # a secret one is no text: it may be any account


def importable(voices: Iterable[Voice], taken: Collection[str]) -> dict[str, Any]:
    """What `pulumi import --file` takes. Names are those of the voices, made unique also among `taken`."""
    used = set(taken)
    resources = []
    for voice in voices:
        base = _slug(voice.label) or _slug(voice.seen.voice_id[-_ID_LENGTH:]) or "voice"
        if not base[0].isalpha() or base in used or base in _RESERVED:
            base = f"{voice.vendor}-{base}"
        name, number = base, 1
        while name in used:
            number += 1
            name = f"{base}-{number}"
        used.add(name)
        resources.append({"type": voice.type, "name": name, "id": voice.seen.voice_id})
    return {"resources": resources}


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _slug(text: str) -> str:
    """In letters that every language's programs can have in a name."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _noted(voice: Voice, held: Held) -> Voice:
    account = held.voices.get((voice.type, voice.seen.voice_id))
    if account is not None and account in ("", voice.account):
        return replace(voice, note=_IN_STATE)
    return replace(voice, note=_NOTES.get(voice.seen.status, ""))


def _fail(error: Exception) -> NoReturn:
    _say(f"error: {error}")
    sys.exit(1)


def _say(line: str) -> None:
    print(line, file=sys.stderr)
