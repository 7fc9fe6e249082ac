"""An emulator for each worker, and a fresh stack for each test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .closing import STANDIN, pytest_terminal_summary
from .command import Command, find
from .emulator import Emulator
from .in_process import ALL as ALL_REAL
from .in_process import InProcessStack
from .stack import Stack
from .voices import ALL, Vendor

__all__ = ["pytest_terminal_summary"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.engine)
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.fixture(scope="session")
def command() -> Command:
    """What runs the stacks."""
    return find()


@pytest.fixture(scope="session")
def cli(command: Command) -> Path:
    """The real Pulumi CLI; for what the stand-in cannot do."""
    if command.missing:
        pytest.skip("no Pulumi CLI, and the stand-in cannot do it")
    return Path(command.words[0])


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
def template(command: Command, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template")
    Stack.template(command.words, folder)
    return folder


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this run have."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


@pytest.fixture
def stack_type() -> type[Stack]:
    """How programs are written: YAML on the plugin, unless a module says otherwise."""
    return Stack


@pytest.fixture
def new_stack(
    request: pytest.FixtureRequest, stack_type: type[Stack], command: Command, template: Path, tmp_path: Path
) -> Callable[[Emulator], Stack]:
    """Makes an empty stack whose voices live at an emulator."""
    if stack_type.LANGUAGE != "yaml":
        request.getfixturevalue("cli")
    if command.missing:
        request.node.user_properties.append((STANDIN, command.missing))

    chosen = stack_type
    if chosen is Stack and not ALL_REAL and request.node.get_closest_marker("in_process"):
        chosen = InProcessStack

    def make(emulator: Emulator) -> Stack:
        folder = tmp_path / "pulumi"
        shutil.copytree(template, folder)
        return chosen(command.words, folder, emulator.environment)

    return make


@pytest.fixture
def stack(new_stack: Callable[[Emulator], Stack], emulator: Emulator) -> Stack:
    """An empty stack whose voices live at the emulator."""
    return new_stack(emulator)


@pytest.fixture(params=ALL, ids=[vendor.key for vendor in ALL])
def vendor(request: pytest.FixtureRequest) -> Vendor:
    """Each vendor in turn."""
    found: Vendor = request.param
    return found
