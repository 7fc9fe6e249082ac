"""A server with a recording lifecycle behind it, a client to call it, and an engine that keeps its lines."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty

from voiceclone_provider.core.ports import Checked, Created, Difference, Found
from voiceclone_provider.plugin.package import Package
from voiceclone_provider.plugin.protos import (
    engine_pb2,
    engine_pb2_grpc,
    provider_pb2,
    provider_pb2_grpc,
    status_pb2,
)
from voiceclone_provider.plugin.server import OPTIONS, Server

URN = "urn:pulumi:dev::shop::voiceclone:coze:Voice::narrator"

SCHEMA = """{"name": "voiceclone", "version": "0.1.0",
 "resources": {"voiceclone:coze:Voice": {}, "voiceclone:kling:Voice": {}},
 "functions": {"voiceclone:coze:getVoice": {}}}"""


VERBS: dict[str, Any] = {
    "Check": provider_pb2.CheckRequest(urn=URN),
    "Diff": provider_pb2.DiffRequest(urn=URN),
    "Create": provider_pb2.CreateRequest(urn=URN),
    "Read": provider_pb2.ReadRequest(urn=URN, id="voice-1"),
    "Update": provider_pb2.UpdateRequest(urn=URN, id="voice-1"),
    "Delete": provider_pb2.DeleteRequest(urn=URN, id="voice-1"),
}


class FakeLifecycle:
    """Records its calls; each verb answers what `answers` says, or with an exception found there."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {
            "check": Checked({}, []),
            "diff": Difference(),
            "create": Created("voice-1", {}),
            "read": Found("voice-1", {}, {}),
            "update": {},
            "delete": None,
            "warnings": [],
        }
        self.calls: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []
        self.cancelled = threading.Event()
        self.cancels = 0
        self.ends = 0

    def __getattr__(self, verb: str) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            self.calls.append((verb, arguments, options))
            answer = self.answers[verb]
            if isinstance(answer, Exception):
                raise answer
            return answer(*arguments, **options) if callable(answer) else answer

        return call

    def cancel(self) -> None:
        self.cancels += 1
        self.cancelled.set()

    def ended(self) -> None:
        self.ends += 1


class FakeCore:
    def __init__(self, lifecycle: FakeLifecycle) -> None:
        self._lifecycle = lifecycle
        self.checked: Checked | Exception = Checked({}, [])
        self.configured: list[dict[str, Any]] = []
        self.during_configure: Callable[[], object] = lambda: None

    def secret_keys(self) -> frozenset[str]:
        return frozenset({"cozeToken"})

    def check_config(self, news: dict[str, Any]) -> Checked:
        if isinstance(self.checked, Exception):
            raise self.checked
        return Checked(news | self.checked.inputs, self.checked.faults)

    def lifecycle(self, config: dict[str, Any]) -> Any:
        self.configured.append(config)
        self.during_configure()
        return self._lifecycle


class FakeEngine(engine_pb2_grpc.EngineServicer):
    """Keeps the lines it is sent."""

    def __init__(self) -> None:
        self.lines: list[engine_pb2.LogRequest] = []
        self.delay = threading.Event()
        self.delay.set()

    def Log(self, request: engine_pb2.LogRequest, context: grpc.ServicerContext) -> Empty:  # noqa: N802
        self.delay.wait(10)
        self.lines.append(request)
        return Empty()


@contextmanager
def serving_engine() -> Iterator[tuple[FakeEngine, str]]:
    engine = FakeEngine()
    server = grpc.server(ThreadPoolExecutor(max_workers=4))
    engine_pb2_grpc.add_EngineServicer_to_server(engine, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield engine, f"127.0.0.1:{port}"
    finally:
        engine.delay.set()
        server.stop(None).wait()


class Face:
    """The plugin, and a client of it."""

    def __init__(self, engine_address: str | None, schema: Path) -> None:
        self.lifecycle = FakeLifecycle()
        self.core = FakeCore(self.lifecycle)
        self.server = Server(engine_address, self.core, Package(schema))
        self.server.start()
        # States may be larger than the 8 KB of trailers that a Python client takes by default.
        options = [*OPTIONS, ("grpc.max_metadata_size", 1 << 20)]
        self.channel = grpc.insecure_channel(f"127.0.0.1:{self.server.port}", options=options)
        self.stub: Any = provider_pb2_grpc.ResourceProviderStub(self.channel)

    def configure(self) -> None:
        self.stub.Configure(provider_pb2.ConfigureRequest())

    @property
    def last(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        return self.lifecycle.calls[-1]

    def close(self) -> None:
        self.channel.close()
        self.server.stop()


def init_failed(error: grpc.RpcError) -> provider_pb2.ErrorResourceInitFailed:
    """The details of a partial failure, as the engine reads them."""
    trailers: dict[str, Any] = dict(error.trailing_metadata())  # type: ignore[arg-type]
    status = status_pb2.Status.FromString(trailers["grpc-status-details-bin"])
    assert status.code == error.code().value[0]
    details = provider_pb2.ErrorResourceInitFailed()
    assert status.details[0].Unpack(details)
    return details


def fault(call: Any, request: Any) -> grpc.RpcError:
    with pytest.raises(grpc.RpcError) as caught:
        call(request)
    return caught.value


def code(error: grpc.RpcError) -> grpc.StatusCode:
    return error.code()


def text(error: grpc.RpcError) -> str:
    return error.details() or ""
