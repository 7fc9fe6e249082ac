"""The stacks of tests/engine, for the program that the operator would run."""

from __future__ import annotations

from engine.closing import pytest_terminal_summary
from engine.conftest import cli, command, emulator, new_stack, shared_emulator, stack, stack_type, template

__all__ = [
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
