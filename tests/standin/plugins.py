"""Ways to reach a plugin: start its process, attach to one, or serve it in this process.

pkg/resource/plugin/plugin.go says how a process is started and ended.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, Protocol

import grpc

from voiceclone_provider.plugin.protos import provider_pb2_grpc

_OPTIONS: Final = [
    ("grpc.max_receive_message_length", 400 * 1024 * 1024),
    ("grpc.max_send_message_length", 400 * 1024 * 1024),
    # The proxies that a user may have set are for others.
    ("grpc.enable_http_proxy", 0),
]
_PATIENCE: Final = 10.0
_GRACE: Final = 5.0


class PluginError(Exception):
    """A plugin cannot be started."""


class Running(Protocol):
    """A plugin that runs.

    Attributes:
        folder: where it lies, if its process was started here; None if it was attached to.
    """

    channel: grpc.Channel
    folder: str | None

    def stop(self) -> None:
        """End it, after it was told that it will be."""

    def abandon(self) -> None:
        """Leave it as an engine does that was killed."""


class Launcher(Protocol):
    """Gets a plugin to run."""

    def launch(self, engine: str) -> Running:
        """A new one, told the engine's address."""


class Process:
    """Starts the plugin's executable, in a process group of its own.

    Arguments:
        path: the executable.
        folder: the program's folder, which becomes the working directory.
        environment: all of it.
    """

    def __init__(self, path: Path, folder: Path, environment: Mapping[str, str]) -> None:
        self._path = path
        self._folder = folder
        self.environment = dict(environment)

    def launch(self, engine: str) -> Running:
        process = subprocess.Popen(
            [str(self._path), engine],
            cwd=self._folder,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            process_group=0,
        )
        return _RunningProcess(process, str(self._path), str(self._path.parent))


class _RunningProcess:
    def __init__(self, process: subprocess.Popen[str], name: str, folder: str) -> None:
        self.folder: str | None = folder
        self._process = process
        self._output: list[str] = []
        assert process.stdout is not None
        self._drain(process.stderr)
        port = process.stdout.readline().strip()
        if not port.isdigit():
            self.stop()
            told = "".join(self._output).strip() or port or f"exit status {process.returncode}"
            raise PluginError(f"could not read plugin [{name}]: {told}")
        self._drain(process.stdout)
        self.channel = grpc.insecure_channel(f"127.0.0.1:{port}", options=_OPTIONS)
        try:
            grpc.channel_ready_future(self.channel).result(timeout=_PATIENCE)
        except grpc.FutureTimeoutError:
            self.stop()
            raise PluginError(f"the plugin does not answer at port {port}") from None

    def stop(self) -> None:
        if hasattr(self, "channel"):
            self.channel.close()
        self._signal(signal.SIGINT)
        try:
            self._process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            self._signal(signal.SIGKILL)
            self._process.wait()
        self._close()

    def abandon(self) -> None:
        self.channel.close()
        self._close()

    def _signal(self, number: int) -> None:
        try:
            os.killpg(self._process.pid, number)
        except ProcessLookupError:
            pass

    def _drain(self, stream: Any) -> None:
        """What a plugin prints is not shown, and must not fill the pipe."""
        threading.Thread(target=lambda: self._output.extend(stream), daemon=True).start()

    def _close(self) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()


class Served(Protocol):
    """A provider that serves in this process, as `voiceclone_provider.plugin.server.Server` does."""

    port: int

    def start(self) -> None: ...

    def stop(self) -> None: ...


class InProcess:
    """Serves the provider in this process, a new one wherever the real engine would start a process.

    Arguments:
        make: makes a provider for the engine at this address.
        played: its vendors are played within it, so that it needs no addresses.
    """

    def __init__(self, make: Callable[[str], Served], *, played: bool = False) -> None:
        self._make = make
        self.played = played

    def launch(self, engine: str) -> Running:
        served = self._make(engine)
        served.start()
        return _Serving(served)


class _Serving:
    folder: str | None = "."

    def __init__(self, served: Served) -> None:
        self._served = served
        self.channel = grpc.insecure_channel(f"127.0.0.1:{served.port}", options=_OPTIONS)

    def stop(self) -> None:
        self.channel.close()
        self._served.stop()

    def abandon(self) -> None:
        """The real process finds its parent gone, and stops by itself."""
        self.stop()


class Attached:
    """A provider that somebody else started, as PULUMI_DEBUG_PROVIDERS names it.

    Arguments:
        port: where it listens on this machine.
    """

    def __init__(self, port: int) -> None:
        self._port = port

    def launch(self, engine: str) -> Running:
        return _Attachment(self._port)


class _Attachment:
    folder: str | None = None

    def __init__(self, port: int) -> None:
        self.channel = grpc.insecure_channel(f"127.0.0.1:{port}", options=_OPTIONS)

    def stop(self) -> None:
        self.channel.close()

    def abandon(self) -> None:
        self.channel.close()


def stub(channel: grpc.Channel) -> Any:
    return provider_pb2_grpc.ResourceProviderStub(channel)
