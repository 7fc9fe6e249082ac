"""The CLI and the emulator, as the engine tests have them."""

from __future__ import annotations

from engine.closing import pytest_terminal_summary
from engine.conftest import cli, command, emulator, shared_emulator

__all__ = ["cli", "command", "emulator", "pytest_terminal_summary", "shared_emulator"]
