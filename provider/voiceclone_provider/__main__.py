"""What Pulumi runs, without a word on the command line; and the commands that people run."""

from __future__ import annotations

import gc
import os
import signal
import sys


def _forget_working_directory() -> None:
    """Take the working directory off the module path, where `python -m` puts it first.

    It is the user's program: a `requests.py` there must not win over the installed one.
    """
    here = os.getcwd()
    home = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    if not sys.flags.safe_path and sys.path and sys.path[0] in ("", here) and here != home:
        del sys.path[0]


def _from_a_person(arguments: list[str]) -> bool:
    """The engine gives flags and its address, which has a colon; a person a command's name, or --help."""
    first = next(iter(arguments), ":")
    return first in ("-h", "--help", "--version") or not (first.startswith("-") or ":" in first)


def main() -> None:
    # Stopped while it loads, it ends like any program, without a KeyboardInterrupt's traceback.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    _forget_working_directory()
    # After the path is right, not before.
    arguments = sys.argv[1:]
    if _from_a_person(arguments):
        from .cli.main import run as run_command

        run_command(arguments)
    # Loading makes many objects and no garbage: looking for some takes a sixth of the start.
    gc.set_threshold(50_000)
    from .plugin.server import run

    run(arguments)


if __name__ == "__main__":
    main()
