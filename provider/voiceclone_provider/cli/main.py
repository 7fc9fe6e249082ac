"""The command line: `python -m voiceclone_provider COMMAND`.

A command's module is imported when the command is used, so that none pays for the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Final, NoReturn

import click

from .. import __version__

PROGRAM: Final = "python -m voiceclone_provider"

# Where each command is: a module that has it as `command`.
_MODULES: Final = {
    "catalogue": ".cli.catalogue.command",
    "discover": ".cli.discover",
    "drift": ".cli.drift.command",
    "emulator": ".emulator.__main__",
    "plan": ".cli.plan",
    "to-plugin": ".cli.to_plugin",
    "verify": ".cli.verify.command",
}
_PACKAGE: Final = __name__.partition(".")[0]


class Commands(click.Group):
    """The commands of the table above."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _MODULES:
            return None
        try:
            command = import_module(_MODULES[cmd_name], _PACKAGE).command
        except ModuleNotFoundError as error:
            return _absent(cmd_name, error)
        assert isinstance(command, click.Command)  # noqa: S101 - for the type checker
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if not args[0].startswith("-") and args[0] not in _MODULES:
            known = ", ".join(_MODULES)
            raise click.UsageError(f"There is no command '{args[0]}'. The commands are: {known}.", ctx)
        return super().resolve_command(ctx, args)


def _absent(name: str, error: ModuleNotFoundError) -> click.Command:
    """A command of which an installation lacks something: a plugin's archive has what the plugin needs."""

    @click.command(name, context_settings={"ignore_unknown_options": True})
    @click.argument("words", nargs=-1)
    def absent(words: tuple[str, ...]) -> None:
        """(Not in this installation: pip install voiceclone-provider.)"""
        raise click.ClickException(
            f"{name} is not in this installation, which has no module {error.name}. "
            "To have it: pip install voiceclone-provider."
        )

    return absent


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Without a command this is the resource plugin, which Pulumi starts by itself. Started by hand, "
    "it prints its port, and PULUMI_DEBUG_PROVIDERS=voiceclone:PORT makes Pulumi use it.",
)
@click.version_option(__version__, message="%(version)s")
def program() -> None:
    """Cloned voices as Pulumi resources: what people run beside `pulumi` itself."""


def run(arguments: Sequence[str]) -> NoReturn:
    """Do what the command line asks for, and exit: 0 done, 2 wrong usage, others as the command says."""
    program.main(list(arguments), prog_name=PROGRAM)
    raise AssertionError("click exits by itself")
