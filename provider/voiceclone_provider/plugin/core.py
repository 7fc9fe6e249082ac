"""The lifecycle behind the face, imported when it is first needed.

Pulumi starts the plugin several times in one command, often only to ask for its schema; what the lifecycle
imports (an HTTP client, a validation library) takes longer than all the rest.
"""

from __future__ import annotations

import importlib
import os
import threading
from types import ModuleType
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ..core.clock import Clock
    from ..core.ports import Checked
    from ..core.values import Properties
    from ..lifecycle import Lifecycle


class Core(Protocol):
    """What the servicer needs besides the six verbs."""

    def secret_keys(self) -> frozenset[str]:
        """Configuration keys that are always secret."""

    def check_config(self, news: Properties) -> Checked: ...

    def lifecycle(self, config: Properties) -> Lifecycle:
        """The verbs, for this configuration."""


class LazyCore:
    """The real core; `clock` is the machine's unless it is given."""

    # Threads that import the same modules at once can meet halfway; one at a time cannot.
    _importing = threading.Lock()

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = {} if clock is None else {"clock": clock}

    def secret_keys(self) -> frozenset[str]:
        keys: frozenset[str] = self._module("account.config").SECRET_KEYS
        return keys

    def check_config(self, news: Properties) -> Checked:
        checked: Checked = self._module("account.config").check_config(news)
        return checked

    def lifecycle(self, config: Properties) -> Lifecycle:
        loaded = self._module("account.config").ProviderConfig.load(config, os.environ)
        lifecycle: Lifecycle = self._module("lifecycle").Lifecycle(loaded, **self._clock)
        return lifecycle

    def _module(self, name: str) -> ModuleType:
        with self._importing:
            return importlib.import_module(f"..{name}", __package__)
