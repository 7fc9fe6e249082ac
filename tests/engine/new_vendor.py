"""The code of docs/new-vendor.md, and a copy of this checkout that it goes into."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .stack import ROOT

PAGE = ROOT / "docs" / "new-vendor.md"

_FOLDERS = ("provider", "tests/engine", "tests/faults", "tests/sequences", "tests/standin")
_FILES = ("pyproject.toml", "PulumiPlugin.yaml", "pulumi-resource-voiceclone")
_LINKS = ("examples", "scripts")
_MYPY_CACHE = ".mypy_cache"
_NOT_OURS = shutil.ignore_patterns("__pycache__")
_BLOCK = re.compile(
    r"^`(?P<path>[^`]+)`(?:, (?P<side>above|below) the line `(?P<line>[^`]+)`)?:\n\n"
    r"```python\n(?P<code>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)


@dataclass(frozen=True)
class Block:
    """A block of code of the page.

    Arguments:
        path: the file that it goes into.
        side: whether it goes `above` or `below` a line of that file; empty for a new file.
        line: that line.
    """

    path: str
    side: str
    line: str
    code: str


def blocks() -> list[Block]:
    page = PAGE.read_text("utf-8")
    found = [
        Block(**{name: text or "" for name, text in match.groupdict().items()})
        for match in _BLOCK.finditer(page)
    ]
    assert len(found) == page.count("```python\n"), "a block of code does not say where it goes"
    return found


class Checkout:
    """A copy of what the engine tests need of this checkout."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in _FOLDERS:
            shutil.copytree(ROOT / name, folder / name, ignore=_NOT_OURS)
        for name in _FILES:
            shutil.copy2(ROOT / name, folder / name)
        for name in _LINKS:
            (folder / name).symlink_to(ROOT / name)
        (folder / ".venv").symlink_to(sys.prefix)

    def apply(self, block: Block) -> None:
        file = self.folder / block.path
        if not block.line:
            assert not file.exists(), f"{block.path} is there already"
            file.parent.mkdir(exist_ok=True)
            file.write_text(block.code, "utf-8")
            return
        lines = file.read_text("utf-8").splitlines(keepends=True)
        assert lines.count(f"{block.line}\n") == 1, f"{block.path} has no line {block.line}"
        lines.insert(lines.index(f"{block.line}\n") + (block.side == "below"), block.code)
        file.write_text("".join(lines), "utf-8")

    def generate(self) -> None:
        """What `make schema` runs; it would also install this copy into the environment that both share."""
        schema = self.python("-m", "voiceclone_provider.codegen.schema")
        (self.folder / "schema.json").write_text(schema, "utf-8")
        self.python("-m", "voiceclone_provider.codegen.classes")

    def warm_mypy(self) -> bool:
        """Whether mypy need not read everything: it has a cache of this checkout."""
        warm = (ROOT / _MYPY_CACHE).is_dir()
        if warm:
            shutil.copytree(ROOT / _MYPY_CACHE, self.folder / _MYPY_CACHE)
        return warm

    def python(self, *words: str) -> str:
        """What a command of Python prints, which must succeed. It imports the provider of this copy, and its
        tests know the new vendor alone."""
        users = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
        ours = {"VOICECLONE_VENDORS": "echo", "VOICECLONE_ALL_FAULTS": "1"}
        environment = {**users, "PYTHONPATH": str(self.folder / "provider"), **ours}
        command = (sys.executable, "-P", *words)
        ended = subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, timeout=280
        )
        assert ended.returncode == 0, f"{' '.join(words)}:\n{ended.stdout}{ended.stderr}"
        return ended.stdout

    def new(self) -> set[str]:
        """The files that the original does not have."""
        return {path for path in self._paths() if not (ROOT / path).exists()}

    def inserted(self) -> dict[str, list[str]]:
        """The lines that were inserted into files, and nothing else may have changed in these."""
        found = {}
        for path in self._paths():
            if (ROOT / path).exists():
                before, after = _lines(ROOT / path), _lines(self.folder / path)
                if before != after:
                    found[path] = _inserted(before, after)
        return found

    def _paths(self) -> Iterator[str]:
        yield from _FILES
        for name in _FOLDERS:
            for file in sorted((self.folder / name).rglob("*")):
                if file.is_file() and "__pycache__" not in file.parts:
                    yield str(file.relative_to(self.folder))


def _lines(file: Path) -> list[str]:
    return file.read_text("utf-8").splitlines()


def _inserted(before: list[str], after: list[str]) -> list[str]:
    """The lines that were inserted, in one place; nothing else may have changed."""
    start = next((at for at, pair in enumerate(zip(before, after, strict=False)) if len(set(pair)) > 1), None)
    start = len(before) if start is None else start
    count = len(after) - len(before)
    assert before[start:] == after[start + count :], "more was changed than lines inserted in one place"
    return after[start : start + count]
