"""State in SQLite: what was answered is on disk before the answer leaves, so a kill loses nothing.

Voices are also held in memory; one process owns the file.
"""

from __future__ import annotations

import fcntl
import json
import os
import sqlite3
import time
from pathlib import Path
from typing import IO, Any

from .voices import Voice

_SCHEMA = """
CREATE TABLE IF NOT EXISTS voices (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, vendor TEXT NOT NULL, id TEXT NOT NULL, doc TEXT NOT NULL,
    UNIQUE (vendor, id));
CREATE TABLE IF NOT EXISTS requests (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, vendor TEXT, doc TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS audio (sha256 TEXT PRIMARY KEY, container TEXT NOT NULL, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS samples (name TEXT PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


class InUseError(RuntimeError):
    """Another emulator has the state file."""


class Store:
    def __init__(self, path: Path | None) -> None:
        self._lock = None
        if path is not None:
            _make_folder(path.parent)
            self._lock = _open_private(f"{path}.lock")  # held as long as the process lives
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as taken:
                self._lock.close()
                raise InUseError(f"another emulator uses {path}") from taken
            _open_private(path).close()  # SQLite gives its other files the same mode
        self._db = sqlite3.connect(str(path or ":memory:"), isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        # In WAL mode this loses nothing when the process dies, only when the machine does.
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(_SCHEMA)
        self._voices: dict[tuple[str, str], Voice] = {}
        for vendor, name, doc in self._db.execute("SELECT vendor, id, doc FROM voices ORDER BY seq"):
            self._voices[vendor, name] = Voice.from_json(json.loads(doc))

    def close(self) -> None:
        self._db.close()
        if self._lock is not None:
            self._lock.close()

    # Voices, in the order they were made.

    def voices(self, vendor: str) -> list[Voice]:
        return [voice for (owner, _), voice in self._voices.items() if owner == vendor]

    def voice(self, vendor: str, name: str) -> Voice | None:
        return self._voices.get((vendor, name))

    def save(self, voice: Voice) -> None:
        doc = json.dumps(voice.to_json())
        self._db.execute(
            "INSERT INTO voices (vendor, id, doc) VALUES (?, ?, ?)"
            " ON CONFLICT (vendor, id) DO UPDATE SET doc = excluded.doc",
            (voice.vendor, voice.id, doc),
        )
        self._voices[voice.vendor, voice.id] = voice

    # The record of requests.

    def record(self, vendor: str, doc: dict[str, Any]) -> None:
        self._db.execute("INSERT INTO requests (vendor, doc) VALUES (?, ?)", (vendor, json.dumps(doc)))

    def requests(self, vendor: str | None = None, last: int | None = None) -> list[dict[str, Any]]:
        where, values = ("WHERE vendor = ?", [vendor]) if vendor else ("", [])
        limit = "LIMIT ?" if last else ""
        rows = self._db.execute(
            f"SELECT doc FROM requests {where} ORDER BY seq DESC {limit}",  # noqa: S608  constants only
            [*values, *([last] if last else [])],
        )
        return [json.loads(doc) for (doc,) in rows][::-1]

    # Audio.

    def keep_audio(self, sha256: str, container: str, data: bytes) -> None:
        self._db.execute("INSERT OR IGNORE INTO audio VALUES (?, ?, ?)", (sha256, container, data))

    def audio(self, sha256: str) -> tuple[str, bytes] | None:
        row = self._db.execute("SELECT container, data FROM audio WHERE sha256 = ?", (sha256,)).fetchone()
        return (str(row[0]), bytes(row[1])) if row else None

    def put_sample(self, name: str, data: bytes) -> None:
        self._db.execute("INSERT OR REPLACE INTO samples VALUES (?, ?)", (name, data))

    def sample(self, name: str) -> bytes | None:
        row = self._db.execute("SELECT data FROM samples WHERE name = ?", (name,)).fetchone()
        return bytes(row[0]) if row else None

    def drop_sample(self, name: str) -> bool:
        return self._db.execute("DELETE FROM samples WHERE name = ?", (name,)).rowcount > 0

    # Switches and other small things.

    def settings(self) -> dict[str, Any]:
        return {
            name: json.loads(value) for name, value in self._db.execute("SELECT name, value FROM settings")
        }

    def set(self, name: str, value: Any) -> None:
        self._db.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (name, json.dumps(value)))

    def clear(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")
        for table in ("voices", "requests", "audio", "samples", "settings"):
            self._db.execute(f"DELETE FROM {table}")  # noqa: S608  constants only
        self._db.execute("COMMIT")
        self._voices.clear()


def _make_folder(folder: Path) -> None:
    """What is missing of it, for the owner's eyes alone: recordings lie there."""
    for part in [*reversed(folder.parents), folder]:
        part.mkdir(mode=0o700, exist_ok=True)


def _open_private(path: Path | str) -> IO[bytes]:
    """Made, where it is missing, so that nobody but the owner can read it."""
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+b")


def now() -> float:
    return time.time()
