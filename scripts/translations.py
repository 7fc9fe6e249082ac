"""Keeps the Chinese pages in step with the English ones.

Below each heading of a Chinese page stands the hash of the English section that it translates:
`<!-- en: 1a2b3c4d -->`. An English section that changes has another hash, and `faults` names it. When its
translation says the same again, `python scripts/translations.py PAGE…` writes the hashes of these Chinese
pages.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
CHINESE = DOCS / "zh"
ENGLISH_ONLY = {"architecture.md", "comparison.md", "new-vendor.md", "release.md"}
"""For those who change the project."""

_GENERATED = re.compile(r"<!-- (generated|rules): .*?<!-- end[^>]*-->", re.DOTALL)
_HASH = re.compile(r"<!-- en: ([0-9a-f]{8}) -->\n?")
_HEADING = re.compile(r"(#+) (.+)")
_FENCE = re.compile(r"\s*```(\w*)\s*$")
_COMMENT = {"ts": "//", "typescript": "//", "go": "//"}


@dataclass
class Section:
    """A heading and what stands below it, up to the next heading of any level; the first may have none."""

    level: int
    title: str
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return _HASH.sub("", "\n".join(self.lines)).strip()

    @property
    def hash(self) -> str:
        return hashlib.sha256(f"{self.title}\n{self.text}".encode()).hexdigest()[:8]

    @property
    def translates(self) -> str:
        found = _HASH.search("\n".join(self.lines))
        return found[1] if found else "nothing"


def sections(text: str) -> list[Section]:
    """A page's sections, without what is generated in them."""
    found = [Section(0, "the beginning")]
    fenced = False
    for line in _GENERATED.sub("", text).splitlines():
        if _FENCE.match(line):
            fenced = not fenced
        heading = None if fenced else _HEADING.fullmatch(line)
        if heading:
            found.append(Section(len(heading[1]), heading[2]))
        else:
            found[-1].lines.append(line)
    return [section for section in found if section.level or section.text]


def code_blocks(text: str) -> list[tuple[str, str]]:
    """The language of each code block, and its lines without comments."""
    blocks: list[tuple[str, str]] = []
    language, lines = None, list[str]()
    for line in _GENERATED.sub("", text).splitlines():
        fence = _FENCE.match(line)
        if fence and language is None:
            language, lines = fence[1], []
        elif fence:
            blocks.append((str(language), "\n".join(lines)))
            language = None
        elif language is not None:
            sign = re.escape(_COMMENT.get(language, "#"))
            lines.append(re.sub(rf"(^|\s+){sign}(\s.*)?$", "", line).rstrip())
    return blocks


def first_columns(text: str) -> list[list[str]]:
    """The names in the first cell of every row of every table: what is set as code."""
    tables: list[list[str]] = []
    before = ""
    for line in _GENERATED.sub("", text).splitlines():
        if line.startswith("|"):
            if not before.startswith("|"):
                tables.append([])
            names = re.findall(r"`[^`]+`", line.split(" | ")[0])
            tables[-1].append(" ".join(names))
        before = line
    return tables


def pairs() -> Iterator[tuple[Path, Path]]:
    """Every English page that is to be translated, and its translation."""
    yield ROOT / "README.md", ROOT / "README.zh-CN.md"
    for page in sorted(DOCS.rglob("*.md")):
        where = page.relative_to(DOCS)
        if where.parts[0] not in ("zh", "reference", "examples") and str(where) not in ENGLISH_ONLY:
            yield page, CHINESE / where


def faults() -> Iterator[str]:
    """What is not in step, a sentence each."""
    expected = set()
    for english, chinese in pairs():
        expected.add(chinese)
        name = english.relative_to(ROOT)
        if not chinese.exists():
            yield f"{name} has no translation {chinese.relative_to(ROOT)}"
            continue
        one, other = english.read_text("utf-8"), chinese.read_text("utf-8")
        originals, translated = sections(one), sections(other)
        if [s.level for s in originals] != [s.level for s in translated]:
            yield f"{name}: its translation has other headings"
            continue
        for original, copy in zip(originals, translated, strict=True):
            if copy.translates != original.hash:
                yield f"{name}, '{original.title}': changed, and its translation '{copy.title}' did not"
        if code_blocks(one) != code_blocks(other):
            yield f"{name}: its translation has other code"
        if first_columns(one) != first_columns(other):
            yield f"{name}: its translation has other names in the first column of a table"
    for page in {*CHINESE.rglob("*.md")} - expected:
        if page.parent.name != "reference":
            yield f"{page.relative_to(ROOT)} translates no page"


def sign(chinese: Path) -> None:
    """Write below each heading which English section it translates."""
    english = next(one for one, other in pairs() if other == chinese)
    originals = iter(sections(english.read_text("utf-8")))
    text = _HASH.sub("", chinese.read_text("utf-8"))
    if sections(text)[0].level == 0:  # the front matter of a page of Pulumi's Registry
        begin, rule, rest = text[4:].partition("\n---\n")
        text = f"---\n{begin}{rule}<!-- en: {next(originals).hash} -->\n{rest}"
    lines, fenced = list[str](), False
    for line in text.splitlines():
        if _FENCE.match(line):
            fenced = not fenced
        lines.append(line)
        if not fenced and _HEADING.fullmatch(line):
            lines.append(f"<!-- en: {next(originals).hash} -->")
    chinese.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> int:
    pages = {chinese for _, chinese in pairs()}
    for page in sys.argv[1:]:
        if (path := Path(page).resolve()) in pages:
            sign(path)
    found = list(faults())
    print("\n".join(found), file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
