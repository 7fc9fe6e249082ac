"""A provider to compare engines with: it does what its resources' properties say, and writes down every call.

    python -P toy.py ENGINE_ADDRESS

`TOY_CLOUD` names the file that holds what there is, `TOY_LOG` one that takes a line of JSON for every call
and signal. The properties of a `toy:index:Thing`:

- `v`: a change replaces the resource; `v: bad` is refused by Check
- `w`: a change updates it
- `fail`: verbs that fail, as `create,delete`; `init`: those after which the resource is there, but not ready
- `dbr`: whether the resource is deleted before it is replaced
- `sleep`: how long a create takes, unless it is cancelled; `stubborn`: it is not
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import grpc
from google.protobuf.empty_pb2 import Empty
from google.protobuf.json_format import MessageToDict, ParseDict
from google.protobuf.struct_pb2 import Struct

from voiceclone_provider.plugin.protos import plugin_pb2, provider_pb2, provider_pb2_grpc, status_pb2

SCHEMA: Final[dict[str, Any]] = {
    "name": "toy",
    "version": "1.0.0",
    "provider": {"inputProperties": {"region": {"type": "string"}, "note": {"type": "string"}}},
    "config": {"variables": {"region": {"type": "string"}, "note": {"type": "string"}}},
    "resources": {
        "toy:index:Thing": {
            "inputProperties": {
                **{name: {"type": "string"} for name in ("v", "w", "d", "fail", "init")},
                "secretive": {"type": "string", "secret": True},
                "asset": {"$ref": "pulumi.json#/Asset"},
                "list": {"type": "array", "items": {"$ref": "pulumi.json#/Any"}},
                "map": {"type": "object", "additionalProperties": {"$ref": "pulumi.json#/Any"}},
                "dbr": {"type": "boolean"},
                "stubborn": {"type": "boolean"},
                "sleep": {"type": "number"},
            },
            "properties": {
                **{name: {"type": "string"} for name in ("v", "w", "d", "serial")},
                "hidden": {"type": "string", "secret": True},
            },
            "required": ["serial"],
        }
    },
    "functions": {
        "toy:index:count": {
            "inputs": {"properties": {"v": {"type": "string"}}},
            "outputs": {"properties": {"count": {"type": "number"}}},
        }
    },
}
UNKNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


class Cloud:
    """What there is, in a file that several processes may use."""

    def __init__(self, file: Path) -> None:
        self._file = file

    @contextmanager
    def changing(self) -> Iterator[dict[str, Any]]:
        with self._file.open("a+", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            content = json.loads(file.read() or '{"made": {}, "things": {}}')
            yield content
            file.seek(0)
            file.truncate()
            file.write(json.dumps(content))

    @property
    def things(self) -> dict[str, Any]:
        with self.changing() as content:
            found: dict[str, Any] = content["things"]
            return found


class Servicer(provider_pb2_grpc.ResourceProviderServicer):
    def __init__(self, cloud: Cloud, log: Callable[[str, Any], None]) -> None:
        self._cloud = cloud
        self._log = log
        self._cancelled = threading.Event()

    def Handshake(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        self._log("Handshake", request)
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True)

    def GetPluginInfo(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        return plugin_pb2.PluginInfo(version="1.0.0")

    def GetSchema(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        self._log("GetSchema", request)
        return provider_pb2.GetSchemaResponse(schema=json.dumps(SCHEMA))

    def Cancel(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        self._log("Cancel", request)
        self._cancelled.set()
        return Empty()

    # -- configuration -------------------------------------------------------------------------------------

    def CheckConfig(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        self._log("CheckConfig", request)
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        self._log("DiffConfig", request)
        keys = _changed(request)
        return _difference(keys, [key for key in keys if key == "region"], False)

    def Configure(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        self._log("Configure", request)
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    # -- resources -----------------------------------------------------------------------------------------

    def Check(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        self._log("Check", request)
        inputs = request.news
        if "d" not in inputs.fields:
            inputs.fields["d"].string_value = "default"
        failures = []
        if _text(inputs, "v") == "bad":
            failures.append(provider_pb2.CheckFailure(property="v", reason="it is bad"))
        return provider_pb2.CheckResponse(inputs=inputs, failures=failures)

    def Diff(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        self._log("Diff", request)
        keys = _changed(request)
        dbr = request.news.fields["dbr"].bool_value if "dbr" in request.news.fields else False
        return _difference(keys, [key for key in keys if key == "v"], dbr)

    def Create(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        self._log("Create", request)
        properties = request.properties
        if request.preview:
            return provider_pb2.CreateResponse(properties=_outputs(properties, UNKNOWN))
        self._wait(properties)
        self._may_fail("create", properties, context)
        with self._cloud.changing() as content:
            number = content["made"][request.name] = content["made"].get(request.name, 0) + 1
            identity = f"{request.name}-{number}"
            content["things"][identity] = {"name": request.name, "properties": MessageToDict(properties)}
        outputs = _outputs(properties, identity)
        self._may_be_unready("create", properties, context, identity, outputs)
        return provider_pb2.CreateResponse(id=identity, properties=outputs)

    def Read(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        self._log("Read", request)
        found = self._cloud.things.get(request.id)
        if found is None:
            return provider_pb2.ReadResponse()
        properties = ParseDict(found["properties"], Struct())
        self._may_fail("read", properties, context)
        outputs = _outputs(properties, request.id)
        self._may_be_unready("read", properties, context, request.id, outputs, properties)
        return provider_pb2.ReadResponse(id=request.id, properties=outputs, inputs=properties)

    def Update(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        self._log("Update", request)
        if request.preview:
            return provider_pb2.UpdateResponse(properties=_outputs(request.news, request.id))
        self._may_fail("update", request.news, context)
        with self._cloud.changing() as content:
            content["things"][request.id]["properties"] = MessageToDict(request.news)
        outputs = _outputs(request.news, request.id)
        self._may_be_unready("update", request.news, context, request.id, outputs)
        return provider_pb2.UpdateResponse(properties=outputs)

    def Delete(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        self._log("Delete", request)
        self._may_fail("delete", request.old_inputs, context)
        with self._cloud.changing() as content:
            content["things"].pop(request.id, None)
        return Empty()

    def Invoke(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        self._log("Invoke", request)
        count = sum(
            thing["properties"].get("v") == _text(request.args, "v") for thing in self._cloud.things.values()
        )
        response = provider_pb2.InvokeResponse()
        getattr(response, "return").update({"count": count})
        return response

    # -- what the properties say ---------------------------------------------------------------------------

    def _wait(self, properties: Struct) -> None:
        seconds = properties.fields["sleep"].number_value if "sleep" in properties.fields else 0
        stubborn = "stubborn" in properties.fields and properties.fields["stubborn"].bool_value
        if stubborn:
            time.sleep(seconds)
        else:
            self._cancelled.wait(seconds)

    def _may_fail(self, verb: str, properties: Struct, context: grpc.ServicerContext) -> None:
        if verb in _text(properties, "fail").split(","):
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, f"told to fail to {verb}")

    def _may_be_unready(
        self,
        verb: str,
        properties: Struct,
        context: grpc.ServicerContext,
        identity: str,
        outputs: Struct,
        inputs: Struct | None = None,
    ) -> None:
        if verb not in _text(properties, "init").split(","):
            return
        details = provider_pb2.ErrorResourceInitFailed(
            id=identity, properties=outputs, inputs=inputs, reasons=[f"told not to be ready after {verb}"]
        )
        status = status_pb2.Status(code=2, message="not ready")
        status.details.add().Pack(details)
        context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
        context.abort(grpc.StatusCode.UNKNOWN, "not ready")


def _text(struct: Struct, name: str) -> str:
    """A property's text, secret or not."""
    if name not in struct.fields:
        return ""
    value = struct.fields[name]
    return (
        value.struct_value.fields["value"].string_value
        if value.HasField("struct_value")
        else value.string_value
    )


def _outputs(inputs: Struct, serial: str) -> Struct:
    outputs = Struct()
    outputs.CopyFrom(inputs)
    outputs.fields["serial"].string_value = serial
    outputs.fields["hidden"].string_value = f"hidden in {serial}"
    return outputs


def _changed(request: Any) -> list[str]:
    olds, news = MessageToDict(request.old_inputs), MessageToDict(request.news)
    keys = sorted(olds.keys() | news.keys())
    # How a resource is to behave is no change of it.
    return [key for key in keys if olds.get(key) != news.get(key) and key not in ("fail", "dbr", "sleep")]


def _difference(keys: list[str], replaces: list[str], dbr: bool) -> Any:
    response = provider_pb2.DiffResponse
    return response(
        changes=response.DIFF_SOME if keys else response.DIFF_NONE,
        replaces=replaces,
        diffs=keys,
        deleteBeforeReplace=dbr,
    )


class Toy:
    """Serves the provider; in a test's own process, or as one."""

    def __init__(self, cloud: Path, log: Callable[[str, Any], None] = lambda method, request: None) -> None:
        self._server = grpc.server(ThreadPoolExecutor(max_workers=64))
        servicer = Servicer(Cloud(cloud), log)
        provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, self._server)
        self.port = self._server.add_insecure_port("127.0.0.1:0")

    def start(self) -> None:
        self._server.start()

    def stop(self) -> None:
        self._server.stop(1).wait(2)


def _serve() -> None:
    lock = threading.Lock()
    file = Path(os.environ["TOY_LOG"])

    def log(method: str, request: Any) -> None:
        said = request if isinstance(request, str) else MessageToDict(request)
        record = json.dumps({"pid": os.getpid(), "at": time.time(), "method": method, "request": said})
        with lock, file.open("a", encoding="utf-8") as stream:
            stream.write(record + "\n")

    signals = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    toy = Toy(Path(os.environ["TOY_CLOUD"]), log)
    toy.start()
    print(toy.port, flush=True)
    log("signal", signal.Signals(signal.sigwait(signals)).name)
    os._exit(0)


if __name__ == "__main__":
    _serve()
