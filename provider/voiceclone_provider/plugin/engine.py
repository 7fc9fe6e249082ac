"""Lines to the user, through Pulumi's engine."""

from __future__ import annotations

import threading
from typing import Any, Final

import grpc
from google.protobuf.empty_pb2 import Empty

from ..core.clock import SYSTEM, Clock
from .protos import engine_pb2, engine_pb2_grpc

REPEAT_AFTER: Final = 30.0
"""Seconds after which a status line that has not changed is sent again. The engine itself shows for how long
an operation runs, every second in a terminal; in a log, each line that it gets is a line."""

_PATIENCE: Final = 5.0
"""Seconds to wait for the engine to take a permanent line: a warning must not be lost to a busy machine."""


class Engine:
    """The engine's log. No method raises; without an engine, lines go nowhere."""

    def __init__(self, address: str | None = None) -> None:
        self._lock = threading.Lock()
        self._address = address
        self._channel: grpc.Channel | None = None
        self._stub: Any = None

    def connect(self, address: str) -> None:
        """Talk to the engine at this address from now on."""
        with self._lock:
            if address and address != self._address:
                self._drop()
                self._address = address

    def close(self) -> None:
        with self._lock:
            self._drop()
            self._address = None

    def debug(self, message: str, urn: str = "") -> None:
        """A line that only a debug log shows."""
        self._permanent(engine_pb2.DEBUG, message, urn)

    def info(self, message: str, urn: str = "") -> None:
        self._permanent(engine_pb2.INFO, message, urn)

    def warning(self, message: str, urn: str = "") -> None:
        self._permanent(engine_pb2.WARNING, message, urn)

    def status(self, message: str, urn: str) -> grpc.Future[Empty] | None:
        """Send a live status line, and do not wait for it."""
        request = engine_pb2.LogRequest(severity=engine_pb2.INFO, message=message, urn=urn, ephemeral=True)
        try:
            stub = self._connected()
            future: grpc.Future[Empty] | None = stub.Log.future(request, timeout=_PATIENCE) if stub else None
        except (grpc.RpcError, ValueError):  # ValueError: the channel was closed meanwhile
            return None
        return future

    def _permanent(self, severity: Any, message: str, urn: str) -> None:
        request = engine_pb2.LogRequest(severity=severity, message=message, urn=urn)
        try:
            stub = self._connected()
            if stub:
                stub.Log(request, timeout=_PATIENCE)
        except (grpc.RpcError, ValueError):
            pass

    def _connected(self) -> Any:
        with self._lock:
            if self._stub is None and self._address:
                self._channel = grpc.insecure_channel(self._address)
                self._stub = engine_pb2_grpc.EngineStub(self._channel)
            return self._stub

    def _drop(self) -> None:
        if self._channel is not None:
            self._channel.close()
        self._channel = self._stub = None


class EngineReporter:
    """`ports.Reporter` of one resource's operation."""

    def __init__(self, engine: Engine, urn: str, clock: Clock = SYSTEM) -> None:
        self._clock = clock
        self._again = float("-inf")
        self._engine = engine
        self._urn = urn
        self._lock = threading.Lock()
        self._last = ""
        self._sending: grpc.Future[Empty] | None = None

    def status(self, message: str) -> None:
        # One line under way at a time: they cannot overtake each other, nor pile up at a busy engine.
        with self._lock:
            now = self._clock.monotonic()
            known = message == self._last and now < self._again
            if known or (self._sending is not None and not self._sending.done()):
                return
            self._last, self._again = message, now + REPEAT_AFTER
            self._sending = self._engine.status(message, self._urn)

    def redact(self, text: str) -> str:
        return text

    def info(self, message: str) -> None:
        self._engine.info(message, self._urn)

    def warning(self, message: str) -> None:
        self._engine.warning(message, self._urn)
