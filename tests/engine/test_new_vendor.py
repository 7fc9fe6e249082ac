"""docs/new-vendor.md: its code makes a vendor that lives like the others, and touches nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .closing import STANDIN
from .command import Command
from .new_vendor import Checkout, blocks

PACKAGE = "provider/voiceclone_provider"
DYNAMIC = f"{PACKAGE}/dynamic/echo.py"
CODE = (f"{PACKAGE}/vendors", f"{PACKAGE}/emulator", DYNAMIC, "tests/engine/voices.py")

LIFE = "tests/engine/test_life.py::test_"
LOST = "tests/faults/test_cli.py::test_after_a_fault_of_every_day"
LIVES = (
    f"{LIFE}made_left_alone_trained_again_and_destroyed[plugin]",
    f"{LIFE}triggers_renames_and_replacements[plugin]",
    f"{LIFE}a_failed_training_is_kept_and_mended[plugin]",
    f"{LIFE}what_others_did_is_seen_and_healed[plugin]",
    f"{LOST}[echo create|reset after|none|plugin]",
    f"{LOST}[echo retrain|reset after|none|dynamic]",
)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """With all that the page says done to it."""
    made = Checkout(tmp_path_factory.mktemp("checkout"))
    for block in blocks():
        made.apply(block)
    made.generate()
    return made


def test_two_folders_two_lines_and_a_description_are_all(checkout: Checkout) -> None:
    new = checkout.new()
    assert DYNAMIC in new
    assert {str(Path(path).parent) for path in new - {DYNAMIC}} == {
        f"{PACKAGE}/vendors/echo",
        f"{PACKAGE}/emulator/echo",
    }
    inserted = checkout.inserted()
    described = inserted.pop("tests/engine/voices.py")
    assert [line for line in described if not line.startswith("    ")] == ["ECHO = Vendor(", ")"]
    assert inserted == {
        f"{PACKAGE}/vendors/__init__.py": ["from .echo import Echo as Echo"],
        f"{PACKAGE}/emulator/registry.py": ["from .echo.vendor import Echo as Echo"],
    }


def test_make_schema_declares_the_vendor(checkout: Checkout) -> None:
    schema = json.loads((checkout.folder / "schema.json").read_text("utf-8"))
    inputs = schema["resources"]["voiceclone:echo:Voice"]["inputProperties"]
    assert {"audioUrl", "name", "reference"} < inputs.keys()
    assert inputs["reference"]["willReplaceOnChanges"]
    assert schema["config"]["variables"]["echoToken"]["secret"]
    assert schema["description"].endswith("Kling and Echo as Pulumi resources.")
    code = "import voiceclone_provider.dynamic.echo as module; print(module.__file__, module.Voice.__name__)"
    assert checkout.python("-c", code).split() == [str(checkout.folder / DYNAMIC), "Voice"]


def test_the_code_passes_the_checks_of_style_and_types(checkout: Checkout) -> None:
    checkout.python("-m", "ruff", "check", "--no-cache", *CODE)
    checkout.python("-m", "ruff", "format", "--check", "--no-cache", *CODE)
    checkout.python("-m", "vulture")
    if checkout.warm_mypy():
        checkout.python("-m", "mypy", *CODE)


@pytest.mark.long
def test_its_voices_live_like_the_others(
    checkout: Checkout, command: Command, request: pytest.FixtureRequest
) -> None:
    """The tests of all vendors, of this one alone."""
    if command.missing:
        request.node.user_properties.append((STANDIN, command.missing))
    printed = checkout.python("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *LIVES)
    assert f"{len(LIVES)} passed" in printed
