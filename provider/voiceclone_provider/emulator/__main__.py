"""`python -m voiceclone_provider.emulator`: serve the vendors until a signal ends it."""

from __future__ import annotations

from typing import Final

import click

_EXTRA: Final = ("aiohttp", "av")  # what the extra installs


def _command() -> click.Command:
    try:
        from .command import command
    except ModuleNotFoundError as error:
        if error.name not in _EXTRA:
            raise
        return _unavailable
    return command


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1)
def _unavailable(words: tuple[str, ...]) -> None:
    """Serve the vendors on one local port (needs the extra "emulator")."""
    raise click.ClickException(
        'The emulator is not installed. To install it: pip install "voiceclone-provider[emulator]".'
    )


command = _command()

if __name__ == "__main__":
    command(prog_name="python -m voiceclone_provider.emulator")
