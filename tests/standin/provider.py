"""One provider behind a plugin: the calls, and what is sent with them.

pkg/resource/plugin/provider_plugin.go
"""

from __future__ import annotations

import json
import uuid
from typing import Any

import grpc
from google.protobuf.empty_pb2 import Empty

from voiceclone_provider.plugin.protos import plugin_pb2, provider_pb2

from . import wire
from .answers import (
    Checked,
    Difference,
    Found,
    InitFailedError,
    ProviderError,
    difference_of,
    failures_of,
    marked,
    properties_of,
    restore,
    translated,
)
from .calls import Line, Stub
from .plugins import Launcher, stub
from .resources import name_of, package_of, type_of
from .values import Properties, has_unknown, plain


class Provider:
    """A plugin that was started, and can be configured once.

    Arguments:
        number: which plugin of this command it is.
        engine: the address of the engine's service.
    """

    def __init__(self, launcher: Launcher, number: int, engine: str, line: Line) -> None:
        self._running = launcher.launch(engine)
        self._engine = engine
        self._call = Stub(stub(self._running.channel), number, line)
        self._known = True
        self.inputs: Properties = {}
        self._error: ProviderError | None = None
        self._encoder = wire.Encoder()
        self._handshake()

    # -- the plugin itself ---------------------------------------------------------------------------------

    def _handshake(self) -> None:
        places: dict[str, Any] = {
            "root_directory": self._running.folder,
            "program_directory": self._running.folder,
        }
        request = provider_pb2.ProviderHandshakeRequest(
            engine_address=self._engine,
            configure_with_urn=True,
            supports_views=True,
            supports_refresh_before_update=True,
            invoke_with_preview=True,
            accepts_byte_string=True,
            **({} if self._running.folder is None else places),
        )
        try:
            answer = self._rpc("Handshake", request)
        except ProviderError:
            self._running.stop()
            raise
        self._encoder = wire.Encoder(secrets=answer.accept_secrets, references=answer.accept_resources)
        if self._running.folder is None:
            self._rpc("Attach", plugin_pb2.PluginAttach(address=self._engine))
        self.version = str(self._rpc("GetPluginInfo", Empty()).version)

    def schema(self) -> dict[str, Any]:
        answer = self._rpc("GetSchema", provider_pb2.GetSchemaRequest())
        schema: dict[str, Any] = json.loads(answer.schema)
        return schema

    def cancel(self, patience: float) -> None:
        """Ask it to end what it waits for."""
        try:
            self._call("Cancel", Empty(), timeout=patience)
        except grpc.RpcError:
            pass

    def close(self) -> None:
        """Ask it to end, and end it (pkg/host/host.go)."""
        self.cancel(5)
        self._running.stop()

    def abandon(self) -> None:
        self._running.abandon()

    # -- configuration: secrets are sent in the clear ------------------------------------------------------

    def check_config(self, urn: str, olds: Properties, news: Properties) -> Checked:
        encoder = wire.Encoder(unknowns=True, secrets=False)
        request = provider_pb2.CheckRequest(
            **_about(urn), olds=encoder.struct(olds), news=encoder.struct(news)
        )
        answer = self._rpc("CheckConfig", request)
        inputs = wire.decode(answer.inputs, unknowns=True) or {}
        return Checked(marked(inputs, news), failures_of(answer))

    def diff_config(
        self, urn: str, old_inputs: Properties, old_outputs: Properties, news: Properties
    ) -> Difference:
        encoder = wire.Encoder(unknowns=True, secrets=False)
        request = provider_pb2.DiffRequest(
            **_about(urn),
            old_inputs=encoder.struct(old_inputs),
            olds=encoder.struct(old_outputs),
            news=encoder.struct(news),
        )
        return difference_of(self._rpc("DiffConfig", request))

    def configure(self, urn: str, id: str, inputs: Properties) -> None:  # noqa: A002
        """A failure is told by whatever is called next."""
        self.inputs = inputs
        variables = {}
        for name, value in inputs.items():
            if name == "version":
                continue
            if has_unknown(value):
                self._known = False
                return
            bare = plain(value)
            text = bare if isinstance(bare, str) else json.dumps(bare, separators=(",", ":"))
            variables[f"{package_of(type_of(urn))}:config:{name}"] = text
        encoder = wire.Encoder(unknowns=True, references=True)
        request = provider_pb2.ConfigureRequest(
            **_about(urn),
            id=id,
            acceptSecrets=True,
            acceptResources=True,
            sends_old_inputs=True,
            sends_old_inputs_to_delete=True,
            variables=variables,
            args=encoder.struct(inputs),
        )
        try:
            self._rpc("Configure", request)
        except ProviderError as error:
            self._error = error

    # -- resources -----------------------------------------------------------------------------------------

    def check(self, urn: str, olds: Properties, news: Properties, seed: bytes, unknowns: bool) -> Checked:
        self._must_be_configured()
        if not self._known:
            return Checked(news)
        encoder = self._sending(unknowns=unknowns)
        request = provider_pb2.CheckRequest(
            **_about(urn), olds=encoder.struct(olds), news=encoder.struct(news), randomSeed=seed
        )
        answer = self._rpc("Check", request)
        return Checked(wire.decode(answer.inputs, unknowns=unknowns) or {}, failures_of(answer))

    def diff(
        self,
        urn: str,
        id: str,  # noqa: A002
        old_inputs: Properties,
        old_outputs: Properties,
        news: Properties,
        ignore_changes: list[str],
        unknowns: bool,
    ) -> Difference | None:
        """None where the provider is not configured, because its configuration is not known yet."""
        self._must_be_configured()
        if not self._known:
            return None
        encoder = self._sending(unknowns=unknowns, contents=False)
        request = provider_pb2.DiffRequest(
            **_about(urn),
            id=id,
            old_inputs=encoder.struct(old_inputs),
            olds=encoder.struct(old_outputs),
            news=encoder.struct(news),
            ignoreChanges=ignore_changes,
        )
        return difference_of(self._rpc("Diff", request))

    def create(self, urn: str, inputs: Properties, timeout: float, preview: bool) -> Found:
        self._must_be_configured()
        if not self._known:
            return Found("", None, None)
        request = provider_pb2.CreateRequest(
            **_about(urn),
            properties=self._sending(unknowns=preview).struct(inputs),
            timeout=timeout,
            preview=preview,
            **self._status(),
        )
        answer = self._rpc("Create", request)
        if not answer.id and not preview:
            raise ProviderError(f"plugin returned empty resource.ID from create '{urn}'")
        return Found(answer.id, properties_of(answer, "properties", unknowns=preview) or {}, None)

    def update(
        self,
        urn: str,
        id: str,  # noqa: A002
        old_inputs: Properties,
        old_outputs: Properties,
        news: Properties,
        ignore_changes: list[str],
        timeout: float,
        preview: bool,
    ) -> Properties:
        self._must_be_configured()
        if not self._known:
            return {}
        olds = self._sending(contents=False)
        request = provider_pb2.UpdateRequest(
            **_about(urn),
            id=id,
            olds=olds.struct(old_outputs),
            old_inputs=olds.struct(old_inputs),
            news=self._sending(unknowns=preview).struct(news),
            ignoreChanges=ignore_changes,
            timeout=timeout,
            preview=preview,
            **self._status(),
        )
        return properties_of(self._rpc("Update", request), "properties", unknowns=preview) or {}

    def read(
        self,
        urn: str,
        id: str,  # noqa: A002
        inputs: Properties | None,
        state: Properties | None,
        timeout: float = 0,
    ) -> Found:
        self._must_be_configured()
        if not self._known:
            return Found("", {}, {})
        encoder = self._sending(contents=False)
        request = provider_pb2.ReadRequest(
            **_about(urn),
            id=id,
            inputs=encoder.struct(inputs),
            properties=encoder.struct(state),
            timeout=timeout,
            **self._status(),
        )
        try:
            answer = self._rpc("Read", request)
        except InitFailedError as error:
            restore(inputs, error.inputs, error.outputs)
            raise
        found = Found(
            answer.id,
            properties_of(answer, "properties", unknowns=False),
            properties_of(answer, "inputs", unknowns=False),
        )
        restore(inputs, found.inputs, found.outputs)
        return found

    def delete(self, urn: str, id: str, inputs: Properties, outputs: Properties, timeout: float) -> None:  # noqa: A002
        self._must_be_configured()
        encoder = self._sending(contents=False)
        request = provider_pb2.DeleteRequest(
            **_about(urn),
            id=id,
            properties=encoder.struct(outputs),
            old_inputs=encoder.struct(inputs),
            timeout=timeout,
            **self._status(),
        )
        self._rpc("Delete", request)

    def invoke(self, token: str, arguments: Properties, preview: bool) -> Checked:
        """A function of the provider: its result, and what is wrong with the arguments."""
        self._must_be_configured()
        if not self._known:
            return Checked({})
        request = provider_pb2.InvokeRequest(
            tok=token, args=self._sending().struct(arguments), preview=preview
        )
        answer = self._rpc("Invoke", request)
        return Checked(properties_of(answer, "return", unknowns=False) or {}, failures_of(answer))

    # -- shared --------------------------------------------------------------------------------------------

    def _sending(self, *, unknowns: bool = False, contents: bool = True) -> wire.Encoder:
        return wire.Encoder(unknowns, self._encoder.secrets, self._encoder.references, contents)

    def _status(self) -> dict[str, Any]:
        return {"resource_status_address": self._engine, "resource_status_token": str(uuid.uuid4())}

    def _must_be_configured(self) -> None:
        if self._error is not None:
            raise self._error

    def _rpc(self, method: str, request: Any) -> Any:
        try:
            return self._call(method, request)
        except grpc.RpcError as error:
            raise translated(error) from None


def _about(urn: str) -> dict[str, Any]:
    return {"urn": urn, "name": name_of(urn), "type": type_of(urn)}
