"""The CLI, the emulator and the stacks of the engine tests, and the browser of the emulator tests."""

from __future__ import annotations

from emulator.browser import browser
from engine.closing import pytest_terminal_summary
from engine.conftest import cli, command, emulator, new_stack, shared_emulator, stack, stack_type, template

__all__ = [
    "browser",
    "cli",
    "command",
    "emulator",
    "new_stack",
    "pytest_terminal_summary",
    "shared_emulator",
    "stack",
    "stack_type",
    "template",
]
