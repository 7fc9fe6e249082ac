"""`python -m voiceclone_provider.emulator`: serve the vendors until a signal ends it."""

from __future__ import annotations

import argparse
import asyncio
import shlex
import ssl
import sys
from pathlib import Path

from .core.store import InUseError

try:
    from .registry import SWITCHES, VENDORS, titles
    from .server import Server, origin
except ModuleNotFoundError as missing:
    if missing.name not in ("aiohttp", "av"):
        raise
    sys.exit('The emulator needs the extra "emulator": pip install "voiceclone-provider[emulator]"')


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds < 1e6:
        raise argparse.ArgumentTypeError("a number of seconds")
    return seconds


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="python -m voiceclone_provider.emulator",
        description=f"{titles([*VENDORS.values()])} on one local port, for tests and trials.",
        epilog=f"""\
control API:
  GET    /_emulator/                  a page to look at and click on
  GET    /_emulator/state             voices and trainings of each vendor, free slots
  GET    /_emulator/requests          what the vendors were asked (?vendor=, ?last=)
  POST   /_emulator/reset             back to an empty account with twenty free slots
  POST   /_emulator/voices/VENDOR/ID/retrain|rename|lock|expire|quota|fail|finish|restore|use
  DELETE /_emulator/voices/VENDOR/ID  what a person in the vendor's console would do
  PUT    /_emulator/samples/FILE      audio for the vendors that take a URL
  POST   /_emulator/faults            misbehave; DELETE ends it
  POST   /_emulator/switches          {{name: value}}

switches: {", ".join(SWITCHES)}
""",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("--host", default="127.0.0.1")
    made.add_argument("--port", type=int, default=8787, help="0 picks a free one (default %(default)s)")
    made.add_argument(
        "--training-seconds",
        type=_seconds,
        default=5.0,
        help="how long a training takes (default %(default)s)",
    )
    made.add_argument("--state", type=Path, help="SQLite file; survives a kill (default: in memory)")
    made.add_argument(
        "--samples",
        type=Path,
        help="folder behind /_emulator/samples/ (default: examples/voices, or what came with the package)",
    )
    made.add_argument("--tls-cert", type=Path, help="serve https with this certificate")
    made.add_argument("--tls-key", type=Path, help="and this key")
    made.add_argument(
        "--env", action="store_true", help="print the export lines that point the provider here, and end"
    )
    made.add_argument(
        "--newer-keys",
        action="store_true",
        help="with --env: the keys of a vendor's newer console, where it has two",
    )
    return made


async def _serve(given: argparse.Namespace) -> None:
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


def main(arguments: list[str] | None = None) -> int:
    given = parser().parse_args(arguments)
    if given.env and not given.port:
        parser().error("--env wants the port that the emulator listens on")
    if given.env:
        here = origin(given.host, given.port, given.tls_cert is not None)
        for vendor in VENDORS.values():
            variables = vendor.newer_environment(here) if given.newer_keys else vendor.environment(here)
            for name, value in variables.items():
                print(f"export {name}={shlex.quote(value)}")
        return 0
    try:
        asyncio.run(_serve(given))
    except (InUseError, OSError) as bad:
        print(f"emulator: {bad}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
