"""Which entries of which stacks have a voice: what a create may take over, and a delete must leave alone.

Pulumi creates a replacement before it deletes the original, and may delete the original in a later run, from
another process or another machine. Each entry of a state that has a voice therefore carries an `ownershipId`
of its own in its outputs: made anew whenever a voice is created, taken over or imported, and kept through
updates, renames and moves. Two entries with one voice are told apart by it, wherever their state is read.

What is known here comes from two places. Files under `PULUMI_HOME`, one for each voice and entry, say what
other processes and earlier runs were told. This process knows which resources the engine keeps in this run.
"""

from __future__ import annotations

import secrets
import threading
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from . import records

OWNERSHIP_ID = "ownershipId"
"""The output that holds the ID."""


@dataclass(frozen=True)
class Owner:
    """One entry of a stack's state that has a voice.

    Arguments:
        urn: the resource.
        saved: whether the engine is known to have the entry in its state. An answer that was given may never
            have been saved, because the engine was killed.
    """

    urn: str
    ownership_id: str
    saved: bool


class Ownership:
    """The owners of voices. No method raises, and each may be called from many threads at once.

    `vendor` and `voice_id` name a voice. No account is compared: the same one may be reached by several URLs.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.RLock()
        self._mine: dict[Path, Owner | None] = {}  # what this process wrote, where no file can be written
        self._created: dict[Path, Owner] = {}
        self._registered: set[str] = set()
        self._kept: dict[str, tuple[str, str]] = {}

    # -- what the engine does -------------------------------------------------------------------------------

    def registered(self, urn: str, *, anew: bool) -> None:
        """The program declares the resource. `anew`: the engine gave no old inputs, because it has no such
        resource, or is about to replace it."""
        with self._lock:
            if anew:
                self._registered.discard(urn)
                self._kept.pop(urn, None)
            else:
                self._registered.add(urn)

    def shown(
        self, vendor: str, voice_id: str, urn: str, ownership_id: str | None, *, stays: bool = False
    ) -> None:
        """The engine has shown an entry of its state. `stays`: it was asked what to do with the entry, and
        the answer was not to replace it."""
        with self._lock:
            if ownership_id:
                self._write(vendor, voice_id, Owner(urn, ownership_id, saved=True))
            if stays and urn in self._registered:
                self._kept[urn] = (vendor, voice_id)

    def take(self, vendor: str, voice_id: str, urn: str, *, created: bool = True) -> str:
        """A new entry is about to be given to the engine; returns its `ownershipId`. `created`: by a create,
        not by an import, which the engine may also do for a preview."""
        owner = Owner(urn, secrets.token_hex(8), saved=False)
        with self._lock:
            for path, had in self._owners(vendor, voice_id).items():
                if had.urn == urn:
                    self._put(path, None)
            path = self._write(vendor, voice_id, owner)
            if created:
                self._created[path] = owner
            self._kept[urn] = (vendor, voice_id)
        return owner.ownership_id

    def ended(self) -> None:
        """The engine ends its run in order, so it has saved what it was given."""
        with self._lock:
            for path, owner in self._created.items():
                if self._mine.get(path) == owner:
                    self._put(path, replace(owner, saved=True))
            self._created.clear()

    def release(self, vendor: str, voice_id: str, urn: str, ownership_id: str | None) -> None:
        """The engine is giving up this entry."""
        with self._lock:
            for path, owner in self._owners(vendor, voice_id).items():
                if owner.ownership_id == ownership_id or (not ownership_id and owner.urn == urn):
                    self._put(path, None)

    def gone(self, vendor: str, voice_id: str) -> None:
        """The voice does not exist any more."""
        with self._lock:
            for path in self._owners(vendor, voice_id):
                self._put(path, None)

    # -- what follows from it -------------------------------------------------------------------------------

    def leave_to(self, vendor: str, voice_id: str, urn: str, ownership_id: str | None) -> list[str]:
        """Who has the voice through another entry than this one, which is to be deleted: sorted URNs, maybe
        with the resource's own, which has the voice again. Where there are any, this entry is given up: of
        two that are deleted at the same time, the second has the voice to itself."""
        with self._lock:
            others = {other for other, voice in self._kept.items() if voice == (vendor, voice_id)}
            for owner in self._owners(vendor, voice_id).values():
                another = owner.saved or owner.urn != urn
                if owner.ownership_id != ownership_id if ownership_id else another:
                    others.add(owner.urn)
            if others:
                self.release(vendor, voice_id, urn, ownership_id)
        return sorted(others)

    def may_take(self, vendor: str, voice_id: str, urn: str) -> bool:
        """Whether a create for this resource may take over the voice: no state is known to have it."""
        with self._lock:
            if (vendor, voice_id) in self._kept.values():
                return False
            owners = self._owners(vendor, voice_id).values()
            return all(owner.urn == urn and not owner.saved for owner in owners)

    # -- files ----------------------------------------------------------------------------------------------

    def _write(self, vendor: str, voice_id: str, owner: Owner) -> Path:
        known = self._owners(vendor, voice_id)
        path = self._folder_of(vendor, voice_id) / f"{records.name(owner.urn, owner.ownership_id)}.json"
        if known.get(path) != owner:
            self._put(path, owner)
        for other, had in known.items():
            if other != path and had.ownership_id == owner.ownership_id:
                self._put(other, None)  # the resource was renamed, or its stack
        return path

    def _owners(self, vendor: str, voice_id: str) -> dict[Path, Owner]:
        folder = self._folder_of(vendor, voice_id)
        found = {path: owner for path in folder.glob("*.json") if (owner := _read(path)) is not None}
        for path, owner in self._mine.items():
            if path.parent == folder and owner is not None:
                found.setdefault(path, owner)
        return found

    def _put(self, path: Path, owner: Owner | None) -> None:
        self._mine[path] = owner
        if owner is None:
            records.remove(path)
        else:
            records.write(path, asdict(owner))

    def _folder_of(self, vendor: str, voice_id: str) -> Path:
        return self._folder / records.name(vendor, voice_id)


def _read(path: Path) -> Owner | None:
    kept = records.read(path) or {}
    urn, ownership_id = kept.get("urn"), kept.get("ownership_id")
    if not isinstance(urn, str) or not isinstance(ownership_id, str):
        return None
    return Owner(urn, ownership_id, saved=bool(kept.get("saved")))
