"""The plugin's process: serve until stopped."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import grpc

from .core import Core
from .engine import Engine
from .package import Package
from .protos import provider_pb2_grpc
from .servicer import ProviderServicer

# Every voice in training holds a thread, and Cancel must find a free one. The engine runs four operations per
# processor at once, or as many as the user says. Threads are made when they are needed.
_THREADS: Final = 1024

# As Pulumi's own SDKs set them: 400 MB messages, and half an hour in the queue.
OPTIONS: Final = [
    ("grpc.max_receive_message_length", 400 * 1024 * 1024),
    ("grpc.max_send_message_length", 400 * 1024 * 1024),
    ("grpc.server_max_unrequested_time_in_server", 30 * 60),
]

_GRACE: Final = 1.0
_PARENT_CHECK: Final = 2.0

_STOP_SIGNALS: Final = frozenset({signal.SIGINT, signal.SIGTERM})
_STOP_CHECK: Final = 0.2


class Server:
    """The gRPC server, on a port of its own choice on this machine only."""

    def __init__(
        self, engine_address: str | None = None, core: Core | None = None, package: Package | None = None
    ) -> None:
        self._engine = Engine(engine_address)
        self._servicer = ProviderServicer(self._engine, core, package)
        self._server = grpc.server(ThreadPoolExecutor(max_workers=_THREADS), options=OPTIONS)
        provider_pb2_grpc.add_ResourceProviderServicer_to_server(self._servicer, self._server)
        self.port = self._server.add_insecure_port("127.0.0.1:0")

    def start(self) -> None:
        self._server.start()

    def stop(self) -> None:
        """End waits and calls, at most a second from now."""
        self._servicer.cancel()
        self._server.stop(_GRACE).wait(2 * _GRACE)
        self._engine.close()


def serve(engine_address: str | None) -> None:
    """Serve until a signal comes, or the engine that started this process is gone. Does not return."""
    wait = _signals()
    server = Server(engine_address)
    server.start()
    if engine_address:
        threading.Thread(target=_stop_with, args=(os.getppid(),), daemon=True).start()
    print(server.port, flush=True)
    wait()
    server.stop()
    # Worker threads may still wait for a vendor; an ordinary exit would wait for them.
    os._exit(0)


def _signals() -> Callable[[], object]:
    """From now on a signal to stop ends nothing but the wait for one, which is returned."""
    if sys.platform == "win32":  # which has no masks
        stopped = threading.Event()
        for number in (*_STOP_SIGNALS, signal.SIGBREAK):
            signal.signal(number, lambda *_: stopped.set())

        def wait() -> None:
            while not stopped.wait(_STOP_CHECK):  # handlers run only between the waits
                pass

        return wait
    # Blocked before any thread starts, so that all inherit it and only `sigwait` sees them: a handler could
    # interrupt anything.
    signal.pthread_sigmask(signal.SIG_BLOCK, _STOP_SIGNALS)
    return lambda: signal.sigwait(_STOP_SIGNALS)


def _stop_with(parent: int) -> None:
    """Stop this process when its parent is gone: an engine that was killed stops no plugin."""
    pause = threading.Event()
    while os.getppid() == parent:
        pause.wait(_PARENT_CHECK)
    os.kill(os.getpid(), signal.SIGTERM)


def engine_address(arguments: list[str]) -> str | None:
    """The address of the engine: the last argument, after the flags. A plugin started by hand has none."""
    return next((argument for argument in reversed(arguments) if not argument.startswith("-")), None)


def run(arguments: list[str]) -> None:
    """Serve the engine that these arguments name."""
    serve(engine_address(arguments))
