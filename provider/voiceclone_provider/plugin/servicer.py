"""Pulumi's resource provider protocol: each call is translated, handed to the lifecycle, and answered.

Calls this package has no use for (Parameterize, Call, Construct, GetMapping, GetMappings) stay
unimplemented, which the engine knows how to take.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

import grpc
from google.protobuf.empty_pb2 import Empty
from google.protobuf.struct_pb2 import Struct

from ..core.errors import PermanentError
from ..core.ports import Change, Difference, Fault, Reporter
from ..core.redaction import Secrets
from . import codec
from .core import Core, LazyCore
from .engine import Engine, EngineReporter
from .faults import answered
from .package import Package
from .protos import plugin_pb2, provider_pb2, provider_pb2_grpc

if TYPE_CHECKING:
    from ..core.values import Properties
    from ..lifecycle import Lifecycle
    from ..lifecycle.functions import Listed

T = TypeVar("T")

_KINDS = {change: getattr(provider_pb2.PropertyDiff, change.name) for change in Change}

_INTERNAL = "__internal"
"""A key the engine keeps for itself in the configuration of a provider."""


class ProviderServicer(provider_pb2_grpc.ResourceProviderServicer):
    """One plugin process."""

    def __init__(self, engine: Engine, core: Core | None = None, package: Package | None = None) -> None:
        self._engine = engine
        self._core = core or LazyCore()
        self._package = package or Package()
        self._lock = threading.Lock()
        self._lifecycle: Lifecycle | None = None
        self._secret_config: Properties = {}
        self._cancels = 0
        self._calls = 0

    # -- the plugin itself ---------------------------------------------------------------------------------

    def Handshake(  # noqa: N802  the protocol's names
        self, request: provider_pb2.ProviderHandshakeRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ProviderHandshakeResponse:
        self._engine.connect(request.engine_address)
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True)

    def Attach(  # noqa: N802
        self, request: plugin_pb2.PluginAttach, context: grpc.ServicerContext
    ) -> Empty:
        self._engine.connect(request.address)
        return Empty()

    def GetPluginInfo(self, request: Empty, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:  # noqa: N802
        return plugin_pb2.PluginInfo(version=self._package.version)

    def GetSchema(  # noqa: N802
        self, request: provider_pb2.GetSchemaRequest, context: grpc.ServicerContext
    ) -> provider_pb2.GetSchemaResponse:
        return self._answered(context, lambda: provider_pb2.GetSchemaResponse(schema=self._package.schema))

    def Cancel(self, request: Empty, context: grpc.ServicerContext) -> Empty:  # noqa: N802
        """The engine says so on Ctrl-C, and at the end of every ordinary run, when no call is under way."""
        with self._lock:
            ended = not self._calls
        self.cancel(ended=ended)
        return Empty()

    def cancel(self, *, ended: bool = False) -> None:
        """End every wait. `ended`: the engine ends its run in order, so it has saved what it was answered."""
        with self._lock:
            self._cancels += 1
            lifecycle = self._lifecycle
        if lifecycle is not None:
            if ended:
                lifecycle.ended()
            lifecycle.cancel()

    # -- configuration -------------------------------------------------------------------------------------

    def CheckConfig(  # noqa: N802
        self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext
    ) -> provider_pb2.CheckResponse:
        secrets = Secrets()

        def call() -> provider_pb2.CheckResponse:
            news, marked = codec.decode(request.news)
            internal = {_INTERNAL: news.pop(_INTERNAL)} if _INTERNAL in news else {}
            # The state of the provider keeps these inputs: marked secret, they are encrypted there.
            secrets.learn(news, marked | self._core.secret_keys())
            checked = self._core.check_config(news)
            return _check_response(checked.inputs | internal, checked.faults, secrets)

        return self._answered(context, call, secrets)

    def DiffConfig(  # noqa: N802
        self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext
    ) -> provider_pb2.DiffResponse:
        def call() -> provider_pb2.DiffResponse:
            olds, _ = codec.decode(request.old_inputs if request.HasField("old_inputs") else request.olds)
            news, _ = codec.decode(request.news)
            changes = {
                name: _config_change(name in olds, name in news)
                for name in sorted((olds.keys() | news.keys()) - {_INTERNAL})
                if olds.get(name) != news.get(name)
            }
            # Never a replacement: that would replace every voice because a token was rotated.
            return _diff_response(Difference(changes))

        return self._answered(context, call)

    def Configure(  # noqa: N802
        self, request: provider_pb2.ConfigureRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ConfigureResponse:
        def call() -> provider_pb2.ConfigureResponse:
            with self._lock:
                cancels = self._cancels
            config, marked = codec.decode(request.args)
            config.pop(_INTERNAL, None)
            lifecycle = self._core.lifecycle(config)
            with self._lock:
                self._secret_config = {name: config[name] for name in marked if name in config}
                self._lifecycle = lifecycle
                late = self._cancels > cancels
            # A cancel before this call was for an earlier run (a debugged plugin serves several); one
            # that came in meanwhile is for this one.
            if late:
                lifecycle.cancel()
            for sentence in lifecycle.warnings():
                self._engine.warning(sentence)
            return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

        return self._answered(context, call)

    # -- the verbs -----------------------------------------------------------------------------------------

    def Check(  # noqa: N802
        self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext
    ) -> provider_pb2.CheckResponse:
        secrets = self._secrets()

        def call() -> provider_pb2.CheckResponse:
            vendor = self._package.vendor(request.urn)
            olds = _decoded(request.olds, request.HasField("olds"))
            news, marked = codec.decode(request.news)
            secrets.learn(news, marked)
            checked = self._configured().check(vendor, request.urn, olds, news)
            return _check_response(checked.inputs, checked.faults, secrets)

        return self._answered(context, call, secrets)

    def Diff(  # noqa: N802
        self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext
    ) -> provider_pb2.DiffResponse:
        secrets = self._secrets()

        def call() -> provider_pb2.DiffResponse:
            vendor = self._package.vendor(request.urn)
            state, formerly = codec.decode(request.olds)
            secrets.hide(state, formerly)
            news, marked = codec.decode(request.news)
            secrets.learn(news, marked)
            difference = self._configured().diff(
                vendor,
                request.urn,
                request.id,
                state,
                _old_inputs(request),
                news,
                self._reporter(request.urn, secrets),
            )
            return _diff_response(difference)

        return self._answered(context, call, secrets)

    def Create(  # noqa: N802
        self, request: provider_pb2.CreateRequest, context: grpc.ServicerContext
    ) -> provider_pb2.CreateResponse:
        secrets = self._secrets()

        def call() -> provider_pb2.CreateResponse:
            vendor = self._package.vendor(request.urn)
            inputs, marked = codec.decode(request.properties)
            secrets.learn(inputs, marked)
            created = self._configured().create(
                vendor,
                request.urn,
                inputs,
                timeout=request.timeout,
                preview=request.preview,
                reporter=self._reporter(request.urn, secrets),
            )
            return provider_pb2.CreateResponse(
                id=created.voice_id, properties=codec.encode(secrets.state(created.state), secrets.names)
            )

        return self._answered(context, call, secrets)

    def Read(  # noqa: N802
        self, request: provider_pb2.ReadRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ReadResponse:
        secrets = self._secrets()

        def call() -> provider_pb2.ReadResponse:
            vendor = self._package.vendor(request.urn)
            for struct in (request.properties, request.inputs):
                secrets.learn(*codec.decode(struct))
            found = self._configured().read(
                vendor,
                request.urn,
                request.id,
                _decoded(request.properties, request.HasField("properties")),
                _decoded(request.inputs, request.HasField("inputs")),
                importing=not request.HasField("properties") and not request.HasField("inputs"),
                reporter=self._reporter(request.urn, secrets),
            )
            if found is None:
                return provider_pb2.ReadResponse()  # without an ID: gone
            return provider_pb2.ReadResponse(
                id=found.voice_id,
                properties=codec.encode(secrets.state(found.state), secrets.names),
                inputs=codec.encode(found.inputs, secrets.names),
            )

        return self._answered(context, call, secrets)

    def Update(  # noqa: N802
        self, request: provider_pb2.UpdateRequest, context: grpc.ServicerContext
    ) -> provider_pb2.UpdateResponse:
        secrets = self._secrets()

        def call() -> provider_pb2.UpdateResponse:
            vendor = self._package.vendor(request.urn)
            state, formerly = codec.decode(request.olds)
            secrets.hide(state, formerly)
            news, marked = codec.decode(request.news)
            secrets.learn(news, marked)
            properties = self._configured().update(
                vendor,
                request.urn,
                request.id,
                state,
                _old_inputs(request),
                news,
                timeout=request.timeout,
                preview=request.preview,
                reporter=self._reporter(request.urn, secrets),
            )
            return provider_pb2.UpdateResponse(
                properties=codec.encode(secrets.state(properties), secrets.names)
            )

        return self._answered(context, call, secrets)

    def Delete(self, request: provider_pb2.DeleteRequest, context: grpc.ServicerContext) -> Empty:  # noqa: N802
        secrets = self._secrets()

        def call() -> Empty:
            vendor = self._package.vendor(request.urn)
            state, formerly = codec.decode(request.properties)
            secrets.hide(state, formerly)
            self._configured().delete(
                vendor,
                request.urn,
                request.id,
                state,
                _old_inputs(request),
                timeout=request.timeout,
                reporter=self._reporter(request.urn, secrets),
            )
            return Empty()

        return self._answered(context, call, secrets)

    def Invoke(  # noqa: N802
        self, request: provider_pb2.InvokeRequest, context: grpc.ServicerContext
    ) -> provider_pb2.InvokeResponse:
        secrets = self._secrets()

        def call() -> provider_pb2.InvokeResponse:
            vendor, name = self._package.function(request.tok)
            arguments, marked = codec.decode(request.args)
            secrets.learn(arguments, marked)
            answer = self._configured().invoke(vendor, name, arguments)
            failures = [_failure(fault, secrets) for fault in answer.faults]
            # What a secret was used to find may reveal it.
            found = set(answer.properties) if marked else set()
            response = provider_pb2.InvokeResponse(failures=failures)
            getattr(response, "return").CopyFrom(codec.encode(answer.properties, found))
            return response

        return self._answered(context, call, secrets)

    def List(  # noqa: N802
        self, request: provider_pb2.ListRequest, context: grpc.ServicerContext
    ) -> Iterator[provider_pb2.ListResponse]:
        def call() -> list[Listed]:
            return self._configured().listed(self._package.vendor(request.token))

        found = self._answered(context, call)
        response = provider_pb2.ListResponse
        for voice in found[: request.limit or None]:
            yield response(result=response.Result(id=voice.voice_id, name=voice.name))

    # -- shared --------------------------------------------------------------------------------------------

    def _answered(
        self, context: grpc.ServicerContext, call: Callable[[], T], secrets: Secrets | None = None
    ) -> T:
        with self._lock:
            self._calls += 1
        try:
            return answered(context, self._engine, secrets or self._secrets(), call)
        finally:
            with self._lock:
                self._calls -= 1

    def _configured(self) -> Lifecycle:
        with self._lock:
            if self._lifecycle is None:
                raise PermanentError("the provider has not been configured yet")
            return self._lifecycle

    def _secrets(self) -> Secrets:
        """The secrets of a call: to begin with, those of the configuration."""
        secrets = Secrets()
        secrets.learn(self._secret_config, self._secret_config)
        return secrets

    def _reporter(self, urn: str, secrets: Secrets) -> Reporter:
        return secrets.reporter(EngineReporter(self._engine, urn))


def _decoded(struct: Struct, there: bool) -> Properties | None:
    """The properties, or None where the engine has none: not sent, or empty."""
    return codec.decode(struct)[0] or None if there else None


def _old_inputs(
    request: provider_pb2.DiffRequest | provider_pb2.UpdateRequest | provider_pb2.DeleteRequest,
) -> Properties | None:
    return codec.decode(request.old_inputs)[0] if request.HasField("old_inputs") else None


def _check_response(inputs: Properties, faults: list[Fault], secrets: Secrets) -> provider_pb2.CheckResponse:
    failures = [_failure(fault, secrets) for fault in faults]
    return provider_pb2.CheckResponse(inputs=codec.encode(inputs, secrets.names), failures=failures)


def _failure(fault: Fault, secrets: Secrets) -> provider_pb2.CheckFailure:
    shown = secrets.fault(fault)
    return provider_pb2.CheckFailure(property=shown.property, reason=shown.reason)


def _config_change(before: bool, after: bool) -> Change:
    if before and after:
        return Change.UPDATE
    return Change.ADD if after else Change.DELETE


def _diff_response(difference: Difference) -> provider_pb2.DiffResponse:
    changes = difference.changes
    response = provider_pb2.DiffResponse
    return response(
        changes=response.DIFF_SOME if changes else response.DIFF_NONE,
        replaces=difference.replaces,
        stables=list(difference.stables),
        diffs=list(changes),
        detailedDiff={
            name: provider_pb2.PropertyDiff(kind=_KINDS[change], inputDiff=name not in difference.outputs)
            for name, change in changes.items()
        },
        hasDetailedDiff=bool(changes),
        deleteBeforeReplace=False,
    )
