"""The engine tests' stacks and emulator, and the emulator tests' browser."""

from __future__ import annotations

from pathlib import Path

import pytest

from emulator.browser import browser
from engine.conftest import cli, command, emulator, new_stack, shared_emulator, stack, stack_type, template

__all__ = [
    "browser",
    "cli",
    "command",
    "emulator",
    "new_stack",
    "shared_emulator",
    "stack",
    "stack_type",
    "template",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.engine)
