"""Every command in the documentation runs, or says why it is not run."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from engine.emulator import Emulator
from engine.stack import Stack

from .pages import (
    BY_NEWCOMER,
    FILE,
    NOT_RUN,
    PLACE,
    PREPARATIONS,
    PREPARED,
    ROOT,
    RUN_BY,
    SHELL,
    Block,
    blocks,
    pages,
    script,
)

SECONDS = 120


def found(page: Path) -> list[Block]:
    return list(blocks(page.read_text("utf-8")))


def runs(page: Path) -> bool:
    return any(block.language in SHELL and block.mark in ("", PREPARED) for block in found(page))


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_marks(page: Path) -> None:
    """What is not run has a reason, and what a mark says is so."""
    for block in found(page):
        where = f"{page.name}, line {block.line}"
        if block.mark == FILE:
            assert block.language not in SHELL, where
            continue
        assert block.language in SHELL or not block.mark, where
        assert block.mark != RUN_BY or block.value == BY_NEWCOMER, where
        assert block.mark != PREPARED or block.value in PREPARATIONS, where
        if block.language in SHELL and block.mark != NOT_RUN:
            assert "…" not in block.text, f"{where}: a placeholder, and no mark '{NOT_RUN}'"


@pytest.mark.parametrize(
    "page", [page for page in pages() if runs(page)], ids=lambda page: str(page.relative_to(ROOT))
)
def test_commands(page: Path, emulator: Emulator, cli: Path, tmp_path: Path) -> None:
    """A page's commands, in their order, in a fresh folder, at the emulator."""
    text = script(found(page)).replace(PLACE, str(ROOT))
    for port in set(re.findall(r"--port (\d+)", text)):
        text = text.replace(port, str(free_port()))
    code, printed = run(text, cli, emulator, tmp_path)
    assert code == 0, f"{page.name} ended with {code}:\n{printed}"


def run(text: str, cli: Path, emulator: Emulator, folder: Path) -> tuple[int, str]:
    """A script in a shell of its own; what it leaves running is ended."""
    environment = Stack((), folder, emulator.environment).environment
    for name in ("PULUMI_STACK", "PULUMI_DEBUG_COMMANDS"):
        del environment[name]
    binaries = (str(cli.parent), str(Path(sys.executable).parent), os.environ["PATH"])
    environment |= {
        "HOME": str(folder / "home"),
        "PATH": os.pathsep.join(binaries),
    }
    for name in ("program", "home", "state"):
        (folder / name).mkdir()
    printed = folder / "printed"
    with printed.open("w") as sink:  # no pipe: what runs in the background would hold it open
        shell = subprocess.Popen(
            ["bash", "-c", text],
            cwd=folder / "program",
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=sink,
            start_new_session=True,
        )
    try:
        code = shell.wait(SECONDS)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(shell.pid, signal.SIGTERM)
        shell.wait()
    return code, printed.read_text("utf-8")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
