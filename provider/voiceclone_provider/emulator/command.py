"""The command line of the emulator, which serves the vendors until a signal ends it."""

from __future__ import annotations

import asyncio
import shlex
import ssl
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from .core.store import InUseError
from .registry import SWITCHES, VENDORS, titles
from .server import Server, origin

_CONTROL = f"""\
\b
Control API:
  GET    /_emulator/                  a page to look at and click on
  GET    /_emulator/state             voices and trainings of each vendor, free slots
  GET    /_emulator/requests          what the vendors were asked (?vendor=, ?last=)
  POST   /_emulator/reset             back to an empty account with twenty free slots
  POST   /_emulator/voices/VENDOR/ID/retrain|rename|lock|expire|quota|fail|finish|restore|use
  DELETE /_emulator/voices/VENDOR/ID  what a person in the vendor's console would do
  PUT    /_emulator/samples/FILE      audio for the vendors that take a URL
  POST   /_emulator/faults            misbehave; DELETE ends it
  POST   /_emulator/switches          {{name: value}}

Switches: {", ".join(SWITCHES)}
"""


@dataclass(frozen=True)
class Options:
    """What the command line says."""

    host: str
    port: int
    training_seconds: float
    state: Path | None
    samples: Path | None
    tls_cert: Path | None
    tls_key: Path | None
    env: bool
    newer_keys: bool


_PATH = click.Path(path_type=Path)


@click.command(
    short_help="Serve the vendors on one local port, for tests and trials.",
    help=f"Serve {titles([*VENDORS.values()])} on one local port, for tests and trials.",
    epilog=_CONTROL,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8787, show_default=True, help="0 picks a free one."
)
@click.option(
    "--training-seconds",
    type=click.FloatRange(0, 1e6, max_open=True),
    default=5.0,
    show_default=True,
    help="How long a training takes.",
)
@click.option("--state", type=_PATH, help="SQLite file; survives a kill.  [default: in memory]")
@click.option(
    "--samples",
    type=_PATH,
    help="Folder behind /_emulator/samples/.  [default: examples/voices, or the package's own]",
)
@click.option("--tls-cert", type=_PATH, help="Serve https with this certificate.")
@click.option("--tls-key", type=_PATH, help="And this key.")
@click.option("--env", is_flag=True, help="Print the export lines that point the provider here, and end.")
@click.option(
    "--newer-keys",
    is_flag=True,
    help="With --env: the keys of a vendor's newer console, where it has two.",
)
def command(**given: Any) -> None:
    options = Options(**given)
    if options.env:
        _print_environment(options)
        return
    try:
        asyncio.run(_serve(options))
    except (InUseError, OSError) as bad:
        print(f"emulator: {bad}", file=sys.stderr)
        sys.exit(1)


def _print_environment(options: Options) -> None:
    if not options.port:
        raise click.UsageError("--env wants the port that the emulator listens on.")
    here = origin(options.host, options.port, options.tls_cert is not None)
    for vendor in VENDORS.values():
        variables = vendor.newer_environment(here) if options.newer_keys else vendor.environment(here)
        for name, value in variables.items():
            print(f"export {name}={shlex.quote(value)}")


async def _serve(given: Options) -> None:
    tls = None
    if given.tls_cert:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(given.tls_cert, given.tls_key)
    server = Server(
        host=given.host,
        port=given.port,
        training_seconds=given.training_seconds,
        state=given.state,
        samples=given.samples,
        tls=tls,
    )
    await server.run()
