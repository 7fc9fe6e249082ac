"""The examples in the descriptions of resources and functions, from `docs/examples`.

Every token has a folder (`coze/Voice`), and each `<case>.yaml` in it is a tested program. Its comment begins
with the title; what follows introduces it. Beside it is the same program in the other languages, as Pulumi's
converters write it: `make examples-schema` does that. `import.md` says how a resource is imported.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[3] / "docs" / "examples"
LANGUAGES = {"typescript": "ts", "python": "py", "csharp": "cs", "go": "go", "yaml": "yaml", "java": "java"}
"""The languages as Pulumi calls them, in the Registry's order, and the endings of their files."""


@dataclass(frozen=True)
class Example:
    """A program in all languages.

    Arguments:
        source: the YAML file.
    """

    source: Path

    @property
    def name(self) -> str:
        """Its path below `docs/examples`, without an ending."""
        return self.source.relative_to(FOLDER).with_suffix("").as_posix()

    @property
    def title(self) -> str:
        return self._comment()[0]

    @property
    def introduction(self) -> str:
        return " ".join(self._comment()[1:]).strip()

    def file(self, language: str) -> Path:
        """Where the program is in a language."""
        return self.source.with_suffix(f".{LANGUAGES[language]}")

    def code(self, language: str) -> str:
        """The program in a language; empty where it was not converted."""
        if language != "yaml":
            file = self.file(language)
            return file.read_text("utf-8") if file.is_file() else ""
        lines = self.source.read_text("utf-8").splitlines(keepends=True)
        return "".join(lines[len(self._comment()) :])

    def _comment(self) -> list[str]:
        lines = []
        for line in self.source.read_text("utf-8").splitlines():
            if not line.startswith("#"):
                break
            lines.append(line.removeprefix("#").strip())
        return lines


def every() -> list[Example]:
    """All examples."""
    return [Example(file) for file in sorted(FOLDER.glob("*/*/*.yaml"))]


def examples(token: str) -> list[Example]:
    """The examples of a resource or function."""
    return [example for example in every() if example.source.parent == _folder(token)]


def sections(token: str) -> str:
    """What follows the description of a resource or function, in the markup of the Registry and the SDKs."""
    found = examples(token)
    parts = []
    if found:
        parts += ["{{% examples %}}", "## Example Usage", *map(_shown, found), "{{% /examples %}}"]
    importing = _folder(token) / "import.md"
    if importing.is_file():
        parts += ["", "## Import", "", importing.read_text("utf-8")]
    return "".join(f"\n{part}" for part in ["", *parts]).rstrip() if parts else ""


def _folder(token: str) -> Path:
    _, module, name = token.split(":")
    return FOLDER / module / name


def _shown(example: Example) -> str:
    lines = ["{{% example %}}", f"### {example.title}", ""]
    lines += [example.introduction, ""] if example.introduction else []
    for language in LANGUAGES:
        if code := example.code(language):
            lines += [f"```{language}", code.rstrip(), "```"]
    return "\n".join([*lines, "{{% /example %}}"])
