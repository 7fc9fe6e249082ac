"""The CLI and the emulator, as the engine tests have them."""

from engine.conftest import cli, command, emulator, pytest_terminal_summary, shared_emulator

__all__ = ["cli", "command", "emulator", "pytest_terminal_summary", "shared_emulator"]
