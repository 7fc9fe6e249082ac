"""Installing what an SDK needs: with a skip where a machine lacks something, and once for all tests."""

from __future__ import annotations

import fcntl
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import pytest
import yaml

from .stack import PROJECT, ROOT, Stack

LAUNCHER = ROOT / "pulumi-resource-voiceclone"
SECONDS = 900
"""What a machine may take that has to download and compile everything that an SDK depends on."""

# What package managers say without their registry, Go of a program that is too new, and Python without venv.
WANTING = re.compile(
    r"\b(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|NU1301|UnknownHostException)\b"
    r"|dial tcp|Unknown host|Temporary failure in name resolution|NewConnectionError"
    r"|from versions: none|requires go >= .*|ensurepip is not available"
)

MYPY = (sys.executable, "-m", "mypy", "--config-file=", "--python-executable", "venv/bin/python")

FASTER = {
    "npm_config_prefer_offline": "true",
    "npm_config_audit": "false",
    "npm_config_fund": "false",
    "PULUMI_NODEJS_TRANSPILE_ONLY": "true",  # the types were checked before
}

# What a user's own run leaves in an example's folder, and what the compiler does.
LEFT = shutil.ignore_patterns("sdks", "venv", "node_modules", "bin", "package-lock.json", "Pulumi.*.yaml")

INSTALLED = ("sdks", "venv", "node_modules")
"""What `pulumi package add` leaves that another program of the same dependencies can use."""


def take_example(stack: Stack, example: Path, cli: Path, shared: Path) -> None:
    """The example as it is, with its SDK; but the plugin is in another folder than it says.

    Of a plugin that is a folder, Pulumi installs what it needs first: that has a test of its own.

    Arguments:
        shared: a folder of all workers. What is installed stays there, for the next example of the language.
    """
    stack.environment |= FASTER
    shutil.copytree(example, stack.folder, dirs_exist_ok=True, ignore=LEFT)
    project = yaml.safe_load((example / "Pulumi.yaml").read_text("utf-8"))
    runtime = project["runtime"]
    kept = shared / f"sdk-{runtime['name'] if isinstance(runtime, dict) else runtime}"
    kept.mkdir(exist_ok=True)
    with (kept / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (kept / "done").exists():
            shutil.rmtree(kept / "program", ignore_errors=True)
            shutil.copytree(example, kept / "program", ignore=LEFT)
            must((str(cli), "package", "add", str(LAUNCHER), "--non-interactive"), kept / "program", stack)
            (kept / "done").touch()
    for name in INSTALLED:
        if (kept / "program" / name).exists():
            (stack.folder / name).symlink_to(kept / "program" / name)
    project |= {"name": PROJECT, "packages": {"voiceclone": str(ROOT)}}
    (stack.folder / "Pulumi.yaml").write_text(yaml.safe_dump(project), encoding="utf-8")


def skip(reason: str) -> NoReturn:
    pytest.skip(f"NOT TESTED: {reason}")


def need(*commands: str) -> None:
    for command in commands:
        if shutil.which(command) is None:
            skip(f"there is no {command} on PATH")


def must(command: Sequence[str], folder: Path, stack: Stack) -> None:
    """Run a command that may have to download. That it cannot is no failure; anything else is."""
    ended = subprocess.run(
        command,
        cwd=folder,
        env=stack.environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    text = ended.stdout + ended.stderr
    if ended.returncode != 0 and (found := WANTING.search(text)):
        skip(f"'{Path(command[0]).name} {' '.join(command[1:3])}' says {found[0]!r}")
    assert ended.returncode == 0, f"{' '.join(command)} ended with {ended.returncode}:\n{text}"
