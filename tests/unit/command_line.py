"""The command line, called in this process."""

from __future__ import annotations

import click
import pytest

from voiceclone_provider.cli.main import program


def run(*words: str, obj: object = None) -> int:
    """The exit code of a command."""
    with pytest.raises(SystemExit) as end:
        program.main(list(words), prog_name="voiceclone", obj=obj)
    code = end.value.code
    assert isinstance(code, int)
    return code


def options_of(command: click.Command) -> set[str]:
    return {name for option in command.params for name in option.opts if name.startswith("-")}
