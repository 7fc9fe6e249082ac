"""What Pulumi runs; and `discover`, `to-plugin` and `verify`, which people run."""

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


def main() -> None:
    # Stopped while it loads, it ends like any program, without a KeyboardInterrupt's traceback.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    _forget_working_directory()
    # After the path is right, not before.
    if sys.argv[1:2] == ["discover"]:  # the engine gives its address, which is no word
        from .cli.discover import run as discover

        sys.exit(discover(sys.argv[2:]))
    if sys.argv[1:2] == ["to-plugin"]:
        from .cli.to_plugin import run as to_plugin

        sys.exit(to_plugin(sys.argv[2:]))
    if sys.argv[1:2] == ["verify"]:
        from .cli.verify.command import run as verify

        sys.exit(verify(sys.argv[2:]))
    # Loading makes many objects and no garbage: looking for some takes a sixth of the start.
    gc.set_threshold(50_000)
    from .plugin.server import run

    run(sys.argv[1:])


if __name__ == "__main__":
    main()
