"""docs/comparison.md: this package beside other providers, row by row, each figure with its source.

    compare_providers.py                        the page, from scripts/comparison.json and this checkout
    compare_providers.py --measure              the same; this plugin is installed and started to measure it
    compare_providers.py --read NAME=FOLDER …   another provider's figures, from a Git repository of it

Figures of the others are read from their own repositories, at the commit that the page names. What these do
not say is not guessed.
"""

from __future__ import annotations

import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FACTS = ROOT / "scripts" / "comparison.json"
PAGE = ROOT / "docs" / "comparison.md"
OURS = "voiceclone"
UNKNOWN = "not known here"
LANGUAGES = ("typescript", "python", "csharp", "go", "java", "yaml")
FIELDS = ("displayName", "homepage", "repository", "publisher", "license", "logoUrl", "pluginDownloadURL")

Facts = dict[str, Any]
Read = Callable[[str], str]


def read(schema: Facts, paths: list[str], text: Read) -> Facts:
    """What a provider's schema and files say.

    Arguments:
        paths: all files of its repository.
        text: a file's content.
    """
    tokens = [*schema["resources"].values(), *schema.get("functions", {}).values()]
    told = [spec.get("description", "") for spec in tokens]
    described = [bool(spec.get("description")) for spec in _properties(schema)]
    pages = [path for path in paths if re.fullmatch(r"docs/(?!examples/|zh/).*\.md", path)]
    return {
        "fields": [name for name in FIELDS if schema.get(name)],
        "category": next((word for word in schema.get("keywords", []) if word.startswith("category/")), ""),
        "kind": next((word for word in schema.get("keywords", []) if word.startswith("kind/")), ""),
        "languages": sorted(schema.get("language", {})),
        "resources": len(schema["resources"]),
        "functions": len(schema.get("functions", {})),
        "described": round(100 * sum(described) / len(described)),
        "shown": sum(all(f"```{language}" in text for language in LANGUAGES) for text in told),
        "programs": sum(text.count("```yaml") for text in told),
        "imports": sum("## Import" in spec.get("description", "") for spec in schema["resources"].values()),
        "pages": len(pages),
        "words": sum(len(text(path).split()) for path in pages),
        "examples": sum(bool(re.fullmatch(r"examples/.*Pulumi\.yaml", path)) for path in paths),
        "schema_kb": round(len(json.dumps(schema, ensure_ascii=False).encode()) / 1000),
    }


def _properties(schema: Facts) -> list[Facts]:
    """Of all inputs, outputs and object types."""
    found: list[Facts] = []
    for spec in schema["resources"].values():
        found += [*spec.get("inputProperties", {}).values(), *spec.get("properties", {}).values()]
    for spec in schema.get("functions", {}).values():
        for side in ("inputs", "outputs"):
            found += (spec.get(side) or {}).get("properties", {}).values()
    for spec in schema.get("types", {}).values():
        found += spec.get("properties", {}).values()
    return found


# -- where figures come from ---------------------------------------------------------------------------------


def read_repository(known: Facts, repository: str) -> Facts:
    """Another provider's figures, from the newest commit of its Git repository."""

    def git(*words: str) -> str:
        return subprocess.run(
            ["git", "-C", repository, *words], capture_output=True, text=True, check=True
        ).stdout

    def text(path: str) -> str:
        return git("show", f"HEAD:{path}")

    paths = git("ls-tree", "-r", "--name-only", "HEAD").splitlines()
    commit, date = git("log", "-1", "--format=%h %cs").split()
    return {**known, **read(json.loads(text(known["schema"])), paths, text), "commit": commit, "date": date}


def read_this(known: Facts) -> Facts:
    """This checkout's."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    paths = [path for path in listed.splitlines() if ROOT / path != PAGE]
    schema = json.loads((ROOT / "schema.json").read_text("utf-8"))
    return {**known, **read(schema, paths, lambda path: (ROOT / path).read_text("utf-8"))}


def measure() -> Facts:
    """This plugin in a virtual environment of its own: how large it is, and how soon it can be called."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        venv.create(folder, with_pip=True)
        before = _size(folder)
        python = str(folder / "bin" / "python")
        subprocess.run([python, "-m", "pip", "install", "--quiet", str(ROOT)], check=True)
        seconds = [_start(folder / "bin" / "pulumi-resource-voiceclone", folder) for _ in range(10)][1:]
        return {
            "install": f"{round((_size(folder) - before) / 1e6)} MB",
            "start": f"{statistics.median(seconds):.2f} s",
        }


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file() and not file.is_symlink())


def _start(plugin: Path, folder: Path) -> float:
    """From its start until the plugin names its port."""
    began = time.perf_counter()
    with subprocess.Popen([str(plugin)], cwd=folder, stdout=subprocess.PIPE) as process:
        if process.stdout:
            process.stdout.readline()
        took = time.perf_counter() - began
        process.terminate()
    return took


# -- the page ------------------------------------------------------------------------------------------------


def _marked(name: str) -> Callable[[Facts], str]:
    return lambda facts: "yes" if name in facts["fields"] else "no"


ROWS: list[tuple[str, Callable[[Facts], str]]] = [
    *((f"schema: `{name}`", _marked(name)) for name in FIELDS),
    ("schema: keyword `category/`", lambda facts: facts["category"].removeprefix("category/") or "no"),
    ("schema: keyword `kind/`", lambda facts: facts["kind"].removeprefix("kind/") or "no"),
    ("schema: `language`", lambda facts: ", ".join(facts["languages"])),
    ("size of the schema", lambda facts: f"{facts['schema_kb']} kB"),
    ("resources, functions", lambda facts: f"{facts['resources']}, {facts['functions']}"),
    ("properties with a description", lambda facts: f"{facts['described']} %"),
    (
        "resources and functions with examples in six languages",
        lambda facts: f"{facts['shown']} of {facts['resources'] + facts['functions']}",
    ),
    ("example programs in the schema", lambda facts: str(facts["programs"])),
    (
        "resources that say how they are imported",
        lambda facts: f"{facts['imports']} of {facts['resources']}",
    ),
    ("pages in `docs` without translations, words", lambda facts: f"{facts['pages']}, {facts['words']}"),
    ("programs in `examples`", lambda facts: str(facts["examples"])),
    ("written in", lambda facts: facts["written"]),
    ("archives of a release", lambda facts: facts["archives"]),
    ("size when installed", lambda facts: facts.get("install", UNKNOWN)),
    ("from start to port (median of 9)", lambda facts: facts.get("start", UNKNOWN)),
]


def render(facts: dict[str, Facts]) -> str:
    """The page."""
    lines = [
        "# Beside other providers",
        "",
        "Made by `make comparison`. Figures of the others are what their own repositories say at the commits",
        f"below; what these do not say is “{UNKNOWN}”. A provider of fewer resources needs fewer pages.",
        "",
        f"| | {' | '.join(facts)} |",
        f"|---|{'---|' * len(facts)}",
        *(f"| {title} | {' | '.join(cell(each) for each in facts.values())} |" for title, cell in ROWS),
        "",
        "## Sources",
        "",
    ]
    for name, each in facts.items():
        lines += [f"- {name}: {_source(name, each)}"]
    return "\n".join(lines) + "\n"


def _source(name: str, facts: Facts) -> str:
    if name == OURS:
        return f"this repository; archives: {facts['archives_from']}. {facts['measured']}"
    return (
        f"<https://github.com/{facts['repository']}> at `{facts['commit']}` ({facts['date']}): "
        f"`{facts['schema']}`, `docs`, `examples`; archives: `{facts['archives_from']}`. "
        f"{facts.get('measured', 'It was not installed or run.')}"
    )


def main(arguments: list[str]) -> None:
    facts: dict[str, Facts] = json.loads(FACTS.read_text("utf-8"))
    if arguments[:1] == ["--read"]:
        for name, repository in (argument.split("=", 1) for argument in arguments[1:]):
            facts[name] = read_repository(facts[name], repository)
    facts[OURS] = read_this(facts[OURS])
    if arguments == ["--measure"]:
        facts[OURS] |= measure()
    FACTS.write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    PAGE.write_text(render(facts), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
