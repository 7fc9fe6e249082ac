"""Converts the YAML programs of docs/examples to the other languages, with `pulumi convert`.

Only what changed since the last time is converted: docs/examples/converted.lock has a hash of what each
program was made of. `--all` converts everything anew. Needs the Pulumi CLI with its plugins of all languages.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import yaml

import pulumi_cli
from voiceclone_provider.codegen import names
from voiceclone_provider.codegen.examples import FOLDER, LANGUAGES, Example, every
from voiceclone_provider.codegen.schema import package

ROOT = Path(__file__).resolve().parent.parent
HASHES = FOLDER / "converted.lock"
MADE = {
    "typescript": "index.ts",
    "python": "__main__.py",
    "go": "main.go",
    "csharp": "Program.cs",
    "java": "src/main/java/generated_program/App.java",
}
"""The file of a converted project that has the program."""


class ConversionError(Exception):
    """A program could not be converted, and why."""


def fingerprint(example: Example, schema: dict[str, Any]) -> str:
    """A hash of what the converted programs depend on: the YAML, and the types that the schema gives to the
    properties in it."""
    program = yaml.safe_load(example.code("yaml"))
    given = list(_given(program))
    used = [_spec(schema, token, properties) for token, properties in given]
    parts = [example.code("yaml"), names.languages(), used, _enums(schema, used)]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


def _given(program: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """The tokens that a program names, each with the properties that it gives."""
    for resource in program.get("resources", {}).values():
        yield resource["type"], sorted(resource["properties"])
    for variable in program.get("variables", {}).values():
        call = variable["fn::invoke"]
        yield call["function"], sorted(call["arguments"])


def _spec(schema: dict[str, Any], token: str, properties: list[str]) -> Any:
    if token in schema["resources"]:
        known = schema["resources"][token]["inputProperties"]
    else:
        known = schema["functions"][token]["inputs"]["properties"]
    return {name: _undescribed(known.get(name)) for name in properties}


def _enums(schema: dict[str, Any], used: Any) -> Any:
    text = json.dumps(used)
    return {
        token: _undescribed(spec) for token, spec in schema["types"].items() if f'"#/types/{token}"' in text
    }


def _undescribed(spec: Any) -> Any:
    if isinstance(spec, dict):
        return {key: _undescribed(value) for key, value in spec.items() if key != "description"}
    return [_undescribed(item) for item in spec] if isinstance(spec, list) else spec


def convert(cli: Path, example: Example, language: str) -> None:
    """Write an example in a language.

    Raises:
        ConversionError: Pulumi could not.
    """
    with tempfile.TemporaryDirectory() as scratch:
        source, out = Path(scratch) / "source", Path(scratch) / "out"
        source.mkdir()
        program = "name: example\nruntime: yaml\n" + example.code("yaml")
        (source / "Pulumi.yaml").write_text(program, encoding="utf-8")
        # The plugin of this checkout tells the converters the schema.
        path = os.pathsep.join((str(ROOT), str(cli.parent), os.environ["PATH"]))
        ended = subprocess.run(
            [
                str(cli),
                "convert",
                "--from",
                "yaml",
                "--language",
                language,
                "--generate-only",
                "--out",
                str(out),
            ],
            cwd=source,
            env={**os.environ, "PATH": path, "PULUMI_SKIP_UPDATE_CHECK": "true"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        made = out / MADE[language]
        if ended.returncode != 0 or not made.is_file():
            raise ConversionError(f"{example.name} to {language}: {(ended.stderr or ended.stdout).strip()}")
        code = made.read_text("utf-8").strip() + "\n"
        example.file(language).write_text(mended(code, language), encoding="utf-8")


def mended(code: str, language: str) -> str:
    """The code without what the converters get wrong, as the compilers of these languages find."""
    if language == "go":  # the arguments of a function that shares its name with a resource's
        return re.sub(r"(Lookup(\w+Output)\(ctx, \w+\.)Get\2Args", r"\1Lookup\2Args", code)
    if language == "java":  # the group in the names of functions, and the entries of a list
        grouped = code.replace(f"com.pulumi.{names.PACKAGE}.", f"{names.JAVA_GROUP}.{names.PACKAGE}.")
        return re.sub(r"\(\)\[(\d+)\]", r"().get(\1)", grouped)
    return code


def main(*, everything: bool) -> int:
    schema = package()
    known = json.loads(HASHES.read_text("utf-8")) if HASHES.is_file() else {}
    now = {example.name: fingerprint(example, schema) for example in every()}
    stale = [
        example
        for example in every()
        if everything
        or known.get(example.name) != now[example.name]
        or not all(example.file(language).is_file() for language in LANGUAGES)
    ]
    if stale:
        cli = pulumi_cli.locate()
        jobs = [(example, language) for example in stale for language in MADE]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            try:
                list(pool.map(lambda job: convert(cli, *job), jobs))
            except ConversionError as error:
                print(
                    f"{error}\nA missing language: 'pulumi plugin install language <name>'.", file=sys.stderr
                )
                return 1
    HASHES.write_text(json.dumps(now, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    print(f"{len(stale)} of {len(now)} examples were converted.")
    return 0


if __name__ == "__main__":
    sys.exit(main(everything="--all" in sys.argv[1:]))
