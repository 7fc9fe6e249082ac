"""Archives whose bytes depend on nothing but their files."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Mapping
from pathlib import Path

from .project import epoch


def write(target: Path, files: Mapping[str, bytes], executables: frozenset[str] = frozenset()) -> Path:
    """A `.tar.gz` of these files, in the order of their names."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with (
        target.open("wb") as file,
        gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0, compresslevel=9) as zipped,
        tarfile.open(fileobj=zipped, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for name in sorted(files):
            add(tar, name, files[name], 0o755 if name in executables else 0o644)
    return target


def add(tar: tarfile.TarFile, name: str, data: bytes, mode: int = 0o644) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = len(data), mode, epoch()
    tar.addfile(member, io.BytesIO(data))


def read(folder: Path) -> dict[str, bytes]:
    """All files below a folder, by their names with slashes."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()
    }
