"""Writes down the calls to plugins as PULUMI_DEBUG_GRPC makes the real CLI do: a line of JSON each."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

from google.protobuf.json_format import MessageToDict

from .calls import Call, Hooks


class Recorder(Hooks):
    """Hooks that write every call to a file, when it begins and when it ends.

    Arguments:
        file: its name, or None to write nothing.
    """

    def __init__(self, file: str | None) -> None:
        self._file = Path(file) if file else None
        self._lock = threading.Lock()

    def before_call(self, call: Call) -> None:
        self._write(call, {"progress": "request_started"})

    def after_call(self, call: Call) -> None:
        answer: dict[str, Any] = {"progress": "response_completed"}
        if call.response is not None:
            answer["response"] = MessageToDict(call.response)
        if call.error is not None:
            answer["errors"] = [str(call.error)]
        self._write(call, answer)

    def _write(self, call: Call, more: dict[str, Any]) -> None:
        if self._file is None:
            return
        record = {
            "method": f"/pulumirpc.ResourceProvider/{call.method}",
            "request": MessageToDict(call.request),
            **more,
            "metadata": {"kind": "resource", "mode": "client", "plugin": call.plugin},
        }
        with self._lock, self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(record) + "\n")
