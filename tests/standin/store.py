"""Where a stack's state lies: the files of Pulumi's own file backend (pkg/backend/diy/state.go, lock.go)."""

from __future__ import annotations

import getpass
import json
import os
import shutil
import socket
import time
import uuid
from pathlib import Path
from typing import Any, Final

from .resources import now

_FIRST_PAUSE: Final = 1.0
_LONGER: Final = 1.2


class StateError(Exception):
    """The state is not there, is locked, or cannot be written."""


class Store:
    """The state of one stack.

    Arguments:
        root: the folder of the backend.
        retries: how often a write that fails is tried again. The real backend does so 11 times, in half a
            minute.
    """

    def __init__(self, root: Path, project: str, stack: str, retries: int = 0) -> None:
        self._root = root / ".pulumi"
        self._project = project
        self._stack = stack
        self._retries = retries
        self.file = self._root / "stacks" / project / f"{stack}.json"
        self._locks = self._root / "locks" / "organization" / project / stack

    @property
    def exists(self) -> bool:
        return self.file.is_file()

    def create(self) -> None:
        """A new stack. The backend's own mark says that its stacks lie in folders by project."""
        if self.exists:
            raise StateError(f"stack '{self._stack}' already exists")
        self.file.parent.mkdir(parents=True, exist_ok=True)
        meta = self._root / "meta.yaml"
        if not meta.exists():
            meta.write_text("version: 1\n")
        self._write({"version": 3, "checkpoint": {"stack": self._name, "latest": None}})

    def load(self) -> dict[str, Any]:
        """What is saved, as `pulumi stack export` shows it."""
        try:
            saved = json.loads(self.file.read_text("utf-8"))
        except FileNotFoundError:
            raise StateError(f"no stack named '{self._stack}' found") from None
        latest = saved["checkpoint"].get("latest") or {}
        features = {"features": saved["features"]} if saved.get("features") else {}
        return {"version": saved["version"], **features, "deployment": latest}

    def save(self, exported: dict[str, Any]) -> None:
        """Replace what is saved, all of it or nothing."""
        features = {"features": exported["features"]} if exported.get("features") else {}
        checkpoint = {"stack": self._name, "latest": exported["deployment"]}
        self._write({"version": exported["version"], **features, "checkpoint": checkpoint})

    def remove(self) -> None:
        self.file.unlink(missing_ok=True)
        shutil.rmtree(self._locks, ignore_errors=True)

    def lock(self) -> Path:
        """Keep others out; the file to remove afterwards."""
        holders = [self._holder(file) for file in self._locks.glob("*.json")] if self._locks.is_dir() else []
        if holders:
            raise StateError(
                f"the stack is currently locked by {len(holders)} lock(s). Either wait for the other "
                "process(es) to end or delete the lock file with `pulumi cancel`.\n  " + "\n  ".join(holders)
            )
        self._locks.mkdir(parents=True, exist_ok=True)
        file = self._locks / f"{uuid.uuid4()}.json"
        holder = {
            "pid": os.getpid(),
            "username": getpass.getuser(),
            "hostname": socket.gethostname(),
            "timestamp": now(),
        }
        file.write_text(json.dumps(holder))
        return file

    def cancel(self) -> None:
        """Take all locks away."""
        shutil.rmtree(self._locks, ignore_errors=True)

    @property
    def _name(self) -> str:
        return f"organization/{self._project}/{self._stack}"

    def _holder(self, file: Path) -> str:
        try:
            holder = json.loads(file.read_text("utf-8"))
        except (OSError, ValueError):
            return str(file)
        who = f"{holder['username']}@{holder['hostname']} (pid {holder['pid']})"
        return f"{file}: created by {who} at {holder['timestamp']}"

    def _write(self, saved: dict[str, Any]) -> None:
        text = json.dumps(saved, ensure_ascii=False, separators=(",", ":"))
        pause = _FIRST_PAUSE
        for left in reversed(range(self._retries + 1)):
            try:
                return self._replace(text)
            except OSError as error:
                if not left:
                    raise StateError(
                        f"An IO error occurred while writing the new snapshot file: {error}"
                    ) from error
                time.sleep(pause)
                pause *= _LONGER
        return None

    def _replace(self, text: str) -> None:
        new = self.file.with_name(f".{self.file.name}.new")
        new.write_text(text, "utf-8")
        new.replace(self.file)
