"""The plugin as a process: its first line, its end, what it imports and from where."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import grpc
import pytest
from command_line import run
from google.protobuf.empty_pb2 import Empty

from voiceclone_provider import __version__
from voiceclone_provider.core.errors import ProviderBugError
from voiceclone_provider.plugin.package import Package
from voiceclone_provider.plugin.protos import provider_pb2_grpc
from voiceclone_provider.plugin.server import engine_address

MODULE = [sys.executable, "-m", "voiceclone_provider"]
COMMANDS = ("catalogue", "discover", "drift", "emulator", "plan", "to-plugin", "verify")
UNDER_LANGUAGE_HOST = [sys.executable, "-m", "pulumi.run.plugin", "voiceclone-provider"]


@contextmanager
def running(command: list[str], cwd: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


@pytest.mark.parametrize("command", [MODULE, UNDER_LANGUAGE_HOST], ids=["module", "language-host"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_prints_its_port_first_and_ends_quietly(
    tmp_path: Path, command: list[str], number: signal.Signals
) -> None:
    # Modules of the user's program that are called like what the plugin imports.
    for name in ("grpc", "requests", "pydantic", "json", "voiceclone_provider_plugin"):
        if command is MODULE or name in ("requests", "pydantic"):
            (tmp_path / f"{name}.py").write_text("raise ImportError('the working directory won')\n")
    with running([*command, "--logtostderr", "-v=9", "127.0.0.1:1"], tmp_path) as process:
        port = first_line(process)
        with grpc.insecure_channel(f"127.0.0.1:{int(port)}") as channel:
            info = provider_pb2_grpc.ResourceProviderStub(channel).GetPluginInfo(Empty())
        assert info.version == __version__
        process.send_signal(number)
        out, err = process.communicate(timeout=5)
    assert (process.returncode, out, err) == (0, "", "")


@pytest.mark.skipif(
    not hasattr(os, "pidfd_open"), reason="the end of a stranger's process is told on Linux only"
)
def test_it_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    """An engine that is killed stops no plugin."""
    start = (
        "import subprocess, sys, os, signal\n"
        f"p = subprocess.Popen({[*MODULE, '127.0.0.1:1']!r}, stdout=subprocess.PIPE)\n"
        "p.stdout.readline(); print(p.pid, flush=True); sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", start], cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        pid = int(first_line(parent))
        # A file descriptor of the process tells of its end, whoever its parent is by then.
        handle = os.pidfd_open(pid)
        parent.kill()
    assert select.select([handle], [], [], 10)[0], "the plugin outlived its parent"
    os.close(handle)


def test_help_and_version(tmp_path: Path) -> None:
    def said(flag: str) -> str:
        return subprocess.run(
            [*MODULE, flag], cwd=tmp_path, check=True, capture_output=True, text=True
        ).stdout

    assert said("--version").strip() == __version__
    assert "PULUMI_DEBUG_PROVIDERS" in said("--help")


def test_nothing_heavy_is_loaded_before_it_is_needed() -> None:
    program = (
        "import sys; from voiceclone_provider.plugin import server; "
        "print([name for name in ('pulumi', 'requests', 'pydantic', 'voiceclone_provider.emulator', "
        "'voiceclone_provider.lifecycle', 'voiceclone_provider.account.config') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_the_sdk_and_the_plugin_live_together() -> None:
    """Both load the same message definitions; whichever comes first."""
    for first, second in (
        ("pulumi.runtime.proto", "voiceclone_provider.plugin.server"),
        ("voiceclone_provider.plugin.server", "pulumi.runtime.proto"),
    ):
        subprocess.run([sys.executable, "-c", f"import {first}, {second}"], check=True)


@pytest.mark.parametrize(
    ("arguments", "address"),
    [
        (["--logtostderr", "-v=9", "--tracing", "http://t", "127.0.0.1:5"], "127.0.0.1:5"),
        (["127.0.0.1:5"], "127.0.0.1:5"),
        (["--logtostderr"], None),
        ([], None),
    ],
)
def test_the_engine_address_is_the_last_argument(arguments: list[str], address: str | None) -> None:
    assert engine_address(arguments) == address


def test_the_schema_is_found_in_the_checkout_or_said_to_be_missing(tmp_path: Path) -> None:
    assert Package().schema.startswith("{")
    with pytest.raises(ProviderBugError, match=r"schema\.json is missing"):
        _ = Package(tmp_path / "none.json").schema


def test_help_lists_the_commands() -> None:
    done = subprocess.run([*MODULE, "--help"], capture_output=True, text=True, check=True)
    for command in COMMANDS:
        assert f"\n  {command}  " in done.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(command, "--help") == 0
    assert "Exit codes:" in capsys.readouterr().out or command == "emulator"


@pytest.mark.parametrize("word", ["discovr", "help"])
def test_a_word_that_is_no_command_and_no_address_starts_no_server(word: str) -> None:
    done = subprocess.run([*MODULE, word], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"There is no command '{word}'. The commands are: {', '.join(COMMANDS)}." in done.stderr


def test_the_value_of_a_flag_is_no_command(tmp_path: Path) -> None:
    """The engine writes `-tracing` and its endpoint as two words."""
    with running([*MODULE, "-tracing", "somewhere", "127.0.0.1:1"], tmp_path) as process:
        assert int(first_line(process)) > 0


def test_it_ends_where_signals_cannot_be_masked() -> None:
    """As on Windows."""
    as_there = (
        "import signal, sys\n"
        "from voiceclone_provider.plugin import server\n"
        "del signal.pthread_sigmask, signal.sigwait\n"
        "signal.SIGBREAK, sys.platform = signal.SIGUSR1, 'win32'\n"
        "server.serve(None)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", as_there], stdout=subprocess.PIPE, text=True)
    with process:
        assert process.stdout is not None
        assert process.stdout.readline().strip().isdecimal()
        process.send_signal(signal.SIGUSR1)
        assert process.wait(30) == 0


def test_a_command_that_lacks_a_module_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As in the plugin's archives, which have no Automation API."""
    monkeypatch.setitem(sys.modules, "voiceclone_provider.cli.drift.command", None)
    assert run("--help") == 0
    assert "(Not in this installation: pip install voiceclone-provider.)" in capsys.readouterr().out
    assert run("drift", "--heal", "there") == 1
    assert "drift is not in this installation" in capsys.readouterr().err
