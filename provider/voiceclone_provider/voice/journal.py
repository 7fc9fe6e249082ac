"""A small file per resource that outlives a crash: what was about to be sent, and what the vendor refused.

It is written before a request is sent, and removed when a state shows that the engine got the result: an
answer that was given may never have been saved, because the engine was killed or could not reach its state.
It is kept under `PULUMI_HOME`, or where the configuration says, best effort: when it cannot be written or is
lost, the vendors' own marks (a name with the URN's hash, a handle) must do.
"""

from __future__ import annotations

import contextlib
import os
import re
import threading
from collections.abc import Collection
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from ..core import files
from ..core.call import UPLOAD_TIMEOUT
from .pending import Pending
from .state import VoiceState


@dataclass(frozen=True)
class Entry:
    """What is known of a resource that may have no state.

    Arguments:
        account: where; an entry of another account is not looked at.
        replacing: hash of the inputs that replace a voice; an entry of others is about another voice.
        at: Unix seconds when the request was about to be sent.
        fingerprint: what the voice is trained on.
        name, handle: what was sent: the hash of the name, and the handle where it is no secret.
        voice_id: the voice, once known.
        training: the training itself, once it may have been sent.
        trained_version: the vendor's counter or timestamp when the voice was left at the vendor.
        over: what the voice was trained on before, as far as its state knew.
        before: voices of the account that were there before the create.
        refused: why the vendor refused this very fingerprint; then nothing exists.
        retained: whether the voice was left at the vendor on purpose.
        imported: the `ownershipId` that an import of the same resource gave the voice since.
        urn: the resource.
        credential: salted hash of what the request was sent with.
        left: whether a deletion left the voice at the vendor, in whatever state.
    """

    account: str
    at: float
    fingerprint: str
    replacing: str = ""
    name: str = ""
    handle: str = ""
    voice_id: str = ""
    training: Pending | None = None
    trained_version: str = ""
    over: str = ""
    before: list[str] = field(default_factory=list)
    refused: str = ""
    retained: bool = False
    imported: str = ""
    urn: str = ""
    credential: str = ""
    left: bool = False

    def resumed(self, now: float) -> Entry:
        """The entry as a later run sees it: a moment that has not come was written by a clock that was wrong,
        and the vendor may act on a request without an answer for as long as a request may take."""
        at = min(self.at, now) + (0.0 if self.voice_id else UPLOAD_TIMEOUT)
        return replace(self, at=at, training=self.training and self.training.resumed(now))

    def outstanding(self, state: VoiceState) -> bool:
        """Whether a state of this voice lacks the training that was sent."""
        if self.training is None:
            return False
        if state.pending is not None:
            newer = self.training.started_at > state.pending.started_at
            return newer and state.pending.fingerprint != self.training.fingerprint
        if self.training.fingerprint in (state.trained_on, state.failed_on):
            return False
        return self.over == (state.trained_on or "")  # else it was trained since, by a run elsewhere


class Journal:
    """Entries by URN. No method raises: the journal is never the only safety."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or files.home() / "intents"
        self.home = self._folder.parent
        self._lock = threading.Lock()
        self._by_voice: dict[tuple[str, str], Path] | None = None

    def find(self, urn: str, account: str) -> Entry | None:
        return _read(self.path(urn, account))

    def unreadable(self, urn: str, account: str) -> Path | None:
        """The file of this resource, where there is one that holds no entry."""
        path = self.path(urn, account)
        return path if path.exists() and _read(path) is None else None

    def follow(self, urn: str, account: str, voice_id: str, others: Collection[str]) -> bool:
        """The engine has this voice under this URN: what is known of it under another, which the resource
        had before, belongs to this one. `others` are resources that have the voice too, and keep what is
        theirs. Returns whether there was such an entry."""
        path = self.path(urn, account)
        with self._lock:
            if self._by_voice is None:
                self._by_voice = self._voices()
            kept = self._by_voice.get((account, voice_id))
            entry = None if kept is None or kept == path else _read(kept)
            if kept is None or entry is None or entry.urn in others:
                return False
            with contextlib.suppress(OSError):
                if path.exists():
                    kept.unlink()
                else:
                    os.replace(kept, path)
            self._by_voice[account, voice_id] = path
            return True

    def is_of_another(self, urn: str, account: str, voice_id: str) -> bool:
        """Whether another resource is known to be making, or training, the voice, maybe elsewhere."""
        entries = (_read(path) for path in self._folder.glob("*.json"))
        return any(
            entry.urn != urn and not entry.left
            for entry in entries
            if entry is not None and (entry.account, entry.voice_id) == (account, voice_id)
        )

    def of_stack(self, urn: str) -> list[Entry]:
        """What is known of the resources of the stack that this URN is of."""
        entries = (_read(path) for path in sorted(self._folder.glob("*.json")))
        return [entry for entry in entries if entry is not None and stack_of(entry.urn) == stack_of(urn)]

    def _voices(self) -> dict[tuple[str, str], Path]:
        found = {}
        for path in self._folder.glob("*.json"):
            entry = _read(path)
            if entry is not None and entry.voice_id:
                found[entry.account, entry.voice_id] = path
        return found

    def write(self, urn: str, entry: Entry) -> None:
        path = self.path(urn, entry.account)
        with self._lock:
            if self._by_voice is not None and entry.voice_id:
                self._by_voice[entry.account, entry.voice_id] = path
        training = entry.training.to_json() if entry.training is not None else None
        files.write(path, {**asdict(entry), "training": training, "urn": urn})

    def remove(self, urn: str, account: str) -> None:
        files.remove(self.path(urn, account))

    def path(self, urn: str, account: str) -> Path:
        return self._folder / f"{files.name(urn, account)}.json"


def stack_of(urn: str) -> list[str]:
    """Stack and project."""
    return urn.split("::")[:2]


_ENTRY = TypeAdapter(Entry)
_HASH = re.compile("[0-9a-f]{32}")


def _read(path: Path) -> Entry | None:
    kept = files.read(path)
    if kept is None:
        return None
    kept.setdefault("replacing", kept.get("place", ""))  # its name before 0.1.0
    for hashed in ("replacing", "name"):  # in clear before 0.1.0
        text = kept.get(hashed)
        if isinstance(text, str) and text and not _HASH.fullmatch(text):
            kept[hashed] = files.name(text)
    training = Pending.parse(kept.get("training")) or _former(kept)
    known = {key.name: kept[key.name] for key in fields(Entry) if key.name in kept}
    try:
        return replace(_ENTRY.validate_python({**known, "training": None}), training=training)
    except ValidationError:
        return None


def _former(kept: dict[str, Any]) -> Pending | None:
    """A training as versions before 0.1.0 wrote it."""
    if not kept.get("sent"):
        return None
    return Pending.parse(
        {
            "fingerprint": kept.get("fingerprint"),
            "baseVersion": kept.get("base_version"),
            "baseStatus": kept.get("base_status"),
            "startedAt": kept.get("at"),
            "accepted": bool(kept.get("accepted")),
        }
    )
