"""The folder that the page is written to.

A list of what was written is kept in it, `catalogue-files.json`. Only what is in that list is ever removed or
written over. Files are made beside the page and moved at the end, so that a run that fails leaves the page
as it was.
"""

from __future__ import annotations

import contextlib
import filecmp
import json
import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from ...core.errors import PermanentError

MANIFEST: Final = "catalogue-files.json"
PAGE: Final = "index.html"
_STAGE: Final = ".catalogue-new"
_NAME: Final = re.compile(r"(?:audio/)?[A-Za-z0-9][A-Za-z0-9_-]*\.[a-z0-9]+")


class Folder:
    """Where the page is written to. Making one changes nothing.

    Raises `PermanentError` where there are files in it that this command did not write.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stage = path / _STAGE
        self._new: set[str] = set()
        self._old = self._known()

    def begin(self) -> None:
        """Make the folder. Raises `OSError`."""
        shutil.rmtree(self._stage, ignore_errors=True)  # left by a run that was killed
        (self._stage / "audio").mkdir(parents=True)

    def add(self, name: str, data: bytes) -> None:
        """A file of the new page; one of the same name has the same content. Raises `OSError`."""
        (self._stage / name).write_bytes(data)
        self._new.add(name)

    def finish(self) -> None:
        """Put the new page in the place of the old one. Raises `OSError`, and `PermanentError` where a file
        that this command did not write is in the way."""
        for name in sorted(self._new - self._old):
            if (self._path / name).exists() or (self._path / name).is_symlink():
                raise PermanentError(
                    f"{self._path / name} was not written by this command",
                    advice="Remove it, or give another folder.",
                )
        (self._path / "audio").mkdir(exist_ok=True)
        self._write_manifest(self._old | self._new)  # whatever happens next, it is known what is ours
        for name in sorted(self._new, key=lambda name: name == PAGE):  # the page when its files are there
            staged, there = self._stage / name, self._path / name
            if there.is_symlink() or not there.is_file() or not filecmp.cmp(staged, there, shallow=False):
                staged.replace(there)
        for name in self._old - self._new:
            (self._path / name).unlink(missing_ok=True)
        self._write_manifest(self._new)
        self.abandon()

    def abandon(self) -> None:
        """Remove what was prepared."""
        shutil.rmtree(self._stage, ignore_errors=True)
        with contextlib.suppress(OSError):
            (self._path / "audio").rmdir()  # unless there is something in it

    def _known(self) -> set[str]:
        """What is there of an earlier page."""
        try:
            there = {entry.name for entry in self._path.iterdir()}
        except FileNotFoundError:
            return set()
        except OSError as error:
            raise PermanentError(
                f"{self._path} cannot be used: {(error.strerror or 'error').lower()}"
            ) from None
        if not there - {_STAGE}:
            return set()
        if MANIFEST not in there:
            raise PermanentError(
                f"{self._path} is not empty, and has no {MANIFEST}: its files are not of this command",
                advice="Give an empty or a new folder.",
            )
        try:
            names = json.loads((self._path / MANIFEST).read_text("utf-8"))["files"]
            if not all(_NAME.fullmatch(name) for name in names):
                raise ValueError
        except (OSError, ValueError, LookupError, TypeError):
            raise PermanentError(
                f"{self._path / MANIFEST} cannot be read", advice="Give an empty or a new folder."
            ) from None
        return set(names)

    def _write_manifest(self, names: Iterable[str]) -> None:
        text = json.dumps({"files": sorted(names)}, indent=1) + "\n"
        staged = self._stage / MANIFEST
        staged.write_text(text, "utf-8")
        if (self._path / MANIFEST).is_file() and (self._path / MANIFEST).read_text("utf-8") == text:
            return
        staged.replace(self._path / MANIFEST)
