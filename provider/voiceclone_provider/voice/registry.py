"""Who has which voice, in one place and under one lock: what a create may take over, what a delete must leave
alone, and which slots are given away.

Pulumi creates a replacement before it deletes the original, and may delete the original in a later run, from
another process or another machine. Each entry of a state that has a voice therefore carries an `ownershipId`
of its own in its outputs: made anew whenever a voice is created, taken over or imported, and kept through
updates, renames and moves. It distinguishes two entries with one voice, wherever their state is read.

What is known here comes from two places. Files under `PULUMI_HOME`, one for each voice and entry, say what
other processes and earlier runs know. This process knows which resources the engine keeps in this run.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from ..core import files
from ..core.clock import SYSTEM, Clock
from ..core.values import Properties
from .journal import stack_of

_TOMBSTONE = "deleted"

IMPORT_COUNTS_FOR = 3600.0
"""Seconds that an import counts for which no state has been seen: it may have been a preview's."""


@dataclass(frozen=True)
class Owner:
    """One entry of a stack's state that has a voice.

    Arguments:
        urn: the resource.
        ownership_id: the URN, in a state that was written before there were IDs.
        saved: whether the engine is known to have the entry in its state. An answer that was given may never
            have been saved, because the engine was killed.
        imported_at: Unix seconds of the import that nothing is known of since; otherwise 0.
    """

    urn: str
    ownership_id: str
    saved: bool = False
    imported_at: float = 0.0

    def counts(self, now: float) -> bool:
        """Whether a delete must heed it at this moment (Unix seconds)."""
        return self.saved or not self.imported_at or now - self.imported_at < IMPORT_COUNTS_FOR


class Registry:
    """The owners of voices. No method raises, and each may be called from many threads at once.

    `vendor` and `voice_id` name a voice. No account is compared: the same one may be reached by several URLs.
    """

    def __init__(self, folder: Path, clock: Clock = SYSTEM) -> None:
        self._clock = clock
        self._folder = folder
        self._lock = threading.RLock()
        self._mine: dict[Path, Owner] = {}  # what this process wrote, where no file can be written
        self._created: dict[Path, Owner] = {}
        self._released: set[Path] = set()
        self._imported: set[str] = set()
        self._current: set[str] = set()  # those that the engine has, and does not replace
        self._has_program = False
        self._former: dict[str, Properties] = {}
        self._read: set[str] = set()
        self._made: set[tuple[str, str]] = set()
        self._slots: dict[tuple[str, str], str] = {}
        self._kept: dict[str, tuple[str, str]] = {}

    # -- what the engine does -------------------------------------------------------------------------------

    def declared(self, urn: str, olds: Properties | None) -> None:
        """The program declares the resource. Without old inputs, the engine has no such resource, or is about
        to replace it."""
        with self._lock:
            self._has_program = True
            if olds is None:
                self._current.discard(urn)
                self._kept.pop(urn, None)
            else:
                self._current.add(urn)
                self._former[urn] = olds

    def read(self, urn: str) -> None:
        """The engine refreshes the entry: what it shows from here on may not be saved."""
        with self._lock:
            self._read.add(urn)

    def shown(self, vendor: str, voice_id: str, urn: str, ownership_id: str | None) -> None:
        """The engine has shown an entry of its state."""
        owner = Owner(urn, ownership_id or urn, saved=True)
        with self._lock:
            if owner.ownership_id not in self._imported:
                known = self._owners(vendor, voice_id).values()
                if not any(other.saved and other.ownership_id == owner.ownership_id for other in known):
                    self._drop_replaced_by(vendor, voice_id, urn)
                self._write(vendor, voice_id, owner)

    def stays(self, vendor: str, voice_id: str, urn: str) -> None:
        """The engine asked what to do with an entry, and the answer was not to replace it."""
        with self._lock:
            if urn in self._current:
                self._kept[urn] = (vendor, voice_id)

    def take(self, vendor: str, voice_id: str, urn: str) -> str:
        """A new entry is about to be given to the engine; returns its `ownershipId`."""
        owner = Owner(urn, secrets.token_hex(8))
        with self._lock:
            for path, had in self._owners(vendor, voice_id).items():
                if had.urn == urn:
                    self._remove(path)
            self._created[self._write(vendor, voice_id, owner)] = owner
            self._kept[urn] = (vendor, voice_id)
        return owner.ownership_id

    def take_imported(self, vendor: str, voice_id: str, urn: str) -> str:
        """The same for an import, which the engine may do for a preview only."""
        owner = Owner(urn, secrets.token_hex(8), imported_at=self._clock.now())
        with self._lock:
            self._write(vendor, voice_id, owner)
            self._imported.add(owner.ownership_id)
            self._kept[urn] = (vendor, voice_id)
        return owner.ownership_id

    def release(self, vendor: str, voice_id: str, urn: str, ownership_id: str | None) -> None:
        """The engine gives up this entry. It may be killed before it has saved that."""
        with self._lock:
            for path, owner in self._owners(vendor, voice_id).items():
                if owner.ownership_id == (ownership_id or urn):
                    self._released.add(path)

    def ended(self) -> None:
        """The engine ends its run in order, so it has saved what it was answered."""
        with self._lock:
            for path, owner in self._created.items():
                if self._mine.get(path) == owner:
                    self._put(path, replace(owner, saved=True))
            for path in self._released:
                self._remove(path)
            self._created.clear()

    def gone(self, vendor: str, voice_id: str) -> None:
        """The voice does not exist any more."""
        with self._lock:
            for path in self._owners(vendor, voice_id):
                self._remove(path)

    def deleted(self, vendor: str, voice_id: str) -> None:
        """The voice was deleted, although the vendor may go on showing it."""
        with self._lock:
            files.write(
                self._folder_of(vendor, voice_id) / _TOMBSTONE, {"vendor": vendor, "voice_id": voice_id}
            )

    def was_deleted(self, vendor: str, voice_id: str) -> bool:
        return files.read(self._folder_of(vendor, voice_id) / _TOMBSTONE) is not None

    def made(self, vendor: str, voice_id: str) -> None:
        """This process made the voice, so it is no other create's."""
        with self._lock:
            self._made.add((vendor, voice_id))

    # -- slots ----------------------------------------------------------------------------------------------

    def hold_slot(self, vendor: str, slot: str, urn: str) -> str:
        """Keep the slot for this resource, although it may look free; returns the resource that has it."""
        with self._lock:
            return self._slots.setdefault((vendor, slot), urn)

    def give_slot(self, vendor: str, slot: str, urn: str) -> None:
        """The slot is this resource's."""
        with self._lock:
            self._slots[vendor, slot] = urn

    def taken_slots(self, vendor: str, urn: str) -> set[str]:
        """The slots of other resources of this program."""
        with self._lock:
            return {slot for (key, slot), owner in self._slots.items() if key == vendor and owner != urn}

    # -- what follows from it -------------------------------------------------------------------------------

    def former_inputs(self, urn: str) -> Properties | None:
        """What the engine has as the resource's inputs, as far as it has shown them."""
        with self._lock:
            return self._former.get(urn) or None

    def has_program(self) -> bool:
        """Whether a program declared anything in this run: a `pulumi destroy` runs none."""
        with self._lock:
            return self._has_program

    def was_read(self, urn: str) -> bool:
        with self._lock:
            return urn in self._read

    def was_made(self, vendor: str, voice_id: str) -> bool:
        with self._lock:
            return (vendor, voice_id) in self._made

    def leave_to(self, vendor: str, voice_id: str, urn: str, ownership_id: str | None) -> list[str]:
        """Who has the voice through another entry than this one, which is to be deleted: sorted URNs, maybe
        with the resource's own, which has the voice again. Where there are any, this entry is given up: of
        two that are deleted at the same time, the second has the voice to itself."""
        with self._lock:
            others = {other for other, voice in self._kept.items() if voice == (vendor, voice_id)}
            for owner in self._owners(vendor, voice_id).values():
                # An import of what the resource has, or what followed a state that had no ID.
                same = owner.urn == urn and (owner.imported_at or not ownership_id)
                if owner.ownership_id != (ownership_id or urn) and not same:
                    others.add(owner.urn)
            if others:
                self.release(vendor, voice_id, urn, ownership_id)
        return sorted(others)

    def is_in_a_state(self, vendor: str, voice_id: str) -> bool:
        """Whether a state is known to have the voice."""
        with self._lock:
            if (vendor, voice_id) in self._kept.values():
                return True
            return any(owner.saved for owner in self._owners(vendor, voice_id).values())

    def may_take(self, vendor: str, voice_id: str, urn: str) -> bool:
        """Whether a create for this resource may take over the voice: no state is known to have it."""
        with self._lock:
            if (vendor, voice_id) in self._kept.values():
                return False
            owners = self._owners(vendor, voice_id).values()
            return all(owner.urn == urn and not owner.saved for owner in owners)

    def urns(self, vendor: str, voice_id: str) -> set[str]:
        """The resources that have the voice."""
        with self._lock:
            return {owner.urn for owner in self._owners(vendor, voice_id).values()}

    # -- files ----------------------------------------------------------------------------------------------

    def _drop_replaced_by(self, vendor: str, voice_id: str, urn: str) -> None:
        """What was never seen beside this entry, nor in this run, and is of the same stack: Pulumi says
        nothing when an entry is taken out of a state. If it is there, it is shown again."""
        for path, owner in self._owners(vendor, voice_id).items():
            if stack_of(owner.urn) == stack_of(urn) and self._kept.get(owner.urn) != (vendor, voice_id):
                self._remove(path)

    def _write(self, vendor: str, voice_id: str, owner: Owner) -> Path:
        known = self._owners(vendor, voice_id)
        path = self._folder_of(vendor, voice_id) / f"{files.name(owner.urn, owner.ownership_id)}.json"
        if known.get(path) != owner:
            self._put(path, owner, vendor=vendor, voice_id=voice_id)
        for other, had in known.items():
            if other != path and had.ownership_id == owner.ownership_id:
                self._remove(other)  # the resource was renamed, or its stack
        return path

    def _owners(self, vendor: str, voice_id: str) -> dict[Path, Owner]:
        now = self._clock.now()
        return {
            path: owner
            for path, owner in self._all(self._folder_of(vendor, voice_id))
            if owner.counts(now) and path not in self._released
        }

    def _all(self, folder: Path) -> Iterator[tuple[Path, Owner]]:
        yield from ((path, owner) for path, owner in self._mine.items() if path.parent == folder)
        for path in folder.glob("*.json"):
            owner = None if path in self._mine else _read(path)
            if owner is not None:
                yield path, owner

    def _put(self, path: Path, owner: Owner, **about: str) -> None:
        self._mine[path] = owner
        self._released.discard(path)
        files.write(path, {**(files.read(path) or {}), **asdict(owner), **about})

    def _remove(self, path: Path) -> None:
        self._mine.pop(path, None)
        files.remove(path)

    def _folder_of(self, vendor: str, voice_id: str) -> Path:
        return self._folder / files.name(vendor, voice_id)


def _read(path: Path) -> Owner | None:
    kept = files.read(path) or {}
    urn, ownership_id, at = kept.get("urn"), kept.get("ownership_id"), kept.get("imported_at")
    if not isinstance(urn, str) or not isinstance(ownership_id, str):
        return None
    imported_at = float(at) if isinstance(at, int | float) else 0.0
    return Owner(urn, ownership_id, bool(kept.get("saved")), imported_at)
