"""The engine as a plugin sees it: takes log lines and live status lines (pkg/host/host_server.go)."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import grpc
from google.protobuf.empty_pb2 import Empty

from voiceclone_provider.plugin.protos import engine_pb2, engine_pb2_grpc

_SEVERITIES: Final = {
    engine_pb2.DEBUG: "debug",
    engine_pb2.INFO: "info",
    engine_pb2.WARNING: "warning",
    engine_pb2.ERROR: "error",
}

Listener = Callable[[str, str, str, bool], None]
"""Takes severity, text, URN, and whether the line is only a status that the next one replaces."""


class EngineService(engine_pb2_grpc.EngineServicer):
    """Serves on a port of this machine, for as many commands as one likes: each sets who listens."""

    def __init__(self) -> None:
        self.listener: Listener = lambda severity, text, urn, status: None
        self._server = grpc.server(ThreadPoolExecutor(max_workers=16))
        engine_pb2_grpc.add_EngineServicer_to_server(self, self._server)
        port = self._server.add_insecure_port("127.0.0.1:0")
        self.address = f"127.0.0.1:{port}"
        self._server.start()

    def close(self) -> None:
        self._server.stop(None)

    def Log(self, request: Any, context: grpc.ServicerContext) -> Empty:  # noqa: N802
        self.listener(_SEVERITIES[request.severity], request.message, request.urn, request.ephemeral)
        return Empty()

    def GetRootResource(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        return engine_pb2.GetRootResourceResponse()

    def SetRootResource(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        return engine_pb2.SetRootResourceResponse()
