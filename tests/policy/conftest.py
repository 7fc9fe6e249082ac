"""The stacks of tests/engine, for the policies to judge."""

from __future__ import annotations

from engine.closing import pytest_terminal_summary
from engine.conftest import cli, command, emulator, new_stack, shared_emulator, stack, template

__all__ = [
    "cli",
    "command",
    "emulator",
    "new_stack",
    "pytest_terminal_summary",
    "shared_emulator",
    "stack",
    "template",
]
