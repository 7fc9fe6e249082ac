"""What the Registry, and readers of its pages, want of schema.json."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import compare_providers
import convert_examples
from voiceclone_provider import __version__
from voiceclone_provider.codegen import names, schema
from voiceclone_provider.codegen.examples import FOLDER, LANGUAGES, Example, every, examples

ROOT = Path(__file__).parents[2]
PLAIN: dict[str, Any] = schema.package()
SCHEMA: dict[str, Any] = json.loads(schema.render())
TOKENS = {**SCHEMA["resources"], **SCHEMA["functions"]}
EXAMPLES = every()

# The Registry's own; a schema with another is listed under none.
CATEGORIES = {"cloud", "database", "infrastructure", "monitoring", "network", "utility", "vcs"}
SAFE = re.compile(r"[A-Za-z0-9._@/-]+")
SAFE_URL = re.compile(r"(https|github)://[A-Za-z0-9._~:/-]+")


def descriptions() -> Iterator[tuple[str, str]]:
    """Where each description is, and its text without examples."""
    yield "package", PLAIN["description"]
    yield "provider", PLAIN["provider"]["description"]
    for kind in ("resources", "functions", "types"):
        for token, spec in PLAIN[kind].items():
            yield token, spec["description"]
    for where, spec in properties():
        yield where, spec.get("description", "")


def properties() -> Iterator[tuple[str, dict[str, Any]]]:
    for where, found in objects():
        for name, spec in found["properties"].items():
            yield f"{where} {name}", spec


def objects() -> Iterator[tuple[str, dict[str, Any]]]:
    """Everything that has properties, with what of them is required."""
    for token, spec in PLAIN["resources"].items():
        yield token, spec
        required = spec.get("requiredInputs", [])
        yield f"{token} inputs", {"properties": spec["inputProperties"], "required": required}
    for token, spec in PLAIN["functions"].items():
        yield f"{token} inputs", spec["inputs"]
        yield f"{token} outputs", spec["outputs"]
    for token, spec in PLAIN["types"].items():
        if "properties" in spec:
            yield token, spec
    yield "provider", {"properties": PLAIN["provider"]["inputProperties"], "required": []}


# -- what the Registry asks for ------------------------------------------------------------------------------


def test_the_package_says_who_it_is() -> None:
    assert (SCHEMA["name"], SCHEMA["version"]) == ("voiceclone", __version__)
    assert SCHEMA["displayName"] in SCHEMA["description"]
    assert SAFE.fullmatch(SCHEMA["publisher"])
    assert SCHEMA["license"] == "Apache-2.0"
    for name in ("homepage", "repository", "logoUrl", "pluginDownloadURL"):
        assert SAFE_URL.fullmatch(SCHEMA[name]), name
    owner, repository = SCHEMA["repository"].removeprefix("https://github.com/").split("/")
    assert repository == f"pulumi-{SCHEMA['name']}", "what Pulumi takes for the name where none is given"
    assert SCHEMA["pluginDownloadURL"] == f"github://api.github.com/{owner}"


def test_the_keywords_say_category_and_kind() -> None:
    categories = [
        word.removeprefix("category/") for word in SCHEMA["keywords"] if word.startswith("category/")
    ]
    assert len(categories) == 1
    assert set(categories) <= CATEGORIES
    assert [word for word in SCHEMA["keywords"] if word.startswith("kind/")] == ["kind/native"]


def test_the_logo_is_in_the_repository() -> None:
    assert SCHEMA["logoUrl"].endswith(f"/main/{names.LOGO}")
    assert (ROOT / names.LOGO).read_text("utf-8").startswith("<svg ")


def test_the_sdks_have_names_of_our_own() -> None:
    told = SCHEMA["language"]
    assert set(told) == {"python", "nodejs", "go", "csharp", "java"}
    assert told["nodejs"]["packageName"].startswith("@voiceclone/")
    assert told["go"]["importBasePath"].startswith(SCHEMA["repository"].removeprefix("https://"))
    for language in ("python", "nodejs", "go", "csharp"):
        assert told[language]["respectSchemaVersion"] is True
    alias = told["csharp"]["namespaces"]["voiceclone"]
    assert told["csharp"]["rootNamespace"] not in ("Pulumi", alias), "C# refuses an alias of that name"


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("typescript/package.json", f'"{names.NODE_PACKAGE}": "file:sdks/voiceclone"'),
        ("typescript/index.ts", f'from "{names.NODE_PACKAGE}"'),
        ("go/go.mod", f"replace {names.GO_MODULE} => ./sdks/voiceclone"),
        ("go/main.go", f'"{names.GO_IMPORT}/coze"'),
        ("python/__main__.py", f"import {names.PYTHON_PACKAGE} as voiceclone"),
    ],
)
def test_the_examples_use_these_names(file: str, name: str) -> None:
    assert name in (ROOT / "examples" / file).read_text("utf-8")


# -- style ---------------------------------------------------------------------------------------------------


def test_descriptions_are_sentences() -> None:
    sentence = re.compile(r"[`A-Z\d\u4e00-\u9fff].*\.", re.DOTALL)
    assert [where for where, text in descriptions() if not sentence.fullmatch(text)] == []


def test_enum_values_are_described_in_sentences() -> None:
    told = {
        f"{token} {value['name']}": value["description"]
        for token, spec in PLAIN["types"].items()
        for value in spec.get("enum", [])
        if "description" in value
    }
    assert [where for where, text in told.items() if not text.endswith(".")] == []


def test_names_follow_the_conventions() -> None:
    modules = {token.split(":")[1] for token in PLAIN["resources"]}
    assert all(re.fullmatch(r"[a-z]+", module) for module in modules)
    for token in [*PLAIN["resources"], *PLAIN["types"]]:
        assert re.fullmatch(rf"voiceclone:({'|'.join(modules)}|index):[A-Z][A-Za-z]+", token)
    for token in PLAIN["functions"]:
        assert re.fullmatch(rf"voiceclone:({'|'.join(modules)}):get[A-Z][A-Za-z]+", token)
    found = [where.split()[-1] for where, _ in properties()]
    assert [name for name in found if not re.fullmatch(r"[a-z]+([A-Z][a-z]+)*", name)] == []
    assert {"pulumi", "urn"}.isdisjoint(found)
    assert [token for token, spec in PLAIN["resources"].items() if "id" in spec["properties"]] == []


def test_what_is_required_exists() -> None:
    for where, spec in objects():
        assert set(spec.get("required", [])) <= spec["properties"].keys(), where


def test_what_must_be_secret_is() -> None:
    known = re.compile(r"(token|secret|apiKey|password)", re.IGNORECASE)
    told = {where for where, spec in properties() if spec.get("secret")}
    named = {where for where, _ in properties() if known.search(where.split()[-1])}
    assert told == named


def test_the_comparison_shows_the_figures_that_are_kept() -> None:
    """`make comparison` writes both."""
    facts = json.loads(compare_providers.FACTS.read_text("utf-8"))
    assert compare_providers.PAGE.read_text("utf-8") == compare_providers.render(facts)
    others = [each for name, each in facts.items() if name != compare_providers.OURS]
    assert all(each["commit"] and each["archives_from"] for each in others)


# -- examples ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", TOKENS)
def test_there_are_examples_in_every_language(token: str) -> None:
    shown = TOKENS[token]["description"].partition("{{% examples %}}")[2]
    count = shown.count("{{% example %}}")
    assert count == len(examples(token)) > 0
    assert shown.count("{{% /example %}}") == count
    assert shown.count("{{% /examples %}}") == 1
    for language in LANGUAGES:
        assert shown.count(f"```{language}\n") == count, language


@pytest.mark.parametrize("token", SCHEMA["resources"])
def test_a_resource_tells_how_it_is_imported(token: str) -> None:
    assert "\n## Import\n\nBy the " in SCHEMA["resources"][token]["description"]
    assert f"\npulumi import {token} " in SCHEMA["resources"][token]["description"]


def test_they_are_converted_from_what_is_there_now() -> None:
    """`make examples-schema` does that."""
    now = {example.name: convert_examples.fingerprint(example, PLAIN) for example in EXAMPLES}
    assert json.loads(convert_examples.HASHES.read_text("utf-8")) == now
    wanted = {example.file(language) for example in EXAMPLES for language in LANGUAGES}
    there = {file for file in FOLDER.glob("*/*/*") if file.name != "import.md"}
    assert there == wanted


def test_a_conversion_depends_on_types_and_not_on_words() -> None:
    example = next(example for example in EXAMPLES if example.name == "coze/Voice/recording")
    other: dict[str, Any] = schema.package()
    language = other["resources"]["voiceclone:coze:Voice"]["inputProperties"]["language"]
    language["description"] = "Another."
    assert convert_examples.fingerprint(example, other) == convert_examples.fingerprint(example, PLAIN)
    del language["oneOf"]
    assert convert_examples.fingerprint(example, other) != convert_examples.fingerprint(example, PLAIN)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_an_example_gives_what_the_schema_knows(example: Example) -> None:
    program = yaml.safe_load(example.code("yaml"))
    assert example.title
    assert set(program) <= {"resources", "variables", "outputs"}
    for resource in program.get("resources", {}).values():
        fits(resource["properties"], PLAIN["resources"][resource["type"]]["inputProperties"])
    for variable in program.get("variables", {}).values():
        inputs = PLAIN["functions"][variable["fn::invoke"]["function"]]["inputs"]
        fits(variable["fn::invoke"]["arguments"], inputs["properties"])
        assert set(inputs["required"]) <= variable["fn::invoke"]["arguments"].keys()
    if "/Voice/" in example.name:
        assert re.search(r"\$\{\w+\.voiceId\}", example.code("yaml")), "what the voice is for"


def fits(given: dict[str, Any], known: dict[str, Any]) -> None:
    for name, value in given.items():
        for kind in known[name].get("oneOf", []):
            if "$ref" in kind:
                values = PLAIN["types"][kind["$ref"].removeprefix("#/types/")]["enum"]
                assert value in [item["value"] for item in values]
