"""Pages as scenarios: the commands and files of a page, in their order, as one shell script.

A block of commands is run, unless the line above it says `<!-- not run: reason -->`, or `<!-- run by: make newcomer -->`
(tests/docs/newcomer.py). A block of another language is a file where the line above says `<!-- file: name -->`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHELL = ("sh", "bash", "shell", "console")
NOT_RUN, RUN_BY, FILE = "not run", "run by", "file"
BY_NEWCOMER = "make newcomer"
PLACE = "/path/to/voiceclone"
"""What pages call a checkout of this repository."""

_MARK = re.compile(r"\s*<!-- (not run|run by|file): (.+) -->\s*")
_FENCE = re.compile(r"(\s*)```(\w*)\s*")


@dataclass(frozen=True)
class Block:
    """A code block: the line that it begins at, its language and text, and what the line above it says."""

    line: int
    language: str
    text: str
    mark: str
    value: str


def pages() -> list[Path]:
    """The pages with commands for users: in English, since translations have the same commands."""
    found = [page for page in (ROOT / "docs").rglob("*.md") if "zh" not in page.relative_to(ROOT).parts]
    return [ROOT / "README.md", *sorted(found)]


def blocks(text: str) -> Iterator[Block]:
    """The code blocks of a page."""
    mark, opened, language, indent = ("", ""), 0, "", ""
    lines: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        fence = _FENCE.fullmatch(line)
        if opened:
            if fence and not fence[2]:
                yield Block(opened, language, "\n".join(lines) + "\n", *mark)
                mark, opened = ("", ""), 0
            else:
                lines.append(line.removeprefix(indent))
        elif fence:
            opened, lines, indent, language = number, [], fence[1], fence[2]
        elif told := _MARK.fullmatch(line):
            mark = (told[1], told[2])
        elif line.strip():
            mark = ("", "")


def script(found: list[Block], *, also: str = "") -> str:
    """What a reader of the page does, as a script that ends at the first command that fails.

    Arguments:
        also: the mark (`run by`) of blocks that are run as well.
    """
    parts = ["set -eu"]
    for block in found:
        if block.mark == FILE:
            parts.append(f"mkdir -p $(dirname {block.value})\ncat > {block.value} <<'END'\n{block.text}END")
        elif block.language in SHELL and (not block.mark or block.mark == also):
            parts.append(f"echo '--- line {block.line}' >&2\n{block.text}")
    return "\n".join(parts) + "\n"
