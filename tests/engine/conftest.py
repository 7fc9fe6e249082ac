"""An emulator for each worker, and a fresh stack for each test."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .emulator import Emulator
from .stack import ROOT, STANDIN, Command, Stack
from .voices import VENDORS, Vendor


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.engine)


@pytest.fixture(scope="session")
def engine() -> Command:
    """The Pulumi CLI or, where none is to be had or VOICECLONE_ENGINE is `standin`, its stand-in."""
    finder = [sys.executable, str(ROOT / "scripts" / "pulumi_cli.py")]
    if os.environ.get("VOICECLONE_ENGINE") != "standin":
        found = subprocess.run(finder, capture_output=True, text=True)
        if found.returncode == 0:
            return (found.stdout.strip(),)
    return STANDIN


@pytest.fixture(scope="session")
def cli(engine: Command) -> Path:
    """The Pulumi CLI, for what only that can do: run other languages, make SDKs."""
    if engine == STANDIN:
        pytest.skip("NOT TESTED: there is no Pulumi CLI")
    return Path(engine[0])


@pytest.fixture(scope="session")
def shared_emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    emulator = Emulator(tmp_path_factory.mktemp("emulator"), training_seconds=0.5)
    yield emulator
    emulator.stop()


@pytest.fixture
def emulator(shared_emulator: Emulator) -> Emulator:
    """An emulator with nothing in it, whose trainings take half a second."""
    shared_emulator.reset()
    return shared_emulator


@pytest.fixture(scope="session")
def shared_slow_emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    emulator = Emulator(tmp_path_factory.mktemp("slow-emulator"), training_seconds=4)
    yield emulator
    emulator.stop()


@pytest.fixture
def slow_emulator(shared_slow_emulator: Emulator) -> Emulator:
    """An emulator with nothing in it, whose trainings last long enough to be interrupted."""
    shared_slow_emulator.reset()
    return shared_slow_emulator


@pytest.fixture(scope="session")
def template(engine: Command, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template")
    Stack.template(engine, folder)
    return folder


@pytest.fixture
def stack_type() -> type[Stack]:
    """How programs are written: YAML on the plugin, unless a module says otherwise."""
    return Stack


@pytest.fixture
def new_stack(
    stack_type: type[Stack],
    engine: Command,
    template: Path,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> Callable[[Emulator], Stack]:
    """Makes an empty stack whose voices live at an emulator."""
    if stack_type.NEEDS_CLI:
        request.getfixturevalue("cli")

    def make(emulator: Emulator) -> Stack:
        folder = tmp_path / "pulumi"
        shutil.copytree(template, folder)
        return stack_type(engine, folder, emulator.environment)

    return make


@pytest.fixture
def stack(new_stack: Callable[[Emulator], Stack], emulator: Emulator) -> Stack:
    """An empty stack whose voices live at the emulator."""
    return new_stack(emulator)


@pytest.fixture(params=VENDORS)
def vendor(request: pytest.FixtureRequest) -> Vendor:
    """Each vendor in turn."""
    return VENDORS[request.param]
