"""The providers of one deployment, which are resources too (pkg/resource/deploy/providers/registry.go)."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Mapping
from typing import Final

from .answers import Checked, Difference, Found, ProviderError
from .calls import Line
from .plugins import Launcher
from .provider import Provider
from .resources import State, package_of, split_reference, type_of
from .safety import Guard, UnsafeError
from .values import Properties, equal
from .wire import UNKNOWN_TEXT

_UNCONFIGURED: Final = "unconfigured"
_INTERNAL: Final = "__internal"
_VERSION: Final = "version"


class Registry:
    """Starts a plugin for every provider resource, and finds it again by reference.

    Arguments:
        launchers: by package.
        engine: the address of the engine's service.
        guard: keeps providers from what is real.
    """

    def __init__(self, launchers: Mapping[str, Launcher], engine: str, line: Line, guard: Guard) -> None:
        self._launchers = launchers
        self._guard = guard
        self._engine = engine
        self._line = line
        self._lock = threading.RLock()
        self._closing = threading.Lock()
        self._providers: dict[str, Provider] = {}
        self._aliases: dict[str, str] = {}
        self._started: list[Provider] = []

    # -- plugins -------------------------------------------------------------------------------------------

    def start(self, package: str) -> Provider:
        """A plugin of its own."""
        try:
            launcher = self._launchers[package]
        except KeyError:
            raise ProviderError(f"no resource plugin 'pulumi-resource-{package}' found") from None
        with self._lock:
            number = len(self._started)
            provider = Provider(launcher, number, self._engine, self._line)
            self._started.append(provider)
        return provider

    def close(self) -> None:
        """Ask all that run to end, one after the other, and end them."""
        with self._closing:
            for provider in list(self._started):
                self._close(provider)

    def cancel(self) -> None:
        """Ask all at once to end what they wait for."""
        threads = [threading.Thread(target=provider.cancel, args=(30,)) for provider in list(self._started)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def abandon(self) -> None:
        for provider in self._started:
            provider.abandon()
        self._started.clear()

    def _close(self, provider: Provider) -> None:
        with self._lock:
            if provider not in self._started:
                return
            self._started.remove(provider)
        provider.close()

    # -- by reference --------------------------------------------------------------------------------------

    def get(self, reference: str) -> Provider | None:
        with self._lock:
            return self._providers.get(reference)

    def using(self, reference: str, token: str) -> Provider:
        """The provider that manages resources of a type, or has a function."""
        provider = self.get(reference)
        if provider is None:
            raise ProviderError(f"unknown provider {reference}")
        self._guard.check_vendor(token, provider.inputs)
        return provider

    def alias(self, urn: str, alias: str) -> None:
        """A provider resource that had another URN."""
        self._aliases[urn] = alias

    def _set(self, urn: str, id: str, provider: Provider) -> None:  # noqa: A002
        with self._lock:
            self._providers[f"{urn}::{id}"] = provider
            if urn in self._aliases:
                self._providers[f"{self._aliases[urn]}::{id}"] = provider

    def _take(self, urn: str) -> Provider | None:
        with self._lock:
            return self._providers.pop(f"{urn}::{_UNCONFIGURED}", None)

    # -- provider resources --------------------------------------------------------------------------------

    def check(self, urn: str, olds: Properties, news: Properties) -> Checked:
        provider = self.start(package_of(type_of(urn)))
        checked = provider.check_config(urn, visible(olds), visible(news))
        if checked.failures:
            self._close(provider)
            return checked
        self._set(urn, _UNCONFIGURED, provider)
        for key in (_VERSION, _INTERNAL):
            if key in news:
                checked.inputs[key] = news[key]
        return checked

    def diff(self, urn: str, old: State, old_inputs: Properties, news: Properties) -> Difference:
        provider = self.get(f"{urn}::{_UNCONFIGURED}") or self.get(f"{urn}::{old.id}")
        assert provider is not None, "a provider is checked before it is diffed"
        outputs = old.outputs or {}
        diff = provider.diff_config(urn, visible(old_inputs), outputs, visible(news))
        if diff.changes is None:
            diff.changes = not equal(outputs, visible(news))
        if diff.replaces:
            self._close(provider)
        return diff

    def same(self, state: State, *, checked: bool) -> None:
        """Configure a provider as the state says.

        Arguments:
            checked: whether the plugin may be used that was started to check the provider.
        """
        if self.get(state.reference) is not None:
            return
        provider = (self._take(state.urn) if checked else None) or self.start(package_of(state.type))
        self._configure(provider, state.urn, state.id, state.inputs)
        self._set(state.urn, state.id, provider)

    def create(self, urn: str, inputs: Properties, *, preview: bool) -> Found:
        provider = self._take(urn) or self.start(package_of(type_of(urn)))
        identity = UNKNOWN_TEXT if preview else str(uuid.uuid4())
        self._configure(provider, urn, identity, inputs)
        self._set(urn, identity, provider)
        return Found(identity, visible(inputs), None)

    def update(self, urn: str, id: str, inputs: Properties) -> Properties:  # noqa: A002
        provider = self._take(urn)
        assert provider is not None, "a provider is checked before it is updated"
        self._configure(provider, urn, id, inputs)
        old = self.get(f"{urn}::{id}")
        self._set(urn, id, provider)
        if old is not None:
            self._close(old)
        return visible(inputs)

    def _configure(self, provider: Provider, urn: str, id: str, inputs: Properties) -> None:  # noqa: A002
        try:
            self._guard.check_config(inputs)
        except UnsafeError:
            self._close(provider)
            raise
        provider.configure(urn, id, visible(inputs))

    def delete(self, state: State) -> None:
        with self._lock:
            provider = self._providers.pop(state.reference, None)
        if provider is not None:
            self._close(provider)


def visible(inputs: Properties | None) -> Properties:
    """The inputs of a provider without what the engine keeps among them."""
    return {name: value for name, value in (inputs or {}).items() if name != _INTERNAL}


def provider_urn(reference: str) -> str:
    return split_reference(reference)[0]
