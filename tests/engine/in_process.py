"""A stack whose commands run in this process, for tests of the provider that are not about Pulumi.

`tests/standin` plays the engine, and the plugin serves in this process as well: a command takes a tenth of
what it takes the real CLI, which starts five processes. `make standin` runs the same tests through that.
"""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
from collections.abc import Iterator
from unittest.mock import patch

from standin.cli import main
from standin.plugins import InProcess
from voiceclone_provider.plugin.server import Server

from .stack import Result, Stack

ALL = bool(os.environ.get("VOICECLONE_ALL_SCENARIOS"))
"""Whether everything is to go through the real CLI."""


class InProcessStack(Stack):
    """For commands that are not interrupted."""

    def run(self, *words: str) -> Result:
        out, err = io.StringIO(), io.StringIO()
        with self._entered(), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                code = main([*words, "--non-interactive", "--color=never"], InProcess(Server))
            except SystemExit as unknown:  # words that the stand-in does not know
                raise AssertionError(f"pulumi {' '.join(words)}: {err.getvalue()}") from unknown
        return Result(code, out.getvalue(), err.getvalue())

    def start(self, *words: str) -> subprocess.Popen[str]:
        raise AssertionError("a command that a test interrupts has to be a process")

    @contextlib.contextmanager
    def _entered(self) -> Iterator[None]:
        """As a process of its own would be."""
        with patch.dict(os.environ, self.environment, clear=True), contextlib.chdir(self.folder):
            yield
