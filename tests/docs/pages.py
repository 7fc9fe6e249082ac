"""Pages as scenarios: the commands and files of a page, in their order, as one shell script.

A block of commands is run, unless the line above it says `<!-- not run: reason -->`, or
`<!-- run by: make newcomer -->` (tests/docs/newcomer.sh); `<!-- prepared: name -->` runs it after what
`PREPARATIONS` has. A block of another language is a file where the line above says `<!-- file: name -->`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHELL = ("sh", "bash", "shell", "console")
NOT_RUN, RUN_BY, FILE, PREPARED = "not run", "run by", "file", "prepared"
BY_NEWCOMER = "make newcomer"
PLACE = "/path/to/voiceclone"
"""What pages call a checkout of this repository."""

PREPARATIONS = {
    "a stack with a voice": f"""cat > Pulumi.yaml <<'END'
name: prepared
runtime: yaml
packages: {{ voiceclone: {PLACE} }}
resources:
  host:
    type: voiceclone:coze:Voice
    properties: {{ audio: {{ "fn::fileAsset": {PLACE}/examples/voices/host-en.mp3 }}, language: en }}
END
pulumi stack init dev
pulumi up"""
}
"""What a block takes for granted, by the name that its mark `<!-- prepared: name -->` gives."""

_MARK = re.compile(r"\s*<!-- (not run|run by|file|prepared): (.+) -->\s*")
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
    found = [
        page
        for page in (ROOT / "docs").rglob("*.md")
        if not {"zh", "examples"} & {*page.relative_to(ROOT).parts}
    ]
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
    parts = ["set -eu", "trap 'kill $(jobs -p) 2>/dev/null || :' EXIT"]
    for block in found:
        if block.mark == FILE:
            parts.append(f"mkdir -p $(dirname {block.value})\ncat > {block.value} <<'END'\n{block.text}END")
        elif block.language in SHELL and block.mark in ("", also, PREPARED):
            parts += [PREPARATIONS[block.value]] if block.mark == PREPARED else []
            parts.append(f"echo '--- line {block.line}' >&2\n{block.text}")
    return _answered("\n".join(parts) + "\n")


def _answered(text: str) -> str:
    """With the answers that a reader gives to Pulumi's questions, in the home that HOME names.

    Updates come without a preview: it was shown and would be shown again. `--local` would be the home of
    the system's list of users, whatever HOME says.
    """
    text = text.replace("pulumi login --local", 'pulumi login "file://$HOME"')
    text = re.sub(r"\bpulumi (up|destroy)\b", r"pulumi \1 --yes --skip-preview", text)
    return re.sub(r"\bpulumi import\b", r"pulumi import --yes", text)


if __name__ == "__main__":
    told = list(blocks(Path(sys.argv[1]).read_text("utf-8")))
    sys.stdout.write(script(told, also=RUN_BY))
